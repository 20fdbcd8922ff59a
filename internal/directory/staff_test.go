package directory_test

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/testkit"
)

func cursorOf(id care.UserID) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

func TestCreateStaff(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		none := care.Permissions(0)
		id := care.NewID[care.UserID](w.clock.Now())
		for _, c := range []struct {
			what string
			new  directory.NewStaff
			want care.Permissions
			role care.Role
		}{
			{"a provider", directory.NewStaff{Name: "Rosa", Email: "Rosa@example.org", Role: care.RoleProvider, Title: "Dietitian"},
				care.DefaultPermissions(care.RoleProvider), care.RoleProvider},
			{"support", directory.NewStaff{Name: "Sam", Email: "sam@example.org", Role: care.RoleSupport, ID: id},
				care.DefaultPermissions(care.RoleSupport), care.RoleSupport},
			{"an admin with none", directory.NewStaff{Name: "Ada", Email: "ada@example.org", Role: care.RoleAdmin, Permissions: &none}, 0, care.RoleAdmin},
		} {
			s, existed, err := w.createStaff(w.owner, c.new)
			if err != nil || existed || s.Permissions != c.want || s.Role != c.role || !s.Active || !s.ClientsMayStart {
				t.Errorf("%s: %+v, existed %v, %v", c.what, s, existed, err)
			}
			if s.Email != strings.ToLower(c.new.Email) || s.Title != c.new.Title {
				t.Errorf("%s: address %q, title %q", c.what, s.Email, s.Title)
			}
		}
		again := directory.NewStaff{Name: "Sam", Email: "SAM@example.org", Role: care.RoleSupport, ID: id}
		if _, existed, err := w.createStaff(w.owner, again); err != nil || !existed {
			t.Errorf("the same again: existed %v, %v", existed, err)
		}
		again.Role = care.RoleAdmin
		_, _, err := w.createStaff(w.owner, again)
		wantCode(t, "the same id with another role", err, care.CodeIDReused)
		_, _, err = w.createStaff(w.owner, directory.NewStaff{Name: "X", Email: "x@example.org", Role: "boss"})
		wantField(t, "no such role", err, "role", "unknown")
		_, _, err = w.createStaff(w.owner, directory.NewStaff{Email: "x", Role: care.RoleSupport})
		wantField(t, "no name", err, "name", "required")
		wantField(t, "no address", err, "email", "email")
	})
}

func TestWhoMayManageStaff(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa := w.staff("Rosa", care.RoleProvider)
		lead := w.staff("Lea", care.RoleSupport, care.ManageTeam, care.ViewAllClients)
		ana := w.client("Ana", rosa)
		change := func(actor care.Actor, id care.UserID, c directory.StaffChange) error {
			_, _, err := w.changeStaff(actor, id, c)
			return err
		}
		blasts := directory.StaffChange{Permissions: &directory.Choice{Permissions: ptr(care.PermissionsOf(care.SendBlasts))}}
		for what, err := range map[string]error{
			"a provider adds":               third(w.createStaff(rosa, directory.NewStaff{Name: "X", Email: "x@example.org", Role: care.RoleSupport})),
			"gives more than they have":     third(w.createStaff(lead, directory.NewStaff{Name: "X", Email: "x@example.org", Role: care.RoleAdmin})),
			"makes an owner":                third(w.createStaff(lead, directory.NewStaff{Name: "X", Email: "x@example.org", Role: care.RoleOwner, Permissions: ptr(care.Permissions(0))})),
			"raises themselves":             change(lead, lead.User, blasts),
			"raises themselves by the role": change(lead, lead.User, directory.StaffChange{Role: ptr(care.RoleAdmin), Permissions: &directory.Choice{}}),
			"renames a colleague":           change(rosa, lead.User, directory.StaffChange{Name: ptr("X")}),
			"changes the owner":             change(lead, w.owner.User, directory.StaffChange{Title: ptr("X")}),
			"takes an account over":         change(lead, rosa.User, directory.StaffChange{Email: ptr("lea2@example.org")}),
			"own role":                      change(rosa, rosa.User, directory.StaffChange{Role: ptr(care.RoleSupport)}),
			"a client":                      change(clientActor(w.org, ana), rosa.User, directory.StaffChange{Name: ptr("X")}),
		} {
			wantCode(t, what, err, care.CodeForbidden)
		}
		own := directory.StaffChange{Name: ptr("Rosa M."), Title: ptr("Nurse"), ClientsMayStart: ptr(false)}
		s, effect, err := w.changeStaff(rosa, rosa.User, own)
		if err != nil || s.Name != "Rosa M." || s.Title != "Nurse" || s.ClientsMayStart || effect != (directory.StaffEffect{}) || s.Version != 2 {
			t.Errorf("what is one's own: %+v %+v %v", s, effect, err)
		}
		s, effect, err = w.changeStaff(w.owner, rosa.User, directory.StaffChange{Role: ptr(care.RoleSupport), Title: ptr("")})
		if err != nil || s.Permissions != care.DefaultPermissions(care.RoleSupport) || s.Title != "" || !effect.Rights {
			t.Errorf("another role: %+v %+v %v", s, effect, err)
		}
		if action, details := w.lastAction(); action != "staff.changed" || !strings.Contains(details, `"role":{"new":"support","old":"provider"}`) {
			t.Errorf("recorded as %s %s", action, details)
		}
	})
}

func third[A, B any](_ A, _ B, err error) error { return err }

func TestChosenPermissionsAndBack(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa := w.staff("Rosa", care.RoleProvider)
		for _, c := range []struct {
			choice directory.Choice
			want   care.Permissions
		}{
			{directory.Choice{Permissions: ptr(care.PermissionsOf(care.SendBlasts))}, care.PermissionsOf(care.SendBlasts)},
			{directory.Choice{Permissions: ptr(care.Permissions(0))}, 0},
			{directory.Choice{}, care.DefaultPermissions(care.RoleProvider)},
		} {
			s, effect, err := w.changeStaff(w.owner, rosa.User, directory.StaffChange{Permissions: &c.choice})
			if err != nil || s.Permissions != c.want || !effect.Rights {
				t.Errorf("%v: %v %+v %v", c.want.List(), s.Permissions.List(), effect, err)
			}
			if read, _ := w.member(rosa.User); read.Permissions != c.want {
				t.Errorf("read again: %v, want %v", read.Permissions.List(), c.want.List())
			}
		}
	})
}

func (w *world) member(id care.UserID) (s directory.Staff, err error) {
	w.t.Helper()
	err = w.write(func(ctx context.Context, tx *db.Tx) error {
		s, err = w.dir.StaffIn(ctx, tx, w.owner, id)
		return err
	})
	return s, err
}

// Two owners who step down at the same moment: one of them stays.
func TestTheLastOwnerStays(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		_, _, err := w.changeStaff(w.owner, w.owner.User, directory.StaffChange{Active: ptr(false)})
		wantField(t, "leave", err, "active", "last_owner")
		_, _, err = w.changeStaff(w.owner, w.owner.User, directory.StaffChange{Role: ptr(care.RoleAdmin)})
		wantField(t, "step down", err, "role", "last_owner")
		for range 5 {
			second := w.staff("Otto", care.RoleOwner)
			var wait sync.WaitGroup
			errs := make([]error, 2)
			for i, actor := range []care.Actor{w.owner, second} {
				wait.Go(func() {
					_, _, errs[i] = w.changeStaff(actor, actor.User, directory.StaffChange{Role: ptr(care.RoleAdmin)})
				})
			}
			wait.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("both the same: %v and %v", errs[0], errs[1])
			}
			if errs[0] == nil { // the second is the one owner left
				w.owner = second
			}
		}
	})
}

func TestDeactivation(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa := w.staff("Rosa", care.RoleProvider)
		_, effect, err := w.changeStaff(w.owner, rosa.User, directory.StaffChange{Active: ptr(false)})
		if action, _ := w.lastAction(); err != nil || !effect.Deactivated || action != "staff.deactivated" {
			t.Errorf("%+v, %v, recorded as %s", effect, err, action)
		}
		_, effect, err = w.changeStaff(w.owner, rosa.User, directory.StaffChange{Active: ptr(true)})
		if action, _ := w.lastAction(); err != nil || effect.Deactivated || action != "staff.changed" {
			t.Errorf("back: %+v, %v, recorded as %s", effect, err, action)
		}
	})
}

func TestWhomAClientKnows(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa, sam, tom := w.staff("Rosa", care.RoleProvider), w.staff("Sam", care.RoleProvider), w.staff("Tom", care.RoleProvider)
		ana, ben := w.client("Ana", rosa), w.client("Ben", tom)
		w.conversation(care.Community, care.UserID{}, ana.ID, ben.ID, sam.User)
		left := w.conversation(care.Direct, ana.ID, ana.ID, tom.User)
		w.exec(`UPDATE conversation_members SET left_at = 1 WHERE conversation_id = $1 AND user_id = $2`, left, tom.User)
		me := clientActor(w.org, ana)
		if got := w.staffNames(me); got != "Rosa,Sam" {
			t.Errorf("the client knows %q", got)
		}
		if got := w.staffNames(sam); got != "Olga Fernleigh,Rosa,Sam,Tom" {
			t.Errorf("staff know %q", got)
		}
		for who, want := range map[care.UserID]error{rosa.User: nil, sam.User: nil, tom.User: care.NotFound} {
			err := w.write(func(ctx context.Context, tx *db.Tx) error { _, err := w.dir.StaffIn(ctx, tx, me, who); return err })
			if !errors.Is(err, want) {
				t.Errorf("%v, want %v", err, want)
			}
		}
	})
}

func (w *world) staffNames(actor care.Actor) string {
	w.t.Helper()
	var names []string
	page := directory.Page{Limit: 1}
	for {
		list, next, err := w.dir.StaffList(w.t.Context(), actor, page)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, s := range list {
			names = append(names, s.Name)
		}
		if page.Cursor = next; next == "" {
			return strings.Join(names, ",")
		}
	}
}

func TestSeen(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa, noon := w.staff("Rosa", care.RoleProvider), w.clock.Now().Add(3*time.Hour)
		for _, at := range []time.Time{noon, noon.Add(-time.Hour)} {
			w.must(func(ctx context.Context, tx *db.Tx) error {
				return w.dir.Seen(ctx, tx, []care.UserID{rosa.User, w.owner.User}, at)
			})
		}
		if s, err := w.member(rosa.User); err != nil || !s.LastSeenAt.Equal(noon) {
			t.Errorf("last seen %s, want %s (%v)", s.LastSeenAt, noon, err)
		}
	})
}
