package chat

import (
	"context"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// later schedules a message and fails the test when it is refused.
func (w *world) later(actor care.Actor, in Conversation, body string, ahead time.Duration) Scheduled {
	w.t.Helper()
	m, created, err := w.chat.Schedule(ctx, actor, Draft{Conversation: in.ID, Body: body}, w.now.Add(ahead))
	if err != nil || !created {
		w.t.Fatalf("scheduling: created %v, %v", created, err)
	}
	return m
}

// runner works off what is due, as a node would.
func (w *world) runner() *jobs.Runner {
	r := jobs.New(w.db, func() time.Time { return w.now }, jobs.Config{})
	w.chat.Register(r)
	return r
}

func (w *world) work(r *jobs.Runner) {
	w.t.Helper()
	if _, err := r.Work(ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) scheduled(actor care.Actor, id care.MessageID) Scheduled {
	w.t.Helper()
	m, err := w.chat.ScheduledMessage(ctx, actor, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

func TestScheduledMessageGoesWhenItIsDue(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		m, r := w.later(w.noor, c, "Your lab results are in.", time.Hour), w.runner()
		w.work(r)
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 0 {
			w.t.Fatalf("%d messages before the time", n)
		}
		w.events.take()
		w.now = w.now.Add(time.Hour)
		w.work(r)
		list, _, err := w.chat.Messages(ctx, w.leilani, c.ID, Page{Limit: 10})
		if err != nil || len(list) != 1 || list[0].ID != m.ID || list[0].Body != m.Body || list[0].Author.ID != w.noor.User {
			w.t.Fatalf("history %+v, %v", list, err)
		}
		if got := w.scheduled(w.noor, m.ID); got.State != ScheduleSent || got.SettledAt.IsZero() {
			w.t.Errorf("the row: %+v", got)
		}
		events := w.events.take()
		if len(events) != 2 || events[0].Type != care.EventMessageCreated || events[1].Type != care.EventScheduledUpdated {
			w.t.Fatalf("events %v", events)
		}
		if to := events[1].To; len(to) != 1 || to[0] != w.noor.User || events[1].Scheduled != m.ID {
			w.t.Errorf("told %+v", events[1])
		}
		if unread := w.look(w.leilani, c).Unread; unread != 1 {
			w.t.Errorf("the client has %d unread", unread)
		}
		w.work(r)
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 1 {
			w.t.Errorf("%d messages after looking again", n)
		}
	})
}

// Statement 16: judged when it is sent, with the facts of that moment.
func TestScheduledMessageIsJudgedWhenItGoes(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		chats := w.open(w.noor, care.Community, w.leilani, w.maya)
		team := w.open(w.noor, care.Internal, w.elias)
		refused := map[care.MessageID]care.Code{
			w.later(w.noor, c, "D off", time.Hour).ID:             care.CodeChatUnavailable,
			w.later(w.leilani, c, "D off, client", time.Hour).ID:  care.CodeChatUnavailable,
			w.later(w.leilani, chats, "C off", time.Hour).ID:      care.CodeChatUnavailable,
			w.later(w.maya, chats, "archived", time.Hour).ID:      care.CodeClientArchived,
			w.later(w.noor, team, "closed", time.Hour).ID:         care.CodeConversationClosed,
			w.later(w.elias, team, "not in it now", time.Hour).ID: care.CodeNotFound,
		}
		goes := w.later(w.noor, chats, "staff still may", time.Hour)
		gone := w.later(w.sam, c, "not active any more", time.Hour)
		w.set(w.leilani, "own_direct", false)
		w.set(w.leilani, "own_community", false)
		w.exec(`UPDATE clients SET state = 'archived' WHERE user_id = $1`, w.maya.User)
		if err := w.chat.RemoveMember(ctx, w.noor, team.ID, w.elias.User); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.chat.SetClosed(ctx, w.noor, team.ID, true); err != nil {
			w.t.Fatal(err)
		}
		w.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, w.sam.User)
		w.now = w.now.Add(time.Hour)
		w.work(w.runner())
		authors := map[care.MessageID]care.Actor{}
		for id := range refused {
			for _, a := range []care.Actor{w.noor, w.leilani, w.maya, w.elias} {
				if _, err := w.chat.ScheduledMessage(ctx, a, id); err == nil {
					authors[id] = a
				}
			}
			if got := w.scheduled(authors[id], id); got.State != ScheduleSkipped || got.Why != refused[id] {
				w.t.Errorf("%q is %s because of %q, want %q", got.Body, got.State, got.Why, refused[id])
			}
		}
		if got := w.scheduled(w.noor, goes.ID); got.State != ScheduleSent {
			w.t.Errorf("the allowed one is %s, %s", got.State, got.Why)
		}
		if got := w.scheduled(w.sam, gone.ID); got.State != ScheduleSkipped {
			w.t.Errorf("of somebody who is not active any more: %s", got.State)
		}
		if n := w.count(`SELECT COUNT(*) FROM messages WHERE kind = 'text'`); n != 1 {
			w.t.Errorf("%d messages stored", n)
		}
		// What was skipped does not come back when chat is turned on again.
		w.set(w.leilani, "own_direct", true)
		w.now = w.now.Add(time.Hour)
		w.work(w.runner())
		if n := w.count(`SELECT COUNT(*) FROM messages WHERE kind = 'text'`); n != 1 {
			w.t.Errorf("%d messages later", n)
		}
	})
}

func TestSchedulingIsRefusedAtOnce(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		try := func(actor care.Actor, body string, at time.Time, code care.Code) {
			w.t.Helper()
			_, _, err := w.chat.Schedule(ctx, actor, Draft{Conversation: c.ID, Body: body}, at)
			w.refused(err, code)
		}
		try(w.noor, "Too late", w.now, care.CodeInvalid)
		try(w.noor, "Too far", w.now.Add(400*24*time.Hour), care.CodeInvalid)
		try(w.noor, " ", w.now.Add(time.Hour), care.CodeInvalid)
		try(w.elias, "Not in it", w.now.Add(time.Hour), care.CodeNotFound)
		try(w.mallory, "Elsewhere", w.now.Add(time.Hour), care.CodeNotFound)
		w.set(w.leilani, "own_direct", false)
		try(w.noor, "D off", w.now.Add(time.Hour), care.CodeChatUnavailable)
		try(w.leilani, "D off", w.now.Add(time.Hour), care.CodeChatUnavailable)
		if n := w.count(`SELECT COUNT(*) FROM scheduled_messages`) + w.count(`SELECT COUNT(*) FROM jobs`); n != 0 {
			w.t.Errorf("%d rows stored", n)
		}
	})
}

func TestRepeatedScheduling(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		d, at := Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Body: "Once"}, w.now.Add(time.Hour)
		first, created, err := w.chat.Schedule(ctx, w.noor, d, at)
		if err != nil || !created {
			w.t.Fatal(created, err)
		}
		again, created, err := w.chat.Schedule(ctx, w.noor, d, at)
		if err != nil || created || again.ID != first.ID {
			w.t.Errorf("again: created %v, %v", created, err)
		}
		_, _, err = w.chat.Schedule(ctx, w.noor, d, at.Add(time.Minute))
		w.refused(err, care.CodeIDReused)
		_, _, err = w.chat.Schedule(ctx, w.leilani, d, at)
		w.refused(err, care.CodeIDReused)
		_, _, err = w.chat.Schedule(ctx, w.mallory, d, at)
		w.refused(err, care.CodeNotFound)
		// After it went, the request still gives what became of it; also when D is off.
		w.now = at
		w.work(w.runner())
		w.set(w.leilani, "own_direct", false)
		if again, created, err = w.chat.Schedule(ctx, w.noor, d, at); err != nil || created || again.State != ScheduleSent {
			w.t.Errorf("after it went: %+v, %v", again, err)
		}
		// An id that a message has cannot be scheduled, and the reverse says so when due.
		w.set(w.leilani, "own_direct", true)
		m := w.say(w.noor, c, "Stored")
		_, _, err = w.chat.Schedule(ctx, w.noor, Draft{ID: m.ID, Conversation: c.ID, Body: "Stored"}, w.now.Add(time.Hour))
		w.refused(err, care.CodeIDReused)
		taken := w.later(w.noor, c, "Was first", time.Hour)
		if _, _, err := w.chat.Send(ctx, w.noor, Draft{ID: taken.ID, Conversation: c.ID, Body: "Went before"}); err != nil {
			w.t.Fatal(err)
		}
		w.now = w.now.Add(time.Hour)
		w.work(w.runner())
		if got := w.scheduled(w.noor, taken.ID); got.State != ScheduleSkipped || got.Why != care.CodeIDReused {
			w.t.Errorf("with an id that was used: %s %s", got.State, got.Why)
		}
	})
}

func TestChangingAScheduledMessage(t *testing.T) {
	engines(t, func(w *world) {
		c, r := w.open(w.noor, care.Direct, w.leilani), w.runner()
		m := w.later(w.noor, c, "Tomorrow at 10", time.Hour)
		w.events.take()
		body, at := "Tomorrow at 11", w.now.Add(3*time.Hour)
		changed, err := w.chat.Reschedule(ctx, w.noor, m.ID, ScheduleChange{Version: &m.Version, Body: &body, SendAt: &at})
		if err != nil || changed.Version != 2 || changed.Body != body || !changed.SendAt.Equal(at) {
			w.t.Fatalf("%+v, %v", changed, err)
		}
		if events := w.events.take(); len(events) != 1 || events[0].Type != care.EventScheduledUpdated {
			w.t.Errorf("events %v", events)
		}
		refusal := w.refused(second(w.chat.Reschedule(ctx, w.noor, m.ID, ScheduleChange{Version: &m.Version, Body: &body})), care.CodeVersionConflict)
		if current, is := refusal.Current.(Scheduled); !is || current.Version != 2 {
			w.t.Errorf("current is %+v", refusal.Current)
		}
		past := w.now
		w.refused(second(w.chat.Reschedule(ctx, w.noor, m.ID, ScheduleChange{SendAt: &past})), care.CodeInvalid)
		w.refused(second(w.chat.Reschedule(ctx, w.elias, m.ID, ScheduleChange{Body: &body})), care.CodeNotFound)
		w.set(w.leilani, "own_direct", false)
		w.refused(second(w.chat.Reschedule(ctx, w.noor, m.ID, ScheduleChange{Body: &body})), care.CodeChatUnavailable)
		w.set(w.leilani, "own_direct", true)

		w.now = w.now.Add(time.Hour) // the first job finds it not due
		w.work(r)
		if got := w.scheduled(w.noor, m.ID); got.State != ScheduleWaiting {
			w.t.Fatalf("at the old time it is %s", got.State)
		}
		soon := w.now.Add(time.Minute)
		if _, err := w.chat.Reschedule(ctx, w.noor, m.ID, ScheduleChange{SendAt: &soon}); err != nil {
			w.t.Fatal(err)
		}
		w.now = soon
		w.work(r)
		if got := w.history(w.leilani, c, Page{}); len(got) != 1 || got[0] != "1 Tomorrow at 11" {
			w.t.Errorf("history %q", got)
		}
		w.refused(second(w.chat.Reschedule(ctx, w.noor, m.ID, ScheduleChange{Body: &body})), care.CodeVersionConflict)
		w.refused(w.chat.CancelScheduled(ctx, w.noor, m.ID), care.CodeVersionConflict)
	})
}

func second[T any](_ T, err error) error { return err }

func TestCancellingAScheduledMessage(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		m := w.later(w.noor, c, "Never mind", time.Hour)
		w.refused(w.chat.CancelScheduled(ctx, w.elias, m.ID), care.CodeNotFound)
		w.set(w.leilani, "own_direct", false) // taking back is not sending
		if err := w.chat.CancelScheduled(ctx, w.noor, m.ID); err != nil {
			w.t.Fatal(err)
		}
		w.refused(w.chat.CancelScheduled(ctx, w.noor, m.ID), care.CodeNotFound)
		w.set(w.leilani, "own_direct", true)
		w.now = w.now.Add(time.Hour)
		w.work(w.runner())
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 0 {
			w.t.Errorf("%d messages", n)
		}
		if n := w.count(`SELECT COUNT(*) FROM scheduled_messages WHERE body <> ''`); n != 0 {
			w.t.Error("the text is still there")
		}
		if list, _, err := w.chat.ScheduledList(ctx, w.noor, ScheduleFilter{}, nil, 10); err != nil || len(list) != 0 {
			w.t.Errorf("listed %v, %v", list, err)
		}
	})
}

func TestScheduledList(t *testing.T) {
	engines(t, func(w *world) {
		c, team := w.open(w.noor, care.Direct, w.leilani), w.open(w.noor, care.Internal, w.elias)
		first, r := w.later(w.noor, c, "First", time.Hour), w.runner()
		w.later(w.elias, team, "Not Noor’s", time.Hour)
		w.now = w.now.Add(time.Hour)
		w.work(r)
		second, third := w.later(w.noor, team, "Second", time.Hour), w.later(w.noor, c, "Third", 2*time.Hour)
		list := func(f ScheduleFilter) (bodies string) {
			w.t.Helper()
			var after *ScheduleCursor
			for {
				part, next, err := w.chat.ScheduledList(ctx, w.noor, f, after, 2)
				if err != nil {
					w.t.Fatal(err)
				}
				for _, m := range part {
					bodies += m.Body + " "
				}
				if after = next; next == nil {
					return bodies
				}
			}
		}
		for want, f := range map[string]ScheduleFilter{
			third.Body + " " + second.Body + " " + first.Body + " ": {},
			third.Body + " " + second.Body + " ":                    {State: ScheduleWaiting},
			first.Body + " ":                                        {State: ScheduleSent},
			third.Body + " " + first.Body + " ":                     {Conversation: c.ID},
		} {
			if got := list(f); got != want {
				w.t.Errorf("%+v: %q, want %q", f, got, want)
			}
		}
		w.now = w.now.Add(keepSettled)
		if got := list(ScheduleFilter{}); got != "Third Second " {
			w.t.Errorf("after 30 days: %q", got)
		}
		// The sweep forgets the old one, and sends those whose jobs died.
		w.exec(`UPDATE jobs SET state = 'dead' WHERE kind = 'scheduled.send'`)
		w.work(w.runner())
		if n := w.count(`SELECT COUNT(*) FROM scheduled_messages WHERE id = $1`, first.ID); n != 0 {
			w.t.Error("the old row is still there")
		}
		if got := list(ScheduleFilter{State: ScheduleSent}); got != "Third Second " {
			w.t.Errorf("whose jobs died: %q", got)
		}
	})
}

// Two nodes look at the same moment: one message, told once.
func TestTwoNodesSendAScheduledMessageOnce(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		node := New(w.db, func() time.Time { return w.now }, w.events)
		defer node.Close()
		var ids []care.MessageID
		for range 8 {
			ids = append(ids, w.later(w.noor, c, "Once", time.Hour).ID)
		}
		w.now = w.now.Add(time.Hour)
		w.events.take()
		var wait sync.WaitGroup
		for _, service := range []*Service{w.chat, node, w.chat, node} {
			wait.Go(func() {
				for _, id := range ids {
					if err := service.SendScheduled(context.Background(), id, c.ID); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wait.Wait()
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 8 {
			w.t.Errorf("%d messages", n)
		}
		w.chat.Close()
		node.Close()
		if events := w.events.take(); len(events) != 16 {
			w.t.Errorf("%d events, want 8 messages and 8 updates", len(events))
		}
	})
}

// An edit that has locked the row comes wholly before the sending, which waits: the new
// text goes.
func TestEditThenSendScheduled(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		m := w.later(w.noor, c, "As it was", time.Hour)
		w.now = w.now.Add(time.Hour)
		began, finish, edited := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			edited <- w.db.Write(ctx, func(tx *db.Tx) error {
				row, err := waiting(ctx, tx, w.noor, m.ID, nil)
				if err != nil {
					return err
				}
				body := "Edited"
				err = w.chat.reschedule(ctx, tx, w.noor, &row, ScheduleChange{Body: &body})
				close(began)
				<-finish
				return err
			})
		}()
		<-began
		sent := make(chan error, 1)
		go func() { sent <- w.chat.SendScheduled(ctx, m.ID, c.ID) }()
		select {
		case err := <-sent:
			w.t.Errorf("the send did not wait: %v", err)
		case <-time.After(aWhile):
		}
		close(finish)
		if err := <-edited; err != nil {
			w.t.Fatal(err)
		}
		if err := <-sent; err != nil {
			w.t.Fatal(err)
		}
		if got := w.history(w.leilani, c, Page{}); len(got) != 1 || got[0] != "1 Edited" {
			w.t.Errorf("history %q", got)
		}
	})
}

// A message that is on its way cannot be taken back: who cancels is told that it has gone.
func TestSendThenCancelScheduled(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		m := w.later(w.noor, c, "On its way", time.Hour)
		w.now = w.now.Add(time.Hour)
		taken, finish, sent := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		go func() {
			sent <- w.db.Write(ctx, func(tx *db.Tx) error {
				batch := []*pending{{ctx: ctx, scheduled: true, draft: Draft{ID: m.ID, Conversation: c.ID}}}
				going, err := w.chat.takeScheduled(ctx, tx, batch)
				if err != nil {
					return err
				}
				facts, err := loadFacts(ctx, tx, going)
				if err != nil {
					return err
				}
				close(taken)
				<-finish
				if _, err := w.chat.storeAllowed(ctx, tx, facts, going); err != nil {
					return err
				}
				_, err = w.chat.settleScheduled(ctx, tx, going)
				return err
			})
		}()
		<-taken
		cancelled := make(chan error, 1)
		go func() { cancelled <- w.chat.CancelScheduled(ctx, w.noor, m.ID) }()
		select {
		case err := <-cancelled:
			w.t.Errorf("the cancel did not wait: %v", err)
		case <-time.After(aWhile):
		}
		close(finish)
		if err := <-sent; err != nil {
			w.t.Fatal(err)
		}
		w.refused(<-cancelled, care.CodeVersionConflict)
		if got := w.history(w.leilani, c, Page{}); len(got) != 1 {
			w.t.Errorf("history %q", got)
		}
	})
}

// A process that is killed in the middle leaves the message waiting, and it goes once.
func TestScheduledMessageSurvivesACrash(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		m := w.later(w.noor, c, "Once", time.Hour)
		w.now = w.now.Add(time.Hour)
		// The job was claimed and nothing came of it: its lease runs out.
		dead := jobs.New(w.db, func() time.Time { return w.now }, jobs.Config{})
		dead.Handle(jobScheduled, func(ctx context.Context, _ *jobs.Claim) error { return context.Canceled })
		if _, err := dead.Work(ctx); err != nil {
			w.t.Fatal(err)
		}
		if got := w.scheduled(w.noor, m.ID); got.State != ScheduleWaiting {
			w.t.Fatalf("after the crash it is %s", got.State)
		}
		// Or it went, and the end of the job was not stored: the job runs again.
		w.now = w.now.Add(2 * time.Minute)
		for range 2 {
			if err := w.chat.SendScheduled(ctx, m.ID, c.ID); err != nil {
				w.t.Fatal(err)
			}
		}
		w.work(w.runner())
		if got := w.history(w.leilani, c, Page{}); len(got) != 1 {
			w.t.Errorf("history %q", got)
		}
	})
}
