package wire

import (
	"hearth/internal/care"
	"hearth/internal/identity"
)

// User is somebody who is signed in, as they see themselves.
type User struct {
	ID    care.UserID     `json:"id"`
	Name  string          `json:"name"`
	Kind  care.PersonKind `json:"kind" enum:"client,staff"`
	Email string          `json:"email" doc:"Empty for somebody without an address"`
	Role  *care.Role      `json:"role" enum:"owner,admin,provider,support" doc:"Null for clients"`
}

// UserOf shows the actor.
func UserOf(actor care.Actor, email string) User {
	user := User{ID: actor.User, Name: actor.Name, Kind: actor.Kind, Email: email}
	if actor.IsStaff() {
		user.Role = &actor.Role
	}
	return user
}

// OrganizationRef is the practice of somebody who is signed in.
type OrganizationRef struct {
	ID       care.OrgID `json:"id"`
	Name     string     `json:"name"`
	TimeZone string     `json:"time_zone" doc:"Of the IANA database, such as Europe/Berlin"`
}

// ChatState is whether a client may chat.
type ChatState struct {
	Direct    bool        `json:"direct"`
	Community bool        `json:"community"`
	Notice    care.Notice `json:"notice" doc:"What to show where direct messaging is off"`

	CommunityNotice care.Notice `json:"community_notice" doc:"What to show in community chats where participation is off"`
}

// Me is what somebody who is signed in is told about themselves.
type Me struct {
	User         User              `json:"user"`
	Organization OrganizationRef   `json:"organization"`
	Permissions  []care.Permission `json:"permissions" enum:"view_all_clients,manage_clients,manage_chat_access,start_community_chats,send_blasts,organization_inbox,manage_team,manage_settings,read_audit_log,export_records" doc:"Of staff; empty for clients"`
	Chat         *ChatState        `json:"chat,omitempty" doc:"For clients only"`
}

// MeOf shows the actor what they may and where they belong.
func MeOf(actor care.Actor, me identity.Me) Me {
	out := Me{
		User: UserOf(actor, me.Email), Permissions: actor.Permissions.List(),
		Organization: OrganizationRef{ID: me.Organization.ID, Name: me.Organization.Name, TimeZone: me.Organization.TimeZone},
	}
	if me.Chat != nil {
		out.Chat = &ChatState{Direct: me.Chat.Direct, Community: me.Chat.Community, Notice: me.Chat.Notice, CommunityNotice: me.Chat.CommunityNotice}
	}
	return out
}

// Invitation is what an inviter is told.
type Invitation struct {
	Mailed    bool    `json:"mailed" doc:"It goes out by mail"`
	Link      *string `json:"link" doc:"To hand over, told this once; null when it is mailed"`
	ExpiresAt Time    `json:"expires_at"`
}

// InvitationOf shows an invitation.
func InvitationOf(i identity.Invitation) Invitation {
	return Invitation{Mailed: i.Mailed, Link: StringOrNull(i.Link), ExpiresAt: TimeOf(i.ExpiresAt)}
}

// Offer is what a link says before it is used.
type Offer struct {
	Organization string          `json:"organization"`
	Name         string          `json:"name" doc:"Whose link it is"`
	Email        *string         `json:"email"`
	Kind         care.PersonKind `json:"kind" enum:"client,staff"`
	Purpose      string          `json:"purpose" enum:"invitation,reset"`
}

// OfferOf shows what a link is for.
func OfferOf(o identity.Offer) Offer {
	return Offer{Organization: o.Organization, Name: o.Name, Email: StringOrNull(o.Email), Kind: o.Kind, Purpose: string(o.Purpose)}
}

// SignIn is a line of the demo's sign-in sheet.
type SignIn struct {
	Name     string `json:"name"`
	Role     string `json:"role"`
	Email    string `json:"email"`
	Password string `json:"password"`
	Note     string `json:"note"`
}

// Installation is what the sign-in page needs to know before anybody is signed in.
type Installation struct {
	SetupNeeded bool     `json:"setup_needed" doc:"There is no organization yet"`
	Demo        bool     `json:"demo"`
	Mail        bool     `json:"mail" doc:"Mail is configured: passwords can be reset"`
	SignIns     []SignIn `json:"sign_ins" doc:"Who may sign in, in the demo only"`
}
