package db

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"
)

// Engine names the database behind a [DB].
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// ErrClosed is returned by every use of a DB after Close.
var ErrClosed = errors.New("db: the store is closed")

// Config says where the store is.
type Config struct {
	// Dir is the data folder, made when missing: hearth.db (encrypted SQLite), hearth.key
	// (its key) and hearth.lock. Not used when URL is set.
	Dir string
	// URL names a PostgreSQL database: postgres://… or a keyword DSN. It wins over Dir.
	URL string
	// Shared opens a SQLite folder beside a program that serves it, for tools. Without
	// it a second program on the same folder is refused.
	Shared bool
	// Logger receives warnings for the operator; nil drops them.
	Logger *slog.Logger
}

// DB is an open store. It is safe for concurrent use.
type DB struct {
	engine  backend
	retries atomic.Int64
	reads   atomic.Int64
	writes  atomic.Int64
	closed  atomic.Bool
}

// backend is what the two engines do differently with whole transactions.
type backend interface {
	name() Engine
	read(ctx context.Context, fn func(*Tx) error) error
	write(ctx context.Context, fn func(*Tx) error) error
	ping(ctx context.Context) error
	floor(ctx context.Context, n int) error // one minimal durable commit; n differs at every call
	relieve(ctx context.Context) error
	stats() Stats
	close() error
}

//go:embed migrations
var embedded embed.FS

// Open opens the store that cfg names, makes it when there is none, and brings its
// schema up to date. The error is an [*OpenError], or ctx's.
func Open(ctx context.Context, cfg Config) (*DB, error) {
	migrations, err := fs.Sub(embedded, "migrations")
	if err != nil {
		return nil, err
	}
	return OpenWith(ctx, cfg, migrations)
}

// OpenWith is Open with other migrations: *.sql files at the root of fsys. For tests.
func OpenWith(ctx context.Context, cfg Config, fsys fs.FS) (*DB, error) {
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	var engine backend
	var err error
	if cfg.URL != "" {
		engine, err = openPostgres(ctx, cfg, fsys)
	} else {
		engine, err = openSQLite(ctx, cfg, fsys)
	}
	if err != nil {
		return nil, explainOpen(ctx, cfg, err)
	}
	return &DB{engine: engine}, nil
}

// Engine says which database this is, for messages and metrics; features never ask.
func (d *DB) Engine() Engine { return d.engine.name() }

// Read runs fn in a transaction that cannot write and sees one snapshot throughout.
// Rows and values must not be used after fn returns.
func (d *DB) Read(ctx context.Context, fn func(*Tx) error) error {
	d.reads.Add(1)
	return d.retry(ctx, func() error { return d.engine.read(ctx, fn) })
}

// Write runs fn in a transaction and commits it when fn returns nil; any error or panic
// rolls it back. Once Write returns nil the change is durable. fn runs again when the
// engine says that a race was lost, so it touches nothing but its Tx.
func (d *DB) Write(ctx context.Context, fn func(*Tx) error) error {
	d.writes.Add(1)
	return d.retry(ctx, func() error { return d.engine.write(ctx, fn) })
}

// Ping reports whether the store answers.
func (d *DB) Ping(ctx context.Context) error {
	if d.closed.Load() {
		return ErrClosed
	}
	return d.engine.ping(ctx)
}

// SchemaVersion is the number of the newest migration that was applied; 0 is none.
func (d *DB) SchemaVersion(ctx context.Context) (int64, error) {
	var version int64
	err := d.Read(ctx, func(tx *Tx) error {
		return tx.QueryRow(ctx, currentVersion).Scan(&version)
	})
	return version, err
}

// Close waits for running transactions, settles the files and closes the store. It is
// safe to call more than once.
func (d *DB) Close() error {
	if d.closed.Swap(true) {
		return nil
	}
	return d.engine.close()
}

// OneWriter reports whether whoever writes waits for every transaction that writes now, as
// with SQLite. Work of many transactions keeps them short then; elsewhere it may take more
// at a time, and be done sooner.
func (d *DB) OneWriter() bool { return d.engine.name() == SQLite }

// Relieve moves what was committed lately to its place in the store, beside those who read
// and write, if that has become much. SQLite has the commit do that which fills its log,
// and all who write wait for it: work of many transactions calls this between them, so that
// no commit finds much to move. PostgreSQL does it by itself.
func (d *DB) Relieve(ctx context.Context) error {
	return d.retry(ctx, func() error { return d.engine.relieve(ctx) })
}

// Awaited reports whether somebody waits to change a row of one of the tables. Transactions
// that share rows and overlap without a pause would keep such a one waiting for ever, for
// PostgreSQL lets every further share in before: work of many of them asks this in between,
// and steps back. With SQLite who writes waits for one transaction at most.
func (d *DB) Awaited(ctx context.Context, tables ...string) (awaited bool, err error) {
	if d.OneWriter() {
		return false, nil
	}
	err = d.Read(ctx, func(tx *Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) > 0 FROM pg_locks WHERE locktype = 'tuple' AND relation = ANY(CAST($1 AS regclass[]))
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`, "{"+strings.Join(tables, ",")+"}").Scan(&awaited)
	})
	return awaited, err
}

// Stats counts what a DB did since it was opened.
type Stats struct {
	Reads, Writes int64         // transactions asked for
	Retries       int64         // transactions run again after a lost race
	Prepared      int64         // statements compiled (SQLite only)
	Waited        time.Duration // total time spent waiting for a connection or for the writer
	Open, InUse   int           // connections
}

// Stats gives the counters as they are now.
func (d *DB) Stats() Stats {
	s := d.engine.stats()
	s.Reads, s.Writes, s.Retries = d.reads.Load(), d.writes.Load(), d.retries.Load()
	return s
}
