// Command pushservice is a push service on loopback for tests in other languages than Go; see
// Serve of package pushtest for the lines that it reads and writes. It ends with its input.
package main

import (
	"fmt"
	"os"
	"time"

	"hearth/internal/push/pushtest"
)

func main() {
	if err := pushtest.Serve(time.Now, os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
