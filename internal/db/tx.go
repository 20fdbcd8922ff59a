package db

import (
	"context"
	"database/sql"
	"strings"
)

// Tx is a running transaction. It belongs to the closure that received it: one goroutine
// uses it, and none after the closure returned.
type Tx struct {
	engine Engine
	conn   querier
	lite   *liteConn // the connection beneath, on SQLite
	done   bool

	rows []*sql.Rows // what was handed out, to be closed at the end
	row  []*sql.Row
}

// querier is what *sql.Tx and *sql.Conn share.
type querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// Exec runs a statement and tells how many rows it changed.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	ctx, args = t.prepare(ctx, query, args)
	result, err := t.conn.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// Query runs a statement that gives rows. The caller closes them before the closure
// ends; [Many] and [One] do that by themselves.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	ctx, args = t.prepare(ctx, query, args)
	rows, err := t.conn.QueryContext(ctx, query, args...)
	if err == nil {
		t.rows = append(t.rows, rows)
	}
	return rows, err
}

// QueryRow runs a statement of which only the first row matters; Scan gives [ErrNoRows]
// when there is none.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	ctx, args = t.prepare(ctx, query, args)
	row := t.conn.QueryRowContext(ctx, query, args...)
	t.row = append(t.row, row)
	return row
}

// closeRows closes what the closure left open, for an open result keeps its connection
// busy for ever.
func (t *Tx) closeRows() {
	if t.lite != nil && len(t.lite.cache.running) == 0 {
		return
	}
	for _, rows := range t.rows {
		_ = rows.Close()
	}
	for _, row := range t.row {
		_ = row.Scan() // closes it, whatever it returns
	}
}

// prepare gives the context and arguments that the engine shall see. On SQLite ctx goes
// to the connection, which asks it between steps: handing it to database/sql instead
// would start a goroutine for every query.
func (t *Tx) prepare(ctx context.Context, query string, args []any) (context.Context, []any) {
	switch {
	case t.done:
		return ended, args
	case t.lite != nil:
		t.lite.watch(ctx)
		return context.Background(), args
	}
	return ctx, padArgs(query, args)
}

// ended is a context that is over, for transactions that are.
var ended = func() context.Context {
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(sql.ErrTxDone)
	return ctx
}()

// ForShare is the suffix of a SELECT whose rows must not change before this transaction
// ends; of names the tables concerned when it joins several. SQLite needs none: a write
// transaction is alone.
func (t *Tx) ForShare(of ...string) string { return t.lock(" FOR SHARE", of) }

// ForUpdate is the suffix of a SELECT whose rows this transaction will change.
func (t *Tx) ForUpdate(of ...string) string { return t.lock(" FOR UPDATE", of) }

// SkipLocked is the suffix of a SELECT that takes rows nobody else is working on.
func (t *Tx) SkipLocked(of ...string) string {
	if t.engine == SQLite {
		return ""
	}
	return t.lock(" FOR UPDATE", of) + " SKIP LOCKED"
}

func (t *Tx) lock(words string, of []string) string {
	if t.engine == SQLite {
		return ""
	}
	if len(of) > 0 {
		words += " OF " + strings.Join(of, ", ")
	}
	return words
}
