package blast

import (
	"context"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// BenchmarkBlast writes to 1,000 and to 100,000 clients while somebody else sends one
// message after the other: the preview, the answer to the request, the time until everybody
// has their message, how long the other's sends took, and the memory that was in use. The
// preview is taken with everything in place, as the web app asks for it.
func BenchmarkBlast(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkBlast(b, testkit.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchmarkBlast(b, testkit.DurablePostgres(b)) })
}

func benchmarkBlast(b *testing.B, d *db.DB) {
	w := newWorld(b, d)
	w.chat.Close()
	w.chat = chat.New(d, time.Now, discard{})
	b.Cleanup(w.chat.Close)
	w.blasts = New(d, time.Now, w.chat, w.attach, discard{})
	w.blasts.Unlimit()
	w.clock = testkit.NewClock(time.Now())
	few := w.clients(1_000, w.noor)
	w.clients(99_000, w.noor)
	room := w.room(w.elias, w.arjun)
	ctx, stop := context.WithCancel(b.Context())
	var running sync.WaitGroup
	running.Go(func() { w.blasts.Run(ctx, func(err error) { b.Error(err) }) })
	defer running.Wait()
	defer stop()
	lap := func(what string, do func()) {
		ended := w.keepSending(room)
		heap := w.watchHeap()
		since, cpu := time.Now(), processorTime()
		do()
		took, spent := time.Since(since), processorTime()-cpu
		sends := ended()
		b.ReportMetric(float64(took.Milliseconds()), "ms:"+what)
		b.ReportMetric(float64(sends[len(sends)*99/100].Microseconds())/1000, "ms:p99-send-"+what)
		b.ReportMetric(float64(sends[len(sends)-1].Microseconds())/1000, "ms:longest-send-"+what)
		b.ReportMetric(float64(spent.Milliseconds()), "CPU-ms:"+what)
		b.ReportMetric(float64(heap()>>20), "MB:heap-"+what)
	}
	everybody := Recipients{All: MyActive}
	send := func(r Recipients) func() {
		return func() {
			w.untilSent(w.blast(w.noor, Request{Body: "Hi {{first_name}}, we are closed on Friday.", Recipients: r}))
		}
	}
	for b.Loop() {
		lap("nothing-else", func() { time.Sleep(5 * time.Second) })
		lap("preview-100000", func() {
			if p, err := w.blasts.Preview(ctx, w.noor, everybody); err != nil || p.Reachable < 100_000 {
				b.Fatal(p.Reachable, err)
			}
		})
		lap("1000", send(Recipients{Clients: few}))
		lap("100000", send(everybody))
	}
}

type discard struct{}

func (discard) Publish(...care.Event) {}

// processorTime is what this process used; PostgreSQL's is not in it.
func processorTime() time.Duration {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

// untilSent waits until a blast is sent.
func (w *world) untilSent(made *Blast) {
	for {
		b := w.get(w.noor, made)
		if b.State == Sent {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (w *world) room(actor, client care.Actor) care.ConversationID {
	opened, err := w.chat.Open(context.Background(), actor, chat.Opening{Kind: care.Direct, Members: []care.UserID{client.User}})
	if err != nil {
		w.t.Fatal(err)
	}
	return opened.Conversation.ID
}

// keepSending sends a hundred messages in a second until stop is called, which gives how long
// they took, in order.
func (w *world) keepSending(room care.ConversationID) (stop func() []time.Duration) {
	ctx, cancel := context.WithCancel(context.Background())
	var took []time.Duration
	var sending sync.WaitGroup
	sending.Go(func() {
		for len(took) == 0 || ctx.Err() == nil {
			since := time.Now()
			if _, _, err := w.chat.Send(context.Background(), w.elias, chat.Draft{Conversation: room, Body: "And now?"}); err != nil {
				w.t.Errorf("sending: %v", err)
				return
			}
			took = append(took, time.Since(since))
			time.Sleep(10 * time.Millisecond) // a hundred in a second, which leaves the machine to the blast
		}
	})
	return func() []time.Duration {
		cancel()
		sending.Wait()
		slices.Sort(took)
		return took
	}
}

// watchHeap gives, when it is called, the most memory that was in use since.
func (w *world) watchHeap() (most func() uint64) {
	var peak atomic.Uint64
	ctx, cancel := context.WithCancel(context.Background())
	var watching sync.WaitGroup
	watching.Go(func() {
		var m runtime.MemStats
		for ctx.Err() == nil {
			runtime.ReadMemStats(&m)
			peak.Store(max(peak.Load(), m.HeapInuse))
			time.Sleep(50 * time.Millisecond)
		}
	})
	return func() uint64 {
		cancel()
		watching.Wait()
		return peak.Load()
	}
}
