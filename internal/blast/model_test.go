package blast

import (
	"flag"
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/chataccess"
	"hearth/internal/db"
)

// model is a small restatement of who is reached: for each recipient what their switches
// are, and what became of them when it was their turn.
type model struct {
	*world
	rights  *chataccess.Service
	blast   *Blast
	groups  []care.GroupID
	set     []care.Setting // of the groups
	clients []*modelClient // in the order of sending
	place   int            // how many were judged
	paused  bool
	ended   bool
}

type modelClient struct {
	actor         care.Actor
	own           care.Setting
	group         int // -1 for none
	byDefault     bool
	archived      bool
	silent        bool // without an address
	away          bool // not on the sender's care team
	fate          string
	read, replied bool
}

// why says, in the words of SEMANTICS, why a client is not reached now; "" who is.
func (m *model) why(c *modelClient) string {
	on := c.byDefault
	if c.group >= 0 && m.set[c.group] != care.Unset {
		on = m.set[c.group] == care.On
	}
	if c.own != care.Unset {
		on = c.own == care.On
	}
	switch {
	case c.away:
		return "forbidden"
	case c.archived:
		return "archived"
	case !on:
		return "direct_off"
	case c.silent:
		return "no_account"
	}
	return ""
}

func newModel(t *rapid.T, w *world, rights *chataccess.Service, run int) *model {
	m := &model{world: w, rights: rights}
	for g := range 2 {
		m.groups, m.set = append(m.groups, w.clientGroup(w.org, fmt.Sprintf("Group %d of run %d", g, run))), append(m.set, care.Unset)
	}
	var to []care.Actor
	for i := range rapid.IntRange(1, 14).Draw(t, "recipients") {
		c := &modelClient{actor: w.client(w.org, fmt.Sprintf("client %03d of run %d", i, run), w.noor), own: care.Unset, group: -1, byDefault: true}
		m.clients, to = append(m.clients, c), append(to, c.actor)
	}
	m.blast = w.blast(w.noor, Request{Body: "Hi {{first_name}}", Recipients: named(to...)})
	return m
}

func (m *model) anyone(t *rapid.T) *modelClient {
	return rapid.SampledFrom(m.clients).Draw(t, "client")
}

var values = rapid.SampledFrom([]care.Setting{care.On, care.Off, care.Off, care.Unset})

func (m *model) setOwn(t *rapid.T) {
	c, value := m.anyone(t), values.Draw(t, "own")
	now, err := m.rights.Client(ctx, m.olga, c.actor.User)
	m.must(err)
	_, err = m.rights.SetClient(ctx, m.olga, c.actor.User, chataccess.Edit{Version: now.Version, Direct: &value})
	m.must(err)
	c.own = value
}

func (m *model) setGroup(t *rapid.T) {
	g, value := rapid.IntRange(0, 1).Draw(t, "group"), values.Draw(t, "setting")
	now, err := m.rights.Group(ctx, m.olga, m.groups[g])
	m.must(err)
	_, err = m.rights.SetGroup(ctx, m.olga, m.groups[g], chataccess.Edit{Version: now.Version, Direct: &value}, nil)
	m.must(err)
	m.set[g] = value
}

func (m *model) join(t *rapid.T) {
	c, g := m.anyone(t), rapid.IntRange(-1, 1).Draw(t, "group")
	var id any
	if g >= 0 {
		id = m.groups[g]
	}
	m.world.set(c.actor, "group_id", id)
	c.group = g
}

func (m *model) setDefault(t *rapid.T) {
	c := m.anyone(t)
	c.byDefault = rapid.Bool().Draw(t, "default")
	m.world.set(c.actor, "default_direct", c.byDefault)
}

func (m *model) archive(t *rapid.T) {
	c := m.anyone(t)
	c.archived = !c.archived
	m.world.set(c.actor, "state", map[bool]string{true: "archived", false: "active"}[c.archived])
}

func (m *model) address(t *rapid.T) {
	c := m.anyone(t)
	c.silent = !c.silent
	if c.silent {
		m.exec(`UPDATE people SET email = NULL WHERE id = $1`, c.actor.User)
	} else {
		m.exec(`UPDATE people SET email = $2 WHERE id = $1`, c.actor.User, c.actor.User.String()+"@example.org")
	}
}

func (m *model) team(t *rapid.T) {
	c := m.anyone(t)
	c.away = !c.away
	if c.away {
		m.exec(`DELETE FROM care_team WHERE client_id = $1`, c.actor.User)
	} else {
		m.exec(`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, c.actor.User, m.noor.User)
	}
}

// bulk changes many at once; it is written in the background, and counts at once.
func (m *model) bulk(t *rapid.T) {
	value, over := values.Draw(t, "all"), rapid.Bool().Draw(t, "include own")
	r := chataccess.BulkRequest{Place: chataccess.PlaceOwn, Direct: &value, IncludeOwn: over}
	for _, c := range m.clients {
		r.Filter.Clients = append(r.Filter.Clients, c.actor.User)
	}
	p, err := m.rights.Preview(ctx, m.olga, r)
	m.must(err)
	_, err = m.rights.Apply(ctx, m.olga, p.Token, "")
	m.must(err)
	for _, c := range m.clients {
		if over || c.own == care.Unset {
			c.own = value
		}
	}
}

func (m *model) reply(t *rapid.T) {
	c := m.anyone(t)
	if c.fate != "sent" {
		return
	}
	on := m.why(&modelClient{own: c.own, group: c.group, byDefault: c.byDefault}) == ""
	list := m.inbox(c.actor, chat.Filter{})
	if rapid.Bool().Draw(t, "only reads") {
		_, err := m.chat.MarkRead(ctx, c.actor, list[0].ID, 1)
		m.must(err)
		c.read = true
		return
	}
	_, _, err := m.chat.Send(ctx, c.actor, chat.Draft{Conversation: list[0].ID, Body: "Thanks"})
	if !on {
		m.refused(err, care.CodeChatUnavailable)
		return
	}
	m.must(err)
	c.read, c.replied = true, true
}

func (m *model) pause(*rapid.T) {
	if m.ended {
		return
	}
	act := m.blasts.Pause
	if m.paused {
		act = m.blasts.Resume
	}
	_, err := act(ctx, m.noor, m.blast.ID)
	m.must(err)
	m.paused = !m.paused
}

func (m *model) work(t *rapid.T) { m.sends(rapid.IntRange(1, 5).Draw(t, "at once")) }

// sends works once; whoever's turn it is, is judged by what holds at this moment.
func (m *model) sends(size int) {
	m.step(m.blast, size)
	if m.paused || m.ended {
		return
	}
	turn := m.clients[m.place:min(m.place+size, len(m.clients))]
	for _, c := range turn {
		if c.fate = m.why(c); c.fate == "" {
			c.fate = "sent"
		}
	}
	m.place += len(turn)
	m.ended = m.place == len(m.clients)
}

// check compares what is stored and what is told with the model.
func (m *model) check(t *rapid.T) {
	want := &Blast{State: Sending, Total: int64(len(m.clients)), SkippedWhy: map[string]int64{}}
	outcomes, err := m.fates()
	m.must(err)
	for i, c := range m.clients {
		fate := outcomes[i]
		if c.fate != fate.is {
			t.Fatalf("%s: %q, want %q", c.actor.Name, fate.is, c.fate)
		}
		messages := 0
		switch c.fate {
		case "":
		case "sent":
			want.Sent++
			messages = 1
		default:
			want.Skipped++
			want.SkippedWhy[c.fate]++
		}
		if fate.messages != messages {
			t.Fatalf("%s, %q: %d messages", c.actor.Name, c.fate, fate.messages)
		}
		want.Read, want.Replied = want.Read+one(c.read), want.Replied+one(c.replied)
	}
	switch {
	case m.ended:
		want.State = Sent
	case m.paused:
		want.State = Paused
	}
	got := m.get(m.noor, m.blast)
	if got.State != want.State || got.Total != want.Total || got.Sent != want.Sent || got.Skipped != want.Skipped || got.Read != want.Read || got.Replied != want.Replied ||
		!maps.Equal(got.SkippedWhy, want.SkippedWhy) || got.Pending() != int64(len(m.clients)-m.place) {
		t.Fatalf("told %+v, want %+v", got, want)
	}
}

func one(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

type fate struct {
	is       string
	messages int
}

// fates reads what became of each recipient, and how many messages of staff they have in
// how many conversations.
func (m *model) fates() (list []fate, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = db.Many(ctx, tx, func(row db.Scanner) (f fate, err error) {
			var state, why string
			var conversations int
			err = row.Scan(&state, &why, &f.messages, &conversations)
			switch f.is = state; state {
			case "pending":
				f.is = why // which must be empty
			case "skipped":
				f.is = why
			}
			if conversations != f.messages {
				f.messages = -1
			}
			return f, err
		}, `SELECT r.state, COALESCE(r.why, ''),
				(SELECT COUNT(*) FROM conversations c JOIN messages m ON m.conversation_id = c.id WHERE c.client_id = r.client_id AND m.author_id <> r.client_id),
				(SELECT COUNT(*) FROM conversations c WHERE c.client_id = r.client_id)
			FROM blast_recipients r WHERE r.blast_id = $1 ORDER BY r.place`, m.blast.ID)
		return err
	})
	return list, err
}

// Random changes of the switches, replies and pauses between transactions of one to five
// recipients: each gets the message exactly when they can be reached at their turn, nobody
// twice, nobody is missing, and the counts always add up (SEMANTICS 11, 16, 30).
func TestWhoIsReachedAgainstAModel(t *testing.T) {
	engines(t, func(w *world) {
		rights := chataccess.New(w.db, w.clock.Now, w.chat, w.events)
		w.t.Cleanup(rights.Close)
		w.chat.SettleBy(rights.SettleClient)
		w.blasts.Unlimit()
		run := 0
		for _, seed := range []string{"1", "0"} { // 0 is a new one each time
			setFlags(w.t.(*testing.T), map[string]string{"rapid.seed": seed, "rapid.checks": "10", "rapid.steps": "30", "rapid.nofailfile": "true"})
			rapid.Check(w.t.(*testing.T), func(t *rapid.T) {
				run++
				m := newModel(t, w, rights, run)
				t.Repeat(map[string]func(*rapid.T){
					"": m.check, "setOwn": m.setOwn, "setGroup": m.setGroup, "join": m.join, "setDefault": m.setDefault, "archive": m.archive,
					"address": m.address, "team": m.team, "bulk": m.bulk, "reply": m.reply, "pause": m.pause, "work": m.work, "work more": m.work,
				})
				if m.paused {
					m.pause(t)
				}
				for !m.ended {
					m.sends(5)
				}
				m.check(t)
				if m.place != len(m.clients) {
					t.Fatalf("%d of %d were judged", m.place, len(m.clients))
				}
			})
		}
	})
}

// setFlags sets flags of rapid for one test.
func setFlags(t *testing.T, flags map[string]string) {
	t.Helper()
	for name, value := range flags {
		f := flag.Lookup(name)
		before := f.Value.String()
		if err := flag.Set(name, value); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(name, before) })
	}
}
