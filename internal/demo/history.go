package demo

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"
)

// history is what happened in a practice, in the order in which it happened. Playing it
// sets the clock to the time of each step first, so that what the use cases stamp is when
// it happened.
type history struct {
	clock movable
	steps []step
}

// step is one act.
type step struct {
	at time.Time
	do func(ctx context.Context) error
}

// then adds an act. Acts of the same moment happen in the order in which they were added.
func (h *history) then(at time.Time, do func(ctx context.Context) error) {
	h.steps = append(h.steps, step{at, do})
}

// play does everything, and stops at the first failure.
func (h *history) play(ctx context.Context) error {
	slices.SortStableFunc(h.steps, func(a, b step) int { return a.at.Compare(b.at) })
	for i, s := range h.steps {
		h.clock.set(s.at)
		if err := s.do(ctx); err != nil {
			return fmt.Errorf("step %d of the demonstration: %w", i, err)
		}
	}
	return nil
}

// movable is a clock that stands where it was set. The sender of package chat reads it on
// its own goroutine.
type movable struct{ nanos atomic.Int64 }

func (c *movable) set(at time.Time) { c.nanos.Store(at.UnixNano()) }

func (c *movable) now() time.Time { return time.Unix(0, c.nanos.Load()).UTC() }
