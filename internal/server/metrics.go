package server

import (
	"context"
	"math"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"hearth/internal/blast"
	"hearth/internal/db"
	"hearth/internal/jobs"
	"hearth/internal/live"
)

// newMetrics makes the registry with what the Go runtime and the process tell.
func newMetrics() *prometheus.Registry {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return registry
}

func metricsHandler(registry *prometheus.Registry) http.Handler {
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

func gauge(registry *prometheus.Registry, name, help string, value func() float64) {
	registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

func counter(registry *prometheus.Registry, name, help string, value func() float64) {
	registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, value))
}

func observeStore(registry *prometheus.Registry, d *db.DB) {
	counter(registry, "hearth_db_reads_total", "Read transactions asked for.", func() float64 { return float64(d.Stats().Reads) })
	counter(registry, "hearth_db_writes_total", "Write transactions asked for.", func() float64 { return float64(d.Stats().Writes) })
	counter(registry, "hearth_db_retries_total", "Transactions run again after a lost race.", func() float64 { return float64(d.Stats().Retries) })
	counter(registry, "hearth_db_wait_seconds_total", "Time spent waiting for a connection or the writer.", func() float64 { return d.Stats().Waited.Seconds() })
	gauge(registry, "hearth_db_connections_in_use", "Database connections in use.", func() float64 { return float64(d.Stats().InUse) })
}

func observeHub(registry *prometheus.Registry, hub *live.Hub) {
	gauge(registry, "hearth_live_connections", "Open live connections.", func() float64 { return float64(hub.Stats().Connections) })
	counter(registry, "hearth_live_dropped_total", "Live connections closed because they were too slow.", func() float64 { return float64(hub.Stats().Dropped) })
}

// observeBlasts counts recipients of message blasts by what became of them on this node,
// and tells how far sending is behind on all.
func observeBlasts(registry *prometheus.Registry, blasts *blast.Service) {
	recipients := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hearth_blast_recipients_total", Help: "Recipients of message blasts whose turn it was, by state (sent, skipped) and why they were skipped.",
	}, []string{"state", "why"})
	registry.MustRegister(recipients)
	recipients.WithLabelValues("sent", "") // it is 0 before the first
	blasts.CountBy(func(why string, n int) {
		state := "sent"
		if why != "" {
			state = "skipped"
		}
		recipients.WithLabelValues(state, why).Add(float64(n))
	})
	gauge(registry, "hearth_blasts_behind_seconds", "How long ago the oldest message blast that is being sent was due; 0 when none is.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		behind, err := blasts.Behind(ctx)
		if err != nil {
			return math.NaN()
		}
		return behind.Seconds()
	})
}

// jobObserver counts attempts of jobs by kind and result.
func jobObserver(registry *prometheus.Registry) func(jobs.Outcome) {
	attempts := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hearth_job_attempts_total", Help: "Attempts of background jobs by kind and result.",
	}, []string{"kind", "result"})
	registry.MustRegister(attempts)
	return func(o jobs.Outcome) { attempts.WithLabelValues(o.Kind, string(o.Result)).Inc() }
}
