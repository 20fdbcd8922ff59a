package blast

import (
	"context"
	"errors"
	"sync"
	"time"

	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
)

const (
	// manyWorkers is how many transactions a node sends in at once, where writers do not wait
	// for each other: while one of them waits for the database, the other fills the next.
	manyWorkers = 3
	// look is how often Run looks for work that nothing woke it for: blasts whose time has
	// come, and those that another node was killed over.
	look = time.Second
	// abandoned is how long after it was begun a blast that was never finished is swept.
	abandoned = 10 * time.Minute
	// tellEvery bounds how often people are told of the progress of one blast.
	tellEvery = 500 * time.Millisecond
)

// Run sends blasts until ctx ends, on every node at once: a transaction holds the row of
// the lane it works on, and others pass it by. What fails is reported and tried again;
// report is called from several goroutines.
func (s *Service) Run(ctx context.Context, report func(error)) {
	workers := manyWorkers
	if s.db.OneWriter() {
		workers = 1
	}
	var working, relieving sync.WaitGroup
	wrote := make(chan struct{}, 1)
	relieving.Go(func() { s.relieve(ctx, report, wrote) })
	for i := range workers {
		working.Go(func() { s.work(ctx, report, wrote, i == 0) })
	}
	working.Wait()
	close(wrote)
	relieving.Wait()
}

// relieve keeps the store's log short while the next messages are written already.
func (s *Service) relieve(ctx context.Context, report func(error), wrote <-chan struct{}) {
	for range wrote {
		if err := s.db.Relieve(ctx); err != nil && ctx.Err() == nil {
			report(err)
		}
	}
}

// work sends until ctx ends. One of several goroutines also tells what was read and answered.
func (s *Service) work(ctx context.Context, report func(error), wrote chan<- struct{}, first bool) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for ctx.Err() == nil {
		worked, err := s.Work(ctx)
		if err != nil && ctx.Err() == nil {
			report(err)
		}
		if worked { // also where another failed
			s.Wake() // the others
			select {
			case wrote <- struct{}{}:
			default: // it is told already
			}
			continue
		}
		select {
		case <-ctx.Done():
		case <-s.wake:
		case <-tick.C:
			if !first {
				continue
			}
			if err := s.tellStirred(ctx); err != nil && ctx.Err() == nil {
				report(err)
			}
		}
	}
}

// due is a blast on which there is something to do.
type due struct {
	id    care.BlastID
	state State
}

// Work does one transaction's work for each blast whose time has come, and tells whether
// there was any. It is what tests call instead of Run.
func (s *Service) Work(ctx context.Context) (worked bool, err error) {
	var list []due
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = db.Many(ctx, tx, func(row db.Scanner) (d due, err error) { return d, row.Scan(&d.id, &d.state) },
			`SELECT id, state FROM blasts WHERE state IN ('staging', 'scheduled', 'sending') AND due_at <= $1 ORDER BY due_at, id LIMIT 20`,
			db.Millis(s.clock()))
		return err
	})
	for _, d := range list {
		did, failed := s.workOn(ctx, d)
		worked, err = worked || did, errors.Join(err, failed) // one that fails keeps no other waiting
	}
	return worked, err
}

func (s *Service) workOn(ctx context.Context, d due) (did bool, err error) {
	switch d.state {
	case staging:
		return s.sweep(ctx, d.id)
	case Scheduled:
		return s.start(ctx, d.id)
	default:
		if err := s.stepBack(ctx); err != nil {
			return false, err
		}
		return s.send(ctx, d.id)
	}
}

const (
	// turn is how long somebody has for their turn who waits to change what those who send
	// share, as a switch or a bulk change; after that it is sent again.
	turn = 500 * time.Millisecond
	// lookAgain is how often is looked meanwhile.
	lookAgain = 3 * time.Millisecond
)

// stepBack waits while somebody waits for the organization, a client or a group.
func (s *Service) stepBack(ctx context.Context) error {
	patience, stop := context.WithTimeout(ctx, turn)
	defer stop()
	for {
		awaited, err := s.db.Awaited(ctx, "organizations", "clients", "client_groups")
		if err != nil || !awaited {
			return err
		}
		select {
		case <-patience.Done():
			return ctx.Err()
		case <-time.After(lookAgain):
		}
	}
}

// start begins a blast whose time has come.
func (s *Service) start(ctx context.Context, id care.BlastID) (did bool, err error) {
	var org care.OrgID
	var sender care.UserID
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		now := db.Millis(s.clock())
		err := tx.QueryRow(ctx, `SELECT org_id, sender_id FROM blasts WHERE id = $1`, id).Scan(&org, &sender)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE blasts SET state = 'sending', started_at = $2 WHERE id = $1 AND state = 'scheduled' AND due_at <= $2`, id, now)
		did = n == 1
		return err
	})
	if did && err == nil {
		s.events.Publish(progressEvent(org, sender, id))
	}
	return did, err
}

func progressEvent(org care.OrgID, sender care.UserID, id care.BlastID) care.Event {
	return care.Event{Type: care.EventBlastProgress, Org: org, To: []care.UserID{sender}, Blast: id}
}

// tell says how far a blast is, not more often than tellEvery unless it ended.
func (s *Service) tell(org care.OrgID, sender care.UserID, id care.BlastID, ended bool) {
	now := db.Millis(s.clock())
	s.mu.Lock()
	again := now-s.told[id] >= tellEvery.Milliseconds()
	switch {
	case ended:
		delete(s.told, id)
	case again:
		s.told[id] = now
	}
	s.mu.Unlock()
	if ended || again {
		s.events.Publish(progressEvent(org, sender, id))
	}
}

// leftover is a blast that no request has finished.
type leftover struct {
	state string
	lists int64
}

func scanLeft(row db.Scanner) (l leftover, err error) { return l, row.Scan(&l.state, &l.lists) }

// sweep takes away a part of what a request left that was never finished: first lists of
// recipients that count for nothing, then the blast.
func (s *Service) sweep(ctx context.Context, id care.BlastID) (did bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		left, found, err := db.One(ctx, tx, scanLeft, `SELECT state, lists FROM blasts WHERE id = $1 AND due_at <= $2`+tx.SkipLocked(), id, db.Millis(s.clock()))
		if did = found && left.state == string(staging); err != nil || !did {
			return err
		}
		for list := left.lists; list > 0; list-- {
			if n, err := dropPart(ctx, tx, id, list, ""); err != nil || n > 0 {
				return err
			}
		}
		if err := attach.Drop(ctx, tx, s.clock(), holder(id)); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM blasts WHERE id = $1`, id)
		return err
	})
	return did, err
}
