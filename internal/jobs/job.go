package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Job is work to be done later.
type Job struct {
	// Kind names the handler.
	Kind string
	// Args are the handler's arguments, stored as JSON: ids and words of the program, never
	// what people wrote, names, addresses or secrets.
	Args any
	// RunAt is the earliest time; zero means now.
	RunAt time.Time
	// Dedupe, when set, makes this the only job with that key that has not begun yet.
	Dedupe string
}

// The states of a row. A claimed job stays ready: its run_at is the end of the lease.
const (
	ready = "ready"
	done  = "done"
	dead  = "dead"
)

// Enqueue stores a job within the transaction of the change that wants it. added is false
// when another job with the same Dedupe key is waiting, which will see the change too.
func Enqueue(ctx context.Context, tx *db.Tx, now time.Time, job Job) (added bool, err error) {
	args, err := json.Marshal(job.Args)
	if err != nil {
		return false, fmt.Errorf("arguments of job %s: %w", job.Kind, err)
	}
	if job.RunAt.IsZero() {
		job.RunAt = now
	}
	n, err := tx.Exec(ctx, `
		INSERT INTO jobs (id, kind, args, state, run_at, attempt, dedupe, last_error, created_at)
		VALUES ($1, $2, $3, 'ready', $4, 0, $5, '', $6) ON CONFLICT DO NOTHING`,
		care.NewID[care.JobID](now), job.Kind, string(args), db.Millis(job.RunAt), db.TextOrNull(job.Dedupe), db.Millis(now))
	return n == 1, err
}

// ErrLost means that the lease ran out and somebody else has the job now.
var ErrLost = errors.New("jobs: the lease was lost")

// Claim is a job in the hands of a handler. It belongs to the handler's goroutine.
type Claim struct {
	ID      care.JobID
	Kind    string
	Attempt int // 1 at first

	args     string
	lease    int64 // run_at while claimed; with Attempt the fence
	due      int64
	clock    care.Clock
	finished bool
	extend   func(ctx context.Context) error
}

// Bind reads the arguments into v. A job whose arguments cannot be read is dead at once.
func (c *Claim) Bind(v any) error {
	if err := json.Unmarshal([]byte(c.args), v); err != nil {
		return Permanent(fmt.Errorf("arguments of job %s cannot be read", c.Kind))
	}
	return nil
}

// Finish marks the job done within the transaction of its effects, so that they happen
// exactly once. It returns [ErrLost] when somebody else has the job now: return it, so that
// the transaction is rolled back. A handler that does not call it is finished afterwards.
func (c *Claim) Finish(ctx context.Context, tx *db.Tx) error {
	now := db.Millis(c.clock())
	c.finished = true
	return c.set(ctx, tx, `state = 'done', finished_at = $4, run_at = $5, last_error = ''`, now, now)
}

// Extend begins the lease anew, for a handler that takes longer than one: call it whenever
// something was achieved. It returns [ErrLost] when somebody else has the job now.
func (c *Claim) Extend(ctx context.Context) error { return c.extend(ctx) }

// set changes the row of a claim that still holds; further arguments begin at $4.
func (c *Claim) set(ctx context.Context, tx *db.Tx, change string, args ...any) error {
	n, err := tx.Exec(ctx, `UPDATE jobs SET `+change+` WHERE id = $1 AND attempt = $2 AND run_at = $3 AND state = 'ready'`,
		append([]any{c.ID, c.Attempt, c.lease}, args...)...)
	if err == nil && n == 0 {
		return ErrLost
	}
	return err
}

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks a failure that trying again cannot mend.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

// Count says how many jobs of a kind there are.
type Count struct {
	Kind   string
	Ready  int           // waiting or being worked on
	Dead   int           // given up
	Oldest time.Duration // how long the oldest has been due, 0 when none is
}

// Inspect counts the jobs that are not done, by kind.
func Inspect(ctx context.Context, d *db.DB, now time.Time) ([]Count, error) {
	var counts []Count
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		counts, err = db.Many(ctx, tx, func(row db.Scanner) (c Count, err error) {
			var oldest int64
			err = row.Scan(&c.Kind, &c.Ready, &c.Dead, &oldest)
			c.Oldest = max(0, now.Sub(db.FromMillis(oldest)))
			return c, err
		}, `SELECT kind, SUM(CASE WHEN state = 'ready' THEN 1 ELSE 0 END), SUM(CASE WHEN state = 'dead' THEN 1 ELSE 0 END),
				MIN(CASE WHEN state = 'ready' AND run_at < $1 THEN run_at ELSE $1 END)
			FROM jobs WHERE state IN ('ready', 'dead') GROUP BY kind ORDER BY kind`, db.Millis(now))
		return err
	})
	return counts, err
}
