package blast

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/chataccess"
)

// nodes are services beside each other over one database, as on several machines.
func (w *world) nodes(n int) []*Service {
	list := make([]*Service, n)
	for i := range list {
		list[i] = New(w.db, w.clock.Now, w.chat, w.attach, w.events)
		list[i].laneWorth = 20
	}
	return list
}

// workUntil has nodes work at the same time until a blast has ended.
func (w *world) workUntil(nodes []*Service, b *Blast) {
	w.t.Helper()
	ended, stop := context.WithTimeout(ctx, time.Minute)
	defer stop()
	var all sync.WaitGroup
	for _, node := range nodes {
		all.Go(func() {
			for ended.Err() == nil {
				node.pace.mu.Lock()
				for lane := range int64(mostLanes) {
					node.pace.of(b.ID, lane+1).size = 1 + rand.IntN(9)
				}
				node.pace.mu.Unlock()
				if _, err := node.Work(ended); err != nil && ended.Err() == nil {
					w.t.Error(err)
					stop()
				}
				now, err := node.Get(ctx, w.olga, b.ID)
				if err != nil || now.State == Sent || now.State == Cancelled {
					stop()
				}
			}
		})
	}
	all.Wait()
	if !errors.Is(ended.Err(), context.Canceled) {
		w.t.Error("the blast does not end")
	}
}

// Several nodes write to each recipient once, while it is paused and resumed.
func TestSeveralNodesWriteToEachOnce(t *testing.T) {
	engines(t, func(w *world) {
		const n = 300
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: w.clients(n, w.noor)}})
		nodes := w.nodes(3)
		var steering sync.WaitGroup
		steering.Go(func() {
			for i := range 6 {
				act := nodes[i%3].Pause
				if i%2 == 1 {
					act = nodes[i%3].Resume
				}
				var refusal *care.Error
				if _, err := act(ctx, w.noor, b.ID); err != nil && (!errors.As(err, &refusal) || refusal.Code != care.CodeVersionConflict) {
					t.Error(err)
				}
			}
		})
		w.workUntil(nodes, b)
		steering.Wait()
		got := w.get(w.noor, b)
		if got.State != Sent || got.Sent != n || got.Skipped != 0 {
			t.Errorf("%s: %d sent, %d skipped", got.State, got.Sent, got.Skipped)
		}
		for query, want := range map[string]int64{
			`SELECT COUNT(*) FROM messages`: n, `SELECT COUNT(DISTINCT client_id) FROM conversations`: n, `SELECT COUNT(*) FROM conversations`: n,
			`SELECT COUNT(*) FROM blast_recipients WHERE state = 'sent' AND conversation_id IS NOT NULL`: n,
		} {
			if got := w.count(query); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
	})
}

// A blast that is cancelled while nodes write to its lanes: who was written to stays so, the
// others count as skipped, and nobody is written to afterwards.
func TestCancelledWhileNodesWork(t *testing.T) {
	engines(t, func(w *world) {
		const n = 400
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: w.clients(n, w.noor)}})
		nodes := w.nodes(3)
		var cancelling sync.WaitGroup
		cancelling.Go(func() {
			for w.get(w.noor, b).Sent < n/4 {
				time.Sleep(time.Millisecond)
			}
			cancelled, err := nodes[0].Cancel(ctx, w.noor, b.ID)
			if err != nil || cancelled.State != Cancelled {
				t.Errorf("%+v, %v", cancelled, err)
				return
			}
			if stored := w.count(`SELECT COUNT(*) FROM messages`); stored != cancelled.Sent {
				t.Errorf("%d messages are there when the answer says %d", stored, cancelled.Sent)
			}
		})
		w.workUntil(nodes, b)
		cancelling.Wait()
		for _, node := range nodes {
			if _, err := node.Work(ctx); err != nil {
				t.Error(err)
			}
		}
		got := w.get(w.noor, b)
		if got.Sent < n/4 || got.Sent == n || got.Sent+got.Skipped != n || got.SkippedWhy[access.WhyCancelled] != got.Skipped {
			t.Errorf("%d sent, %d skipped: %v", got.Sent, got.Skipped, got.SkippedWhy)
		}
		if messages := w.count(`SELECT COUNT(*) FROM messages`); messages != got.Sent {
			t.Errorf("%d messages, %d sent", messages, got.Sent)
		}
	})
}

// Where writers do not wait for each other, transactions write to several lanes at once.
func TestLanesAreWrittenToAtTheSameTime(t *testing.T) {
	engines(t, func(w *world) {
		w.blasts.laneWorth = 20
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: w.clients(100, w.noor)}})
		want := int64(5)
		if w.db.OneWriter() {
			want = 1
		}
		w.step(b, 10)
		if lanes := w.count(`SELECT COUNT(*) FROM blast_lanes`); lanes != want {
			t.Errorf("%d lanes, want %d", lanes, want)
		}
		w.work()
		if got := w.get(w.noor, b); got.State != Sent || got.Sent != 100 || w.count(`SELECT COUNT(*) FROM blast_lanes`) != 0 {
			t.Errorf("%s after %d, with %d lanes left", got.State, got.Sent, w.count(`SELECT COUNT(*) FROM blast_lanes`))
		}
	})
}

// A switch that is turned off while it runs: the message was stored before that was
// acknowledged, or it never is (SEMANTICS 16, 30).
func TestSwitchedOffWhileItRuns(t *testing.T) {
	engines(t, func(w *world) {
		rights := chataccess.New(w.db, w.clock.Now, w.chat, w.events)
		w.t.Cleanup(rights.Close)
		clients := w.clients(120, w.noor)
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: clients}})
		has := func(client care.UserID) int64 {
			return w.count(`SELECT COUNT(*) FROM conversations c JOIN messages m ON m.conversation_id = c.id WHERE c.client_id = $1`, client)
		}
		acknowledged := make([]int64, len(clients))
		var switching sync.WaitGroup
		for part := range 2 {
			switching.Go(func() {
				off := care.Off
				for _, i := range rand.Perm(len(clients)) {
					if i%2 != part {
						continue
					}
					now, err := rights.Client(ctx, w.olga, clients[i])
					if err == nil {
						_, err = rights.SetClient(ctx, w.olga, clients[i], chataccess.Edit{Version: now.Version, Direct: &off})
					}
					if err != nil {
						t.Error(err)
					}
					acknowledged[i] = has(clients[i])
				}
			})
		}
		w.workUntil(w.nodes(2), b)
		switching.Wait()
		sent := int64(0)
		for i, client := range clients {
			if now := has(client); now != acknowledged[i] {
				t.Errorf("client %d: %d messages when it was off, %d in the end", i, acknowledged[i], now)
			}
			sent += acknowledged[i]
		}
		if got := w.get(w.noor, b); got.Sent != sent || fmt.Sprint(got.SkippedWhy) != fmt.Sprint(map[string]int64{"direct_off": 120 - sent}) && sent < 120 {
			t.Errorf("%d sent of %d stored, skipped %v", got.Sent, sent, got.SkippedWhy)
		}
	})
}
