package server

import (
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
)

const (
	crowd = 20_000 // whom the blast goes to
	kills = 10     // how often nodes are killed while it is made and sent
)

// TestABlastOutlivesSIGKILL makes and sends a blast to 20,000 while the processes that do
// it are killed ten times at random moments and started again: at the end each recipient
// has exactly one message, or was skipped for the reason that holds.
func TestABlastOutlivesSIGKILL(t *testing.T) {
	eachMultitude(t, crowd, func(m *multitude) {
		s := newStorm(m)
		s.makeUnderFire(3)
		s.sendUnderFire()
		s.finish()
		s.checkAnswer()
		s.checkStore()
		s.checkRecord()
	})
}

// storm is a blast and those who kill it.
type storm struct {
	*multitude
	chance *rand.Rand
	id     care.BlastID
	body   object
	killed int
}

func newStorm(m *multitude) *storm {
	seed := rand.Uint64()
	m.Logf("the random moments come from the seed %d", seed)
	id := care.NewID[care.BlastID](time.Now())
	return &storm{
		multitude: m, chance: rand.New(rand.NewPCG(seed, 5)), id: id,
		body: object{"id": id, "recipients": object{"group_ids": []any{m.group}}, "title": "Holiday hours",
			"body": "Hi {{first_name}}, {{practice}} is closed on Friday. {{provider}}"},
	}
}

// some gives a time below most.
func (s *storm) some(most time.Duration) time.Duration {
	return time.Duration(s.chance.Int64N(int64(most)))
}

func (s *storm) any() *process { return s.nodes[s.chance.IntN(len(s.nodes))] }

// strike kills a node, or sometimes all, and starts those again. The others go on
// meanwhile.
func (s *storm) strike(node *process) {
	s.Helper()
	struck := []*process{node}
	if s.chance.IntN(3) == 0 {
		struck = s.nodes
	}
	for _, node := range struck {
		node.kill()
		s.killed++
	}
	for _, node := range struck {
		node.begin()
	}
}

// makeUnderFire posts the blast so many times under kills, and then until it is answered.
func (s *storm) makeUnderFire(times int) {
	s.Helper()
	cut := 0
	for range times {
		node, lost := s.any(), make(chan bool, 1)
		node.ready()
		go func() {
			_, _, err := s.post(node)
			lost <- err != nil
		}()
		time.Sleep(s.some(200 * time.Millisecond))
		s.strike(node)
		if <-lost {
			cut++
		}
	}
	s.Logf("%d of %d requests were cut off", cut, times)
	for _, node := range s.nodes {
		node.ready()
		if status, answer, err := s.post(node); err != nil || (status != http.StatusAccepted && status != http.StatusOK) {
			s.Fatalf("the blast is refused: %d %v %v", status, answer, err)
		}
	}
}

func (s *storm) post(node *process) (int, object, error) {
	return node.call(s.token, "POST", "/api/v1/blasts", s.body)
}

// progress asks any node that answers how far the blast is.
func (s *storm) progress() (state string, done int) {
	s.Helper()
	for end := time.Now().Add(60 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		for _, node := range s.nodes {
			status, answer, err := node.call(s.token, "GET", "/api/v1/blasts/"+s.id.String(), nil)
			if err != nil || status != http.StatusOK {
				continue
			}
			return answer["state"].(string), number(answer, "sent") + number(answer, "skipped")
		}
	}
	s.Fatal("no node answers")
	return "", 0
}

func number(answer object, key string) int {
	n, _ := answer[key].(float64)
	return int(n)
}

// sendUnderFire kills at random places of what is left until it was often enough.
func (s *storm) sendUnderFire() {
	s.Helper()
	for s.killed < kills {
		_, done := s.progress()
		goal := done + s.chance.IntN(1+(crowd-done)/(kills-s.killed+1))
		state := "sending"
		for ; state == "sending" && done < goal; state, done = s.progress() {
			time.Sleep(10 * time.Millisecond) // asking takes time from sending
		}
		time.Sleep(s.some(20 * time.Millisecond))
		s.Logf("killed after %d are done, while it is %s", done, state)
		s.strike(s.any())
	}
}

// finish lets the blast end and posts it once more.
func (s *storm) finish() {
	s.Helper()
	for end := time.Now().Add(60 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		state, done := s.progress()
		if state == "sent" {
			break
		}
		if time.Now().After(end) {
			s.Fatalf("the blast does not end: %s after %d", state, done)
		}
	}
	for _, node := range s.nodes {
		node.ready()
		if status, _, err := s.post(node); err != nil || status != http.StatusOK {
			s.Errorf("the same request afterwards: %d %v", status, err)
		}
	}
}

// checkAnswer compares what the API tells.
func (s *storm) checkAnswer() {
	s.Helper()
	why := map[string]int{}
	for _, reason := range s.skipped {
		why[reason]++
	}
	for _, node := range s.nodes {
		_, answer, err := node.call(s.token, "GET", "/api/v1/blasts/"+s.id.String(), nil)
		if err != nil {
			s.Fatal(err)
		}
		for key, want := range map[string]int{
			"total": crowd, "sent": crowd - len(s.skipped), "skipped": len(s.skipped), "pending": 0, "read": 0, "replied": 0,
		} {
			if got := number(answer, key); got != want {
				s.Errorf("%s is %d, want %d", key, got, want)
			}
		}
		told, _ := answer["skipped_why"].(object)
		for reason, want := range why {
			if got := number(told, reason); got != want {
				s.Errorf("%d are told to be skipped as %s, want %d", got, reason, want)
			}
		}
		if len(told) != len(why) || answer["state"] != "sent" || answer["finished_at"] == nil {
			s.Errorf("the blast is told as %v", answer)
		}
	}
}

// checkStore looks at each client's row, conversation and message.
func (s *storm) checkStore() {
	s.Helper()
	d := s.open()
	defer d.Close()
	rows := s.outcomes(d, s.id)
	messages := s.tally(d, `SELECT c.client_id, COUNT(*) FROM conversations c JOIN messages m ON m.conversation_id = c.id GROUP BY c.client_id`)
	conversations := s.tally(d, `SELECT client_id, COUNT(*) FROM conversations GROUP BY client_id`)
	seats := s.tally(d, `SELECT user_id, COUNT(*) FROM conversation_members GROUP BY user_id`)
	for _, id := range s.clients {
		want, outcome := 1, "sent "
		if why, off := s.skipped[id]; off {
			want, outcome = 0, "skipped "+why
		}
		if rows[id] != outcome || messages[id] != want || conversations[id] != want || seats[id] != want {
			s.Errorf("a client is %q with %d messages in %d conversations with %d seats, want %q and %d",
				rows[id], messages[id], conversations[id], seats[id], outcome, want)
		}
		if s.Failed() {
			return // one of 20,000 says it
		}
	}
	if reached := crowd - len(s.skipped); len(rows) != crowd || len(messages) != reached || len(conversations) != reached || seats[s.owner] != reached {
		s.Errorf("%d recipients, %d with messages, %d with conversations, the sender in %d", len(rows), len(messages), len(conversations), seats[s.owner])
	}
}

// checkRecord looks for one beginning and one end in the audit log.
func (s *storm) checkRecord() {
	s.Helper()
	d := s.open()
	defer d.Close()
	reader := care.Actor{Org: s.org, User: s.owner, Kind: care.KindStaff, Permissions: care.PermissionsOf(care.ReadAuditLog)}
	for _, action := range []string{"blast.created", "blast.finished"} {
		rows, _, err := audit.List(s.Context(), d, reader, audit.Filter{Action: action, Limit: 10})
		if err != nil || len(rows) != 1 {
			s.Errorf("%s is recorded %d times (%v)", action, len(rows), err)
		}
	}
	if report, err := audit.Verify(s.Context(), d, s.org); err != nil || !report.OK() {
		s.Errorf("the audit log does not hold: %+v %v", report, err)
	}
}
