package live

import (
	"context"
	"errors"
	"time"

	"hearth/internal/care"
)

const (
	sweepEvery   = 2 * time.Second
	pingAfter    = 30 * time.Second // of silence
	deadAfter    = 75 * time.Second // of silence
	writeTimeout = 20 * time.Second // for one write to be taken
	pongTimeout  = 15 * time.Second
	recheckAfter = 10 * time.Second
	usedEvery    = time.Minute
)

// sweep asks silent connections for a sign of life and cuts off the dead.
func (h *Hub) sweep() {
	now := h.Clock()
	for _, c := range h.all() {
		if !c.ready.Load() {
			continue
		}
		silent := now.Sub(time.UnixMilli(c.socket.lastRead.Load()))
		switch {
		case silent > deadAfter || c.stuck(now):
			c.drop()
		case silent > pingAfter && c.pinging.CompareAndSwap(false, true):
			go c.ping()
		}
	}
}

// stuck reports whether a write has been waiting for the other side for too long.
func (c *conn) stuck(now time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.since != 0 && now.Sub(time.UnixMilli(c.since)) > writeTimeout
}

func (c *conn) ping() {
	defer c.pinging.Store(false)
	ctx, cancel := context.WithTimeout(c.hub.running, pongTimeout)
	defer cancel()
	if c.ws.Ping(ctx) != nil {
		c.drop()
	}
}

// recheck asks again who the sessions belong to, so that one that ran out, or a change of
// what somebody may do, is noticed also where no event tells of it.
func (h *Hub) recheck() {
	now := h.Clock()
	for _, c := range h.all() {
		if now.Sub(time.UnixMilli(c.checked.Load())) >= recheckAfter {
			c.recheck()
		}
	}
}

func (c *conn) recheck() {
	c.checked.Store(c.hub.Clock().UnixMilli())
	ctx, cancel := context.WithTimeout(c.hub.running, recheckAfter)
	defer cancel()
	actor, err := c.hub.Check(ctx, c.token)
	switch {
	case err == nil && actor.User == c.user:
		c.actor.Store(&actor)
	case err == nil || errors.Is(err, care.Unauthenticated):
		c.endSession("expired")
	}
}

// inUse tells that the person did something, now and then. Only the reader calls it.
func (c *conn) inUse(now time.Time) {
	if now.Sub(c.lastUse) >= usedEvery {
		c.lastUse = now
		c.hub.Used(*c.actor.Load())
	}
}

func (c *conn) endSession(reason string) {
	c.send(sessionEnded(reason))
	c.end(closing{codeSessionEnded, "the session ended"})
}
