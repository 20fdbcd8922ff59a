package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"hearth/internal/mail"
)

// addr is a host:port to listen on.
type addr string

func (a addr) check(flag string) error {
	_, port, err := net.SplitHostPort(string(a))
	n, errPort := strconv.Atoi(port)
	if err != nil || errPort != nil || n < 0 || n > 65535 {
		return fmt.Errorf("--%s must be HOST:PORT such as 127.0.0.1:8080 or :8080, not %q", flag, string(a))
	}
	return nil
}

func checkDatabaseURL(text string) error {
	if text == "" || strings.HasPrefix(text, "postgres://") || strings.HasPrefix(text, "postgresql://") || strings.Contains(text, "host=") {
		return nil
	}
	return errors.New("--database-url must be a PostgreSQL address such as postgres://user:password@host:5432/name; without one Hearth keeps its data in --data")
}

// web is how the outside reaches a serving Hearth.
type web struct {
	PublicURL      string   `name:"public-url" placeholder:"URL" env:"HEARTH_PUBLIC_URL" help:"Where browsers reach Hearth, such as https://chat.example.org. Links begin with it; https makes cookies Secure."`
	TrustedProxies []string `name:"trusted-proxies" placeholder:"NETWORKS" sep:"," env:"HEARTH_TRUSTED_PROXIES" help:"Networks whose X-Forwarded-For and X-Forwarded-Proto are believed, such as 10.0.0.0/8."`
	CommunityLimit int      `name:"community-limit" placeholder:"PEOPLE" default:"1000" env:"HEARTH_COMMUNITY_LIMIT" help:"How many people a community chat holds, 3 to 10000 (${default})."`
	RateLimits     string   `name:"rate-limits" enum:"on,off" default:"on" env:"HEARTH_RATE_LIMITS" help:"off only for load tests."`
	MetricsAddr    addr     `name:"metrics-addr" placeholder:"HOST:PORT" env:"HEARTH_METRICS_ADDR" help:"A listener of its own for /metrics (Prometheus)."`
	MetricsToken   string   `name:"metrics-token" placeholder:"TOKEN" env:"HEARTH_METRICS_TOKEN" help:"Shows /metrics on the main listener to who sends this bearer token, of 16 characters or more."`
}

const minToken = 16

func (w web) check() error {
	if _, err := w.publicURL(); err != nil {
		return err
	}
	if _, err := w.proxies(); err != nil {
		return err
	}
	if w.CommunityLimit < 3 || w.CommunityLimit > 10_000 {
		return errors.New("--community-limit (HEARTH_COMMUNITY_LIMIT) must be between 3 and 10000")
	}
	if w.MetricsToken != "" && len(w.MetricsToken) < minToken {
		return fmt.Errorf("--metrics-token must have at least %d characters", minToken)
	}
	if w.MetricsAddr != "" {
		return w.MetricsAddr.check("metrics-addr")
	}
	return nil
}

// publicURL is nil when none was given.
func (w web) publicURL() (*url.URL, error) {
	if w.PublicURL == "" {
		return nil, nil
	}
	u, err := url.Parse(w.PublicURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		return nil, errors.New("--public-url (HEARTH_PUBLIC_URL) must be scheme and host alone, such as https://chat.example.org")
	}
	return &url.URL{Scheme: u.Scheme, Host: strings.ToLower(u.Host)}, nil
}

func (w web) proxies() ([]netip.Prefix, error) { return networks("trusted-proxies", w.TrustedProxies) }

// networks reads the values of a flag that takes networks and single addresses.
func networks(flag string, texts []string) ([]netip.Prefix, error) {
	var list []netip.Prefix
	for _, text := range texts {
		prefix, err := netip.ParsePrefix(strings.TrimSpace(text))
		if one, errOne := netip.ParseAddr(strings.TrimSpace(text)); errOne == nil {
			prefix, err = one.Prefix(one.BitLen())
		}
		if err != nil {
			return nil, fmt.Errorf("--%s must be networks such as 10.0.0.0/8 or addresses such as 127.0.0.1, with commas between", flag)
		}
		list = append(list, prefix)
	}
	return list, nil
}

// mailing is how mail leaves.
type mailing struct {
	SMTPURL  string `name:"smtp-url" placeholder:"URL" env:"HEARTH_SMTP_URL" help:"Where mail is handed in: smtp://user:password@host:587?tls=starttls (or none, tls). Without it links are shown to hand over."`
	MailFrom string `name:"mail-from" placeholder:"ADDRESS" env:"HEARTH_MAIL_FROM" help:"The address that mail comes from."`
	Bounces  string `name:"smtp-bounces" placeholder:"ADDRESS" env:"HEARTH_SMTP_BOUNCES" help:"The address to which mail servers report what did not arrive, such as bounces@practice.example; each mail adds +TAG before the @. What comes there goes to hearth bounced."`

	NotifyDelay time.Duration `name:"notify-delay" placeholder:"TIME" default:"3m" env:"HEARTH_NOTIFY_DELAY" help:"How long a message stays unread before a mail tells of it, such as 90s or 5m, up to 24h (${default})."`
}

// delay gives how long a mail waits.
func (m mailing) delay() (time.Duration, error) {
	if m.NotifyDelay < 0 || m.NotifyDelay > 24*time.Hour {
		return 0, errors.New("--notify-delay (HEARTH_NOTIFY_DELAY) must be a time between 0s and 24h, such as 3m")
	}
	return max(m.NotifyDelay, time.Millisecond), nil // 0 would mean the default
}

// settings is nil when no mail is configured.
func (m mailing) settings() (*mail.Settings, error) {
	switch {
	case m.SMTPURL == "" && m.MailFrom == "" && m.Bounces == "":
		return nil, nil
	case m.SMTPURL == "" && m.MailFrom == "":
		return nil, errors.New("--smtp-bounces (HEARTH_SMTP_BOUNCES) needs --smtp-url (HEARTH_SMTP_URL) too")
	case m.SMTPURL == "":
		return nil, errors.New("--mail-from (HEARTH_MAIL_FROM) needs --smtp-url (HEARTH_SMTP_URL) too")
	}
	settings, err := mail.Parse(m.SMTPURL, m.MailFrom)
	if err == nil && m.Bounces != "" {
		settings.Bounces, err = mail.ParseBounces(m.Bounces)
	}
	if err != nil {
		return nil, err
	}
	return &settings, nil
}

// typos finds environment variables that look like a misspelled setting. Variables that
// merely begin with HEARTH_ may belong to scripts and are left alone.
func typos(environ, known []string) error {
	for _, pair := range environ {
		name, _, _ := strings.Cut(pair, "=")
		if !strings.HasPrefix(name, "HEARTH_") || slices.Contains(known, name) {
			continue
		}
		if near := nearest(name, known, 2); near != "" {
			return fmt.Errorf("there is no environment variable %s; did you mean %s?", name, near)
		}
	}
	return nil
}
