package live

import (
	"fmt"
	"testing"
	"time"

	"hearth/internal/care"
)

// The author alone hears what became of a scheduled message, on each of their devices.
func TestScheduledMessagesAreToldToTheirAuthor(t *testing.T) {
	r := newRig(t)
	noor := r.person("noor")
	r.person("leilani")
	phone, desk, hers := r.connect("noor"), r.connect("noor"), r.connect("leilani")
	id := care.NewID[care.MessageID](time.Unix(1, 0))
	r.bus.Publish(care.Event{Type: care.EventScheduledUpdated, Org: practice, Conversation: thread, To: []care.UserID{noor.User}, Scheduled: id})
	for _, d := range []*device{phone, desk} {
		f := d.next()
		if at(f, "type") != "scheduled.updated" || at(f, "data.id") != id.String() || at(f, "data.state") != "skipped" ||
			at(f, "data.why") != "chat_unavailable" || at(f, "data.body") != "for "+noor.User.String() {
			t.Errorf("the event is %v", f)
		}
	}
	hers.nothing()
}

// A send with a time is answered with the scheduled message, as the POST is.
func TestSendingLater(t *testing.T) {
	r := newRig(t)
	r.person("noor")
	d := r.connect("noor")
	frame := func(ref, body, at string) string {
		return fmt.Sprintf(`{"type":"send","ref":%q,"conversation_id":%q,"message":{"body":%q,"send_at":%q}}`, ref, thread, body, at)
	}
	d.write(frame("a", "Tomorrow", "2030-01-02T09:30:00+01:00"))
	f := d.next()
	if at(f, "type") != "ack" || at(f, "ref") != "a" || at(f, "message.state") != "scheduled" || at(f, "message.body") != "Tomorrow by noor" ||
		at(f, "message.send_at") != "2030-01-02T08:30:00.000Z" || at(f, "message.seq") != "" {
		t.Errorf("the answer is %v", f)
	}
	d.write(frame("b", "refused", "2030-01-02T09:30:00Z"))
	if f := d.next(); at(f, "type") != "error" || at(f, "ref") != "b" || at(f, "problem.code") != "chat_unavailable" {
		t.Errorf("the refusal is %v", f)
	}
	d.write(frame("c", "When?", "tomorrow"))
	if f := d.next(); at(f, "type") != "error" || at(f, "problem.code") != "invalid" {
		t.Errorf("without a time: %v", f)
	}
}
