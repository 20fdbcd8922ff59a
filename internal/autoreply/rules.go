package autoreply

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones are checked also where the machine has no list of them

	"hearth/internal/care"
)

// Bounds of rules.
const (
	MaxText     = 2000 // characters
	maxHours    = 50   // intervals in a week
	maxHolidays = 400
	maxRange    = 366 * 24 * time.Hour
)

// Quiet is how long after an automatic reply to a client, or a person's reply in the
// conversation, no away reply is sent.
const Quiet = 12 * time.Hour

// Once is being away for a range of time.
type Once struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Text  string    `json:"text"`
}

// Hours is an interval of a day in which somebody answers, as "09:00" to "17:30"; "24:00"
// is the end of the day.
type Hours struct {
	Day  string `json:"day"` // monday … sunday
	From string `json:"from"`
	To   string `json:"to"`
}

// Weekly is the hours of every week. Outside of them, and on holidays ("2026-12-25"), in
// the time zone, one is away.
type Weekly struct {
	Enabled  bool     `json:"enabled"`
	TimeZone string   `json:"time_zone"`
	Hours    []Hours  `json:"hours"`
	Holidays []string `json:"holidays"`
	Text     string   `json:"text"`
}

// Rules is when somebody is away. Once is nil while there is no range.
type Rules struct {
	Once   *Once  `json:"once"`
	Weekly Weekly `json:"weekly"`
}

var days = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// live reports whether there may be anything to answer with from now on.
func (r Rules) live(now time.Time) bool {
	return r.Weekly.Enabled || (r.Once != nil && r.Once.Until.After(now))
}

// State is being away: with which words, and since when at most [Quiet] back.
type State struct {
	Text  string
	Since time.Time
}

// At gives the state at a moment; away is false when one answers.
func (r Rules) At(now time.Time) (state State, away bool) {
	floor := now.Add(-Quiet)
	if o := r.Once; o != nil && !now.Before(o.From) && now.Before(o.Until) {
		return State{Text: o.Text, Since: later(o.From, floor)}, true
	}
	if !r.Weekly.Enabled {
		return State{}, false
	}
	return r.Weekly.at(now, floor)
}

// at looks at the intervals around a moment: in one of them is not away, and the newest
// that ended tells since when one is.
func (w Weekly) at(now, floor time.Time) (State, bool) {
	zone, err := time.LoadLocation(w.TimeZone)
	if err != nil {
		return State{}, false // was checked when it was saved
	}
	since, today := floor, now.In(zone)
	for _, day := range []time.Time{today.AddDate(0, 0, -1), today} {
		if slices.Contains(w.Holidays, day.Format(time.DateOnly)) {
			continue
		}
		for _, h := range w.Hours {
			if h.Day != days[day.Weekday()] {
				continue
			}
			from, to := h.on(day)
			if !now.Before(from) && now.Before(to) {
				return State{}, false
			}
			if !to.After(now) {
				since = later(since, to)
			}
		}
	}
	return State{Text: w.Text, Since: since}, true
}

// on gives an interval on a date, in the date's zone.
func (h Hours) on(day time.Time) (from, to time.Time) {
	at := func(clock string) time.Time {
		minutes, _ := minutesOf(clock)
		return time.Date(day.Year(), day.Month(), day.Day(), minutes/60, minutes%60, 0, 0, day.Location())
	}
	return at(h.From), at(h.To)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// minutesOf reads "09:30" up to "24:00" as minutes of the day.
func minutesOf(clock string) (minutes int, ok bool) {
	if clock == "24:00" {
		return 24 * 60, true
	}
	read, err := time.Parse("15:04", clock)
	return read.Hour()*60 + read.Minute(), err == nil && len(clock) == 5
}

// checks gathers what is wrong with rules, so that the caller hears of all of it.
type checks struct{ failure *care.Error }

func (c *checks) bad(field, code, detail string) { c.add(care.BadField(field, code, detail)) }

func (c *checks) add(failure *care.Error) {
	switch {
	case failure == nil:
	case c.failure == nil:
		c.failure = failure
	default:
		c.failure.Fields = append(c.failure.Fields, failure.Fields...)
	}
}

// check refuses rules that cannot be kept, and puts hours and holidays in order. A range
// that is over stays as it was.
func (r *Rules) check() error {
	var c checks
	if r.Once != nil {
		c.once(r.Once)
	}
	c.weekly(&r.Weekly)
	if c.failure == nil {
		return nil
	}
	return c.failure
}

func (c *checks) once(o *Once) {
	c.add(care.CheckText("once.text", o.Text, 1, MaxText))
	switch {
	case !o.Until.After(o.From):
		c.bad("once.until", "order", "Must be later than from.")
	case o.Until.Sub(o.From) > maxRange:
		c.bad("once.until", "too_long", "Must be at most a year after from.")
	}
}

func (c *checks) weekly(w *Weekly) {
	least := 0
	if w.Enabled {
		least = 1
	}
	c.add(care.CheckText("weekly.text", w.Text, least, MaxText))
	if _, err := time.LoadLocation(w.TimeZone); err != nil || w.TimeZone == "" || strings.EqualFold(w.TimeZone, "local") {
		c.bad("weekly.time_zone", "time_zone", "Must be a time zone such as Europe/Berlin.")
	}
	if len(w.Hours) > maxHours {
		c.bad("weekly.hours", "too_long", fmt.Sprintf("At most %d intervals.", maxHours))
	}
	for i, h := range w.Hours {
		c.hours(fmt.Sprintf("weekly.hours[%d]", i), h)
	}
	if len(w.Holidays) > maxHolidays {
		c.bad("weekly.holidays", "too_long", fmt.Sprintf("At most %d days.", maxHolidays))
	}
	for i, day := range w.Holidays {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			c.bad(fmt.Sprintf("weekly.holidays[%d]", i), "date", "Must be a date such as 2026-12-25.")
		}
	}
	w.tidy()
}

func (c *checks) hours(field string, h Hours) {
	if !slices.Contains(days, h.Day) {
		c.bad(field+".day", "unknown", "Must be monday to sunday.")
	}
	from, okFrom := minutesOf(h.From)
	to, okTo := minutesOf(h.To)
	if !okFrom {
		c.bad(field+".from", "time", "Must be a time such as 09:00.")
	}
	if !okTo {
		c.bad(field+".to", "time", "Must be a time such as 17:30, at most 24:00.")
	}
	if okFrom && okTo && from >= to {
		c.bad(field+".to", "order", "Must be later than from. What goes past midnight is two intervals.")
	}
}

func (w *Weekly) tidy() {
	monday := func(h Hours) int { return (slices.Index(days, h.Day) + 6) % 7 }
	slices.SortStableFunc(w.Hours, func(a, b Hours) int {
		if d := monday(a) - monday(b); d != 0 {
			return d
		}
		return strings.Compare(a.From, b.From)
	})
	slices.Sort(w.Holidays)
	w.Holidays = slices.Compact(w.Holidays)
}

// stored is the JSON of rules; reading it back cannot fail but for tampering.
func (r Rules) stored() (string, error) {
	text, err := json.Marshal(r)
	return string(text), err
}

func parse(text string) (r Rules, err error) {
	err = json.Unmarshal([]byte(text), &r)
	return r, err
}
