package wire

import (
	"time"

	"hearth/internal/blast"
	"hearth/internal/care"
)

// ClientFilter chooses active clients.
type ClientFilter struct {
	GroupID    *care.GroupID `json:"group_id,omitempty"`
	ProviderID *care.UserID  `json:"provider_id,omitempty" doc:"On the care team"`
	Direct     *care.Setting `json:"direct,omitempty" enum:"on,off" doc:"What is effective"`
	Community  *care.Setting `json:"community,omitempty" enum:"on,off"`
	SeenAfter  *Time         `json:"seen_after,omitempty" doc:"Was here at that time or later"`
	SeenBefore *Time         `json:"seen_before,omitempty" doc:"Was last here before that time, or never"`
}

// Recipients is who is chosen for a blast: everybody whom one of the parts brings, without
// those taken out.
type Recipients struct {
	ClientIDs  []care.UserID  `json:"client_ids,omitempty" maxItems:"100000"`
	GroupIDs   []care.GroupID `json:"group_ids,omitempty" maxItems:"1000"`
	All        string         `json:"all,omitempty" enum:"my_active,organization_active" doc:"my_active: the active clients on whose care team one is"`
	Filter     *ClientFilter  `json:"filter,omitempty" doc:"The active clients for whom all of it holds"`
	ExcludeIDs []care.UserID  `json:"exclude_ids,omitempty" maxItems:"100000" doc:"Taken out again"`
}

// Asked gives what the use cases want.
func (r Recipients) Asked() blast.Recipients {
	out := blast.Recipients{Clients: r.ClientIDs, Groups: r.GroupIDs, All: r.All, Exclude: r.ExcludeIDs}
	if f := r.Filter; f != nil {
		out.Filter = &blast.ClientFilter{
			Group: value(f.GroupID), Provider: value(f.ProviderID), Direct: value(f.Direct), Community: value(f.Community),
			SeenAfter: timePointer(f.SeenAfter), SeenBefore: timePointer(f.SeenBefore),
		}
	}
	return out
}

func value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}

func timePointer(t *Time) *time.Time {
	if t == nil {
		return nil
	}
	return &t.Time
}

func recipientsOf(r blast.Recipients) *Recipients {
	out := &Recipients{ClientIDs: r.Clients, GroupIDs: r.Groups, All: r.All, ExcludeIDs: r.Exclude}
	if f := r.Filter; f != nil {
		out.Filter = &ClientFilter{GroupID: IDOrNull(f.Group), ProviderID: IDOrNull(f.Provider)}
		if f.Direct != "" {
			out.Filter.Direct = &f.Direct
		}
		if f.Community != "" {
			out.Filter.Community = &f.Community
		}
		if f.SeenAfter != nil {
			out.Filter.SeenAfter = &Time{*f.SeenAfter}
		}
		if f.SeenBefore != nil {
			out.Filter.SeenBefore = &Time{*f.SeenBefore}
		}
	}
	return out
}

// BlastUnavailable is a client who gets nothing, and why.
type BlastUnavailable struct {
	ClientID care.UserID `json:"client_id"`
	Name     string      `json:"name"`
	Why      string      `json:"why" enum:"archived,direct_off,no_account" doc:"The first that fits. no_account: no address and never invited"`
	Source   *care.Place `json:"source" enum:"client,group,default" doc:"Which place turned direct messaging off"`
	Until    *Time       `json:"until"`
}

// BlastUnavailableOf shows who gets nothing.
func BlastUnavailableOf(u blast.Unreachable) BlastUnavailable {
	return BlastUnavailable{ClientID: u.Client, Name: u.Name, Why: u.Why, Source: placeOrNull(u.Source), Until: TimeOrNull(u.Until)}
}

func placeOrNull(p care.Place) *care.Place {
	if p == "" {
		return nil
	}
	return &p
}

// BlastExample is a recipient for whom a text can be shown filled.
type BlastExample struct {
	ClientID  care.UserID `json:"client_id"`
	Name      string      `json:"name"`
	FirstName string      `json:"first_name"`
	Provider  string      `json:"provider"`
}

// BlastAllowance is how many recipients one can write to by blasts in a day.
type BlastAllowance struct {
	Limit int64 `json:"limit"`
	Used  int64 `json:"used" doc:"On this day of the organization's time zone"`
}

// BlastPreview is who would be reached now.
type BlastPreview struct {
	Chosen             int                `json:"chosen"`
	Reachable          int                `json:"reachable"`
	CommunityReachable int                `json:"community_reachable" doc:"Of the same, who could be in a community chat"`
	Unavailable        []BlastUnavailable `json:"unavailable" doc:"By name, at most 1,000; the rest by POST /blasts/preview/unavailable"`
	UnavailableCount   int                `json:"unavailable_count"`
	Why                map[string]int64   `json:"why" doc:"How many for each reason"`
	Example            *BlastExample      `json:"example" doc:"The first by name who is reached"`
	ConfirmAbove       int64              `json:"confirm_above" doc:"Above so many recipients it is to be asked for twice"`
	Allowance          BlastAllowance     `json:"allowance"`
	Token              string             `json:"token" doc:"Sent with the blast, it is refused where something has changed since"`
}

// BlastPreviewOf shows a preview.
func BlastPreviewOf(p blast.Preview) BlastPreview {
	out := BlastPreview{
		Chosen: p.Chosen, Reachable: p.Reachable, CommunityReachable: p.Community, Why: p.Why,
		Unavailable: Map(p.Unavailable, BlastUnavailableOf), UnavailableCount: p.Chosen - p.Reachable,
		ConfirmAbove: p.Settings.ConfirmAbove, Allowance: BlastAllowance{Limit: p.Settings.DailyLimit, Used: p.Used}, Token: p.Token,
	}
	if e := p.Example; e != nil {
		out.Example = &BlastExample{ClientID: e.Client, Name: e.Name, FirstName: e.First, Provider: e.Provider}
	}
	return out
}

// BlastMay is what the viewer can do with a blast now.
type BlastMay struct {
	Edit   bool `json:"edit"`
	Pause  bool `json:"pause"`
	Resume bool `json:"resume"`
	Cancel bool `json:"cancel"`
}

// Blast is one text to many.
type Blast struct {
	ID             care.BlastID     `json:"id"`
	State          blast.State      `json:"state" enum:"scheduled,sending,paused,sent,cancelled" doc:"scheduled also while it can be taken back whole"`
	Title          string           `json:"title" doc:"For staff only"`
	Body           string           `json:"body" doc:"With fields: {{first_name}}, {{provider}}, {{practice}}"`
	Attachments    []Attachment     `json:"attachments"`
	Sender         Person           `json:"sender"`
	OnBehalfOf     *Person          `json:"on_behalf_of"`
	Staff          []Person         `json:"staff" doc:"Who gets the replies beside the sender"`
	Recipients     *Recipients      `json:"recipients" doc:"As they were asked for, to whoever may change them"`
	RecipientsText string           `json:"recipients_text" doc:"The same in words"`
	Total          int64            `json:"total"`
	Sent           int64            `json:"sent"`
	Skipped        int64            `json:"skipped" doc:"Once it was cancelled, also whose turn never came"`
	Pending        int64            `json:"pending"`
	Read           int64            `json:"read"`
	Replied        int64            `json:"replied"`
	SkippedWhy     map[string]int64 `json:"skipped_why" doc:"archived, direct_off, no_account, forbidden (not the sender's client any more), cancelled, failed"`
	CreatedAt      Time             `json:"created_at"`
	SendAt         *Time            `json:"send_at"`
	GraceUntil     *Time            `json:"grace_until" doc:"Until then it can be taken back whole"`
	StartedAt      *Time            `json:"started_at"`
	FinishedAt     *Time            `json:"finished_at"`
	StoppedBy      *Person          `json:"stopped_by"`
	SecondsLeft    *int64           `json:"seconds_left" doc:"About how long sending still takes"`
	Version        int64            `json:"version"`
	May            BlastMay         `json:"may"`
}

// BlastOf shows a blast.
func BlastOf(b *blast.Blast) Blast {
	out := Blast{
		ID: b.ID, State: b.State, Title: b.Title, Body: b.Body, Attachments: Map(b.Files, AttachmentOf), Sender: PersonOf(b.Sender),
		OnBehalfOf: personOrNull(b.OnBehalfOf), Staff: Map(b.Staff, PersonOf), RecipientsText: b.Chosen,
		Total: b.Total, Sent: b.Sent, Skipped: b.Skipped, Pending: b.Pending(), Read: b.Read, Replied: b.Replied, SkippedWhy: b.SkippedWhy,
		CreatedAt: TimeOf(b.CreatedAt), SendAt: TimeOrNull(b.SendAt), GraceUntil: TimeOrNull(b.HeldUntil),
		StartedAt: TimeOrNull(b.StartedAt), FinishedAt: TimeOrNull(b.EndedAt), StoppedBy: personOrNull(b.StoppedBy),
		SecondsLeft: secondsLeft(b), Version: b.Version,
		May: BlastMay{Edit: b.May.Edit, Pause: b.May.Pause, Resume: b.May.Resume, Cancel: b.May.Cancel},
	}
	if b.May.Edit {
		out.Recipients = recipientsOf(b.Recipients)
	}
	return out
}

func secondsLeft(b *blast.Blast) *int64 {
	if b.State != blast.Sending {
		return nil
	}
	left := int64(b.Left / time.Second)
	return &left
}

// BlastProgress is how far a blast is, as blast.progress says it.
type BlastProgress struct {
	ID          care.BlastID `json:"id"`
	State       blast.State  `json:"state"`
	Total       int64        `json:"total"`
	Sent        int64        `json:"sent"`
	Skipped     int64        `json:"skipped"`
	Pending     int64        `json:"pending"`
	Read        int64        `json:"read"`
	Replied     int64        `json:"replied"`
	SecondsLeft *int64       `json:"seconds_left"`
	Version     int64        `json:"version"`
}

// BlastProgressOf shows how far a blast is.
func BlastProgressOf(b *blast.Blast) BlastProgress {
	return BlastProgress{
		ID: b.ID, State: b.State, Total: b.Total, Sent: b.Sent, Skipped: b.Skipped, Pending: b.Pending(),
		Read: b.Read, Replied: b.Replied, SecondsLeft: secondsLeft(b), Version: b.Version,
	}
}

// BlastRecipient is what became of one recipient.
type BlastRecipient struct {
	ClientID       care.UserID          `json:"client_id"`
	Name           string               `json:"name"`
	State          string               `json:"state" enum:"pending,sent,skipped"`
	Why            *string              `json:"why" enum:"archived,direct_off,no_account,forbidden,cancelled,failed"`
	Source         *care.Place          `json:"source" enum:"client,group,default" doc:"Which place had turned direct messaging off"`
	Until          *Time                `json:"until"`
	ConversationID *care.ConversationID `json:"conversation_id"`
	SettledAt      *Time                `json:"settled_at"`
	ReadAt         *Time                `json:"read_at"`
	RepliedAt      *Time                `json:"replied_at"`
}

// BlastRecipientOf shows what became of a recipient.
func BlastRecipientOf(o blast.Outcome) BlastRecipient {
	return BlastRecipient{
		ClientID: o.Client, Name: o.Name, State: o.State, Why: StringOrNull(o.Why), Source: placeOrNull(o.Source), Until: TimeOrNull(o.Until),
		ConversationID: IDOrNull(o.Conversation), SettledAt: TimeOrNull(o.SettledAt), ReadAt: TimeOrNull(o.ReadAt), RepliedAt: TimeOrNull(o.RepliedAt),
	}
}

// BlastBadLine is a line of a file that names nobody.
type BlastBadLine struct {
	Line  int    `json:"line" doc:"From 1"`
	Value string `json:"value"`
	Why   string `json:"why" enum:"unknown,twice"`
}

// BlastNamed is whom a file names.
type BlastNamed struct {
	ClientIDs []care.UserID  `json:"client_ids"`
	Bad       []BlastBadLine `json:"bad"`
}

// BlastNamedOf shows whom a file names.
func BlastNamedOf(n blast.Named) BlastNamed {
	return BlastNamed{ClientIDs: n.Clients, Bad: Map(n.Bad, func(b blast.BadLine) BlastBadLine { return BlastBadLine(b) })}
}

// BlastDraft is what somebody is about to send to many.
type BlastDraft struct {
	Title       string        `json:"title"`
	Body        string        `json:"body"`
	Recipients  *Recipients   `json:"recipients"`
	Attachments []Attachment  `json:"attachments"`
	OnBehalfOf  *care.UserID  `json:"on_behalf_of"`
	StaffIDs    []care.UserID `json:"staff_ids"`
	SendAt      *Time         `json:"send_at"`
	UpdatedAt   *Time         `json:"updated_at" doc:"null while there is none"`
}

// BlastDraftOf shows a draft.
func BlastDraftOf(d blast.Draft) BlastDraft {
	out := BlastDraft{
		Title: d.Title, Body: d.Body, Attachments: Map(d.Shown, AttachmentOf), OnBehalfOf: IDOrNull(d.OnBehalfOf),
		StaffIDs: d.Staff, SendAt: TimeOrNull(d.SendAt), UpdatedAt: TimeOrNull(d.UpdatedAt),
	}
	if out.StaffIDs == nil {
		out.StaffIDs = []care.UserID{}
	}
	if d.Recipients != nil {
		out.Recipients = recipientsOf(*d.Recipients)
	}
	return out
}

// BlastSettings is how an organization sends blasts.
type BlastSettings struct {
	Version      int64 `json:"version"`
	ConfirmAbove int64 `json:"confirm_above" doc:"Above so many recipients a blast is asked for twice"`
	DailyLimit   int64 `json:"daily_limit" doc:"How many recipients one person can write to by blasts in a day"`
}

// BlastSettingsOf shows the settings.
func BlastSettingsOf(s blast.Settings) BlastSettings { return BlastSettings(s) }
