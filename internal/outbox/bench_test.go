package outbox_test

import (
	"context"
	"syscall"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
	"hearth/internal/testkit"
)

// BenchmarkAppend writes 33 events in a transaction, as sends that come together do, beside a
// transaction with one: a 32th of the difference is what the path of a message pays for each,
// in processor time of this process.
func BenchmarkAppend(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": testkit.SQLite, "postgres": testkit.DurablePostgres} {
		for with, n := range map[string]int{"1": 1, "33": 33} {
			b.Run(name+"/"+with, func(b *testing.B) {
				d := open(b)
				events := make([]outbox.Event, n)
				for i := range events {
					events[i] = outbox.Event{Org: care.OrgID{1}, Kind: outbox.MessageCreated, Subject: care.NewID[[16]byte](time.Now()), Seq: 1}
				}
				before := processorTime()
				for b.Loop() {
					now := time.Now()
					for i := range events {
						events[i].At = now
					}
					err := d.Write(context.Background(), func(tx *db.Tx) error {
						return outbox.Append(context.Background(), tx, events...)
					})
					if err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64((processorTime()-before).Microseconds())/float64(b.N), "CPU-µs/op")
			})
		}
	}
}

func processorTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
