package wire

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/waiting"
)

// Messages and conversations are most of what is answered and told. They are written by
// hand, which takes a fifth of the time of encoding/json; tests hold the result to
// MessageOf and ConversationOf, byte for byte.

// Appender is an answer that writes itself.
type Appender interface {
	// AppendJSON adds the answer to b and gives the longer slice; nil where it is to be
	// written as every other.
	AppendJSON(b []byte) []byte
}

// PageOfConversations is a page of an inbox, which writes itself. waits are those of its
// conversations in which a client waits for an answer.
func PageOfConversations(list []*chat.Conversation, waits map[care.ConversationID]waiting.Wait, next string) Page[Conversation] {
	return Page[Conversation]{NextCursor: StringOrNull(next), write: func(b []byte) []byte {
		b = slices.Grow(b, 64+2048*len(list))
		return AppendItems(b, list, func(b []byte, c **chat.Conversation) []byte {
			return appendWait(append(b, (*c).Written(textOf)...), waits[(*c).ID])
		})
	}}
}

// textOf writes what may be remembered of a conversation: whether somebody waits there does
// not change with it.
func textOf(c *chat.Conversation) []byte { return appendConversation(nil, c) }

// appendWait ends a conversation.
func appendWait(b []byte, w waiting.Wait) []byte {
	b = appendTimeOrNull(append(b, `,"unanswered_since":`...), w.Since)
	return append(strconv.AppendBool(append(b, `,"overdue":`...), w.Overdue), '}')
}

// AppendJSON writes a page that has its own way of writing.
func (p Page[T]) AppendJSON(b []byte) []byte {
	if p.write == nil {
		return nil
	}
	b = append(p.write(append(b, `{"items":`...)), `,"next_cursor":`...)
	if p.NextCursor == nil {
		return append(b, "null}"...)
	}
	return append(appendText(b, *p.NextCursor), '}')
}

// AppendItems adds a JSON array to b.
func AppendItems[T any](b []byte, items []T, add func(b []byte, item *T) []byte) []byte {
	b = append(b, '[')
	for i := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = add(b, &items[i])
	}
	return append(b, ']')
}

// AppendMessage adds a message to b as JSON, as MessageOf shows it.
func AppendMessage(b []byte, m *care.Message) []byte {
	b = appendID(append(b, `{"id":`...), m.ID)
	b = appendID(append(b, `,"conversation_id":`...), m.Conversation)
	b = strconv.AppendInt(append(b, `,"seq":`...), m.Seq, 10)
	b = appendIDOrNull(append(b, `,"author":{"id":`...), m.Author.ID)
	b = appendText(append(b, `,"name":`...), m.Author.Name)
	b = appendText(append(b, `,"kind":`...), string(m.Author.Kind))
	b = append(b, `},"on_behalf_of":`...)
	if m.OnBehalfOf == nil {
		b = append(b, "null"...)
	} else {
		b = appendID(append(b, `{"id":`...), m.OnBehalfOf.ID)
		b = appendText(append(b, `,"name":`...), m.OnBehalfOf.Name)
		b = append(b, '}')
	}
	b = appendText(append(b, `,"body":`...), m.Body)
	b = appendList(append(b, `,"mentions":`...), m.Mentions, PersonOf)
	b = appendList(append(b, `,"attachments":`...), m.Attachments, AttachmentOf)
	b = appendIDOrNull(append(b, `,"reply_to":`...), m.ReplyTo)
	b = appendRare(append(b, `,"quoted":`...), m.Quoted != nil, func() any { return quoteOf(m.Quoted) })
	b = appendList(append(b, `,"reactions":`...), m.Reactions, ReactionOf)
	b = appendTime(append(b, `,"created_at":`...), m.CreatedAt)
	b = appendTimeOrNull(append(b, `,"edited_at":`...), m.EditedAt)
	b = appendTimeOrNull(append(b, `,"deleted_at":`...), m.DeletedAt)
	b = appendText(append(b, `,"kind":`...), string(m.Kind))
	return append(appendBlast(b, m.Blast), '}')
}

// appendBlast says of which blast something is, where it is of one.
func appendBlast(b []byte, blast care.BlastID) []byte {
	if blast.IsZero() {
		return b
	}
	return appendID(append(b, `,"blast_id":`...), blast)
}

// appendRare writes what few things have, or null.
func appendRare(b []byte, there bool, show func() any) []byte {
	if !there {
		return append(b, "null"...)
	}
	text, _ := json.Marshal(show()) // shapes without anything that can fail
	return append(b, text...)
}

// appendList writes what few messages carry; those that do leave it to encoding/json.
func appendList[From, To any](b []byte, list []From, show func(From) To) []byte {
	if len(list) == 0 {
		return append(b, "[]"...)
	}
	text, _ := json.Marshal(Map(list, show)) // likewise
	return append(b, text...)
}

func appendID[K any](b []byte, id care.ID[K]) []byte {
	b = append(b, '"')
	b = append(b, id.String()...)
	return append(b, '"')
}

func appendIDOrNull[K any](b []byte, id care.ID[K]) []byte {
	if id.IsZero() {
		return append(b, "null"...)
	}
	return appendID(b, id)
}

func appendTime(b []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(b, `"2006-01-02T15:04:05.000Z"`)
}

func appendTimeOrNull(b []byte, t time.Time) []byte {
	if t.IsZero() {
		return append(b, "null"...)
	}
	return appendTime(b, t)
}

// appendText writes a JSON string. Text that needs no escaping is copied, the rest is left
// to encoding/json.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			quoted, _ := json.Marshal(s) // a string can always be written
			return append(b, quoted...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

// AppendText adds a JSON string to b.
func AppendText(b []byte, s string) []byte { return appendText(b, s) }

// AppendConversation adds a conversation to b as JSON, as ConversationOf and Waits show it.
func AppendConversation(b []byte, c *chat.Conversation, w waiting.Wait) []byte {
	return appendWait(appendConversation(b, c), w)
}

func appendConversation(b []byte, c *chat.Conversation) []byte {
	b = appendID(append(b, `{"id":`...), c.ID)
	b = appendText(append(b, `,"kind":`...), string(c.Kind))
	b = appendText(append(b, `,"subject":`...), c.Subject)
	b = appendIDOrNull(append(b, `,"client_id":`...), c.ClientID)
	b = appendTextOrNull(append(b, `,"client_state":`...), string(c.ClientState))
	b = append(b, `,"members":[`...)
	for i := range c.Members {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendMember(b, &c.Members[i], c.Kind != care.Community)
	}
	b = strconv.AppendInt(append(b, `],"last_seq":`...), c.LastSeq, 10)
	b = append(b, `,"last_message":`...)
	if c.LastMessage == nil {
		b = append(b, "null"...)
	} else {
		b = AppendMessage(b, c.LastMessage)
	}
	return appendState(b, c)
}

// appendState adds what follows the newest message.
func appendState(b []byte, c *chat.Conversation) []byte {
	b = strconv.AppendInt(append(b, `,"read_seq":`...), c.ReadSeq, 10)
	b = strconv.AppendInt(append(b, `,"unread":`...), c.Unread, 10)
	b = strconv.AppendBool(append(b, `,"marked_unread":`...), c.MarkedUnread)
	b = appendTimeOrNull(append(b, `,"muted_until":`...), c.MutedUntil)
	b = strconv.AppendBool(append(b, `,"pinned":`...), c.Pinned)
	b = strconv.AppendBool(append(b, `,"archived":`...), c.Archived)
	b = appendTimeOrNull(append(b, `,"closed_at":`...), c.ClosedAt)
	b = strconv.AppendBool(append(b, `,"can_send":`...), c.CannotSend == nil)
	b = append(b, `,"cannot_send_code":`...)
	if c.CannotSend == nil {
		b = append(b, "null"...)
	} else {
		b = appendText(b, string(c.CannotSend.Code))
	}
	b = appendRare(append(b, `,"unavailable":`...), c.Unavailable != nil, func() any { return unavailableOf(*c) })
	b = appendText(append(b, `,"draft":`...), c.Draft)
	b = appendIDOrNull(append(b, `,"draft_reply_to":`...), c.DraftReply)
	b = appendList(append(b, `,"draft_attachments":`...), c.DraftFiles, AttachmentOf)
	b = strconv.AppendBool(append(b, `,"organization_inbox":`...), c.Outsider)
	b = append(b, `,"on_behalf_of_ids":[`...)
	for i, id := range c.OnBehalfOf {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendID(b, id)
	}
	b = appendTime(append(b, `],"created_at":`...), c.CreatedAt)
	b = appendTime(append(b, `,"last_activity_at":`...), c.LastActivityAt)
	b = appendRare(append(b, `,"assignee":`...), c.Assignee != nil, func() any { return personOrNull(c.Assignee) })
	b = appendRare(append(b, `,"community":`...), c.Community != nil, func() any { return communityOf(c.Community) })
	return appendBlast(b, c.Blast)
}

func appendMember(b []byte, m *chat.Member, tellsRead bool) []byte {
	b = appendID(append(b, `{"user_id":`...), m.Person.ID)
	b = appendText(append(b, `,"name":`...), m.Person.Name)
	b = appendText(append(b, `,"kind":`...), string(m.Person.Kind))
	b = appendTextOrNull(append(b, `,"role":`...), string(m.Role))
	b = appendTextOrNull(append(b, `,"title":`...), m.Title)
	b = append(b, `,"read_seq":`...)
	if tellsRead {
		b = strconv.AppendInt(b, m.ReadSeq, 10)
	} else {
		b = append(b, "null"...)
	}
	b = append(b, `,"chat":`...)
	if m.Chat == nil {
		return append(b, "null}"...)
	}
	b = strconv.AppendBool(append(b, `{"direct":`...), m.Chat.Direct)
	b = strconv.AppendBool(append(b, `,"community":`...), m.Chat.Community)
	return append(b, "}}"...)
}

func appendTextOrNull(b []byte, s string) []byte {
	if s == "" {
		return append(b, "null"...)
	}
	return appendText(b, s)
}
