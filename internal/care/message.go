package care

import (
	"log/slog"
	"time"
)

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
	// Mentions are the people whom the body names by tokens (see [MentionsIn]).
	Mentions    []Person
	Attachments []Attachment
	ReplyTo     MessageID
	// Quoted is the message that ReplyTo names, for a reader who may read it; nil in
	// events, which have many readers.
	Quoted    *Quote
	Reactions []Reaction
	CreatedAt time.Time
	EditedAt  time.Time
	DeletedAt time.Time
	Kind      MessageKind
	// Extras says what the message carries beside its text.
	Extras Extras
	// Blast is the message blast that it is of; zero for every other message, and always to
	// clients, who see no sign of the others.
	Blast BlastID
}

// Extras is a bit mask of what a message carries beside its text.
type Extras int64

// The bits of [Extras].
const (
	HasReactions Extras = 1 << iota
	HasAttachments
	HasVersions
)

// Attachment is a file that hangs on a message.
type Attachment struct {
	ID        AttachmentID
	Name      string // cleaned, safe to show
	Size      int64  // bytes
	MediaType string // told from the bytes
	// Width and Height are pixels of images, 0 otherwise.
	Width, Height int
	// Duration is how long a recording plays, 0 where that is not known.
	Duration time.Duration
	// Thumbnail is true where a small picture of it can be had.
	Thumbnail bool
}

// Quote is what a reply shows of the message it answers.
type Quote struct {
	ID      MessageID
	Seq     int64
	Author  Person
	Body    string // shortened
	Deleted bool
}

// Reaction is one sign and who put it on a message, the first first.
type Reaction struct {
	Emoji string
	Users []UserID
}

// LogValue keeps what people wrote out of logs.
func (m Message) LogValue() slog.Value { return slog.StringValue(m.ID.String()) }

// ForClient gives the message as clients see it, to whom one of a blast is as any other.
func (m Message) ForClient() Message {
	m.Blast = BlastID{}
	return m
}

// ShownTo gives the message as clients of a community chat see it: with the names of
// fellow clients as the organization chose. The reader's own name stays whole.
func (m Message) ShownTo(reader UserID, style NameStyle) Message {
	m.Author = m.Author.ShownTo(reader, style)
	if len(m.Mentions) > 0 {
		shown := make([]Person, len(m.Mentions))
		for i, p := range m.Mentions {
			shown[i] = p.ShownTo(reader, style)
		}
		m.Mentions = shown
	}
	if m.Quoted != nil {
		quoted := *m.Quoted
		quoted.Author = quoted.Author.ShownTo(reader, style)
		m.Quoted = &quoted
	}
	return m
}
