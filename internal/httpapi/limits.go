package httpapi

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"hearth/internal/care"
)

// Requests per second and at once. They are far above what people do, and there to keep
// one runaway program from taking the server from everybody else. An address may be a
// whole practice. Guessing passwords is slowed down by identity, not here.
const (
	userRate, userBurst       = 100, 400
	addressRate, addressBurst = 400, 2000
	limitedKeys               = 20_000
)

type limits struct {
	on        bool
	users     buckets[care.UserID]
	addresses buckets[netip.Addr]
}

func newLimits(on bool) *limits {
	return &limits{
		on:        on,
		users:     buckets[care.UserID]{rate: userRate, burst: userBurst},
		addresses: buckets[netip.Addr]{rate: addressRate, burst: addressBurst},
	}
}

func (l *limits) user(id care.UserID, now time.Time) error {
	if !l.on || id.IsZero() {
		return nil
	}
	return l.users.take(id, now)
}

func (l *limits) address(addr netip.Addr, now time.Time) error {
	if !l.on || !addr.IsValid() {
		return nil
	}
	return l.addresses.take(addr, now)
}

// buckets keeps a token bucket for the keys seen lately: when limitedKeys are held, those
// not used since the last time it was full are forgotten. The zero value with a rate is
// ready for use.
type buckets[K comparable] struct {
	rate  rate.Limit
	burst int

	mu          sync.Mutex
	recent, old map[K]*rate.Limiter
}

func (b *buckets[K]) take(key K, now time.Time) error {
	reservation := b.of(key).ReserveN(now, 1)
	wait := reservation.DelayFrom(now)
	if wait == 0 {
		return nil
	}
	reservation.CancelAt(now)
	err := care.Fail(care.RateLimited, care.CodeRateLimited, "Too many requests. Wait a moment and try again.")
	err.RetryAfter = int(wait/time.Second) + 1
	return err
}

func (b *buckets[K]) of(key K) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	if limiter, found := b.recent[key]; found {
		return limiter
	}
	limiter, found := b.old[key]
	if !found {
		limiter = rate.NewLimiter(b.rate, b.burst)
	}
	if b.recent == nil || len(b.recent) >= limitedKeys {
		b.old, b.recent = b.recent, make(map[K]*rate.Limiter)
	}
	b.recent[key] = limiter
	return limiter
}
