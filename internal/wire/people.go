package wire

import (
	"encoding/hex"
	"encoding/json"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/directory"
	"hearth/internal/identity"
	"hearth/internal/onboard"
)

// ChatAccess is whether a client may chat, and which place decided.
type ChatAccess struct {
	Direct          bool       `json:"direct" doc:"Direct messaging is on"`
	Community       bool       `json:"community" doc:"Community chats are on"`
	DirectSource    care.Place `json:"direct_source" enum:"client,group,default"`
	CommunitySource care.Place `json:"community_source" enum:"client,group,default"`
}

// Client is somebody who receives care, as staff see them.
type Client struct {
	ID                   care.UserID          `json:"id"`
	Kind                 care.PersonKind      `json:"kind" enum:"client"`
	Name                 string               `json:"name"`
	Alias                *string              `json:"alias" doc:"What fellow clients see in community chats where the organization chose aliases"`
	Email                *string              `json:"email"`
	GroupID              *care.GroupID        `json:"group_id"`
	GroupName            *string              `json:"group_name"`
	PrimaryProviderID    care.UserID          `json:"primary_provider_id"`
	ProviderName         *string              `json:"provider_name"`
	CareTeamIDs          []care.UserID        `json:"care_team_ids" doc:"The primary provider is always among them"`
	State                care.ClientState     `json:"state" enum:"active,archived"`
	ChatAccess           ChatAccess           `json:"chat_access"`
	Invited              care.InvitedState    `json:"invited" enum:"never,invited,joined" doc:"How far they are on the way to their account"`
	CreatedAt            Time                 `json:"created_at"`
	LastSeenAt           *Time                `json:"last_seen_at"`
	DirectConversationID *care.ConversationID `json:"direct_conversation_id" doc:"The open one with the primary provider"`
}

// ClientOf shows a client.
func ClientOf(c directory.Client) Client {
	out := Client{
		ID: c.ID, Kind: care.KindClient, Name: c.Name, Alias: StringOrNull(c.Alias), Email: StringOrNull(c.Email),
		GroupID: IDOrNull(c.Group), GroupName: StringOrNull(c.GroupName),
		PrimaryProviderID: c.Provider, ProviderName: StringOrNull(c.ProviderName), CareTeamIDs: c.CareTeam,
		State: c.State, ChatAccess: chatAccessOf(c.Direct, c.Community), Invited: c.Invited,
		CreatedAt: TimeOf(c.CreatedAt), LastSeenAt: TimeOrNull(c.LastSeenAt), DirectConversationID: IDOrNull(c.DirectConversation),
	}
	if out.CareTeamIDs == nil {
		out.CareTeamIDs = []care.UserID{}
	}
	return out
}

func chatAccessOf(direct, community access.Ladder) (out ChatAccess) {
	out.Direct, out.DirectSource = direct.Resolve()
	out.Community, out.CommunitySource = community.Resolve()
	return out
}

// ClientPage is one page of clients.
type ClientPage struct {
	Items      []Client `json:"items"`
	NextCursor *string  `json:"next_cursor" doc:"Give it as cursor to get the next page; null on the last"`
	Total      int      `json:"total" doc:"How many there are on all pages together; with total_more at least so many"`
	TotalMore  bool     `json:"total_more" doc:"There may be more than total: where very many fit they are counted only so far"`
}

// ClientPageOf makes a page of clients.
func ClientPageOf(clients []directory.Client, next string, total directory.Total) ClientPage {
	return ClientPage{Items: Map(clients, ClientOf), NextCursor: StringOrNull(next), Total: total.Count, TotalMore: total.More}
}

// ClientCreated is a client who was added, with the invitation if one was made.
type ClientCreated struct {
	Client
	Invitation *Invitation `json:"invitation"`
}

// ClientCreatedOf shows a client who was added.
func ClientCreatedOf(added onboard.AddedClient) ClientCreated {
	return ClientCreated{Client: ClientOf(added.Client), Invitation: invitationOrNull(added.Invitation)}
}

func invitationOrNull(i *identity.Invitation) *Invitation {
	if i == nil {
		return nil
	}
	out := InvitationOf(*i)
	return &out
}

// Staff is a member of staff. Clients are given what they need to recognise them and to
// start a conversation; the other keys are left away then.
type Staff struct {
	ID              care.UserID              `json:"id"`
	Kind            care.PersonKind          `json:"kind" enum:"staff"`
	Role            Maybe[care.Role]         `json:"role,omitempty,omitzero" enum:"owner,admin,provider,support"`
	Name            string                   `json:"name"`
	Title           *string                  `json:"title" doc:"What they are called, such as Dietitian"`
	Email           Maybe[string]            `json:"email,omitempty,omitzero"`
	Permissions     Maybe[[]care.Permission] `json:"permissions,omitempty,omitzero" enum:"view_all_clients,manage_clients,manage_chat_access,start_community_chats,send_blasts,organization_inbox,manage_team,manage_settings,read_audit_log,export_records"`
	ClientsMayStart bool                     `json:"clients_may_start" doc:"Clients of their care teams may start conversations with them"`
	Active          Maybe[bool]              `json:"active,omitempty,omitzero"`
	Invited         Maybe[care.InvitedState] `json:"invited,omitempty,omitzero" enum:"never,invited,joined" doc:"How far they are on the way to their account"`
	CreatedAt       Maybe[Time]              `json:"created_at,omitempty,omitzero"`
	LastSeenAt      Opt[Time]                `json:"last_seen_at,omitempty,omitzero"`
}

// StaffOf shows a member of staff to the actor.
func StaffOf(actor care.Actor, s directory.Staff) Staff {
	out := Staff{ID: s.ID, Kind: care.KindStaff, Name: s.Name, Title: StringOrNull(s.Title), ClientsMayStart: s.ClientsMayStart}
	if !actor.IsStaff() {
		return out
	}
	out.Role, out.Email = maybe(s.Role), maybe(s.Email)
	out.Permissions, out.Active = maybe(s.Permissions.List()), maybe(s.Active)
	out.Invited, out.CreatedAt = maybe(s.Invited), maybe(TimeOf(s.CreatedAt))
	out.LastSeenAt = Opt[Time]{Set: true, Null: s.LastSeenAt.IsZero(), Value: TimeOf(s.LastSeenAt)}
	return out
}

func maybe[T any](value T) Maybe[T] { return Maybe[T]{Set: true, Value: value} }

// StaffCreated is a member of staff who was added, with the invitation if one was made.
type StaffCreated struct {
	Staff
	Invitation *Invitation `json:"invitation"`
}

// StaffCreatedOf shows a member of staff who was added.
func StaffCreatedOf(actor care.Actor, added onboard.AddedStaff) StaffCreated {
	return StaffCreated{Staff: StaffOf(actor, added.Staff), Invitation: invitationOrNull(added.Invitation)}
}

// GroupSettings is what a group says about its clients' chat.
type GroupSettings struct {
	Direct    care.Setting `json:"direct" enum:"on,off,unset"`
	Community care.Setting `json:"community" enum:"on,off,unset"`
}

// Group is a named set of clients.
type Group struct {
	ID          care.GroupID  `json:"id"`
	Name        string        `json:"name"`
	ClientCount int           `json:"client_count" doc:"Active and archived ones"`
	ChatAccess  GroupSettings `json:"chat_access"`
}

// GroupOf shows a group.
func GroupOf(g directory.Group) Group {
	return Group{ID: g.ID, Name: g.Name, ClientCount: g.Clients, ChatAccess: GroupSettings{Direct: g.Direct, Community: g.Community}}
}

// Organization is a practice.
type Organization struct {
	ID         care.OrgID `json:"id"`
	Name       string     `json:"name"`
	TimeZone   string     `json:"time_zone" doc:"Of the IANA database, such as Europe/Berlin"`
	NameInMail string     `json:"name_in_mail" doc:"What invitations and password mail carry; the name unless another is set"`
	Colour     *string    `json:"colour" doc:"Of the practice in mails that carry its name, as #rrggbb; null: Hearth's own"`
}

// OrganizationOf shows an organization.
func OrganizationOf(o directory.Organization) Organization {
	return Organization{ID: o.ID, Name: o.Name, TimeZone: o.TimeZone, NameInMail: o.MailName(), Colour: StringOrNull(o.Colour)}
}

// AuditSubject is what an act was about.
type AuditSubject struct {
	Kind string       `json:"kind"`
	ID   *care.UserID `json:"id"`
	Name string       `json:"name" doc:"As it is today; empty for what has none"`
}

// AuditRow is one act that was recorded.
type AuditRow struct {
	ID      care.AuditID   `json:"id"`
	At      Time           `json:"at"`
	Actor   Person         `json:"actor"`
	Action  string         `json:"action"`
	Subject AuditSubject   `json:"subject"`
	Details map[string]any `json:"details" doc:"Ids and words of the program, nothing that people wrote"`
	Hash    string         `json:"hash" doc:"SHA-256 of this row and the one before, hexadecimal"`
}

// AuditRowOf shows a row of the audit log.
func AuditRowOf(r audit.Row) AuditRow {
	out := AuditRow{
		ID: r.ID, At: TimeOf(r.At), Actor: PersonOf(r.Actor), Action: r.Action,
		Subject: AuditSubject{Kind: r.Subject.Kind, ID: IDOrNull(r.Subject.ID), Name: r.SubjectName},
		Details: map[string]any{}, Hash: hex.EncodeToString(r.Hash),
	}
	// Details are made by this program; one that cannot be read was tampered with, which
	// the chain shows.
	_ = json.Unmarshal(r.Details, &out.Details)
	return out
}
