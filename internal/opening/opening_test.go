package opening_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/opening"
)

func moment(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func ready(t interface{ Fatal(args ...any) }, w opening.Week) *opening.Calendar {
	c, err := w.Calendar()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func hours(day, from, to string) opening.Hours { return opening.Hours{Day: day, From: from, To: to} }

// calendars are a practice on workdays with a holiday, one that is open at night, one that
// never closes, and one whose hours overlap.
var calendars = map[string]opening.Week{
	"office": func() opening.Week {
		w := opening.Workdays("Europe/Berlin")
		w.Holidays = []string{"2026-04-06", "2026-12-25", "2026-12-24"}
		return w
	}(),
	"night": {TimeZone: "Europe/Berlin", Hours: []opening.Hours{hours("saturday", "22:00", "24:00"), hours("sunday", "00:00", "06:00"), hours("sunday", "02:30", "02:45")}},
	"always": {TimeZone: "America/New_York", Hours: []opening.Hours{
		hours("monday", "00:00", "24:00"), hours("tuesday", "00:00", "24:00"), hours("wednesday", "00:00", "24:00"), hours("thursday", "00:00", "24:00"),
		hours("friday", "00:00", "24:00"), hours("saturday", "00:00", "24:00"), hours("sunday", "00:00", "24:00"),
	}},
	"gap":     {TimeZone: "Europe/Berlin", Hours: []opening.Hours{hours("sunday", "02:15", "02:45")}},
	"overlap": {TimeZone: "UTC", Hours: []opening.Hours{hours("monday", "10:00", "12:00"), hours("monday", "09:00", "17:00"), hours("monday", "16:00", "18:00")}},
	"lunch":   {TimeZone: "Australia/Lord_Howe", Hours: []opening.Hours{hours("sunday", "01:00", "03:00"), hours("monday", "13:00", "17:00"), hours("monday", "09:00", "12:00")}},
}

func TestOpeningTimeBetweenTwoMoments(t *testing.T) {
	for _, c := range []struct{ calendar, from, to, want string }{
		{"office", "2026-03-02T08:00:00Z", "2026-03-02T16:00:00Z", "8h"},
		{"office", "2026-03-02T07:00:00Z", "2026-03-02T09:30:00Z", "1h30m"}, // before it opens
		{"office", "2026-03-06T15:00:00Z", "2026-03-09T08:30:00Z", "1h30m"}, // over a weekend
		{"office", "2026-03-07T10:00:00Z", "2026-03-08T10:00:00Z", "0s"},
		{"office", "2026-03-27T15:00:00Z", "2026-03-30T08:00:00Z", "2h"}, // the clocks went forward
		{"office", "2026-10-23T14:00:00Z", "2026-10-26T09:00:00Z", "2h"}, // and back
		{"office", "2026-04-03T14:00:00Z", "2026-04-07T08:00:00Z", "2h"}, // Monday is a holiday
		{"office", "2026-12-23T15:00:00Z", "2026-12-28T09:00:00Z", "2h"}, // two holidays and a weekend
		{"office", "2026-03-02T16:00:00Z", "2026-03-02T08:00:00Z", "0s"}, // the wrong way round
		{"night", "2026-03-28T20:00:00Z", "2026-03-29T12:00:00Z", "7h"},  // a night without 2 o'clock
		{"night", "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", "9h"},  // a night with two of it
		{"night", "2026-03-21T20:00:00Z", "2026-03-22T12:00:00Z", "8h"},
		{"always", "2026-03-07T05:00:00Z", "2026-03-09T05:00:00Z", "48h"},
		{"always", "2026-10-31T12:34:56Z", "2026-11-02T12:34:56Z", "48h"},
		{"overlap", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z", "9h"},
		{"lunch", "2026-10-03T12:00:00Z", "2026-10-03T23:00:00Z", "1h30m"}, // half an hour is missing there
		{"lunch", "2026-04-04T12:00:00Z", "2026-04-04T23:00:00Z", "2h30m"},
	} {
		got := ready(t, calendars[c.calendar]).Between(moment(t, c.from), moment(t, c.to))
		if want, _ := time.ParseDuration(c.want); got != want {
			t.Errorf("%s: %s to %s is %s, want %s", c.calendar, c.from, c.to, got, want)
		}
	}
}

func TestTheMomentAfterSoMuchOpeningTime(t *testing.T) {
	for _, c := range []struct{ calendar, from, open, want string }{
		{"office", "2026-03-02T08:00:00Z", "4h", "2026-03-02T12:00:00Z"},
		{"office", "2026-03-02T08:00:00Z", "8h", "2026-03-02T16:00:00Z"}, // when it closes, not when it opens again
		{"office", "2026-03-02T08:00:00Z", "8h1m", "2026-03-03T08:01:00Z"},
		{"office", "2026-03-06T15:00:00Z", "4h", "2026-03-09T11:00:00Z"},
		{"office", "2026-03-27T15:00:00Z", "4h", "2026-03-30T10:00:00Z"}, // the clocks went forward
		{"office", "2026-10-23T14:00:00Z", "4h", "2026-10-26T11:00:00Z"}, // and back
		{"office", "2026-04-03T14:00:00Z", "2h", "2026-04-07T08:00:00Z"},
		{"office", "2026-03-07T10:00:00Z", "0s", "2026-03-07T10:00:00Z"},
		{"night", "2026-03-29T00:00:00Z", "2h", "2026-03-29T02:00:00Z"}, // 1 o'clock there, two hours later it is 4
		{"night", "2026-10-24T23:00:00Z", "3h", "2026-10-25T02:00:00Z"},
		{"gap", "2026-03-23T00:00:00Z", "30m", "2026-04-05T00:45:00Z"}, // not in the hour that there is not
		{"overlap", "2026-03-02T09:00:00Z", "9h", "2026-03-02T18:00:00Z"},
	} {
		open, _ := time.ParseDuration(c.open)
		got, found := ready(t, calendars[c.calendar]).After(moment(t, c.from), open)
		if !found || !got.Equal(moment(t, c.want)) {
			t.Errorf("%s: %s and %s is %s %v, want %s", c.calendar, c.from, c.open, got.UTC().Format(time.RFC3339), found, c.want)
		}
	}
	if at, found := ready(t, opening.Week{TimeZone: "UTC"}).After(moment(t, "2026-03-02T09:00:00Z"), time.Minute); found {
		t.Errorf("who never opens has had a minute by %s", at)
	}
	if _, err := (opening.Week{TimeZone: "Nowhere/Land"}).Calendar(); err == nil {
		t.Error("a calendar in no time zone")
	}
}

// Whatever the hours: opening time adds up, is what counting minute by minute gives, and the
// moment after some of it is the first with so much.
func TestOpeningTimeAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWeek(t)
		c := ready(t, w)
		a := time.Unix(rapid.Int64Range(1_790_000_000/60, 1_800_000_000/60).Draw(t, "a")*60, 0)
		b := a.Add(time.Duration(rapid.IntRange(0, 9*24*60).Draw(t, "b")) * time.Minute)
		between := c.Between(a, b)
		if want := counted(t, w, a, b); between != want {
			t.Fatalf("%s to %s: %s, counted %s", a.UTC(), b.UTC(), between, want)
		}
		middle := a.Add(b.Sub(a) / 3)
		if sum := c.Between(a, middle) + c.Between(middle, b); sum != between {
			t.Fatalf("in two parts %s, at once %s", sum, between)
		}
		open := time.Duration(rapid.IntRange(1, 100*60).Draw(t, "open")) * time.Minute
		moment, found := c.After(a, open)
		if !found {
			if c.Between(a, a.AddDate(3, 0, 0)) >= open {
				t.Fatal("there is no such moment, and there is the time")
			}
			return
		}
		if c.Between(a, moment) != open || c.Between(a, moment.Add(-time.Second)) >= open {
			t.Fatalf("%s after %s is %s with %s", open, a.UTC(), moment.UTC(), c.Between(a, moment))
		}
	})
}

func drawWeek(t *rapid.T) opening.Week {
	w := opening.Week{TimeZone: rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "Asia/Kathmandu"}).Draw(t, "zone")}
	days := []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
	clock := func(quarters int) string { return fmt.Sprintf("%02d:%02d", quarters/4, quarters%4*15) }
	for range rapid.IntRange(0, 8).Draw(t, "hours") {
		from := rapid.IntRange(0, 95).Draw(t, "from")
		w.Hours = append(w.Hours, hours(rapid.SampledFrom(days).Draw(t, "day"), clock(from), clock(rapid.IntRange(from+1, 96).Draw(t, "to"))))
	}
	for range rapid.IntRange(0, 3).Draw(t, "holidays") {
		w.Holidays = append(w.Holidays, time.Unix(rapid.Int64Range(1_790_000_000, 1_800_000_000).Draw(t, "holiday"), 0).UTC().Format(time.DateOnly))
	}
	return w
}

// counted looks at the clock on the wall minute by minute.
func counted(t *rapid.T, w opening.Week, a, b time.Time) (open time.Duration) {
	zone, err := time.LoadLocation(w.TimeZone)
	if err != nil {
		t.Fatal(err)
	}
	for m := a; m.Before(b); m = m.Add(time.Minute) {
		if openAt(w, m.In(zone)) {
			open += time.Minute
		}
	}
	return open
}

func openAt(w opening.Week, wall time.Time) bool {
	for _, day := range w.Holidays {
		if wall.Format(time.DateOnly) == day {
			return false
		}
	}
	for _, h := range w.Hours {
		clock := wall.Format("15:04")
		if h.Day == []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}[wall.Weekday()] && clock >= h.From && clock < h.To {
			return true
		}
	}
	return false
}

func BenchmarkAfter(b *testing.B) {
	c := ready(b, calendars["office"])
	from := moment(b, "2026-03-06T15:00:00Z")
	for b.Loop() {
		if _, found := c.After(from, 4*time.Hour); !found {
			b.Fatal("no such moment")
		}
	}
}
