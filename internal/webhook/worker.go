package webhook

import (
	"bytes"
	"context"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

const (
	// look is how often Run looks when nothing woke it: for what another node wrote, and for
	// what is due again.
	look = time.Second
	// gather is how long Run waits to settle calls together.
	gather = 40 * time.Millisecond
	// lease is how long a delivery belongs to who took it. It is longer than batchTime with a
	// call behind it.
	lease     = time.Minute
	batchTime = 25 * time.Second
	// most is how many deliveries of one webhook are taken at once, and together how many of
	// them are called at one moment.
	most     = 64
	together = 8
	// lanes is for how many webhooks at most a node makes calls at one moment.
	lanes = 256
	// stopTime is how long calls may go on that were begun when the program is to end.
	stopTime = 5 * time.Second
)

// Run sends until ctx ends. Failures of the store go to report; what they are about is tried
// again.
func (s *Service) Run(ctx context.Context, report func(error)) {
	w := &worker{service: s, done: make(chan outcome, most), idle: make(chan care.WebhookID), busy: map[care.WebhookID]bool{}}
	calls, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	tick := time.NewTicker(look)
	defer tick.Stop()
	for ctx.Err() == nil {
		w.wait(ctx, tick.C)
		if err := w.round(ctx, calls); err != nil && ctx.Err() == nil {
			report(err)
		}
	}
	timer := time.AfterFunc(stopTime, stop)
	defer timer.Stop()
	w.finish(context.WithoutCancel(ctx), report)
}

// worker is the state of Run. One goroutine owns it.
type worker struct {
	service *Service
	done    chan outcome
	idle    chan care.WebhookID
	busy    map[care.WebhookID]bool
	settled []outcome
	ready   bool // there may be more to take at once
}

// wait returns when there is something to do, a little later, with what has ended until then.
func (w *worker) wait(ctx context.Context, tick <-chan time.Time) {
	if !w.ready {
		select {
		case <-ctx.Done():
		case <-w.service.wake:
		case <-tick:
		case o := <-w.done:
			w.settled = append(w.settled, o)
		case id := <-w.idle:
			delete(w.busy, id)
		}
	}
	w.ready = false
	pause := time.NewTimer(gather)
	defer pause.Stop()
	for {
		select {
		case o := <-w.done:
			w.settled = append(w.settled, o)
		case id := <-w.idle:
			delete(w.busy, id)
			w.ready = true
		case <-ctx.Done():
			return
		case <-pause.C:
			return
		}
	}
}

// round settles what has ended and begins what is due.
func (w *worker) round(ctx, calls context.Context) error {
	batches, err := w.service.round(ctx, w.settled, w.busy)
	if err != nil {
		return err // what has ended is settled in the next round
	}
	w.settled = nil
	for _, batch := range batches {
		id := batch[0].Webhook
		w.busy[id] = true
		go func() {
			w.service.send(calls, batch, func(o outcome) { w.done <- o })
			w.idle <- id
		}()
	}
	return nil
}

// finish waits for the calls that were begun and settles them.
func (w *worker) finish(ctx context.Context, report func(error)) {
	for len(w.busy) > 0 {
		select {
		case o := <-w.done:
			w.settled = append(w.settled, o)
		case id := <-w.idle:
			delete(w.busy, id)
		}
	}
	for len(w.done) > 0 {
		w.settled = append(w.settled, <-w.done)
	}
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	err := w.service.db.Write(ctx, func(tx *db.Tx) error { return w.service.settle(ctx, tx, w.service.clock(), w.settled) })
	if err != nil {
		report(err)
	}
}

// Work sends everything that is due now, until nothing is, and tells how many calls that
// were. It is what tests call instead of Run.
func (s *Service) Work(ctx context.Context) (calls int, err error) {
	var done []outcome
	for {
		batches, err := s.round(ctx, done, nil)
		if err != nil || len(batches)+len(done) == 0 {
			return calls, err
		}
		done = nil
		var mu sync.Mutex
		var running sync.WaitGroup
		for _, batch := range batches {
			running.Go(func() {
				s.send(ctx, batch, func(o outcome) {
					mu.Lock()
					defer mu.Unlock()
					done = append(done, o)
				})
			})
		}
		running.Wait()
		for _, o := range done {
			if !o.given {
				calls++
			}
		}
	}
}

// round settles what has ended and takes what is due of webhooks that are not busy, in one
// transaction, and in none when there is nothing.
func (s *Service) round(ctx context.Context, done []outcome, busy map[care.WebhookID]bool) (batches [][]*post, err error) {
	due, err := s.due(ctx, busy)
	if err != nil || (len(due) == 0 && len(done) == 0) {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		batches = nil
		now := s.clock()
		if err := s.settle(ctx, tx, now, done); err != nil {
			return err
		}
		for _, id := range due {
			batch, err := s.claim(ctx, tx, id, now)
			if err != nil {
				return err
			}
			if len(batch) > 0 {
				batches = append(batches, batch)
			}
		}
		return nil
	})
	return batches, err
}

// due gives webhooks for which there is something to send, in any order, as many as there
// are lanes free.
func (s *Service) due(ctx context.Context, busy map[care.WebhookID]bool) (due []care.WebhookID, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		due, err = db.Many(ctx, tx, func(row db.Scanner) (id care.WebhookID, err error) { return id, row.Scan(&id) },
			`SELECT w.id FROM webhooks w WHERE w.active AND w.deleted_at IS NULL AND w.rest_until <= $1
				AND EXISTS (SELECT 1 FROM webhook_deliveries d WHERE d.webhook_id = w.id AND d.due_at <= $1)`, db.Millis(s.clock()))
		return err
	})
	free := due[:0]
	for _, id := range due {
		if !busy[id] {
			free = append(free, id)
		}
	}
	rand.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	return free[:min(len(free), max(0, lanes-len(busy)))], err
}

// claim takes what is due of a webhook, one delivery of one that is tired. It looks again
// whether it may be called: what was settled a moment ago counts.
func (s *Service) claim(ctx context.Context, tx *db.Tx, id care.WebhookID, now time.Time) ([]*post, error) {
	e, found, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM webhooks WHERE id = $1 AND active AND deleted_at IS NULL AND rest_until <= $2`, id, db.Millis(now))
	if err != nil || !found {
		return nil, err
	}
	n := most
	if e.failures >= tired {
		n = 1
	}
	until := db.Millis(now.Add(lease))
	batch, err := db.Many(ctx, tx, func(row db.Scanner) (*post, error) {
		d, err := scanDelivery(row)
		return &post{Delivery: d, endpoint: e, lease: until, attempt: d.Attempts + 1}, err
	}, `SELECT `+deliveryColumns+` FROM webhook_deliveries WHERE webhook_id = $1 AND due_at <= $2 ORDER BY due_at LIMIT CAST($3 AS BIGINT)`+tx.SkipLocked(),
		id, db.Millis(now), n)
	if err != nil || len(batch) == 0 {
		return nil, err
	}
	args := []any{until, id}
	for _, p := range batch {
		args = append(args, p.ID)
	}
	_, err = tx.Exec(ctx, `UPDATE webhook_deliveries SET state = 'sending', due_at = $1, attempts = attempts + 1
		WHERE webhook_id = $2 AND id IN (`+tx.In(3, len(batch))+`)`, args...)
	return batch, err
}

// send makes the calls of a batch, some together, and hands each outcome to tell, from
// several goroutines. After the first failure, or when it takes too long, the rest is given
// back.
func (s *Service) send(ctx context.Context, batch []*post, tell func(outcome)) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var stopped atomic.Bool
	late := time.AfterFunc(batchTime, func() { stopped.Store(true) })
	defer late.Stop()
	var place atomic.Int64
	var running sync.WaitGroup
	for range min(together, len(batch)) {
		running.Go(func() {
			for i := place.Add(1) - 1; i < int64(len(batch)); i = place.Add(1) - 1 {
				o := outcome{post: batch[i], verdict: verdict{given: true}}
				if !stopped.Load() && ctx.Err() == nil {
					o.verdict = s.attempt(ctx, batch[i])
				}
				if !o.ok {
					stopped.Store(true)
				}
				tell(o)
			}
		})
	}
	running.Wait()
}

// attempt makes a call; what cannot be written as one is a failure like others.
func (s *Service) attempt(ctx context.Context, p *post) verdict {
	v, err := s.call(ctx, p.endpoint, p.Delivery)
	if err != nil {
		return verdict{why: whyPrivate}
	}
	return v
}

// call tells a webhook of an event, once. An error means that no call could be made of it.
func (s *Service) call(ctx context.Context, e *Endpoint, d *Delivery) (verdict, error) {
	body, err := payload(d.Event, d.At, d.Data)
	if err != nil {
		return verdict{}, err
	}
	timed, cancel := context.WithTimeout(ctx, s.callTime)
	defer cancel()
	request, err := http.NewRequestWithContext(timed, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		return verdict{}, err
	}
	now := s.clock()
	request.Header = http.Header{
		"Content-Type":      {"application/json"},
		"User-Agent":        {"Hearth"},
		"Webhook-Id":        {d.ID.String()},
		"Webhook-Timestamp": {seconds(now)},
		"Webhook-Signature": {signature(e.secrets(now), d.ID.String(), now, body)},
	}
	answer, err := s.out.Do(request)
	return judge(answer, err, s.clock()), nil
}
