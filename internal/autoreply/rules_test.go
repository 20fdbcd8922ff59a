package autoreply

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/care"
	"hearth/internal/opening"
)

var days = []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}

func at(t testing.TB, text string) time.Time {
	t.Helper()
	moment, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return moment
}

// office is open on workdays from 9 to 12 and 13 to 17, in Berlin, but not on a Friday
// that is a holiday.
func office() Weekly {
	w := Weekly{Enabled: true, Text: "We read this tomorrow.", Week: opening.Week{TimeZone: "Europe/Berlin", Holidays: []string{"2026-04-03"}}}
	for _, day := range days[:5] {
		w.Hours = append(w.Hours, opening.Hours{Day: day, From: "09:00", To: "12:00"}, opening.Hours{Day: day, From: "13:00", To: "17:00"})
	}
	return w
}

func TestWeeklyHours(t *testing.T) {
	for _, c := range []struct {
		now, since string // since "" is: not away
	}{
		{"2026-03-02T08:00:00Z", ""},                     // Monday 9:00
		{"2026-03-02T07:59:59Z", "2026-03-01T19:59:59Z"}, // twelve hours back
		{"2026-03-02T11:00:00Z", "2026-03-02T11:00:00Z"}, // noon
		{"2026-03-02T11:59:00Z", "2026-03-02T11:00:00Z"},
		{"2026-03-02T12:00:00Z", ""},
		{"2026-03-02T20:00:00Z", "2026-03-02T16:00:00Z"},
		{"2026-03-02T23:30:00Z", "2026-03-02T16:00:00Z"}, // after midnight, since yesterday evening
		{"2026-03-07T10:00:00Z", "2026-03-06T22:00:00Z"}, // Saturday
		{"2026-03-30T06:59:00Z", "2026-03-29T18:59:00Z"}, // Monday after the clock went forward
		{"2026-03-30T07:00:00Z", ""},
		{"2026-04-03T09:00:00Z", "2026-04-02T21:00:00Z"}, // the holiday
		{"2026-04-02T23:00:00Z", "2026-04-02T15:00:00Z"}, // the evening before, past midnight there
		{"2026-10-26T08:00:00Z", ""},                     // Monday after the clock went back
		{"2026-10-26T07:59:00Z", "2026-10-25T19:59:00Z"},
	} {
		state, away := Rules{Weekly: office()}.At(at(t, c.now))
		switch {
		case away != (c.since != ""):
			t.Errorf("%s: away %v", c.now, away)
		case away && !state.Since.Equal(at(t, c.since)):
			t.Errorf("%s: since %s, want %s", c.now, state.Since.UTC().Format(time.RFC3339), c.since)
		case away && state.Text != office().Text:
			t.Errorf("%s: %q", c.now, state.Text)
		}
	}
	off := office()
	off.Enabled = false
	if _, away := (Rules{Weekly: off}).At(at(t, "2026-03-07T10:00:00Z")); away {
		t.Error("away by hours that are not in use")
	}
}

func TestOnceComesBeforeWeeklyHours(t *testing.T) {
	r := Rules{Weekly: office(), Once: &Once{From: at(t, "2026-03-02T10:00:00Z"), Until: at(t, "2026-03-09T08:00:00Z"), Text: "On leave."}}
	for now, want := range map[string]string{
		"2026-03-02T09:59:59Z": "",
		"2026-03-02T10:00:00Z": "On leave. 2026-03-02T10:00:00Z",
		"2026-03-02T20:00:00Z": "On leave. 2026-03-02T10:00:00Z",
		"2026-03-04T10:00:00Z": "On leave. 2026-03-03T22:00:00Z",
		"2026-03-09T08:00:00Z": "",
		"2026-03-09T20:00:00Z": "We read this tomorrow. 2026-03-09T16:00:00Z",
	} {
		got := ""
		if state, away := r.At(at(t, now)); away {
			got = state.Text + " " + state.Since.UTC().Format(time.RFC3339)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", now, got, want)
		}
	}
}

func TestHoursUpToMidnight(t *testing.T) {
	r := Rules{Weekly: Weekly{Enabled: true, Text: "Away", Week: opening.Week{TimeZone: "UTC", Hours: []opening.Hours{
		{Day: "sunday", From: "20:00", To: "24:00"}, {Day: "monday", From: "00:00", To: "02:00"},
	}}}}
	for now, want := range map[string]bool{
		"2026-03-01T19:59:00Z": true, "2026-03-01T23:59:59Z": false, "2026-03-02T00:00:00Z": false, "2026-03-02T02:00:00Z": true,
	} {
		if _, away := r.At(at(t, now)); away != want {
			t.Errorf("%s: away %v", now, away)
		}
	}
}

func TestRulesAreChecked(t *testing.T) {
	good := func() Rules { return Rules{Weekly: office()} }
	for want, change := range map[string]func(r *Rules){
		"":                                       func(*Rules) {},
		"weekly.text required":                   func(r *Rules) { r.Weekly.Text = " " },
		"weekly.time_zone time_zone":             func(r *Rules) { r.Weekly.TimeZone = "Local" },
		"weekly.hours[0].day unknown":            func(r *Rules) { r.Weekly.Hours[0].Day = "Montag" },
		"weekly.hours[1].to order":               func(r *Rules) { r.Weekly.Hours[1].To = "13:00" },
		"weekly.hours[0].from time":              func(r *Rules) { r.Weekly.Hours[0].From = "9:00" },
		"weekly.hours[0].to time":                func(r *Rules) { r.Weekly.Hours[0].To = "24:01" },
		"weekly.holidays[0] date":                func(r *Rules) { r.Weekly.Holidays[0] = "2026-02-30" },
		"once.text required":                     func(r *Rules) { r.Once = &Once{From: time.Unix(1, 0), Until: time.Unix(2, 0)} },
		"once.until order":                       func(r *Rules) { r.Once = &Once{From: time.Unix(2, 0), Until: time.Unix(2, 0), Text: "x"} },
		"once.until too_long":                    func(r *Rules) { r.Once = &Once{Until: time.Unix(2, 0), Text: "x"} },
		"weekly.hours too_long":                  func(r *Rules) { r.Weekly.Hours = append(make([]opening.Hours, 0), repeat(r.Weekly.Hours[0], 51)...) },
		"weekly.text too_long":                   func(r *Rules) { r.Weekly.Text = fmt.Sprintf("%02001d", 0) },
		"once.until order, weekly.text required": func(r *Rules) { r.Weekly.Text, r.Once = "", &Once{Text: "x"} },
	} {
		r := good()
		change(&r)
		got := ""
		var failure *care.Error
		if err := r.check(); errors.As(err, &failure) {
			for i, f := range failure.Fields {
				if i > 0 {
					got += ", "
				}
				got += f.Field + " " + f.Code
			}
		}
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func repeat(h opening.Hours, n int) []opening.Hours {
	list := make([]opening.Hours, n)
	for i := range list {
		list[i] = h
	}
	return list
}

// Whatever the rules, being away is told consistently: since is not after the moment, not
// longer ago than the quiet time, and one was away during all of it.
func TestAwayIsConsistent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := Weekly{Enabled: true, Text: "Away", Week: opening.Week{TimeZone: rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "America/Los_Angeles", "Australia/Lord_Howe", "Pacific/Apia"}).Draw(t, "zone")}}
		for range rapid.IntRange(0, 10).Draw(t, "n") {
			from := rapid.IntRange(0, 95).Draw(t, "from")
			to := rapid.IntRange(from+1, 96).Draw(t, "to")
			w.Hours = append(w.Hours, opening.Hours{Day: rapid.SampledFrom(days).Draw(t, "day"), From: clock(from), To: clock(to)})
		}
		rules := Rules{Weekly: w}
		if err := rules.check(); err != nil {
			t.Fatal(err)
		}
		now := time.Unix(rapid.Int64Range(1_700_000_000, 1_900_000_000).Draw(t, "now"), 0)
		state, away := rules.At(now)
		if !away {
			return
		}
		if state.Since.After(now) || now.Sub(state.Since) > Quiet {
			t.Fatalf("since %s at %s", state.Since, now)
		}
		for m := state.Since; m.Before(now); m = m.Add(10 * time.Minute) {
			if _, still := rules.At(m); !still {
				t.Fatalf("away since %s, but not at %s (now %s): %+v", state.Since, m, now, w)
			}
		}
	})
}

func clock(quarters int) string { return fmt.Sprintf("%02d:%02d", quarters/4, quarters%4*15) }
