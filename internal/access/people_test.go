package access

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"hearth/internal/care"
)

func person(n byte) care.UserID { return care.UserID{0: n, 6: 0x70, 8: 0x80} }

func staffActor(n byte, role care.Role, permissions care.Permissions) care.Actor {
	return care.Actor{User: person(n), Kind: care.KindStaff, Role: role, Permissions: permissions}
}

func TestSeeClient(t *testing.T) {
	all := staffActor(1, care.RoleSupport, care.PermissionsOf(care.ViewAllClients))
	none := staffActor(1, care.RoleProvider, 0)
	self := care.Actor{User: person(9), Kind: care.KindClient}
	for _, c := range []struct {
		name          string
		actor         care.Actor
		sameOrg, team bool
		want          bool
	}{
		{"view all", all, true, false, true},
		{"view all, another practice", all, false, false, false},
		{"care team", none, true, true, true},
		{"care team, another practice", none, false, true, false},
		{"outside the care team", none, true, false, false},
		{"the client", self, true, false, true},
		{"another client", care.Actor{User: person(8), Kind: care.KindClient}, true, false, false},
		{"nobody", care.Actor{}, true, true, false},
	} {
		refusal := SeeClient(c.actor, person(9), c.sameOrg, c.team)
		if (refusal == nil) != c.want {
			t.Errorf("%s: %v, want seen %v", c.name, refusal, c.want)
		}
		if refusal != nil && refusal.Code != care.CodeNotFound {
			t.Errorf("%s: refused with %s, which tells that the client exists", c.name, refusal.Code)
		}
	}
}

func TestManageClientHidesBeforeItForbids(t *testing.T) {
	visible, hidden := true, false
	provider := staffActor(1, care.RoleProvider, 0)
	manager := staffActor(1, care.RoleProvider, care.PermissionsOf(care.ManageClients))
	client := care.Actor{User: person(9), Kind: care.KindClient}
	for _, c := range []struct {
		name  string
		actor care.Actor
		team  bool
		want  error
	}{
		{"manager, own care team", manager, visible, nil},
		{"manager, not their client", manager, hidden, care.NotFound},
		{"no permission, own care team", provider, visible, care.Forbidden},
		{"no permission, not their client", provider, hidden, care.NotFound},
		{"the client about themselves", client, visible, care.Forbidden},
	} {
		if got := ManageClient(c.actor, person(9), true, c.team); !is(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestSeeStaff(t *testing.T) {
	client := care.Actor{User: person(9), Kind: care.KindClient}
	for _, c := range []struct {
		name                  string
		actor                 care.Actor
		sameOrg, team, shared bool
		want                  bool
	}{
		{"a colleague", staffActor(1, care.RoleSupport, 0), true, false, false, true},
		{"staff of another practice", staffActor(1, care.RoleOwner, ^care.Permissions(0)), false, false, false, false},
		{"care team", client, true, true, false, true},
		{"shared conversation", client, true, false, true, true},
		{"a stranger", client, true, false, false, false},
		{"another practice", client, false, true, true, false},
	} {
		if got := SeeStaff(c.actor, c.sameOrg, c.team, c.shared); (got == nil) != c.want {
			t.Errorf("%s: %v, want seen %v", c.name, got, c.want)
		}
	}
}

var everything = care.PermissionsOf(care.AllPermissions...)

func TestChangeStaff(t *testing.T) {
	team := care.PermissionsOf(care.ManageTeam)
	owner := staffActor(1, care.RoleOwner, everything)
	admin := staffActor(2, care.RoleAdmin, everything)
	lead := staffActor(3, care.RoleSupport, team)
	provider := staffActor(4, care.RoleProvider, 0)
	of := func(a care.Actor) Staff {
		return Staff{ID: a.User, Role: a.Role, Permissions: a.Permissions, Active: true}
	}
	with := func(s Staff, change func(*Staff)) Staff { change(&s); return s }
	asOwner := func(s *Staff) { s.Role = care.RoleOwner }
	off := func(s *Staff) { s.Active = false }
	blasts := func(s *Staff) { s.Permissions |= care.PermissionsOf(care.SendBlasts) }
	for _, c := range []struct {
		name         string
		actor        care.Actor
		before       Staff
		after        Staff
		email, other bool
		want         error
	}{
		{"own name", provider, of(provider), of(provider), false, true, nil},
		{"a colleague's name", provider, of(lead), of(lead), false, true, care.Forbidden},
		{"own address", provider, of(provider), of(provider), true, true, care.Forbidden},
		{"own permissions", provider, of(provider), with(of(provider), blasts), false, true, care.Forbidden},
		{"own permissions with manage team", lead, of(lead), with(of(lead), blasts), false, true, care.Forbidden},
		{"give what one lacks", lead, of(provider), with(of(provider), blasts), false, true, care.Forbidden},
		{"give what one has", admin, of(provider), with(of(provider), blasts), false, true, nil},
		{"admin makes an owner", admin, of(provider), with(of(provider), asOwner), false, true, care.Forbidden},
		{"owner makes an owner", owner, of(provider), with(of(provider), asOwner), false, true, nil},
		{"admin changes an owner", admin, of(owner), of(owner), false, true, care.Forbidden},
		{"admin removes an owner", admin, of(owner), with(of(owner), off), false, true, care.Forbidden},
		{"the last owner leaves", owner, of(owner), with(of(owner), off), false, false, care.Invalid},
		{"the last owner steps down", owner, of(owner), with(of(owner), func(s *Staff) { s.Role = care.RoleAdmin }), false, false, care.Invalid},
		{"one of two owners leaves", owner, of(owner), with(of(owner), off), false, true, nil},
		{"address of somebody with more", lead, of(admin), of(admin), true, true, care.Forbidden},
		{"address of somebody with less", lead, of(provider), of(provider), true, true, nil},
		{"bring back somebody with more", lead, with(of(admin), off), of(admin), false, true, care.Forbidden},
		{"prepare somebody who is away", lead, with(of(provider), off), with(of(provider), func(s *Staff) { off(s); blasts(s) }), false, true, care.Forbidden},
		{"a client", care.Actor{User: person(4), Kind: care.KindClient}, of(provider), of(provider), false, true, care.Forbidden},
	} {
		got := ChangeStaff(c.actor, c.before, StaffChange{After: c.after, Email: c.email, OtherOwner: c.other})
		if !is(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestInviteStaff(t *testing.T) {
	lead := staffActor(3, care.RoleSupport, care.PermissionsOf(care.ManageTeam))
	owner := staffActor(1, care.RoleOwner, everything)
	of := func(a care.Actor) Staff {
		return Staff{ID: a.User, Role: a.Role, Permissions: a.Permissions, Active: true}
	}
	provider := staffActor(4, care.RoleProvider, 0)
	for _, c := range []struct {
		name  string
		actor care.Actor
		to    Staff
		want  error
	}{
		{"somebody with less", lead, of(provider), nil},
		{"somebody with more", lead, of(staffActor(2, care.RoleAdmin, everything)), care.Forbidden},
		{"an owner without permissions", lead, of(staffActor(2, care.RoleOwner, 0)), care.Forbidden},
		{"oneself", owner, of(owner), care.Forbidden},
		{"without the permission", provider, of(lead), care.Forbidden},
	} {
		if got := InviteStaff(c.actor, c.to); !is(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func is(got *care.Error, want error) bool {
	if got == nil || want == nil {
		return got == nil && want == nil
	}
	return errors.Is(got, want)
}

// A band of people without an owner does what it likes: adds staff, changes them, takes
// over accounts it may hand over. Whatever the order, nobody in it ever has a permission
// that none of them had at the start, and none becomes an owner.
func TestNobodyClimbs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		staff := map[care.UserID]Staff{}
		band := map[care.UserID]bool{}
		var had care.Permissions
		for i := range byte(6) {
			s := drawStaff(t, person(i+1))
			if i == 0 { // so that there is somebody who can do something
				s.Role, s.Active = care.RoleSupport, true
				s.Permissions |= care.PermissionsOf(care.ManageTeam)
			}
			staff[s.ID] = s
			if s.Role != care.RoleOwner && (i == 0 || rapid.Bool().Draw(t, "in the band")) {
				band[s.ID] = true
				if s.Active {
					had |= s.Permissions
				}
			}
		}
		owners := activeOwners(staff)
		for range rapid.IntRange(10, 60).Draw(t, "acts") {
			act(t, staff, band)
		}
		for id := range band {
			if s := staff[id]; s.Active && (s.Permissions&^had != 0 || s.Role == care.RoleOwner) {
				t.Fatalf("climbed to %s with %v; the band had %v", s.Role, s.Permissions.List(), had.List())
			}
		}
		if activeOwners(staff) != owners {
			t.Fatalf("%d owners, before %d", activeOwners(staff), owners)
		}
	})
}

// act lets one active member of the band try one thing.
func act(t *rapid.T, staff map[care.UserID]Staff, band map[care.UserID]bool) {
	who := staff[person(rapid.ByteRange(1, 8).Draw(t, "who"))]
	if !band[who.ID] || !who.Active {
		return
	}
	actor := care.Actor{User: who.ID, Kind: care.KindStaff, Role: who.Role, Permissions: who.Permissions}
	id := person(rapid.ByteRange(1, 8).Draw(t, "whom"))
	before, exists := staff[id]
	switch {
	case !exists:
		if added := drawStaff(t, id); CreateStaff(actor, added) == nil {
			staff[id], band[id] = added, true
		}
	case rapid.Bool().Draw(t, "take over"):
		if HandOver(actor, before) == nil {
			band[id] = true
		}
	default:
		if after := drawChange(t, before); ChangeStaff(actor, before, StaffChange{After: after, OtherOwner: true}) == nil {
			staff[id] = after
		}
	}
}

// drawChange changes one thing, as somebody would who probes what is allowed.
func drawChange(t *rapid.T, s Staff) Staff {
	switch rapid.IntRange(0, 3).Draw(t, "what") {
	case 0:
		s.Active = !s.Active
	case 1:
		s.Permissions ^= care.PermissionsOf(rapid.SampledFrom(care.AllPermissions).Draw(t, "permission"))
	case 2:
		s.Role = drawRole(t)
	default:
		s.Role = drawRole(t)
		s.Permissions = care.DefaultPermissions(s.Role)
	}
	return s
}

func drawRole(t *rapid.T) care.Role {
	return rapid.SampledFrom([]care.Role{care.RoleOwner, care.RoleAdmin, care.RoleProvider, care.RoleSupport}).Draw(t, "role")
}

func drawStaff(t *rapid.T, id care.UserID) Staff {
	role := drawRole(t)
	s := Staff{ID: id, Role: role, Permissions: care.DefaultPermissions(role), Active: rapid.Bool().Draw(t, "active")}
	if rapid.Bool().Draw(t, "chosen") {
		s.Permissions = care.Permissions(rapid.Uint16().Draw(t, "permissions")) & everything
	}
	return s
}

func activeOwners(staff map[care.UserID]Staff) int {
	n := 0
	for _, s := range staff {
		if s.Role == care.RoleOwner && s.Active {
			n++
		}
	}
	return n
}
