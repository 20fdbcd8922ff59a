package bench

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Config says what is measured.
type Config struct {
	// Program is the hearth binary to measure.
	Program string
	// Engine is sqlite, postgres or both.
	Engine string
	// PostgresURL is a database of a server on this machine, postgres://…, whose user may
	// create databases; one is made for the measuring and dropped again. Empty leaves
	// PostgreSQL out of both.
	PostgresURL string
	// Dir is where the temporary folder is made, which decides the disk; empty is the
	// system's folder for such.
	Dir string
	// Seconds is how long each cell of the table is measured, over all rounds.
	Seconds float64
	// Out gets the report (Markdown), Progress a line for each step.
	Out, Progress io.Writer
}

const (
	rounds     = 3
	people     = 64
	maxSeconds = 120
	warmUp     = time.Second
)

// Run measures and prints. It takes about nine times Seconds for each engine, and
// twenty seconds more. It ends early with ctx.
func Run(ctx context.Context, cfg Config) error {
	if cfg.Seconds <= 0 || cfg.Seconds > maxSeconds {
		return fmt.Errorf("--seconds must be more than 0 and at most %d", maxSeconds)
	}
	chosen, err := choose(cfg)
	if err != nil {
		return err
	}
	var reports []report
	for _, e := range chosen {
		r, err := measure(ctx, cfg, e)
		if err != nil {
			return fmt.Errorf("%s: %w", e.name, err)
		}
		reports = append(reports, r)
	}
	return write(cfg.Out, cfg.Seconds, reports)
}

// choose gives the engines to measure.
func choose(cfg Config) ([]engine, error) {
	var chosen []engine
	for _, e := range engines {
		if cfg.Engine != "both" && cfg.Engine != e.flag {
			continue
		}
		if e.needsServer && cfg.PostgresURL == "" {
			if cfg.Engine != "both" {
				return nil, errors.New("--postgres-url is missing: a PostgreSQL server of this machine to make a database in")
			}
			fmt.Fprintf(cfg.Progress, "%s is left out: --postgres-url names no server\n", e.name)
			continue
		}
		chosen = append(chosen, e)
	}
	if len(chosen) == 0 {
		return nil, errors.New("--engine must be sqlite, postgres or both")
	}
	return chosen, nil
}

// measure runs one engine from an empty folder to the numbers.
func measure(ctx context.Context, cfg Config, e engine) (r report, err error) {
	dir, err := os.MkdirTemp(cfg.Dir, "hearth-bench-")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	place, err := e.prepare(ctx, cfg, dir)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, place.remove()) }()
	fmt.Fprintf(cfg.Progress, "%s: the commit floor of the disk\n", e.name)
	if r, err = floor(ctx, e, place); err != nil {
		return r, err
	}
	fmt.Fprintf(cfg.Progress, "%s: a practice with %d clients who write and %d who are written to\n", e.name, people, crowd)
	if err := setUp(ctx, cfg.Program, place); err != nil {
		return r, err
	}
	reads, err := furnishReading(ctx, place)
	if err != nil {
		return r, err
	}
	s, err := startServer(ctx, cfg.Program, dir, place)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	senders, err := s.furnish(ctx)
	if err != nil {
		return r, err
	}
	if r.cells, err = runCells(ctx, cfg, e, s, place, senders); err != nil {
		return r, err
	}
	if err := s.settle(ctx, place); err != nil {
		return r, err
	}
	r.reads, err = s.measureReading(ctx, cfg, e, place, reads)
	return r, err
}

// cell is one line of the table.
type cell struct {
	transport string
	senders   int
	rounds    []result
}

// runCells warms up and measures every cell in every round.
func runCells(ctx context.Context, cfg Config, e engine, s *server, place place, senders []sender) ([]cell, error) {
	var cells []cell
	for _, t := range transports {
		for _, n := range []int{1, 16, people} {
			cells = append(cells, cell{transport: t.name, senders: n})
		}
	}
	for round := range rounds + 1 { // the first, short one warms up
		length := time.Duration(cfg.Seconds / rounds * float64(time.Second))
		if round == 0 {
			length = min(length, warmUp)
		}
		for i := range cells {
			c := &cells[i]
			fmt.Fprintf(cfg.Progress, "%s: round %d of %d, %s, %d at a time\n", e.name, round, rounds, c.transport, c.senders)
			one, err := s.load(ctx, c.transport, senders[:c.senders], length, place)
			if err != nil {
				return nil, fmt.Errorf("%s, %d at a time: %w\n%s", c.transport, c.senders, err, s.lastWords())
			}
			if round > 0 {
				c.rounds = append(c.rounds, one)
			}
		}
	}
	return cells, nil
}
