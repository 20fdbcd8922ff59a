package outbox

import (
	"testing"
	"time"
)

func TestSendsComeFirst(t *testing.T) {
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		last   round
		passed time.Duration
		woken  int64
		want   time.Duration
	}{
		"nothing to do":               {round{}, time.Second, 0, gather},
		"a quiet practice":            {round{took: 3 * time.Millisecond}, time.Second, 5, gather},
		"much to catch up with":       {round{full: true, took: 9 * time.Millisecond}, 50 * time.Millisecond, 2, 9 * time.Millisecond},
		"no time at all":              {round{full: true}, 50 * time.Millisecond, 0, time.Millisecond},
		"at the border":               {round{full: true, took: 9 * time.Millisecond}, time.Second, busyFrom, 9 * time.Millisecond},
		"thousands of sends":          {round{full: true, took: 9 * time.Millisecond}, time.Second, 3000, 9 * busyShare * time.Millisecond},
		"thousands, and little of it": {round{took: time.Millisecond}, time.Second, 3000, gather},
		"as late as may be":           {round{full: true, took: 9 * time.Millisecond, late: lateAfter}, time.Second, 3000, 9 * busyShare * time.Millisecond},
		"too late":                    {round{full: true, took: 9 * time.Millisecond, late: lateAfter + 1}, time.Second, 3000, 9 * lateShare * time.Millisecond},
	} {
		var o tempo
		o.next(start, 70)
		o.worked(c.last)
		if got := o.next(start.Add(c.passed), 70+c.woken); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}
