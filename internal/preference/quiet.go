package preference

import (
	"slices"
	"time"
)

// Weekdays is a set of days of the week: bit 0 is Monday, bit 6 Sunday.
type Weekdays uint8

// EveryDay is all days of the week.
const EveryDay Weekdays = 1<<7 - 1

// DayNames are the days in the order of their bits.
var DayNames = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// Has reports whether the set holds the day.
func (d Weekdays) Has(day time.Weekday) bool { return d&(1<<((day+6)%7)) != 0 }

// Quiet is the hours in which nothing rings and no mail goes out. They begin at From on each
// of the days and end at To, on the next day where To is not later than From. From and To are
// minutes since midnight, 0 to 1439.
type Quiet struct {
	On   bool
	From int
	To   int
	Days Weekdays
}

// Next gives t, or where t is in the quiet hours the moment at which they end. Where quiet
// hours follow one another without a gap it is the end of the last.
func (q Quiet) Next(t time.Time, zone *time.Location) time.Time {
	if !q.On {
		return t
	}
	// A week of hours that touch one another is refused when it is saved; the bound is for
	// what could be stored all the same.
	for range 2 * len(DayNames) {
		end, quiet := q.endOf(t, zone)
		if !quiet {
			return t
		}
		t = end
	}
	return t
}

// endOf gives the latest end of the quiet hours that t is in.
func (q Quiet) endOf(t time.Time, zone *time.Location) (end time.Time, quiet bool) {
	year, month, day := t.In(zone).Date()
	// Hours that began the day before yesterday can last until now where a clock goes back.
	for back := range 3 {
		date := time.Date(year, month, day-back, 0, 0, 0, 0, time.UTC)
		if !q.Days.Has(date.Weekday()) {
			continue
		}
		from := firstAt(date.Add(time.Duration(q.From)*time.Minute), zone)
		to := lastAt(q.closing(date), zone)
		if !t.Before(from) && t.Before(to) && to.After(end) {
			end, quiet = to, true
		}
	}
	return end, quiet
}

// closing gives what the clock shows at the end of the hours that begin on a date.
func (q Quiet) closing(date time.Time) time.Time {
	if q.To <= q.From {
		date = date.AddDate(0, 0, 1)
	}
	return date.Add(time.Duration(q.To) * time.Minute)
}

// Names gives the days of the set by their names, never nil.
func (d Weekdays) Names() []string {
	list := []string{}
	for i, name := range DayNames {
		if d&(1<<i) != 0 {
			list = append(list, name)
		}
	}
	return list
}

// WeekdaysOf gives the set of days that have these names. Of an unknown one it is a set that
// cannot be saved.
func WeekdaysOf(names []string) (d Weekdays) {
	for _, name := range names {
		i := slices.Index(DayNames, name)
		if i < 0 {
			i = len(DayNames)
		}
		d |= 1 << i
	}
	return d
}
