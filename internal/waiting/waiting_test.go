package waiting_test

import (
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/waiting"
)

func TestWhatIsAQuestionAndWhatAnswersIt(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(care.Direct, w.noor, w.leila)
		w.say(w.noor, c)
		w.settle()
		w.wantWait("when only staff have written", c, "")
		w.later(time.Minute)
		w.say(w.leila, c)
		w.settle()
		w.wantWait("when a client wrote", c, "09:01")
		if n := w.events.waits(); n != 1 {
			t.Errorf("devices were told %d times", n)
		}
		w.later(time.Minute)
		w.say(w.leila, c)
		w.settle()
		w.wantWait("when they wrote more", c, "09:01")
		if n := w.events.waits(); n != 0 {
			t.Errorf("devices were told %d times of nothing new", n)
		}
		w.answerAutomatically(c)
		w.settle()
		w.wantWait("after an automatic reply", c, "09:01")
		w.say(w.noor, c)
		w.settle()
		w.wantWait("after an answer", c, "")
		w.say(w.leila, c)
		w.later(time.Minute)
		if _, _, err := w.chat.Send(ctx, w.sam, chat.Draft{Conversation: c, Body: "For Noor", OnBehalfOf: w.noor.User}); err != nil {
			t.Fatal(err)
		}
		w.settle()
		w.wantWait("after an answer on behalf of a colleague", c, "")
		internal, community := w.open(care.Internal, w.noor, w.elias), w.open(care.Community, w.olga, w.leila, w.maya)
		w.say(w.noor, internal)
		w.say(w.leila, community)
		w.settle()
		w.wantWait("in a community chat", community, "")
		w.wantWait("among staff", internal, "")
	})
}

// answerAutomatically has the program answer, as an away reply does.
func (w *world) answerAutomatically(in care.ConversationID) {
	w.t.Helper()
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		room, err := w.chat.Room(ctx, tx, in)
		if err != nil {
			return err
		}
		_, err = w.chat.AppendAutomatic(ctx, tx, room, w.noor.Person(), "We read this tomorrow.")
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAPlannedMessageAnswersOnlyWhatWasAskedBefore(t *testing.T) {
	engines(t, func(w *world) {
		c, r := w.open(care.Direct, w.noor, w.leila), w.runner()
		plan := func() {
			if _, _, err := w.chat.Schedule(ctx, w.noor, chat.Draft{Conversation: c, Body: "How was your week?"}, w.clock.Now().Add(time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		plan()
		w.later(time.Minute)
		w.say(w.leila, c)
		w.later(time.Hour)
		if _, err := r.Work(ctx); err != nil {
			t.Fatal(err)
		}
		w.settle()
		w.wantWait("after what was planned before it", c, "09:01")
		plan()
		w.later(time.Hour)
		if _, err := r.Work(ctx); err != nil {
			t.Fatal(err)
		}
		w.settle()
		w.wantWait("after what was planned as an answer", c, "")
	})
}

func TestAQuestionEndsWithItsConversationAndComesBack(t *testing.T) {
	engines(t, func(w *world) {
		w.remind(1, 1)
		c := w.open(care.Direct, w.noor, w.leila)
		w.say(w.leila, c)
		w.close(c, true)
		w.settle()
		w.wantWait("closed", c, "")
		w.later(3 * time.Hour)
		w.wantReminded("closed")
		w.close(c, false)
		w.settle()
		w.wantWait("open again", c, "09:00 overdue")
		w.wantReminded("open again", team(c, 1), queue(c, 1))
		w.close(c, true)
		w.close(c, false)
		w.say(w.noor, c)
		w.settle()
		w.wantWait("answered", c, "")
	})
}

func TestAQuestionThatIsDeletedIsWithdrawn(t *testing.T) {
	engines(t, func(w *world) {
		w.remind(2, 1)
		c := w.open(care.Direct, w.noor, w.leila)
		first := w.say(w.leila, c)
		w.later(time.Hour)
		second := w.say(w.leila, c)
		w.settle()
		remove := func(m care.Message) {
			if err := w.chat.Delete(ctx, w.leila, c, m.ID); err != nil {
				t.Fatal(err)
			}
			w.settle()
		}
		remove(first)
		w.wantWait("without its first text", c, "10:00")
		w.later(time.Hour)
		w.wantReminded("when the first text would have been due")
		remove(second)
		w.wantWait("without any", c, "")
		w.later(5 * time.Hour)
		w.wantReminded("without any")
		third := w.say(w.leila, c)
		w.later(18 * time.Hour)
		w.wantReminded("asked anew", team(c, 3))
		w.say(w.leila, c)
		remove(third)
		w.later(26 * time.Hour)
		w.wantReminded("the team was told of this wait before", queue(c, 4))
	})
}

func TestRemindersComeInOpeningTimeOnceEach(t *testing.T) {
	engines(t, func(w *world) {
		w.remind(4, 8)
		w.clock.Set(monday.Add(7 * time.Hour)) // 16:00
		c := w.open(care.Direct, w.noor, w.leila)
		w.say(w.leila, c)
		w.settle()
		w.later(16*time.Hour + 59*time.Minute) // Tuesday 8:59
		w.wantReminded("over night")
		w.later(3 * time.Hour) // 11:59
		w.wantReminded("after not quite four hours")
		w.wantWait("after not quite four hours", c, "16:00")
		w.later(time.Minute)
		w.wantReminded("after four hours", team(c, 1))
		w.wantWait("after four hours", c, "16:00 overdue")
		w.later(5 * time.Hour)
		w.later(18*time.Hour + 59*time.Minute) // Wednesday 11:59
		w.wantReminded("before the second")
		w.later(time.Minute)
		w.wantReminded("eight hours later", queue(c, 1))
		w.later(200 * time.Hour)
		w.wantReminded("never again")
		w.say(w.noor, c)
		w.later(time.Hour)
		w.say(w.leila, c)
		w.later(48 * time.Hour)
		w.wantReminded("of the next question", team(c, 3))
	})
}

func TestNobodyIsRemindedOfWhatWasAnsweredInTime(t *testing.T) {
	engines(t, func(w *world) {
		w.remind(4, 8)
		c := w.open(care.Direct, w.noor, w.leila)
		w.say(w.leila, c)
		w.settle()
		w.clock.Advance(4 * time.Hour)
		w.say(w.noor, c) // stored, and not taken from the outbox yet
		if _, err := w.waiting.Work(ctx); err != nil {
			t.Fatal(err)
		}
		w.settle()
		w.wantReminded("answered a moment before")
	})
}

func TestNobodyIsRemindedWhereNobodyCouldAnswer(t *testing.T) {
	engines(t, func(w *world) {
		w.remind(1, 2)
		c := w.open(care.Direct, w.noor, w.leila)
		other := w.open(care.Direct, w.elias, w.arjun)
		w.say(w.leila, c)
		w.say(w.arjun, other)
		w.settle()
		w.exec(`UPDATE clients SET own_direct = FALSE WHERE user_id = $1`, w.leila.User)
		w.exec(`UPDATE clients SET state = 'archived' WHERE user_id = $1`, w.arjun.User)
		w.later(90 * time.Minute)
		w.wantReminded("chat is off, and the client archived")
		w.wantWait("with chat off", c, "09:00 overdue")
		w.exec(`UPDATE clients SET own_direct = NULL WHERE user_id = $1`, w.leila.User)
		w.later(30 * time.Minute)
		w.wantReminded("looked at too early")
		w.later(30 * time.Minute)
		w.wantReminded("chat is on again", team(c, 1))
		w.exec(`UPDATE clients SET state = 'active' WHERE user_id = $1`, w.arjun.User)
		w.later(time.Hour)
		w.wantReminded("active again", team(other, 1), queue(other, 1), queue(c, 1))
	})
}

func TestOtherSettingsChangeWhatIsOpen(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(care.Direct, w.noor, w.leila)
		w.say(w.leila, c)
		w.later(5 * time.Hour)
		w.wantWait("switched off", c, "09:00")
		now := w.remind(6, 1)
		w.wantReminded("six hours")
		w.wantWait("six hours", c, "09:00")
		w.remind(8, 20)
		w.later(90 * time.Minute) // 15:30
		w.wantReminded("eight hours")
		w.remind(6, 20)
		w.settle()
		w.wantReminded("six hours again", team(c, 1))
		w.wantWait("six hours again", c, "09:00 overdue")
		w.remind(3, 4)
		w.settle()
		w.wantReminded("three hours: the team was told")
		off := false
		if _, err := w.waiting.SetSettings(ctx, w.olga, waiting.Edit{Version: now.Version + 3, On: &off}); err != nil {
			t.Fatal(err)
		}
		w.later(48 * time.Hour)
		w.wantReminded("switched off again")
		w.wantWait("switched off again", c, "09:00")
		w.remind(3, 4)
		w.settle()
		w.wantReminded("on again: what had fallen due before")
		old := w.open(care.Direct, w.noor, w.maya)
		if _, err := w.waiting.SetSettings(ctx, w.olga, waiting.Edit{Version: now.Version + 5, On: &off}); err != nil {
			t.Fatal(err)
		}
		w.say(w.maya, old)
		w.later(30 * 24 * time.Hour)
		w.remind(3, 4)
		w.settle()
		w.wantReminded("long overdue when it was switched on")
		w.wantWait("long overdue", old, "15:30 overdue")
	})
}

func TestTheHoursOfThePracticeCount(t *testing.T) {
	engines(t, func(w *world) {
		now := w.remind(2, 1)
		zone, hours, holidays := "Europe/Berlin", office().Hours, []string{"2026-03-30"}
		_, err := w.waiting.SetSettings(ctx, w.olga, waiting.Edit{Version: now.Version, TimeZone: &zone, Weekly: &hours, Holidays: &holidays})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Set(time.Date(2026, 3, 27, 15, 30, 0, 0, time.UTC)) // Friday 16:30 there, before the clocks go forward
		c := w.open(care.Direct, w.noor, w.leila)
		w.say(w.leila, c)
		w.settle()
		w.clock.Set(time.Date(2026, 3, 31, 8, 29, 0, 0, time.UTC)) // Tuesday 10:29, after a holiday
		w.settle()
		w.wantReminded("a minute before")
		w.later(time.Minute)
		w.wantReminded("two hours of opening time later", team(c, 1))
	})
}

func TestWhatWasThereBeforeIsLookedAt(t *testing.T) {
	engines(t, func(w *world) {
		silent := w.open(care.Direct, w.elias, w.arjun)
		waits := w.open(care.Direct, w.noor, w.leila)
		w.say(w.leila, waits)
		answered := w.open(care.Direct, w.noor, w.maya)
		w.say(w.maya, answered)
		w.clock.Advance(time.Hour)
		w.say(w.noor, answered)
		w.clock.Advance(100 * 24 * time.Hour)
		lately := w.open(care.Direct, w.noor, w.maya)
		w.say(w.maya, lately)
		w.clock.Advance(time.Hour)
		w.say(w.noor, lately)
		w.exec(`DELETE FROM outbox`) // as if nobody had written it then
		w.later(time.Hour)
		w.wantWait("silent", silent, "")
		w.wantWait("from long ago", waits, "09:00")
		w.wantWait("answered", answered, "")
		report, err := w.waiting.FirstResponse(ctx, w.olga, waiting.Asked{Weeks: 20})
		if err != nil {
			t.Fatal(err)
		}
		var answers, open int64
		for _, week := range report.Weeks {
			answers, open = answers+week.Answered, open+week.Open
		}
		if answers != 1 || open != 1 {
			t.Errorf("%d answered and %d open, want the one of the last weeks and the open one", answers, open)
		}
		w.remind(1, 1)
		w.settle()
		w.wantReminded("what was always open")
		if n := w.events.waits(); n > 1 {
			t.Errorf("devices were told of %d old conversations", n)
		}
	})
}

// A conversation with more texts than one look takes is looked at in several.
func TestALongConversationIsLookedAtInParts(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(care.Direct, w.noor, w.leila)
		w.say(w.leila, c)
		w.fill(c, 2600)
		w.say(w.noor, c)
		w.clock.Advance(time.Minute)
		w.say(w.leila, c)
		w.settle()
		w.wantWait("at its end", c, "09:01")
	})
}

// fill writes many texts of the client, as an import would.
func (w *world) fill(in care.ConversationID, n int) {
	w.t.Helper()
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		for i := range n {
			_, err := tx.Exec(ctx, `INSERT INTO messages (conversation_id, seq, id, kind, author_id, body, countable, content_hash, created_at, extras)
				VALUES ($1, $2, $3, 'text', $4, 'More', $5, $6, $7, 0)`, in, i+2, care.NewID[care.MessageID](w.clock.Now()), w.leila.User, i+2, []byte{}, db.Millis(w.clock.Now()))
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE conversations SET last_seq = $2, countable = $2 WHERE id = $1`, in, n+1)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}
