package httpapi

import (
	"bufio"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync/atomic"
	"time"

	"hearth/internal/care"
	"hearth/internal/wire"
)

// trip is what is known about one request on its way: its id, for the log and the
// problems, and who makes it, until route hands them to the handler as a parameter. It
// travels in the context, as huma passes nothing else from the request to the handler.
type trip struct {
	id     string
	route  string
	actor  care.Actor
	token  Token
	body   io.ReadCloser // of a call that reads it by itself
	remote netip.Addr
	secure bool
}

type tripKey struct{}

func withTrip(r *http.Request, t *trip) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), tripKey{}, t))
}

func tripOf(ctx context.Context) *trip {
	if t, found := ctx.Value(tripKey{}).(*trip); found {
		return t
	}
	return &trip{}
}

func requestID(ctx context.Context) string { return tripOf(ctx).id }
func routeOf(ctx context.Context) string   { return tripOf(ctx).route }

// remoteIP is the caller's address for slowing down guesses, "" when unknown.
func remoteIP(ctx context.Context) string {
	if addr := tripOf(ctx).remote; addr.IsValid() {
		return addr.String()
	}
	return ""
}

// cookie is the Set-Cookie line that signs the caller's browser in.
func (a *api) cookie(ctx context.Context, token string, expires time.Time) string {
	return sessionCookie(tripOf(ctx).secure, token, expires, a.now())
}

// noCookie is the Set-Cookie line that signs the caller's browser out.
func (a *api) noCookie(ctx context.Context) string {
	return sessionCookie(tripOf(ctx).secure, "", time.Time{}, time.Time{})
}

func (a *api) now() time.Time { return a.Clock() }

// Edge wraps everything the server serves: request ids, security headers, one line in the
// log at debug, metrics, panics, and bodies nobody has read.
type Edge struct {
	Gate    *Gate
	Logger  *slog.Logger
	Metrics *Metrics // may be nil
	Clock   care.Clock
}

var (
	processID = rand.Text()[:6]
	requests  atomic.Uint64
)

// Wrap puts the edge around a handler.
func (e Edge) Wrap(next http.Handler) http.Handler {
	headers := &policies{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := e.Clock()
		t := &trip{
			id:     processID + "-" + strconv.FormatUint(requests.Add(1), 36),
			remote: e.Gate.Remote(r), secure: e.Gate.Secure(r),
		}
		out := &watched{ResponseWriter: w}
		body := &countedBody{ReadCloser: r.Body}
		r.Body = body
		headers.setSecurityHeaders(w.Header(), t, r.Host)
		defer e.finish(out, body, r, t, began)
		next.ServeHTTP(out, withTrip(r, t))
	})
}

func (e Edge) finish(out *watched, body *countedBody, r *http.Request, t *trip, began time.Time) {
	if fault := recover(); fault != nil {
		if fault == http.ErrAbortHandler {
			panic(fault)
		}
		e.Logger.Error("a request panicked", "request", t.id, "route", t.route, "fault", describe(fault), "stack", string(debug.Stack()))
		if !out.began() {
			p := wire.NewProblem(wire.CodeInternal, "Something went wrong on our side. It was recorded; trying again may help.")
			p.RequestID = t.id
			writeProblem(out, p)
		}
	}
	if out.hijacked {
		return
	}
	body.drain(r, out, e.Clock())
	took := e.Clock().Sub(began)
	e.Metrics.observe(t.route, out.status, took)
	e.Logger.LogAttrs(r.Context(), slog.LevelDebug, "request",
		slog.String("request", t.id), slog.String("method", r.Method), slog.String("route", t.route),
		slog.Int("status", out.status), slog.Duration("took", took), slog.String("user", userText(t.actor.User)))
}

// describe names a panic without what it carries, unless the runtime made it: its own
// messages hold types, indexes and lengths.
func describe(fault any) string {
	if err, is := fault.(runtime.Error); is {
		return err.Error()
	}
	return fmt.Sprintf("%T", fault)
}

func userText(id care.UserID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// watched notes the status of an answer. Unwrap lets http.ResponseController through.
type watched struct {
	http.ResponseWriter
	status   int
	hijacked bool
}

// WriteHeader notes the status.
func (w *watched) WriteHeader(status int) {
	if w.status == 0 || w.status < 200 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write notes that an answer has begun.
func (w *watched) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.ResponseWriter.Write(data)
}

// Hijack notes that the connection is no longer HTTP.
func (w *watched) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.hijacked = true
	return http.NewResponseController(w.ResponseWriter).Hijack()
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *watched) began() bool { return w.status != 0 }

const (
	drainBytes = 64 << 20
	drainTime  = 20 * time.Second
)

// countedBody knows whether anything of a body was asked for.
type countedBody struct {
	io.ReadCloser
	touched bool
}

// Read notes that the body was asked for.
func (b *countedBody) Read(p []byte) (int, error) {
	b.touched = true
	return b.ReadCloser.Read(p)
}

// drain reads what is left of a body and throws it away, within bounds. Closing instead
// resets the connection, and the caller, still sending, never sees the answer. Somebody
// who waits for 100 Continue has sent nothing yet and needs no draining.
func (b *countedBody) drain(r *http.Request, w http.ResponseWriter, now time.Time) {
	if r.ContentLength == 0 || (!b.touched && r.Header.Get("Expect") != "") {
		return
	}
	control := http.NewResponseController(w)
	_ = control.SetReadDeadline(now.Add(drainTime))
	_, _ = io.CopyN(io.Discard, b.ReadCloser, drainBytes)
	// It is this request's: left there it would cancel one that comes over the same connection.
	_ = control.SetReadDeadline(time.Time{})
}
