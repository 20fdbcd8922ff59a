package db_test

import (
	"context"
	"database/sql"
	"io/fs"
	"testing"
	"testing/fstest"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// schema is a small one of these tests' own.
var schema = fstest.MapFS{"0001_things.sql": {Data: []byte(`-- +goose Up
CREATE TABLE things (
    id     {{id}} NOT NULL PRIMARY KEY,
    parent {{id}} REFERENCES things (id),
    name   {{text}} NOT NULL,
    n      {{int}} NOT NULL,
    ok     {{bool}} NOT NULL DEFAULT FALSE,
    data   {{blob}}
){{strict}};
CREATE UNIQUE INDEX things_name ON things (name);
`)}}

// each runs a test on both engines with an empty table of things.
func each(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	eachWith(t, schema, test)
}

func eachWith(t *testing.T, migrations fs.FS, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, open(t, db.Config{Dir: t.TempDir()}, migrations))
	})
	t.Run("postgres", func(t *testing.T) {
		test(t, open(t, db.Config{URL: testkit.EmptyPostgresURL(t)}, migrations))
	})
}

func open(t testing.TB, cfg db.Config, migrations fs.FS) *db.DB {
	t.Helper()
	d, err := db.OpenWith(t.Context(), cfg, migrations)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return d
}

// id gives the same id for the same number.
func id(n byte) care.UserID { return care.UserID{15: n, 6: 0x70} }

func write(t testing.TB, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func read(t testing.TB, d *db.DB, fn func(ctx context.Context, tx *db.Tx) error) {
	t.Helper()
	if err := d.Read(t.Context(), func(tx *db.Tx) error { return fn(t.Context(), tx) }); err != nil {
		t.Fatal(err)
	}
}

func exec(t testing.TB, d *db.DB, query string, args ...any) int64 {
	t.Helper()
	var n int64
	write(t, d, func(ctx context.Context, tx *db.Tx) (err error) {
		n, err = tx.Exec(ctx, query, args...)
		return err
	})
	return n
}

// number reads one integer.
func number(t testing.TB, d *db.DB, query string, args ...any) int64 {
	t.Helper()
	var n int64
	read(t, d, func(ctx context.Context, tx *db.Tx) error {
		return tx.QueryRow(ctx, query, args...).Scan(&n)
	})
	return n
}

const insert = `INSERT INTO things (id, name, n) VALUES ($1, $2, $3)`

func scanText(row db.Scanner) (string, error) {
	var s string
	return s, row.Scan(&s)
}

// sqlOpen connects around the package under test, to prepare a server.
func sqlOpen(t *testing.T, address string) *sql.DB {
	t.Helper()
	conn, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
