package live

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// practiceWith makes an organization with one provider and one client who talk.
func practiceWith(t *testing.T, d *db.DB, r *rig, service *chat.Service) (noor, leilani care.Actor, id care.ConversationID) {
	t.Helper()
	noor, leilani = r.person("noor"), r.person("leilani")
	leilani.Kind = care.KindClient
	r.people["leilani"] = leilani
	ctx := t.Context()
	err := d.Write(ctx, func(tx *db.Tx) error {
		for _, one := range []struct {
			query string
			args  []any
		}{
			{`INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
				VALUES ($1, 'Alder Row Clinic', 'UTC', 'optional', TRUE, TRUE, 1, 0)`, []any{practice}},
			{`INSERT INTO people (id, org_id, kind, name, sort_name, created_at, request_hash)
				VALUES ($1, $2, 'staff', 'Noor', 'noor', 0, $3), ($4, $5, 'client', 'Leilani', 'leilani', 0, $6)`,
				[]any{noor.User, practice, []byte{}, leilani.User, practice, []byte{}}},
			{`INSERT INTO staff (user_id, org_id, role, clients_may_start, active, version)
				VALUES ($1, $2, 'provider', TRUE, TRUE, 1)`, []any{noor.User, practice}},
			{`INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)
				VALUES ($1, $2, 'active', $3, TRUE, TRUE, 1)`, []any{leilani.User, practice, noor.User}},
			{`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, []any{leilani.User, noor.User}},
		} {
			if _, err := tx.Exec(ctx, one.query, one.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	opened, err := service.Open(ctx, noor, chat.Opening{Kind: care.Direct, Members: []care.UserID{leilani.User}})
	if err != nil {
		t.Fatal(err)
	}
	return noor, leilani, opened.Conversation.ID
}

// reader follows a conversation as the contract says: after every hello it asks for what
// came after the last message it has. A gap is a fault here, for nobody is slow.
type reader struct {
	t       *testing.T
	r       *rig
	service *chat.Service
	actor   care.Actor
	in      care.ConversationID

	mu   sync.Mutex
	have []int64
	asks int
}

func (p *reader) last() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return int64(len(p.have))
}

func (p *reader) take(seq int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	next := int64(len(p.have)) + 1
	if seq == next {
		p.have = append(p.have, seq)
	}
	return seq <= next
}

func (p *reader) catchUp() {
	p.asks++
	for {
		after := p.last()
		list, more, err := p.service.Messages(context.Background(), p.actor, p.in, chat.Page{After: &after, Limit: 50})
		if err != nil {
			p.t.Error(err)
			return
		}
		for _, m := range list {
			if !p.take(m.Seq) {
				p.t.Errorf("a page after %d begins with %d", after, m.Seq)
			}
		}
		if !more {
			return
		}
	}
}

// follow stays connected until the connection ends, however it does.
func (p *reader) follow(token string) {
	d, _, err := p.r.dial(token)
	if err != nil {
		return // refused for a moment
	}
	go func() {
		time.Sleep(time.Duration(rand.IntN(40)) * time.Millisecond)
		switch rand.IntN(3) {
		case 0:
			_ = d.ws.CloseNow()
		case 1:
			_ = d.ws.Close(websocket.StatusGoingAway, "")
		default:
			p.r.hub.catchUp(p.r.hub.all())
		}
	}()
	for {
		f, err := d.read()
		if err != nil {
			return
		}
		switch at(f, "type") {
		case "hello":
			p.catchUp()
		case "message.created":
			var seq int64
			_, _ = fmt.Sscan(at(f, "data.seq"), &seq)
			if !p.take(seq) {
				p.t.Errorf("after %d came %d: nothing may be lost between asking and listening", p.last(), seq)
				return
			}
		}
	}
}

// Whoever resumes as the contract says has every message once and in order, wherever the
// connection broke.
func TestResumeHasNoGap(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		events := bus.New()
		service := chat.New(d, time.Now, events)
		t.Cleanup(service.Close)
		r := newRig(t, func(c *Config) { c.Chat, c.Bus = service, events })
		noor, leilani, id := practiceWith(t, d, r, service)
		const n = 300
		p := &reader{t: t, r: r, service: service, actor: leilani, in: id}
		written := make(chan struct{})
		go func() {
			defer close(written)
			for i := range n {
				_, _, err := service.Send(context.Background(), noor, chat.Draft{Conversation: id, Body: fmt.Sprint("Message ", i+1)})
				if err != nil {
					t.Error(err)
				}
				time.Sleep(time.Duration(rand.IntN(3)) * time.Millisecond)
			}
		}()
		for p.last() < n && !t.Failed() {
			p.follow("leilani")
		}
		<-written
		for i, seq := range p.have {
			if seq != int64(i+1) {
				t.Fatalf("in place %d is %d", i+1, seq)
			}
		}
		t.Logf("asked %d times", p.asks)
	})
}

// The whole way over the socket: what one sends the other sees, and the sender's own
// answer comes when it is stored.
func TestTwoTalk(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		events := bus.New()
		service := chat.New(d, time.Now, events)
		t.Cleanup(service.Close)
		r := newRig(t, func(c *Config) { c.Chat, c.Bus = service, events })
		_, leilani, id := practiceWith(t, d, r, service)
		his, hers := r.connect("noor"), r.connect("leilani")
		const n = 100
		for i := range n {
			his.write(fmt.Sprintf(`{"type":"send","ref":%d,"conversation_id":%q,"message":{"body":"Line %d"}}`, i+1, id, i+1))
		}
		for i := range n {
			want := fmt.Sprint("Line ", i+1)
			if f := his.next(); at(f, "type") != "ack" || at(f, "ref") != fmt.Sprint(i+1) || at(f, "message.body") != want || at(f, "message.seq") != fmt.Sprint(i+1) {
				t.Fatalf("answer %d is %v", i+1, f)
			}
			if f := hers.next(); at(f, "type") != "message.created" || at(f, "data.body") != want || at(f, "data.author.name") != "noor" {
				t.Fatalf("event %d is %v", i+1, f)
			}
		}
		hers.write(fmt.Sprintf(`{"type":"typing","conversation_id":%q}`, id))
		if f := his.next(); at(f, "type") != "typing" || at(f, "data.user.id") != leilani.User.String() {
			t.Errorf("he sees %v", f)
		}
		hers.write(fmt.Sprintf(`{"type":"read","conversation_id":%q,"seq":%d}`, id, n))
		if f := his.next(); at(f, "type") != "read.updated" || at(f, "data.seq") != fmt.Sprint(n) || at(f, "data.unread") != "" {
			t.Errorf("he sees %v", f)
		}
		if f := hers.next(); at(f, "type") != "read.updated" || at(f, "data.unread") != "0" {
			t.Errorf("she sees %v", f)
		}
	})
}
