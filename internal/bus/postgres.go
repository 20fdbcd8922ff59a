package bus

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"hearth/internal/care"
)

const (
	channel = "hearth_events"
	// maxWaiting bounds the events that wait for a database that does not answer. Beyond
	// it they are dropped and the other nodes are told that they missed something.
	maxWaiting = 1 << 16
	// checkEvery is how long a silent connection is trusted before it is asked for a
	// sign of life.
	checkEvery = 30 * time.Second
	askTimeout = 10 * time.Second
	minBackoff = 100 * time.Millisecond
	maxBackoff = 5 * time.Second
)

// Postgres is the bus of several nodes over one PostgreSQL database, by LISTEN and
// NOTIFY. Everything that waits is sent in one statement, several events to a
// notification. A node does not hear its own events from the database again.
type Postgres struct {
	local  *Local
	dsn    string
	node   string
	logger *slog.Logger
	stop   context.CancelFunc
	done   sync.WaitGroup

	mu      sync.Mutex
	waiting []care.Event
	lost    bool // something was dropped that the other nodes should know of
	wake    chan struct{}
}

// NewPostgres connects to the database that dsn names, which is never logged, and starts
// listening: what other nodes publish after it returned arrives. A connection that is lost
// later is made again, and the subscribers get [EventMissed].
func NewPostgres(ctx context.Context, dsn string, logger *slog.Logger) (*Postgres, error) {
	conn, err := listen(ctx, dsn)
	if err != nil {
		return nil, err
	}
	running, stop := context.WithCancel(context.WithoutCancel(ctx))
	b := &Postgres{
		local: New(), dsn: dsn, node: rand.Text(),
		logger: logger, stop: stop, wake: make(chan struct{}, 1),
	}
	b.done.Go(func() { b.hear(running, conn) })
	b.done.Go(func() { b.speak(running) })
	return b, nil
}

// Close ends both connections and waits for that. What still waits is dropped.
func (b *Postgres) Close() {
	b.stop()
	b.done.Wait()
}

// Publish hands the events to the subscribers of this node and then queues them for the
// others.
func (b *Postgres) Publish(events ...care.Event) {
	b.local.Publish(events...)
	b.mu.Lock()
	if len(b.waiting)+len(events) > maxWaiting {
		b.waiting, b.lost = nil, true
	} else {
		b.waiting = append(b.waiting, events...)
	}
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// Subscribe is that of [Bus]; events of other nodes come from a goroutine of the bus.
func (b *Postgres) Subscribe(f func(care.Event)) (cancel func()) { return b.local.Subscribe(f) }

func (b *Postgres) take() (events []care.Event, lost bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	events, lost = b.waiting, b.lost
	b.waiting, b.lost = nil, false
	return events, lost
}

func (b *Postgres) dropped() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.lost = true
}

// speak sends what waits, whenever something does.
func (b *Postgres) speak(ctx context.Context) {
	var conn *pgx.Conn
	defer func() { closeConn(conn) }()
	backoff := minBackoff
	for {
		select {
		case <-ctx.Done():
			return
		case <-b.wake:
		}
		for conn == nil || b.send(ctx, conn) != nil {
			closeConn(conn)
			conn = b.reconnect(ctx, connect, &backoff)
			if conn == nil {
				return
			}
		}
		backoff = minBackoff
	}
}

// send notifies of everything that waits in one statement. What fails is dropped, for it
// may have been delivered; the next attempt tells the other nodes that they missed it.
func (b *Postgres) send(ctx context.Context, conn *pgx.Conn) error {
	events, lost := b.take()
	if lost {
		events = append([]care.Event{{Type: EventMissed}}, events...)
	}
	if len(events) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	_, err := conn.Exec(ctx, `SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload`,
		channel, packAll(b.node, events))
	if err != nil {
		b.dropped()
	}
	return err
}

// hear passes on what other nodes publish, and connects again when the connection is lost.
func (b *Postgres) hear(ctx context.Context, conn *pgx.Conn) {
	defer func() { closeConn(conn) }()
	backoff := minBackoff
	for {
		err := b.next(ctx, conn)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			backoff = minBackoff
			continue
		}
		b.logger.Warn("the connection between nodes was lost; connecting again", "error", err)
		closeConn(conn)
		if conn = b.reconnect(ctx, listen, &backoff); conn == nil {
			return
		}
		b.local.Publish(care.Event{Type: EventMissed})
	}
}

// next waits for one notification and passes it on.
func (b *Postgres) next(ctx context.Context, conn *pgx.Conn) error {
	waiting, cancel := context.WithTimeout(ctx, checkEvery)
	defer cancel()
	n, err := conn.WaitForNotification(waiting)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		asking, cancel := context.WithTimeout(ctx, askTimeout)
		defer cancel()
		return conn.Ping(asking)
	}
	if err != nil {
		return err
	}
	b.pass(n.Payload)
	return nil
}

// pass hands the events of another node to the subscribers. A payload that cannot be read
// comes from another release, or from somebody with access to the database.
func (b *Postgres) pass(payload string) {
	l, err := unpack(payload)
	if err != nil {
		b.logger.Warn("a notification between nodes could not be read", "bytes", len(payload))
		b.local.Publish(care.Event{Type: EventMissed})
		return
	}
	if l.Node == b.node {
		return
	}
	for _, p := range l.Parcels {
		b.local.Publish(p.event())
	}
}

// reconnect tries until it succeeds; nil means that the bus is being closed.
func (b *Postgres) reconnect(
	ctx context.Context, dial func(context.Context, string) (*pgx.Conn, error), backoff *time.Duration,
) *pgx.Conn {
	for {
		asking, cancel := context.WithTimeout(ctx, askTimeout)
		conn, err := dial(asking, b.dsn)
		cancel()
		if err == nil {
			return conn
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(*backoff):
		}
		*backoff = min(2**backoff, maxBackoff)
	}
}

func connect(ctx context.Context, dsn string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, err
	}
	config.RuntimeParams["application_name"] = "hearth bus"
	return pgx.ConnectConfig(ctx, config)
}

func listen(ctx context.Context, dsn string) (*pgx.Conn, error) {
	conn, err := connect(ctx, dsn)
	if err != nil {
		return nil, err
	}
	if _, err := conn.Exec(ctx, `LISTEN `+channel); err != nil {
		closeConn(conn)
		return nil, err
	}
	return conn, nil
}

func closeConn(conn *pgx.Conn) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx) // the connection is being given up
}
