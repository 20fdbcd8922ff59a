package preference_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/preference"
	"hearth/internal/testkit"
)

// practice is an organization with an owner, a provider and a group.
type practice struct {
	t        *testing.T
	d        *db.DB
	clock    *testkit.Clock
	dir      *directory.Service
	owner    care.Actor
	provider care.Actor
	group    care.GroupID
	mails    int
}

func newPractice(t *testing.T, d *db.DB) *practice {
	t.Helper()
	p := &practice{t: t, d: d, clock: testkit.NewClock(time.Time{})}
	p.dir = directory.New(d, p.clock.Now)
	p.write(func(ctx context.Context, tx *db.Tx) error {
		org, err := p.dir.CreateOrganization(ctx, tx, directory.NewOrganization{Name: "Example Practice", TimeZone: "Europe/Berlin"})
		if err != nil {
			return err
		}
		owner, err := p.dir.CreateOwner(ctx, tx, org.ID, directory.NewStaff{Name: "Olga Owner", Email: org.ID.String() + "@example.org"})
		p.owner = actorOf(org.ID, owner)
		return err
	})
	p.provider = p.staff("Pia Provider", care.RoleProvider)
	p.group = p.newGroup("Waitlist")
	return p
}

func actorOf(org care.OrgID, s directory.Staff) care.Actor {
	return care.Actor{Org: org, User: s.ID, Kind: care.KindStaff, Name: s.Name, Role: s.Role, Permissions: s.Permissions}
}

// asClient is the actor who a client is.
func (p *practice) asClient(id care.UserID) care.Actor {
	return care.Actor{Org: p.owner.Org, User: id, Kind: care.KindClient, Name: "Ann Example"}
}

func (p *practice) write(act func(ctx context.Context, tx *db.Tx) error) {
	p.t.Helper()
	if err := p.d.Write(p.t.Context(), func(tx *db.Tx) error { return act(p.t.Context(), tx) }); err != nil {
		p.t.Fatal(err)
	}
}

func (p *practice) exec(query string, args ...any) {
	p.t.Helper()
	p.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

func (p *practice) number(query string, args ...any) (n int) {
	p.t.Helper()
	err := p.d.Read(p.t.Context(), func(tx *db.Tx) error { return tx.QueryRow(p.t.Context(), query, args...).Scan(&n) })
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// recorded counts the records of an action about somebody or something.
func (p *practice) recorded(action string, subject care.UserID) int {
	p.t.Helper()
	return p.number(`SELECT COUNT(*) FROM audit_log WHERE action = $1 AND subject_id = $2`, action, subject)
}

func (p *practice) email() string {
	p.mails++
	return fmt.Sprintf("p%d.%s@example.org", p.mails, p.owner.Org)
}

func (p *practice) staff(name string, role care.Role) care.Actor {
	p.t.Helper()
	var s directory.Staff
	p.write(func(ctx context.Context, tx *db.Tx) (err error) {
		s, _, err = p.dir.CreateStaff(ctx, tx, p.owner, directory.NewStaff{Name: name, Email: p.email(), Role: role})
		return err
	})
	return actorOf(p.owner.Org, s)
}

func (p *practice) newGroup(name string) (id care.GroupID) {
	p.t.Helper()
	p.write(func(ctx context.Context, tx *db.Tx) error {
		g, _, err := p.dir.CreateGroup(ctx, tx, p.owner, care.GroupID{}, name)
		id = g.ID
		return err
	})
	return id
}

func (p *practice) client(name string, group care.GroupID) (id care.UserID) {
	p.t.Helper()
	p.write(func(ctx context.Context, tx *db.Tx) error {
		c, _, err := p.dir.CreateClient(ctx, tx, p.owner, directory.NewClient{Name: name, Provider: p.provider.User, Group: group, Email: p.email()})
		id = c.ID
		return err
	})
	return id
}

func (p *practice) load(people ...care.UserID) (got map[care.UserID]preference.Preferences) {
	p.t.Helper()
	err := p.d.Read(p.t.Context(), func(tx *db.Tx) (err error) {
		got, err = preference.Load(p.t.Context(), tx, p.owner.Org, people)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return got
}

func (p *practice) narrow(user care.UserID, k preference.Kind, c preference.Channel) (changed bool) {
	p.t.Helper()
	p.write(func(ctx context.Context, tx *db.Tx) (err error) {
		changed, err = preference.Narrow(ctx, tx, p.clock.Now(), p.owner.Org, user, k, c)
		return err
	})
	return changed
}

// added adds a client with the default of this moment, as the door for new clients does.
func (p *practice) added(group care.GroupID) care.UserID {
	p.t.Helper()
	id := p.client("Ann Example", group)
	p.write(func(ctx context.Context, tx *db.Tx) error { return preference.Added(ctx, tx, p.owner.Org, id) })
	return id
}

// regroup moves a client to another group, or out of all.
func (p *practice) regroup(id care.UserID, group care.GroupID) {
	p.t.Helper()
	p.write(func(ctx context.Context, tx *db.Tx) error {
		_, _, err := p.dir.ChangeClient(ctx, tx, p.owner, id, directory.ClientChange{Group: &group})
		return err
	})
}
