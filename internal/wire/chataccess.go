package wire

import (
	"hearth/internal/care"
	"hearth/internal/chataccess"
)

// SwitchAccess is one switch of one client: what is effective, the place it comes from,
// the value at each place, and who changed that place last.
type SwitchAccess struct {
	Effective bool         `json:"effective"`
	Source    care.Place   `json:"source" enum:"client,group,default" doc:"The first place that is set"`
	Own       care.Setting `json:"own" enum:"on,off,unset"`
	Group     care.Setting `json:"group" enum:"on,off,unset"`
	Default   care.Setting `json:"default" enum:"on,off" doc:"The default when added"`
	Reason    *string      `json:"reason" doc:"Staff only; never shown to the client"`
	Until     *Time        `json:"until" doc:"When it goes back to not set by itself"`
	ChangedBy *Person      `json:"changed_by"`
	ChangedAt *Time        `json:"changed_at"`
}

// SwitchAccessOf shows a switch.
func SwitchAccessOf(s chataccess.SwitchAccess) SwitchAccess {
	out := SwitchAccess{Effective: s.Effective, Source: s.Source, Own: s.Own, Group: s.Group, Default: s.Default}
	if s.Mark != nil {
		mark := placeMarkOf(s.Mark)
		out.Reason, out.Until, out.ChangedBy, out.ChangedAt = mark.Reason, mark.Until, &mark.By, &mark.At
	}
	return out
}

// NamedGroup is a client group by name.
type NamedGroup struct {
	ID   care.GroupID `json:"id"`
	Name string       `json:"name"`
}

func namedGroup(id care.GroupID, name string) *NamedGroup {
	if id.IsZero() {
		return nil
	}
	return &NamedGroup{ID: id, Name: name}
}

// ClientAccess is who may chat about one client.
type ClientAccess struct {
	Version   int64        `json:"version" doc:"Give it back with a change"`
	ClientID  care.UserID  `json:"client_id"`
	Name      string       `json:"name"`
	Archived  bool         `json:"archived"`
	Group     *NamedGroup  `json:"group"`
	Direct    SwitchAccess `json:"direct" doc:"Allow Direct Messaging"`
	Community SwitchAccess `json:"community" doc:"Allow Community Chat participation"`
	CanChange bool         `json:"can_change"`
	Notice    care.Notice  `json:"notice" doc:"What the client reads where direct messaging is off"`
}

// ClientAccessOf shows the chat access of a client.
func ClientAccessOf(a chataccess.ClientAccess) ClientAccess {
	return ClientAccess{
		Version: a.Version, ClientID: a.Client, Name: a.Name, Archived: a.Archived,
		Group: namedGroup(a.GroupID, a.GroupName), Direct: SwitchAccessOf(a.Direct), Community: SwitchAccessOf(a.Community),
		CanChange: a.CanChange, Notice: a.Notice,
	}
}

// PlaceMark is who changed a place last.
type PlaceMark struct {
	By     Person  `json:"by"`
	At     Time    `json:"at"`
	Reason *string `json:"reason"`
	Until  *Time   `json:"until"`
}

func placeMarkOf(m *chataccess.Mark) *PlaceMark {
	if m == nil {
		return nil
	}
	return &PlaceMark{By: PersonOf(m.By), At: TimeOf(m.At), Reason: StringOrNull(m.Reason), Until: TimeOrNull(m.Until)}
}

// GroupAccess is the settings of a client group.
type GroupAccess struct {
	Version          int64        `json:"version"`
	Direct           care.Setting `json:"direct" enum:"on,off,unset"`
	Community        care.Setting `json:"community" enum:"on,off,unset"`
	Notice           *care.Notice `json:"notice" doc:"The group's own words; null where it has none"`
	DirectChanged    *PlaceMark   `json:"direct_changed"`
	CommunityChanged *PlaceMark   `json:"community_changed"`
	Members          int64        `json:"members"`
	OwnDirect        int64        `json:"own_direct" doc:"How many members have an own setting"`
	OwnCommunity     int64        `json:"own_community"`
}

// GroupAccessOf shows the settings of a group.
func GroupAccessOf(g chataccess.GroupAccess) GroupAccess {
	out := GroupAccess{
		Version: g.Version, Direct: g.Direct, Community: g.Community,
		DirectChanged: placeMarkOf(g.DirectMark), CommunityChanged: placeMarkOf(g.CommunityMark),
		Members: g.Members, OwnDirect: g.OwnDirect, OwnCommunity: g.OwnCommunity,
	}
	if g.Notice != (care.Notice{}) {
		out.Notice = &g.Notice
	}
	return out
}

// OrganizationAccess is the defaults for new clients, and the notice.
type OrganizationAccess struct {
	Version          int64        `json:"version"`
	Direct           care.Setting `json:"direct" enum:"on,off"`
	Community        care.Setting `json:"community" enum:"on,off"`
	Notice           care.Notice  `json:"notice" doc:"The practice's own words; what is empty uses default_notice"`
	DefaultNotice    care.Notice  `json:"default_notice"`
	DirectChanged    *PlaceMark   `json:"direct_changed"`
	CommunityChanged *PlaceMark   `json:"community_changed"`
}

// OrganizationAccessOf shows the organization's defaults.
func OrganizationAccessOf(o chataccess.OrganizationAccess) OrganizationAccess {
	return OrganizationAccess{
		Version: o.Version, Direct: o.Direct, Community: o.Community, Notice: o.Notice, DefaultNotice: o.Default,
		DirectChanged: placeMarkOf(o.DirectMark), CommunityChanged: placeMarkOf(o.CommunityMark),
	}
}

// StaffAccess is a provider's defaults for their new clients; unset follows the
// organization.
type StaffAccess struct {
	Version          int64        `json:"version"`
	Direct           care.Setting `json:"direct" enum:"on,off,unset"`
	Community        care.Setting `json:"community" enum:"on,off,unset"`
	DirectChanged    *PlaceMark   `json:"direct_changed"`
	CommunityChanged *PlaceMark   `json:"community_changed"`
}

// StaffAccessOf shows a provider's defaults.
func StaffAccessOf(p chataccess.PlaceAccess) StaffAccess {
	return StaffAccess{
		Version: p.Version, Direct: p.Direct, Community: p.Community,
		DirectChanged: placeMarkOf(p.DirectMark), CommunityChanged: placeMarkOf(p.CommunityMark),
	}
}

// AccessHistoryRow is one switch, changed once.
type AccessHistoryRow struct {
	ID     care.AuditID  `json:"id"`
	At     Time          `json:"at"`
	Actor  Person        `json:"actor"`
	Place  care.Place    `json:"place" enum:"client,group,default"`
	Switch string        `json:"switch" enum:"direct,community"`
	Old    *care.Setting `json:"old" enum:"on,off,unset" doc:"Null where the client was created"`
	New    care.Setting  `json:"new" enum:"on,off,unset"`
	Reason *string       `json:"reason"`
	Until  *Time         `json:"until"`
	How    string        `json:"how" enum:"profile,group,settings,bulk,undo,import,api,schedule,created"`
	Group  *NamedGroup   `json:"group"`
}

// AccessHistoryRowOf shows an entry of the history.
func AccessHistoryRowOf(p chataccess.Past) AccessHistoryRow {
	out := AccessHistoryRow{
		ID: p.ID, At: TimeOf(p.At), Actor: PersonOf(p.Actor), Place: p.Place, Switch: string(p.Switch), New: p.New,
		Reason: StringOrNull(p.Reason), Until: TimeOrNull(p.Until), How: p.How, Group: namedGroup(p.GroupID, p.GroupName),
	}
	if p.Old != "" {
		out.Old = &p.Old
	}
	return out
}

// AccessEdit is what a PUT of chat access carries beside the version. A key that is
// left away stays as it is.
type AccessEdit struct {
	Version   int64               `json:"version" minimum:"1" doc:"The one that was seen"`
	Direct    Maybe[care.Setting] `json:"direct,omitempty" doc:"on, off or unset"`
	Community Maybe[care.Setting] `json:"community,omitempty" doc:"on, off or unset"`
}

// Edit gives the change in the words of the domain.
func (e AccessEdit) Edit() chataccess.Edit {
	return chataccess.Edit{Version: e.Version, Direct: e.Direct.Pointer(), Community: e.Community.Pointer()}
}

// TimedAccessEdit is a change that may carry a reason and an end.
type TimedAccessEdit struct {
	AccessEdit
	Reason Opt[string] `json:"reason,omitempty" doc:"Of the switches named, or where none is, of those that are set. For staff; at most 500 characters. null removes"`
	Until  Opt[Time]   `json:"until,omitempty" doc:"When the same switches go back to not set by themselves; null removes"`
}

// Edit gives the change in the words of the domain.
func (e TimedAccessEdit) Edit() chataccess.Edit {
	out := e.AccessEdit.Edit()
	terms := termsOf(e.Reason, e.Until)
	out.Reason, out.Until = terms.Reason, terms.Until
	return out
}

// ClientAccessEdit is a change of a client's own settings, in which each switch may have
// a reason and an end of its own.
type ClientAccessEdit struct {
	TimedAccessEdit
	DirectReason    Opt[string] `json:"direct_reason,omitempty" doc:"Like reason, for direct alone, and before it; also where direct is set and not named"`
	DirectUntil     Opt[Time]   `json:"direct_until,omitempty" doc:"Like until, for direct alone, and before it; also where direct is set and not named"`
	CommunityReason Opt[string] `json:"community_reason,omitempty" doc:"Like reason, for community alone, and before it; also where community is set and not named"`
	CommunityUntil  Opt[Time]   `json:"community_until,omitempty" doc:"Like until, for community alone, and before it; also where community is set and not named"`
}

// Edit gives the change in the words of the domain.
func (e ClientAccessEdit) Edit() chataccess.Edit {
	out := e.TimedAccessEdit.Edit()
	out.OfDirect = termsOf(e.DirectReason, e.DirectUntil)
	out.OfCommunity = termsOf(e.CommunityReason, e.CommunityUntil)
	return out
}

func termsOf(reason Opt[string], until Opt[Time]) (t chataccess.Terms) {
	if reason.Set {
		t.Reason = &reason.Value
	}
	if until.Set {
		t.Until = &until.Value.Time
	}
	return t
}

// NoticeEdit changes the words of a notice; "" takes the default.
type NoticeEdit struct {
	Title     Maybe[string] `json:"title,omitempty"`
	Body      Maybe[string] `json:"body,omitempty"`
	Phone     Maybe[string] `json:"phone,omitempty"`
	Hours     Maybe[string] `json:"hours,omitempty"`
	Emergency Maybe[string] `json:"emergency,omitempty"`
}

// Edit gives the change in the words of the domain.
func (n NoticeEdit) Edit() *chataccess.NoticeEdit {
	return &chataccess.NoticeEdit{
		Title: n.Title.Pointer(), Body: n.Body.Pointer(), Phone: n.Phone.Pointer(),
		Hours: n.Hours.Pointer(), Emergency: n.Emergency.Pointer(),
	}
}
