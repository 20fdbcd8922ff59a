package server

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// pinger is the store, as far as readiness asks it.
type pinger interface {
	Ping(ctx context.Context) error
}

// health answers the probes. It is ready while the store answers and nothing drains.
type health struct {
	store    pinger
	draining atomic.Bool
}

const pingTime = 2 * time.Second

func (h *health) live(w http.ResponseWriter, _ *http.Request) { say(w, http.StatusOK, "ok") }

func (h *health) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), pingTime)
	defer cancel()
	switch {
	case h.draining.Load():
		say(w, http.StatusServiceUnavailable, "draining")
	case h.store.Ping(ctx) != nil:
		say(w, http.StatusServiceUnavailable, "the database does not answer")
	default:
		say(w, http.StatusOK, "ok")
	}
}

func say(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}

// guarded shows the metrics to who has the token and hides them from everybody else.
func guarded(token string, metrics http.Handler) http.Handler {
	want := sha256.Sum256([]byte(token))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		shown, bearer := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		got := sha256.Sum256([]byte(shown))
		if !bearer || token == "" || subtle.ConstantTimeCompare(want[:], got[:]) != 1 {
			http.NotFound(w, r)
			return
		}
		metrics.ServeHTTP(w, r)
	})
}
