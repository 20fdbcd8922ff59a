package blast

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
)

// nodes are services beside each other over one database, as on several machines.
func (w *world) nodes(n int) []*Service {
	list := make([]*Service, n)
	for i := range list {
		list[i] = New(w.db, w.clock.Now, w.chat, w.attach, w.events)
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
				node.pace.of(b.ID).size = 1 + rand.IntN(9)
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
