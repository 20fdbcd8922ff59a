package preference

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// What work of many transactions is measured by, so that whoever wants to write waits for
// none of them long.
const (
	// pause is left between two transactions for those who wait to write.
	pause = 3 * time.Millisecond
	// paceGoal is what one transaction should take before it commits.
	paceGoal = 12 * time.Millisecond
	// A transaction takes at least paceStep clients and a multiple of it, so that few texts
	// of statements need compiling.
	paceStep, paceFirst, paceMost = 32, 32, 512
)

// pace says how many clients one transaction takes: as many as the one before showed to fit
// into paceGoal. The zero value is ready to use, by one goroutine.
type pace struct{ n int }

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

// write runs one transaction, which tells how many clients it was about, learns from it and
// leaves others their turn.
func (p *pace) write(ctx context.Context, d *db.DB, clock care.Clock, fn func(tx *db.Tx) (int, error)) error {
	var took time.Duration
	var n int
	err := d.Write(ctx, func(tx *db.Tx) (err error) {
		began := clock() // not while it waited for others
		n, err = fn(tx)
		took = clock().Sub(began)
		return err
	})
	if err != nil {
		return err
	}
	p.took(n, took)
	if err := d.Relieve(ctx); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
	return nil
}
