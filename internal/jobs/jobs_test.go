package jobs_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hearth/internal/db"
	"hearth/internal/jobs"
	"hearth/internal/testkit"
)

type args struct {
	ID string `json:"id"`
}

// bench is a runner, its database and its clock.
type bench struct {
	*testing.T
	db    *db.DB
	clock *testkit.Clock
}

func each(t *testing.T, test func(b bench)) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		test(bench{t, d, testkit.NewClock(time.Time{})})
	})
}

func (b bench) runner(cfg jobs.Config) *jobs.Runner { return jobs.New(b.db, b.clock.Now, cfg) }

func (b bench) enqueue(job jobs.Job) bool {
	b.Helper()
	var added bool
	b.write(func(tx *db.Tx) (err error) {
		added, err = jobs.Enqueue(b.Context(), tx, b.clock.Now(), job)
		return err
	})
	return added
}

func (b bench) write(f func(tx *db.Tx) error) {
	b.Helper()
	if err := b.db.Write(b.Context(), f); err != nil {
		b.Fatal(err)
	}
}

func (b bench) work(r *jobs.Runner) {
	b.Helper()
	if _, err := r.Work(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// counts gives "ready dead" of a kind.
func (b bench) counts(kind string) string {
	b.Helper()
	all, err := jobs.Inspect(b.Context(), b.db, b.clock.Now())
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range all {
		if c.Kind == kind {
			return fmt.Sprintf("%d %d", c.Ready, c.Dead)
		}
	}
	return "0 0"
}

func TestAJobRunsOnceAfterItsTime(t *testing.T) {
	each(t, func(b bench) {
		var got []string
		r := b.runner(jobs.Config{})
		r.Handle("greet", func(_ context.Context, c *jobs.Claim) error {
			var a args
			err := c.Bind(&a)
			got = append(got, a.ID)
			return err
		})
		b.enqueue(jobs.Job{Kind: "greet", Args: args{"later"}, RunAt: b.clock.Now().Add(time.Minute)})
		b.enqueue(jobs.Job{Kind: "greet", Args: args{"now"}})
		b.work(r)
		if fmt.Sprint(got) != "[now]" {
			b.Errorf("ran %v", got)
		}
		b.clock.Advance(time.Minute)
		b.work(r)
		b.work(r)
		if fmt.Sprint(got) != "[now later]" || b.counts("greet") != "0 0" {
			b.Errorf("ran %v, left %s", got, b.counts("greet"))
		}
	})
}

func TestAJobOfARolledBackChangeDoesNotExist(t *testing.T) {
	each(t, func(b bench) {
		broken := errors.New("changed my mind")
		err := b.db.Write(b.Context(), func(tx *db.Tx) error {
			if _, err := jobs.Enqueue(b.Context(), tx, b.clock.Now(), jobs.Job{Kind: "greet"}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) || b.counts("greet") != "0 0" {
			b.Errorf("%v, jobs %s", err, b.counts("greet"))
		}
	})
}

func TestDedupeHoldsUntilTheAttemptBegins(t *testing.T) {
	each(t, func(b bench) {
		r, ran := b.runner(jobs.Config{}), 0
		job := jobs.Job{Kind: "digest", Dedupe: "digest:1"}
		r.Handle("digest", func(context.Context, *jobs.Claim) error {
			if ran++; ran == 1 && !b.enqueue(job) {
				b.Error("a change during the attempt asks in vain: the attempt may not see it")
			}
			return nil
		})
		if !b.enqueue(job) || b.enqueue(job) {
			b.Error("two with the same key wait")
		}
		b.work(r)
		if ran != 2 {
			b.Errorf("ran %d times, want 2", ran)
		}
	})
}

func TestFailuresAreTriedAgainEverLaterUntilDead(t *testing.T) {
	each(t, func(b bench) {
		var results []jobs.Result
		r := b.runner(jobs.Config{Attempts: 4, Observe: func(o jobs.Outcome) {
			if o.Kind == "fail" {
				results = append(results, o.Result)
			}
		}})
		r.Handle("fail", func(_ context.Context, c *jobs.Claim) error { return errors.New("no luck") })
		b.enqueue(jobs.Job{Kind: "fail"})
		var waits []time.Duration
		for last := b.clock.Now(); b.counts("fail") == "1 0"; b.clock.Advance(time.Second) {
			before := len(results)
			b.work(r)
			if len(results) > before {
				waits, last = append(waits, b.clock.Now().Sub(last)), b.clock.Now()
			}
		}
		if fmt.Sprint(results) != "[failed failed failed dead]" || b.counts("fail") != "0 1" {
			b.Errorf("results %v, left %s", results, b.counts("fail"))
		}
		for i, bound := range []time.Duration{0, 5, 10, 20} {
			if low, high := bound*time.Second/2, (bound+1)*time.Second; waits[i] < low || waits[i] > high {
				b.Errorf("wait %d was %v, want %v to %v", i, waits[i], low, high)
			}
		}
	})
}

func TestWhatCannotSucceedIsDeadAtOnce(t *testing.T) {
	each(t, func(b bench) {
		r := b.runner(jobs.Config{})
		r.Handle("permanent", func(context.Context, *jobs.Claim) error { return jobs.Permanent(errors.New("gone")) })
		r.Handle("garbled", func(_ context.Context, c *jobs.Claim) error {
			var a struct{ ID int }
			return c.Bind(&a)
		})
		b.enqueue(jobs.Job{Kind: "permanent"})
		b.enqueue(jobs.Job{Kind: "garbled", Args: args{"x"}})
		b.work(r)
		if b.counts("permanent") != "0 1" || b.counts("garbled") != "0 1" {
			b.Errorf("%s and %s", b.counts("permanent"), b.counts("garbled"))
		}
	})
}

func TestAPanicIsAFailureAndItsWordsAreNotKept(t *testing.T) {
	each(t, func(b bench) {
		r := b.runner(jobs.Config{Attempts: 1})
		r.Handle("panic", func(context.Context, *jobs.Claim) error { panic("somebody's words") })
		b.enqueue(jobs.Job{Kind: "panic"})
		b.work(r)
		var stored string
		b.write(func(tx *db.Tx) error {
			return tx.QueryRow(b.Context(), `SELECT last_error FROM jobs WHERE kind = 'panic' AND state = 'dead'`).Scan(&stored)
		})
		if stored != "the handler panicked: string" {
			b.Errorf("stored %q", stored)
		}
	})
}

// The process dies between claim and finish: seen from the table, nothing happens until
// the lease is over. Then another runner does the job, and the dead one's late finish,
// had it only been slow, is refused together with its effects.
func TestACrashBetweenClaimAndFinish(t *testing.T) {
	each(t, func(b bench) {
		b.write(func(tx *db.Tx) error {
			_, err := tx.Exec(b.Context(), `CREATE TABLE effects (by TEXT NOT NULL)`)
			return err
		})
		effect := func(ctx context.Context, c *jobs.Claim, by string) error {
			return b.db.Write(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, `INSERT INTO effects (by) VALUES ($1)`, by); err != nil {
					return err
				}
				return c.Finish(ctx, tx)
			})
		}
		claimed, wakeUp, outcome := make(chan struct{}), make(chan struct{}), make(chan jobs.Outcome, 10)
		first := b.runner(jobs.Config{Lease: time.Hour, Observe: func(o jobs.Outcome) {
			if o.Kind == "act" {
				outcome <- o
			}
		}})
		first.Handle("act", func(ctx context.Context, c *jobs.Claim) error {
			close(claimed)
			<-wakeUp
			return effect(ctx, c, "first")
		})
		second, ran := b.runner(jobs.Config{}), 0
		second.Handle("act", func(ctx context.Context, c *jobs.Claim) error {
			if ran++; c.Attempt != 2 {
				b.Errorf("attempt %d", c.Attempt)
			}
			return effect(ctx, c, "second")
		})
		b.enqueue(jobs.Job{Kind: "act"})
		var asleep sync.WaitGroup
		asleep.Go(func() { _, _ = first.Work(b.Context()) })
		<-claimed
		b.clock.Advance(59 * time.Minute)
		if b.work(second); ran != 0 {
			b.Fatal("claimed although the lease held")
		}
		b.clock.Advance(time.Minute)
		if b.work(second); ran != 1 {
			b.Fatalf("ran %d times after the lease", ran)
		}
		close(wakeUp)
		asleep.Wait()
		if o := <-outcome; o.Result != jobs.Lost {
			b.Errorf("the first one's result: %s", o.Result)
		}
		var effects, n int
		b.write(func(tx *db.Tx) error {
			return tx.QueryRow(b.Context(), `SELECT COUNT(*), SUM(CASE WHEN by = 'second' THEN 1 ELSE 0 END) FROM effects`).Scan(&effects, &n)
		})
		if effects != 1 || n != 1 {
			b.Errorf("%d effects, %d of the second", effects, n)
		}
	})
}

func TestAJobThatKillsTheProcessDies(t *testing.T) {
	each(t, func(b bench) {
		// As often as it was begun, no end was ever stored.
		b.enqueue(jobs.Job{Kind: "deadly"})
		b.write(func(tx *db.Tx) error {
			_, err := tx.Exec(b.Context(), `UPDATE jobs SET attempt = 5 WHERE kind = 'deadly'`)
			return err
		})
		r := b.runner(jobs.Config{Attempts: 5})
		r.Handle("deadly", func(context.Context, *jobs.Claim) error {
			b.Error("begun again")
			return nil
		})
		b.work(r)
		if b.counts("deadly") != "0 1" {
			b.Error(b.counts("deadly"))
		}
	})
}

func TestSeveralRunnersShareTheJobs(t *testing.T) {
	each(t, func(b bench) {
		const n = 40
		var ran atomic.Int64
		for range n {
			b.enqueue(jobs.Job{Kind: "count"})
		}
		var all sync.WaitGroup
		for range 4 {
			r := b.runner(jobs.Config{Workers: 3})
			r.Handle("count", func(context.Context, *jobs.Claim) error { ran.Add(1); return nil })
			all.Go(func() {
				if _, err := r.Work(b.Context()); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
		if ran.Load() != n || b.counts("count") != "0 0" {
			b.Errorf("ran %d of %d, left %s", ran.Load(), n, b.counts("count"))
		}
	})
}

func TestUnknownKindsWaitForAProgramThatKnowsThem(t *testing.T) {
	each(t, func(b bench) {
		b.enqueue(jobs.Job{Kind: "of-the-next-release"})
		b.work(b.runner(jobs.Config{}))
		if b.counts("of-the-next-release") != "1 0" {
			b.Error(b.counts("of-the-next-release"))
		}
	})
}

func TestRepeatingJobsRunOnceForAllNodesAndNeverDie(t *testing.T) {
	each(t, func(b bench) {
		var at []time.Duration
		start := b.clock.Now()
		nodes := [2]*jobs.Runner{}
		for i := range nodes {
			nodes[i] = b.runner(jobs.Config{Attempts: 2})
			nodes[i].Every("tick", time.Minute, func(context.Context, *jobs.Claim) error {
				at = append(at, b.clock.Now().Sub(start))
				if len(at) == 2 || len(at) == 3 || len(at) == 4 {
					return errors.New("not now")
				}
				return nil
			})
		}
		for range 4 * 60 {
			b.work(nodes[0])
			b.work(nodes[1])
			b.clock.Advance(time.Second)
		}
		if len(at) < 6 || at[0] != 0 || at[1] != time.Minute || b.counts("tick") != "1 0" {
			b.Errorf("ran at %v, left %s", at, b.counts("tick"))
		}
		for i := 5; i < len(at); i++ {
			if at[i]-at[i-1] != time.Minute {
				b.Errorf("after the failures the interval is %v", at[i]-at[i-1])
			}
		}
	})
}

func TestFinishedJobsAreSwept(t *testing.T) {
	each(t, func(b bench) {
		r := b.runner(jobs.Config{Attempts: 1})
		r.Handle("good", func(context.Context, *jobs.Claim) error { return nil })
		r.Handle("bad", func(context.Context, *jobs.Claim) error { return errors.New("no") })
		b.enqueue(jobs.Job{Kind: "good"})
		b.enqueue(jobs.Job{Kind: "bad"})
		rows := func() (n int) {
			b.write(func(tx *db.Tx) error {
				return tx.QueryRow(b.Context(), `SELECT COUNT(*) FROM jobs WHERE kind IN ('good', 'bad')`).Scan(&n)
			})
			return n
		}
		for _, step := range []struct {
			after time.Duration
			left  int
		}{{0, 2}, {25 * time.Hour, 1}, {28 * 24 * time.Hour, 1}, {24 * time.Hour, 0}} {
			b.clock.Advance(step.after)
			b.work(r)
			if got := rows(); got != step.left {
				b.Errorf("after %v more: %d rows, want %d", step.after, got, step.left)
			}
		}
	})
}

func TestRunWakesAndStopsCleanly(t *testing.T) {
	each(t, func(b bench) {
		r := b.runner(jobs.Config{Poll: time.Hour, Grace: 50 * time.Millisecond})
		began, quick := make(chan struct{}), make(chan struct{})
		r.Handle("quick", func(context.Context, *jobs.Claim) error { close(quick); return nil })
		r.Handle("stuck", func(ctx context.Context, _ *jobs.Claim) error {
			close(began)
			<-ctx.Done()
			return ctx.Err()
		})
		ctx, stop := context.WithCancel(b.Context())
		stopped := make(chan struct{})
		go func() { defer close(stopped); r.Run(ctx) }()
		b.enqueue(jobs.Job{Kind: "quick"})
		b.enqueue(jobs.Job{Kind: "stuck"})
		r.Wake()
		<-quick
		<-began
		stop()
		<-stopped
		var attempt int
		var due int64
		b.write(func(tx *db.Tx) error {
			return tx.QueryRow(b.Context(), `SELECT attempt, run_at FROM jobs WHERE kind = 'stuck' AND state = 'ready'`).Scan(&attempt, &due)
		})
		if attempt != 0 || due > b.clock.Now().UnixMilli() {
			b.Errorf("given back with attempt %d, due %d", attempt, due)
		}
	})
}

// The handler's context ends before its lease does, so that it cannot go on working on a
// job that somebody else has.
func TestAHandlerIsInterruptedBeforeItsLeaseEnds(t *testing.T) {
	d := testkit.SQLite(t)
	clock := testkit.NewClock(time.Time{})
	r := jobs.New(d, clock.Now, jobs.Config{Lease: 100 * time.Millisecond})
	var left time.Duration
	r.Handle("slow", func(ctx context.Context, _ *jobs.Claim) error {
		deadline, _ := ctx.Deadline()
		left = time.Until(deadline)
		return nil
	})
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		_, err := jobs.Enqueue(t.Context(), tx, clock.Now(), jobs.Job{Kind: "slow"})
		return err
	})
	if _, errWork := r.Work(t.Context()); err != nil || errWork != nil {
		t.Fatal(err, errWork)
	}
	if left <= 0 || left > 90*time.Millisecond {
		t.Errorf("%v left", left)
	}
}

func TestTwoHandlersForAKindPanic(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("accepted")
		}
	}()
	r := jobs.New(nil, time.Now, jobs.Config{})
	r.Handle("x", func(context.Context, *jobs.Claim) error { return nil })
	r.Handle("x", func(context.Context, *jobs.Claim) error { return nil })
}

func TestALongJobKeepsItsLease(t *testing.T) {
	each(t, func(b bench) {
		r := b.runner(jobs.Config{Lease: 20 * time.Second})
		other := b.runner(jobs.Config{})
		ran := 0
		long := func(ctx context.Context, c *jobs.Claim) error {
			ran++
			for range 3 {
				b.clock.Advance(15 * time.Second)
				if err := c.Extend(ctx); err != nil {
					return err
				}
				b.work(other) // finds nothing that is due
			}
			return b.db.Write(ctx, func(tx *db.Tx) error { return c.Finish(ctx, tx) })
		}
		r.Handle("long", long)
		other.Handle("long", long)
		b.enqueue(jobs.Job{Kind: "long"})
		b.work(r)
		if ran != 1 || b.counts("long") != "0 0" {
			b.Errorf("ran %d times, left %s", ran, b.counts("long"))
		}
	})
}

func TestALostLeaseIsNotExtended(t *testing.T) {
	each(t, func(b bench) {
		r := b.runner(jobs.Config{Lease: 20 * time.Second})
		other := b.runner(jobs.Config{})
		var late error
		r.Handle("long", func(ctx context.Context, c *jobs.Claim) error {
			b.clock.Advance(21 * time.Second)
			b.work(other)
			late = c.Extend(ctx)
			return late
		})
		other.Handle("long", func(context.Context, *jobs.Claim) error { return nil })
		b.enqueue(jobs.Job{Kind: "long"})
		b.work(r)
		if !errors.Is(late, jobs.ErrLost) || b.counts("long") != "0 0" {
			b.Errorf("%v, left %s", late, b.counts("long"))
		}
	})
}
