package preference

import (
	"hearth/internal/care"
	"hearth/internal/db"
)

// How a change was made.
const (
	HowProfile  = "profile"
	HowGroup    = "group"
	HowSettings = "settings"
	HowBulk     = "bulk"
	HowAPI      = "api"
	HowOwn      = "own" // by the person
)

// Publisher takes the events of what was committed. It must not block for long.
type Publisher interface{ Publish(events ...care.Event) }

// Service is the use cases of notification preferences.
type Service struct {
	db     *db.DB
	clock  care.Clock
	wake   func()
	events Publisher
}

// New makes the service. wake is called when a job was left for the runner. Connect it with
// [Service.Register].
func New(d *db.DB, clock care.Clock, wake func(), events Publisher) *Service {
	return &Service{db: d, clock: clock, wake: wake, events: events}
}

// tell lets the devices of people know that what holds for them is another now. Where many
// change at once they learn it when they look.
func (s *Service) tell(org care.OrgID, people ...care.UserID) {
	s.events.Publish(care.Event{Type: care.EventPreferencesChanged, Org: org, To: people})
}

// how tells a change by a person apart by the door it came through.
func how(actor care.Actor, door string) string {
	if actor.ViaAPIToken {
		return HowAPI
	}
	return door
}

// seen refuses an edit without the version that was seen.
func seen(version int64) error {
	if version <= 0 {
		return care.BadField("version", "required", "Give the version that you saw.")
	}
	return nil
}

// conflict is the answer to an edit of an older version.
func conflict(current any) *care.Error {
	refusal := care.Fail(care.Conflict, care.CodeVersionConflict, "Somebody changed this meanwhile. Review that change before you save.")
	refusal.Current = current
	return refusal
}
