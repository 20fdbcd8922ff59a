package care

import (
	"log/slog"
	"time"
)

// ConversationKind is what a conversation is. It is decided when the conversation is
// made, by who is in it, and never changes.
type ConversationKind string

// The kinds of conversations: one client with staff, clients with staff, staff only.
const (
	Direct    ConversationKind = "direct"
	Community ConversationKind = "community"
	Internal  ConversationKind = "internal"
)

// Valid reports whether the kind is one of the three.
func (k ConversationKind) Valid() bool { return k == Direct || k == Community || k == Internal }

// MessageKind says who made a message: a person, an automatic reply, or the program.
type MessageKind string

// The kinds of messages. System messages are notices such as "joined" and are never
// unread.
const (
	TextMessage   MessageKind = "text"
	AutoReply     MessageKind = "auto_reply"
	SystemMessage MessageKind = "system"
)

// Message is one entry of a conversation. Seq counts 1, 2, 3 … within it, without gaps,
// in one order that everyone sees.
type Message struct {
	ID           MessageID
	Conversation ConversationID
	Seq          int64
	Author       Person
	OnBehalfOf   *Person
	Body         string
	ReplyTo      MessageID
	CreatedAt    time.Time
	EditedAt     time.Time
	DeletedAt    time.Time
	Kind         MessageKind
}

// LogValue keeps what people wrote out of logs.
func (m Message) LogValue() slog.Value { return slog.StringValue(m.ID.String()) }
