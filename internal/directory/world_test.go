package directory_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

// world is a practice with an owner, on one database.
type world struct {
	t     *testing.T
	d     *db.DB
	dir   *directory.Service
	clock *testkit.Clock
	org   care.OrgID
	owner care.Actor
	count int
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	clock := testkit.NewClock(time.Time{})
	w := &world{t: t, d: d, clock: clock, dir: directory.New(d, clock.Now)}
	w.practice("Fernleigh", "olga@fernleigh.example")
	return w
}

// beside gives another practice on the same database.
func (w *world) beside() *world {
	w.t.Helper()
	other := &world{t: w.t, d: w.d, clock: w.clock, dir: w.dir}
	other.practice("Marlowe", "mallory@marlowe.example")
	return other
}

func (w *world) practice(name, email string) {
	w.t.Helper()
	w.must(func(ctx context.Context, tx *db.Tx) error {
		org, err := w.dir.CreateOrganization(ctx, tx, directory.NewOrganization{Name: name})
		if err != nil {
			return err
		}
		w.org = org.ID
		owner, err := w.dir.CreateOwner(ctx, tx, org.ID, directory.NewStaff{Name: "Olga " + name, Email: email})
		w.owner = w.actor(owner)
		return err
	})
}

func (w *world) actor(s directory.Staff) care.Actor {
	return care.Actor{Org: w.org, User: s.ID, Kind: care.KindStaff, Name: s.Name, Role: s.Role, Permissions: s.Permissions}
}

func clientActor(org care.OrgID, c directory.Client) care.Actor {
	return care.Actor{Org: org, User: c.ID, Kind: care.KindClient, Name: c.Name}
}

func (w *world) write(act func(ctx context.Context, tx *db.Tx) error) error {
	w.t.Helper()
	return w.d.Write(w.t.Context(), func(tx *db.Tx) error { return act(w.t.Context(), tx) })
}

func (w *world) must(act func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	if err := w.write(act); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	w.must(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

// audited counts the rows of the practice's audit log.
func (w *world) audited() (n int) {
	w.t.Helper()
	w.must(func(ctx context.Context, tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit_log WHERE org_id = $1`, w.org).Scan(&n)
	})
	return n
}

// lastAction gives the newest row of the audit log and its details.
func (w *world) lastAction() (action, details string) {
	w.t.Helper()
	w.must(func(ctx context.Context, tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT action, details FROM audit_log WHERE org_id = $1 ORDER BY n DESC LIMIT 1`, w.org).
			Scan(&action, &details)
	})
	return action, details
}

func (w *world) createStaff(actor care.Actor, n directory.NewStaff) (s directory.Staff, existed bool, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error {
		s, existed, err = w.dir.CreateStaff(ctx, tx, actor, n)
		return err
	})
	return s, existed, err
}

// staff adds somebody with a role and, where given, chosen permissions.
func (w *world) staff(name string, role care.Role, chosen ...care.Permission) care.Actor {
	w.t.Helper()
	w.count++
	n := directory.NewStaff{Name: name, Email: fmt.Sprintf("staff%d.%s@fernleigh.example", w.count, w.org), Role: role}
	if chosen != nil {
		set := care.PermissionsOf(chosen...)
		n.Permissions = &set
	}
	s, _, err := w.createStaff(w.owner, n)
	if err != nil {
		w.t.Fatal(err)
	}
	return w.actor(s)
}

func (w *world) changeStaff(actor care.Actor, id care.UserID, change directory.StaffChange) (s directory.Staff, effect directory.StaffEffect, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error {
		s, effect, err = w.dir.ChangeStaff(ctx, tx, actor, id, change)
		return err
	})
	return s, effect, err
}

func (w *world) createClient(actor care.Actor, n directory.NewClient) (c directory.Client, existed bool, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error {
		c, existed, err = w.dir.CreateClient(ctx, tx, actor, n)
		return err
	})
	return c, existed, err
}

func (w *world) client(name string, provider care.Actor) directory.Client {
	w.t.Helper()
	c, _, err := w.createClient(w.owner, directory.NewClient{Name: name, Provider: provider.User})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) changeClient(actor care.Actor, id care.UserID, change directory.ClientChange) (c directory.Client, effect directory.ClientEffect, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error {
		c, effect, err = w.dir.ChangeClient(ctx, tx, actor, id, change)
		return err
	})
	return c, effect, err
}

func (w *world) createGroup(actor care.Actor, id care.GroupID, name string) (g directory.Group, existed bool, err error) {
	err = w.write(func(ctx context.Context, tx *db.Tx) error {
		g, existed, err = w.dir.CreateGroup(ctx, tx, actor, id, name)
		return err
	})
	return g, existed, err
}

func (w *world) group(name string) directory.Group {
	w.t.Helper()
	g, _, err := w.createGroup(w.owner, care.GroupID{}, name)
	if err != nil {
		w.t.Fatal(err)
	}
	return g
}

// names lists the clients whom the actor sees, over pages of two.
func (w *world) names(actor care.Actor, f directory.ClientFilter) string {
	w.t.Helper()
	var names []string
	page := directory.Page{Limit: 2}
	for {
		list, next, total, err := w.dir.Clients(w.t.Context(), actor, f, page)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, c := range list {
			names = append(names, c.Name)
		}
		if next == "" {
			if total.Count > len(names) || !total.More && total.Count != len(names) {
				w.t.Errorf("total %+v, listed %d", total, len(names))
			}
			return strings.Join(names, ",")
		}
		page.Cursor = next
	}
}

// wantField checks that an error names one field and what is wrong with it.
func wantField(t *testing.T, what string, err error, field, code string) {
	t.Helper()
	var failure *care.Error
	if !errors.As(err, &failure) || failure.Kind != care.Invalid {
		t.Errorf("%s: %v, want invalid", what, err)
		return
	}
	for _, f := range failure.Fields {
		if f.Field == field && f.Code == code {
			return
		}
	}
	t.Errorf("%s: %v, want %s %s", what, err, field, code)
}

func wantCode(t *testing.T, what string, err error, code care.Code) {
	t.Helper()
	var failure *care.Error
	if !errors.As(err, &failure) || failure.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func ptr[T any](v T) *T { return &v }
