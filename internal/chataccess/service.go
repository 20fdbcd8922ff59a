package chataccess

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Publisher takes the events of what was committed. It must not block for long.
type Publisher interface{ Publish(events ...care.Event) }

// Memberships is what a switch does to the community chats that clients are in. It is
// chat's, which is above this package.
type Memberships interface {
	// LockCommunities keeps the clients' community chats as they are until the
	// transaction ends, so that what is withheld begins at one place.
	LockCommunities(ctx context.Context, tx *db.Tx, clients []care.UserID) error
	// Withhold lets the clients read their community chats up to a moment and no further;
	// the zero time is now.
	Withhold(ctx context.Context, tx *db.Tx, clients []care.UserID, at time.Time) error
	// Release lets them read everything again.
	Release(ctx context.Context, tx *db.Tx, clients []care.UserID) error
}

// Service is the use cases of chat access.
type Service struct {
	db     *db.DB
	clock  care.Clock
	chats  Memberships
	events Publisher
	folder folder

	smallGroup int // see LargeGroups
}

// New makes the service. End it with [Service.Close].
func New(d *db.DB, clock care.Clock, chats Memberships, events Publisher) *Service {
	return &Service{
		db: d, clock: clock, chats: chats, events: events,
		folder: folder{pause: foldPause}, smallGroup: smallGroup,
	}
}

// LargeGroups sets above how many members what follows the change of a group is written
// after it, in short transactions; 256 unless it is set. Call it before the service is used.
func (s *Service) LargeGroups(above int) { s.smallGroup = above }

// Switch is one of the two switches.
type Switch string

// The switches.
const (
	Direct    Switch = "direct"
	Community Switch = "community"
)

var switches = []Switch{Direct, Community}

// How a change was made.
const (
	HowProfile  = "profile"
	HowGroup    = "group"
	HowSettings = "settings"
	HowBulk     = "bulk"
	HowUndo     = "undo"
	HowImport   = "import"
	HowAPI      = "api"
	HowSchedule = "schedule"
	HowCreated  = "created"
)

// MaxReason bounds a reason, in characters.
const MaxReason = 500

// Edit is a change of the settings of one place. What is nil stays as it is.
type Edit struct {
	// Version is the one that was seen; required.
	Version   int64
	Direct    *care.Setting
	Community *care.Setting
	// Reason and Until belong to the switches named, or, where none is, to those that are
	// set. A pointer to the zero value removes.
	Reason *string
	Until  *time.Time
	// OfDirect and OfCommunity are for one switch, also where it is set and not named, and
	// come before Reason and Until.
	OfDirect    Terms
	OfCommunity Terms
}

// Terms are the reason and the end of one switch. What is nil stays as it is; a pointer to
// the zero value removes.
type Terms struct {
	Reason *string
	Until  *time.Time
}

// wanted gives what the edit says of a switch.
func (e Edit) wanted(s Switch) *care.Setting {
	if s == Direct {
		return e.Direct
	}
	return e.Community
}

// own gives what the edit says of one switch alone.
func (e Edit) own(s Switch) Terms {
	if s == Direct {
		return e.OfDirect
	}
	return e.OfCommunity
}

// terms gives the reason and the end that the edit has for a switch.
func (e Edit) terms(s Switch) Terms {
	t := e.own(s)
	if e.wanted(s) == nil && (e.Direct != nil || e.Community != nil) {
		return t // the shared ones belong to the switch that is named
	}
	if t.Reason == nil {
		t.Reason = e.Reason
	}
	if t.Until == nil {
		t.Until = e.Until
	}
	return t
}

// mentions reports whether the edit says anything of a switch.
func (e Edit) mentions(s Switch) bool { return e.wanted(s) != nil || e.terms(s) != Terms{} }

// how tells a change by a person apart by the door it came through.
func how(actor care.Actor, door string) string {
	if actor.ViaAPIToken {
		return HowAPI
	}
	return door
}

// write runs a transaction and publishes the events it made after the commit.
func (s *Service) write(ctx context.Context, fn func(tx *db.Tx) ([]care.Event, error)) error {
	return s.writePaced(ctx, new(db.Pace), 1, fn)
}

// writePaced is write for a part of many clients.
func (s *Service) writePaced(ctx context.Context, pace *db.Pace, clients int, fn func(tx *db.Tx) ([]care.Event, error)) error {
	var events []care.Event
	err := pace.Write(ctx, s.db, s.clock, func(tx *db.Tx) (n int, err error) {
		events, err = fn(tx)
		return clients, err
	})
	if err == nil && len(events) > 0 {
		s.events.Publish(events...)
	}
	return err
}
