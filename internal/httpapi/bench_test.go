package httpapi

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// BenchmarkPost is what the API itself costs for a small POST: everything but the handler
// and the socket.
func BenchmarkPost(b *testing.B) {
	logger := slog.New(slog.DiscardHandler)
	a := build(Deps{Authenticate: tokens, Clock: time.Now, Logger: logger, RateLimits: false}, things)
	api, err := a.handler()
	if err != nil {
		b.Fatal(err)
	}
	handler := Edge{Gate: a.gate, Logger: logger, Clock: time.Now, Metrics: NewMetrics(prometheus.NewRegistry())}.Wrap(api)
	body := `{"name":"a message","count":3,"tags":["a tag of some length, to make it ninety bytes"]}`
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "http://hearth.test/api/v1/things", strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer staff")
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusCreated {
			b.Fatal(w.Code, w.Body)
		}
	}
}
