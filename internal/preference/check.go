package preference

import (
	"strings"
	"time"

	"hearth/internal/care"
)

// MinutesOf reads a time of day such as "09:30", up to "23:59", as minutes since midnight.
func MinutesOf(clock string) (minutes int, ok bool) {
	read, err := time.Parse("15:04", clock)
	return read.Hour()*60 + read.Minute(), err == nil && len(clock) == len("15:04")
}

// ClockOf is the time of day that MinutesOf reads.
func ClockOf(minutes int) string {
	return time.Date(2000, 1, 1, 0, minutes, 0, 0, time.UTC).Format("15:04")
}

// checks gathers what is wrong, so that the caller hears of all of it.
type checks struct{ failure *care.Error }

func (c *checks) bad(wrong bool, field, code, detail string) {
	switch failure := care.BadField(field, code, detail); {
	case !wrong:
	case c.failure == nil:
		c.failure = failure
	default:
		c.failure.Fields = append(c.failure.Fields, failure.Fields...)
	}
}

// check refuses what cannot be meant by somebody for whom there are these cells.
func (e MineEdit) check(cells Mask) error {
	if err := seen(e.Version); err != nil {
		return err
	}
	var c checks
	for _, k := range Kinds {
		c.bad(e.Wanted.Named&^cells&CellsOf(k) != 0, "kinds."+string(k), "unknown", "There is no such kind of notification for you.")
	}
	c.bad(e.Wanted.Set != e.Wanted.Named, "kinds", "unknown", "Each must be on or off.")
	for k := range e.Mentions {
		can := (k == Community || k == Team) && cells.Has(k, Channels[0])
		c.bad(!can, "mentions_only."+string(k), "unknown", "There are no mentions of this kind for you.")
	}
	if e.Quiet != nil {
		c.quiet(*e.Quiet)
	}
	c.bad(e.Zone != nil && *e.Zone != "" && !knownZone(*e.Zone), "time_zone", "time_zone", "Must be a time zone such as Europe/Berlin.")
	c.bad(e.Digest != nil && !e.Digest.Valid(), "digest", "unknown", "Must be at_once, 15_minutes, hourly or daily.")
	c.bad(e.Daily != nil && !ofDay(*e.Daily), "daily_at", "time", "Must be a time such as 08:00.")
	c.bad(e.Sound != nil && !e.Sound.Valid(), "sound", "unknown", "Must be none, chime, knock or drop.")
	if c.failure == nil {
		return nil
	}
	return c.failure
}

func (c *checks) quiet(q Quiet) {
	c.bad(!ofDay(q.From), "quiet.from", "time", "Must be a time such as 22:00.")
	c.bad(!ofDay(q.To), "quiet.to", "time", "Must be a time such as 07:00.")
	c.bad(q.Days&^EveryDay != 0, "quiet.days", "unknown", "Must be mon to sun.")
	c.bad(q.On && q.Days == 0, "quiet.days", "required", "Choose at least one day.")
	c.bad(q.On && q.Days == EveryDay && q.From == q.To, "quiet.to", "always",
		"This would be quiet at all times. Turn the notifications off instead.")
}

func ofDay(minutes int) bool { return minutes >= 0 && minutes < minutesOfADay }

func knownZone(name string) bool {
	if name == "" || strings.EqualFold(name, "local") {
		return false
	}
	_, err := time.LoadLocation(name)
	return err == nil
}
