package blast

import (
	"context"
	"fmt"
	"time"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// The settings where an organization has not chosen others, and their bounds.
const (
	DefaultConfirmAbove = 50
	DefaultDailyLimit   = 5_000
	MaxDailyLimit       = 1_000_000
)

// Settings is how an organization sends blasts. Version is 0 while it never chose.
type Settings struct {
	Version int64
	// ConfirmAbove is how many recipients a blast can have before it is asked for twice.
	ConfirmAbove int64
	// DailyLimit is how many recipients one person can write to by blasts in a day of the
	// organization's time zone.
	DailyLimit int64
}

// SettingsChange changes those that are set; Version is the one that was seen.
type SettingsChange struct {
	Version                  int64
	ConfirmAbove, DailyLimit *int64
}

func settings(ctx context.Context, tx *db.Tx, org care.OrgID) (Settings, error) {
	set, found, err := db.One(ctx, tx, func(row db.Scanner) (s Settings, err error) {
		return s, row.Scan(&s.Version, &s.ConfirmAbove, &s.DailyLimit)
	}, `SELECT version, confirm_above, daily_limit FROM blast_settings WHERE org_id = $1`, org)
	if !found {
		set = Settings{ConfirmAbove: DefaultConfirmAbove, DailyLimit: DefaultDailyLimit}
	}
	return set, err
}

// Settings gives how the organization sends blasts, to staff.
func (s *Service) Settings(ctx context.Context, actor care.Actor) (set Settings, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return set, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		set, err = settings(ctx, tx, actor.Org)
		return err
	})
	return set, err
}

// SetSettings changes it; it needs the permission to manage settings. Refusals: forbidden,
// invalid, version_conflict.
func (s *Service) SetSettings(ctx context.Context, actor care.Actor, change SettingsChange) (set Settings, err error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return set, refusal
	}
	if refusal := change.check(); refusal != nil {
		return set, refusal
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		// The organization's row serialises the first change of two.
		if _, _, err := db.One(ctx, tx, scanText, `SELECT name FROM organizations WHERE id = $1`+tx.ForUpdate(), actor.Org); err != nil {
			return err
		}
		before, err := settings(ctx, tx, actor.Org)
		if err != nil {
			return err
		}
		if before.Version != change.Version {
			return conflict("Somebody changed this a moment ago. Review that change before you save.", before)
		}
		set = change.of(before)
		return s.saveSettings(ctx, tx, actor, before, set)
	})
	return set, err
}

func (c SettingsChange) check() *care.Error {
	if v := c.ConfirmAbove; v != nil && (*v < 1 || *v > MaxDailyLimit) {
		return care.BadField("confirm_above", "out_of_range", "Must be between 1 and 1,000,000.")
	}
	if v := c.DailyLimit; v != nil && (*v < 1 || *v > MaxDailyLimit) {
		return care.BadField("daily_limit", "out_of_range", "Must be between 1 and 1,000,000.")
	}
	return nil
}

func (c SettingsChange) of(set Settings) Settings {
	set.Version++
	if c.ConfirmAbove != nil {
		set.ConfirmAbove = *c.ConfirmAbove
	}
	if c.DailyLimit != nil {
		set.DailyLimit = *c.DailyLimit
	}
	return set
}

func (s *Service) saveSettings(ctx context.Context, tx *db.Tx, actor care.Actor, before, after Settings) error {
	_, err := tx.Exec(ctx, `INSERT INTO blast_settings (org_id, version, confirm_above, daily_limit) VALUES ($1, $2, $3, $4)
		ON CONFLICT (org_id) DO UPDATE SET version = excluded.version, confirm_above = excluded.confirm_above, daily_limit = excluded.daily_limit`,
		actor.Org, after.Version, after.ConfirmAbove, after.DailyLimit)
	if err != nil {
		return err
	}
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
		audit.Act("organization.blast_settings_changed", audit.About("organization", actor.Org), map[string]any{
			"confirm_above": map[string]any{"old": before.ConfirmAbove, "new": after.ConfirmAbove},
			"daily_limit":   map[string]any{"old": before.DailyLimit, "new": after.DailyLimit},
		}))
}

// conflict is the refusal of a change to what is otherwise by now.
func conflict(words string, now any) *care.Error {
	refusal := care.Fail(care.Conflict, care.CodeVersionConflict, words)
	refusal.Current = now
	return refusal
}

// day gives the bounds of the day of the organization's time zone that a moment is in.
func day(ctx context.Context, tx *db.Tx, org care.OrgID, at time.Time) (begin, end time.Time, err error) {
	name, _, err := db.One(ctx, tx, scanText, `SELECT time_zone FROM organizations WHERE id = $1`, org)
	zone, unknown := time.LoadLocation(name)
	if unknown != nil {
		zone = time.UTC
	}
	year, month, date := at.In(zone).Date()
	return time.Date(year, month, date, 0, 0, 0, 0, zone), time.Date(year, month, date+1, 0, 0, 0, 0, zone), err
}

// used counts whom the actor writes to by blasts on the day of a moment. What was taken
// back counts for those it had reached.
func (s *Service) used(ctx context.Context, tx *db.Tx, actor care.Actor, at time.Time) (n int64, err error) {
	begin, end, err := day(ctx, tx, actor.Org, at)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `SELECT COALESCE(SUM(CASE state WHEN 'cancelled' THEN sent ELSE total END), 0)
		FROM blasts WHERE sender_id = $1 AND counts_at >= $2 AND counts_at < $3 AND state <> 'staging'`,
		actor.User, db.Millis(begin), db.Millis(end)).Scan(&n)
	return n, err
}

// allow decides whether the actor may write to so many more on the day of a moment; before
// is how many of those a blast has that this one replaces.
func (s *Service) allow(ctx context.Context, tx *db.Tx, actor care.Actor, at time.Time, wanted, before int64) error {
	set, err := settings(ctx, tx, actor.Org)
	if err != nil || s.unlimited {
		return err
	}
	used, err := s.used(ctx, tx, actor, at)
	if err != nil {
		return err
	}
	if used -= before; used+wanted <= set.DailyLimit {
		return nil
	}
	_, end, err := day(ctx, tx, actor.Org, s.clock())
	if err != nil {
		return err
	}
	refusal := care.Fail(care.RateLimited, care.CodeRateLimited, fmt.Sprintf(
		"A person can write to %d recipients by message blast in a day. %d are used on that day, so there are %d left, and this one has %d.",
		set.DailyLimit, used, max(0, set.DailyLimit-used), wanted))
	refusal.RetryAfter = max(1, int(end.Sub(s.clock()).Seconds()))
	return refusal
}
