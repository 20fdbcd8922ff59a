package chataccess_test

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
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

// chats stands for package chat, which is above this one: it notes what is asked of it.
type chats struct {
	mu       sync.Mutex
	locked   int // how often community chats were held
	withheld map[care.UserID]time.Time
	released map[care.UserID]int
}

func (c *chats) LockCommunities(context.Context, *db.Tx, []care.UserID) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.locked++
	return nil
}

func (c *chats) Withhold(_ context.Context, _ *db.Tx, clients []care.UserID, at time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range clients {
		c.withheld[id] = at
	}
	return nil
}

func (c *chats) Release(_ context.Context, _ *db.Tx, clients []care.UserID) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range clients {
		delete(c.withheld, id)
		c.released[id]++
	}
	return nil
}

type events struct {
	mu   sync.Mutex
	list []care.Event
}

func (e *events) Publish(list ...care.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.list = append(e.list, list...)
}

func (e *events) take() []care.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	list := e.list
	e.list = nil
	return list
}

// practice is an organization with an owner, a provider, a group, and clients by name.
type practice struct {
	t        *testing.T
	d        *db.DB
	clock    *testkit.Clock
	dir      *directory.Service
	svc      *chataccess.Service
	chats    *chats
	events   *events
	owner    care.Actor
	provider care.Actor
	group    care.GroupID
	people   map[string]care.UserID
}

func newPractice(t *testing.T, d *db.DB, name string) *practice {
	t.Helper()
	p := &practice{
		t: t, d: d, clock: testkit.NewClock(time.Time{}), people: map[string]care.UserID{}, events: &events{},
		chats: &chats{withheld: map[care.UserID]time.Time{}, released: map[care.UserID]int{}},
	}
	p.dir = directory.New(d, p.clock.Now)
	p.restart()
	t.Cleanup(func() { p.svc.Close() })
	p.write(func(ctx context.Context, tx *db.Tx) error {
		org, err := p.dir.CreateOrganization(ctx, tx, directory.NewOrganization{Name: name})
		if err != nil {
			return err
		}
		owner, err := p.dir.CreateOwner(ctx, tx, org.ID, directory.NewStaff{Name: "Olga Owner", Email: name + ".olga@example.org"})
		p.owner = actorOf(org.ID, owner)
		return err
	})
	p.provider = p.staff("Pia Provider", care.RoleProvider)
	p.write(func(ctx context.Context, tx *db.Tx) error {
		g, _, err := p.dir.CreateGroup(ctx, tx, p.owner, care.GroupID{}, "Waitlist")
		p.group = g.ID
		return err
	})
	return p
}

// restart ends the service as a stop of the program does, and makes a new one.
func (p *practice) restart() {
	if p.svc != nil {
		p.svc.Close()
	}
	p.svc = chataccess.New(p.d, p.clock.Now, p.chats, p.events)
}

func actorOf(org care.OrgID, s directory.Staff) care.Actor {
	return care.Actor{Org: org, User: s.ID, Kind: care.KindStaff, Name: s.Name, Role: s.Role, Permissions: s.Permissions}
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

func (p *practice) staff(name string, role care.Role) care.Actor {
	p.t.Helper()
	var s directory.Staff
	p.write(func(ctx context.Context, tx *db.Tx) (err error) {
		s, _, err = p.dir.CreateStaff(ctx, tx, p.owner, directory.NewStaff{Name: name, Email: fmt.Sprintf("%s@example.org", p.owner.Org.String()+name[:3]), Role: role})
		return err
	})
	return actorOf(p.owner.Org, s)
}

func (p *practice) client(name string, provider care.Actor, group care.GroupID) care.UserID {
	p.t.Helper()
	p.write(func(ctx context.Context, tx *db.Tx) error {
		c, _, err := p.dir.CreateClient(ctx, tx, p.owner, directory.NewClient{Name: name, Provider: provider.User, Group: group, Email: strings.ReplaceAll(name, " ", ".") + p.owner.Org.String() + "@example.org"})
		p.people[name] = c.ID
		return err
	})
	return p.people[name]
}

// set gives the switches of a client, group or default directly: "own_direct" and so on.
func (p *practice) set(name, column string, value any) {
	p.t.Helper()
	p.exec(`UPDATE clients SET `+column+` = $2 WHERE user_id = $1`, p.people[name], value)
}

func (p *practice) preview(actor care.Actor, r chataccess.BulkRequest) chataccess.Preview {
	p.t.Helper()
	preview, err := p.svc.Preview(p.t.Context(), actor, r)
	if err != nil {
		p.t.Fatalf("preview: %v", err)
	}
	return preview
}

func (p *practice) apply(actor care.Actor, r chataccess.BulkRequest) chataccess.Applied {
	p.t.Helper()
	applied, err := p.svc.Apply(p.t.Context(), actor, p.preview(actor, r).Token, "because")
	if err != nil {
		p.t.Fatalf("apply: %v", err)
	}
	return applied
}

// written waits until what counts is written to the clients.
func (p *practice) written() {
	p.t.Helper()
	if err := p.svc.Resume(p.t.Context()); err != nil {
		p.t.Fatalf("resume: %v", err)
	}
}

func (p *practice) look(name string) chataccess.ClientAccess {
	p.t.Helper()
	a, err := p.svc.Client(p.t.Context(), p.owner, p.people[name])
	if err != nil {
		p.t.Fatalf("client %s: %v", name, err)
	}
	return a
}

func everyone() chataccess.Filter { return chataccess.Filter{All: true} }

func off() *care.Setting   { return setting(care.Off) }
func on() *care.Setting    { return setting(care.On) }
func unset() *care.Setting { return setting(care.Unset) }

func setting(s care.Setting) *care.Setting { return &s }

func wantCounts(t *testing.T, what string, p chataccess.Preview, matched, changed, unchanged, own, group int) {
	t.Helper()
	got := []int{p.Matched, p.Counts[chataccess.Changed], p.Counts[chataccess.Unchanged], p.Counts[chataccess.KeepsOwn], p.Counts[chataccess.KeepsGroup]}
	if want := []int{matched, changed, unchanged, own, group}; !slices.Equal(got, want) {
		t.Errorf("%s: matched, changed, unchanged, keeps_own, keeps_group = %v, want %v", what, got, want)
	}
}

func wantCode(t *testing.T, what string, err error, code care.Code) {
	t.Helper()
	var failure *care.Error
	if !errors.As(err, &failure) || failure.Code != code {
		t.Errorf("%s: %v, want %s", what, err, code)
	}
}

func wantField(t *testing.T, what string, err error, field, code string) {
	t.Helper()
	var failure *care.Error
	if !errors.As(err, &failure) || len(failure.Fields) != 1 || failure.Fields[0].Field != field || failure.Fields[0].Code != code {
		t.Errorf("%s: %v, want %s %s", what, err, field, code)
	}
}

func wantMessage(t *testing.T, what string, err error, words string) {
	t.Helper()
	var failure *care.Error
	if !errors.As(err, &failure) || !strings.Contains(failure.Message, words) {
		t.Errorf("%s: %+v, want %q in the message", what, failure, words)
	}
}
