package care

import (
	"log/slog"
	"time"
)

// PersonKind says on which side of care somebody stands.
type PersonKind string

// The kinds of persons. System is the program itself.
const (
	KindClient PersonKind = "client"
	KindStaff  PersonKind = "staff"
	KindSystem PersonKind = "system"
)

// Person is somebody as others see them. The program itself is [System].
type Person struct {
	ID   UserID
	Name string
	Kind PersonKind
	// Alias is what fellow clients call a client where the organization chose aliases.
	Alias string
}

// System is the author of what the program does by itself.
var System = Person{Name: "Hearth", Kind: KindSystem}

// LogValue keeps names out of logs.
func (p Person) LogValue() slog.Value { return slog.StringValue(p.ID.String()) }

// Role is what a member of staff is in the organization; it gives the permissions they
// have unless others were chosen for them.
type Role string

// The roles of staff.
const (
	RoleOwner    Role = "owner"
	RoleAdmin    Role = "admin"
	RoleProvider Role = "provider"
	RoleSupport  Role = "support"
)

// Valid reports whether the role is one of the four.
func (r Role) Valid() bool {
	return r == RoleOwner || r == RoleAdmin || r == RoleProvider || r == RoleSupport
}

// ClientState says whether a client is in care now.
type ClientState string

// The states of a client.
const (
	ClientActive   ClientState = "active"
	ClientArchived ClientState = "archived"
)

// InvitedState says how far somebody is on the way to their account.
type InvitedState string

// The ways of having been invited. Joined means a password is set.
const (
	InvitedNever   InvitedState = "never"
	InvitedPending InvitedState = "invited"
	InvitedJoined  InvitedState = "joined"
)

// Actor is who acts: a signed-in person with what they may do, loaded with the request
// and passed as a parameter. The zero Actor may nothing.
type Actor struct {
	Org         OrgID
	User        UserID
	Kind        PersonKind
	Name        string
	Alias       string      // clients only, may be empty
	Role        Role        // staff only
	Permissions Permissions // staff only
	Session     SessionID
	ViaAPIToken bool
}

// IsStaff reports whether the actor is a member of staff.
func (a Actor) IsStaff() bool { return a.Kind == KindStaff }

// IsClient reports whether the actor is a client.
func (a Actor) IsClient() bool { return a.Kind == KindClient }

// Can reports whether the actor is staff with the permission.
func (a Actor) Can(p Permission) bool { return a.Kind == KindStaff && a.Permissions.Has(p) }

// Person gives the actor as others see them.
func (a Actor) Person() Person {
	return Person{ID: a.User, Name: a.Name, Kind: a.Kind, Alias: a.Alias}
}

// LogValue keeps names out of logs.
func (a Actor) LogValue() slog.Value { return slog.StringValue(a.User.String()) }

// Clock tells the time. Production passes time.Now, tests a clock they set.
type Clock func() time.Time
