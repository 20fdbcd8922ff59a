package jobs

import (
	"context"
	"crypto/sha256"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Handler does a job. A returned error is a failed attempt; its text is stored and logged,
// so it carries no names, addresses or texts. The context ends before the lease does.
type Handler func(ctx context.Context, c *Claim) error

// Result is how an attempt ended.
type Result string

// The results of an attempt.
const (
	Done        Result = "done"
	Failed      Result = "failed"      // will be tried again
	Dead        Result = "dead"        // given up
	Lost        Result = "lost"        // the lease ran out meanwhile
	Interrupted Result = "interrupted" // given back because the program stops
)

// Outcome is one attempt, for metrics.
type Outcome struct {
	Kind    string
	Result  Result
	Attempt int
	Late    time.Duration // from when it was due to its beginning
	Took    time.Duration
}

// Config says how a Runner works. The zero value of each field means its default.
type Config struct {
	Workers  int           // jobs at once, 4
	Poll     time.Duration // how often to look for jobs when nothing wakes the runner, 1 s
	Lease    time.Duration // how long an attempt may take, 1 min
	Attempts int           // before a job is dead, 20: about half a day
	Grace    time.Duration // for running jobs to end when the program stops, 10 s
	Logger   *slog.Logger  // nil drops
	Observe  func(Outcome) // called after every attempt, from several goroutines
}

func (c Config) withDefaults() Config {
	c.Workers = or(c.Workers, 4)
	c.Poll = or(c.Poll, time.Second)
	c.Lease = or(c.Lease, time.Minute)
	c.Attempts = or(c.Attempts, 20)
	c.Grace = or(c.Grace, 10*time.Second)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Observe == nil {
		c.Observe = func(Outcome) {}
	}
	return c
}

func or[T comparable](value, fallback T) T {
	var zero T
	if value == zero {
		return fallback
	}
	return value
}

// Runner claims jobs and hands them to their handlers. Register the handlers first, then
// call Run, once.
type Runner struct {
	db     *db.DB
	clock  care.Clock
	cfg    Config
	kinds  map[string]Handler
	repeat map[string]time.Duration
	wake   chan struct{}
}

// New makes a runner that sweeps finished jobs by itself.
func New(d *db.DB, clock care.Clock, cfg Config) *Runner {
	r := &Runner{
		db: d, clock: clock, cfg: cfg.withDefaults(), wake: make(chan struct{}, 1),
		kinds: map[string]Handler{}, repeat: map[string]time.Duration{},
	}
	r.Every("jobs.sweep", time.Hour, r.sweep)
	return r
}

// Handle registers the handler of a kind. A kind registered twice is a mistake in the
// program and panics.
func (r *Runner) Handle(kind string, h Handler) {
	if r.kinds[kind] != nil {
		panic("jobs: two handlers for " + kind)
	}
	r.kinds[kind] = h
}

// Every registers a job that repeats: first when the program starts, then interval after
// each end. Over all nodes together it runs once.
func (r *Runner) Every(kind string, interval time.Duration, h Handler) {
	r.Handle(kind, h)
	r.repeat[kind] = interval
}

// Wake makes the runner look for jobs now; call it after the commit of an Enqueue that
// should not wait for the next look. It never blocks.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends, then stops cleanly. Errors of the store are logged and waited
// out.
func (r *Runner) Run(ctx context.Context) {
	working, interrupt := context.WithCancel(context.WithoutCancel(ctx))
	defer interrupt()
	slots := make(chan struct{}, r.cfg.Workers)
	var running sync.WaitGroup
	tick := time.NewTicker(r.cfg.Poll)
	defer tick.Stop()
	planned := false
	for ctx.Err() == nil {
		planned = planned || r.logged(r.plan(ctx))
		r.fill(ctx, working, slots, &running)
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-tick.C:
		}
	}
	r.stop(interrupt, &running)
}

// fill claims as many jobs as slots are free and starts them.
func (r *Runner) fill(ctx, working context.Context, slots chan struct{}, running *sync.WaitGroup) {
	free := cap(slots) - len(slots) // only this goroutine takes slots
	if free == 0 {
		return
	}
	claims, err := r.claim(ctx, free)
	r.logged(err)
	for _, c := range claims {
		slots <- struct{}{}
		running.Go(func() {
			r.attempt(working, c)
			<-slots
			r.Wake()
		})
	}
}

func (r *Runner) stop(interrupt context.CancelFunc, running *sync.WaitGroup) {
	timer := time.AfterFunc(r.cfg.Grace, interrupt)
	defer timer.Stop()
	running.Wait()
}

func (r *Runner) logged(err error) bool {
	if err != nil && !isEnd(err) {
		r.cfg.Logger.Error("jobs: the store", "error", err)
	}
	return err == nil
}

// Work runs every job that is due now, until none is, and tells how many attempts that
// were. It is what tests call instead of Run.
func (r *Runner) Work(ctx context.Context) (attempts int, err error) {
	if err := r.plan(ctx); err != nil {
		return 0, err
	}
	for {
		claims, err := r.claim(ctx, r.cfg.Workers)
		if err != nil || len(claims) == 0 {
			return attempts, err
		}
		var running sync.WaitGroup
		for _, c := range claims {
			running.Go(func() { r.attempt(ctx, c) })
		}
		running.Wait()
		attempts += len(claims)
	}
}

// plan stores the repeating jobs that are not there yet. Their ids follow from the kind,
// so that every node means the same row.
func (r *Runner) plan(ctx context.Context) error {
	now := db.Millis(r.clock())
	return r.db.Write(ctx, func(tx *db.Tx) error {
		for _, kind := range slices.Sorted(maps.Keys(r.repeat)) {
			_, err := tx.Exec(ctx, `
				INSERT INTO jobs (id, kind, args, state, run_at, attempt, last_error, created_at)
				VALUES ($1, $2, '{}', 'ready', $3, 0, '', $4) ON CONFLICT DO NOTHING`, repeatID(kind), kind, now, now)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func repeatID(kind string) care.JobID {
	sum := sha256.Sum256([]byte("repeating job " + kind))
	id := care.JobID(sum[:16])
	id[6] = id[6]&0x0f | 0x80 // UUID version 8: made from something else
	id[8] = id[8]&0x3f | 0x80
	return id
}

const (
	keepDone = 24 * time.Hour
	keepDead = 30 * 24 * time.Hour
)

func (r *Runner) sweep(ctx context.Context, _ *Claim) error {
	now := r.clock()
	return r.db.Write(ctx, func(tx *db.Tx) error {
		for state, keep := range map[string]time.Duration{done: keepDone, dead: keepDead} {
			if _, err := tx.Exec(ctx, `DELETE FROM jobs WHERE state = $1 AND run_at < $2`, state, db.Millis(now.Add(-keep))); err != nil {
				return err
			}
		}
		return nil
	})
}
