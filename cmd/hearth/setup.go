package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"hearth/internal/care"
	"hearth/internal/onboard"
	"hearth/internal/server"
)

type setupCmd struct {
	Store        store  `embed:""`
	Organization string `required:"" placeholder:"NAME" env:"HEARTH_ORGANIZATION" help:"The practice's name."`
	OwnerName    string `required:"" name:"owner-name" placeholder:"NAME" env:"HEARTH_OWNER_NAME" help:"The owner's name."`
	OwnerEmail   string `required:"" name:"owner-email" placeholder:"ADDRESS" env:"HEARTH_OWNER_EMAIL" help:"The owner's e-mail address, to sign in with."`
	PasswordFile string `required:"" name:"owner-password-file" placeholder:"FILE" env:"HEARTH_OWNER_PASSWORD_FILE" help:"A file with the owner's password; - reads it from standard input."`
	SecondFactor string `name:"second-factor" enum:"optional,staff,all" default:"optional" env:"HEARTH_SECOND_FACTOR" help:"Who must use a second factor: optional, staff or all."`
	TimeZone     string `name:"time-zone" default:"UTC" placeholder:"ZONE" env:"HEARTH_TIME_ZONE" help:"The practice's time zone, such as Europe/Berlin."`
}

// Validate checks the values before anything is done.
func (c *setupCmd) Validate() error { return c.Store.check() }

// Run makes the organization and its owner. Another Hearth may be serving the same data.
func (c *setupCmd) Run(p *program, l *logging) error {
	password, err := readPassword(c.PasswordFile, p.in)
	if err != nil {
		return err
	}
	if refused := care.CheckPassword("password", password); refused != nil {
		return refused
	}
	d, err := c.Store.open(p.ctx, l.logger(p.errs))
	if err != nil {
		return err
	}
	defer d.Close()
	made, err := server.SetUp(p.ctx, d, time.Now, onboard.NewPractice{
		Organization: c.Organization, TimeZone: c.TimeZone, SecondFactor: c.SecondFactor,
		OwnerName: c.OwnerName, OwnerEmail: c.OwnerEmail,
	}, password)
	if err != nil {
		return err
	}
	p.printf("organization %s\nowner        %s\n", made.Organization.ID, made.Owner.ID)
	return nil
}

// maxPasswordFile is far more than a password may have, and keeps a wrong file out of
// memory.
const maxPasswordFile = 4 << 10

// readPassword reads a password and drops one line end behind it.
func readPassword(path string, stdin io.Reader) (string, error) {
	source := stdin
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return "", fmt.Errorf("the password file cannot be read: %w. Name a file with --owner-password-file, or - for standard input", errors.Unwrap(err))
		}
		defer f.Close()
		source = f
	}
	text, err := io.ReadAll(io.LimitReader(source, maxPasswordFile))
	if err != nil {
		return "", fmt.Errorf("the password could not be read: %w", err)
	}
	password := strings.TrimSuffix(string(text), "\n")
	return strings.TrimSuffix(password, "\r"), nil
}

// flagOf names the flag of setup behind a field of the domain.
func flagOf(field string) string {
	if field == "password" {
		return "--owner-password-file"
	}
	return "--" + strings.ReplaceAll(field, "_", "-")
}
