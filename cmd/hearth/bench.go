package main

import (
	"os"

	"hearth/internal/bench"
)

type benchCmd struct {
	Engine      string  `enum:"sqlite,postgres,both" default:"both" help:"Which database: sqlite, postgres or both."`
	PostgresURL string  `name:"postgres-url" placeholder:"URL" env:"HEARTH_TEST_POSTGRES" help:"A database of a PostgreSQL server on this machine; one of its own is made there and dropped again. Without it PostgreSQL is left out."`
	Dir         string  `placeholder:"DIR" help:"Where the temporary folder is made, which decides the disk."`
	Seconds     float64 `default:"9" help:"How long each line of the table is measured (${default})."`
}

// Run measures this very program and prints the table.
func (c *benchCmd) Run(p *program) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return bench.Run(p.ctx, bench.Config{
		Program: self, Engine: c.Engine, PostgresURL: c.PostgresURL, Dir: c.Dir, Seconds: c.Seconds, Out: p.out, Progress: p.errs,
	})
}
