package notify

import (
	"context"
	"sync"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

const (
	// look is how often Run looks for deliveries whose time has come.
	look = time.Second
	// sweepEvery is how often what is old is taken away.
	sweepEvery = 10 * time.Minute
	// historyFor is how long the history of deliveries is kept.
	historyFor = 90 * 24 * time.Hour
	// sweepMost bounds the rows of one transaction that sweeps.
	sweepMost = 500
)

// Run sends what is due until ctx ends, on every node at once. What fails is reported and
// tried again.
func (s *Service) Run(ctx context.Context, report func(error)) {
	var all sync.WaitGroup
	work := func(wake <-chan struct{}, every time.Duration, do func(context.Context) (int, error)) {
		all.Go(func() { loop(ctx, wake, every, do, report) })
	}
	for range 2 { // one claims and settles while the other waits for push services
		work(s.wakes[0], look, s.WorkPush)
	}
	work(s.wakes[1], look, s.WorkMail)
	work(s.reads.wake, look, func(ctx context.Context) (int, error) {
		sleep(ctx, gatherReads)
		return 0, s.CloseRead(ctx)
	})
	work(nil, sweepEvery, s.Sweep)
	all.Wait()
}

// loop works until nothing is left, then waits to be woken.
func loop(ctx context.Context, wake <-chan struct{}, every time.Duration, do func(context.Context) (int, error), report func(error)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ctx.Err() == nil {
		n, err := do(ctx)
		if err != nil && ctx.Err() == nil {
			report(err)
		}
		if n > 0 && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-tick.C:
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// wakeAt has pushes looked for at a time that is near.
func (s *Service) wakeAt(at time.Time) {
	time.AfterFunc(at.Sub(s.clock())+time.Millisecond, func() {
		select {
		case s.wakes[0] <- struct{}{}:
		default:
		}
	})
}

// Sweep takes a part of the history away that is older than historyFor, and tells how much.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	before := db.Millis(s.clock().Add(-historyFor))
	var ids []care.DeliveryID
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		ids, err = db.Many(ctx, tx, scanID[care.DeliveryID],
			`SELECT id FROM deliveries WHERE settled_at IS NOT NULL AND settled_at < $1 ORDER BY settled_at LIMIT CAST($2 AS BIGINT)`, before, sweepMost)
		return err
	})
	if err != nil || len(ids) == 0 {
		return 0, err
	}
	return len(ids), s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM deliveries WHERE id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
		return err
	})
}

// Behind tells how long ago the delivery was due that has been waiting longest; 0 when
// nothing waits.
func (s *Service) Behind(ctx context.Context) (behind time.Duration, err error) {
	now := db.Millis(s.clock())
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var since int64
		err := tx.QueryRow(ctx, `SELECT MIN(due) FROM (SELECT $1 AS due
			UNION ALL SELECT MIN(due_at) FROM deliveries WHERE state = 'waiting' AND channel = 'email'
			UNION ALL SELECT MIN(due_at) FROM deliveries WHERE state = 'waiting' AND channel = 'push') AS first`, now).Scan(&since)
		behind = time.Duration(now-since) * time.Millisecond
		return err
	})
	return behind, err
}
