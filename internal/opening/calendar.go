package opening

import (
	"fmt"
	"iter"
	"slices"
	"time"
)

// ahead is how many days a calendar is searched: for more than three years without enough
// opening time there is no moment to name.
const ahead = 1200

// Calendar is a week made ready for reckoning. It is never changed, and safe for concurrent
// use.
type Calendar struct {
	zone     *time.Location
	days     [7][]interval // by weekday, in order of their beginning
	holidays []string      // in order
}

// interval is minutes of a day.
type interval struct{ from, to int }

// Calendar makes a week ready that was checked; of another it fails where the time zone is
// unknown, and leaves out hours that are none.
func (w Week) Calendar() (*Calendar, error) {
	zone, err := time.LoadLocation(w.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("opening: %w", err)
	}
	c := &Calendar{zone: zone, holidays: slices.Sorted(slices.Values(w.Holidays))}
	for _, h := range w.Hours {
		from, okFrom := minutesOf(h.From)
		to, okTo := minutesOf(h.To)
		if day := slices.Index(days, h.Day); okFrom && okTo && day >= 0 {
			c.days[day] = append(c.days[day], interval{from, to})
		}
	}
	for _, day := range c.days {
		slices.SortFunc(day, func(a, b interval) int { return a.from - b.from })
	}
	return c, nil
}

// Zone is where the calendar's days begin and end.
func (c *Calendar) Zone() *time.Location { return c.zone }

// Spans gives when it is open, in order and apart from each other: those that end behind a
// moment, from their own beginnings on, for as long as anybody looks ahead.
func (c *Calendar) Spans(behind time.Time) iter.Seq2[time.Time, time.Time] {
	return func(yield func(from, to time.Time) bool) {
		today, done := behind.In(c.zone), time.Time{}
		for n := -1; n < ahead; n++ {
			day := time.Date(today.Year(), today.Month(), today.Day()+n, 0, 0, 0, 0, time.UTC)
			intervals := c.days[day.Weekday()]
			if len(intervals) == 0 || c.holiday(day) {
				continue
			}
			for _, p := range c.periods(day) {
				for _, i := range intervals {
					from, to := later(p.at(day, i.from), done), p.at(day, i.to)
					if !from.Before(to) {
						continue // counted already, or not in this period
					}
					done = to
					if to.After(behind) && !yield(from, to) {
						return
					}
				}
			}
		}
	}
}

func (c *Calendar) holiday(day time.Time) bool {
	_, is := slices.BinarySearch(c.holidays, day.Format(time.DateOnly))
	return is
}

// period is a time in which the clocks of a zone are not changed.
type period struct {
	start, end time.Time // zero is for ever
	offset     time.Duration
}

// at is when the clock on the wall shows so many minutes of a date, given as if in UTC; kept
// within the period.
func (p period) at(day time.Time, minutes int) time.Time {
	t := day.Add(time.Duration(minutes)*time.Minute - p.offset)
	if !p.start.IsZero() && t.Before(p.start) {
		return p.start
	}
	if !p.end.IsZero() && t.After(p.end) {
		return p.end
	}
	return t
}

// periods gives those that a date may lie in: nearly always it is one.
func (c *Calendar) periods(day time.Time) []period {
	noon := periodOf(time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, c.zone))
	list := []period{noon}
	if from := day.Add(-noon.offset); !noon.start.IsZero() && from.Before(noon.start) {
		list = append([]period{periodOf(noon.start.Add(-time.Second))}, list...)
	}
	if to := day.Add(24*time.Hour - noon.offset); !noon.end.IsZero() && to.After(noon.end) {
		list = append(list, periodOf(noon.end))
	}
	return list
}

func periodOf(t time.Time) period {
	_, offset := t.Zone()
	start, end := t.ZoneBounds()
	return period{start, end, time.Duration(offset) * time.Second}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Between is the opening time between two moments; 0 where the second is not later. What
// lies more than three years behind the first does not count.
func (c *Calendar) Between(a, b time.Time) (open time.Duration) {
	for from, to := range c.Spans(a) {
		if !from.Before(b) {
			break
		}
		if to.After(b) {
			to = b
		}
		open += max(0, to.Sub(later(from, a)))
	}
	return open
}

// After is the first moment with so much opening time since t; found is false where there is
// none within three years.
func (c *Calendar) After(t time.Time, open time.Duration) (moment time.Time, found bool) {
	if open <= 0 {
		return t, true
	}
	for from, to := range c.Spans(t) {
		from = later(from, t)
		if here := to.Sub(from); here < open {
			open -= here
			continue
		}
		return from.Add(open), true
	}
	return time.Time{}, false
}
