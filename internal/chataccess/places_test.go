package chataccess_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// place is one of the places that are not a client, as a test reads and edits it.
type place struct {
	name  string
	timed bool // its settings may end
	read  func() (chataccess.PlaceAccess, error)
	edit  func(actor care.Actor, e chataccess.Edit) (chataccess.PlaceAccess, error)
}

func (p *practice) places() []place {
	ctx := p.t.Context()
	return []place{
		{"group", true, func() (chataccess.PlaceAccess, error) {
			g, err := p.svc.Group(ctx, p.owner, p.group)
			return g.PlaceAccess, err
		}, func(actor care.Actor, e chataccess.Edit) (chataccess.PlaceAccess, error) {
			g, err := p.svc.SetGroup(ctx, actor, p.group, e, nil)
			return g.PlaceAccess, err
		}},
		{"organization", false, func() (chataccess.PlaceAccess, error) {
			o, err := p.svc.Organization(ctx, p.owner)
			return o.PlaceAccess, err
		}, func(actor care.Actor, e chataccess.Edit) (chataccess.PlaceAccess, error) {
			o, err := p.svc.SetOrganization(ctx, actor, e, nil)
			return o.PlaceAccess, err
		}},
		{"staff", false, func() (chataccess.PlaceAccess, error) {
			return p.svc.Staff(ctx, p.owner, p.provider.User)
		}, func(actor care.Actor, e chataccess.Edit) (chataccess.PlaceAccess, error) {
			return p.svc.SetStaff(ctx, actor, p.provider.User, e)
		}},
	}
}

// records counts what the audit log has of an action.
func (p *practice) records(action string) int {
	p.t.Helper()
	return p.number(`SELECT COUNT(*) FROM audit_log WHERE org_id = $1 AND action = $2`, p.owner.Org, action)
}

func TestPlacesKeepVersionMarkAndRecord(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		admin := p.staff("Ada Admin", care.RoleAdmin)
		for _, place := range p.places() {
			reason := "Spring"
			until := p.clock.Now().Add(time.Hour)
			before, records := p.placeIs(place), p.records("chat_access.changed")
			if before.DirectMark != nil {
				t.Errorf("%s: changed by %+v before anybody did", place.name, before.DirectMark)
			}
			e := chataccess.Edit{Version: before.Version, Direct: off(), Community: off(), Reason: &reason}
			if place.timed {
				e.Until = &until
			}
			saved, err := place.edit(p.owner, e)
			if err != nil || saved.Version != before.Version+1 || saved.Direct != care.Off || saved.Community != care.Off {
				t.Errorf("%s: %+v %v", place.name, saved, err)
				continue
			}
			mark := saved.DirectMark
			if mark == nil || mark.By.ID != p.owner.User || mark.By.Name != p.owner.Name || mark.Reason != reason || !mark.At.Equal(p.clock.Now()) || mark.Until.IsZero() == place.timed {
				t.Errorf("%s: mark %+v", place.name, mark)
			}
			p.clock.Advance(time.Second)
			same, err := place.edit(p.owner, chataccess.Edit{Version: saved.Version, Direct: off()})
			if err != nil || same.Version != saved.Version || p.records("chat_access.changed") != records+2 {
				t.Errorf("%s: what is so already: %+v %v", place.name, same, err)
			}
			// Who came last is named, whichever switch they changed.
			p.placeEdited(place, admin, chataccess.Edit{Direct: on()})
			p.wantConflict(place, admin.Name)
			p.placeEdited(place, p.owner, chataccess.Edit{Community: on()})
			p.wantConflict(place, p.owner.Name)
			p.placeEdited(place, admin, chataccess.Edit{Direct: off()})
			p.wantConflict(place, admin.Name)
		}
	})
}

func (p *practice) placeIs(at place) chataccess.PlaceAccess {
	p.t.Helper()
	is, err := at.read()
	if err != nil {
		p.t.Fatalf("%s: %v", at.name, err)
	}
	return is
}

func (p *practice) placeEdited(at place, actor care.Actor, e chataccess.Edit) {
	p.t.Helper()
	p.clock.Advance(time.Second)
	e.Version = p.placeIs(at).Version
	if _, err := at.edit(actor, e); err != nil {
		p.t.Errorf("%s: %v", at.name, err)
	}
}

// wantConflict saves on a version that nobody has, and must be told of who was last.
func (p *practice) wantConflict(at place, who string) {
	p.t.Helper()
	before := p.placeIs(at)
	_, err := at.edit(p.owner, chataccess.Edit{Version: before.Version + 7, Direct: on(), Community: off()})
	wantCode(p.t, at.name, err, care.CodeVersionConflict)
	wantMessage(p.t, at.name, err, who+" changed this")
	if now := p.placeIs(at); now.Version != before.Version || now.Direct != before.Direct || now.Community != before.Community {
		p.t.Errorf("%s: a refused edit wrote %+v", at.name, now)
	}
}

func TestPlacesOfNobody(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p, other := newPractice(t, d, "Fernleigh"), newPractice(t, d, "Marlowe")
		ctx := t.Context()
		for _, group := range []care.GroupID{other.group, care.NewID[care.GroupID](p.clock.Now())} {
			_, err := p.svc.Group(ctx, p.owner, group)
			wantCode(t, "group", err, care.CodeNotFound)
			_, err = p.svc.SetGroup(ctx, p.owner, group, chataccess.Edit{Version: 1, Direct: off()}, nil)
			wantCode(t, "change a group", err, care.CodeNotFound)
		}
		_, err := p.svc.Staff(ctx, p.owner, other.provider.User)
		wantCode(t, "staff", err, care.CodeNotFound)
		_, err = p.svc.SetOrganization(ctx, p.owner, chataccess.Edit{Version: 1, Direct: off(), Community: unset()}, nil)
		wantField(t, "an organization that follows nobody", err, "community", "unknown")
		if o, err := p.svc.Organization(ctx, p.owner); err != nil || o.Direct != care.On || o.Version != 1 {
			t.Errorf("%+v %v", o, err)
		}
		if _, err := p.svc.SetStaff(ctx, p.owner, p.provider.User, chataccess.Edit{Version: 1, Direct: off(), Community: unset()}); err != nil {
			t.Error(err)
		}
	})
}

func TestNoticesAreEditedAloneAndBesideSwitches(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		ctx := t.Context()
		text := func(s string) *string { return &s }
		set := func(e chataccess.Edit, n *chataccess.NoticeEdit) chataccess.GroupAccess {
			t.Helper()
			g, err := p.svc.SetGroup(ctx, p.owner, p.group, e, n)
			if err != nil {
				t.Fatal(err)
			}
			return g
		}
		g := set(chataccess.Edit{Version: 1}, &chataccess.NoticeEdit{Title: text(" Away "), Phone: text("555 0100")})
		if g.Version != 2 || g.Notice.Title != "Away" || g.Notice.Phone != "555 0100" || g.Direct != care.Unset {
			t.Errorf("alone: %+v", g)
		}
		// The same words again are no change.
		g = set(chataccess.Edit{Version: 2}, &chataccess.NoticeEdit{Title: text("Away")})
		if g.Version != 2 || p.records("chat_notice.changed") != 1 || p.records("chat_access.changed") != 0 {
			t.Errorf("again: version %d, %d records", g.Version, p.records("chat_notice.changed"))
		}
		_, err := p.svc.SetGroup(ctx, p.owner, p.group, chataccess.Edit{Version: 1}, &chataccess.NoticeEdit{Title: text("Late")})
		wantCode(t, "an old version", err, care.CodeVersionConflict)
		// Beside a switch, a reason or an end, both count as one change.
		for _, e := range []chataccess.Edit{
			{Version: 2, Direct: off()}, {Version: 3, Community: off()}, {Version: 4, Reason: text("Both")},
			{Version: 5, Until: func() *time.Time { at := p.clock.Now().Add(time.Hour); return &at }()},
		} {
			changed := p.records("chat_access.changed")
			words := time.Duration(e.Version).String()
			g = set(e, &chataccess.NoticeEdit{Body: &words})
			if g.Version != e.Version+1 || g.Notice.Body != words || g.Notice.Title != "Away" || p.records("chat_access.changed") == changed {
				t.Errorf("beside: %+v", g)
			}
		}
		g = set(chataccess.Edit{Version: 6, Direct: on()}, nil)
		if g.Version != 7 || g.Notice.Title != "Away" {
			t.Errorf("no words: %+v", g)
		}
		g = set(chataccess.Edit{Version: 7}, &chataccess.NoticeEdit{Clear: true})
		if g.Version != 8 || g.Notice != (care.Notice{}) {
			t.Errorf("cleared: %+v", g)
		}
		_, err = p.svc.SetGroup(ctx, p.owner, p.group, chataccess.Edit{Version: 8}, nil)
		wantField(t, "nothing at all", err, "direct", "required")
		long := strings.Repeat("x", 101)
		_, err = p.svc.SetGroup(ctx, p.owner, p.group, chataccess.Edit{Version: 8}, &chataccess.NoticeEdit{Title: &long})
		var refused *care.Error
		if !errors.As(err, &refused) || refused.Fields[0].Field != "notice.title" {
			t.Errorf("too long: %v", err)
		}
	})
}

// A group's change reaches the history of those who follow it, and of nobody else.
func TestFollowersOfAGroupRememberItsChange(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("follows", p.provider, p.group)
		p.client("own direct", p.provider, p.group)
		p.client("elsewhere", p.provider, care.GroupID{})
		p.edit("own direct", chataccess.Edit{Direct: on()})
		reason, until := "Holidays", p.clock.Now().Add(time.Hour)
		edit := func(version int64, e chataccess.Edit) {
			t.Helper()
			e.Version = version
			if _, err := p.svc.SetGroup(t.Context(), p.owner, p.group, e, nil); err != nil {
				t.Fatal(err)
			}
		}
		edit(1, chataccess.Edit{Direct: off(), Community: off(), Reason: &reason, Until: &until})
		edit(2, chataccess.Edit{Direct: off(), Reason: &reason}) // the same value: only the group's own history
		list, _, err := p.svc.History(t.Context(), p.owner, p.people["follows"], care.AuditID{}, 10)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d entries %v", len(list), err)
		}
		for _, h := range list {
			if h.Place != care.PlaceGroup || h.GroupID != p.group || h.GroupName != "Waitlist" || h.Reason != reason || !h.Until.Equal(until) || h.New != care.Off {
				t.Errorf("%+v", h)
			}
		}
		edit(3, chataccess.Edit{Direct: unset(), Community: off(), Until: &until})
		list, _, err = p.svc.History(t.Context(), p.owner, p.people["follows"], care.AuditID{}, 1)
		if err != nil || list[0].New != care.Unset || !list[0].Until.IsZero() || list[0].Reason != "" {
			t.Errorf("%+v %v", list, err)
		}
		if got := strings.Join(p.past("own direct", 10), "; "); got != "group group community unset>off; profile client direct unset>on" {
			t.Errorf("own direct: %s", got)
		}
		if got := p.past("elsewhere", 10); len(got) != 0 {
			t.Errorf("elsewhere: %q", got)
		}
	})
}

// Created and Moving are called by who adds clients and moves them, in their transactions.
func TestCreatedAndMoved(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		p.client("own", p.provider, care.GroupID{})
		p.set("ann", "default_community", false)
		p.edit("own", chataccess.Edit{Direct: on()})
		p.write(func(ctx context.Context, tx *db.Tx) error { return p.svc.Created(ctx, tx, p.owner, p.people["ann"]) })
		if got := strings.Join(p.past("ann", 10), "; "); got != "created default community >off; created default direct >on" {
			t.Errorf("created: %s", got)
		}
		off := chataccess.Edit{Version: 1, Direct: off()}
		if _, err := p.svc.SetGroup(t.Context(), p.owner, p.group, off, nil); err != nil {
			t.Fatal(err)
		}
		var told []care.Event
		p.write(func(ctx context.Context, tx *db.Tx) (err error) {
			clients := []care.UserID{p.people["ann"], p.people["own"]}
			told, err = p.svc.Moving(ctx, tx, p.owner, clients, func() error {
				_, err := tx.Exec(ctx, `UPDATE clients SET group_id = $1`, p.group)
				return err
			})
			return err
		})
		p.events.take()
		p.events.Publish(told...)
		p.wantEvents(map[string][2]bool{"ann": {false, false}})
		if got := p.past("ann", 10)[0]; got != "group group direct on>off" {
			t.Errorf("moved: %s", got)
		}
		if got := p.past("own", 10); len(got) != 1 {
			t.Errorf("who has an own setting: %q", got)
		}
	})
}
