// Command pgcluster runs a command beside a temporary PostgreSQL cluster, whose address
// it finds in HEARTH_TEST_POSTGRES, and exits with the command's code:
//
//	go run ./internal/testkit/pgcluster -- go test ./...
//
// So the test binaries of all packages share one cluster. It does not wait for the disk
// unless -durable is given.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"hearth/internal/testkit/cluster"
)

func main() {
	durable := flag.Bool("durable", false, "keep the server's own durability settings, for benchmarks")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: pgcluster [-durable] -- command [argument …]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	code, err := run(*durable, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgcluster:", err)
	}
	os.Exit(code)
}

// run gives the command's exit code, or 1 with an error when it could not be run.
func run(durable bool, args []string) (code int, err error) {
	c, err := cluster.Start(durable)
	if err != nil {
		return 1, err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	// An interrupt from the keyboard reaches the command too; we stay to clean up.
	signal.Ignore(os.Interrupt)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Env = append(os.Environ(), cluster.Variable+"="+c.URL("postgres"))
	err = cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
