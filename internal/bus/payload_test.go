package bus

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/care"
)

// However many events with however many receivers: every payload fits and can be read,
// and nothing is lost or out of order.
func TestPayloadsFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var events []care.Event
		receivers := 0
		for seq := range rapid.IntRange(0, 60).Draw(t, "events") {
			e := care.Event{Type: care.EventReadUpdated, Seq: int64(seq + 1)}
			for range rapid.IntRange(0, 700).Draw(t, "receivers") {
				e.To = append(e.To, care.NewID[care.UserID](time.Now()))
			}
			receivers += len(e.To)
			events = append(events, e)
		}
		last := int64(0)
		for _, payload := range packAll("node", events) {
			l, err := unpack(payload)
			if err != nil || len(payload) >= 8000 || l.Node != "node" {
				t.Fatalf("payload of %d bytes for %q, %v", len(payload), l.Node, err)
			}
			for _, p := range l.Parcels {
				e := p.event()
				if e.Seq != last && e.Seq != last+1 {
					t.Fatalf("event %d after %d", e.Seq, last)
				}
				last, receivers = e.Seq, receivers-len(e.To)
			}
		}
		if last != int64(len(events)) || receivers != 0 {
			t.Fatalf("%d of %d events, %d receivers lost", last, len(events), receivers)
		}
	})
}

func TestUnpackRefusesWhatItDoesNotKnow(t *testing.T) {
	for _, payload := range []string{
		``, `null and void`, `[]`, `{"n":1}`, `{"n":"x","e":[{"o":"too short"}]}`, `{"n":"x","e":[{"s":"1"}]}`,
		`{"n":"x","e":[{"o":"!!!!!!!!!!!!!!!!!!!!!!"}]}`,
	} {
		if l, err := unpack(payload); err == nil {
			t.Errorf("%q was read as %+v", payload, l)
		}
	}
}
