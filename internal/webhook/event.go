package webhook

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/outbox"
)

// Event names what a delivery tells of.
type Event string

// The events. EventTest is sent by the test alone and needs no wish.
const (
	MessageCreated      Event = "message.created"
	ConversationCreated Event = "conversation.created"
	ConversationClosed  Event = "conversation.closed"
	ChatAccessChanged   Event = "chat_access.changed"
	BlastFinished       Event = "blast.finished"
	EventTest           Event = "webhook.test"
)

// Events are those that can be wished for, in the order in which they are shown.
var Events = []Event{MessageCreated, ConversationCreated, ConversationClosed, ChatAccessChanged, BlastFinished}

// told gives the event of what the outbox says, and whether there is one.
func told(kind outbox.Kind) (Event, bool) {
	e := Event(kind)
	return e, slices.Contains(Events, e)
}

// checkEvents gives the wished events without repetition, in their order.
func checkEvents(wished []Event) ([]Event, *care.Error) {
	for _, e := range wished {
		if !slices.Contains(Events, e) {
			return nil, care.BadField("events", "unknown", "Has something that is not an event. There are: "+joined(Events, ", ")+".")
		}
	}
	if len(wished) == 0 {
		return nil, care.BadField("events", "required", "Choose at least one event.")
	}
	return slices.DeleteFunc(slices.Clone(Events), func(e Event) bool { return !slices.Contains(wished, e) }), nil
}

func joined(events []Event, by string) string {
	words := make([]string, len(events))
	for i, e := range events {
		words[i] = string(e)
	}
	return strings.Join(words, by)
}

func split(stored string) []Event {
	words := strings.Fields(stored)
	events := make([]Event, len(words))
	for i, w := range words {
		events[i] = Event(w)
	}
	return events
}

// Data is what an event is about: ids, and the place in a conversation. Which of them are
// there depends on the event.
type Data struct {
	Conversation care.ConversationID `json:"conversation_id,omitzero"`
	Seq          int64               `json:"seq,omitempty" doc:"The message's place in its conversation"`
	Client       care.UserID         `json:"client_id,omitzero" doc:"Whose chat access was changed"`
	Group        care.GroupID        `json:"group_id,omitzero" doc:"Whose members follow the change of chat access"`
	Change       chataccess.ChangeID `json:"change_id,omitzero" doc:"The change of chat access of many clients"`
	Blast        care.BlastID        `json:"blast_id,omitzero"`
	Webhook      care.WebhookID      `json:"webhook_id,omitzero" doc:"In a test"`
}

// dataOf gives what a row of the outbox is about.
func dataOf(event Event, subject [16]byte, seq int64) (d Data) {
	switch event {
	case MessageCreated:
		d.Conversation, d.Seq = subject, seq
	case ConversationCreated, ConversationClosed:
		d.Conversation = subject
	case BlastFinished:
		d.Blast = subject
	case EventTest:
		d.Webhook = subject
	case ChatAccessChanged:
		switch seq {
		case outbox.OfGroup:
			d.Group = subject
		case outbox.OfChange:
			d.Change = subject
		default:
			d.Client = subject
		}
	}
	return d
}

// timeForm is RFC 3339 with milliseconds, as everywhere in the API.
const timeForm = "2006-01-02T15:04:05.000Z"

// payload is the body of a call. The same delivery has the same bytes each time.
func payload(event Event, at time.Time, data Data) ([]byte, error) {
	return json.Marshal(struct {
		Type      Event  `json:"type"`
		Timestamp string `json:"timestamp"`
		Data      Data   `json:"data"`
	}{event, at.UTC().Format(timeForm), data})
}
