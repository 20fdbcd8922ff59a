package bus

import (
	"testing"
	"time"

	"hearth/internal/care"
)

// Events travel together: a notification costs a round trip whatever it holds.
func TestEventsShareNotifications(t *testing.T) {
	to := []care.UserID{care.NewID[care.UserID](time.Now()), care.NewID[care.UserID](time.Now())}
	events := make([]care.Event, 1000)
	for i := range events {
		events[i] = care.Event{
			Type: care.EventMessageCreated, Org: care.NewID[care.OrgID](time.Now()), To: to,
			Conversation: care.NewID[care.ConversationID](time.Now()), Seq: int64(i + 1),
		}
	}
	payloads := packAll("node", events)
	if len(payloads) > len(events)/20 {
		t.Errorf("%d events need %d notifications", len(events), len(payloads))
	}
	var got int
	for _, payload := range payloads {
		if len(payload) > maxPayload {
			t.Errorf("a payload of %d bytes", len(payload))
		}
		l, err := unpack(payload)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range l.Parcels {
			if got++; p.Seq != int64(got) {
				t.Fatalf("event %d comes as number %d", p.Seq, got)
			}
		}
	}
	if got != len(events) {
		t.Errorf("%d of %d events", got, len(events))
	}
}
