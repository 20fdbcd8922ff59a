package jobs

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"hearth/internal/db"
)

const (
	firstPause = 5 * time.Second
	longest    = time.Hour
	maxError   = 300 // characters of an error that are kept
	// margin is how long before the end of the lease a handler is interrupted, as a part
	// of the lease: what is left is for writing down the result.
	margin = 10
)

// claim takes up to n due jobs of known kinds. It looks before it writes, so that an idle
// runner leaves the writer alone.
func (r *Runner) claim(ctx context.Context, n int) ([]*Claim, error) {
	now := r.clock()
	due, err := r.anyDue(ctx, now)
	if err != nil || !due {
		return nil, err
	}
	var claims []*Claim
	err = r.db.Write(ctx, func(tx *db.Tx) (err error) {
		claims, err = r.claimIn(ctx, tx, n, now)
		return err
	})
	if err != nil {
		return nil, err
	}
	return claims, nil
}

func (r *Runner) anyDue(ctx context.Context, now time.Time) (due bool, err error) {
	kinds := r.kindArgs(db.Millis(now))
	err = r.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM jobs WHERE state = 'ready' AND run_at <= $1 AND kind IN (`+
			tx.In(2, len(kinds)-1)+`))`, kinds...).Scan(&due)
	})
	return due, err
}

// claimIn pushes the rows' time to the end of the lease. A job whose attempt has begun no
// longer stands for later changes, so its dedupe key is free again.
func (r *Runner) claimIn(ctx context.Context, tx *db.Tx, n int, now time.Time) ([]*Claim, error) {
	kinds := r.kindArgs(db.Millis(now))
	claims, err := db.Many(ctx, tx, func(row db.Scanner) (*Claim, error) {
		c := &Claim{clock: r.clock, lease: db.Millis(now.Add(r.cfg.Lease))}
		err := row.Scan(&c.ID, &c.Kind, &c.args, &c.Attempt, &c.due)
		return c, err
	}, `SELECT id, kind, args, attempt + 1, run_at FROM jobs
		WHERE state = 'ready' AND run_at <= $1 AND kind IN (`+tx.In(2, len(kinds)-1)+`)
		ORDER BY run_at, id LIMIT `+strconv.Itoa(n)+tx.SkipLocked(), kinds...)
	if err != nil || len(claims) == 0 {
		return nil, err
	}
	args := []any{db.Millis(now.Add(r.cfg.Lease))}
	for _, c := range claims {
		args = append(args, c.ID)
	}
	_, err = tx.Exec(ctx, `UPDATE jobs SET attempt = attempt + 1, run_at = $1, dedupe = NULL WHERE id IN (`+tx.In(2, len(claims))+`)`, args...)
	return claims, err
}

// kindArgs gives the kinds with a handler as arguments after the first ones.
func (r *Runner) kindArgs(first ...any) []any {
	for _, kind := range slices.Sorted(maps.Keys(r.kinds)) {
		first = append(first, kind)
	}
	return first
}

// attempt runs the handler and writes down how it ended.
func (r *Runner) attempt(ctx context.Context, c *Claim) {
	began := r.clock()
	err := r.call(ctx, c)
	result, settled := r.settle(ctx, c, err)
	if errors.Is(settled, ErrLost) {
		result = Lost
	} else if settled != nil {
		r.cfg.Logger.Error("jobs: the end of an attempt was not stored; it will be made again", "kind", c.Kind, "job", c.ID, "error", settled)
	}
	if err != nil && result != Interrupted {
		r.cfg.Logger.Warn("jobs: an attempt failed", "kind", c.Kind, "job", c.ID, "attempt", c.Attempt, "result", string(result), "error", text(err))
	}
	r.cfg.Observe(Outcome{
		Kind: c.Kind, Result: result, Attempt: c.Attempt,
		Late: max(0, began.Sub(db.FromMillis(c.due))), Took: r.clock().Sub(began),
	})
}

// call runs the handler. A job that was begun too often without an end (its handler kills
// the process) is not begun again.
func (r *Runner) call(ctx context.Context, c *Claim) (err error) {
	if c.Attempt > r.cfg.Attempts && r.repeat[c.Kind] == 0 {
		return Permanent(errors.New("begun too often without an end"))
	}
	held := hold(ctx, r.cfg.Lease-r.cfg.Lease/margin)
	defer held.release()
	c.extend = func(ctx context.Context) error {
		until := db.Millis(r.clock().Add(r.cfg.Lease))
		if err := r.change(ctx, c, `run_at = $4`, until); err != nil {
			return err
		}
		c.lease = until
		held.again()
		return nil
	}
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("the handler panicked: %T", p)
		}
	}()
	return r.kinds[c.Kind](held, c)
}

// settle stores the end of an attempt. It does so also when ctx has just ended.
func (r *Runner) settle(ctx context.Context, c *Claim, failure error) (Result, error) {
	interrupted := ctx.Err() != nil
	store, cancel := context.WithTimeout(context.WithoutCancel(ctx), r.cfg.Grace)
	defer cancel()
	var gone permanent
	interval, repeats := r.repeat[c.Kind]
	switch {
	case failure == nil && repeats:
		return Done, r.change(store, c, `attempt = 0, last_error = '', run_at = $4`, db.Millis(r.clock().Add(interval)))
	case failure == nil && c.finished:
		return Done, nil
	case failure == nil:
		return Done, r.db.Write(store, func(tx *db.Tx) error { return c.Finish(store, tx) })
	case errors.Is(failure, ErrLost):
		return Lost, nil
	case interrupted:
		return Interrupted, r.change(store, c, `attempt = attempt - 1, run_at = $4`, db.Millis(r.clock()))
	case !repeats && (errors.As(failure, &gone) || c.Attempt >= r.cfg.Attempts):
		now := db.Millis(r.clock())
		return Dead, r.change(store, c, `state = 'dead', last_error = $4, finished_at = $5, run_at = $6`, text(failure), now, now)
	default:
		return Failed, r.change(store, c, `last_error = $4, run_at = $5`, text(failure), db.Millis(r.clock().Add(pause(c.Attempt))))
	}
}

func (r *Runner) change(ctx context.Context, c *Claim, change string, args ...any) error {
	return r.db.Write(ctx, func(tx *db.Tx) error { return c.set(ctx, tx, change, args...) })
}

// pause is the wait after a failed attempt: between half of and the whole of a time that
// doubles, so that jobs that failed together do not come back together.
func pause(attempt int) time.Duration {
	whole := longest
	if attempt < 12 {
		whole = min(longest, firstPause<<(attempt-1))
	}
	return whole/2 + rand.N(whole/2+1)
}

func text(err error) string {
	runes := []rune(err.Error())
	return string(runes[:min(len(runes), maxError)])
}

func isEnd(err error) bool { return errors.Is(err, context.Canceled) || errors.Is(err, db.ErrClosed) }
