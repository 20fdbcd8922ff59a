package preference_test

import (
	"testing"
	"time"

	"hearth/internal/preference"
)

func zone(t *testing.T, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// moment reads a time as RFC 3339, with the offset that the wall shows there.
func moment(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func quiet(t *testing.T, from, to string, days ...string) preference.Quiet {
	t.Helper()
	q := preference.Quiet{On: true, Days: preference.EveryDay}
	var okFrom, okTo bool
	q.From, okFrom = preference.MinutesOf(from)
	q.To, okTo = preference.MinutesOf(to)
	if !okFrom || !okTo {
		t.Fatalf("%s or %s is no time", from, to)
	}
	if len(days) > 0 {
		q.Days = preference.WeekdaysOf(days)
	}
	return q
}

func TestQuietHours(t *testing.T) {
	for _, c := range []struct {
		what     string
		zone     string
		from, to string
		days     []string
		at, want string // want "" is at
	}{
		{"before", "Europe/Berlin", "22:00", "07:00", nil, "2026-01-14T21:59:59+01:00", ""},
		{"the first moment", "Europe/Berlin", "22:00", "07:00", nil, "2026-01-14T22:00:00+01:00", "2026-01-15T07:00:00+01:00"},
		{"over midnight", "Europe/Berlin", "22:00", "07:00", nil, "2026-01-15T03:00:00+01:00", "2026-01-15T07:00:00+01:00"},
		{"the last moment", "Europe/Berlin", "22:00", "07:00", nil, "2026-01-15T06:59:59+01:00", "2026-01-15T07:00:00+01:00"},
		{"the end is not quiet", "Europe/Berlin", "22:00", "07:00", nil, "2026-01-15T07:00:00+01:00", ""},
		{"within a day", "Europe/Berlin", "12:00", "14:00", nil, "2026-01-15T13:00:00+01:00", "2026-01-15T14:00:00+01:00"},
		{"until midnight", "Europe/Berlin", "20:00", "00:00", nil, "2026-01-15T23:30:00+01:00", "2026-01-16T00:00:00+01:00"},
		{"new year", "Europe/Berlin", "22:00", "07:00", nil, "2025-12-31T23:59:00+01:00", "2026-01-01T07:00:00+01:00"},
		{"the person's zone, not the server's", "America/Los_Angeles", "22:00", "07:00", nil, "2026-01-15T06:30:00Z", "2026-01-15T15:00:00Z"},

		// Only on some days: the day on which they begin.
		{"Friday night", "Europe/Berlin", "22:00", "09:00", []string{"fri"}, "2026-01-16T23:00:00+01:00", "2026-01-17T09:00:00+01:00"},
		{"Friday's night on Saturday", "Europe/Berlin", "22:00", "09:00", []string{"fri"}, "2026-01-17T08:59:00+01:00", "2026-01-17T09:00:00+01:00"},
		{"Thursday night", "Europe/Berlin", "22:00", "09:00", []string{"fri"}, "2026-01-15T23:00:00+01:00", ""},
		{"Saturday night", "Europe/Berlin", "22:00", "09:00", []string{"fri"}, "2026-01-17T23:00:00+01:00", ""},
		{"Sunday night into Monday", "Europe/Berlin", "22:00", "06:00", []string{"sun"}, "2026-01-19T05:00:00+01:00", "2026-01-19T06:00:00+01:00"},
		{"a whole day", "Europe/Berlin", "00:00", "00:00", []string{"sun"}, "2026-01-18T00:00:00+01:00", "2026-01-19T00:00:00+01:00"},
		{"two whole days together", "Europe/Berlin", "00:00", "00:00", []string{"sat", "sun"}, "2026-01-17T10:00:00+01:00", "2026-01-19T00:00:00+01:00"},
		{"a night behind a whole day", "Europe/Berlin", "20:00", "20:00", []string{"sat", "sun"}, "2026-01-17T21:00:00+01:00", "2026-01-19T20:00:00+01:00"},

		// Spring: 29 March 2026 in Berlin goes from 02:00 to 03:00, the end comes an hour sooner.
		{"a short night", "Europe/Berlin", "22:00", "07:00", nil, "2026-03-28T22:30:00+01:00", "2026-03-29T07:00:00+02:00"},
		{"an end that is not shown", "Europe/Berlin", "22:00", "02:30", nil, "2026-03-29T01:59:00+01:00", "2026-03-29T03:00:00+02:00"},
		{"a beginning that is not shown", "Europe/Berlin", "02:30", "05:00", nil, "2026-03-29T03:00:00+02:00", "2026-03-29T05:00:00+02:00"},
		{"both are not shown", "Europe/Berlin", "02:10", "02:50", nil, "2026-03-29T03:00:00+02:00", ""},
		{"a whole day of 23 hours", "Europe/Berlin", "00:00", "00:00", []string{"sun"}, "2026-03-29T12:00:00+02:00", "2026-03-30T00:00:00+02:00"},
		// Autumn: 25 October 2026 in Berlin shows 02:00 to 03:00 twice.
		{"a long night", "Europe/Berlin", "22:00", "07:00", nil, "2026-10-24T22:30:00+02:00", "2026-10-25T07:00:00+01:00"},
		{"an end shown twice, before the first", "Europe/Berlin", "22:00", "02:30", nil, "2026-10-25T02:15:00+02:00", "2026-10-25T02:30:00+01:00"},
		{"an end shown twice, between both", "Europe/Berlin", "22:00", "02:30", nil, "2026-10-25T02:45:00+02:00", "2026-10-25T02:30:00+01:00"},
		{"an end shown twice, after the second", "Europe/Berlin", "22:00", "02:30", nil, "2026-10-25T02:30:00+01:00", ""},
		{"a beginning shown twice, the first", "Europe/Berlin", "02:30", "06:00", nil, "2026-10-25T02:30:00+02:00", "2026-10-25T06:00:00+01:00"},
		{"a beginning shown twice, between both", "Europe/Berlin", "02:30", "06:00", nil, "2026-10-25T02:10:00+01:00", "2026-10-25T06:00:00+01:00"},
		{"a whole day of 25 hours", "Europe/Berlin", "00:00", "00:00", []string{"sun"}, "2026-10-25T00:30:00+02:00", "2026-10-26T00:00:00+01:00"},

		// Other zones change at other times of day, by other amounts, or never.
		{"New York in spring", "America/New_York", "22:00", "07:00", nil, "2026-03-08T01:00:00-05:00", "2026-03-08T07:00:00-04:00"},
		{"New York in autumn", "America/New_York", "22:00", "01:30", nil, "2026-11-01T01:40:00-04:00", "2026-11-01T01:30:00-05:00"},
		{"Sydney in its spring", "Australia/Sydney", "22:00", "07:00", nil, "2026-10-04T01:00:00+10:00", "2026-10-04T07:00:00+11:00"},
		{"Lord Howe by half an hour, forward", "Australia/Lord_Howe", "22:00", "02:15", nil, "2026-10-04T01:59:00+10:30", "2026-10-04T02:30:00+11:00"},
		{"Lord Howe by half an hour, back", "Australia/Lord_Howe", "22:00", "01:45", nil, "2026-04-05T01:50:00+11:00", "2026-04-05T01:45:00+10:30"},
		{"midnight that is not shown", "America/Santiago", "21:00", "00:30", nil, "2026-09-05T23:30:00-04:00", "2026-09-06T01:00:00-03:00"},
		{"Kolkata", "Asia/Kolkata", "22:00", "07:00", nil, "2026-03-29T20:00:00Z", "2026-03-30T01:30:00Z"},
		{"Kathmandu", "Asia/Kathmandu", "21:30", "06:15", nil, "2026-06-01T15:45:00Z", "2026-06-02T00:30:00Z"},
		{"Chatham in its autumn", "Pacific/Chatham", "22:00", "03:00", nil, "2026-04-05T03:10:00+13:45", "2026-04-05T03:00:00+12:45"},
		{"a day that Apia passed over", "Pacific/Apia", "22:00", "07:00", nil, "2011-12-29T23:00:00-10:00", "2011-12-31T07:00:00+14:00"},
		{"UTC", "UTC", "22:00", "07:00", nil, "2026-03-29T02:00:00Z", "2026-03-29T07:00:00Z"},
	} {
		at, want := moment(t, c.at), c.at
		if c.want != "" {
			want = c.want
		}
		if got := quiet(t, c.from, c.to, c.days...).Next(at, zone(t, c.zone)); !got.Equal(moment(t, want)) {
			t.Errorf("%s: %s is put off to %s, want %s", c.what, c.at, got.In(zone(t, c.zone)).Format(time.RFC3339), want)
		}
	}
}

func TestQuietHoursThatAreOff(t *testing.T) {
	q := quiet(t, "22:00", "07:00")
	q.On = false
	at := moment(t, "2026-01-15T03:00:00Z")
	if got := q.Next(at, time.UTC); !got.Equal(at) {
		t.Errorf("put off to %v", got)
	}
	// A week without an end cannot be saved; stored all the same it comes to an end here.
	always := quiet(t, "12:00", "12:00")
	if got := always.Next(at, time.UTC); got.Before(at) || got.After(at.AddDate(0, 0, 15)) {
		t.Errorf("always quiet: %v", got)
	}
}

// A clock walks through two years in several zones, a quarter of an hour at a time: Next gives
// a moment at which nothing is quiet, that everything before it is put off to as well, and it
// is quiet exactly where the wall says so, but for an hour that the wall shows twice.
func TestQuietHoursByTheWall(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Santiago", "Pacific/Chatham", "Africa/Casablanca"} {
		z, q := zone(t, name), quiet(t, "21:45", "06:30", "mon", "tue", "sat")
		end := time.Date(2028, 1, 1, 0, 0, 0, 0, time.UTC)
		for at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC); at.Before(end); at = at.Add(15 * time.Minute) {
			next := q.Next(at, z)
			if next.Before(at) || !q.Next(next, z).Equal(next) || !q.Next(next.Add(-time.Millisecond), z).Equal(next) && next.After(at) {
				t.Fatalf("%s: %v is put off to %v", name, at.In(z), next.In(z))
			}
			if shown := wallSaysQuiet(q, at.In(z)); shown != next.After(at) {
				t.Fatalf("%s: at %v quiet is %v", name, at.In(z), next.After(at))
			}
		}
	}
}

// wallSaysQuiet reads a clock on the wall. None of the zones of the test changes between the
// beginning of its quiet hours and midnight, nor near their end.
func wallSaysQuiet(q preference.Quiet, wall time.Time) bool {
	minutes := wall.Hour()*60 + wall.Minute()
	today, yesterday := q.Days.Has(wall.Weekday()), q.Days.Has((wall.Weekday()+6)%7)
	return today && minutes >= q.From || yesterday && minutes < q.To
}
