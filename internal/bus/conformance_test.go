package bus_test

import (
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/testkit"
)

// nodes is a set of buses that carry one another's events.
type nodes func(t *testing.T) (here, there bus.Bus)

func TestConformance(t *testing.T) {
	for name, start := range map[string]nodes{"local": localNodes, "postgres": postgresNodes} {
		t.Run(name, func(t *testing.T) {
			t.Run("everybody hears everything once and in order", func(t *testing.T) { inOrder(t, start) })
			t.Run("one goroutine per conversation keeps its order", func(t *testing.T) { inOrderPerConversation(t, start) })
			t.Run("what one publishes is heard before Publish returns here", func(t *testing.T) { atOnceHere(t, start) })
			t.Run("who cancelled hears no more", func(t *testing.T) { cancelled(t, start) })
			t.Run("ids arrive whole", func(t *testing.T) { whole(t, start) })
		})
	}
}

func localNodes(*testing.T) (here, there bus.Bus) {
	b := bus.New()
	return b, b
}

func postgresNodes(t *testing.T) (here, there bus.Bus) {
	url := testkit.PostgresURL(t)
	return node(t, url), node(t, url)
}

func node(t *testing.T, url string) *bus.Postgres {
	t.Helper()
	b, err := bus.NewPostgres(t.Context(), url, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// ear keeps what it hears.
type ear struct {
	mu    sync.Mutex
	heard []care.Event
}

func listen(b bus.Bus) *ear {
	e := &ear{}
	b.Subscribe(e.hear)
	return e
}

func (e *ear) hear(event care.Event) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = append(e.heard, event)
}

func (e *ear) all() []care.Event {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.Clone(e.heard)
}

// wait gives what was heard once it is n events, and fails when more come.
func (e *ear) wait(t *testing.T, n int) []care.Event {
	t.Helper()
	for end := time.Now().Add(60 * time.Second); len(e.all()) < n; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("heard %d events, want %d", len(e.all()), n)
		}
	}
	time.Sleep(20 * time.Millisecond)
	heard := e.all()
	if len(heard) != n {
		t.Fatalf("heard %d events, want %d", len(heard), n)
	}
	return heard
}

var (
	org      = care.NewID[care.OrgID](time.Now())
	somebody = care.NewID[care.UserID](time.Now())
)

func message(in care.ConversationID, seq int64) care.Event {
	return care.Event{Type: care.EventMessageCreated, Org: org, To: []care.UserID{somebody}, Conversation: in, Seq: seq}
}

func inOrder(t *testing.T, start nodes) {
	here, there := start(t)
	near, far := listen(here), listen(there)
	in := care.NewID[care.ConversationID](time.Now())
	const n = 1000
	for seq := int64(1); seq <= n; seq += 4 {
		here.Publish(message(in, seq), message(in, seq+1), message(in, seq+2))
		here.Publish(message(in, seq+3))
	}
	for _, e := range []*ear{near, far} {
		for i, event := range e.wait(t, n) {
			if event.Seq != int64(i+1) {
				t.Fatalf("event %d has seq %d", i+1, event.Seq)
			}
		}
	}
}

func inOrderPerConversation(t *testing.T, start nodes) {
	here, there := start(t)
	far := listen(there)
	const writers, each = 8, 200
	var done sync.WaitGroup
	for i := range writers {
		publisher := []bus.Bus{here, there}[i%2]
		done.Go(func() {
			in := care.NewID[care.ConversationID](time.Now())
			for seq := range int64(each) {
				publisher.Publish(message(in, seq+1))
			}
		})
	}
	done.Wait()
	last := map[care.ConversationID]int64{}
	for _, event := range far.wait(t, writers*each) {
		if event.Seq != last[event.Conversation]+1 {
			t.Fatalf("seq %d came after %d", event.Seq, last[event.Conversation])
		}
		last[event.Conversation] = event.Seq
	}
}

func atOnceHere(t *testing.T, start nodes) {
	here, _ := start(t)
	near := listen(here)
	here.Publish(message(care.NewID[care.ConversationID](time.Now()), 1))
	if n := len(near.all()); n != 1 {
		t.Fatalf("heard %d events, want 1", n)
	}
}

func cancelled(t *testing.T, start nodes) {
	here, _ := start(t)
	gone, stays := &ear{}, &ear{}
	cancel := here.Subscribe(gone.hear)
	here.Subscribe(stays.hear)
	here.Publish(message(care.NewID[care.ConversationID](time.Now()), 1))
	cancel()
	cancel() // again is harmless
	here.Publish(message(care.NewID[care.ConversationID](time.Now()), 2))
	if a, b := len(gone.all()), len(stays.all()); a != 1 || b != 2 {
		t.Fatalf("heard %d and %d events, want 1 and 2", a, b)
	}
}

// whole sends an event to more people than one notification of PostgreSQL can name.
func whole(t *testing.T, start nodes) {
	here, there := start(t)
	far := listen(there)
	sent := care.Event{
		Type: care.EventSessionEnded, Org: org, Conversation: care.NewID[care.ConversationID](time.Now()), Seq: 1<<53 + 1,
		Session: care.NewID[care.SessionID](time.Now()), Text: "signed out",
		Person: care.Person{ID: somebody, Kind: care.KindStaff}, Client: somebody, Names: care.NamesAlias, Direct: true, Community: true,
		Queue: true, Note: care.NewID[care.NoteID](time.Now()), Blast: care.NewID[care.BlastID](time.Now()),
	}
	want := map[care.UserID]bool{}
	for range 900 {
		id := care.NewID[care.UserID](time.Now())
		sent.To, want[id] = append(sent.To, id), true
	}
	here.Publish(sent)
	for end := time.Now().Add(10 * time.Second); len(want) > 0 && time.Now().Before(end); time.Sleep(time.Millisecond) {
		for _, got := range far.all() {
			for _, id := range got.To {
				delete(want, id)
			}
			got.To = sent.To
			if fmt.Sprint(got) != fmt.Sprint(sent) {
				t.Fatalf("heard %+v, want %+v", got, sent)
			}
		}
	}
	if len(want) > 0 {
		t.Fatalf("%d people were not told", len(want))
	}
}
