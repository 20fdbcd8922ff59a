package identity

import (
	"context"
	"runtime"
	"strings"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/mail"
)

// Mailer sends one mail; *mail.SMTP is one.
type Mailer interface {
	Send(ctx context.Context, m mail.Message) error
}

// Config holds what can be chosen. The zero value of each field means its default.
type Config struct {
	CookieIdle, CookieLife time.Duration // 12 h without use, 30 days at most
	BearerIdle, BearerLife time.Duration // 30 days, 90 days
	InvitationLife         time.Duration // 7 days
	ResetLife              time.Duration // of a reset somebody asked for themselves, 1 h

	// Hash is how new passwords are hashed.
	Hash HashParams
	// Hashers is how many passwords are hashed at once; twice the memory of Hash is used
	// for each at worst. By default one for each processor, 2 to 8.
	Hashers int
	// Unlimited switches slow-down and lock-out off, for load tests only.
	Unlimited bool

	// PublicURL is where browsers reach the server, without a slash at the end; links
	// begin with it.
	PublicURL string
	// Mail sends invitations and resets. Without it links are given to the inviter, and
	// nobody can reset their own password.
	Mail Mailer

	// Bus carries session.ended; a bus of its own when nil.
	Bus bus.Bus
	// Wake is called after the commit of a job that should be done soon.
	Wake func()
	// Seen stores when people were last seen, within tx; called with batches.
	Seen func(ctx context.Context, tx *db.Tx, users []care.UserID, at time.Time) error
	// Ended is told of sessions that somebody ended, within the transaction; not of those
	// that ran out.
	Ended func(ctx context.Context, tx *db.Tx, sessions []care.SessionID) error
}

const day = 24 * time.Hour

func (c Config) withDefaults() Config {
	c.CookieIdle, c.CookieLife = or(c.CookieIdle, 12*time.Hour), or(c.CookieLife, 30*day)
	c.BearerIdle, c.BearerLife = or(c.BearerIdle, 30*day), or(c.BearerLife, 90*day)
	c.InvitationLife, c.ResetLife = or(c.InvitationLife, 7*day), or(c.ResetLife, time.Hour)
	c.Hash = or(c.Hash, DefaultHash)
	c.Hashers = or(c.Hashers, min(max(runtime.GOMAXPROCS(0), 2), 8))
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	if c.Bus == nil {
		c.Bus = bus.New()
	}
	if c.Wake == nil {
		c.Wake = func() {}
	}
	if c.Ended == nil {
		c.Ended = func(context.Context, *db.Tx, []care.SessionID) error { return nil }
	}
	if c.Seen == nil {
		c.Seen = func(context.Context, *db.Tx, []care.UserID, time.Time) error { return nil }
	}
	return c
}

func or[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// Service is the package's door. It is safe for concurrent use.
type Service struct {
	db     *db.DB
	clock  care.Clock
	cfg    Config
	hasher *hasher
	turns  *turns
	cache  *cache
	used   *usedSessions
	leave  func() // the bus
}

// New makes a Service. Call [Service.Close] in the end.
func New(d *db.DB, clock care.Clock, cfg Config) *Service {
	cfg = cfg.withDefaults()
	s := &Service{
		db: d, clock: clock, cfg: cfg,
		hasher: newHasher(cfg.Hash, cfg.Hashers), turns: newTurns(), cache: newCache(), used: newUsedSessions(),
	}
	s.leave = cfg.Bus.Subscribe(s.heard)
	return s
}

// Close leaves the bus. What was used since the last [Service.FlushUsed] is not stored.
func (s *Service) Close() { s.leave() }

// CanMail reports whether invitations and resets go out by mail.
func (s *Service) CanMail() bool { return s.cfg.Mail != nil }

// heard drops from the cache what an event makes doubtful.
func (s *Service) heard(e care.Event) {
	switch e.Type {
	case care.EventSessionEnded:
		for _, user := range e.To {
			s.Forget(user)
		}
	case bus.EventMissed:
		s.cache.clear()
	}
}

func (s *Service) idle(bearer bool) time.Duration {
	if bearer {
		return s.cfg.BearerIdle
	}
	return s.cfg.CookieIdle
}

func (s *Service) life(bearer bool) time.Duration {
	if bearer {
		return s.cfg.BearerLife
	}
	return s.cfg.CookieLife
}

// errUnauthenticated is the one answer to everything that is not a valid session.
func errUnauthenticated() *care.Error {
	return care.Fail(care.Unauthenticated, care.CodeUnauthenticated, "You are not signed in, or no longer.")
}
