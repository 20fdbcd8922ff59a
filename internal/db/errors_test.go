package db_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"hearth/internal/db"
	"hearth/internal/testkit"
)

func TestBrokenConstraintsAreTold(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, insert, id(1), "one", 1)
		for _, c := range []struct {
			name, query string
			args        []any
			unique, key bool
			constraint  string
		}{
			{"primary key", insert, []any{id(1), "two", 1}, true, false, "things"},
			{"unique index", insert, []any{id(2), "one", 1}, true, false, "name"},
			{"foreign key", `INSERT INTO things (id, name, n, parent) VALUES ($1, 'x', 1, $1), ($2, 'y', 1, $3)`, []any{id(3), id(4), id(9)}, false, true, ""},
			{"not null", `INSERT INTO things (id, name, n) VALUES ($1, NULL, 1)`, []any{id(5)}, false, false, ""},
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), c.query, c.args...)
				return err
			})
			if err == nil || db.IsUnique(err) != c.unique || db.IsForeignKey(err) != c.key || db.IsUnavailable(err) {
				t.Errorf("%s: %v: unique %v, foreign key %v", c.name, err, db.IsUnique(err), db.IsForeignKey(err))
			}
			if d.Stats().Retries > 0 {
				t.Errorf("%s: tried again", c.name)
			}
			if c.unique && !strings.Contains(db.Constraint(err), c.constraint) {
				t.Errorf("%s: constraint %q, want one with %q", c.name, db.Constraint(err), c.constraint)
			}
		}
		exec(t, d, `INSERT INTO things (id, name, n) VALUES ($1, 'one', 5) ON CONFLICT DO NOTHING`, id(7))
		if n := number(t, d, `SELECT count(*) FROM things`); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	})
	if db.IsUnavailable(nil) || db.IsUnique(nil) || db.IsForeignKey(nil) || db.IsFull(nil) || db.IsText(nil) || db.Constraint(nil) != "" {
		t.Error("no error was taken for one")
	}
}

func TestErrorsDoNotQuoteWhatWasWritten(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		exec(t, d, insert, id(1), "her secret", 1)
		for _, query := range []string{insert, `INSERT INTO things (id, name, nothing) VALUES ($1, $2, $3)`} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), query, id(2), "her secret", 1)
				return err
			})
			if err == nil || strings.Contains(err.Error(), "secret") {
				t.Errorf("error %v", err)
			}
		}
	})
}

// lost is an error by which PostgreSQL says that a race was lost.
var lost = &pgconn.PgError{Code: "40001", Message: "could not serialize access"}

func TestLostRacesAreRunAgain(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		runs := 0
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			runs++
			if _, err := tx.Exec(ctx, insert, id(1), "one", 1); err != nil {
				return err
			}
			if runs < 3 {
				return lost
			}
			return nil
		})
		if runs != 3 || d.Stats().Retries != 2 {
			t.Errorf("ran %d times, %d retries", runs, d.Stats().Retries)
		}
		if n := number(t, d, `SELECT count(*) FROM things`); n != 1 {
			t.Errorf("%d rows, want 1", n)
		}
	})
}

func TestRacesAreNotRunForEver(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		runs := 0
		err := d.Write(t.Context(), func(*db.Tx) error { runs++; return lost })
		if !errors.Is(err, lost) || runs != 10 {
			t.Errorf("%v after %d runs", err, runs)
		}
		runs = 0
		if err := d.Write(t.Context(), func(*db.Tx) error { runs++; return errors.ErrUnsupported }); err == nil || runs != 1 {
			t.Errorf("another error: %v after %d runs", err, runs)
		}
		ctx, cancel := context.WithCancel(t.Context())
		runs = 0
		err = d.Write(ctx, func(*db.Tx) error { runs++; cancel(); return lost })
		if err == nil || runs != 1 {
			t.Errorf("a cancelled one: %v after %d runs", err, runs)
		}
	})
}

func TestDeadlocksAreResolved(t *testing.T) {
	// On SQLite one writer cannot.
	d := open(t, db.Config{URL: testkit.EmptyPostgresURL(t)}, schema)
	exec(t, d, insert, id(1), "one", 0)
	exec(t, d, insert, id(2), "two", 0)
	// Each transaction takes its first row, waits until the other has too, then wants
	// the other's. PostgreSQL breaks one of them; run again it finds the way free.
	taken := []chan struct{}{make(chan struct{}), make(chan struct{})}
	done := make(chan error)
	for i := range 2 {
		go func() {
			first := true
			done <- d.Write(t.Context(), func(tx *db.Tx) error {
				if _, err := tx.Exec(t.Context(), `UPDATE things SET n = n + 1 WHERE id = $1`, id(byte(1+i))); err != nil {
					return err
				}
				if first {
					first = false
					close(taken[i])
					<-taken[1-i]
				}
				_, err := tx.Exec(t.Context(), `UPDATE things SET n = n + 1 WHERE id = $1`, id(byte(2-i)))
				return err
			})
		}()
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := number(t, d, `SELECT sum(n) FROM things`); n != 4 || d.Stats().Retries == 0 {
		t.Errorf("sum %d after %d retries", n, d.Stats().Retries)
	}
}

func TestBrokenConnectionsAreReplaced(t *testing.T) {
	address := testkit.EmptyPostgresURL(t)
	d := open(t, db.Config{URL: address}, schema)
	admin := sqlOpen(t, address)
	cut := func() {
		if _, err := admin.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`); err != nil {
			t.Error(err)
		}
	}
	for i := range 3 {
		cut()
		exec(t, d, insert, id(byte(2*i+1)), fmt.Sprint("idle ", i), i)
		cut()
		if n := number(t, d, `SELECT count(*) FROM things`); n != int64(2*i+1) {
			t.Errorf("%d things", n)
		}
		runs := 0
		write(t, d, func(ctx context.Context, tx *db.Tx) error {
			if runs++; runs == 1 {
				if _, err := tx.Exec(ctx, insert, id(99), "lost", 1); err != nil {
					return err
				}
				cut()
			}
			_, err := tx.Exec(ctx, insert, id(byte(2*i+2)), fmt.Sprint("midway ", i), i)
			return err
		})
		if runs != 2 {
			t.Errorf("the closure ran %d times", runs)
		}
	}
	if n := number(t, d, `SELECT count(*) FROM things`); n != 6 {
		t.Errorf("%d things, want 6", n)
	}
}

func TestACommitWithoutAnAnswerIsNotRepeated(t *testing.T) {
	address := testkit.EmptyPostgresURL(t)
	d := open(t, db.Config{URL: address}, schema)
	admin := sqlOpen(t, address)
	runs := 0
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		runs++
		_, err := tx.Exec(t.Context(), insert, id(1), "one", 1)
		if err == nil {
			_, err = admin.Exec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`)
		}
		return err
	})
	if !db.IsUnavailable(err) || runs != 1 {
		t.Errorf("%v after %d runs", err, runs)
	}
}
