package chat

import (
	"fmt"
	"sync"
	"testing"

	"hearth/internal/care"
)

// TestIndexBesideWriting lets two nodes bring the index up to date while people write,
// edit and delete: nothing waits for ever, and afterwards everything is found, once.
func TestIndexBesideWriting(t *testing.T) {
	engines(t, func(w *world) {
		const rounds = 30
		chats := []Conversation{w.open(w.noor, care.Direct, w.leilani), w.open(w.noor, care.Direct, w.maya), w.open(w.noor, care.Internal, w.elias)}
		var wg sync.WaitGroup
		for i, c := range chats {
			wg.Go(func() {
				for n := range rounds {
					m, _, err := w.trySay(w.noor, c, fmt.Sprintf("walnut %d number%d", i, n))
					if err == nil && n%3 == 1 {
						_, err = w.chat.Edit(ctx, w.noor, c.ID, m.ID, fmt.Sprintf("walnut %d edited%d", i, n))
					}
					if err == nil && n%3 == 2 {
						err = w.chat.Delete(ctx, w.noor, c.ID, m.ID)
					}
					if err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		writing := make(chan struct{})
		var nodes sync.WaitGroup
		for range 2 {
			nodes.Go(func() {
				search := NewSearch(w.chat)
				for done := false; !done; {
					select {
					case <-writing:
						done = true
					default:
					}
					if err := search.Index(ctx); err != nil {
						t.Error(err)
						return
					}
					if _, _, err := search.Find(ctx, w.noor, Asking{Words: "walnut"}, nil, 50); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		close(writing)
		nodes.Wait()
		for _, when := range []string{"walnut", "walnut number", "walnut edited"} {
			want := map[string]int{"walnut": 2, "walnut number": 1, "walnut edited": 1}[when] * rounds / 3 * len(chats)
			if got := w.seek(w.noor, when); len(got) != want {
				w.t.Errorf("%s: %d, want %d", when, len(got), want)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM conversations WHERE indexed_seq < last_seq`); n != 0 {
			w.t.Errorf("%d conversations are not indexed to their end", n)
		}
	})
}
