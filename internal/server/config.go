package server

import (
	"crypto/x509"
	"io"
	"io/fs"
	"log/slog"
	"net/netip"
	"net/url"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/mail"
)

// Config says what is served and how. Addr, Logger and Out must be set, and Data or
// DatabaseURL.
type Config struct {
	Addr        string // host:port; port 0 takes a free one
	Data        string // the data folder
	DatabaseURL string // a PostgreSQL database; wins over Data

	// PublicURL is where browsers reach the server: scheme and host. nil makes one from
	// the listener for links, and trusts the Host header for what the same origin is.
	PublicURL *url.URL
	// SMTP sends invitations and password mail; nil gives the links to the inviter.
	SMTP *mail.Settings
	// NotifyDelay is how long a message stays unread before a mail tells of it; 0 is the
	// default of package notify.
	NotifyDelay    time.Duration
	TrustedProxies []netip.Prefix
	// AllowPrivate are private networks that push notifications and webhooks may reach.
	AllowPrivate []netip.Prefix
	// Authorities are who the certificates of push services and webhooks are checked
	// against; nil is the system's.
	Authorities *x509.CertPool
	// Unlimited switches rate limits off, for load tests only.
	Unlimited bool
	// CommunityLimit is how many people a community chat holds; 0 is the default.
	CommunityLimit int
	Files          Files
	MetricsAddr    string // a listener for /metrics alone; "" none
	MetricsToken   string // lets /metrics be read on the main listener; "" not

	// Demo fills an empty store with the invented practice and shows its sign-in sheet.
	Demo bool

	Dist    fs.FS // the built web app
	Version string
	Logger  *slog.Logger
	Out     io.Writer  // the operator's terminal: links and the sign-in sheet
	Clock   care.Clock // nil is time.Now
}

const (
	headerTime = 10 * time.Second
	readTime   = 60 * time.Second
	writeTime  = 2 * time.Minute
	idleTime   = 2 * time.Minute
	grace      = 15 * time.Second
	maxHeaders = 32 << 10
)

// Store says where the store is.
func (c Config) Store() db.Config {
	return db.Config{Dir: c.Data, URL: c.DatabaseURL, Logger: c.Logger}
}

func (c Config) clock() care.Clock {
	if c.Clock != nil {
		return c.Clock
	}
	return time.Now
}
