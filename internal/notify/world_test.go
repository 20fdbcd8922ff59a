package notify

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/mail"
	"hearth/internal/outbox"
	"hearth/internal/push"
	"hearth/internal/testkit"
)

// world is a practice whose people write to each other, and what reaches them.
type world struct {
	t      testing.TB
	db     *db.DB
	clock  *testkit.Clock
	bus    *bus.Local
	chat   *chat.Service
	notify *Service
	outbox *outbox.Outbox
	post   *post
	radio  *radio

	mu      sync.Mutex
	live    []care.Event
	looking map[readMark]bool
	counted map[string]int

	org, other      care.OrgID
	noor, sam       care.Actor // of staff: a provider, and support with the inbox
	maya, leilani   care.Actor // clients of noor
	mallory, other1 care.Actor // of the other practice
}

// post takes mails, and fails with what it is told to.
type post struct {
	mu    sync.Mutex
	mails []mail.Message
	fail  error
	tried int
}

func (p *post) SendAll(_ context.Context, mails []mail.Message, told func(int, error)) {
	for i, m := range mails {
		p.mu.Lock()
		p.tried++
		err := p.fail
		if err == nil {
			p.mails = append(p.mails, m)
		}
		p.mu.Unlock()
		told(i, err)
	}
}

func (p *post) take() []mail.Message {
	p.mu.Lock()
	defer p.mu.Unlock()
	mails := p.mails
	p.mails = nil
	return mails
}

// radio takes pushes, and fails with what it is told to for an endpoint.
type radio struct {
	mu    sync.Mutex
	sent  []radioed
	fail  map[string]error
	tried int
}

type radioed struct {
	endpoint, payload string
	o                 push.Options
}

func (r *radio) Check(to push.Subscription) error {
	if len(to.Endpoint) < 8 || to.Endpoint[:8] != "https://" {
		return care.BadField("endpoint", "invalid", "Must begin with https.")
	}
	return nil
}

func (r *radio) PublicKey() string { return "BPublic" }

func (r *radio) Send(_ context.Context, to push.Subscription, payload []byte, o push.Options) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tried++
	if err := r.fail[to.Endpoint]; err != nil {
		return err
	}
	r.sent = append(r.sent, radioed{to.Endpoint, string(payload), o})
	return nil
}

func (r *radio) take() []radioed {
	r.mu.Lock()
	defer r.mu.Unlock()
	sent := r.sent
	r.sent = nil
	return sent
}

func engines(t *testing.T, test func(w *world)) {
	t.Helper()
	testkit.Engines(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) *world {
	w := &world{
		t: t, db: d, clock: testkit.NewClock(time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)), bus: bus.New(), post: &post{}, radio: &radio{fail: map[string]error{}},
		looking: map[readMark]bool{}, counted: map[string]int{},
	}
	w.chat = chat.New(d, w.clock.Now, w.bus)
	t.Cleanup(w.chat.Close)
	w.notify = w.node()
	w.outbox = outbox.New(d, w.clock.Now, w.notify)
	w.bus.Subscribe(func(e care.Event) {
		if e.Type == care.EventNoticeCreated || e.Type == care.EventNoticeRead {
			w.mu.Lock()
			w.live = append(w.live, e)
			w.mu.Unlock()
		}
	})
	w.org, w.other = w.organization("Alder Row Clinic"), w.organization("Elsewhere")
	w.noor = w.staff(w.org, "Noor Haddad", care.RoleProvider)
	w.sam = w.staff(w.org, "Sam Whitehorse", care.RoleSupport)
	w.maya = w.client(w.org, "Maya Lindqvist", w.noor)
	w.leilani = w.client(w.org, "Leilani Kahale", w.noor)
	w.mallory = w.staff(w.other, "Mallory", care.RoleOwner)
	w.other1 = w.client(w.other, "Stranger", w.mallory)
	return w
}

// node makes one more node's service over the same store.
func (w *world) node() *Service {
	s := New(w.db, w.clock.Now, w.chat, Config{
		PublicURL: "https://chat.example.org", Mail: w.post, Push: w.radio, Bus: w.bus,
		Observe: func(channel string, state State, why Why, n int) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.counted[fmt.Sprintf("%s %s %s", channel, state, why)] += n
		},
	})
	s.LookBy(func(id care.ConversationID, user care.UserID) bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return w.looking[readMark{id, user}]
	})
	w.t.Cleanup(s.Close)
	return s
}

func (w *world) look(who care.Actor, id care.ConversationID, looks bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looking[readMark{id, who.User}] = looks
}

func (w *world) takeLive(kind care.EventType) (some []care.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.live {
		if e.Type == kind {
			some = append(some, e)
		}
	}
	w.live = slices.DeleteFunc(w.live, func(e care.Event) bool { return e.Type == kind })
	return some
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	w.must(w.db.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), query, args...)
		return err
	}))
}

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	w.must(w.db.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRow(context.Background(), query, args...).Scan(&n)
	}))
	return n
}

func (w *world) organization(name string) care.OrgID {
	id := care.NewID[care.OrgID](w.clock.Now())
	w.exec(`INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
		VALUES ($1, $2, 'Europe/Berlin', 'optional', TRUE, TRUE, 1, 0)`, id, name)
	return id
}

func (w *world) person(org care.OrgID, kind care.PersonKind, name string) care.UserID {
	id := care.NewID[care.UserID](w.clock.Now())
	w.exec(`INSERT INTO people (id, org_id, kind, name, sort_name, email, created_at, request_hash) VALUES ($1, $2, $3, $4, LOWER($5), $6, 0, $7)`,
		id, org, string(kind), name, name, id.String()+"@example.org", []byte{})
	return id
}

func (w *world) staff(org care.OrgID, name string, role care.Role) care.Actor {
	id := w.person(org, care.KindStaff, name)
	w.exec(`INSERT INTO staff (user_id, org_id, role, clients_may_start, active, version) VALUES ($1, $2, $3, TRUE, TRUE, 1)`, id, org, string(role))
	return care.Actor{Org: org, User: id, Kind: care.KindStaff, Name: name, Role: role, Permissions: care.DefaultPermissions(role), Session: care.NewID[care.SessionID](w.clock.Now())}
}

func (w *world) client(org care.OrgID, name string, provider care.Actor) care.Actor {
	id := w.person(org, care.KindClient, name)
	w.exec(`INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)
		VALUES ($1, $2, 'active', $3, TRUE, TRUE, 1)`, id, org, provider.User)
	w.exec(`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, id, provider.User)
	return care.Actor{Org: org, User: id, Kind: care.KindClient, Name: name, Session: care.NewID[care.SessionID](w.clock.Now())}
}

// open makes a conversation of its author with others.
func (w *world) open(kind care.ConversationKind, author care.Actor, others ...care.Actor) care.ConversationID {
	w.t.Helper()
	o := chat.Opening{ID: care.NewID[care.ConversationID](w.clock.Now()), Kind: kind, Separate: true}
	for _, one := range others {
		o.Members = append(o.Members, one.User)
	}
	c, err := w.chat.Open(context.Background(), author, o)
	w.must(err)
	w.clock.Advance(time.Millisecond)
	return c.Conversation.ID
}

// say writes a message.
func (w *world) say(who care.Actor, in care.ConversationID, body string) care.Message {
	w.t.Helper()
	sent := <-w.chat.Submit(context.Background(), who, chat.Draft{Conversation: in, Body: body})
	w.must(sent.Err)
	return sent.Message
}

// read marks all of a conversation as read.
func (w *world) read(who care.Actor, in care.ConversationID) {
	w.t.Helper()
	_, err := w.chat.MarkRead(context.Background(), who, in, 1<<40)
	w.must(err)
}

// hear has the outbox told.
func (w *world) hear() {
	w.t.Helper()
	w.clock.Advance(time.Millisecond)
	for {
		worked, err := w.outbox.Work(context.Background())
		w.must(err)
		if !worked {
			return
		}
	}
}

// work sends what is due.
func (w *world) work() {
	w.t.Helper()
	w.workOn(w.notify)
}

func (w *world) workOn(s *Service) {
	w.t.Helper()
	for {
		pushes, err := s.WorkPush(context.Background())
		w.must(err)
		mails, err := s.WorkMail(context.Background())
		w.must(err)
		if pushes+mails == 0 {
			return
		}
	}
}

// pass lets time pass second by second, or in larger steps, and sends what falls due.
func (w *world) pass(d, step time.Duration) {
	w.t.Helper()
	for ; d > 0; d -= step {
		w.clock.Advance(min(step, d))
		w.work()
	}
}

// device subscribes a device of somebody.
func (w *world) device(who care.Actor, name string) string {
	w.t.Helper()
	endpoint := "https://push.example.org/" + name
	_, _, err := w.notify.Subscribe(context.Background(), who, NewDevice{Subscription: push.Subscription{Endpoint: endpoint, P256dh: "key", Auth: "auth"}, Name: name})
	w.must(err)
	return endpoint
}

// bell gives somebody's list.
func (w *world) bell(who care.Actor) (list []Notice, unread int) {
	w.t.Helper()
	list, unread, _, err := w.notify.Notices(context.Background(), who, care.NoticeID{}, 50)
	w.must(err)
	return list, unread
}

// history gives somebody's history as "channel state why".
func (w *world) history(who care.Actor) (lines []string) {
	w.t.Helper()
	list, _, err := w.notify.History(context.Background(), who, who.User, care.DeliveryID{}, 100)
	w.must(err)
	for _, d := range list {
		line := string(d.Channel) + " " + string(d.State)
		if d.Why != "" {
			line += " " + string(d.Why)
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

func (w *world) narrow(who care.Actor, columns string, values ...any) {
	w.t.Helper()
	w.exec(`INSERT INTO notification_people (user_id, org_id, off, mentions, quiet, quiet_from, quiet_to, quiet_days, time_zone, digest, daily_at, sound, version)
		VALUES ($1, $2, 0, 0, FALSE, 1320, 420, 127, NULL, 'at_once', 480, 'chime', 1) ON CONFLICT DO NOTHING`, who.User, who.Org)
	w.exec(`UPDATE notification_people SET `+columns+` WHERE user_id = $1`, append([]any{who.User}, values...)...)
}

func (w *world) ctx() context.Context { return context.Background() }

func (w *world) appendEvent(e outbox.Event) {
	w.t.Helper()
	w.must(w.db.Write(w.ctx(), func(tx *db.Tx) error { return outbox.Append(w.ctx(), tx, e) }))
}
