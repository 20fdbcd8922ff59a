package preference

import (
	"cmp"
	"database/sql"
)

// Person is what somebody narrows for themselves.
type Person struct {
	Version int64
	Quiet   Quiet
	Zone    string // "" is the organization's
	Digest  Digest
	Daily   int // the time of day of a daily digest, in minutes
	Sound   Sound

	off, mentions Mask
}

// untouched is what holds for whoever has chosen nothing.
var untouched = Person{
	Version: 1, Quiet: Quiet{From: 22 * 60, To: 7 * 60, Days: EveryDay},
	Digest: AtOnce, Daily: 8 * 60, Sound: SoundChime,
}

// personColumns are read by personScan, of notification_people as np, which may be missing.
const personColumns = `np.version, np.off, np.mentions, np.quiet, np.quiet_from, np.quiet_to, np.quiet_days,
	np.time_zone, np.digest, np.daily_at, np.sound`

type personScan struct {
	version, off, mentions sql.NullInt64
	quiet                  sql.NullBool
	from, to, days         sql.NullInt64
	zone, digest           sql.NullString
	daily                  sql.NullInt64
	sound                  sql.NullString
}

func (s *personScan) targets() []any {
	return []any{
		&s.version, &s.off, &s.mentions, &s.quiet, &s.from, &s.to, &s.days,
		&s.zone, &s.digest, &s.daily, &s.sound,
	}
}

func (s *personScan) person() Person {
	if !s.version.Valid {
		return untouched
	}
	return Person{
		Version: s.version.Int64, off: Mask(s.off.Int64), mentions: Mask(s.mentions.Int64),
		Quiet: Quiet{On: s.quiet.Bool, From: int(s.from.Int64), To: int(s.to.Int64), Days: Weekdays(s.days.Int64)},
		Zone:  s.zone.String, Digest: cmp.Or(Digest(s.digest.String), AtOnce), Daily: int(s.daily.Int64),
		Sound: cmp.Or(Sound(s.sound.String), SoundChime),
	}
}
