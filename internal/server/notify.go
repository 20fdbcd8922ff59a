package server

import (
	"context"
	"log/slog"
	"math"
	"net/url"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"hearth/internal/mail"
	"hearth/internal/notify"
	"hearth/internal/push"
)

// openNotify puts together what tells people that something was written. links is where
// links in mails begin.
func (n *node) openNotify(ctx context.Context, links *url.URL) error {
	sender, err := push.Open(ctx, n.db, n.cfg.clock(), n.outward, n.contact(links))
	if err != nil {
		return err
	}
	cfg := notify.Config{
		Delay: n.cfg.NotifyDelay, PublicURL: links.String(), Push: sender, Bus: n.bus, Observe: notifyObserver(n.metrics),
	}
	if n.cfg.SMTP != nil {
		cfg.Mail, cfg.Bounces = mail.NewSMTP(*n.cfg.SMTP, nil), n.cfg.SMTP.Bounces
	}
	n.notify = notify.New(n.db, n.cfg.clock(), n.chat, cfg)
	n.waiting.RemindersBy(n.notify)
	gauge(n.metrics, "hearth_notifications_behind_seconds", "How long ago the oldest notification that waits was due; 0 when none is.", func() float64 {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		behind, err := n.notify.Behind(ctx)
		if err != nil {
			return math.NaN()
		}
		return behind.Seconds()
	})
	return nil
}

// reports tells whether what mail servers report comes back here.
func (n *node) reports() bool { return n.cfg.SMTP != nil && n.cfg.SMTP.Bounces != "" }

// contact is where push services turn about this installation: those of Apple want one.
func (n *node) contact(links *url.URL) string {
	if links.Scheme == "https" {
		return links.String()
	}
	if n.cfg.SMTP != nil {
		return "mailto:" + n.cfg.SMTP.From
	}
	return ""
}

// notifyObserver counts what was settled: state is sent, failed, bounced, dropped, retried or
// put_off.
func notifyObserver(registry *prometheus.Registry) func(string, notify.State, notify.Why, int) {
	deliveries := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "hearth_notifications_total", Help: "Notifications whose time had come, by channel (email, push), state and why they were not sent.",
	}, []string{"channel", "state", "why"})
	registry.MustRegister(deliveries)
	for _, channel := range []string{"email", "push"} {
		deliveries.WithLabelValues(channel, string(notify.Sent), "") // it is 0 before the first
	}
	return func(channel string, state notify.State, why notify.Why, count int) {
		deliveries.WithLabelValues(channel, string(state), string(why)).Add(float64(count))
	}
}

// runNotify sends until ctx ends.
func (n *node) runNotify(ctx context.Context) {
	n.notify.Run(ctx, func(err error) {
		n.cfg.Logger.Error("sending notifications failed and is tried again", slog.Any("error", err))
	})
}
