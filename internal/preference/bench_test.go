package preference_test

import (
	"context"
	"fmt"
	"slices"
	"syscall"
	"testing"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/jobs"
	"hearth/internal/preference"
	"hearth/internal/testkit"
)

// benchClients is how many clients the practice of the benchmark has.
const benchClients = 100_000

// BenchmarkMany previews, applies and takes back a change of the notifications of 100,000
// clients, and reads the preferences of 1,000 people at once. While the change is written
// somebody else writes a row every 5 ms: how long they wait is what a transaction holds up.
// There is no bound in it: it shows what a change costs.
func BenchmarkMany(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkMany(b, testkit.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchmarkMany(b, testkit.DurablePostgres(b)) })
}

func benchmarkMany(b *testing.B, d *db.DB) {
	owner, clients := crowd(b, d)
	svc := preference.New(d, time.Now, func() {}, bus.New())
	runner := jobs.New(d, time.Now, jobs.Config{})
	svc.Register(runner)
	lap := func(what string, do func() error) {
		others := keepWriting(b, d)
		since, cpu := time.Now(), processorTime()
		if err := do(); err != nil {
			b.Fatal(err)
		}
		took, spent := time.Since(since), processorTime()-cpu
		waits := others()
		b.ReportMetric(float64(took.Milliseconds()), "ms:"+what)
		b.ReportMetric(float64(spent.Milliseconds()), "CPU-ms:"+what)
		b.ReportMetric(float64(waits[len(waits)*99/100].Microseconds())/1000, "ms:p99-write-"+what)
		b.ReportMetric(float64(waits[len(waits)-1].Microseconds())/1000, "ms:longest-write-"+what)
	}
	var c preference.Change
	c.Name(preference.Direct, preference.Email, care.Off)
	request := preference.Request{Filter: chataccess.Filter{All: true}, Place: preference.PlaceOwn, Change: c}
	work := func() error {
		_, err := runner.Work(b.Context())
		return err
	}
	for b.Loop() {
		var p preference.Preview
		var made preference.BulkChange
		lap("nothing-else", func() error { time.Sleep(2 * time.Second); return nil })
		lap("preview", func() (err error) { p, err = svc.Preview(b.Context(), owner, request); return err })
		lap("accept", func() (err error) { made, err = svc.Apply(b.Context(), owner, p.Token); return err })
		lap("write", work)
		if made, _ = svc.Change(b.Context(), owner, made.ID); made.Changed != benchClients {
			b.Fatalf("%d changed", made.Changed)
		}
		lap("load-1000", func() error {
			return d.Read(b.Context(), func(tx *db.Tx) error {
				_, err := preference.Load(b.Context(), tx, owner.Org, clients[:1000])
				return err
			})
		})
		if _, err := svc.Undo(b.Context(), owner, made.ID); err != nil {
			b.Fatal(err)
		}
		lap("undo", work)
		if made, _ = svc.Change(b.Context(), owner, made.ID); made.Restored != benchClients {
			b.Fatalf("%d restored", made.Restored)
		}
	}
}

// crowd is a practice with very many clients.
func crowd(b *testing.B, d *db.DB) (owner care.Actor, clients []care.UserID) {
	dir := directory.New(d, time.Now)
	write := func(act func(ctx context.Context, tx *db.Tx) error) {
		b.Helper()
		if err := d.Write(b.Context(), func(tx *db.Tx) error { return act(b.Context(), tx) }); err != nil {
			b.Fatal(err)
		}
	}
	write(func(ctx context.Context, tx *db.Tx) error {
		org, err := dir.CreateOrganization(ctx, tx, directory.NewOrganization{Name: "Example Practice"})
		if err != nil {
			return err
		}
		s, err := dir.CreateOwner(ctx, tx, org.ID, directory.NewStaff{Name: "Olga Owner", Email: "olga@example.org"})
		owner = actorOf(org.ID, s)
		return err
	})
	for range benchClients {
		clients = append(clients, care.NewID[care.UserID](time.Now()))
	}
	for i, part := range slices.Collect(slices.Chunk(clients, 1000)) {
		write(func(ctx context.Context, tx *db.Tx) error {
			var people, rows []any
			for n, id := range part {
				name := fmt.Sprintf("Client %06d", i*1000+n)
				people = append(people, id, owner.Org, "client", name, name, time.Now().UnixMilli())
				rows = append(rows, id, owner.Org, "active", owner.User, true, true, 1)
			}
			_, err := tx.Exec(ctx, `INSERT INTO people (id, org_id, kind, name, sort_name, created_at) VALUES `+db.Rows(1, len(part), 6), people...)
			if err != nil {
				return err
			}
			_, err = tx.Exec(ctx, `INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)
				VALUES `+db.Rows(1, len(part), 7), rows...)
			return err
		})
	}
	return owner, clients
}

// keepWriting writes a row every 5 ms until stop is called, which gives how long that took, in
// order.
func keepWriting(b *testing.B, d *db.DB) (stop func() []time.Duration) {
	ctx, cancel := context.WithCancel(context.Background())
	var took []time.Duration
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for len(took) == 0 || ctx.Err() == nil {
			since := time.Now()
			err := d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := tx.Exec(context.Background(), `INSERT INTO sign_in_failures (subject, failures, last_at, locked_until) VALUES ($1, 1, $2, 0)
					ON CONFLICT (subject) DO UPDATE SET last_at = excluded.last_at`, []byte("somebody"), since.UnixMilli())
				return err
			})
			if err != nil {
				b.Errorf("writing: %v", err)
				return
			}
			took = append(took, time.Since(since))
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return func() []time.Duration {
		cancel()
		<-ended
		slices.Sort(took)
		return took
	}
}

// processorTime is what this process used; PostgreSQL's is not in it.
func processorTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
