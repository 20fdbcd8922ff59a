package chat

import (
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// BenchmarkSend measures acknowledged, durable sends of 64 people at once, each in their
// own direct conversation, with the CPU time of the process per send.
func BenchmarkSend(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkSend(b, testkit.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchmarkSend(b, testkit.DurablePostgres(b)) })
}

func benchmarkSend(b *testing.B, d *db.DB) {
	const senders = 64
	w := benchWorld(b, d)
	var rooms [senders]Conversation
	var people [senders]care.Actor
	for i := range senders {
		people[i] = w.client(w.org, "Client", w.noor)
		rooms[i] = w.open(w.noor, care.Direct, people[i])
	}
	body := strings.Repeat("Slow oats again, and a walk. ", 3)
	var left atomic.Int64
	left.Store(int64(b.N))
	cpu := cpuTime()
	b.ResetTimer()
	var wg sync.WaitGroup
	for i := range senders {
		wg.Go(func() {
			for left.Add(-1) >= 0 {
				if _, _, err := w.chat.Send(b.Context(), people[i], Draft{Conversation: rooms[i].ID, Body: body}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N), "cpu-µs/send")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sends/s")
}

func benchWorld(b *testing.B, d *db.DB) *world {
	w := newWorld(b, d)
	w.chat.Close()
	w.chat = New(d, time.Now, discard{})
	b.Cleanup(w.chat.Close)
	return w
}

type discard struct{}

func (discard) Publish(...care.Event) {}

func cpuTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
