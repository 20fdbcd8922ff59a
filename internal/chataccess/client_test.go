package chataccess_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

func TestEditsOfAClient(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		text := func(s string) *string { return &s }
		at := func(d time.Duration) *time.Time { at := p.clock.Now().Add(d); return &at }
		soon, later := at(time.Hour), at(2*time.Hour)
		terms := func(of chataccess.SwitchAccess) string {
			if of.Own == care.Unset {
				return "unset"
			}
			left := of.Mark.Until.Sub(p.clock.Now())
			return strings.TrimSpace(fmt.Sprint(of.Own, " ", max(left, 0), " ", of.Mark.Reason))
		}
		for _, c := range []struct {
			what              string
			edit              chataccess.Edit
			direct, community string
			writes            bool
		}{
			{"one with an end", chataccess.Edit{Direct: off(), Until: soon, Reason: text("a")}, "off 1h0m0s a", "unset", true},
			{"again", chataccess.Edit{Direct: off()}, "off 1h0m0s a", "unset", false},
			{"the same end", chataccess.Edit{Direct: off(), Until: soon}, "off 1h0m0s a", "unset", false},
			{"the other", chataccess.Edit{Community: on(), Reason: text("b")}, "off 1h0m0s a", "on 0s b", true},
			{"an end for both", chataccess.Edit{Until: later}, "off 2h0m0s", "on 2h0m0s", true},
			{"a reason for both", chataccess.Edit{Reason: text("c")}, "off 2h0m0s c", "on 2h0m0s c", true},
			{"no end", chataccess.Edit{Direct: off(), Until: &time.Time{}}, "off 0s", "on 2h0m0s c", true},
			{"another value has no end", chataccess.Edit{Community: off()}, "off 0s", "off 0s", true},
			{"each its own", chataccess.Edit{
				Direct: off(), Reason: text("shared"), Until: soon,
				OfDirect: chataccess.Terms{Reason: text("d"), Until: later}, OfCommunity: chataccess.Terms{Reason: text("e")},
			}, "off 2h0m0s d", "off 0s e", true},
			{"cleared with an end", chataccess.Edit{Community: unset(), Until: soon}, "off 2h0m0s d", "unset", true},
			{"cleared again", chataccess.Edit{Community: unset(), Until: soon}, "off 2h0m0s d", "unset", false},
			{"both where one is set", chataccess.Edit{Reason: text("f")}, "off 2h0m0s f", "unset", true},
			{"the first is not set", chataccess.Edit{Direct: unset(), Community: on()}, "unset", "on 0s", true},
			{"where only the second is set", chataccess.Edit{Reason: text("g")}, "unset", "on 0s g", true},
		} {
			before := p.look("ann").Version
			p.edit("ann", c.edit)
			a := p.look("ann")
			if got, other := terms(a.Direct), terms(a.Community); got != c.direct || other != c.community {
				t.Errorf("%s: %q and %q, want %q and %q", c.what, got, other, c.direct, c.community)
			}
			if (a.Version != before) != c.writes {
				t.Errorf("%s: version %d after %d", c.what, a.Version, before)
			}
		}
	})
}

func TestEditsThatAreRefused(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		now, long, fine := p.clock.Now(), strings.Repeat("x", chataccess.MaxReason+1), "fine"
		for _, c := range []struct {
			what, field, code string
			edit              chataccess.Edit
		}{
			{"no version", "version", "required", chataccess.Edit{Direct: off()}},
			{"nothing", "direct", "required", chataccess.Edit{Version: 1}},
			{"another word", "community", "unknown", chataccess.Edit{Version: 1, Community: setting("maybe")}},
			{"a reason for nothing", "direct", "required", chataccess.Edit{Version: 1, Reason: &fine}},
			{"a reason for nothing of one", "community", "required", chataccess.Edit{Version: 1, Direct: off(), OfCommunity: chataccess.Terms{Reason: &fine}}},
			{"too long", "reason", "length", chataccess.Edit{Version: 1, Direct: off(), Reason: &long}},
			{"too long for one", "direct_reason", "length", chataccess.Edit{Version: 1, Direct: off(), OfDirect: chataccess.Terms{Reason: &long}}},
			{"now", "until", "past", chataccess.Edit{Version: 1, Direct: off(), Until: &now}},
			{"now for one", "community_until", "past", chataccess.Edit{Version: 1, Community: off(), OfCommunity: chataccess.Terms{Until: &now}}},
		} {
			_, err := p.svc.SetClient(t.Context(), p.owner, p.people["ann"], c.edit)
			if c.code == "length" {
				wantCode(t, c.what, err, care.CodeInvalid)
				if !strings.Contains(fmt.Sprintf("%+v", err.(*care.Error).Fields), c.field) {
					t.Errorf("%s: %+v", c.what, err)
				}
				continue
			}
			wantField(t, c.what, err, c.field, c.code)
		}
		// Nobody's name is known where a version moved without an entry.
		p.set("ann", "access_version", 5)
		_, err := p.svc.SetClient(t.Context(), p.owner, p.people["ann"], chataccess.Edit{Version: 1, Direct: off()})
		wantCode(t, "old", err, care.CodeVersionConflict)
		wantMessage(t, "old", err, "Somebody changed")
		p.edit("ann", chataccess.Edit{Direct: off()})
		_, err = p.svc.SetClient(t.Context(), p.owner, p.people["ann"], chataccess.Edit{Version: 5, Direct: on()})
		wantCode(t, "older", err, care.CodeVersionConflict)
		wantMessage(t, "older", err, p.owner.Name+" changed")
	})
}

// Each switch says who changed the place that decides, and until when that holds.
func TestMarksOfThePlaceThatDecides(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, p.group)
		p.write(func(ctx context.Context, tx *db.Tx) error { return p.svc.Created(ctx, tx, p.owner, p.people["ann"]) })
		soon, later := p.clock.Now().Add(time.Hour), p.clock.Now().Add(2*time.Hour)
		if _, err := p.svc.SetGroup(t.Context(), p.owner, p.group, chataccess.Edit{Version: 1, Direct: off(), Until: &later}, nil); err != nil {
			t.Fatal(err)
		}
		if a := p.look("ann"); a.Direct.Source != care.PlaceGroup || !a.Direct.Mark.Until.Equal(later) || a.Community.Source != care.PlaceDefault || a.Community.Mark == nil || !a.Community.Mark.Until.IsZero() {
			t.Errorf("%+v %+v", a.Direct.Mark, a.Community.Mark)
		}
		_, err := p.svc.SetClient(t.Context(), p.provider, p.people["ann"], chataccess.Edit{Version: 1, Direct: off(), Until: &soon})
		if err != nil {
			t.Fatal(err)
		}
		if a := p.look("ann"); a.Direct.Source != care.PlaceClient || !a.Direct.Mark.Until.Equal(soon) || a.Direct.Mark.By.Name != p.provider.Name {
			t.Errorf("%+v", a.Direct.Mark)
		}
		why := func() (w *chataccess.Why) {
			p.write(func(ctx context.Context, tx *db.Tx) (err error) {
				w, err = chataccess.WhyDirectOff(ctx, tx, p.people["ann"])
				return err
			})
			return w
		}
		if w := why(); w == nil || w.Source != care.PlaceClient || w.Mark.By.ID != p.provider.User {
			t.Errorf("why %+v", w)
		}
		p.edit("ann", chataccess.Edit{Direct: on()})
		if w := why(); w != nil {
			t.Errorf("why it is on: %+v", w)
		}
		p.write(func(ctx context.Context, tx *db.Tx) error {
			w, err := chataccess.WhyDirectOff(ctx, tx, care.NewID[care.UserID](p.clock.Now()))
			if w != nil {
				t.Errorf("why of nobody: %+v", w)
			}
			return err
		})
	})
}

// What follows from a change of one switch touches the other in nothing.
func TestEffectsOfAChange(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("on", p.provider, care.GroupID{})
		p.client("off", p.provider, care.GroupID{})
		p.set("off", "default_community", false)
		p.edit("on", chataccess.Edit{Direct: on(), Community: on()})
		p.edit("off", chataccess.Edit{Community: off()})
		p.wantEvents(nil) // their own settings say what was so
		for _, name := range []string{"on", "off"} {
			p.edit(name, chataccess.Edit{Direct: off()})
		}
		if len(p.chats.withheld)+len(p.chats.released) != 0 {
			t.Errorf("withheld %v, released %v", p.chats.withheld, p.chats.released)
		}
		p.wantEvents(map[string][2]bool{"on": {false, true}, "off": {false, false}})
		p.edit("on", chataccess.Edit{Community: off()})
		p.edit("off", chataccess.Edit{Community: on()})
		if _, is := p.chats.withheld[p.people["on"]]; !is || p.chats.released[p.people["off"]] != 1 || len(p.chats.withheld)+len(p.chats.released) != 2 {
			t.Errorf("withheld %v, released %v", p.chats.withheld, p.chats.released)
		}
	})
}

// Staff who may see the client are told, by their role or by what was chosen for them.
func TestWhoIsToldOfAChange(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		sees, sees2, blind := p.staff("Sam Support", care.RoleSupport), p.staff("Vera Views", care.RoleProvider), p.staff("Nil Nothing", care.RoleAdmin)
		stranger := p.staff("Tom Stranger", care.RoleProvider)
		p.exec(`UPDATE staff SET permissions = 'view_all_clients' WHERE user_id = $1`, sees2.User)
		p.exec(`UPDATE staff SET permissions = '' WHERE user_id = $1`, blind.User)
		p.client("ann", p.provider, care.GroupID{})
		p.edit("ann", chataccess.Edit{Direct: off()})
		told := p.events.take()
		if len(told) != 1 {
			t.Fatalf("%d events", len(told))
		}
		for name, is := range map[string]struct {
			user care.UserID
			told bool
		}{
			"the client": {p.people["ann"], true}, "their provider": {p.provider.User, true}, "the owner": {p.owner.User, true},
			"support": {sees.User, true}, "who was given the permission": {sees2.User, true},
			"an admin without": {blind.User, false}, "another provider": {stranger.User, false},
		} {
			if slices.Contains(told[0].To, is.user) != is.told {
				t.Errorf("%s: told is not %v", name, is.told)
			}
		}
	})
}
