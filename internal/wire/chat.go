package wire

import (
	"hearth/internal/care"
	"hearth/internal/chat"
)

// Member is somebody in a conversation. Role and title are those of staff.
type Member struct {
	UserID care.UserID     `json:"user_id"`
	Name   string          `json:"name"`
	Kind   care.PersonKind `json:"kind" enum:"client,staff"`
	Role   *care.Role      `json:"role" enum:"owner,admin,provider,support" doc:"Null for clients"`
	Title  *string         `json:"title" doc:"What a member of staff is called, such as Dietitian"`
	Chat   *MemberChat     `json:"chat" doc:"A client's switches, to staff; null otherwise"`
}

// MemberChat is whether a client may chat now.
type MemberChat struct {
	Direct    bool `json:"direct"`
	Community bool `json:"community"`
}

// Unavailable says to staff why the client of a direct conversation cannot be written to.
type Unavailable struct {
	ClientID care.UserID `json:"client_id"`
	Name     string      `json:"name"`
	Source   care.Place  `json:"source" enum:"client,group,default"`
	By       *Person     `json:"by"`
	At       *Time       `json:"at"`
	Reason   *string     `json:"reason"`
	Until    *Time       `json:"until"`
}

func unavailableOf(c chat.Conversation) *Unavailable {
	if c.Unavailable == nil {
		return nil
	}
	out := &Unavailable{ClientID: c.ClientID, Source: c.Unavailable.Source}
	for _, m := range c.Members {
		if m.Person.ID == c.ClientID {
			out.Name = m.Person.Name
		}
	}
	if mark := placeMarkOf(c.Unavailable.Mark); mark != nil {
		out.By, out.At, out.Reason, out.Until = &mark.By, &mark.At, mark.Reason, mark.Until
	}
	return out
}

// Conversation is a conversation as the person who asks sees it.
type Conversation struct {
	ID                care.ConversationID   `json:"id"`
	Kind              care.ConversationKind `json:"kind" enum:"direct,community,internal"`
	Subject           string                `json:"subject"`
	ClientID          *care.UserID          `json:"client_id" doc:"The one client of a direct conversation"`
	ClientState       *care.ClientState     `json:"client_state" enum:"active,archived"`
	Members           []Member              `json:"members"`
	LastSeq           int64                 `json:"last_seq" doc:"The number of the newest message; 0 when there is none"`
	LastMessage       *Message              `json:"last_message"`
	ReadSeq           int64                 `json:"read_seq" doc:"How far the person has read"`
	Unread            int64                 `json:"unread" doc:"How many messages they have not read"`
	MarkedUnread      bool                  `json:"marked_unread"`
	MutedUntil        *Time                 `json:"muted_until"`
	Pinned            bool                  `json:"pinned"`
	Archived          bool                  `json:"archived" doc:"Out of the person's own list"`
	ClosedAt          *Time                 `json:"closed_at" doc:"When it was ended for everyone"`
	CanSend           bool                  `json:"can_send"`
	CannotSendCode    *care.Code            `json:"cannot_send_code" doc:"Why the person cannot write here now"`
	Unavailable       *Unavailable          `json:"unavailable" doc:"To staff: why the client of a direct conversation cannot be written to"`
	Draft             string                `json:"draft" doc:"What the person was writing, on all their devices"`
	OrganizationInbox bool                  `json:"organization_inbox" doc:"Seen through the organization inbox, not as a member"`
	OnBehalfOfIDs     []care.UserID         `json:"on_behalf_of_ids" doc:"The colleagues for whom the person may answer here"`
	CreatedAt         Time                  `json:"created_at"`
	LastActivityAt    Time                  `json:"last_activity_at"`
}

// ConversationOf shows a conversation.
func ConversationOf(c chat.Conversation) Conversation {
	out := Conversation{
		ID: c.ID, Kind: c.Kind, Subject: c.Subject, ClientID: IDOrNull(c.ClientID),
		Members: Map(c.Members, memberOf), LastSeq: c.LastSeq, ReadSeq: c.ReadSeq,
		Unread: c.Unread, MarkedUnread: c.MarkedUnread, MutedUntil: TimeOrNull(c.MutedUntil),
		Pinned: c.Pinned, Archived: c.Archived, ClosedAt: TimeOrNull(c.ClosedAt),
		CanSend: c.CannotSend == nil, Unavailable: unavailableOf(c), Draft: c.Draft, OrganizationInbox: c.Outsider,
		OnBehalfOfIDs: c.OnBehalfOf, CreatedAt: TimeOf(c.CreatedAt), LastActivityAt: TimeOf(c.LastActivityAt),
	}
	if c.CannotSend != nil {
		out.CannotSendCode = &c.CannotSend.Code
	}
	if c.ClientState != "" {
		out.ClientState = &c.ClientState
	}
	if c.LastMessage != nil {
		last := MessageOf(*c.LastMessage)
		out.LastMessage = &last
	}
	if out.OnBehalfOfIDs == nil {
		out.OnBehalfOfIDs = []care.UserID{}
	}
	return out
}

func memberOf(m chat.Member) Member {
	out := Member{UserID: m.Person.ID, Name: m.Person.Name, Kind: m.Person.Kind, Title: StringOrNull(m.Title)}
	if m.Role != "" {
		out.Role = &m.Role
	}
	if m.Chat != nil {
		out.Chat = &MemberChat{Direct: m.Chat.Direct, Community: m.Chat.Community}
	}
	return out
}

// Behalf is the colleague for whom staff answered.
type Behalf struct {
	ID   care.UserID `json:"id"`
	Name string      `json:"name"`
}

// Attachment is a file that hangs on a message.
type Attachment struct {
	ID        string `json:"id" format:"uuid"`
	Name      string `json:"name"`
	Size      int64  `json:"size" doc:"Bytes"`
	MediaType string `json:"media_type"`
	Width     *int   `json:"width" doc:"Pixels, of images"`
	Height    *int   `json:"height" doc:"Pixels, of images"`
}

// Reaction is one sign that people put on a message.
type Reaction struct {
	Emoji   string        `json:"emoji"`
	UserIDs []care.UserID `json:"user_ids"`
}

// Message is one entry of a conversation. Its seq counts 1, 2, 3 … without gaps.
type Message struct {
	ID             care.MessageID      `json:"id"`
	ConversationID care.ConversationID `json:"conversation_id"`
	Seq            int64               `json:"seq"`
	Author         Person              `json:"author"`
	OnBehalfOf     *Behalf             `json:"on_behalf_of" doc:"The colleague for whom staff answered"`
	Body           string              `json:"body"`
	Attachments    []Attachment        `json:"attachments"`
	ReplyTo        *care.MessageID     `json:"reply_to"`
	Reactions      []Reaction          `json:"reactions"`
	CreatedAt      Time                `json:"created_at"`
	EditedAt       *Time               `json:"edited_at"`
	DeletedAt      *Time               `json:"deleted_at"`
	Kind           care.MessageKind    `json:"kind" enum:"text,auto_reply,system"`
}

// MessageOf shows a message.
func MessageOf(m care.Message) Message {
	out := Message{
		ID: m.ID, ConversationID: m.Conversation, Seq: m.Seq, Author: PersonOf(m.Author), Body: m.Body,
		Attachments: []Attachment{}, ReplyTo: IDOrNull(m.ReplyTo), Reactions: []Reaction{},
		CreatedAt: TimeOf(m.CreatedAt), EditedAt: TimeOrNull(m.EditedAt), DeletedAt: TimeOrNull(m.DeletedAt), Kind: m.Kind,
	}
	if m.OnBehalfOf != nil {
		out.OnBehalfOf = &Behalf{ID: m.OnBehalfOf.ID, Name: m.OnBehalfOf.Name}
	}
	return out
}

// ReadState is how far the person has read a conversation.
type ReadState struct {
	ConversationID care.ConversationID `json:"conversation_id"`
	ReadSeq        int64               `json:"read_seq"`
	Unread         int64               `json:"unread"`
}

// ReadStateOf shows a read state.
func ReadStateOf(s chat.ReadState) ReadState {
	return ReadState{ConversationID: s.Conversation, ReadSeq: s.ReadSeq, Unread: s.Unread}
}

// LeftOut is a client who was named but not put in a community chat.
type LeftOut struct {
	ClientID care.UserID `json:"client_id"`
	Name     string      `json:"name"`
	Why      string      `json:"why" enum:"archived,community_off"`
}

// Opened is a conversation that was asked for, with who was left out of it.
type Opened struct {
	Conversation
	LeftOut []LeftOut `json:"left_out" doc:"Clients who cannot take part in community chats now"`
}

// OpenedOf shows the answer to an opening.
func OpenedOf(o chat.Opened) Opened {
	return Opened{
		Conversation: ConversationOf(o.Conversation),
		LeftOut: Map(o.LeftOut, func(l chat.LeftOut) LeftOut {
			return LeftOut{ClientID: l.ClientID, Name: l.Name, Why: l.Why}
		}),
	}
}
