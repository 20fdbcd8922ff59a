package jobs

import (
	"context"
	"sync/atomic"
	"time"
)

// held is the context of an attempt: it ends before the lease does, which may be begun
// anew.
type held struct {
	context.Context
	cancel context.CancelFunc
	wait   time.Duration
	timer  *time.Timer
	end    atomic.Int64 // nanoseconds since 1970
}

func hold(ctx context.Context, wait time.Duration) *held {
	h := &held{wait: wait}
	h.Context, h.cancel = context.WithCancel(ctx)
	h.end.Store(time.Now().Add(wait).UnixNano())
	h.timer = time.AfterFunc(wait, h.cancel)
	return h
}

// Deadline is when it ends unless the lease is extended.
func (h *held) Deadline() (time.Time, bool) { return time.Unix(0, h.end.Load()), true }

func (h *held) again() {
	h.end.Store(time.Now().Add(h.wait).UnixNano())
	h.timer.Reset(h.wait)
}

func (h *held) release() {
	h.timer.Stop()
	h.cancel()
}
