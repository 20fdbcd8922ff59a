package directory_test

import (
	"context"
	"fmt"
	"testing"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

func (w *world) deleteGroup(actor care.Actor, id, moveTo care.GroupID) error {
	return w.write(func(ctx context.Context, tx *db.Tx) error { return w.dir.DeleteGroup(ctx, tx, actor, id, moveTo) })
}

func TestGroups(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		zebra, alpha, elite := w.group("zebra"), w.group("Alpha"), w.group("Élite")
		if _, _, err := w.createClient(w.owner, directory.NewClient{Name: "Ana", Provider: w.owner.User, Group: alpha.ID}); err != nil {
			t.Fatal(err)
		}
		w.exec(`UPDATE client_groups SET community = $1 WHERE id = $2`, false, alpha.ID)
		if got := w.groupList(w.owner); got != "Alpha 1 unset/off, Élite 0 unset/unset, zebra 0 unset/unset, " {
			t.Errorf("groups %q", got)
		}
		w.must(func(ctx context.Context, tx *db.Tx) error {
			g, err := w.dir.RenameGroup(ctx, tx, w.owner, zebra.ID, ptr(" Aardvark "))
			if g.Name != "Aardvark" || g.Version != 2 {
				t.Errorf("renamed: %+v", g)
			}
			return err
		})
		if err := w.deleteGroup(w.owner, elite.ID, care.GroupID{}); err != nil {
			t.Error(err)
		}
		if got := w.groupList(w.owner); got != "Aardvark 0 unset/unset, Alpha 1 unset/off, " {
			t.Errorf("afterwards %q", got)
		}
	})
}

// groupList walks pages of one.
func (w *world) groupList(actor care.Actor) (text string) {
	w.t.Helper()
	page := directory.Page{Limit: 1}
	for {
		list, next, err := w.dir.Groups(w.t.Context(), actor, page)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, g := range list {
			text += fmt.Sprintf("%s %d %s/%s, ", g.Name, g.Clients, g.Direct, g.Community)
		}
		if page.Cursor = next; next == "" {
			return text
		}
	}
}

func TestDeletingAGroupMovesItsClients(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		from, to, theirs := w.group("From"), w.group("To"), w.beside().group("Theirs")
		c, _, err := w.createClient(w.owner, directory.NewClient{Name: "Ana", Provider: w.owner.User, Group: from.ID})
		if err != nil {
			t.Fatal(err)
		}
		wantField(t, "to itself", w.deleteGroup(w.owner, from.ID, from.ID), "move_to", "same")
		wantField(t, "to another practice", w.deleteGroup(w.owner, from.ID, theirs.ID), "move_to", "not_found")
		if err := w.deleteGroup(w.owner, from.ID, to.ID); err != nil {
			t.Fatal(err)
		}
		if got, err := w.dir.Client(t.Context(), w.owner, c.ID); err != nil || got.Group != to.ID || got.Version != c.Version+1 {
			t.Errorf("moved to %q, version %d, %v", got.GroupName, got.Version, err)
		}
		wantCode(t, "again", w.deleteGroup(w.owner, from.ID, to.ID), care.CodeNotFound)
		if err := w.deleteGroup(w.owner, to.ID, care.GroupID{}); err != nil {
			t.Fatal(err)
		}
		if got, err := w.dir.Client(t.Context(), w.owner, c.ID); err != nil || !got.Group.IsZero() {
			t.Errorf("in %q, %v", got.GroupName, err)
		}
	})
}

func TestRepeatedGroups(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		id := care.NewID[care.GroupID](w.clock.Now())
		if _, existed, err := w.createGroup(w.owner, id, "Concierge"); err != nil || existed {
			t.Fatal(existed, err)
		}
		if g, existed, err := w.createGroup(w.owner, id, " Concierge"); err != nil || !existed || g.ID != id {
			t.Errorf("the same again: %+v, existed %v, %v", g, existed, err)
		}
		_, _, err := w.createGroup(w.owner, id, "Waitlist")
		wantCode(t, "another name", err, care.CodeIDReused)
		other := w.beside()
		_, _, err = other.createGroup(other.owner, id, "Concierge")
		wantCode(t, "another practice", err, care.CodeIDReused)
		_, _, err = w.createGroup(w.owner, care.GroupID{}, "")
		wantField(t, "no name", err, "name", "required")
	})
}

func TestWhoMayManageGroups(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa, group := w.staff("Rosa", care.RoleProvider), w.group("Concierge")
		ana := clientActor(w.org, w.client("Ana", rosa))
		for _, who := range []care.Actor{rosa, ana} {
			_, _, err := w.createGroup(who, care.GroupID{}, "X")
			wantCode(t, "create", err, care.CodeForbidden)
			err = w.write(func(ctx context.Context, tx *db.Tx) error {
				_, err := w.dir.RenameGroup(ctx, tx, who, group.ID, ptr("X"))
				return err
			})
			wantCode(t, "rename", err, care.CodeForbidden)
			wantCode(t, "delete", w.deleteGroup(who, group.ID, care.GroupID{}), care.CodeForbidden)
		}
		if got := w.groupList(rosa); got != "Concierge 0 unset/unset, " {
			t.Errorf("staff see %q", got)
		}
		_, _, err := w.dir.Groups(t.Context(), ana, directory.Page{Limit: 1})
		wantCode(t, "a client lists", err, care.CodeForbidden)
	})
}

func TestOrganization(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		change := func(actor care.Actor, c directory.OrganizationChange) (o directory.Organization, err error) {
			err = w.write(func(ctx context.Context, tx *db.Tx) error {
				o, err = w.dir.ChangeOrganization(ctx, tx, actor, c)
				return err
			})
			return o, err
		}
		if o, err := w.dir.Organization(t.Context(), w.owner); err != nil || o.Name != "Fernleigh" || o.TimeZone != "UTC" || o.MailName() != "Fernleigh" || o.SecondFactor != "optional" {
			t.Errorf("%+v, %v", o, err)
		}
		_, err := change(w.staff("Rosa", care.RoleProvider), directory.OrganizationChange{Name: ptr("X")})
		wantCode(t, "without the permission", err, care.CodeForbidden)
		for _, zone := range []string{"", "Local", "Nowhere/Else", "../etc/passwd", "+02:00"} {
			_, err = change(w.owner, directory.OrganizationChange{TimeZone: &zone})
			wantField(t, "zone "+zone, err, "time_zone", "time_zone")
		}
		o, err := change(w.owner, directory.OrganizationChange{TimeZone: ptr("Europe/Berlin"), NameInMail: ptr("Your practice")})
		if err != nil || o.TimeZone != "Europe/Berlin" || o.MailName() != "Your practice" || o.Version != 2 {
			t.Errorf("%+v, %v", o, err)
		}
		before := w.audited()
		if o, err = change(w.owner, directory.OrganizationChange{TimeZone: ptr("Europe/Berlin")}); err != nil || o.Version != 2 || w.audited() != before {
			t.Errorf("the same again: version %d, %v", o.Version, err)
		}
		if o, err = change(w.owner, directory.OrganizationChange{NameInMail: ptr("")}); err != nil || o.MailName() != "Fernleigh" {
			t.Errorf("no name in mail: %q, %v", o.MailName(), err)
		}
	})
}
