package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync/atomic"

	"github.com/ncruces/go-sqlite3"
)

// errPlain says that something used a connection around Tx.
var errPlain = errors.New("db: use the connection through Tx")

// connector opens SQLite connections for database/sql. Beside what the library's own
// driver does, its connections keep their statements compiled, rewrite placeholders,
// and read columns without asking for their types: on the path of a message that is
// most of the time spent.
type connector struct {
	uri      string
	key      []byte
	pragmas  string
	prepared *atomic.Int64
}

var _ driver.Connector = (*connector)(nil)

// Connect opens a connection.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	raw, err := sqlite3.OpenContext(ctx, c.uri)
	if err != nil {
		return nil, err
	}
	if err := setUp(raw, c.key, c.pragmas); err != nil {
		return nil, errors.Join(err, raw.Close())
	}
	return &liteConn{raw: raw, cache: newStatementCache(raw, c.prepared)}, nil
}

// Driver is asked for by database/sql only to name the driver.
func (c *connector) Driver() driver.Driver { return liteDriver{} }

type liteDriver struct{}

func (liteDriver) Open(string) (driver.Conn, error) { return nil, errPlain }

// liteConn is one SQLite connection.
type liteConn struct {
	raw   *sqlite3.Conn
	cache *statementCache
}

var (
	_ driver.QueryerContext    = (*liteConn)(nil)
	_ driver.ExecerContext     = (*liteConn)(nil)
	_ driver.NamedValueChecker = (*liteConn)(nil)
)

// Prepare, Begin and BeginTx are not used: statements are kept by text, transactions are
// begun by run.
func (c *liteConn) Prepare(string) (driver.Stmt, error) { return nil, errPlain }

// Begin is not used; see Prepare.
func (c *liteConn) Begin() (driver.Tx, error) { return nil, errPlain }

// Close closes the connection.
func (c *liteConn) Close() error {
	c.cache.clear()
	return c.raw.Close()
}

// watch makes statements stop when ctx ends.
func (c *liteConn) watch(ctx context.Context) { c.raw.SetInterrupt(ctx) }

// CheckNamedValue leaves plain values alone and lets database/sql convert the rest.
func (c *liteConn) CheckNamedValue(arg *driver.NamedValue) error {
	switch arg.Value.(type) {
	case nil, string, int64, int, bool, []byte, float64:
		return nil
	}
	return driver.ErrSkip
}

// QueryContext runs a statement for its rows.
func (c *liteConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err // of a Tx that is over
	}
	s, err := c.start(query, args)
	if err != nil {
		return nil, err
	}
	return &liteRows{s: s, run: s.run}, nil
}

// ExecContext runs a statement to its end.
func (c *liteConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := context.Cause(ctx); err != nil {
		return nil, err // of a Tx that is over
	}
	s, err := c.start(query, args)
	if err != nil {
		return nil, err
	}
	defer s.finish()
	if err := s.raw.Exec(); err != nil {
		return nil, c.interrupted(err)
	}
	if s.reads {
		return driver.RowsAffected(0), nil
	}
	return driver.RowsAffected(c.raw.Changes()), nil
}

// start takes a compiled statement and binds the arguments.
func (c *liteConn) start(query string, args []driver.NamedValue) (*liteStatement, error) {
	s, err := c.cache.take(query)
	if err != nil {
		return nil, c.interrupted(err)
	}
	if err := s.bind(args); err != nil {
		s.finish()
		return nil, err
	}
	return s, nil
}

// control runs a statement that steers the transaction.
func (c *liteConn) control(query string) error {
	s, err := c.start(query, nil)
	if err != nil {
		return err
	}
	defer s.finish()
	return c.interrupted(s.raw.Exec())
}

// interrupted gives the context's error for a statement that it stopped.
func (c *liteConn) interrupted(err error) error {
	if err != nil && errors.Is(err, sqlite3.INTERRUPT) {
		if ended := context.Cause(c.raw.GetInterrupt()); ended != nil {
			return ended
		}
	}
	return err
}

// liteConnOf gives the connection beneath a *sql.Conn.
func liteConnOf(conn *sql.Conn) (lite *liteConn, err error) {
	err = conn.Raw(func(raw any) error {
		var ok bool
		if lite, ok = raw.(*liteConn); !ok {
			return fmt.Errorf("db: unexpected connection %T", raw)
		}
		return nil
	})
	return lite, err
}
