package demo

import (
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestScriptsThatAreNotUnderstoodAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"a message without a conversation": "noor: hello",
		"a row that is no message":         "== direct\nwhat is this",
		"unread without a number":          "== direct\nunread: noor",
	} {
		if _, err := parseScript(text); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

func TestAScriptGivesItsThreads(t *testing.T) {
	threads, err := parseScript("# nothing\n== internal: Front desk\nmembers: sam, june\nunread: june 1\n\n[3d 9:15] sam for june: One\\nTwo: three [files: a.jpg, b c.pdf]\n")
	if err != nil || len(threads) != 1 {
		t.Fatalf("%d threads, %v", len(threads), err)
	}
	got := threads[0]
	if got.kind != "internal" || got.subject != "Front desk" || strings.Join(got.members, "+") != "sam+june" || got.unread["june"] != 1 {
		t.Errorf("thread %+v", got)
	}
	if want := (line{when: "3d 9:15", who: "sam", behalf: "june", body: "One\nTwo: three", files: []string{"a.jpg", "b c.pdf"}}); len(got.lines) != 1 || !reflect.DeepEqual(got.lines[0], want) {
		t.Errorf("lines %+v, want %+v", got.lines, want)
	}
}

func TestTimesOfScripts(t *testing.T) {
	c := newCalendar(time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC)) // a Monday noon at the practice
	previous := time.Date(2026, 11, 20, 17, 0, 0, 0, time.UTC)
	for text, want := range map[string]time.Time{
		"1d 9:15": time.Date(2026, 11, 20, 17, 15, 0, 0, time.UTC), // the Friday before
		"+1h5m":   time.Date(2026, 11, 20, 18, 5, 0, 0, time.UTC),
		"ago 90m": time.Date(2026, 11, 23, 18, 30, 0, 0, time.UTC),
	} {
		if got, err := c.resolve(text, previous); err != nil || !got.Equal(want) {
			t.Errorf("%s is %s (%v), want %s", text, got, err, want)
		}
	}
	for _, text := range []string{"yesterday", "0d 9:00", "+soon", "ago", "3d"} {
		if _, err := c.resolve(text, previous); err == nil {
			t.Errorf("%q is taken for a time", text)
		}
	}
}

func TestWeekdaysAreNamedFromTheMessage(t *testing.T) {
	c := newCalendar(time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC))
	friday := c.at(1, 9, 0)
	got, err := c.weekdays("see you {+2}, not {+0}", friday)
	if err != nil || got != "see you Tuesday, not Friday" {
		t.Errorf("%q, %v", got, err)
	}
	for _, body := range []string{"{+x}", "{+2"} {
		if _, err := c.weekdays(body, friday); err == nil {
			t.Errorf("%q is taken", body)
		}
	}
}

func TestSettleMovesAsLittleAsItCan(t *testing.T) {
	c := newCalendar(time.Date(2026, 11, 23, 20, 0, 0, 0, time.UTC))
	minutes := func(ago ...int) (times []time.Time) {
		for _, n := range ago {
			times = append(times, c.now.Add(-time.Duration(n)*time.Minute))
		}
		return times
	}
	got := minutes(50, 60, 40, -5, -9)
	c.settle(got)
	for i, want := range []time.Duration{50 * time.Minute, 50*time.Minute - 73*time.Second, 40 * time.Minute, 61 * time.Second, time.Minute} {
		if ago := c.now.Sub(got[i]); ago != want {
			t.Errorf("time %d is %s ago, want %s", i, ago, want)
		}
	}
}
