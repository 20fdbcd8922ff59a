package waiting_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/opening"
	"hearth/internal/waiting"
)

// needless says that a conversation needs no answer, up to a text.
func (w *world) needless(actor care.Actor, id care.ConversationID, upTo int64) {
	w.t.Helper()
	if err := w.waiting.NeedsNoAnswer(ctx, actor, id, upTo); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) recall(id care.ConversationID) {
	w.t.Helper()
	if err := w.waiting.NeedsAnswer(ctx, w.noor, id); err != nil {
		w.t.Fatal(err)
	}
}

// marks counts the rows of the audit log of one act.
func (w *world) marks(action string) (n int) {
	w.t.Helper()
	err := w.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit_log WHERE action = $1`, action).Scan(&n)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func TestWhatNeedsNoAnswerWaitsNoLonger(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(care.Direct, w.noor, w.leila)
		w.needless(w.noor, c, 0) // nobody has written
		w.say(w.leila, c)
		w.later(time.Minute)
		w.events.waits()
		for range 2 { // the second time changes nothing
			w.needless(w.noor, c, 0)
			w.wantWait("once it needs no answer", c, "")
		}
		if n, marks := w.events.waits(), w.marks("conversation.needs_no_answer"); n != 1 || marks != 1 {
			t.Errorf("devices were told %d times, and it was recorded %d times", n, marks)
		}
		for range 2 {
			w.recall(c)
			w.wantWait("taken back", c, "09:00")
		}
		if n, marks := w.events.waits(), w.marks("conversation.needs_answer"); n != 1 || marks != 1 {
			t.Errorf("taken back, devices were told %d times, and it was recorded %d times", n, marks)
		}
		w.needless(w.sam, c, 0) // who is no member and sees the queue
		w.later(time.Hour)
		w.wantWait("later", c, "")
		w.say(w.leila, c)
		w.settle()
		w.wantWait("when the client wrote again", c, "10:01")
		w.recall(c)
		w.wantWait("taken back after that", c, "10:01")
	})
}

// What a client writes while somebody says that no answer is needed is not covered by it,
// whether or not anybody has looked at it yet.
func TestOnlyWhatWasSeenNeedsNoAnswer(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(care.Direct, w.noor, w.leila)
		first := w.say(w.leila, c)
		w.settle()
		w.clock.Advance(time.Minute)
		w.say(w.leila, c) // not taken from the outbox yet
		w.needless(w.noor, c, first.Seq)
		w.wantWait("with a text that nobody has seen", c, "09:01")
		w.settle()
		w.wantWait("once everybody has looked", c, "09:01")
		w.needless(w.noor, c, first.Seq)
		w.wantWait("of an older text", c, "09:01")
		w.needless(w.noor, c, 100) // more than there is
		w.wantWait("all of it", c, "")
		w.clock.Advance(time.Minute)
		w.say(w.leila, c)
		w.settle()
		w.wantWait("after the end", c, "09:02")
	})
}

func TestTakingBackFindsWhatCameMeanwhile(t *testing.T) {
	engines(t, func(w *world) {
		w.remind(2, 2)
		c := w.open(care.Direct, w.noor, w.leila)
		w.say(w.leila, c)
		w.settle()
		w.needless(w.noor, c, 0)
		w.say(w.noor, c)
		w.settle()
		w.recall(c)
		w.wantWait("answered meanwhile", c, "")
		w.say(w.leila, c)
		w.settle()
		w.needless(w.noor, c, 0)
		w.later(3 * time.Hour)
		w.wantReminded("of what needs no answer")
		w.close(c, true)
		w.settle()
		w.recall(c)
		w.wantWait("closed meanwhile", c, "")
		w.close(c, false)
		w.settle()
		w.wantWait("open again", c, "09:00 overdue")
		w.wantReminded("open again", team(c, 3))
	})
}

func TestWhoSaysThatNoAnswerIsNeeded(t *testing.T) {
	engines(t, func(w *world) {
		c, community := w.open(care.Direct, w.noor, w.leila), w.open(care.Community, w.olga, w.leila, w.maya)
		w.say(w.leila, c)
		w.settle()
		for _, act := range []func(care.Actor, care.ConversationID) error{
			func(a care.Actor, id care.ConversationID) error { return w.waiting.NeedsNoAnswer(ctx, a, id, 0) },
			func(a care.Actor, id care.ConversationID) error { return w.waiting.NeedsAnswer(ctx, a, id) },
		} {
			w.code(act(w.elias, c), care.CodeNotFound) // neither member nor with the queue
			w.code(act(w.leila, c), care.CodeForbidden)
			w.code(act(w.olga, community), care.CodeInvalid)
			w.code(act(w.noor, care.NewID[care.ConversationID](monday)), care.CodeNotFound)
		}
		w.wantWait("whatever others said", c, "09:00")
	})
}

// shelf notes whose reminders were put away.
type shelf struct {
	ids    []care.ConversationID
	behind int
}

func (s *shelf) SettleReminders(_ context.Context, _ *db.Tx, ids []care.ConversationID) (func(), error) {
	s.ids = append(s.ids, ids...)
	return func() { s.behind++ }, nil
}

func TestRemindersOfWhatEndsWithoutAnAnswerArePutAway(t *testing.T) {
	engines(t, func(w *world) {
		away := &shelf{}
		w.waiting.RemindersBy(away)
		var want []care.ConversationID
		for _, end := range []func(care.ConversationID, care.Message){
			func(c care.ConversationID, _ care.Message) { w.needless(w.noor, c, 0) },
			func(c care.ConversationID, _ care.Message) { w.close(c, true) },
			func(c care.ConversationID, m care.Message) {
				if err := w.chat.Delete(ctx, w.leila, c, m.ID); err != nil {
					t.Fatal(err)
				}
			},
		} {
			c := w.open(care.Direct, w.noor, w.leila)
			want = append(want, c)
			m := w.say(w.leila, c)
			w.settle()
			end(c, m)
			w.settle()
		}
		answered := w.open(care.Direct, w.noor, w.leila)
		w.say(w.leila, answered)
		w.say(w.noor, answered)
		w.settle()
		if !slices.Equal(away.ids, want) || away.behind != len(want) {
			t.Errorf("put away %v (%d behind the commit), want %v", away.ids, away.behind, want)
		}
	})
}

func TestTheReportCountsWhatNeedsNoAnswerApart(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(care.Direct, w.noor, w.leila)
		for _, minutes := range []int{10, 20, 30} {
			w.say(w.leila, c)
			w.later(time.Duration(minutes) * time.Minute)
			w.say(w.noor, c)
			w.settle()
		}
		w.say(w.leila, c)
		w.later(5 * time.Hour)
		w.needless(w.noor, c, 0)
		report, err := w.waiting.FirstResponse(ctx, w.olga, waiting.Asked{Weeks: 1})
		if err != nil {
			t.Fatal(err)
		}
		week := report.Weeks[0]
		if week.Answered != 3 || week.Open != 0 || week.Needless != 1 || *week.Median != 20 || *week.Within != 1 {
			t.Errorf("the week is %+v", week)
		}
	})
}

// Switching reminders on reminds nobody of what was overdue already: it is marked, counted for
// who switched them on, and stays quiet. What falls due later is told as ever.
func TestSwitchingOnIsNoBurst(t *testing.T) {
	engines(t, func(w *world) {
		var old []care.ConversationID
		for range 12 {
			c := w.open(care.Direct, w.noor, w.leila)
			w.say(w.leila, c)
			old = append(old, c)
		}
		w.later(3 * time.Hour) // 12:00
		late := w.open(care.Direct, w.noor, w.maya)
		w.say(w.maya, late)
		w.later(2 * time.Hour) // 14:00
		now := w.remind(4, 8)
		if now.Before != 12 || !now.Since.Equal(w.clock.Now()) {
			t.Errorf("%d were overdue before %s", now.Before, now.Since)
		}
		w.settle()
		w.wantReminded("switched on")
		for _, c := range old {
			w.wantWait("switched on", c, "09:00 overdue")
		}
		w.later(48 * time.Hour)
		w.wantReminded("two days later", team(late, 1), queue(late, 1))
		w.say(w.noor, old[0])
		w.settle()
		now = w.remind(5, 8)
		if now.Before != 11 {
			t.Errorf("%d of those from before still wait, want 11", now.Before)
		}
		w.settle()
		w.wantReminded("with other hours")
		w.say(w.leila, old[0])
		w.later(24 * time.Hour)
		w.wantReminded("of the next question", team(old[0], 3))
	})
}

func TestWhenThePracticeIsOpen(t *testing.T) {
	engines(t, func(w *world) {
		open, err := w.waiting.Open(ctx, w.noor)
		if err != nil || !open.ByClock || len(open.Spans) != 0 {
			t.Fatalf("while nobody has said: %+v %v", open, err)
		}
		now := w.remind(1, 1)
		open, err = w.waiting.Open(ctx, w.noor)
		if err != nil || open.ByClock || open.TimeZone != "UTC" || !open.From.Equal(monday.Add(-14*24*time.Hour)) || !open.To.Equal(monday.Add(14*24*time.Hour)) {
			t.Fatalf("with hours: %+v %v", open, err)
		}
		// From Monday 9:00 two weeks before to Monday 9:00 in two weeks, when it opens.
		if len(open.Spans) != 21 || !open.Spans[10].From.Equal(monday) || !open.Spans[10].To.Equal(monday.Add(8*time.Hour)) {
			t.Errorf("%d spans, the one of today is %v", len(open.Spans), open.Spans[10])
		}
		off, never := false, []opening.Hours{}
		if _, err := w.waiting.SetSettings(ctx, w.olga, waiting.Edit{Version: now.Version, On: &off, Weekly: &never}); err != nil {
			t.Fatal(err)
		}
		if open, err = w.waiting.Open(ctx, w.noor); err != nil || !open.ByClock {
			t.Errorf("without hours: %+v %v", open, err)
		}
		_, err = w.waiting.Open(ctx, w.leila)
		w.code(err, care.CodeForbidden)
	})
}
