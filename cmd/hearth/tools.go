package main

import (
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/httpapi"
)

type openAPICmd struct{}

// Run prints the document.
func (openAPICmd) Run(p *program) error {
	document, err := httpapi.Document(apiVersion)
	if err != nil {
		return err
	}
	_, err = p.out.Write(document)
	return err
}

// apiVersion is the version of the API, which is in the document that is checked in; the
// program's own changes with every build.
const apiVersion = "1"

type migrateCmd struct {
	Store store `embed:""`
}

// Validate checks the values before anything is done.
func (c *migrateCmd) Validate() error { return c.Store.check() }

// Run opens the store, which brings it up to date.
func (c *migrateCmd) Run(p *program, l *logging) error {
	d, err := c.Store.open(p.ctx, l.logger(p.errs))
	if err != nil {
		return err
	}
	defer d.Close()
	at, err := d.SchemaVersion(p.ctx)
	if err != nil {
		return err
	}
	p.printf("The database (%s) is up to date, at schema %d.\n", d.Engine(), at)
	return nil
}

type verifyCmd struct {
	Store store `embed:""`
}

// Validate checks the values before anything is done.
func (c *verifyCmd) Validate() error { return c.Store.check() }

// Run checks every chain of the audit log and fails when one is broken.
func (c *verifyCmd) Run(p *program, l *logging) error {
	d, err := c.Store.open(p.ctx, l.logger(p.errs))
	if err != nil {
		return err
	}
	defer d.Close()
	reports, err := audit.VerifyAll(p.ctx, d)
	if err != nil {
		return err
	}
	broken := 0
	for _, r := range reports {
		whose := "organization " + r.Org.String()
		if r.Org == care.Installation {
			whose = "the installation"
		}
		if r.OK() {
			p.printf("ok      %s: %d rows, head %x\n", whose, r.Rows, r.Head)
			continue
		}
		broken++
		p.printf("BROKEN  %s: row %d: %s\n", whose, r.FirstBad, r.Problem)
	}
	if broken > 0 {
		p.printf("The audit log was changed from outside. Keep this folder as it is and compare it with a backup.\n")
		return errSaid
	}
	p.printf("The audit log is whole: %d chains checked.\n", len(reports))
	return nil
}
