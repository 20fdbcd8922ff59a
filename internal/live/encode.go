package live

import (
	"encoding/json"
	"strconv"
	"time"

	"hearth/internal/care"
	"hearth/internal/wire"
)

// Messages are most of what the hub writes. They are encoded by hand, which takes a fifth
// of the time of encoding/json; a test holds the result to wire.MessageOf.

// messageFrame is an event that carries a message.
func messageFrame(kind care.EventType, m *care.Message) []byte {
	b := make([]byte, 0, 640+len(m.Body))
	b = append(b, `{"type":`...)
	b = appendText(b, string(kind))
	b = append(b, `,"data":`...)
	b = appendMessage(b, m)
	return append(b, '}')
}

// ackFrame answers a send.
func ackFrame(r ref, m *care.Message) []byte {
	b := make([]byte, 0, 640+len(m.Body))
	b = append(b, `{"type":"ack","ref":`...)
	b = append(b, r.json()...)
	b = append(b, `,"message":`...)
	b = appendMessage(b, m)
	return append(b, '}')
}

// appendMessage writes a message as wire.Message is written.
func appendMessage(b []byte, m *care.Message) []byte {
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
	b = appendList(append(b, `,"mentions":`...), m.Mentions, wire.PersonOf)
	b = appendList(append(b, `,"attachments":`...), m.Attachments, wire.AttachmentOf)
	b = appendIDOrNull(append(b, `,"reply_to":`...), m.ReplyTo)
	b = appendList(append(b, `,"quoted":null,"reactions":`...), m.Reactions, wire.ReactionOf)
	b = appendTime(append(b, `,"created_at":`...), m.CreatedAt)
	b = appendTimeOrNull(append(b, `,"edited_at":`...), m.EditedAt)
	b = appendTimeOrNull(append(b, `,"deleted_at":`...), m.DeletedAt)
	b = appendText(append(b, `,"kind":`...), string(m.Kind))
	return append(b, '}')
}

// appendList writes what few messages carry; those that do leave it to encoding/json.
func appendList[From, To any](b []byte, list []From, show func(From) To) []byte {
	if len(list) == 0 {
		return append(b, "[]"...)
	}
	text, _ := json.Marshal(wire.Map(list, show)) // shapes without anything that can fail
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
