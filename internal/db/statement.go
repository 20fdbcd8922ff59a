package db

import (
	"container/list"
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/ncruces/go-sqlite3"
)

// Bounds of the compiled statements that one connection keeps. Lists of values come in
// many lengths, and the long ones are large.
const (
	maxStatements     = 512
	maxStatementBytes = 512 << 10
)

// liteStatement is a compiled statement.
type liteStatement struct {
	statement
	query   string // as written in the source
	cache   *statementCache
	raw     *sqlite3.Stmt
	reads   bool
	columns []string
	row     []any
	place   *list.Element // nil once it left the cache
	busy    bool
	run     int // counts the runs, so that rows of an earlier one are known
}

func (c *statementCache) compile(query string) (*liteStatement, error) {
	parsed, err := rebind(query)
	if err != nil {
		return nil, err
	}
	raw, tail, err := c.conn.PrepareFlags(parsed.text, sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, err
	}
	if raw == nil || strings.TrimSpace(tail) != "" {
		_ = raw.Close()
		return nil, fmt.Errorf("db: a query must be exactly one statement")
	}
	s := &liteStatement{statement: parsed, query: query, cache: c, raw: raw, reads: raw.ReadOnly()}
	s.columns = make([]string, raw.ColumnCount())
	for i := range s.columns {
		s.columns[i] = raw.ColumnName(i)
	}
	s.row = make([]any, len(s.columns))
	return s, nil
}

// bind gives the arguments to the statement.
func (s *liteStatement) bind(args []driver.NamedValue) error {
	if err := s.accepts(len(args)); err != nil {
		return err
	}
	for i := range args {
		if err := s.bindOne(i+1, args[i].Value); err != nil {
			return err
		}
	}
	for i := len(args) + 1; i <= s.params; i++ {
		if err := s.bindOne(i, args[len(args)-1].Value); err != nil {
			return err
		}
	}
	return nil
}

func (s *liteStatement) bindOne(i int, value any) error {
	switch v := value.(type) {
	case nil:
		return s.raw.BindNull(i)
	case string:
		if strings.IndexByte(v, 0) >= 0 || !utf8.ValidString(v) {
			return errText
		}
		return s.raw.BindText(i, v)
	case int64:
		return s.raw.BindInt64(i, v)
	case int:
		return s.raw.BindInt64(i, int64(v))
	case bool:
		return s.raw.BindBool(i, v)
	case []byte:
		if v == nil {
			return s.raw.BindNull(i)
		}
		return s.raw.BindBlob(i, v)
	case float64:
		return s.raw.BindFloat(i, v)
	case time.Time:
		return fmt.Errorf("db: argument %d is a time; store Millis of it", i)
	}
	return fmt.Errorf("db: argument %d has the type %T", i, value)
}

// finish makes the statement ready for its next run; bindings are dropped because they
// may hold long texts.
func (s *liteStatement) finish() {
	if !s.busy {
		return
	}
	s.busy = false
	s.run++
	s.cache.stopped(s)
	if s.place == nil {
		_ = s.raw.Close()
		return
	}
	// Both repeat the error of the last step, which its caller has seen.
	_ = s.raw.Reset()
	_ = s.raw.ClearBindings()
}

// liteRows reads the rows of one run of a statement.
type liteRows struct {
	s   *liteStatement
	run int
}

// Columns gives the names.
func (r *liteRows) Columns() []string { return r.s.columns }

// Close ends the run.
func (r *liteRows) Close() error {
	if r.run == r.s.run {
		r.s.finish()
	}
	return nil
}

// Next reads a row. Blobs stay SQLite's memory until the next step, as database/sql
// allows; it copies them for whoever keeps them.
func (r *liteRows) Next(dest []driver.Value) error {
	s := r.s
	if r.run != s.run {
		return errPlain
	}
	if !s.raw.Step() {
		return s.stopped()
	}
	if err := s.raw.ColumnsRaw(s.row...); err != nil {
		return err
	}
	for i, value := range s.row {
		// The library gives texts room for their terminator; that tells them from blobs.
		if text, ok := value.([]byte); ok && cap(text) > len(text) {
			dest[i] = string(text)
		} else {
			dest[i] = value
		}
	}
	return nil
}

func (s *liteStatement) stopped() error {
	err := s.raw.Err()
	if err == nil {
		return io.EOF
	}
	if ended := context.Cause(s.cache.conn.GetInterrupt()); ended != nil {
		return ended
	}
	return err
}

// statementCache keeps the statements of one connection, the least recently used last.
type statementCache struct {
	conn     *sqlite3.Conn
	byText   map[string]*liteStatement
	order    *list.List
	running  []*liteStatement
	bytes    int
	compiled *atomic.Int64
}

func newStatementCache(conn *sqlite3.Conn, compiled *atomic.Int64) *statementCache {
	return &statementCache{conn: conn, byText: map[string]*liteStatement{}, order: list.New(), compiled: compiled}
}

// take gives a statement that nobody else uses. One whose rows are still being read is
// compiled once more, for this run only.
func (c *statementCache) take(query string) (*liteStatement, error) {
	s, ok := c.byText[query]
	if ok && !s.busy {
		c.order.MoveToFront(s.place)
		return c.started(s), nil
	}
	c.compiled.Add(1)
	fresh, err := c.compile(query)
	if err != nil {
		return nil, err
	}
	if !ok {
		c.keep(fresh)
	}
	return c.started(fresh), nil
}

func (c *statementCache) started(s *liteStatement) *liteStatement {
	s.busy = true
	c.running = append(c.running, s)
	return s
}

func (c *statementCache) stopped(s *liteStatement) {
	if i := slices.Index(c.running, s); i >= 0 {
		c.running = slices.Delete(c.running, i, i+1)
	}
}

func (c *statementCache) keep(s *liteStatement) {
	s.place = c.order.PushFront(s)
	c.byText[s.query] = s
	c.bytes += len(s.query)
	for c.order.Len() > 1 && (c.order.Len() > maxStatements || c.bytes > maxStatementBytes) {
		c.drop(c.order.Back().Value.(*liteStatement))
	}
}

func (c *statementCache) drop(s *liteStatement) {
	c.order.Remove(s.place)
	delete(c.byText, s.query)
	c.bytes -= len(s.query)
	s.place = nil
	if !s.busy {
		_ = s.raw.Close()
	}
}

// settle ends what a closure left running.
func (c *statementCache) settle() {
	for len(c.running) > 0 {
		c.running[len(c.running)-1].finish()
	}
}

// clear drops everything.
func (c *statementCache) clear() {
	c.settle()
	for c.order.Len() > 0 {
		c.drop(c.order.Back().Value.(*liteStatement))
	}
}
