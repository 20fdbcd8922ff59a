package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // machines without zone files show the practice at its own hours too
)

// timeZone is where the practice is; its opening hours are the times in the scripts.
const timeZone = "America/Los_Angeles"

// calendar counts days back from now. Days are workdays, so that nobody of the staff
// writes on a Sunday however the week falls.
type calendar struct {
	now   time.Time
	local *time.Location
}

func newCalendar(now time.Time) calendar {
	local, err := time.LoadLocation(timeZone)
	if err != nil {
		panic(err) // the zone is embedded
	}
	return calendar{now: now.Truncate(time.Second), local: local}
}

// workday gives midnight of the n-th workday before today; 0 is today, whatever it is.
func (c calendar) workday(n int) time.Time {
	year, month, day := c.now.In(c.local).Date()
	at := time.Date(year, month, day, 0, 0, 0, 0, c.local)
	for n > 0 {
		if at = at.AddDate(0, 0, -1); isWorkday(at) {
			n--
		}
	}
	return at
}

// at gives an hour and minute of the n-th workday before today.
func (c calendar) at(n, hour, minute int) time.Time {
	year, month, day := c.workday(n).Date()
	return time.Date(year, month, day, hour, minute, 0, 0, c.local)
}

func isWorkday(at time.Time) bool {
	return at.Weekday() != time.Saturday && at.Weekday() != time.Sunday
}

// resolve turns the time of a script's line into a moment. It is one of
//
//	12d 8:40     the twelfth workday before today
//	+1h20m       so long after the message before
//	ago 20m      so long before now
func (c calendar) resolve(text string, previous time.Time) (time.Time, error) {
	if ago, ok := strings.CutPrefix(text, "ago "); ok {
		d, err := time.ParseDuration(ago)
		return c.now.Add(-d), err
	}
	if strings.HasPrefix(text, "+") {
		d, err := time.ParseDuration(text)
		return previous.Add(d), err
	}
	var days, hour, minute int
	if _, err := fmt.Sscanf(text, "%dd %d:%d", &days, &hour, &minute); err != nil || days < 1 {
		return time.Time{}, fmt.Errorf("the time %q is none of: 3d 9:15, +20m, ago 5m", text)
	}
	return c.at(days, hour, minute), nil
}

// weekdays replaces {+3} by the name of the third workday after at.
func (c calendar) weekdays(body string, at time.Time) (string, error) {
	for {
		before, rest, found := strings.Cut(body, "{+")
		if !found {
			return body, nil
		}
		number, after, closed := strings.Cut(rest, "}")
		n, err := strconv.Atoi(number)
		if err != nil || !closed {
			return "", fmt.Errorf("a day in %q is not of the form {+3}", body)
		}
		body = before + c.weekdayAfter(at, n) + after
	}
}

func (c calendar) weekdayAfter(at time.Time, n int) string {
	day := at.In(c.local)
	for n > 0 {
		if day = day.AddDate(0, 0, 1); isWorkday(day) {
			n--
		}
	}
	return day.Weekday().String()
}

// settle makes times ascend by at least a second each and end before now, moving as few
// as it can: shortly after midnight "5 hours ago" may fall before a time of yesterday.
func (c calendar) settle(times []time.Time) {
	for i := 1; i < len(times); i++ {
		if !times[i].After(times[i-1]) {
			times[i] = times[i-1].Add(73 * time.Second)
		}
	}
	latest := c.now.Add(-time.Minute)
	for i := len(times) - 1; i >= 0; i-- {
		if times[i].After(latest) {
			times[i] = latest
		}
		latest = times[i].Add(-time.Second)
	}
}
