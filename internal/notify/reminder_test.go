package notify

import (
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/jobs"
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

// What was planned before a client asked is no answer to it: their reminder goes out, and
// stays, until somebody answers.
func TestWhatWasPlannedBeforeEndsNoReminder(t *testing.T) {
	engines(t, func(w *world) {
		r := jobs.New(w.db, w.clock.Now, jobs.Config{})
		w.chat.Register(r)
		in := w.open(care.Direct, w.noor, w.maya)
		w.device(w.noor, "desk")
		plan := func(after time.Duration) {
			w.t.Helper()
			_, _, err := w.chat.Schedule(w.ctx(), w.noor, chat.Draft{Conversation: in, Body: "How was your week?"}, w.clock.Now().Add(after))
			w.must(err)
		}
		send := func(after time.Duration) {
			w.t.Helper()
			w.clock.Advance(after)
			if n, err := r.Work(w.ctx()); n == 0 || err != nil {
				w.t.Fatalf("%d sent, %v", n, err)
			}
			w.hear()
		}
		plan(time.Hour)
		plan(3 * time.Hour)
		w.clock.Advance(time.Minute)
		m := w.say(w.maya, in, "Can you call me?")
		w.hear()
		w.read(w.noor, in)
		send(time.Hour)
		w.pass(time.Hour, 10*time.Minute)
		w.told()
		w.appendEvent(outbox.Event{Org: w.org, Kind: outbox.UnansweredTeam, Subject: in, Seq: m.Seq, At: w.clock.Now()})
		w.hear()
		w.pass(10*time.Minute, 10*time.Second)
		w.wantTold(1, 1, "something planned came between")
		send(time.Hour)
		if _, unread := w.bell(w.noor); unread != 1 {
			w.t.Errorf("%d reminders after the second that was planned", unread)
		}
		w.say(w.noor, in, "I will")
		w.hear()
		if _, unread := w.bell(w.noor); unread != 0 {
			w.t.Errorf("%d reminders after the answer", unread)
		}
	})
}
