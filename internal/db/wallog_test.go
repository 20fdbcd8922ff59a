package db_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"hearth/internal/db"
	"hearth/internal/testkit"
)

// Every commit shares a cipher block of the log with the one before. Readers that look
// meanwhile must never see a block half written.
func TestReadersBesideTheLog(t *testing.T) {
	d, ctx := testkit.SQLite(t), context.Background()
	run(t, d, `CREATE TABLE pair (id INTEGER PRIMARY KEY, a TEXT NOT NULL, b TEXT NOT NULL)`)
	run(t, d, `INSERT INTO pair VALUES (1, '0', '0')`)
	var over atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !over.Load() {
				var a, b string
				err := d.Read(ctx, func(tx *db.Tx) error {
					return tx.QueryRow(ctx, `SELECT a, b FROM pair WHERE id = 1`).Scan(&a, &b)
				})
				if err != nil || a != b {
					t.Errorf("read %.20q and %.20q: %v", a, b, err)
					return
				}
			}
		})
	}
	for i := range 400 {
		value := strings.Repeat(fmt.Sprint(i), 1+i%700)
		run(t, d, `UPDATE pair SET a = $1, b = $1`, value)
	}
	over.Store(true)
	readers.Wait()
}

// A transaction larger than what is gathered in memory is read back while it runs, and
// whole after it.
func TestLargeTransaction(t *testing.T) {
	d, ctx := testkit.SQLite(t), context.Background()
	run(t, d, `CREATE TABLE big (id INTEGER PRIMARY KEY, body TEXT NOT NULL)`)
	const rows = 3000
	count := func(tx *db.Tx) (n, size int) {
		if err := tx.QueryRow(ctx, `SELECT COUNT(*), SUM(LENGTH(body)) FROM big`).Scan(&n, &size); err != nil {
			t.Fatal(err)
		}
		return n, size
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		for i := range rows {
			if _, err := tx.Exec(ctx, `INSERT INTO big VALUES ($1, $2)`, i, strings.Repeat("x", 20_000)); err != nil {
				return err
			}
		}
		if n, size := count(tx); n != rows || size != rows*20_000 {
			t.Errorf("within: %d rows, %d characters", n, size)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	_ = d.Read(ctx, func(tx *db.Tx) error {
		if n, size := count(tx); n != rows || size != rows*20_000 {
			t.Errorf("after: %d rows, %d characters", n, size)
		}
		return nil
	})
}

// What a writer put into the log is moved by another connection: into the file, where what
// follows makes it no longer.
func TestTheLogIsRelieved(t *testing.T) {
	dir := testkit.SQLiteDir(t)
	d, err := db.Open(t.Context(), db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	run(t, d, `CREATE TABLE big (id INTEGER PRIMARY KEY, body TEXT NOT NULL)`)
	relieved := func() (fileSize int64) {
		if err := d.Relieve(t.Context()); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(dir, "hearth.db"))
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	before := relieved()
	write := func(from, rows int) {
		for i := from; i < from+rows; i++ {
			run(t, d, `INSERT INTO big VALUES ($1, $2)`, i, strings.Repeat("x", 100_000))
		}
	}
	write(0, 10) // a megabyte is not much
	if size := relieved(); size != before {
		t.Errorf("the file grew by %d of little", size-before)
	}
	write(10, 40)
	if size := relieved(); size < before+40*100_000 {
		t.Errorf("the file has %d bytes, and had %d before five millions were written", size, before)
	}
	write(50, 60)
	size := relieved()
	write(110, 60)
	if again := relieved(); again < size+50*100_000 {
		t.Errorf("the log began anew and was not moved: %d, %d", size, again)
	}
}

func run(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
