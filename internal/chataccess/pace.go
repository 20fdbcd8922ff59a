package chataccess

import (
	"context"
	"time"

	"hearth/internal/db"
)

// What work of many transactions is measured by, so that whoever wants to write waits for
// none of them long.
const (
	// foldPause is left between two transactions for those who wait to write.
	foldPause = 3 * time.Millisecond
	// paceGoal is what one transaction should take before it commits. How many clients are
	// written in that time differs tenfold from machine to machine, and from hour to hour.
	paceGoal = 12 * time.Millisecond
	// A transaction takes at least paceStep clients, for each has a price of its own, the
	// waiting for the disk, and a multiple of it, so that few texts of statements need
	// compiling; paceMost bounds what it takes of those who share it.
	paceStep, paceFirst, paceMost = 32, 32, 256
)

// pace says how many clients one transaction takes: as many as the one before showed to
// fit into paceGoal. The zero value is ready to use, by one goroutine.
type pace struct{ n int }

// next is how many clients the next transaction takes.
func (p *pace) next() int {
	if p.n == 0 {
		return paceFirst
	}
	return p.n
}

// took learns from a transaction that wrote n clients in d. It shrinks at once and grows
// slowly, and not from a transaction that was smaller than it might have been.
func (p *pace) took(n int, d time.Duration) {
	switch now := p.next(); {
	case d > paceGoal:
		fits := min(now, int(int64(n)*int64(paceGoal)/int64(d)))
		p.n = max(paceStep, fits-fits%paceStep)
	case n >= now && d < paceGoal*3/4:
		p.n = min(paceMost, now+paceStep)
	}
}

// write runs one transaction for n clients and learns from it.
func (p *pace) write(ctx context.Context, s *Service, n int, fn func(tx *db.Tx) error) error {
	var took time.Duration
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		began := s.clock() // not while it waited for others
		defer func() { took = s.clock().Sub(began) }()
		return fn(tx)
	})
	p.took(n, took)
	return err
}
