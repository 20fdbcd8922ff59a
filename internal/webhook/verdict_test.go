package webhook

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"hearth/internal/outward"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestHowCallsEnd(t *testing.T) {
	after := http.Header{"Retry-After": {"60"}}
	for name, c := range map[string]struct {
		answer outward.Answer
		err    error
		want   verdict
	}{
		"200":              {outward.Answer{Status: 200}, nil, verdict{ok: true, status: 200}},
		"299":              {outward.Answer{Status: 299, Header: after}, nil, verdict{ok: true, status: 299}},
		"301":              {outward.Answer{Status: 301, Header: after}, nil, verdict{status: 301, why: whyRedirect}},
		"304":              {outward.Answer{Status: 304}, nil, verdict{status: 304, why: whyRedirect}},
		"404":              {outward.Answer{Status: 404}, nil, verdict{status: 404, why: whyStatus}},
		"410":              {outward.Answer{Status: 410}, nil, verdict{status: 410, why: whyStatus}},
		"429":              {outward.Answer{Status: 429, Header: after}, nil, verdict{status: 429, why: whyStatus, retryAfter: time.Minute}},
		"500":              {outward.Answer{Status: 500}, nil, verdict{status: 500, why: whyStatus}},
		"600":              {outward.Answer{Status: 600}, nil, verdict{status: 600, why: whyStatus}},
		"private":          {outward.Answer{}, fmt.Errorf("x: %w", outward.ErrPrivate), verdict{why: whyPrivate}},
		"plain":            {outward.Answer{}, outward.ErrPlain, verdict{why: whyPlain}},
		"address":          {outward.Answer{}, outward.ErrAddress, verdict{why: whyPrivate}},
		"name":             {outward.Answer{}, outward.ErrName, verdict{why: whyName}},
		"connect":          {outward.Answer{}, outward.ErrConnect, verdict{why: whyConnect}},
		"tls":              {outward.Answer{}, outward.ErrTLS, verdict{why: whyTLS}},
		"timeout":          {outward.Answer{}, outward.ErrTimeout, verdict{why: whyTimeout}},
		"our own time":     {outward.Answer{}, context.DeadlineExceeded, verdict{why: whyTimeout}},
		"broke off":        {outward.Answer{}, outward.ErrAnswer, verdict{why: whyAnswer}},
		"the program ends": {outward.Answer{}, context.Canceled, verdict{why: whyAnswer, given: true}},
	} {
		if got := judge(c.answer, c.err, noon); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"": 0, "0": 0, "90": 90 * time.Second, " 90 ": 90 * time.Second, "-5": 0, "1.5": 0, "soon": 0, "999999": TryFor, "99999999999999999999": 0,
		noon.Add(time.Hour).Format(http.TimeFormat):         time.Hour,
		noon.Add(-time.Hour).Format(http.TimeFormat):        0,
		noon.Add(9999 * time.Hour).Format(http.TimeFormat):  TryFor,
		noon.Add(10 * time.Minute).Format(time.RFC850):      10 * time.Minute,
		noon.Add(10 * time.Minute).Format(time.RFC3339Nano): 0,
	} {
		if got := retryAfter(text, noon); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func FuzzRetryAfter(f *testing.F) {
	for _, text := range []string{"", "120", "-1", noon.Format(http.TimeFormat), "Mon, 02 Mar 9999 09:00:00 GMT", "99999999999999999999"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if wait := retryAfter(text, noon); wait < 0 || wait > TryFor {
			t.Fatalf("%q: %v", text, wait)
		}
	})
}

func TestPausesGrowWithinTheirBounds(t *testing.T) {
	whole := []time.Duration{5 * time.Second, 15 * time.Second, 45 * time.Second, 135 * time.Second, 405 * time.Second}
	for range 200 {
		for i, want := range whole {
			if got := pause(i + 1); got < want/2 || got > want {
				t.Fatalf("after %d attempts %v, want %v to %v", i+1, got, want/2, want)
			}
		}
		for _, attempts := range []int{9, 20, 1000} {
			if got := pause(attempts); got < longestWait/2 || got > longestWait {
				t.Fatalf("after %d attempts %v", attempts, got)
			}
		}
		if rest(tired-1) != 0 || rest(tired) < firstPause/2 || rest(tired) > firstPause || rest(1<<40) > longestRest || rest(1<<40) < longestRest/2 {
			t.Fatal("rests")
		}
	}
}

func TestWhenItIsTriedAgain(t *testing.T) {
	end := noon.Add(TryFor)
	failed := verdict{status: 500}
	for name, c := range map[string]struct {
		v        verdict
		attempts int
		now      time.Time
		from, to time.Time // zero: never
	}{
		"at first":                       {failed, 1, noon, noon.Add(2500 * time.Millisecond), noon.Add(5 * time.Second)},
		"as asked":                       {verdict{status: 429, retryAfter: time.Hour}, 1, noon, noon.Add(time.Hour), noon.Add(time.Hour)},
		"not as soon as asked":           {verdict{status: 429, retryAfter: time.Second}, 9, noon, noon.Add(longestWait / 2), noon.Add(longestWait)},
		"at the end of the day":          {failed, 20, end.Add(-time.Hour), end, end},
		"no more":                        {failed, 20, end, time.Time{}, time.Time{}},
		"long after":                     {failed, 1, end.Add(time.Hour), time.Time{}, time.Time{}},
		"asked for more than there is":   {verdict{status: 503, retryAfter: 2 * time.Hour}, 3, end.Add(-time.Hour), time.Time{}, time.Time{}},
		"asked for what there just is":   {verdict{status: 503, retryAfter: time.Hour}, 3, end.Add(-time.Hour), end, end},
		"never where nobody wants calls": {verdict{status: 410}, 1, noon, time.Time{}, time.Time{}},
	} {
		at, again := next(c.v, c.attempts, noon, c.now)
		if again == c.from.IsZero() || at.Before(c.from) || at.After(c.to) {
			t.Errorf("%s: %v %v, want %v to %v", name, at, again, c.from, c.to)
		}
	}
}
