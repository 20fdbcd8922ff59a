package wire

import (
	"hearth/internal/care"
	"hearth/internal/chataccess"
)

// AccessRow is a client in the list of who may chat.
type AccessRow struct {
	ClientID     care.UserID      `json:"client_id"`
	Name         string           `json:"name"`
	State        care.ClientState `json:"state" enum:"active,archived"`
	GroupID      *care.GroupID    `json:"group_id"`
	GroupName    *string          `json:"group_name"`
	ProviderID   care.UserID      `json:"provider_id" doc:"The primary provider"`
	ProviderName string           `json:"provider_name"`
	Version      int64            `json:"version" doc:"Give it back with a change"`
	CanChange    bool             `json:"can_change"`
	Direct       SwitchAccess     `json:"direct"`
	Community    SwitchAccess     `json:"community"`
	LastChange   *LastChange      `json:"last_change" doc:"Null where nobody changed anything since the client was added"`
}

// LastChange is who changed a client's chat access last.
type LastChange struct {
	By Person `json:"by"`
	At Time   `json:"at"`
}

// AccessRowOf shows a client of the list. Who changed a single switch, and why, is told
// for one client only.
func AccessRowOf(r chataccess.Row) AccessRow {
	out := AccessRow{
		ClientID: r.Client, Name: r.Name, State: r.State, GroupID: IDOrNull(r.Group), GroupName: StringOrNull(r.GroupName),
		ProviderID: r.Provider, ProviderName: r.ProviderName, Version: r.Version, CanChange: r.CanChange,
		Direct: rowSwitchOf(r.Direct), Community: rowSwitchOf(r.Community),
	}
	if !r.LastAt.IsZero() {
		out.LastChange = &LastChange{By: PersonOf(r.LastBy), At: TimeOf(r.LastAt)}
	}
	return out
}

func rowSwitchOf(s chataccess.SwitchAccess) SwitchAccess {
	out := SwitchAccess{Effective: s.Effective, Source: s.Source, Own: s.Own, Group: s.Group, Default: s.Default}
	if s.Mark != nil {
		out.Until = TimeOrNull(s.Mark.Until)
	}
	return out
}

// AccessPage is one page of who may chat.
type AccessPage struct {
	Items      []AccessRow `json:"items"`
	NextCursor *string     `json:"next_cursor" doc:"Give it as cursor to get the next page; null on the last"`
	Total      int         `json:"total" doc:"How many there are on all pages together; with total_more at least so many"`
	TotalMore  bool        `json:"total_more" doc:"There may be more than total: where very many fit they are counted only so far"`
}

// AccessPageOf makes a page.
func AccessPageOf(list []chataccess.Row, next string, total chataccess.Total) AccessPage {
	return AccessPage{Items: Map(list, AccessRowOf), NextCursor: StringOrNull(next), Total: total.Count, TotalMore: total.More}
}

// AccessCounts is how many active clients are in the parts of the list.
type AccessCounts struct {
	All          int  `json:"all"`
	DirectOff    int  `json:"direct_off"`
	CommunityOff int  `json:"community_off"`
	Own          int  `json:"own" doc:"With an own setting of a switch"`
	Ending       int  `json:"ending" doc:"With an own setting that ends within a week"`
	EndingMore   bool `json:"ending_more" doc:"There may be more than ending: where very many end they are counted only so far"`
}

// AccessCountsOf shows the counts.
func AccessCountsOf(n chataccess.Counts) AccessCounts { return AccessCounts(n) }

// AccessFilter chooses the clients of a bulk change. What is left away does not narrow.
type AccessFilter struct {
	All        bool          `json:"all,omitempty" doc:"Every active client"`
	GroupID    care.GroupID  `json:"group_id,omitempty"`
	ProviderID care.UserID   `json:"provider_id,omitempty" doc:"The primary provider"`
	ClientIDs  []care.UserID `json:"client_ids,omitempty" maxItems:"20000" doc:"Archived clients are changed only when they are named, or asked for by state"`
	Query      string        `json:"q,omitempty" maxLength:"200" doc:"How words of the name or address begin, in any order"`
	Direct     string        `json:"direct,omitempty" enum:"on,off" doc:"The effective value"`
	Community  string        `json:"community,omitempty" enum:"on,off"`
	Source     string        `json:"source,omitempty" enum:"client,group,default" doc:"Where one of the two switches comes from"`
	Ending     bool          `json:"ending,omitempty" doc:"With an own setting that ends within a week"`
	State      string        `json:"state,omitempty" enum:"active,archived"`
}

// Filter gives the filter in the words of the domain.
func (f AccessFilter) Filter() chataccess.Filter {
	return chataccess.Filter{
		All: f.All, Query: f.Query, Group: f.GroupID, Provider: f.ProviderID, Clients: f.ClientIDs,
		Direct: care.Setting(f.Direct), Community: care.Setting(f.Community), Source: care.Place(f.Source),
		Ending: f.Ending, State: care.ClientState(f.State),
	}
}

// AccessChangeRequest asks for one change of many clients.
type AccessChangeRequest struct {
	Filter     AccessFilter        `json:"filter"`
	Place      string              `json:"place" enum:"own,default" doc:"own: each client's own setting. default: the default when added"`
	Direct     Maybe[care.Setting] `json:"direct,omitempty" enum:"on,off,unset" doc:"unset clears an own setting"`
	Community  Maybe[care.Setting] `json:"community,omitempty" enum:"on,off,unset"`
	IncludeOwn bool                `json:"include_own,omitempty" doc:"Also clients who have an own setting, which otherwise stays"`
	Until      Opt[Time]           `json:"until,omitempty" doc:"When what is set goes back to not set by itself"`
}

// Request gives the request in the words of the domain.
func (r AccessChangeRequest) Request() chataccess.BulkRequest {
	out := chataccess.BulkRequest{
		Filter: r.Filter.Filter(), Place: r.Place, Direct: r.Direct.Pointer(), Community: r.Community.Pointer(), IncludeOwn: r.IncludeOwn,
	}
	if until := r.Until.Pointer(); until != nil {
		out.Until = until.Time
	}
	return out
}

// AccessPreview is what a bulk change would do. Each client is counted once.
type AccessPreview struct {
	Matched    int            `json:"matched"`
	Changed    int            `json:"changed"`
	Unchanged  int            `json:"unchanged" doc:"It is so already"`
	KeepsOwn   int            `json:"keeps_own" doc:"An own value stays and decides"`
	KeepsGroup int            `json:"keeps_group" doc:"The group's value still decides"`
	Sample     []AccessSample `json:"sample" doc:"Up to 20 clients of each outcome"`
	Token      string         `json:"token" doc:"Applies it, once, within 15 minutes"`
	ExpiresAt  Time           `json:"expires_at"`
}

// AccessSample is a client in a preview.
type AccessSample struct {
	ClientID care.UserID        `json:"client_id"`
	Name     string             `json:"name"`
	Outcome  chataccess.Outcome `json:"outcome" enum:"changed,keeps_own,keeps_group,unchanged"`
}

// AccessPreviewOf shows a preview.
func AccessPreviewOf(p chataccess.Preview) AccessPreview {
	return AccessPreview{
		Matched: p.Matched, Changed: p.Counts[chataccess.Changed], Unchanged: p.Counts[chataccess.Unchanged],
		KeepsOwn: p.Counts[chataccess.KeepsOwn], KeepsGroup: p.Counts[chataccess.KeepsGroup],
		Sample: Map(p.Sample, func(s chataccess.Sample) AccessSample {
			return AccessSample{ClientID: s.Client, Name: s.Name, Outcome: s.Outcome}
		}),
		Token: p.Token, ExpiresAt: TimeOf(p.Expires),
	}
}

// AccessApplied is a bulk change that counts.
type AccessApplied struct {
	ID        chataccess.ChangeID `json:"id"`
	Changed   int                 `json:"changed"`
	UndoUntil Time                `json:"undo_until"`
}

// AccessAppliedOf shows a bulk change that counts.
func AccessAppliedOf(a chataccess.Applied) AccessApplied {
	return AccessApplied{ID: a.ID, Changed: a.Changed, UndoUntil: TimeOf(a.UndoUntil)}
}

// AccessUndone is what an undo did.
type AccessUndone struct {
	Restored int          `json:"restored" doc:"Clients who have what they had before"`
	Left     []AccessLeft `json:"left"`
}

// AccessLeft is a client whom an undo leaves as they are.
type AccessLeft struct {
	ClientID care.UserID `json:"client_id"`
	Name     string      `json:"name"`
	Why      string      `json:"why" enum:"changed_since,not_allowed"`
}

// AccessUndoneOf shows what an undo did.
func AccessUndoneOf(u chataccess.Undone) AccessUndone {
	return AccessUndone{Restored: u.Restored, Left: Map(u.Left, func(l chataccess.Left) AccessLeft {
		return AccessLeft{ClientID: l.Client, Name: l.Name, Why: l.Why}
	})}
}

// AccessChange is a bulk change that was made.
type AccessChange struct {
	ID        chataccess.ChangeID `json:"id"`
	At        Time                `json:"at"`
	Actor     Person              `json:"actor"`
	How       string              `json:"how" enum:"bulk,settings,import,api"`
	Place     string              `json:"place" enum:"own,default"`
	Direct    *care.Setting       `json:"direct" enum:"on,off,unset" doc:"Null where it says nothing, or a file says it for each client"`
	Community *care.Setting       `json:"community" enum:"on,off,unset"`
	Reason    *string             `json:"reason"`
	Until     *Time               `json:"until"`
	Changed   int                 `json:"changed"`
	UndoneAt  *Time               `json:"undone_at"`
	UndoneBy  *Person             `json:"undone_by"`
	UndoUntil Time                `json:"undo_until"`
	CanUndo   bool                `json:"can_undo"`
}

// AccessChangeOf shows a bulk change.
func AccessChangeOf(c chataccess.Change) AccessChange {
	out := AccessChange{
		ID: c.ID, At: TimeOf(c.At), Actor: PersonOf(c.Actor), How: c.How, Place: c.Place, Direct: settingOrNull(c.Direct),
		Community: settingOrNull(c.Community), Reason: StringOrNull(c.Reason), Until: TimeOrNull(c.Until), Changed: c.Changed,
		UndoneAt: TimeOrNull(c.UndoneAt), UndoUntil: TimeOf(c.UndoUntil), CanUndo: c.CanUndo,
	}
	if !c.UndoneAt.IsZero() {
		by := PersonOf(c.UndoneBy)
		out.UndoneBy = &by
	}
	return out
}

func settingOrNull(s care.Setting) *care.Setting {
	if s == "" {
		return nil
	}
	return &s
}

// AccessImport is what a file would do.
type AccessImport struct {
	Lines   int            `json:"lines" doc:"Lines with a client, good and bad"`
	Bad     []BadLine      `json:"bad"`
	Preview *AccessPreview `json:"preview" doc:"Null while there are bad lines that are not to be skipped, or no good one"`
}

// BadLine is a line of a file that cannot be used.
type BadLine struct {
	Line    int    `json:"line" doc:"1 is the line of the column names"`
	Problem string `json:"problem"`
}

// AccessImportOf shows what a file would do.
func AccessImportOf(i chataccess.Import) AccessImport {
	out := AccessImport{Lines: i.Lines, Bad: Map(i.Bad, func(b chataccess.BadLine) BadLine { return BadLine(b) })}
	if i.Preview != nil {
		preview := AccessPreviewOf(*i.Preview)
		out.Preview = &preview
	}
	return out
}
