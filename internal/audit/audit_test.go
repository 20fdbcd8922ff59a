package audit_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

var (
	morning = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	org     = care.NewID[care.OrgID](morning)
	other   = care.NewID[care.OrgID](morning)
	mia     = care.Person{ID: care.NewID[care.UserID](morning), Name: "Mia", Kind: care.KindStaff}
	reader  = care.Actor{Org: org, User: mia.ID, Kind: care.KindStaff, Permissions: care.PermissionsOf(care.ReadAuditLog)}
)

func write(t *testing.T, d *db.DB, act func(tx *db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), act); err != nil {
		t.Fatal(err)
	}
}

// appendRows records n acts about different clients, a minute apart.
func appendRows(t *testing.T, d *db.DB, org care.OrgID, n int) []care.UserID {
	t.Helper()
	subjects := make([]care.UserID, n)
	for i := range n {
		at := morning.Add(time.Duration(i) * time.Minute)
		subjects[i] = care.NewID[care.UserID](at)
		write(t, d, func(tx *db.Tx) error {
			return audit.Append(t.Context(), tx, org, mia, at,
				audit.Act("client.changed", audit.About("client", subjects[i]), map[string]any{"i": i}))
		})
	}
	return subjects
}

func verify(t *testing.T, d *db.DB, org care.OrgID) audit.Report {
	t.Helper()
	report, err := audit.Verify(t.Context(), d, org)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestAppendNumbersWithoutGaps(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		appendRows(t, d, org, 3)
		failed := errors.New("the act failed")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := audit.Append(t.Context(), tx, org, mia, morning, audit.Entry{Action: "lost"}); err != nil {
				return err
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Fatal(err)
		}
		write(t, d, func(tx *db.Tx) error {
			return audit.Append(t.Context(), tx, org, care.System, morning, audit.Entry{Action: "a"}, audit.Entry{Action: "b"})
		})
		appendRows(t, d, other, 1)
		if r := verify(t, d, org); !r.OK() || r.Rows != 5 {
			t.Errorf("%d rows, first bad %d (%s)", r.Rows, r.FirstBad, r.Problem)
		}
		if r := verify(t, d, other); !r.OK() || r.Rows != 1 {
			t.Errorf("the other chain: %d rows, first bad %d", r.Rows, r.FirstBad)
		}
		reports, err := audit.VerifyAll(t.Context(), d)
		if err != nil || len(reports) != 2 {
			t.Errorf("VerifyAll: %d reports, %v", len(reports), err)
		}
	})
}

func TestAppendFromManyAtOnce(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		var wait sync.WaitGroup
		errs := make(chan error, 80)
		for i := range 8 {
			wait.Go(func() {
				for range 10 {
					errs <- d.Write(t.Context(), func(tx *db.Tx) error {
						return audit.Append(t.Context(), tx, org, mia, morning, audit.Entry{Action: fmt.Sprint("act.", i)})
					})
				}
			})
		}
		wait.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				t.Fatal(err)
			}
		}
		if r := verify(t, d, org); !r.OK() || r.Rows != 80 {
			t.Errorf("%d rows, first bad %d (%s)", r.Rows, r.FirstBad, r.Problem)
		}
	})
}

func TestTheDatabaseRefusesChanges(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		appendRows(t, d, org, 2)
		for _, statement := range []string{
			`UPDATE audit_log SET action = 'x' WHERE n = 1`,
			`DELETE FROM audit_log WHERE n = 2`,
			`DELETE FROM audit_log`,
		} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), statement)
				return err
			})
			if err == nil {
				t.Errorf("%s: was done", statement)
			}
		}
		if r := verify(t, d, org); !r.OK() || r.Rows != 2 {
			t.Errorf("afterwards: %d rows, first bad %d", r.Rows, r.FirstBad)
		}
	})
}

// unguard removes the triggers, as somebody with the database's own tools could.
func unguard(ctx context.Context, tx *db.Tx, d *db.DB) error {
	drops := []string{`DROP TRIGGER audit_log_keeps`, `DROP TRIGGER audit_log_stays`}
	if d.Engine() == db.Postgres {
		drops = []string{`DROP TRIGGER audit_log_keeps ON audit_log`}
	}
	for _, drop := range drops {
		if _, err := tx.Exec(ctx, drop); err != nil {
			return err
		}
	}
	return nil
}

func TestVerifyFindsTampering(t *testing.T) {
	for _, c := range []struct {
		name     string
		tamper   []string
		firstBad int64
	}{
		{"an actor", []string{`UPDATE audit_log SET actor_id = NULL WHERE n = 2`}, 2},
		{"an action", []string{`UPDATE audit_log SET action = 'client.created' WHERE n = 3`}, 3},
		{"a time", []string{`UPDATE audit_log SET at = at + 1 WHERE n = 1`}, 1},
		{"details", []string{`UPDATE audit_log SET details = '{"i": 3}' WHERE n = 4`}, 4},
		{"a hash", []string{`UPDATE audit_log SET hash = (SELECT hash FROM audit_heads) WHERE n = 3`}, 3},
		{"a row removed", []string{`DELETE FROM audit_log WHERE n = 2`}, 2},
		{"a row removed and the gap closed", []string{`DELETE FROM audit_log WHERE n = 2`,
			`UPDATE audit_log SET n = 2 WHERE n = 3`, `UPDATE audit_log SET n = 3 WHERE n = 4`,
			`UPDATE audit_log SET n = 4 WHERE n = 5`, `UPDATE audit_heads SET n = 4`}, 2},
		{"two rows swapped", []string{`UPDATE audit_log SET n = 99 WHERE n = 2`,
			`UPDATE audit_log SET n = 2 WHERE n = 3`, `UPDATE audit_log SET n = 3 WHERE n = 99`}, 2},
		{"a row put in", []string{`UPDATE audit_log SET n = 6 WHERE n = 5`, `UPDATE audit_heads SET n = 6`,
			`INSERT INTO audit_log SELECT org_id, 5, id, at, actor_id, actor_kind, 'session.created', subject_kind,
				subject_id, details, hash FROM audit_log WHERE n = 4`}, 5},
		{"a row put after the end", []string{`INSERT INTO audit_log SELECT org_id, 6, id, at, actor_id, actor_kind, action,
			subject_kind, subject_id, details, hash FROM audit_log WHERE n = 5`}, 6},
		{"a row put before the first", []string{`INSERT INTO audit_log SELECT org_id, 0, id, at, actor_id, actor_kind, action,
			subject_kind, subject_id, details, hash FROM audit_log WHERE n = 1`}, 0},
		{"the tail cut off", []string{`DELETE FROM audit_log WHERE n > 3`}, 4},
		{"everything removed", []string{`DELETE FROM audit_log`}, 1},
		{"the head moved back", []string{`UPDATE audit_heads SET n = 4`}, 5},
		{"the head's hash", []string{`UPDATE audit_heads SET hash = (SELECT hash FROM audit_log WHERE n = 1)`}, 5},
		{"the head removed", []string{`DELETE FROM audit_heads`}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			testkit.Engines(t, func(t *testing.T, d *db.DB) {
				appendRows(t, d, org, 5)
				write(t, d, func(tx *db.Tx) error {
					if err := unguard(t.Context(), tx, d); err != nil {
						return err
					}
					for _, statement := range c.tamper {
						if _, err := tx.Exec(t.Context(), statement); err != nil {
							return err
						}
					}
					return nil
				})
				if r := verify(t, d, org); r.OK() || r.FirstBad != c.firstBad {
					t.Errorf("first bad row %d (%s), want %d", r.FirstBad, r.Problem, c.firstBad)
				}
			})
		})
	}
}

func TestVerifyReadsManyPages(t *testing.T) {
	d := testkit.SQLite(t)
	entries := make([]audit.Entry, 2500)
	for i := range entries {
		entries[i] = audit.Entry{Action: "act"}
	}
	write(t, d, func(tx *db.Tx) error {
		return audit.Append(t.Context(), tx, org, mia, morning, entries...)
	})
	if r := verify(t, d, org); !r.OK() || r.Rows != 2500 {
		t.Fatalf("%d rows, first bad %d (%s)", r.Rows, r.FirstBad, r.Problem)
	}
	write(t, d, func(tx *db.Tx) error {
		if err := unguard(t.Context(), tx, d); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `UPDATE audit_log SET action = 'x' WHERE n = 2001`)
		return err
	})
	if r := verify(t, d, org); r.FirstBad != 2001 {
		t.Errorf("first bad row %d, want 2001", r.FirstBad)
	}
}

func TestListFiltersNewestFirst(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		subjects := appendRows(t, d, org, 5)
		appendRows(t, d, other, 2)
		write(t, d, func(tx *db.Tx) error {
			return audit.Append(t.Context(), tx, org, care.System, morning.Add(time.Hour), audit.Entry{Action: "organization.created"})
		})
		for _, c := range []struct {
			name   string
			filter audit.Filter
			want   []int64
		}{
			{"all", audit.Filter{}, []int64{6, 5, 4, 3, 2, 1}},
			{"by actor", audit.Filter{Actor: mia.ID}, []int64{5, 4, 3, 2, 1}},
			{"by subject", audit.Filter{Subject: subjects[2]}, []int64{3}},
			{"by action", audit.Filter{Action: "organization.created"}, []int64{6}},
			{"from", audit.Filter{From: morning.Add(3 * time.Minute)}, []int64{6, 5, 4}},
			{"until", audit.Filter{Until: morning.Add(2 * time.Minute)}, []int64{2, 1}},
			{"nobody", audit.Filter{Actor: subjects[0]}, nil},
		} {
			if got := walk(t, d, c.filter); fmt.Sprint(got) != fmt.Sprint(c.want) {
				t.Errorf("%s: rows %v, want %v", c.name, got, c.want)
			}
		}
	})
}

// walk reads all pages of two rows.
func walk(t *testing.T, d *db.DB, f audit.Filter) []int64 {
	t.Helper()
	var all []int64
	f.Limit = 2
	for {
		rows, next, err := audit.List(t.Context(), d, reader, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			all = append(all, r.N)
		}
		if next == "" {
			return all
		}
		f.Cursor = next
	}
}

func TestListGivesWhatWasAppended(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		subjects := appendRows(t, d, org, 1)
		rows, _, err := audit.List(t.Context(), d, reader, audit.Filter{Limit: 1})
		if err != nil || len(rows) != 1 {
			t.Fatal(rows, err)
		}
		r := rows[0]
		if r.Actor.ID != mia.ID || r.Actor.Kind != care.KindStaff || r.Action != "client.changed" ||
			r.Subject != audit.About("client", subjects[0]) || !r.At.Equal(morning) || len(r.Hash) != 32 {
			t.Errorf("row %+v", r)
		}
		var details map[string]int
		if err := json.Unmarshal(r.Details, &details); err != nil || details["i"] != 0 || len(details) != 1 {
			t.Errorf("details %s, %v", r.Details, err)
		}
	})
}

func TestListRefuses(t *testing.T) {
	d := testkit.SQLite(t)
	for _, who := range []care.Actor{{}, {Org: org, Kind: care.KindClient}, {Org: org, Kind: care.KindStaff, Role: care.RoleProvider}} {
		if _, _, err := audit.List(t.Context(), d, who, audit.Filter{Limit: 1}); !errors.Is(err, care.Forbidden) {
			t.Errorf("%s without the permission: %v", who.Kind, err)
		}
	}
	for _, bad := range []string{"x", "!!", "YWJj"} {
		if _, _, err := audit.List(t.Context(), d, reader, audit.Filter{Limit: 1, Cursor: bad}); !errors.Is(err, care.Invalid) {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
}

func TestOncePerHour(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		thread := audit.About("conversation", care.NewID[care.ConversationID](morning))
		once := func(actor care.UserID, at time.Time) (first bool) {
			write(t, d, func(tx *db.Tx) (err error) {
				first, err = audit.Once(t.Context(), tx, actor, thread, at)
				return err
			})
			return first
		}
		somebody := care.NewID[care.UserID](morning)
		got := []bool{
			once(mia.ID, morning), once(mia.ID, morning.Add(59*time.Minute)),
			once(somebody, morning), once(mia.ID, morning.Add(time.Hour)),
		}
		if want := []bool{true, false, true, true}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("first: %v, want %v", got, want)
		}
		for at, want := range map[time.Time]bool{morning: false, morning.Add(time.Hour): true} {
			var seen bool
			err := d.Read(t.Context(), func(tx *db.Tx) (err error) {
				seen, err = audit.Seen(t.Context(), tx, mia.ID, thread, at)
				return err
			})
			if err != nil || seen != want {
				t.Errorf("seen at %s: %v, want %v (%v)", at, seen, want, err)
			}
		}
	})
}
