package db

import (
	"context"
	"math/rand/v2"
	"time"
)

const (
	maxAttempts  = 10
	firstBackoff = 2 * time.Millisecond
	maxBackoff   = 250 * time.Millisecond
)

// retry runs a transaction until it succeeds, fails for good, or lost too many races.
func (d *DB) retry(ctx context.Context, run func() error) error {
	backoff := firstBackoff
	for attempt := 1; ; attempt++ {
		if d.closed.Load() {
			return ErrClosed
		}
		err := run()
		if err == nil || attempt == maxAttempts || !isLostRace(err) {
			return err
		}
		d.retries.Add(1)
		if !pause(ctx, backoff) {
			return err
		}
		backoff = min(backoff*2, maxBackoff)
	}
}

// pause sleeps between half of d and d, so that rivals do not meet again; false means
// that ctx ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d/2 + rand.N(d/2+1))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
