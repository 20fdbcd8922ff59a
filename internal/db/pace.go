package db

import (
	"context"
	"time"
)

// PaceGoal is what one transaction of long work should take with its commit: whoever wants to
// write meanwhile waits for one of them at most, with SQLite. How many rows are written in that
// time differs tenfold from machine to machine, and from hour to hour.
const PaceGoal = 12 * time.Millisecond

// A transaction takes at least paceStep rows, for each has a price of its own, the waiting for
// the disk, and a multiple of it, so that few texts of statements need compiling; paceMost
// bounds what it takes of those who share it.
const paceStep, paceFirst, paceMost = 32, 32, 256

// Pace says how many rows one transaction of long work takes: as many as the one before
// showed to fit into [PaceGoal]. The zero value is ready to use, by one goroutine.
type Pace struct{ n int }

// Next is how many rows the next transaction takes.
func (p *Pace) Next() int {
	if p.n == 0 {
		return paceFirst
	}
	return p.n
}

// Write runs one transaction, which tells how many rows it wrote, and learns from it.
func (p *Pace) Write(ctx context.Context, d *DB, clock func() time.Time, fn func(tx *Tx) (n int, err error)) error {
	var began time.Time
	var n int
	err := d.Write(ctx, func(tx *Tx) (err error) {
		began = clock() // not while it waited for others, but with the commit
		n, err = fn(tx)
		return err
	})
	if err == nil {
		p.took(n, clock().Sub(began))
	}
	return err
}

// took learns from a transaction that wrote n rows in d. It shrinks at once and grows slowly,
// and not from a transaction that was smaller than it might have been.
func (p *Pace) took(n int, d time.Duration) {
	switch now := p.Next(); {
	case d > PaceGoal:
		fits := min(now, int(int64(n)*int64(PaceGoal)/int64(d)))
		p.n = max(paceStep, fits-fits%paceStep)
	case n >= now && d < PaceGoal*3/4:
		p.n = min(paceMost, now+paceStep)
	}
}
