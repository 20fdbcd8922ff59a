package webhook

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"hearth/internal/outward"
)

// State is where a delivery stands.
type State string

// The states.
const (
	Waiting   State = "waiting" // to be sent, at first or again
	Sending   State = "sending"
	Delivered State = "delivered"
	Failed    State = "failed" // given up
)

const (
	// TryFor is how long a delivery is tried.
	TryFor = 24 * time.Hour
	// warnAfter is how long nothing but failures is before it is told, and switchOffAfter
	// before the webhook is switched off.
	warnAfter      = 24 * time.Hour
	switchOffAfter = 5 * 24 * time.Hour

	firstPause  = 5 * time.Second
	pauseGrows  = 3 // times after each attempt
	longestWait = 3 * time.Hour
	// tired is after how many failures in a row a webhook rests, and gets one call at a time.
	tired       = 5
	longestRest = 5 * time.Minute
)

// Why a call was no success, as words that callers of the API may act on.
const (
	whyStatus   = "status"   // an answer that is none of 200 to 299
	whyRedirect = "redirect" // an answer that leads elsewhere, where nobody goes
	whyPrivate  = "private"  // an address that is not allowed
	whyPlain    = "plain"    // without TLS to a public address
	whyName     = "name"
	whyConnect  = "connect"
	whyTLS      = "tls"
	whyTimeout  = "timeout"
	whyAnswer   = "answer" // it broke off, or was not HTTP
	whyOff      = "off"    // it waited for a day while the webhook was off or down
)

// verdict is how a call ended.
type verdict struct {
	ok         bool
	status     int // 0 where there was no answer
	why        string
	retryAfter time.Duration // for which the other side asked
	given      bool          // it was not made after all, or not to its end: it is given back
}

// gone reports whether the other side wants no more calls.
func (v verdict) gone() bool { return v.status == http.StatusGone }

// judge says how a call ended. now is for a Retry-After that is a date.
func judge(answer outward.Answer, err error, now time.Time) verdict {
	if err != nil {
		return verdict{why: whyOf(err), given: errors.Is(err, context.Canceled)}
	}
	v := verdict{status: answer.Status, ok: answer.Status/100 == 2}
	switch {
	case v.ok:
	case answer.Status/100 == 3:
		v.why = whyRedirect
	default:
		v.why, v.retryAfter = whyStatus, retryAfter(answer.Header.Get("Retry-After"), now)
	}
	return v
}

func whyOf(err error) string {
	for reason, why := range map[error]string{
		outward.ErrAddress: whyPrivate, outward.ErrPrivate: whyPrivate, outward.ErrPlain: whyPlain, outward.ErrName: whyName,
		outward.ErrConnect: whyConnect, outward.ErrTLS: whyTLS, outward.ErrTimeout: whyTimeout, context.DeadlineExceeded: whyTimeout,
	} {
		if errors.Is(err, reason) {
			return why
		}
	}
	return whyAnswer
}

// retryAfter reads seconds or a date, at most the day for which is tried.
func retryAfter(text string, now time.Time) time.Duration {
	wait := time.Duration(0)
	if n, err := strconv.ParseUint(strings.TrimSpace(text), 10, 31); err == nil {
		wait = time.Duration(n) * time.Second
	} else if at, err := http.ParseTime(text); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), TryFor)
}

// next gives when a delivery is tried again after so many attempts; false means never. The
// last attempt is at the end of the day.
func next(v verdict, attempts int, began, now time.Time) (time.Time, bool) {
	end := began.Add(TryFor)
	if v.gone() || now.Add(v.retryAfter).After(end) || end.Sub(now) < time.Minute {
		return time.Time{}, false
	}
	at := now.Add(max(v.retryAfter, pause(attempts)))
	if at.After(end) {
		at = end
	}
	return at, true
}

// pause is the wait after so many attempts: between half of and the whole of a time that
// grows, so that what failed together does not come back together.
func pause(attempts int) time.Duration {
	whole := firstPause
	for range attempts - 1 {
		whole = min(whole*pauseGrows, longestWait)
	}
	return whole/2 + rand.N(whole/2+1)
}

// rest is how long a webhook gets no call after so many failures in a row.
func rest(failures int) time.Duration {
	if failures < tired {
		return 0
	}
	whole := min(firstPause<<min(failures-tired, 10), longestRest)
	return whole/2 + rand.N(whole/2+1)
}
