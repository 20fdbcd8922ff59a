package demo

import (
	"slices"
	"time"

	"hearth/internal/care"
)

// Practice is an organization with everything in it, as data.
type Practice struct {
	Organization  Organization
	Staff         []Staff
	Groups        []Group
	Clients       []Client
	Conversations []Conversation
	SignIns       []SignIn
}

// Organization is the practice itself.
type Organization struct {
	ID        care.OrgID
	Name      string
	Phone     string
	TimeZone  string // IANA name
	CreatedAt time.Time
}

// Staff is somebody who works there.
type Staff struct {
	ID              care.UserID
	Key             string // the name in the scripts
	Name            string
	Email           string
	Title           string
	Role            care.Role
	Permissions     care.Permissions // zero: those of the role
	ClientsMayStart bool
	AddedAt         time.Time
}

// Group is a client group.
type Group struct {
	ID   care.GroupID
	Name string
}

// Client is somebody in care. The care team begins with the primary provider.
type Client struct {
	ID         care.UserID
	Key        string // the name in the scripts
	Name       string
	Email      string
	Group      care.GroupID // zero: none
	CareTeam   []care.UserID
	AddedAt    time.Time
	ArchivedAt time.Time // zero: in care
	InvitedAt  time.Time // zero: has an account; otherwise was invited then and has not come yet
}

// Conversation is a thread with its people and messages, oldest first.
type Conversation struct {
	ID       care.ConversationID
	Kind     care.ConversationKind
	Subject  string
	Members  []Member
	Messages []Message
	ClosedBy care.UserID // zero: open
}

// has reports whether somebody is in the conversation.
func (c Conversation) has(person care.UserID) bool {
	return slices.ContainsFunc(c.Members, func(m Member) bool { return m.Person == person })
}

// Member is somebody in a conversation. ReadSeq is the number of the last message they
// read, counted from 1; 0 is none.
type Member struct {
	Person   care.UserID
	JoinedAt time.Time
	ReadSeq  int64
	Pinned   bool
	Draft    string // what they have begun to write
}

// Message is what somebody wrote. OnBehalfOf is zero unless the author answered in a
// colleague's thread.
type Message struct {
	ID         care.MessageID
	Author     care.UserID
	OnBehalfOf care.UserID
	At         time.Time
	Body       string
	Files      []string // names that fileOf makes files of
}

// SignIn is one line of the sheet that says who may be tried out.
type SignIn struct {
	Name     string
	Role     string // as people say it, such as "Dietitian" or "Client"
	Email    string
	Password string
	Note     string // what there is to see
}
