package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"github.com/coder/websocket"

	"hearth/internal/care"
	"hearth/internal/chat"
)

// ref is what a client calls a frame, to recognise the answer: a JSON string or number of
// at most 100 bytes, given back as it came. The empty ref is null.
type ref json.RawMessage

const maxRef = 100

// inbound is a frame of a client; which fields count depends on the type.
type inbound struct {
	Type         string          `json:"type"`
	Ref          json.RawMessage `json:"ref"`
	Conversation *string         `json:"conversation_id"`
	Message      *newMessage     `json:"message"`
	Seq          *int64          `json:"seq"`
	Typing       *bool           `json:"typing"`
}

// envelope is inbound with the message left unread, to tell a frame that is malformed
// from one whose message cannot be used.
type envelope struct {
	inbound
	Message json.RawMessage `json:"message"`
}

// newMessage is the body of POST /conversations/{id}/messages.
type newMessage struct {
	ID         *string `json:"id"`
	Body       *string `json:"body"`
	ReplyTo    *string `json:"reply_to"`
	OnBehalfOf *string `json:"on_behalf_of"`
	// Attachments name files that were sent before.
	Attachments []string `json:"attachment_ids"`
	// SendAt keeps the message until then.
	SendAt *string `json:"send_at"`

	err error // why it cannot be used
}

// handle serves one frame; false means that it was malformed and answered so.
func (c *conn) handle(f received) bool {
	defer f.done()
	if f.large {
		c.fail(nil, care.Fail(care.TooLarge, care.CodeTooLarge, "A frame has at most 256 KiB."))
		return false
	}
	in, err := decode(f)
	if err == nil {
		err = c.dispatch(in)
	}
	if err != nil {
		c.fail(in.ref(), err)
	}
	return !errors.Is(err, care.Malformed)
}

func decode(f received) (inbound, error) {
	switch {
	case f.kind != websocket.MessageText:
		return inbound{}, malformed("Frames are text.")
	case !utf8.Valid(f.text):
		return inbound{}, malformed("The frame is not UTF-8.")
	}
	in, ok := quickly(f.text)
	if !ok {
		var err error
		if in, err = decodeApart(f.text); err != nil {
			return in, err
		}
	}
	if !in.ref().valid() {
		in.Ref = nil
		return in, malformed("ref must be a string or a number of at most 100 bytes.")
	}
	return in, nil
}

// decodeApart reads a frame with everything unusual, and lets it pass when nothing is
// wrong but its message.
func decodeApart(text []byte) (inbound, error) {
	var in inbound
	if strictly(text, &in) == nil {
		return in, nil
	}
	var whole envelope
	if strictly(text, &whole) != nil {
		return inbound{}, malformed("The frame is not the JSON object it should be.")
	}
	in = whole.inbound
	if len(whole.Message) == 0 || whole.Message[0] != '{' {
		return in, malformed("message must be an object.")
	}
	in.Message = &newMessage{}
	in.Message.err = strictly(whole.Message, in.Message)
	return in, nil
}

func malformed(detail string) *care.Error {
	return care.Fail(care.Malformed, care.CodeMalformed, detail)
}

// strictly decodes one JSON value and refuses unknown keys and anything after it.
func strictly(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if rest := text[decoder.InputOffset():]; len(bytes.TrimSpace(rest)) > 0 {
		return errors.New("more than one value")
	}
	return nil
}

func (in inbound) ref() ref {
	if string(in.Ref) == "null" {
		return nil
	}
	return ref(in.Ref)
}

func (r ref) valid() bool {
	return len(r) == 0 || len(r) <= maxRef && (r[0] == '"' || r[0] == '-' || r[0] >= '0' && r[0] <= '9')
}

// conversation reads the id that every frame of a client carries.
func (in inbound) conversation() (care.ConversationID, error) {
	if in.Conversation == nil {
		return care.ConversationID{}, malformed("conversation_id is missing.")
	}
	var id care.ConversationID
	if id.UnmarshalText([]byte(*in.Conversation)) != nil {
		return id, care.Missing("conversation")
	}
	return id, nil
}

// draft reads the message of a send frame. What is wrong with it is said as it is said of
// the body of the POST.
func (in inbound) draft() (chat.Draft, error) {
	var draft chat.Draft
	conversation, err := in.conversation()
	if err != nil {
		return draft, err
	}
	m := in.Message
	switch {
	case m == nil:
		return draft, malformed("message is missing.")
	case m.err != nil:
		return draft, badMessage(m.err)
	case m.Body == nil && len(m.Attachments) == 0:
		return draft, care.BadField("body", "required", "Must be given.")
	}
	draft = chat.Draft{Conversation: conversation, Attachments: make([]care.AttachmentID, len(m.Attachments))}
	if m.Body != nil {
		draft.Body = *m.Body
	}
	for i, text := range m.Attachments {
		if draft.Attachments[i].UnmarshalText([]byte(text)) != nil {
			return draft, care.BadField("attachment_ids", "type", "Must be UUIDs.")
		}
	}
	return draft, m.ids(&draft)
}

func (m *newMessage) ids(draft *chat.Draft) error {
	for _, field := range []struct {
		name string
		text *string
		into interface{ UnmarshalText([]byte) error }
	}{
		{"id", m.ID, &draft.ID}, {"reply_to", m.ReplyTo, &draft.ReplyTo}, {"on_behalf_of", m.OnBehalfOf, &draft.OnBehalfOf},
	} {
		if field.text != nil && field.into.UnmarshalText([]byte(*field.text)) != nil {
			return care.BadField(field.name, "type", "Must be a UUID.")
		}
	}
	return nil
}

// badMessage names the field that cannot be used and repeats nothing of its value.
func badMessage(err error) error {
	var wrongType *json.UnmarshalTypeError
	if errors.As(err, &wrongType) {
		return care.BadField(wrongType.Field, "type", "Must be a text.")
	}
	if quoted, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		name := strings.Trim(quoted, `"`)
		if len(name) > maxRef || strings.ContainsFunc(name, func(r rune) bool { return r < ' ' }) {
			name = "message"
		}
		return care.BadField(name, "unknown", "Is not a field of a message.")
	}
	return malformed("The message cannot be read.")
}
