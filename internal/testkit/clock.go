package testkit

import (
	"sync"
	"time"
)

// Clock is a clock that stands still until it is told otherwise; its Now method is a
// care.Clock. It is safe for concurrent use.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock gives a clock that shows now, or a fixed morning when now is zero.
func NewClock(now time.Time) *Clock {
	if now.IsZero() {
		now = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	}
	return &Clock{now: now.UTC()}
}

// Now is what the clock shows.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock and gives the new time.
func (c *Clock) Advance(d time.Duration) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
	return c.now
}

// Set makes the clock show now.
func (c *Clock) Set(now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = now.UTC()
}
