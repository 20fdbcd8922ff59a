package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

const (
	pgConnections = 20
	pgOldest      = 140000 // the oldest server_version_num that is supported
	pgConnectTime = 10 * time.Second
)

// pgBackend is a PostgreSQL database.
type pgBackend struct{ db *sql.DB }

func openPostgres(ctx context.Context, cfg Config, migrations fs.FS) (backend, error) {
	config, err := pgx.ParseConfig(cfg.URL)
	if err != nil {
		return nil, err
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = pgConnectTime
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "hearth"
	}
	conn := stdlib.OpenDB(*config)
	conn.SetMaxOpenConns(pgConnections)
	conn.SetMaxIdleConns(pgConnections)
	conn.SetConnMaxIdleTime(5 * time.Minute)
	if err := preparePostgres(ctx, cfg.Logger, conn, migrations); err != nil {
		_ = conn.Close()
		return nil, err
	}
	return &pgBackend{db: conn}, nil
}

func preparePostgres(ctx context.Context, logger *slog.Logger, conn *sql.DB, migrations fs.FS) error {
	if err := checkServer(ctx, logger, conn); err != nil {
		return err
	}
	return migrate(ctx, Postgres, conn, migrations)
}

// checkServer refuses servers on which Hearth would not keep its promises, and warns of
// settings that weaken them.
func checkServer(ctx context.Context, logger *slog.Logger, conn *sql.DB) error {
	var version int
	var encoding, fsync, commit string
	err := conn.QueryRowContext(ctx, `SELECT current_setting('server_version_num')::int,
		current_setting('server_encoding'), current_setting('fsync'), current_setting('synchronous_commit')`).
		Scan(&version, &encoding, &fsync, &commit)
	if err != nil {
		return err
	}
	if version < pgOldest {
		return &OpenError{Problem: fmt.Sprintf("The PostgreSQL server is version %d and too old.", version/10000),
			Remedy: fmt.Sprintf("Use version %d or newer.", pgOldest/10000)}
	}
	if encoding != "UTF8" {
		return &OpenError{Problem: "The PostgreSQL database has the encoding " + encoding + ".",
			Remedy: "Create one with UTF8: createdb --encoding=UTF8 --template=template0 NAME."}
	}
	if fsync == "off" || commit == "off" {
		logger.Warn("PostgreSQL is set to lose the newest data in a crash. Set fsync and synchronous_commit to on.",
			"fsync", fsync, "synchronous_commit", commit)
	}
	return nil
}

func (b *pgBackend) name() Engine { return Postgres }

func (b *pgBackend) read(ctx context.Context, fn func(*Tx) error) error {
	return b.run(ctx, sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}, fn)
}

func (b *pgBackend) write(ctx context.Context, fn func(*Tx) error) error {
	return b.run(ctx, sql.TxOptions{Isolation: sql.LevelReadCommitted}, fn)
}

func (b *pgBackend) run(ctx context.Context, options sql.TxOptions, fn func(*Tx) error) error {
	inner, err := b.db.BeginTx(ctx, &options)
	if err != nil {
		return err
	}
	tx := &Tx{engine: Postgres, conn: inner}
	defer func() {
		tx.done = true
		tx.closeRows()
		_ = inner.Rollback() // does nothing after a commit
	}()
	if err := fn(tx); err != nil {
		return err
	}
	tx.closeRows()
	err = inner.Commit()
	if errors.Is(err, sql.ErrTxDone) && ctx.Err() != nil {
		return context.Cause(ctx) // its end has rolled the transaction back before
	}
	if err != nil {
		return &commitError{err}
	}
	return nil
}

func (b *pgBackend) ping(ctx context.Context) error { return b.db.PingContext(ctx) }

func (b *pgBackend) floor(ctx context.Context, _ int) error {
	_, err := b.db.ExecContext(ctx, `SELECT pg_logical_emit_message(true, 'hearth', '')`)
	return err
}

func (b *pgBackend) relieve(context.Context) error { return nil }

func (b *pgBackend) stats() Stats {
	s := b.db.Stats()
	return Stats{Waited: s.WaitDuration, Open: s.OpenConnections, InUse: s.InUse}
}

func (b *pgBackend) close() error { return b.db.Close() }
