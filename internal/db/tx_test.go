package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

func TestValuesComeBackAsTheyWereStored(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		const text = "Grüße — 你好 🙂 'quoted' $1 ?1 \\ \n\t"
		data := []byte{0, 1, 2, 0xff}
		exec(t, d, `INSERT INTO things (id, parent, name, n, ok, data) VALUES ($1, $2, $3, $4, $5, $6)`,
			id(1), nil, text, int64(-1)<<62, true, data)
		exec(t, d, `INSERT INTO things (id, parent, name, n, ok, data) VALUES ($1, $2, $3, $4, FALSE, $5)`,
			id(2), id(1), "", 7, []byte{})
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			var got struct {
				id, parent care.UserID
				name       string
				n          int64
				ok         bool
				data       []byte
			}
			row := tx.QueryRow(ctx, `SELECT id, parent, name, n, ok, data FROM things WHERE id = $1`, id(1))
			if err := row.Scan(&got.id, &got.parent, &got.name, &got.n, &got.ok, &got.data); err != nil {
				return err
			}
			if got.id != id(1) || !got.parent.IsZero() || got.name != text || got.n != int64(-1)<<62 || !got.ok || string(got.data) != string(data) {
				t.Errorf("got %+v", got)
			}
			row = tx.QueryRow(ctx, `SELECT id, parent, name, n, ok, data FROM things WHERE parent = $1 AND NOT ok`, id(1))
			if err := row.Scan(&got.id, &got.parent, &got.name, &got.n, &got.ok, &got.data); err != nil {
				return err
			}
			if got.id != id(2) || got.parent != id(1) || got.name != "" || got.n != 7 || got.ok || got.data == nil || len(got.data) != 0 {
				t.Errorf("got %+v", got)
			}
			return nil
		})
	})
}

func TestAbsentValuesAreNull(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var noID *care.UserID
		var noData []byte
		exec(t, d, `INSERT INTO things (id, name, n, parent, data) VALUES ($1, 'nil pointer', 1, $2, $3)`, id(1), noID, noData)
		exec(t, d, `INSERT INTO things (id, name, n, parent) VALUES ($1, 'zero id', 2, $2)`, id(2), care.UserID{})
		if n := number(t, d, `SELECT count(*) FROM things WHERE parent IS NULL AND data IS NULL`); n != 2 {
			t.Errorf("%d rows have no parent and no data, want 2", n)
		}
		parent := id(1)
		exec(t, d, `UPDATE things SET parent = $1 WHERE n = $2`, &parent, 2)
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			var none, some *care.UserID
			err := tx.QueryRow(ctx, `SELECT a.parent, b.parent FROM things a, things b WHERE a.n = 1 AND b.n = 2`).Scan(&none, &some)
			if err == nil && (none != nil || some == nil || *some != parent) {
				t.Errorf("read %v and %v", none, some)
			}
			return err
		})
	})
}

func TestNamedTypesArePlainValues(t *testing.T) {
	type state string
	type count int32
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, insert, id(1), state("open"), count(3))
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			var s state
			var c count
			err := tx.QueryRow(ctx, `SELECT name, n FROM things WHERE name = $1`, state("open")).Scan(&s, &c)
			if s != "open" || c != 3 {
				t.Errorf("got %q, %d", s, c)
			}
			return err
		})
	})
}

func TestPlaceholdersMayRepeatAndComeInAnyOrder(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, `INSERT INTO things (n, name, id) VALUES ($3, $2, $1)`, id(1), "one", 1)
		got := number(t, d, `SELECT count(*) FROM things WHERE name = $2 AND (n = $1 OR n = $1) AND name <> '$3' /* $4 */ -- $5
			AND id = $3`, 1, "one", id(1))
		if got != 1 {
			t.Errorf("found %d rows", got)
		}
	})
}

func TestWrongNumberOfArgumentsIsAnError(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for _, args := range [][]any{{}, {1}, {1, 2, 3}} {
			err := d.Read(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), `SELECT name FROM things WHERE n = $1 OR n = $2`, args...)
				return err
			})
			if err == nil {
				t.Errorf("%d arguments for 2 placeholders were accepted", len(args))
			}
		}
	})
}

func TestTextThatCannotBeStoredIsRefused(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for _, text := range []string{"nul \x00 inside", "not \xff UTF-8"} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), insert, id(1), text, 1)
				return err
			})
			if !db.IsText(err) {
				t.Errorf("%q gave %v", text, err)
			}
		}
	})
}

func TestFailedWritesLeaveNothing(t *testing.T) {
	broken := errors.New("broken")
	each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), insert, id(1), "one", 1); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = d.Write(t.Context(), func(tx *db.Tx) error {
				_, _ = tx.Exec(t.Context(), insert, id(2), "two", 2)
				panic("broken")
			})
		}()
		ctx, cancel := context.WithCancel(t.Context())
		err = d.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, insert, id(3), "three", 3)
			cancel()
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a cancelled write gave %v", err)
		}
		if n := number(t, d, `SELECT count(*) FROM things`); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		exec(t, d, insert, id(1), "one", 1) // the writer still works
	})
}

func TestATransactionIsOverWhenItsClosureReturned(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var kept *db.Tx
		read(t, d, func(_ context.Context, tx *db.Tx) error { kept = tx; return nil })
		if _, err := kept.Exec(t.Context(), `SELECT 1`); err == nil {
			t.Error("Exec after the end worked")
		}
		if _, err := kept.Query(t.Context(), `SELECT 1`); err == nil {
			t.Error("Query after the end worked")
		}
		var n int
		if err := kept.QueryRow(t.Context(), `SELECT 1`).Scan(&n); err == nil {
			t.Error("QueryRow after the end worked")
		}
	})
}

func TestReadsSeeOneSnapshotAndCannotWrite(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, insert, id(1), "one", 1)
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			before, after := 0, 0
			if err := tx.QueryRow(ctx, `SELECT n FROM things`).Scan(&before); err != nil {
				return err
			}
			exec(t, d, `UPDATE things SET n = 2`) // another transaction
			if err := tx.QueryRow(ctx, `SELECT n FROM things`).Scan(&after); err != nil {
				return err
			}
			if before != 1 || after != 1 {
				t.Errorf("read %d, then %d", before, after)
			}
			return nil
		})
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE things SET n = 3`)
			return err
		})
		if err == nil {
			t.Error("a read could write")
		}
		if n := number(t, d, `SELECT n FROM things`); n != 2 {
			t.Errorf("n is %d, want 2", n)
		}
	})
}

func TestConcurrentWritesAllCount(t *testing.T) {
	const writers, rounds = 8, 25
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, insert, id(1), "counter", 0)
		var wg sync.WaitGroup
		for range writers {
			wg.Go(func() {
				for range rounds {
					err := d.Write(t.Context(), func(tx *db.Tx) error {
						var n int
						if err := tx.QueryRow(t.Context(), `SELECT n FROM things WHERE id = $1`+tx.ForUpdate(), id(1)).Scan(&n); err != nil {
							return err
						}
						_, err := tx.Exec(t.Context(), `UPDATE things SET n = $1 WHERE id = $2`, n+1, id(1))
						return err
					})
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		if n := number(t, d, `SELECT n FROM things`); n != writers*rounds {
			t.Errorf("counted %d, want %d", n, writers*rounds)
		}
	})
}

func TestManyReadersBesideAWriter(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, insert, id(1), "a", 0)
		exec(t, d, insert, id(2), "b", 0)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for range 12 {
			wg.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					if n := number(t, d, `SELECT max(n) - min(n) FROM things`); n != 0 {
						t.Errorf("saw half of a transaction: %d", n)
						return
					}
				}
			})
		}
		for range 40 {
			write(t, d, func(ctx context.Context, tx *db.Tx) error {
				for _, name := range []string{"a", "b"} {
					if _, err := tx.Exec(ctx, `UPDATE things SET n = n + 1 WHERE name = $1`, name); err != nil {
						return err
					}
				}
				return nil
			})
		}
		close(stop)
		wg.Wait()
	})
}

func TestRowsLeftOpenAreClosed(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, insert, id(1), "one", 1)
		exec(t, d, insert, id(2), "two", 2)
		for range 3 {
			read(t, d, func(ctx context.Context, tx *db.Tx) error {
				rows, err := tx.Query(ctx, `SELECT name FROM things`)
				if err == nil {
					rows.Next()
				}
				return err
			})
		}
		if n := exec(t, d, `DELETE FROM things`); n != 2 {
			t.Errorf("removed %d", n)
		}
	})
}

func TestLongStatementsStopWithTheirContext(t *testing.T) {
	const endless = `WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c) SELECT count(*) FROM c`
	each(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		began := time.Now()
		err := d.Read(ctx, func(tx *db.Tx) error {
			var n int64
			return tx.QueryRow(ctx, endless).Scan(&n)
		})
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 10*time.Second {
			t.Errorf("stopped after %v with %v", time.Since(began), err)
		}
		exec(t, d, insert, id(1), "one", 1)
	})
}

func TestWaitingForTheWriterStopsWithItsContext(t *testing.T) {
	d := open(t, db.Config{Dir: t.TempDir()}, schema)
	write(t, d, func(context.Context, *db.Tx) error {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		defer cancel()
		err := d.Write(ctx, func(*db.Tx) error { return nil })
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("the second writer got %v", err)
		}
		return nil
	})
	if d.Stats().Waited < 10*time.Millisecond {
		t.Errorf("waited %v", d.Stats().Waited)
	}
}

func TestManyAndOne(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		for i, name := range []string{"a", "b", "c"} {
			exec(t, d, insert, id(byte(i+1)), name, i)
		}
		read(t, d, func(ctx context.Context, tx *db.Tx) error {
			all, err := db.Many(ctx, tx, scanText, `SELECT name FROM things WHERE n > $1 ORDER BY n`, 0)
			if err != nil || !slices.Equal(all, []string{"b", "c"}) {
				t.Errorf("Many gave %v, %v", all, err)
			}
			none, err := db.Many(ctx, tx, scanText, `SELECT name FROM things WHERE n > $1`, 9)
			if err != nil || len(none) != 0 {
				t.Errorf("Many gave %v, %v", none, err)
			}
			one, ok, err := db.One(ctx, tx, scanText, `SELECT name FROM things WHERE n = $1`, 2)
			if err != nil || !ok || one != "c" {
				t.Errorf("One gave %q, %v, %v", one, ok, err)
			}
			_, ok, err = db.One(ctx, tx, scanText, `SELECT name FROM things WHERE n = $1`, 9)
			if err != nil || ok {
				t.Errorf("One gave %v, %v for nothing", ok, err)
			}
			return nil
		})
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			_, _, err := db.One(t.Context(), tx, scanText, `SELECT nothing FROM nowhere`)
			return err
		})
		if err == nil {
			t.Error("One swallowed an error")
		}
	})
}

func TestTheSameStatementMayRunWithinItself(t *testing.T) {
	d := open(t, db.Config{Dir: t.TempDir()}, schema)
	exec(t, d, insert, id(1), "one", 1)
	exec(t, d, insert, id(2), "two", 2)
	read(t, d, func(ctx context.Context, tx *db.Tx) error {
		const query = `SELECT name FROM things ORDER BY n`
		var got []string
		outer, err := tx.Query(ctx, query)
		if err != nil {
			return err
		}
		defer outer.Close()
		for outer.Next() {
			name, _ := scanText(outer)
			inner, err := db.Many(ctx, tx, scanText, query)
			if err != nil {
				return err
			}
			got = append(got, name+":"+strings.Join(inner, ","))
		}
		if want := []string{"one:one,two", "two:one,two"}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		return outer.Err()
	})
}

func TestFewTextsAreKeptCompiled(t *testing.T) {
	d := open(t, db.Config{Dir: t.TempDir()}, schema)
	run := func(query string) {
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, query)
			return err
		})
	}
	run(`SELECT 'kept'`)
	before := d.Stats().Prepared
	for range 10 {
		run(`SELECT 'kept'`)
	}
	if made := d.Stats().Prepared - before; made != 0 {
		t.Errorf("a statement was compiled %d times more", made)
	}
	for i := range 1000 {
		run(fmt.Sprintf(`SELECT %d, '%s'`, i, strings.Repeat("x", 2000)))
	}
	before = d.Stats().Prepared
	run(`SELECT 'kept'`)
	if made := d.Stats().Prepared - before; made != 1 {
		t.Errorf("after many others it was compiled %d times, want 1", made)
	}
}

func TestLocksOfRows(t *testing.T) {
	d := open(t, db.Config{Dir: t.TempDir()}, schema)
	read(t, d, func(_ context.Context, tx *db.Tx) error {
		if got := tx.ForShare("a") + tx.ForUpdate() + tx.SkipLocked(); got != "" {
			t.Errorf("SQLite was given %q", got)
		}
		return nil
	})
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, insert, id(1), "one", 1)
		exec(t, d, insert, id(2), "two", 2)
		for _, suffix := range []func(*db.Tx) string{
			func(tx *db.Tx) string { return tx.ForShare() },
			func(tx *db.Tx) string { return tx.ForShare("a", "b") },
			func(tx *db.Tx) string { return tx.ForUpdate("a") },
			func(tx *db.Tx) string { return tx.SkipLocked("b") },
		} {
			write(t, d, func(ctx context.Context, tx *db.Tx) error {
				all, err := db.Many(ctx, tx, scanText, `SELECT a.name FROM things a JOIN things b ON a.n < b.n`+suffix(tx))
				if len(all) != 1 {
					t.Errorf("%q: %d rows", suffix(tx), len(all))
				}
				return err
			})
		}
	})
}

func TestAChangeWaitsForWhoeverReliesOnTheRow(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, insert, id(1), "switch", 1)
		changed := make(chan struct{})
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			var n int
			if err := tx.QueryRow(ctx, `SELECT n FROM things WHERE id = $1`+tx.ForShare(), id(1)).Scan(&n); err != nil {
				return err
			}
			go func() {
				defer close(changed)
				exec(t, d, `UPDATE things SET n = 0 WHERE id = $1`, id(1))
			}()
			select {
			case <-changed:
				t.Error("the row changed under a transaction that relies on it")
			case <-time.After(100 * time.Millisecond):
			}
			return nil
		})
		<-changed
	})
}

func TestFullTextSearchIsThere(t *testing.T) {
	d := open(t, db.Config{Dir: t.TempDir()}, schema)
	exec(t, d, `CREATE VIRTUAL TABLE words USING fts5(body)`)
	exec(t, d, `INSERT INTO words (body) VALUES ('a short walk'), ('a long evening')`)
	if n := number(t, d, `SELECT count(*) FROM words WHERE words MATCH $1`, "walk"); n != 1 {
		t.Errorf("found %d", n)
	}
}
