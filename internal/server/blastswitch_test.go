package server

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// TestABlastObeysWhatIsSwitchedOffMeanwhile turns the chat of clients off whose turn in a
// running blast is near, several at a time, and looks as soon as that is acknowledged: who
// has no message then never gets one, and who has one keeps just that (SEMANTICS 16, 30).
func TestABlastObeysWhatIsSwitchedOffMeanwhile(t *testing.T) {
	eachMultitude(t, 6000, func(m *multitude) {
		d := m.open()
		defer d.Close()
		s := &switching{multitude: m, d: d, id: care.NewID[care.BlastID](time.Now()), had: map[care.UserID]int{}}
		status, answer, err := m.nodes[0].call(m.token, "POST", "/api/v1/blasts", object{
			"id": s.id, "recipients": object{"all": "my_active"}, "body": "We moved to Alder Street.",
		})
		if err != nil || status != http.StatusAccepted {
			t.Fatalf("%d %v %v", status, answer, err)
		}
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() { s.turnOff(rand.New(rand.NewPCG(rand.Uint64(), uint64(i)))) })
		}
		all.Wait()
		s.check()
	})
}

// switching is a blast and those whose chat was turned off while it ran.
type switching struct {
	*multitude
	d  *db.DB
	id care.BlastID

	mu  sync.Mutex
	had map[care.UserID]int // messages of the blast when the switch-off was acknowledged
}

// turnOff works close to the place at which the blast is, until it has ended.
func (s *switching) turnOff(chance *rand.Rand) {
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); {
		state, place, upto := s.at()
		if state == "sent" || s.Failed() {
			return
		}
		ahead := 600 // within the next transactions; otherwise there is time
		if chance.IntN(2) == 0 {
			ahead = 6000
		}
		client := s.clients[min(place+chance.IntN(ahead), upto-1)]
		s.mu.Lock()
		_, taken := s.had[client]
		s.mu.Unlock()
		if taken || s.skipped[client] != "" {
			continue
		}
		path := "/api/v1/clients/" + client.String() + "/chat-access"
		status, answer, err := s.nodes[chance.IntN(len(s.nodes))].call(s.token, "PUT", path, object{"version": 1, "direct": "off"})
		if err == nil && status == http.StatusConflict { // another of us was faster
			continue
		}
		if err != nil || status != http.StatusOK {
			s.Errorf("turning off: %d %v %v", status, answer, err)
			return
		}
		n := s.messages(client)
		s.mu.Lock()
		s.had[client] = n
		s.mu.Unlock()
	}
	s.Error("the blast does not end")
}

// at gives behind whom the blast goes on in one of its lanes, and where that ends. Clients are
// in the order of their names.
func (s *switching) at() (state string, place, upto int) {
	s.read(func(tx *db.Tx) error {
		return tx.QueryRow(s.Context(), `SELECT b.state, COALESCE(l.place, 0), COALESCE(l.upto, b.total) FROM blasts b
			LEFT JOIN blast_lanes l ON l.blast_id = b.id AND l.place < l.upto WHERE b.id = $1 ORDER BY l.lane LIMIT 1`, s.id).Scan(&state, &place, &upto)
	})
	return state, place, upto
}

func (s *switching) messages(client care.UserID) (n int) {
	s.read(func(tx *db.Tx) error {
		return tx.QueryRow(s.Context(), `SELECT COUNT(*) FROM conversations c JOIN messages m ON m.conversation_id = c.id
			WHERE c.client_id = $1 AND m.blast_id = $2`, client, s.id).Scan(&n)
	})
	return n
}

// read is for every goroutine: it notes a failure and ends nothing.
func (s *switching) read(fn func(tx *db.Tx) error) {
	if err := s.d.Read(s.Context(), fn); err != nil {
		s.Error(err)
	}
}

func (s *switching) check() {
	s.Helper()
	outcomes := s.outcomes(s.d, s.id)
	messages := s.tally(s.d, `SELECT c.client_id, COUNT(*) FROM conversations c JOIN messages m ON m.conversation_id = c.id WHERE m.blast_id = $1 GROUP BY c.client_id`, s.id)
	obeyed := 0
	for id, had := range s.had {
		want := "sent "
		if had == 0 {
			obeyed++
			want = "skipped direct_off"
		}
		if messages[id] != had || outcomes[id] != want {
			s.Errorf("a client had %d messages when the switch-off was acknowledged, and has %d and is %q", had, messages[id], outcomes[id])
		}
	}
	for id, outcome := range outcomes {
		if _, off := s.had[id]; !off && s.skipped[id] == "" && outcome != "sent " {
			s.Errorf("a client whom nobody turned off is %q", outcome)
		}
	}
	s.Logf("%d were turned off while the blast ran, %d of them before their turn", len(s.had), obeyed)
	if obeyed < 10 {
		s.Errorf("only %d were turned off before their turn, which shows nothing", obeyed)
	}
}
