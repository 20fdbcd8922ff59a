package push

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"hearth/internal/outward"
)

// Failure is what to do about a message that a push service did not take. It is itself an
// error, so that errors.Is(err, push.Gone) asks for it.
type Failure string

// The kinds of failure.
const (
	// Gone: the browser takes nothing any more. Forget the subscription.
	Gone Failure = "gone"
	// Later: the push service is busy, broken or cannot be reached. Try again.
	Later Failure = "later"
	// Permanent: the same message to the same subscription is never taken.
	Permanent Failure = "permanent"
)

// Error makes a Failure an error.
func (f Failure) Error() string { return "push: " + string(f) }

// Error is why a message was not taken. It names neither the browser nor its push service.
type Error struct {
	Failure    Failure
	Status     int           // what the push service answered; 0 is nothing
	RetryAfter time.Duration // with Later: not before that time has passed; 0 where it does not say
	Cause      error         // where nothing was answered
}

// Error gives what to do and why.
func (e *Error) Error() string {
	if e.Cause != nil {
		return fmt.Sprintf("%v: %v", e.Failure, e.Cause)
	}
	return fmt.Sprintf("%v: the push service answered %d", e.Failure, e.Status)
}

// Unwrap gives the Failure and the cause.
func (e *Error) Unwrap() []error {
	if e.Cause == nil {
		return []error{e.Failure}
	}
	return []error{e.Failure, e.Cause}
}

// mostWait bounds what a push service may ask for.
const mostWait = 24 * time.Hour

// judgeAnswer reads an answer (RFC 8030, sections 5 and 8.4): nil if the message was taken.
// A redirect is as permanent as other answers that ask for another request.
func judgeAnswer(a outward.Answer, now time.Time) error {
	e := &Error{Failure: Permanent, Status: a.Status}
	switch {
	case a.Status >= 200 && a.Status < 300:
		return nil
	case a.Status == http.StatusNotFound, a.Status == http.StatusGone:
		e.Failure = Gone
	case a.Status == http.StatusTooManyRequests, a.Status == http.StatusRequestTimeout, a.Status >= 500:
		e.Failure, e.RetryAfter = Later, retryAfter(a.Header.Get("Retry-After"), now)
	}
	return e
}

// judgeCall reads why there was no answer.
func judgeCall(err error) error {
	e := &Error{Failure: Later, Cause: err}
	for _, never := range []error{outward.ErrAddress, outward.ErrPrivate, outward.ErrPlain} {
		if errors.Is(err, never) {
			e.Failure = Permanent
		}
	}
	return e
}

// retryAfter reads seconds or a date; 0 for what is neither, or past.
func retryAfter(text string, now time.Time) time.Duration {
	if seconds, err := strconv.ParseUint(text, 10, 64); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(min(seconds, uint64(mostWait/time.Second))) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(at.Sub(now), 0), mostWait)
	}
	return 0
}
