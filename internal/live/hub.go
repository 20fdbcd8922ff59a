package live

import (
	"context"
	"log/slog"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
)

// Chat is what the hub asks of chat; *chat.Service has it.
type Chat interface {
	// Submit queues a message for storing; the channel gives the answer once.
	Submit(ctx context.Context, actor care.Actor, draft chat.Draft) <-chan chat.Sent
	// MarkRead moves the read mark of the actor forward.
	MarkRead(ctx context.Context, actor care.Actor, id care.ConversationID, seq int64) (chat.ReadState, error)
	// Members lists who takes part in a conversation that the actor may read.
	Members(ctx context.Context, actor care.Actor, id care.ConversationID) ([]care.UserID, error)
	// Conversation gives a conversation as the actor sees it.
	Conversation(ctx context.Context, actor care.Actor, id care.ConversationID) (chat.Conversation, error)
	// Schedule keeps a message for later.
	Schedule(ctx context.Context, actor care.Actor, draft chat.Draft, sendAt time.Time) (kept chat.Scheduled, created bool, err error)
	// ScheduledMessage gives a message that the actor scheduled.
	ScheduledMessage(ctx context.Context, actor care.Actor, id care.MessageID) (chat.Scheduled, error)
	// MessageAt reads one message, whoever asks.
	NameStyle(ctx context.Context, org care.OrgID) (care.NameStyle, error)
	// Person gives somebody by their id, whoever asks.
	Person(ctx context.Context, org care.OrgID, id care.UserID) (care.Person, error)
	MessageAt(ctx context.Context, org care.OrgID, id care.ConversationID, seq int64) (m care.Message, found bool, err error)
}

// Config is what a hub needs. Everything without a default must be set.
type Config struct {
	Chat Chat
	Bus  bus.Bus
	// Notes are those of staff; nil where there are none.
	Notes Notes
	// Blasts are the message blasts; nil where there are none.
	Blasts Blasts
	// Waiting is how long clients wait for an answer; nil where nobody counts.
	Waiting Waiting
	// Told is what people are notified of; nil where nobody is.
	Told Told
	// Authenticate finds whose a token is when a connection comes. Check is asked again
	// every ten seconds and does not count as use of the session, which Used does: it is
	// told, at most once a minute for each connection, that its person did something.
	Authenticate, Check func(ctx context.Context, token string) (care.Actor, error)
	Used                func(actor care.Actor)
	// Notices gives what a client is told where direct messaging and where community chats
	// are off for them.
	Notices func(ctx context.Context, org care.OrgID, client care.UserID) (direct, community care.Notice, err error)
	// Cookie names the cookies that may carry a session token, the first found counts.
	Cookies []string
	// PublicURL is where browsers reach the server; nil when it was not configured, then
	// the Host header decides what the same origin is.
	PublicURL *url.URL
	// RateLimits is off for load tests only.
	RateLimits bool
	Clock      care.Clock
	Logger     *slog.Logger

	MaxPerPerson int // connections of one person at a time; 0 means 20
	MaxTotal     int // connections of this node at a time; 0 means 50,000
}

// Hub holds the connections of this node. It is an http.Handler for GET /api/v1/live,
// made with [New] and ended with [Hub.Drain].
type Hub struct {
	Config
	unsubscribe func()
	stop        context.CancelFunc
	running     context.Context // ends when the hub is gone
	lastID      atomic.Uint64
	lanes       [lanes]lane
	// hurried counts the events being delivered behind which others wait.
	hurried  atomic.Int64
	dropped  atomic.Int64
	queue    queue
	presence presence

	mu       sync.RWMutex
	draining bool
	total    int
	people   map[care.UserID][]*conn
	staff    map[care.OrgID]map[*conn]struct{}
	open     sync.WaitGroup
}

const (
	defaultPerPerson = 20
	defaultTotal     = 50_000
)

// New makes a hub that passes on what the bus brings, from now on.
func New(config Config) *Hub {
	if config.MaxPerPerson == 0 {
		config.MaxPerPerson = defaultPerPerson
	}
	if config.MaxTotal == 0 {
		config.MaxTotal = defaultTotal
	}
	h := &Hub{Config: config, people: map[care.UserID][]*conn{}, staff: map[care.OrgID]map[*conn]struct{}{}}
	h.running, h.stop = context.WithCancel(context.Background())
	for i := range h.lanes {
		h.lanes[i].hub = h
	}
	h.unsubscribe = config.Bus.Subscribe(h.receive)
	go h.everySoOften(sweepEvery, h.sweep)
	go h.everySoOften(sweepEvery, h.recheck)
	go h.everySoOften(sweepEvery, h.sweepPresence)
	return h
}

// Stats counts for metrics.
type Stats struct {
	Connections int   // open now
	Dropped     int64 // closed because they were too slow, since the start
}

// Stats gives the counts as they are now.
func (h *Hub) Stats() Stats {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return Stats{Connections: h.total, Dropped: h.dropped.Load()}
}

// Drain ends the hub: it takes no more connections, lets every message that is under way
// be answered, closes all with 1001, and returns when they are gone. When ctx ends first
// the rest is cut off. The sender of chat must still run meanwhile.
func (h *Hub) Drain(ctx context.Context) {
	h.mu.Lock()
	h.draining = true
	h.mu.Unlock()
	for _, c := range h.all() {
		c.endWhenAnswered(closing{code: codeGoingAway, reason: "the server is restarting"})
	}
	gone := make(chan struct{})
	go func() {
		h.open.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-ctx.Done():
		for _, c := range h.all() {
			c.drop()
		}
	}
	h.unsubscribe()
	h.stop()
}

// add registers a connection, unless there are too many.
func (h *Hub) add(c *conn) *care.Error {
	h.mu.Lock()
	defer h.mu.Unlock()
	mine := h.people[c.user]
	switch {
	case h.draining:
		return tooMany(care.Unavailable, care.CodeUnavailable, "Hearth is restarting. Try again in a moment.")
	case h.total >= h.MaxTotal:
		return tooMany(care.Unavailable, care.CodeUnavailable, "There are too many live connections at the moment.")
	case len(mine) >= h.MaxPerPerson:
		return tooMany(care.RateLimited, care.CodeRateLimited, "You have too many live connections open.")
	}
	h.people[c.user] = append(mine, c)
	h.enlist(c)
	h.total++
	h.open.Add(1)
	return nil
}

func tooMany(kind care.Kind, code care.Code, message string) *care.Error {
	return &care.Error{Kind: kind, Code: code, Message: message, RetryAfter: 5}
}

// remove forgets a connection; it gets no more events.
func (h *Hub) remove(c *conn) {
	h.leaveForGood(c)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.strike(c)
	mine := h.people[c.user]
	for i, other := range mine {
		if other != c {
			continue
		}
		if len(mine) == 1 {
			delete(h.people, c.user)
		} else {
			// A new list, for a reader may hold the old one.
			h.people[c.user] = append(append([]*conn(nil), mine[:i]...), mine[i+1:]...)
		}
		h.total--
		return
	}
}

func (h *Hub) all() []*conn {
	h.mu.RLock()
	defer h.mu.RUnlock()
	list := make([]*conn, 0, h.total)
	for _, mine := range h.people {
		list = append(list, mine...)
	}
	return list
}

// everySoOften runs f again and again until the hub is gone.
func (h *Hub) everySoOften(pause time.Duration, f func()) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for {
		select {
		case <-h.running.Done():
			return
		case <-ticker.C:
			f()
		}
	}
}
