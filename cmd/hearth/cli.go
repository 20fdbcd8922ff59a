package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"hearth/internal/db"
)

// cli is every command and flag. Each flag has an environment variable and a key in the
// config file: its name with _ for -.
type cli struct {
	Config  string  `placeholder:"FILE" env:"HEARTH_CONFIG" help:"Settings in TOML: a key is a flag's name with _ for -. Flags and environment variables come first."`
	Logging logging `embed:"" prefix:"log-"`

	Demo    demoCmd    `cmd:"" help:"Serve an invented practice and print who may sign in."`
	Serve   serveCmd   `cmd:"" help:"Serve your practice."`
	Setup   setupCmd   `cmd:"" help:"Create an organization and its owner without a browser."`
	Migrate migrateCmd `cmd:"" help:"Bring the database up to date and end. Serving does it by itself."`
	Verify  verifyCmd  `cmd:"" help:"Check that the audit log is whole."`
	Bounced bouncedCmd `cmd:"" help:"Hand a mail that came to the address of reports to a serving Hearth; mail servers call it."`
	Bench   benchCmd   `cmd:"" help:"Measure how many messages per second this machine takes, and what each costs."`
	OpenAPI openAPICmd `cmd:"" name:"openapi" help:"Print the OpenAPI 3.1 document of the HTTP API."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

type logging struct {
	Level  string `enum:"debug,info,warn,error" default:"info" env:"HEARTH_LOG_LEVEL" help:"What is logged: debug, info, warn or error."`
	Format string `enum:"text,json" default:"text" env:"HEARTH_LOG_FORMAT" help:"How: text or json."`
}

func (l logging) logger(w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(l.Level)) // the enum lets nothing else pass
	options := &slog.HandlerOptions{Level: level}
	if l.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// store says which database a command is about.
type store struct {
	Data        string `default:"data" placeholder:"DIR" env:"HEARTH_DATA" help:"The data folder (${default})."`
	DatabaseURL string `name:"database-url" placeholder:"URL" env:"HEARTH_DATABASE_URL" help:"A PostgreSQL database, postgres://user:password@host/name, in the place of the data folder."`
}

func (s store) check() error { return checkDatabaseURL(s.DatabaseURL) }

// open opens the store beside a program that may be serving it.
func (s store) open(ctx context.Context, logger *slog.Logger) (*db.DB, error) {
	return db.Open(ctx, db.Config{Dir: s.Data, URL: s.DatabaseURL, Shared: true, Logger: logger})
}

// program is what a command has of the process.
type program struct {
	ctx       context.Context
	in        io.Reader
	out, errs io.Writer
	environ   []string
}

func (p *program) printf(format string, args ...any) { fmt.Fprintf(p.out, format, args...) }

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run(p *program) error {
	p.printf("hearth %s\n", version)
	return nil
}
