package outbox

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

const (
	// look is how often Run looks when nothing woke it: for what another node wrote, and for
	// what could not be taken before.
	look = time.Second
	// singles bounds the events that are tried one by one where they could not be taken together.
	singles = 64
	// patience is for how long an event is tried again that a consumer cannot take.
	patience = 24 * time.Hour
)

// Consumer takes events. Take runs in a transaction that writes: what it writes counts
// together with the event being taken away. It gets events of every kind, in about the order
// in which they happened, and passes over those that are not for it. after, if not nil, is
// called behind the commit. It should write no more than takes some milliseconds; where an
// event means more, it says [Event.Again]. An error undoes the transaction, and the events
// are tried one by one, later and later.
type Consumer interface {
	Name() string // the same for ever: rows carry it
	Take(ctx context.Context, tx *db.Tx, events []*Event) (after func(), err error)
}

// Outbox hands events to their consumers. It is safe for concurrent use, and several nodes
// may run one over the same store.
type Outbox struct {
	db        *db.DB
	clock     care.Clock
	consumers []Consumer
	wake      chan struct{}
	wakes     atomic.Int64

	turn  sync.Mutex // one round at a time, of which these learn
	pace  db.Pace
	rests tempo
}

// New makes an outbox for consumers, which is what every node of an installation must agree on.
func New(d *db.DB, clock care.Clock, consumers ...Consumer) *Outbox {
	return &Outbox{db: d, clock: clock, consumers: consumers, wake: make(chan struct{}, 1)}
}

// Wake makes Run look soon; call it after the commit of an [Append]. It never blocks.
func (o *Outbox) Wake() {
	o.wakes.Add(1)
	select {
	case o.wake <- struct{}{}:
	default:
	}
}

// Run hands out events until ctx ends. Failures go to report, and the events are tried again.
func (o *Outbox) Run(ctx context.Context, report func(error)) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for ctx.Err() == nil {
		worked, err := o.Work(ctx)
		if err != nil && ctx.Err() == nil {
			report(err)
		}
		if !worked {
			select {
			case <-ctx.Done():
			case <-o.wake:
			case <-tick.C:
			}
		}
		select {
		case <-ctx.Done():
		case <-time.After(o.rest()):
		}
	}
}

func (o *Outbox) rest() time.Duration {
	o.turn.Lock()
	defer o.turn.Unlock()
	return o.rests.next(o.clock(), o.wakes.Load())
}

// Work hands out the events of one transaction, and tells whether there were any. It is what
// tests call instead of Run.
func (o *Outbox) Work(ctx context.Context) (worked bool, err error) {
	o.turn.Lock()
	defer o.turn.Unlock()
	o.rests.worked(round{})
	waiting, err := o.waiting(ctx)
	if err != nil || !waiting {
		return false, err
	}
	n, err := o.many(ctx)
	if err == nil || ctx.Err() != nil {
		return n > 0, err
	}
	for range singles { // one that cannot be taken keeps no other waiting
		n, failed := o.single(ctx)
		if failed != nil || n == 0 {
			return true, errors.Join(err, failed)
		}
	}
	return true, err
}

// waiting looks without writing, so that an idle program writes nothing.
func (o *Outbox) waiting(ctx context.Context) (found bool, err error) {
	err = o.db.Read(ctx, func(tx *db.Tx) error {
		_, found, err = db.One(ctx, tx, scanEvent, `SELECT `+columns+` FROM outbox WHERE due_at <= $1 ORDER BY id LIMIT 1`, db.Millis(o.clock()))
		return err
	})
	return found, err
}

// single hands out one event; if that fails it is put off.
func (o *Outbox) single(ctx context.Context) (n int, err error) {
	var after []func()
	err = o.db.Write(ctx, func(tx *db.Tx) error {
		events, err := o.next(ctx, tx, 1)
		if n = len(events); err != nil || n == 0 {
			return err
		}
		after, err = o.tell(ctx, tx, events)
		return err
	})
	if err == nil || ctx.Err() != nil {
		call(after)
		return n, err
	}
	givenUp := false
	failed := o.db.Write(ctx, func(tx *db.Tx) error {
		events, err := o.next(ctx, tx, 1)
		if err != nil || len(events) == 0 {
			return err
		}
		givenUp, err = o.putOff(ctx, tx, events[0])
		return err
	})
	if failed == nil && givenUp {
		failed = fmt.Errorf("outbox: an event could not be told for a day and is given up: %w", err)
	}
	return 1, failed
}

// putOff lets an event wait that could not be taken, and gives it up after a day.
func (o *Outbox) putOff(ctx context.Context, tx *db.Tx, e *Event) (givenUp bool, err error) {
	now := o.clock()
	if now.Sub(e.At) > patience {
		_, err := tx.Exec(ctx, `DELETE FROM outbox WHERE id = $1`, e.ID)
		return true, err
	}
	wait := min(time.Hour, time.Second<<min(e.tries, 12))
	_, err = tx.Exec(ctx, `UPDATE outbox SET tries = tries + 1, due_at = $2 WHERE id = $1`, e.ID, db.Millis(now.Add(wait)))
	return false, err
}

// many hands out the events of one transaction, as many as the ones before showed to fit.
func (o *Outbox) many(ctx context.Context) (n int, err error) {
	var after []func()
	var began time.Time
	most, oldest := o.pace.Next(), time.Time{}
	err = o.pace.Write(ctx, o.db, o.clock, func(tx *db.Tx) (int, error) {
		began = o.clock() // not while it waited for others
		events, err := o.next(ctx, tx, most)
		if n = len(events); err != nil || n == 0 {
			return n, err
		}
		oldest = events[0].At
		after, err = o.tell(ctx, tx, events)
		return n, err
	})
	if err == nil {
		now := o.clock()
		o.rests.worked(round{full: n == most, took: now.Sub(began), late: now.Sub(oldest)})
		call(after)
	}
	return n, err
}

// tell hands events to the consumers and takes away what they are done with.
func (o *Outbox) tell(ctx context.Context, tx *db.Tx, events []*Event) (after []func(), err error) {
	if after, err = o.hand(ctx, tx, events); err != nil {
		return nil, err
	}
	return after, settle(ctx, tx, events)
}

func call(after []func()) {
	for _, tell := range after {
		tell()
	}
}

// hand gives each consumer the events that it has not had, or has not finished.
func (o *Outbox) hand(ctx context.Context, tx *db.Tx, events []*Event) (after []func(), err error) {
	for _, c := range o.consumers {
		var mine []*Event
		for _, e := range events {
			if e.resume == "" || e.resume == c.Name() {
				mine = append(mine, e)
			}
		}
		if len(mine) == 0 {
			continue
		}
		tell, err := c.Take(ctx, tx, mine)
		if err != nil {
			return nil, fmt.Errorf("outbox: %s: %w", c.Name(), err)
		}
		if tell != nil {
			after = append(after, tell)
		}
		for _, e := range mine {
			if e.again && e.resume == "" {
				e.resume = c.Name()
			}
		}
	}
	return after, nil
}

const columns = `id, org_id, kind, subject_id, seq, at, tries, resume, place`

func scanEvent(row db.Scanner) (*Event, error) {
	var e Event
	var subject care.OutboxID
	var at int64
	err := row.Scan(&e.ID, &e.Org, &e.Kind, &subject, &e.Seq, &at, &e.tries, &e.resume, &e.Place)
	e.Subject, e.At = [16]byte(subject), db.FromMillis(at)
	return &e, err
}

// next holds the events that are to be told now; another node passes by them.
func (o *Outbox) next(ctx context.Context, tx *db.Tx, most int) ([]*Event, error) {
	return db.Many(ctx, tx, scanEvent, `SELECT `+columns+` FROM outbox WHERE due_at <= $1 ORDER BY id LIMIT CAST($2 AS BIGINT)`+tx.SkipLocked(),
		db.Millis(o.clock()), most)
}

// settle takes away what was taken, and keeps the places of the others.
func settle(ctx context.Context, tx *db.Tx, events []*Event) error {
	var gone, kept []any
	for _, e := range events {
		if e.again {
			kept = append(kept, e.ID, e.resume, e.Place)
		} else {
			gone = append(gone, e.ID)
		}
	}
	if len(kept) > 0 {
		_, err := tx.Exec(ctx, `UPDATE outbox SET resume = v.column2, place = v.column3
			FROM (VALUES `+tx.Values(len(kept)/3, "id", "text", "id")+`) AS v WHERE id = v.column1`, kept...)
		if err != nil {
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `DELETE FROM outbox WHERE id IN (`+tx.In(1, len(gone))+`)`, gone...)
	return err
}
