package live

import (
	"encoding/json"
	"time"

	"hearth/internal/care"
	"hearth/internal/wire"
)

// The frames of the server. A frame is bytes from its making on, and the same bytes go to
// everybody who gets it.

// helloFrame has unread, the notices that are, so that nobody who connects has to ask.
type helloFrame struct {
	Type   string      `json:"type"`
	User   care.UserID `json:"user_id"`
	Time   wire.Time   `json:"server_time"`
	Unread *int        `json:"notices_unread,omitempty"`
}

type eventFrame struct {
	Type care.EventType `json:"type"`
	Data any            `json:"data"`
}

type doneFrame struct {
	Type string          `json:"type"`
	Ref  json.RawMessage `json:"ref"`
}

type errorFrame struct {
	Type    string          `json:"type"`
	Ref     json.RawMessage `json:"ref"`
	Problem *wire.Problem   `json:"problem"`
}

type typingData struct {
	Conversation care.ConversationID `json:"conversation_id"`
	User         wire.Person         `json:"user"`
}

// readData has unread for the devices of the reader only.
type readData struct {
	Conversation care.ConversationID `json:"conversation_id"`
	User         care.UserID         `json:"user_id"`
	Seq          int64               `json:"seq"`
	Unread       *int64              `json:"unread,omitempty"`
}

type draftData struct {
	Conversation care.ConversationID `json:"conversation_id"`
	Body         string              `json:"body"`
	ReplyTo      *care.MessageID     `json:"reply_to"`
	Attachments  []wire.Attachment   `json:"attachments"`
}

type accessData struct {
	Client          care.UserID  `json:"client_id"`
	Direct          bool         `json:"direct"`
	Community       bool         `json:"community"`
	Notice          *care.Notice `json:"notice,omitempty"`
	CommunityNotice *care.Notice `json:"community_notice,omitempty"`
}

// reportsData says where reports are different now; the list is read when it is looked at.
type reportsData struct {
	Conversation care.ConversationID `json:"conversation_id"`
}

type endData struct {
	Reason string `json:"reason"`
}

// encode writes a frame. The types above cannot fail to be written; a value from another
// package that does gives no frame.
func encode(frame any) []byte {
	text, err := json.Marshal(frame)
	if err != nil {
		return nil
	}
	return text
}

func hello(user care.UserID, now time.Time, unread *int) []byte {
	return encode(helloFrame{Type: "hello", User: user, Time: wire.TimeOf(now), Unread: unread})
}

func event(kind care.EventType, data any) []byte { return encode(eventFrame{Type: kind, Data: data}) }

// messageFrame is an event that carries a message.
func messageFrame(kind care.EventType, m *care.Message) []byte {
	b := make([]byte, 0, 640+len(m.Body))
	b = append(b, `{"type":`...)
	b = wire.AppendText(b, string(kind))
	b = append(b, `,"data":`...)
	b = wire.AppendMessage(b, m)
	return append(b, '}')
}

// ackFrame answers a send.
func ackFrame(r ref, m *care.Message) []byte {
	b := make([]byte, 0, 640+len(m.Body))
	b = append(b, `{"type":"ack","ref":`...)
	b = append(b, r.json()...)
	b = append(b, `,"message":`...)
	b = wire.AppendMessage(b, m)
	return append(b, '}')
}

// done answers a frame that has no message to give back.
func done(r ref) []byte { return encode(doneFrame{Type: "ack", Ref: r.json()}) }

func failure(r ref, p *wire.Problem) []byte {
	return encode(errorFrame{Type: "error", Ref: r.json(), Problem: p})
}

func sessionEnded(reason string) []byte {
	return event(care.EventSessionEnded, endData{Reason: reason})
}

func (r ref) json() json.RawMessage {
	if len(r) == 0 {
		return json.RawMessage("null")
	}
	return json.RawMessage(r)
}
