// Command hearth is Hearth: secure chat between care providers and their clients that a
// practice runs itself. `hearth --help` lists what it does.
//
// Exit codes: 0 done, 1 it could not be done (the message says what to do), 2 it was asked
// for in a wrong way. `hearth bounced` speaks to mail servers and says 75 for try again.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"hearth/internal/care"
	"hearth/internal/db"
)

// version is set by the build.
var version = "dev"

const (
	exitFailed = 1
	exitUsage  = 2
	exitLater  = 75 // what mail servers understand as: keep it and try again
)

func main() {
	syscall.Umask(0o077) // what is kept here is nobody else's to read, the database's log included
	collectLess()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	code := run(ctx, os.Args[1:], os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program, apart from the process it lives in.
func run(ctx context.Context, args, environ []string, in io.Reader, out, errs io.Writer) int {
	if len(args) == 0 {
		args = []string{"--help"}
	}
	var c cli
	ended := false
	parser, err := newParser(&c, args, environ, out, errs, func(int) { ended = true })
	if err != nil {
		return failed(errs, err)
	}
	chosen, err := parser.Parse(args)
	switch {
	case ended: // --help was answered
		return 0
	case err != nil:
		return failed(errs, usageError{explained(err, parser.Model.Node)})
	}
	if err := typos(environ, envsOf(parser.Model.Node)); err != nil {
		return failed(errs, usageError{err})
	}
	p := &program{ctx: ctx, in: in, out: out, errs: errs, environ: environ}
	return failed(errs, chosen.Run(p, &c.Logging))
}

func newParser(c *cli, args, environ []string, out, errs io.Writer, exit func(int)) (*kong.Kong, error) {
	options := []kong.Option{
		kong.Name("hearth"),
		kong.Description("Secure chat between care providers and their clients that a practice runs itself."),
		kong.Writers(out, errs), kong.Exit(exit), kong.ShortUsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
	}
	path, named := configPath(args, environ)
	if named {
		file, err := loadConfig(path)
		if err != nil {
			return nil, usageError{err}
		}
		options = append(options, kong.Resolvers(file))
	}
	return kong.New(c, options...)
}

// usageError is a wrong way of asking.
type usageError struct{ error }

// failed prints what went wrong and gives the exit code; nil is 0.
func failed(errs io.Writer, err error) int {
	var usage usageError
	var open *db.OpenError
	var refused *care.Error
	var later laterError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(errs, "hearth: %v\nRun hearth --help for the commands, and hearth COMMAND --help for what each takes.\n", usage.error)
		return exitUsage
	case errors.As(err, &later):
		fmt.Fprintf(errs, "hearth: %v\n", later.error)
		return exitLater
	case errors.As(err, &open):
		fmt.Fprintf(errs, "hearth: %s\n%s\n", open.Problem, open.Remedy)
	case errors.As(err, &refused):
		fmt.Fprintf(errs, "hearth: %s\n", refused.Message)
		for _, f := range refused.Fields {
			fmt.Fprintf(errs, "  %s: %s\n", flagOf(f.Field), f.Detail)
		}
	case errors.Is(err, errSaid):
	default:
		fmt.Fprintf(errs, "hearth: %v\n", err)
	}
	return exitFailed
}

// errSaid is a failure that was told already.
var errSaid = errors.New("failed")
