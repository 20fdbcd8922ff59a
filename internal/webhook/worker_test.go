package webhook

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// running has a node send in the background until the test ends or stop is called, which
// waits for its end.
func (w *world) running(node *Service) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var end sync.WaitGroup
	end.Go(func() { node.Run(ctx, func(err error) { w.t.Errorf("the store: %v", err) }) })
	stop = func() { cancel(); end.Wait() }
	w.t.Cleanup(stop)
	return stop
}

// eventually waits for what happens in the background.
func (w *world) eventually(what string, so func() bool) {
	w.t.Helper()
	for range 3000 {
		if so() {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	w.t.Fatalf("it does not come to that: %s", what)
}

func TestOneThatHangsHoldsUpNoOther(t *testing.T) {
	engines(t, func(w *world) {
		free := make(chan struct{})
		hanging := w.receiver(func(rw http.ResponseWriter, q *http.Request, _ int) {
			select {
			case <-free:
			case <-q.Context().Done():
			}
		})
		quick := w.receiver(nil)
		slow, _ := w.endpoint(hanging.URL)
		w.endpoint(quick.URL)
		w.running(w.svc)
		w.happens(messages(200)...)
		w.eventually("the quick one has everything", func() bool { return len(quick.got()) == 200 })
		if n := len(hanging.got()); n == 0 || n > together {
			t.Errorf("%d calls hang, want a few", n)
		}
		close(free)
		w.eventually("the slow one has everything", func() bool { return len(hanging.got()) == 200 })
		w.eventually("all is settled", func() bool {
			return w.count(`SELECT COUNT(*) FROM webhook_deliveries WHERE webhook_id = $1 AND state = 'delivered' AND attempts = 1`, slow.ID) == 200
		})
	})
}

func TestACallThatTakesTooLongIsAFailure(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(func(_ http.ResponseWriter, q *http.Request, _ int) { <-q.Context().Done() })
		e, _ := w.endpoint(r.URL)
		w.svc.callTime = 50 * time.Millisecond
		w.happens(messages(20)...)
		calls, err := w.svc.Work(ctx)
		w.must(err)
		if calls == 0 || calls > together+1 {
			t.Errorf("%d calls before it was let rest", calls)
		}
		states := map[State]int{}
		tried := 0
		for _, d := range w.deliveries(e.ID) {
			states[d.State]++
			if d.Attempts > 0 {
				tried++
				if d.Why != whyTimeout || d.Status != 0 {
					t.Errorf("%+v", d)
				}
			}
		}
		if states[Waiting] != 20 || tried != calls {
			t.Errorf("%v, %d tried with %d calls", states, tried, calls)
		}
	})
}

// TestOneThatIsRefusedKeepsNoOtherWaiting has a receiver that cannot take one event.
func TestOneThatIsRefusedKeepsNoOtherWaiting(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(nil)
		r.answer = func(rw http.ResponseWriter, _ *http.Request, _ int) {
			calls := r.got()
			if _, data := parsed(t, calls[len(calls)-1].Body); data["seq"] == 3.0 {
				rw.WriteHeader(http.StatusInternalServerError)
			}
		}
		e, _ := w.endpoint(r.URL)
		for n := range int64(10) { // one after the other, so that it is known who is answered
			w.happens(message(n + 1))
			w.work(1)
		}
		for _, d := range w.deliveries(e.ID) {
			if want := map[bool]State{true: Waiting, false: Delivered}[d.Data.Seq == 3]; d.State != want {
				t.Errorf("%d is %s", d.Data.Seq, d.State)
			}
		}
		if now := w.look(e.ID); now.LastState != Delivered || now.failures != 0 {
			t.Errorf("%+v", now)
		}
	})
}

func TestNoRedirectIsFollowed(t *testing.T) {
	engines(t, func(w *world) {
		target := w.receiver(nil)
		for _, code := range []int{301, 302, 303, 307, 308} {
			r := w.receiver(func(rw http.ResponseWriter, q *http.Request, _ int) { http.Redirect(rw, q, target.URL, code) })
			e, _ := w.endpoint(r.URL)
			d, err := w.svc.Test(ctx, w.olga, e.ID)
			if err != nil || d.State != Failed || d.Status != code || d.Why != whyRedirect {
				t.Errorf("%d: %+v %v", code, d, err)
			}
		}
		if n := len(target.got()); n != 0 {
			t.Errorf("%d calls went where a redirect led", n)
		}
	})
}

func TestTwoNodesDeliverOnce(t *testing.T) {
	engines(t, func(w *world) {
		r, other := w.receiver(nil), w.receiver(nil)
		w.endpoint(r.URL)
		w.endpoint(other.URL)
		nodes := []*Service{w.svc, w.node()}
		for _, node := range nodes {
			w.running(node)
		}
		const n = 600
		for part := range slices.Chunk(messages(n), 50) {
			w.happens(part...)
		}
		w.eventually("all is settled", func() bool {
			return w.count(`SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'delivered'`) == 2*n
		})
		for _, r := range []*receiver{r, other} {
			seen := map[string]int{}
			for _, c := range r.got() {
				seen[c.id()]++
			}
			if len(seen) != n || len(r.got()) != n {
				t.Errorf("%d calls of %d events", len(r.got()), len(seen))
			}
		}
	})
}

// TestKilledBetweenTheCallAndItsAnswer leaves a claim as a node that was killed does.
func TestKilledBetweenTheCallAndItsAnswer(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(nil)
		e, _ := w.endpoint(r.URL)
		w.happens(message(1))
		killed := w.node()
		batches, err := killed.round(ctx, nil, nil)
		w.must(err)
		var lost []outcome
		killed.send(ctx, batches[0], func(o outcome) { lost = append(lost, o) })
		w.clock.Advance(lease - time.Millisecond)
		w.work(0)
		if d := w.only(e.ID); d.State != Sending {
			t.Errorf("%+v", d)
		}
		w.clock.Advance(time.Millisecond)
		w.work(1)
		if calls := r.got(); len(calls) != 2 || calls[0].id() != calls[1].id() || calls[0].Body != calls[1].Body {
			t.Errorf("%+v", calls)
		}
		settled := w.only(e.ID)
		if settled.State != Delivered || settled.Attempts != 2 {
			t.Errorf("%+v", settled)
		}
		// Whoever comes too late changes nothing any more.
		lost[0].verdict = verdict{status: 500, why: whyStatus}
		_, err = killed.round(ctx, lost, nil)
		w.must(err)
		if d := w.only(e.ID); d.State != Delivered || d.Status != settled.Status {
			t.Errorf("%+v", d)
		}
	})
}

// TestWhatIsTakenIsWrittenOnce has the transaction that takes events be undone.
func TestWhatIsTakenIsWrittenOnce(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(nil)
		w.endpoint(r.URL)
		failing := &later{fail: true}
		w.outbox = outbox.New(w.db, w.clock.Now, w.svc, failing)
		w.must(w.db.Write(ctx, func(tx *db.Tx) error {
			e := message(1)
			e.Org, e.At = w.org, w.clock.Now()
			return outbox.Append(ctx, tx, e)
		}))
		if _, err := w.outbox.Work(ctx); err == nil {
			t.Error("nobody says that a consumer failed")
		}
		if n := w.count(`SELECT COUNT(*) FROM webhook_deliveries`); n != 0 {
			t.Errorf("%d deliveries of what was undone", n)
		}
		failing.fail = false
		w.clock.Advance(time.Minute)
		w.handOut()
		w.work(1)
		w.handOut()
		w.work(0)
	})
}

// later is a consumer behind the webhooks.
type later struct{ fail bool }

func (l *later) Name() string { return "later" }

func (l *later) Take(context.Context, *db.Tx, []*outbox.Event) (func(), error) {
	if l.fail {
		return nil, errors.New("not now")
	}
	return nil, nil
}

func TestAProgramThatEndsSettlesWhatItBegan(t *testing.T) {
	engines(t, func(w *world) {
		free := make(chan struct{})
		r := w.receiver(func(http.ResponseWriter, *http.Request, int) { <-free })
		e, _ := w.endpoint(r.URL)
		stop := w.running(w.svc)
		w.happens(message(1))
		w.eventually("it is being called", func() bool { return len(r.got()) == 1 })
		ended := make(chan struct{})
		go func() { stop(); close(ended) }()
		close(free)
		<-ended
		if d := w.only(e.ID); d.State != Delivered || d.Attempts != 1 {
			t.Errorf("%+v", d)
		}
	})
}

func TestCallsThatAreCutOffAreGivenBack(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(nil)
		r.answer = func(_ http.ResponseWriter, q *http.Request, n int) {
			if n == 1 {
				<-q.Context().Done()
			}
		}
		e, _ := w.endpoint(r.URL)
		w.happens(message(1))
		batches, err := w.svc.round(ctx, nil, nil)
		w.must(err)
		calls, cancel := context.WithCancel(ctx)
		go func() {
			for len(r.got()) == 0 {
				time.Sleep(time.Millisecond)
			}
			cancel()
		}()
		w.svc.send(calls, batches[0], func(o outcome) {
			_, err := w.svc.round(ctx, []outcome{o}, map[care.WebhookID]bool{e.ID: true})
			w.must(err)
		})
		if d := w.only(e.ID); d.State != Waiting || d.Attempts != 0 || d.Why != "" || w.look(e.ID).LastState != "" {
			t.Errorf("%+v", d)
		}
		w.work(1)
	})
}

func TestTheTest(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(nil)
		e, secret := w.endpoint(r.URL, BlastFinished)
		no := false
		w.edit(e.ID, Change{Active: &no})
		d, err := w.svc.Test(ctx, w.olga, e.ID)
		w.must(err)
		call := r.got()[0]
		kind, data := parsed(t, call.Body)
		if d.State != Delivered || d.Status != http.StatusNoContent || kind != "webhook.test" || data["webhook_id"] != e.ID.String() || len(data) != 1 || !genuine(secret, call, w.clock.Now()) || call.id() != d.ID.String() {
			t.Errorf("%+v, %s", d, call.Body)
		}
		if kept := w.only(e.ID); kept.State != Delivered || kept.Data.Webhook != e.ID {
			t.Errorf("%+v", kept)
		}
		r.answer = status(http.StatusTeapot)
		if d, err = w.svc.Test(ctx, w.olga, e.ID); err != nil || d.State != Failed || d.Status != http.StatusTeapot || d.Why != whyStatus {
			t.Errorf("%+v %v", d, err)
		}
		w.clock.Advance(time.Hour)
		w.work(0) // it is not tried again
		r.Close()
		if d, err = w.svc.Test(ctx, w.olga, e.ID); err != nil || d.State != Failed || d.Why != whyConnect || d.Status != 0 {
			t.Errorf("%+v %v", d, err)
		}
		if acts := w.acts(); !slices.Equal(acts, []string{"webhook.created", "webhook.changed", "webhook.tested", "webhook.tested", "webhook.tested"}) {
			t.Errorf("on record: %q", acts)
		}
	})
}
