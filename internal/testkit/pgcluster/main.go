// Command pgcluster runs a command beside a temporary PostgreSQL cluster, whose address
// it finds in HEARTH_TEST_POSTGRES, and exits with the command's code:
//
//	go run ./internal/testkit/pgcluster -- go test ./...
//
// So the test binaries of all packages share one cluster. With -durable before the -- it
// has the server's own durability settings, for measuring.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"hearth/internal/testkit/cluster"
)

func main() {
	args := os.Args[1:]
	durable := len(args) > 0 && args[0] == "-durable"
	if durable {
		args = args[1:]
	}
	if len(args) > 0 && args[0] == "--" {
		args = args[1:]
	}
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "usage: pgcluster [-durable] -- command [argument …]")
		os.Exit(2)
	}
	code, err := run(args, durable)
	if err != nil {
		fmt.Fprintln(os.Stderr, "pgcluster:", err)
	}
	os.Exit(code)
}

func run(args []string, durable bool) (code int, err error) {
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
