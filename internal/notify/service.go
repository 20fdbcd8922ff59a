package notify

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/mail"
)

// Mailer sends mails over one connection; *mail.SMTP is one.
type Mailer interface {
	// SendAll hands over mails one after the other and calls told with the number of each and
	// what became of it.
	SendAll(ctx context.Context, mails []mail.Message, told func(i int, err error))
}

// Config holds what can be chosen. The zero value of each field means its default.
type Config struct {
	// Delay is how long a message stays unread before a mail tells of it; 3 minutes.
	Delay time.Duration
	// Grace is how long a push waits, for whoever is looking or reads at once; 1.5 s. A
	// negative one is none.
	Grace time.Duration
	// PublicURL is where browsers reach the server, without a slash at the end.
	PublicURL string
	// Mail sends mails; without it nobody is told by mail.
	Mail Mailer
	// Bounces is the address to which mail servers report what did not arrive, each mail with
	// a tag of its own; empty where nobody reads reports.
	Bounces string
	// Push sends to devices; without it no device can be subscribed.
	Push Pusher
	// Bus carries live events; a bus of its own when nil.
	Bus bus.Bus
	// Observe is told of what was settled, for metrics: how many of a channel, their state
	// and why. It is called from several goroutines.
	Observe func(channel string, state State, why Why, n int)
}

func (c Config) withDefaults() Config {
	if c.Delay == 0 {
		c.Delay = 3 * time.Minute
	}
	if c.Grace == 0 {
		c.Grace = 1500 * time.Millisecond
	}
	c.Grace = max(c.Grace, 0)
	if c.Bus == nil {
		c.Bus = bus.New()
	}
	if c.Observe == nil {
		c.Observe = func(string, State, Why, int) {}
	}
	c.PublicURL = strings.TrimRight(c.PublicURL, "/")
	return c
}

// Service is the package's door. It is safe for concurrent use.
type Service struct {
	db    *db.DB
	clock care.Clock
	chat  *chat.Service
	cfg   Config
	looks func(care.ConversationID, care.UserID) bool
	wakes [2]chan struct{} // the workers for push and mail
	reads *reads

	secret struct {
		sync.Mutex
		key []byte
	}
}

// New makes a service. Call [Service.Close] in the end.
func New(d *db.DB, clock care.Clock, c *chat.Service, cfg Config) *Service {
	s := &Service{
		db: d, clock: clock, chat: c, cfg: cfg.withDefaults(),
		looks: func(care.ConversationID, care.UserID) bool { return false },
	}
	for i := range s.wakes {
		s.wakes[i] = make(chan struct{}, 1)
	}
	s.reads = newReads(s)
	return s
}

// LookBy gives the service what knows whether somebody looks at a conversation at this
// moment, on any node. It is called once, before the service is used.
func (s *Service) LookBy(looks func(care.ConversationID, care.UserID) bool) { s.looks = looks }

// Close ends what listens.
func (s *Service) Close() { s.reads.leave() }

func (s *Service) delays() Delays { return Delays{Push: s.cfg.Grace, Mail: s.cfg.Delay} }

// key gives what signs the links that end mails: made once for the installation.
func (s *Service) key(ctx context.Context) ([]byte, error) {
	s.secret.Lock()
	defer s.secret.Unlock()
	if s.secret.key != nil {
		return s.secret.key, nil
	}
	made := make([]byte, 32)
	_, _ = rand.Read(made) // never fails
	var key []byte
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO unsubscribe_secret (one, secret) VALUES (1, $1) ON CONFLICT DO NOTHING`, made); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT secret FROM unsubscribe_secret WHERE one = 1`).Scan(&key)
	})
	if err == nil {
		s.secret.key = key
	}
	return key, err
}

func scanID[T any](row db.Scanner) (id T, err error) { return id, row.Scan(&id) }

// args puts a list behind the first arguments of a statement.
func args[T any](list []T, first ...any) []any {
	all := append(make([]any, 0, len(first)+len(list)), first...)
	for _, one := range list {
		all = append(all, one)
	}
	return all
}
