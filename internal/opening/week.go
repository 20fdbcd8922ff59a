package opening

import (
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // time zones are checked also where the machine has no list of them

	"hearth/internal/care"
)

// Bounds of a week.
const (
	MaxHours    = 50 // intervals in a week
	MaxHolidays = 400
)

// Hours is an interval of a day in which somebody answers, as "09:00" to "17:30"; "24:00"
// is the end of the day.
type Hours struct {
	Day  string `json:"day"` // monday … sunday
	From string `json:"from"`
	To   string `json:"to"`
}

// Week is the hours of every week, in a time zone such as Europe/Berlin. On holidays
// ("2026-12-25") there are none.
type Week struct {
	TimeZone string   `json:"time_zone"`
	Hours    []Hours  `json:"hours"`
	Holidays []string `json:"holidays"`
}

var days = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// Workdays is Monday to Friday from 9 to 17, for who has not chosen yet.
func Workdays(zone string) Week {
	w := Week{TimeZone: zone, Holidays: []string{}}
	for _, day := range days[1:6] {
		w.Hours = append(w.Hours, Hours{Day: day, From: "09:00", To: "17:00"})
	}
	return w
}

// minutesOf reads "09:30" up to "24:00" as minutes of the day.
func minutesOf(clock string) (minutes int, ok bool) {
	if clock == "24:00" {
		return 24 * 60, true
	}
	read, err := time.Parse("15:04", clock)
	return read.Hour()*60 + read.Minute(), err == nil && len(clock) == 5
}

// Check puts hours and holidays in order, and names every field of a week that cannot be
// kept, below the field in which the week stands; nil where it can. hours is what the list
// of intervals is called there.
func (w *Week) Check(in, hours string) (wrong []care.FieldError) {
	bad := func(field, code, detail string) {
		wrong = append(wrong, care.FieldError{Field: in + "." + field, Code: code, Detail: detail})
	}
	if _, err := time.LoadLocation(w.TimeZone); err != nil || w.TimeZone == "" || strings.EqualFold(w.TimeZone, "local") {
		bad("time_zone", "time_zone", "Must be a time zone such as Europe/Berlin.")
	}
	if len(w.Hours) > MaxHours {
		bad(hours, "too_long", fmt.Sprintf("At most %d intervals.", MaxHours))
	}
	for i, h := range w.Hours {
		h.check(func(field, code, detail string) { bad(fmt.Sprintf("%s[%d].%s", hours, i, field), code, detail) })
	}
	if len(w.Holidays) > MaxHolidays {
		bad("holidays", "too_long", fmt.Sprintf("At most %d days.", MaxHolidays))
	}
	for i, day := range w.Holidays {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			bad(fmt.Sprintf("holidays[%d]", i), "date", "Must be a date such as 2026-12-25.")
		}
	}
	w.tidy()
	return wrong
}

func (h Hours) check(bad func(field, code, detail string)) {
	if !slices.Contains(days, h.Day) {
		bad("day", "unknown", "Must be monday to sunday.")
	}
	from, okFrom := minutesOf(h.From)
	to, okTo := minutesOf(h.To)
	if !okFrom {
		bad("from", "time", "Must be a time such as 09:00.")
	}
	if !okTo {
		bad("to", "time", "Must be a time such as 17:30, at most 24:00.")
	}
	if okFrom && okTo && from >= to {
		bad("to", "order", "Must be later than from. What goes past midnight is two intervals.")
	}
}

func (w *Week) tidy() {
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
