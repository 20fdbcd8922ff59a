package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// pool lends SQLite connections to transactions, the most recently used first because
// its pages are still in memory. Those who wait are served in the order they came.
type pool struct {
	db     *sql.DB
	begin  string
	slots  chan struct{}
	waited atomic.Int64

	mu   sync.Mutex
	idle []*lent
}

// lent is a connection in both of its forms.
type lent struct {
	conn *sql.Conn
	lite *liteConn
}

func newPool(c *connector, size int, begin string) *pool {
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(size)
	return &pool{db: db, begin: begin, slots: make(chan struct{}, size)}
}

// run runs fn in a transaction of its own connection.
func (p *pool) run(ctx context.Context, fn func(*Tx) error) error {
	l, err := p.take(ctx)
	if err != nil {
		return err
	}
	healthy := false
	defer func() { p.give(l, healthy) }()
	tx := &Tx{engine: SQLite, conn: l.conn, lite: l.lite}
	err = p.within(ctx, l.lite, tx, fn)
	healthy = l.lite.raw.GetAutocommit()
	return err
}

// within begins, runs fn and ends the transaction, also when fn panics.
func (p *pool) within(ctx context.Context, lite *liteConn, tx *Tx, fn func(*Tx) error) (err error) {
	lite.watch(ctx)
	if err := lite.control(p.begin); err != nil {
		return err
	}
	committed := false
	defer func() {
		tx.done = true
		if !committed {
			tx.closeRows()
			rollback(lite)
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	tx.closeRows()
	if err := context.Cause(ctx); err != nil {
		return err
	}
	// From here on the end of ctx no longer counts: a commit is not stopped half way.
	lite.watch(context.Background())
	if err := lite.control("COMMIT"); err != nil {
		return &commitError{err}
	}
	committed = true
	return nil
}

// rollback ends a transaction that SQLite has not ended by itself, as it does after some
// errors. A connection where this fails is thrown away by run.
func rollback(lite *liteConn) {
	lite.watch(context.Background())
	if !lite.raw.GetAutocommit() {
		_ = lite.control("ROLLBACK")
	}
}

func (p *pool) take(ctx context.Context) (*lent, error) {
	select {
	case p.slots <- struct{}{}:
	default:
		if err := p.wait(ctx); err != nil {
			return nil, err
		}
	}
	if l := p.pop(); l != nil {
		return l, nil
	}
	l, err := p.open(ctx)
	if err != nil {
		<-p.slots
	}
	return l, err
}

func (p *pool) wait(ctx context.Context) error {
	since := time.Now()
	defer func() { p.waited.Add(int64(time.Since(since))) }()
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (p *pool) pop() *lent {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.idle) == 0 {
		return nil
	}
	l := p.idle[len(p.idle)-1]
	p.idle = p.idle[:len(p.idle)-1]
	return l
}

func (p *pool) open(ctx context.Context) (*lent, error) {
	conn, err := p.db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	lite, err := liteConnOf(conn)
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return &lent{conn: conn, lite: lite}, nil
}

func (p *pool) give(l *lent, healthy bool) {
	if healthy {
		p.mu.Lock()
		p.idle = append(p.idle, l)
		p.mu.Unlock()
	} else {
		p.discard(l)
	}
	<-p.slots
}

// discard closes a connection for good; closing it also rolls back.
func (p *pool) discard(l *lent) {
	_ = l.conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = l.conn.Close()
}

// drain waits until no transaction runs, keeps new ones out, and closes the connections
// after last saw each of them.
func (p *pool) drain(last func(*liteConn) error) error {
	for range cap(p.slots) {
		p.slots <- struct{}{}
	}
	var errs []error
	for l := p.pop(); l != nil; l = p.pop() {
		if last != nil {
			errs = append(errs, last(l.lite))
		}
		errs = append(errs, l.conn.Close())
	}
	return errors.Join(append(errs, p.db.Close())...)
}

func (p *pool) count() (open, inUse int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	inUse = len(p.slots)
	return len(p.idle) + inUse, inUse
}
