package webhook

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/outbox"
)

func TestEachWebhookIsToldWhatItWants(t *testing.T) {
	engines(t, func(w *world) {
		all, blasts, theirs := w.receiver(nil), w.receiver(nil), w.receiver(nil)
		_, secret := w.endpoint(all.URL + "/in?key=1")
		w.endpoint(blasts.URL, BlastFinished)
		_, _, err := w.svc.Create(ctx, w.mallory, NewEndpoint{URL: theirs.URL, Events: Events})
		w.must(err)
		id := [16]byte{1, 2, 3}
		w.happens(
			message(9),
			outbox.Event{Kind: outbox.ConversationCreated, Subject: id},
			outbox.Event{Kind: outbox.ConversationClosed, Subject: id},
			outbox.Event{Kind: outbox.ChatAccessChanged, Subject: id, Seq: outbox.OfClient},
			outbox.Event{Kind: outbox.ChatAccessChanged, Subject: id, Seq: outbox.OfGroup},
			outbox.Event{Kind: outbox.ChatAccessChanged, Subject: id, Seq: outbox.OfChange},
			outbox.Event{Kind: outbox.BlastFinished, Subject: id},
			outbox.Event{Kind: outbox.UnansweredTeam, Subject: id},
			outbox.Event{Kind: outbox.BlastFinished, Subject: [16]byte{9}, Org: w.other},
		)
		w.work(9)
		const stamp = `"timestamp":"2026-03-02T09:30:00.000Z"`
		ours := care.ConversationID(id).String()
		want := []string{
			`{"type":"blast.finished",` + stamp + `,"data":{"blast_id":"` + ours + `"}}`,
			`{"type":"chat_access.changed",` + stamp + `,"data":{"change_id":"` + ours + `"}}`,
			`{"type":"chat_access.changed",` + stamp + `,"data":{"client_id":"` + ours + `"}}`,
			`{"type":"chat_access.changed",` + stamp + `,"data":{"group_id":"` + ours + `"}}`,
			`{"type":"conversation.closed",` + stamp + `,"data":{"conversation_id":"` + ours + `"}}`,
			`{"type":"conversation.created",` + stamp + `,"data":{"conversation_id":"` + ours + `"}}`,
			`{"type":"message.created",` + stamp + `,"data":{"conversation_id":"` + care.ConversationID{7}.String() + `","seq":9}}`,
		}
		if got := all.bodies(); !slices.Equal(got, want) {
			t.Errorf("told\n%s", strings.Join(got, "\n"))
		}
		if got := blasts.bodies(); !slices.Equal(got, want[:1]) {
			t.Errorf("who wants blasts is told %q", got)
		}
		if got := theirs.bodies(); len(got) != 1 || strings.Contains(got[0], ours) {
			t.Errorf("the other practice is told %q", got)
		}
		for _, c := range all.got() {
			if !genuine(secret, c, w.clock.Now()) || c.Path != "/in?key=1" || c.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s %v", c.Path, c.Header)
			}
		}
		w.work(0)
	})
}

func TestNothingIsWrittenWhereNobodyWantsIt(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(nil)
		w.happens(message(1))
		e, _ := w.endpoint(r.URL, BlastFinished)
		w.happens(message(2))
		off, _ := w.endpoint(r.URL, MessageCreated)
		no := false
		w.edit(off.ID, Change{Active: &no})
		w.happens(message(3))
		gone, _ := w.endpoint(r.URL, MessageCreated)
		w.must(w.svc.Delete(ctx, w.olga, gone.ID))
		w.happens(message(4))
		if n := w.count(`SELECT COUNT(*) FROM webhook_deliveries`) + len(w.deliveries(e.ID)); n != 0 {
			t.Errorf("%d deliveries", n)
		}
		w.work(0)
	})
}

// TestAWebhookThatIsDownForHours is told in the end, with the same id and body.
func TestAWebhookThatIsDownForHours(t *testing.T) {
	engines(t, func(w *world) {
		var down atomic.Bool
		down.Store(true)
		r := w.receiver(nil)
		r.answer = func(rw http.ResponseWriter, q *http.Request, _ int) {
			if down.Load() {
				panic(http.ErrAbortHandler) // the connection breaks
			}
		}
		e, secret := w.endpoint(r.URL)
		w.happens(message(1))
		start := w.clock.Now()
		at := w.until(start.Add(6 * time.Hour))
		if len(at) < 6 || len(at) > 12 {
			t.Fatalf("tried %d times in six hours: %v", len(at), at)
		}
		if early, late := at[3].Sub(at[0]), at[len(at)-1].Sub(at[len(at)-2]); late < 10*early {
			t.Errorf("tried at %v: not later and later", at)
		}
		if d := w.only(e.ID); d.State != Waiting || d.Attempts != len(at) || d.Why != whyAnswer || d.Status != 0 || !d.DueAt.After(w.clock.Now()) {
			t.Errorf("%+v", d)
		}
		down.Store(false)
		more := w.until(start.Add(12 * time.Hour))
		if len(more) != 1 {
			t.Fatalf("%d calls once it was back", len(more))
		}
		calls := r.got()
		last := calls[len(calls)-1]
		if first := calls[0]; first.id() != last.id() || first.Body != last.Body || first.Header.Get("webhook-timestamp") == last.Header.Get("webhook-timestamp") {
			t.Errorf("%v and %v", first, last)
		}
		if !genuine(secret, last, more[0]) || genuine(secret, last, start) {
			t.Error("the time of a call is not that of its sending")
		}
		if d := w.only(e.ID); d.State != Delivered || d.Status != 200 || d.Why != "" || !d.DueAt.IsZero() || w.look(e.ID).LastState != Delivered {
			t.Errorf("%+v", d)
		}
	})
}

func TestADayOfFailuresIsToldAndFiveSwitchItOff(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(status(500))
		e, _ := w.endpoint(r.URL)
		w.happens(message(1))
		start := w.clock.Now()
		w.until(start.Add(23 * time.Hour))
		if now := w.look(e.ID); !now.FailingSince.IsZero() || now.LastState != Failed || !now.Active || w.only(e.ID).State != Waiting {
			t.Errorf("before the day is over: %+v", now)
		}
		w.until(start.Add(25 * time.Hour))
		d := w.only(e.ID)
		if d.State != Failed || d.Status != 500 || d.Why != whyStatus || !d.DueAt.IsZero() || d.Attempts < 10 || d.Attempts > 20 {
			t.Errorf("after a day: %+v", d)
		}
		if last := d.TriedAt.Sub(start); last < 23*time.Hour+50*time.Minute || last > 24*time.Hour+10*time.Minute { // the clock goes on while a call is settled
			t.Errorf("tried for %v", last)
		}
		if now := w.look(e.ID); !now.FailingSince.Equal(start) || !now.Active {
			t.Errorf("after a day: %+v", now)
		}
		for hour := 0; hour < 5*24 && w.look(e.ID).Active; hour += 2 {
			w.happens(message(2))
			w.until(w.clock.Now().Add(2 * time.Hour))
		}
		now := w.look(e.ID)
		if off := w.clock.Now().Sub(start); now.Active || now.DisabledWhy != WhyFailing || off < 5*24*time.Hour || off > 6*24*time.Hour {
			t.Errorf("after %v: %+v", off, now)
		}
		w.must(w.svc.Sweep(ctx))
		before := len(r.got())
		w.happens(message(3))
		w.clock.Advance(25 * time.Hour)
		w.must(w.svc.Sweep(ctx))
		w.work(0)
		if w.count(`SELECT COUNT(*) FROM webhook_deliveries WHERE state <> 'failed'`) != 0 || len(r.got()) != before {
			t.Error("something is left to be sent")
		}
		if acts := w.acts(); !slices.Equal(acts, []string{"webhook.created", "webhook.failing", "webhook.disabled"}) {
			t.Errorf("on record: %q", acts)
		}
		yes := true
		if on := w.edit(e.ID, Change{Active: &yes}); on.DisabledWhy != "" || !on.FailingSince.IsZero() {
			t.Errorf("on again: %+v", on)
		}
		r.answer = nil
		w.happens(message(4))
		w.work(1)
	})
}

func TestGoneSwitchesOffAndWhatWaitsIsSentWhenItIsOnAgain(t *testing.T) {
	engines(t, func(w *world) {
		var both sync.WaitGroup
		both.Add(2)
		var came atomic.Int64
		r := w.receiver(func(rw http.ResponseWriter, _ *http.Request, _ int) {
			if came.Add(1) <= 2 { // both are on their way before the first is answered
				both.Done()
				both.Wait()
			}
			rw.WriteHeader(http.StatusGone)
		})
		e, _ := w.endpoint(r.URL)
		w.happens(message(1), message(2))
		w.work(2)
		now := w.look(e.ID)
		if now.Active || now.DisabledWhy != WhyGone || now.Version != e.Version+1 {
			t.Errorf("%+v", now)
		}
		w.happens(message(3))
		w.clock.Advance(time.Hour)
		w.work(0)
		for _, d := range w.deliveries(e.ID) {
			if d.State != Failed || d.Status != http.StatusGone {
				t.Errorf("%+v", d)
			}
		}
		if acts := w.acts(); !slices.Equal(acts, []string{"webhook.created", "webhook.disabled"}) {
			t.Errorf("on record: %q", acts)
		}
		yes, no := true, false
		w.edit(e.ID, Change{Active: &yes})
		w.happens(message(4))
		w.edit(e.ID, Change{Active: &no})
		w.work(0)
		r.answer = nil
		w.edit(e.ID, Change{Active: &yes})
		w.work(1)
	})
}

func TestTheOtherSideSaysWhen(t *testing.T) {
	engines(t, func(w *world) {
		for name, after := range map[string]func() string{
			"seconds": func() string { return "7200" },
			"a date":  func() string { return w.clock.Now().Add(2 * time.Hour).Format(http.TimeFormat) },
		} {
			r := w.receiver(nil)
			r.answer = func(rw http.ResponseWriter, _ *http.Request, n int) {
				if n == 1 {
					rw.Header().Set("Retry-After", after())
					rw.WriteHeader(http.StatusTooManyRequests)
				}
			}
			e, _ := w.endpoint(r.URL)
			w.happens(message(1))
			w.work(1)
			w.happens(message(2)) // waits like the other: it is the webhook that is asked to rest
			start := w.clock.Now()
			if at := w.until(start.Add(3 * time.Hour)); len(at) != 2 || at[0].Before(start.Add(2*time.Hour)) {
				t.Errorf("%s: called at %v, not before %v", name, at, start.Add(2*time.Hour))
			}
			w.must(w.svc.Delete(ctx, w.olga, e.ID))
		}
		r := w.receiver(func(rw http.ResponseWriter, _ *http.Request, _ int) {
			rw.Header().Set("Retry-After", "9999999")
			rw.WriteHeader(http.StatusServiceUnavailable)
		})
		e, _ := w.endpoint(r.URL)
		w.happens(message(1))
		w.work(1)
		if d := w.only(e.ID); d.State != Waiting || d.DueAt.Before(w.clock.Now().Add(TryFor)) {
			t.Errorf("asked to wait for longer than is tried: %+v", d)
		}
		w.clock.Advance(TryFor)
		w.work(1)
		if d := w.only(e.ID); d.State != Failed || d.Status != http.StatusServiceUnavailable {
			t.Errorf("%+v", d)
		}
	})
}

func TestReplay(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(nil)
		e, _ := w.endpoint(r.URL)
		w.happens(message(1))
		w.work(1)
		d := w.only(e.ID)
		again, err := w.svc.Replay(ctx, w.olga, e.ID, d.ID)
		w.must(err)
		if again.State != Waiting || again.Attempts != 0 || again.ID != d.ID {
			t.Errorf("%+v", again)
		}
		w.work(1)
		if calls := r.got(); len(calls) != 2 || calls[0].id() != calls[1].id() || calls[0].Body != calls[1].Body || calls[0].id() != d.ID.String() {
			t.Errorf("%+v", calls)
		}
		r.answer = status(500)
		_, err = w.svc.Replay(ctx, w.olga, e.ID, d.ID)
		w.must(err)
		w.clock.Advance(48 * time.Hour)
		w.work(1)
		if d := w.only(e.ID); d.State != Failed {
			t.Errorf("the day of a replay: %+v", d)
		}
		_, err = w.svc.Replay(ctx, w.olga, e.ID, d.ID)
		w.must(err)
		w.work(1)
		if d := w.only(e.ID); d.State != Waiting || d.Attempts != 1 {
			t.Errorf("a replay is tried for a day too: %+v", d)
		}
		r.answer = nil
		_, err = w.svc.Replay(ctx, w.olga, e.ID, d.ID) // it need not wait any longer
		w.must(err)
		w.work(1)
		if d := w.only(e.ID); d.State != Delivered {
			t.Errorf("%+v", d)
		}

		_, err = w.svc.Replay(ctx, w.olga, e.ID, care.DeliveryID{1})
		w.refused(err, care.NotFound, "")
		_, err = w.svc.Replay(ctx, w.mallory, e.ID, d.ID)
		w.refused(err, care.NotFound, "")
		_, err = w.svc.Replay(ctx, w.sally, e.ID, d.ID)
		w.refused(err, care.Forbidden, "")
		no := false
		w.edit(e.ID, Change{Active: &no})
		_, err = w.svc.Replay(ctx, w.olga, e.ID, d.ID)
		w.refused(err, care.Invalid, "")
		if n := len(slices.DeleteFunc(w.acts(), func(act string) bool { return act != "webhook.replayed" })); n != 4 {
			t.Errorf("%d replays on record", n)
		}
	})
}

func TestReplayOfOneThatIsBeingSent(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(nil)
		e, _ := w.endpoint(r.URL)
		w.happens(message(1))
		batches, err := w.svc.round(ctx, nil, nil)
		w.must(err)
		d, err := w.svc.Replay(ctx, w.olga, e.ID, w.only(e.ID).ID)
		w.must(err)
		if d.State != Sending || d.Attempts != 1 {
			t.Errorf("%+v", d)
		}
		w.work(0)
		w.svc.send(ctx, batches[0], func(o outcome) {
			_, err := w.svc.round(ctx, []outcome{o}, nil)
			w.must(err)
		})
		if d := w.only(e.ID); d.State != Delivered || len(r.got()) != 1 {
			t.Errorf("%+v", d)
		}
	})
}

func TestDeliveriesInPages(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(func(rw http.ResponseWriter, q *http.Request, _ int) {
			if q.ContentLength > 0 && strings.HasSuffix(q.URL.Path, "bad") {
				rw.WriteHeader(500)
			}
		})
		good, _ := w.endpoint(r.URL + "/good")
		bad, _ := w.endpoint(r.URL + "/bad")
		for i := range 7 {
			w.clock.Advance(time.Second)
			w.happens(message(int64(i + 1)))
		}
		_, err := w.svc.Work(ctx)
		w.must(err)
		var seen []int64
		f := Filter{Limit: 3, State: Delivered}
		for {
			list, more, err := w.svc.Deliveries(ctx, w.olga, good.ID, f)
			w.must(err)
			for _, d := range list {
				seen = append(seen, d.Data.Seq)
				f.Before = d.ID
			}
			if !more {
				break
			}
		}
		if want := []int64{7, 6, 5, 4, 3, 2, 1}; !slices.Equal(seen, want) {
			t.Errorf("delivered %v", seen)
		}
		for state, want := range map[State]int{"": 7, Waiting: 7, Delivered: 0, Failed: 0} {
			if list, more, err := w.svc.Deliveries(ctx, w.olga, bad.ID, Filter{Limit: 50, State: state}); err != nil || more || len(list) != want {
				t.Errorf("%q: %d, %v", state, len(list), err)
			}
		}
		_, _, err = w.svc.Deliveries(ctx, w.olga, bad.ID, Filter{Limit: 5, State: "lost"})
		w.refused(err, care.Invalid, "state")
		_, _, err = w.svc.Deliveries(ctx, w.mallory, bad.ID, Filter{Limit: 5})
		w.refused(err, care.NotFound, "")
		_, _, err = w.svc.Deliveries(ctx, w.sally, bad.ID, Filter{Limit: 5})
		w.refused(err, care.Forbidden, "")
	})
}

func TestSweepKeepsWhatIsYoung(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(nil)
		e, _ := w.endpoint(r.URL)
		gone, _ := w.endpoint(r.URL + "/gone")
		w.happens(messages(600)...)
		w.work(1200)
		w.clock.Advance(KeepFor - time.Minute)
		w.happens(message(1))
		w.must(w.svc.Sweep(ctx))
		if n := len(w.deliveries(e.ID)); n != 601 {
			t.Errorf("%d are kept, want 601", n)
		}
		w.must(w.svc.Delete(ctx, w.olga, gone.ID))
		if n := w.count(`SELECT COUNT(*) FROM webhooks WHERE url LIKE '%gone%' OR LENGTH(secret) = 0`); n != 1 {
			t.Errorf("a deleted webhook keeps its address: %d", n)
		}
		w.clock.Advance(2 * time.Minute)
		w.must(w.svc.Sweep(ctx))
		if d := w.only(e.ID); d.Data.Seq != 1 || d.State != Waiting {
			t.Errorf("%+v", d)
		}
		if n := w.count(`SELECT COUNT(*) FROM webhook_deliveries`) + w.count(`SELECT COUNT(*) FROM webhooks`); n != 2 {
			t.Errorf("%s is left", fmt.Sprint(n, " rows"))
		}
	})
}
