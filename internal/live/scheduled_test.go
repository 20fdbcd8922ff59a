package live

import (
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
