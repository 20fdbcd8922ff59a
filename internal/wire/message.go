package wire

import (
	"hearth/internal/care"
	"hearth/internal/chat"
)

// Behalf is the colleague for whom staff answered.
type Behalf struct {
	ID   care.UserID `json:"id"`
	Name string      `json:"name"`
}

// Attachment is a file that hangs on a message.
type Attachment struct {
	ID         care.AttachmentID `json:"id"`
	Name       string            `json:"name"`
	Size       int64             `json:"size" doc:"Bytes"`
	MediaType  string            `json:"media_type"`
	Width      *int              `json:"width" doc:"Pixels, of images"`
	Height     *int              `json:"height" doc:"Pixels, of images"`
	DurationMS *int64            `json:"duration_ms" doc:"Of recordings, where it is known"`
	Thumbnail  bool              `json:"has_thumbnail" doc:"Whether ?size=thumbnail gives a small picture"`
}

// AttachmentOf shows a file.
func AttachmentOf(a care.Attachment) Attachment {
	out := Attachment{ID: a.ID, Name: a.Name, Size: a.Size, MediaType: a.MediaType, Thumbnail: a.Thumbnail}
	if a.Width > 0 && a.Height > 0 {
		out.Width, out.Height = &a.Width, &a.Height
	}
	if ms := a.Duration.Milliseconds(); ms > 0 {
		out.DurationMS = &ms
	}
	return out
}

// Reaction is one sign that people put on a message.
type Reaction struct {
	Emoji   string        `json:"emoji"`
	UserIDs []care.UserID `json:"user_ids"`
}

// ReactionOf shows a sign with those who put it there.
func ReactionOf(r care.Reaction) Reaction { return Reaction{Emoji: r.Emoji, UserIDs: r.Users} }

// Quote is what a reply shows of the message it answers.
type Quote struct {
	ID      care.MessageID `json:"id"`
	Seq     int64          `json:"seq"`
	Author  Person         `json:"author"`
	Body    string         `json:"body" doc:"Shortened to 200 characters"`
	Deleted bool           `json:"deleted"`
}

// Message is one entry of a conversation. Its seq counts 1, 2, 3 … without gaps.
type Message struct {
	ID             care.MessageID      `json:"id"`
	ConversationID care.ConversationID `json:"conversation_id"`
	Seq            int64               `json:"seq"`
	Author         Person              `json:"author"`
	OnBehalfOf     *Behalf             `json:"on_behalf_of" doc:"The colleague for whom staff answered"`
	Body           string              `json:"body" doc:"Light Markdown; <@uuid> names one of mentions"`
	Mentions       []Person            `json:"mentions" doc:"The people whom the body names"`
	Attachments    []Attachment        `json:"attachments"`
	ReplyTo        *care.MessageID     `json:"reply_to"`
	Quoted         *Quote              `json:"quoted" doc:"What it answers, where the reader may read that; always null in live events"`
	Reactions      []Reaction          `json:"reactions"`
	CreatedAt      Time                `json:"created_at"`
	EditedAt       *Time               `json:"edited_at"`
	DeletedAt      *Time               `json:"deleted_at"`
	Kind           care.MessageKind    `json:"kind" enum:"text,auto_reply,system"`
	BlastID        *care.BlastID       `json:"blast_id,omitempty" doc:"To staff: the message blast that it is of"`
}

// MessageOf shows a message.
func MessageOf(m care.Message) Message {
	out := Message{
		ID: m.ID, ConversationID: m.Conversation, Seq: m.Seq, Author: PersonOf(m.Author), Body: m.Body,
		Mentions: Map(m.Mentions, PersonOf), Attachments: Map(m.Attachments, AttachmentOf), ReplyTo: IDOrNull(m.ReplyTo),
		Reactions: Map(m.Reactions, ReactionOf),
		CreatedAt: TimeOf(m.CreatedAt), EditedAt: TimeOrNull(m.EditedAt), DeletedAt: TimeOrNull(m.DeletedAt), Kind: m.Kind, BlastID: IDOrNull(m.Blast),
	}
	if m.OnBehalfOf != nil {
		out.OnBehalfOf = &Behalf{ID: m.OnBehalfOf.ID, Name: m.OnBehalfOf.Name}
	}
	if m.Quoted != nil {
		out.Quoted = quoteOf(m.Quoted)
	}
	return out
}

func quoteOf(q *care.Quote) *Quote {
	return &Quote{ID: q.ID, Seq: q.Seq, Author: PersonOf(q.Author), Body: q.Body, Deleted: q.Deleted}
}

// Version is what a message said before it was changed or deleted.
type Version struct {
	At   Time   `json:"at" doc:"When it was changed or deleted"`
	By   Person `json:"by"`
	Body string `json:"body"`
	Why  string `json:"why" enum:"edited,deleted"`
}

// VersionOf shows an earlier version.
func VersionOf(v chat.Version) Version {
	return Version{At: TimeOf(v.At), By: PersonOf(v.By), Body: v.Body, Why: v.Why}
}

// ReadBy is how many of the others have read a message.
type ReadBy struct {
	Read    int64 `json:"read"`
	Members int64 `json:"members" doc:"The others in the conversation"`
}

// ChatSettings is how an organization chats.
type ChatSettings struct {
	Version           int64          `json:"version"`
	EditWindowSeconds int64          `json:"edit_window_seconds" doc:"For how long after sending a message can be changed; 0 never"`
	ClientNames       care.NameStyle `json:"client_names" enum:"full,initial,alias" doc:"How clients see fellow clients in community chats"`
}

// ChatSettingsOf shows how an organization chats.
func ChatSettingsOf(s chat.Settings) ChatSettings {
	return ChatSettings{Version: s.Version, EditWindowSeconds: int64(s.EditWindow.Seconds()), ClientNames: s.ClientNames}
}
