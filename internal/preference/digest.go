package preference

import "time"

// Digest is how mails are gathered.
type Digest string

// The digests.
const (
	AtOnce         Digest = "at_once"
	QuarterHourly  Digest = "15_minutes"
	Hourly         Digest = "hourly"
	Daily          Digest = "daily"
	minutesOfADay         = 24 * 60
	quarterOfAHour        = 15 * time.Minute
)

// Valid reports whether it is one of them.
func (d Digest) Valid() bool {
	return d == AtOnce || d == QuarterHourly || d == Hourly || d == Daily
}

// next gives the moment at which what falls due at t goes out, t itself where it is one.
// daily is the time of day in minutes.
func (d Digest) next(t time.Time, daily int, zone *time.Location) time.Time {
	switch d {
	case QuarterHourly:
		return nextFull(t, quarterOfAHour, zone)
	case Hourly:
		return nextFull(t, time.Hour, zone)
	case Daily:
		return nextDaily(t, daily, zone)
	default:
		return t
	}
}

// nextFull gives the next moment at which the clock of the zone shows a full step.
func nextFull(t time.Time, step time.Duration, zone *time.Location) time.Time {
	wall := wallOf(t, zone)
	if over := wall.Sub(wall.Truncate(step)); over > 0 {
		return t.Add(step - over)
	}
	return t
}

func nextDaily(t time.Time, daily int, zone *time.Location) time.Time {
	year, month, day := t.In(zone).Date()
	for ahead := -1; ; ahead++ {
		wall := time.Date(year, month, day+ahead, 0, daily, 0, 0, time.UTC)
		if at := firstAt(wall, zone); !at.Before(t) {
			return at
		}
	}
}
