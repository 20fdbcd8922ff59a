package waiting

import (
	"context"
	"encoding/json"
	"time"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/opening"
)

// Edit is a change of settings. What is nil stays; Version is the one that was seen.
type Edit struct {
	Version    int64
	On         *bool
	Hours      *int64
	QueueAfter *int64
	TimeZone   *string
	Weekly     *[]opening.Hours
	Holidays   *[]string
}

func (e Edit) apply(s Settings, now time.Time) Settings {
	before := s.On
	set(&s.On, e.On)
	switch {
	case !s.On:
		s.Since = time.Time{}
	case !before:
		s.Since = now
	}
	set(&s.Hours, e.Hours)
	set(&s.QueueAfter, e.QueueAfter)
	set(&s.Opening.TimeZone, e.TimeZone)
	set(&s.Opening.Hours, e.Weekly)
	set(&s.Opening.Holidays, e.Holidays)
	return s
}

func set[T any](value, wanted *T) {
	if wanted != nil {
		*value = *wanted
	}
}

// Settings gives the practice's settings, to staff.
func (s *Service) Settings(ctx context.Context, actor care.Actor) (out Settings, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return out, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := s.rulesOf(ctx, tx, actor.Org, "")
		if err != nil {
			return err
		}
		out = r.Settings
		out.Before, err = before(ctx, tx, actor.Org, out)
		return err
	})
	return out, err
}

// before counts the conversations that still wait and were overdue when reminders were switched
// on: nobody is reminded of them.
func before(ctx context.Context, tx *db.Tx, org care.OrgID, s Settings) (n int64, err error) {
	if !s.On || s.Since.IsZero() {
		return 0, nil
	}
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM waiting_questions WHERE state = 'open' AND org_id = $1 AND overdue_at <= $2 AND stage = 0`,
		org, db.Millis(s.Since)).Scan(&n)
	return n, err
}

// SetSettings changes them, with the permission to manage settings. Open questions fall due
// as the new ones say; of many that takes a moment, behind. Refusals: invalid, forbidden,
// version_conflict with the settings as Current.
func (s *Service) SetSettings(ctx context.Context, actor care.Actor, e Edit) (out Settings, err error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return out, refusal
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		r, err := s.rulesOf(ctx, tx, actor.Org, tx.ForUpdate())
		if err != nil {
			return err
		}
		if r.Version != e.Version {
			return conflict(r.Settings)
		}
		out = e.apply(r.Settings, r.now)
		if err := out.check(); err != nil {
			return err
		}
		out.Version++
		return s.save(ctx, tx, actor, out)
	})
	if err != nil {
		return out, err
	}
	for range 5 { // what is left, and what fails, is done behind
		if worked, err := s.reckonAnew(ctx); err != nil || !worked {
			break
		}
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out.Before, err = before(ctx, tx, actor.Org, out)
		return err
	})
	return out, err
}

func (s *Service) save(ctx context.Context, tx *db.Tx, actor care.Actor, to Settings) error {
	text, err := json.Marshal(to.Opening)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO waiting_settings (org_id, is_on, hours, queue_after_hours, opening, on_since, version) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (org_id) DO UPDATE SET is_on = excluded.is_on, hours = excluded.hours, queue_after_hours = excluded.queue_after_hours,
			opening = excluded.opening, on_since = excluded.on_since, version = excluded.version
		WHERE waiting_settings.version < excluded.version`, actor.Org, to.On, to.Hours, to.QueueAfter, string(text), db.MillisOrNull(to.Since), to.Version)
	if err != nil {
		return err
	}
	if n == 0 { // somebody else made the first settings at the same moment
		r, err := s.rulesOf(ctx, tx, actor.Org, "")
		if err != nil {
			return err
		}
		return conflict(r.Settings)
	}
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), audit.Act("unanswered.changed", audit.About("organization", actor.Org), map[string]any{
		"on": to.On, "hours": to.Hours, "queue_after_hours": to.QueueAfter,
	}))
}

func conflict(current Settings) *care.Error {
	failure := care.Fail(care.Conflict, care.CodeVersionConflict, "This was changed meanwhile. Look at it before you save.")
	failure.Current = current
	return failure
}
