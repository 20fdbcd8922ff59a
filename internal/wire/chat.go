package wire

import (
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/waiting"
)

// Member is somebody in a conversation. Role and title are those of staff.
type Member struct {
	UserID care.UserID     `json:"user_id"`
	Name   string          `json:"name"`
	Kind   care.PersonKind `json:"kind" enum:"client,staff"`
	Role   *care.Role      `json:"role" enum:"owner,admin,provider,support" doc:"Null for clients"`
	Title  *string         `json:"title" doc:"What a member of staff is called, such as Dietitian"`
	// ReadSeq is how far they have read.
	ReadSeq *int64      `json:"read_seq" doc:"How far they have read; null in community chats"`
	Chat    *MemberChat `json:"chat" doc:"A client's switches, to staff; null otherwise"`
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
	DraftReplyTo      *care.MessageID       `json:"draft_reply_to" doc:"The message that the draft answers"`
	DraftAttachments  []Attachment          `json:"draft_attachments" doc:"The files that go with the draft"`
	OrganizationInbox bool                  `json:"organization_inbox" doc:"Seen through the organization inbox, not as a member"`
	OnBehalfOfIDs     []care.UserID         `json:"on_behalf_of_ids" doc:"The colleagues for whom the person may answer here"`
	CreatedAt         Time                  `json:"created_at"`
	LastActivityAt    Time                  `json:"last_activity_at"`
	Assignee          *Person               `json:"assignee" doc:"To staff: who of them looks after it; null for nobody, for internal conversations, and for clients always"`
	Community         *Community            `json:"community" doc:"How a community chat works; null for the other kinds"`
	BlastID           *care.BlastID         `json:"blast_id,omitempty" doc:"To staff: the message blast that made it"`
	UnansweredSince   *Time                 `json:"unanswered_since" doc:"To staff: since when a client's message waits for an answer"`
	Overdue           bool                  `json:"overdue" doc:"To staff: whether it waits for longer than the practice wants"`
}

// Waits adds, for staff, whether a client waits for an answer there.
func (c Conversation) Waits(w waiting.Wait) Conversation {
	c.UnansweredSince, c.Overdue = TimeOrNull(w.Since), w.Overdue
	return c
}

// ConversationOf shows a conversation.
func ConversationOf(c chat.Conversation) Conversation {
	out := Conversation{
		ID: c.ID, Kind: c.Kind, Subject: c.Subject, ClientID: IDOrNull(c.ClientID),
		Members: membersOf(c), LastSeq: c.LastSeq, ReadSeq: c.ReadSeq,
		Unread: c.Unread, MarkedUnread: c.MarkedUnread, MutedUntil: TimeOrNull(c.MutedUntil),
		Pinned: c.Pinned, Archived: c.Archived, ClosedAt: TimeOrNull(c.ClosedAt),
		CanSend: c.CannotSend == nil, Unavailable: unavailableOf(c), Draft: c.Draft, OrganizationInbox: c.Outsider,
		DraftReplyTo: IDOrNull(c.DraftReply), DraftAttachments: Map(c.DraftFiles, AttachmentOf),
		OnBehalfOfIDs: c.OnBehalfOf, CreatedAt: TimeOf(c.CreatedAt), LastActivityAt: TimeOf(c.LastActivityAt),
		Community: communityOf(c.Community), Assignee: personOrNull(c.Assignee), BlastID: IDOrNull(c.Blast),
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

func membersOf(c chat.Conversation) []Member {
	return Map(c.Members, func(m chat.Member) Member {
		out := memberOf(m)
		if c.Kind != care.Community {
			out.ReadSeq = &m.ReadSeq
		}
		return out
	})
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
