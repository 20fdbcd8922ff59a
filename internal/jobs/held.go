package jobs

import (
	"context"
	"errors"
	"sync/atomic"
	"time"
)

// held is the context of an attempt: it ends before the lease does, which may be begun
// anew.
type held struct {
	context.Context
	cancel context.CancelFunc
	wait   time.Duration
	term   atomic.Pointer[term]
}

// term is one lease.
type term struct {
	context.Context
	stop context.CancelFunc
}

func hold(ctx context.Context, wait time.Duration) *held {
	h := &held{wait: wait}
	h.Context, h.cancel = context.WithCancel(ctx)
	h.again()
	return h
}

// Deadline is when it ends unless the lease is extended.
func (h *held) Deadline() (time.Time, bool) { return h.term.Load().Deadline() }

// again begins a lease, and ends the one before.
func (h *held) again() {
	t := &term{}
	t.Context, t.stop = context.WithTimeout(h.Context, h.wait)
	context.AfterFunc(t, func() {
		if errors.Is(t.Err(), context.DeadlineExceeded) {
			h.cancel()
		}
	})
	if before := h.term.Swap(t); before != nil {
		before.stop()
	}
}

func (h *held) release() { h.cancel() }
