package testkit

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"hearth/internal/db"
)

// Engines runs test once on each engine, as the subtests "sqlite" and "postgres", with a
// fresh migrated database.
func Engines(t *testing.T, test func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, Postgres(t)) })
}

// SQLite gives a fresh migrated database in an encrypted file, with full durability.
func SQLite(tb testing.TB) *db.DB {
	tb.Helper()
	return open(tb, db.Config{Dir: SQLiteDir(tb)})
}

// SQLiteDir gives a data folder with a fresh migrated database, for programs under test.
func SQLiteDir(tb testing.TB) string {
	tb.Helper()
	files, err := liteTemplate()
	if err != nil {
		tb.Fatal(err)
	}
	dir := tb.TempDir()
	for name, content := range files {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

// liteTemplate migrates once and keeps the files.
var liteTemplate = sync.OnceValues(func() (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "hearth-template-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	if err := migrated(db.Config{Dir: dir}); err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, name := range []string{"hearth.db", "hearth.key"} {
		if files[name], err = os.ReadFile(filepath.Join(dir, name)); err != nil {
			return nil, err
		}
	}
	return files, nil
})

// Postgres gives a fresh migrated database of a cluster that is fast and not durable.
func Postgres(tb testing.TB) *db.DB {
	tb.Helper()
	return open(tb, db.Config{URL: PostgresURL(tb)})
}

// PostgresURL gives the address of a fresh migrated database, for programs under test.
func PostgresURL(tb testing.TB) string {
	tb.Helper()
	return fast.fresh(tb)
}

// EmptyPostgresURL gives the address of a fresh database without a schema.
func EmptyPostgresURL(tb testing.TB) string {
	tb.Helper()
	return fast.create(tb, "template0")
}

// DurablePostgres is Postgres with the server's own durability settings.
func DurablePostgres(tb testing.TB) *db.DB {
	tb.Helper()
	return open(tb, db.Config{URL: DurablePostgresURL(tb)})
}

// DurablePostgresURL is PostgresURL with the server's own durability settings.
func DurablePostgresURL(tb testing.TB) string {
	tb.Helper()
	return durable.fresh(tb)
}

// EmptyDurablePostgresURL is EmptyPostgresURL with the server's own durability settings.
func EmptyDurablePostgresURL(tb testing.TB) string {
	tb.Helper()
	return durable.create(tb, "template0")
}

func open(tb testing.TB, cfg db.Config) *db.DB {
	tb.Helper()
	d, err := db.Open(tb.Context(), cfg)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Errorf("closing the database: %v", err)
		}
	})
	return d
}
