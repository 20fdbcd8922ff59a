package notify

import (
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// Where nobody waits for an answer any more, nothing is left of the reminder: not in the bell,
// and nothing goes out that was about to.
func TestRemindersThatArePutAway(t *testing.T) {
	engines(t, func(w *world) {
		in, other := w.open(care.Direct, w.noor, w.maya), w.open(care.Direct, w.noor, w.maya)
		for _, c := range []care.ConversationID{in, other} {
			m := w.say(w.maya, c, "Thank you")
			w.hear()
			w.read(w.noor, c)
			w.pass(time.Hour, 10*time.Minute)
			w.told()
			w.appendEvent(outbox.Event{Org: w.org, Kind: outbox.UnansweredTeam, Subject: c, Seq: m.Seq, At: w.clock.Now()})
			w.hear()
		}
		settle := func() {
			var after func()
			err := w.db.Write(w.t.Context(), func(tx *db.Tx) (err error) {
				after, err = w.notify.SettleReminders(w.t.Context(), tx, []care.ConversationID{in})
				return err
			})
			if err != nil {
				w.t.Fatal(err)
			}
			if after != nil {
				after()
			}
		}
		settle()
		settle() // the second time there is nothing
		if list, unread := w.bell(w.noor); unread != 1 || len(list) < 2 {
			w.t.Errorf("%d unread of %+v, want the other one", unread, list)
		}
		w.pass(10*time.Minute, 10*time.Second)
		w.wantTold(0, 1, "one mail, of the other")
	})
}
