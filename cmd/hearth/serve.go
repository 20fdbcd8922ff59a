package main

import (
	"io/fs"

	webapp "hearth/web"

	"hearth/internal/server"
)

type serveCmd struct {
	Addr    addr    `default:"127.0.0.1:8080" placeholder:"HOST:PORT" env:"HEARTH_ADDR" help:"Where to listen (${default}); port 0 takes a free one."`
	Store   store   `embed:""`
	Web     web     `embed:""`
	Mailing mailing `embed:""`
	Files   files   `embed:""`

	Outgoing outgoing `embed:""`
}

// Validate checks the values before anything is done.
func (c *serveCmd) Validate() error {
	if err := c.Addr.check("addr"); err != nil {
		return err
	}
	if err := c.Store.check(); err != nil {
		return err
	}
	if _, err := c.Mailing.settings(); err != nil {
		return err
	}
	if err := c.Files.check(); err != nil {
		return err
	}
	if _, err := c.Outgoing.allowed(); err != nil {
		return err
	}
	return c.Web.check()
}

// Run serves until the program is told to end.
func (c *serveCmd) Run(p *program, l *logging) error {
	cfg, err := c.config(p, l)
	if err != nil {
		return err
	}
	return server.Run(p.ctx, cfg)
}

func (c *serveCmd) config(p *program, l *logging) (server.Config, error) {
	public, errURL := c.Web.publicURL()
	proxies, errProxies := c.Web.proxies()
	smtp, errMail := c.Mailing.settings()
	delay, errDelay := c.Mailing.delay()
	private, errPrivate := c.Outgoing.allowed()
	for _, err := range []error{errURL, errProxies, errMail, errDelay, errPrivate} {
		if err != nil {
			return server.Config{}, usageError{err}
		}
	}
	dist, err := fs.Sub(webapp.Dist, "dist")
	return server.Config{
		Addr: string(c.Addr), Data: c.Store.Data, DatabaseURL: c.Store.DatabaseURL,
		PublicURL: public, SMTP: smtp, NotifyDelay: delay, TrustedProxies: proxies, AllowPrivate: private, Unlimited: c.Web.RateLimits == "off",
		CommunityLimit: c.Web.CommunityLimit, Files: c.Files.config(),
		MetricsAddr: string(c.Web.MetricsAddr), MetricsToken: c.Web.MetricsToken,
		Dist: dist, Version: version, Logger: l.logger(p.errs), Out: p.out,
	}, err
}
