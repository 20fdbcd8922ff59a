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

// Service is the use cases of notification preferences.
type Service struct {
	db    *db.DB
	clock care.Clock
	wake  func()
}

// New makes the service. wake is called when a job was left for the runner. Connect it with
// [Service.Register].
func New(d *db.DB, clock care.Clock, wake func()) *Service {
	return &Service{db: d, clock: clock, wake: wake}
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
