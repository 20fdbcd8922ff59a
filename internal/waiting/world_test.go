package waiting_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/jobs"
	"hearth/internal/opening"
	"hearth/internal/outbox"
	"hearth/internal/testkit"
	"hearth/internal/waiting"
)

var ctx = context.Background()

// world is a practice in UTC with people, and its outbox.
type world struct {
	t       testing.TB
	db      *db.DB
	clock   *testkit.Clock
	chat    *chat.Service
	waiting *waiting.Service
	outbox  *outbox.Outbox
	told    *ear
	events  *recorder

	org                           care.OrgID
	noor, elias, sam, olga, leila care.Actor // a provider, another, support with the inbox, the owner, a client
	maya, arjun                   care.Actor // clients of noor and of elias
}

type recorder struct {
	mu     sync.Mutex
	events []care.Event
}

func (r *recorder) Publish(events ...care.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, events...)
}

// waits counts what devices of staff were told of waiting times.
func (r *recorder) waits() (n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, e := range r.events {
		if e.Type == care.EventWaitingUpdated {
			n++
		}
	}
	r.events = nil
	return n
}

// ear notes the reminders that notifications are made of.
type ear struct {
	mu    sync.Mutex
	heard []string
}

func (e *ear) Name() string { return "ear" }

func (e *ear) Take(_ context.Context, _ *db.Tx, events []*outbox.Event) (func(), error) {
	var heard []string
	for _, one := range events {
		if one.Kind == outbox.UnansweredTeam || one.Kind == outbox.UnansweredQueue {
			heard = append(heard, fmt.Sprintf("%s %s %d", one.Kind, one.Conversation(), one.Seq))
		}
	}
	return func() { e.mu.Lock(); e.heard = append(e.heard, heard...); e.mu.Unlock() }, nil
}

// monday is when worlds begin: 9:00, when the practice opens.
var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

func engines(t *testing.T, test func(w *world)) {
	t.Helper()
	testkit.Engines(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) *world {
	w := &world{t: t, db: d, clock: testkit.NewClock(monday), told: &ear{}, events: &recorder{}}
	w.chat = chat.New(d, w.clock.Now, w.events)
	t.Cleanup(w.chat.Close)
	w.waiting = waiting.New(d, w.clock.Now, w.events)
	w.outbox = outbox.New(d, w.clock.Now, w.waiting, w.told)
	w.org = care.NewID[care.OrgID](monday)
	w.exec(`INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
		VALUES ($1, 'Alder Row Clinic', 'UTC', 'optional', TRUE, TRUE, 1, 0)`, w.org)
	w.noor = w.staff("Noor Haddad", care.RoleProvider)
	w.elias = w.staff("Elias Brandt", care.RoleProvider)
	w.sam = w.staff("Sam Whitehorse", care.RoleSupport)
	w.olga = w.staff("Olga Owner", care.RoleOwner)
	w.leila = w.client("Leila Kahale", w.noor)
	w.maya = w.client("Maya Lindqvist", w.noor)
	w.arjun = w.client("Arjun Mehta", w.elias)
	return w
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) person(kind care.PersonKind, name string) care.UserID {
	id := care.NewID[care.UserID](w.clock.Now())
	w.exec(`INSERT INTO people (id, org_id, kind, name, sort_name, created_at, request_hash) VALUES ($1, $2, $3, $4, LOWER($5), 0, $6)`,
		id, w.org, string(kind), name, name, []byte{})
	return id
}

func (w *world) staff(name string, role care.Role) care.Actor {
	id := w.person(care.KindStaff, name)
	w.exec(`INSERT INTO staff (user_id, org_id, role, clients_may_start, active, version) VALUES ($1, $2, $3, TRUE, TRUE, 1)`, id, w.org, string(role))
	return care.Actor{Org: w.org, User: id, Kind: care.KindStaff, Name: name, Role: role, Permissions: care.DefaultPermissions(role)}
}

func (w *world) client(name string, provider care.Actor) care.Actor {
	id := w.person(care.KindClient, name)
	w.exec(`INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)
		VALUES ($1, $2, 'active', $3, TRUE, TRUE, 1)`, id, w.org, provider.User)
	w.exec(`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, id, provider.User)
	return care.Actor{Org: w.org, User: id, Kind: care.KindClient, Name: name}
}

func (w *world) open(kind care.ConversationKind, actor care.Actor, others ...care.Actor) care.ConversationID {
	w.t.Helper()
	o := chat.Opening{Kind: kind, Separate: kind == care.Direct}
	for _, other := range others {
		o.Members = append(o.Members, other.User)
	}
	opened, err := w.chat.Open(ctx, actor, o)
	if err != nil {
		w.t.Fatal(err)
	}
	return opened.Conversation.ID
}

func (w *world) say(actor care.Actor, in care.ConversationID) care.Message {
	w.t.Helper()
	sent, _, err := w.chat.Send(ctx, actor, chat.Draft{Conversation: in, Body: "Something was written"})
	if err != nil {
		w.t.Fatal(err)
	}
	return sent
}

func (w *world) close(in care.ConversationID, closed bool) {
	w.t.Helper()
	if _, err := w.chat.SetClosed(ctx, w.noor, in, closed); err != nil {
		w.t.Fatal(err)
	}
}

// settle works until nothing is left to do.
func (w *world) settle() {
	w.t.Helper()
	for range 200 {
		heard, err := w.outbox.Work(ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		worked, err := w.waiting.Work(ctx)
		if err != nil {
			w.t.Fatal(err)
		}
		if !heard && !worked {
			return
		}
	}
	w.t.Fatal("there is always work")
}

// later moves the clock, and settles.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.clock.Advance(d)
	w.settle()
}

// reminded takes the reminders since it was last asked.
func (w *world) reminded() []string {
	w.told.mu.Lock()
	defer w.told.mu.Unlock()
	heard := w.told.heard
	w.told.heard = nil
	slices.Sort(heard)
	return heard
}

func (w *world) wantReminded(when string, want ...string) {
	w.t.Helper()
	slices.Sort(want)
	if got := w.reminded(); !slices.Equal(got, want) {
		w.t.Errorf("%s: %q, want %q", when, got, want)
	}
}

func team(id care.ConversationID, seq int64) string {
	return fmt.Sprintf("%s %s %d", outbox.UnansweredTeam, id, seq)
}

func queue(id care.ConversationID, seq int64) string {
	return fmt.Sprintf("%s %s %d", outbox.UnansweredQueue, id, seq)
}

// wait gives how a conversation waits: "", "09:00" or "09:00 overdue".
func (w *world) wait(id care.ConversationID) string {
	w.t.Helper()
	found, err := w.waiting.Waits(ctx, w.noor, []care.ConversationID{id})
	if err != nil {
		w.t.Fatal(err)
	}
	one, waits := found[id]
	if !waits {
		return ""
	}
	text := one.Since.Format("15:04")
	if one.Overdue {
		text += " overdue"
	}
	return text
}

func (w *world) wantWait(when string, id care.ConversationID, want string) {
	w.t.Helper()
	if got := w.wait(id); got != want {
		w.t.Errorf("%s it waits %q, want %q", when, got, want)
	}
}

// remind switches reminders on after so many hours, for an office in UTC.
func (w *world) remind(hours, queueAfter int64) waiting.Settings {
	w.t.Helper()
	now, err := w.waiting.Settings(ctx, w.olga)
	if err != nil {
		w.t.Fatal(err)
	}
	on := true
	now, err = w.waiting.SetSettings(ctx, w.olga, waiting.Edit{Version: now.Version, On: &on, Hours: &hours, QueueAfter: &queueAfter})
	if err != nil {
		w.t.Fatal(err)
	}
	return now
}

func (w *world) code(err error, want care.Code) *care.Error {
	w.t.Helper()
	var refusal *care.Error
	if !errors.As(err, &refusal) || refusal.Code != want {
		w.t.Fatalf("got %v, want %s", err, want)
	}
	return refusal
}

func (w *world) runner() *jobs.Runner {
	r := jobs.New(w.db, w.clock.Now, jobs.Config{})
	w.chat.Register(r)
	return r
}

func office() opening.Week { return opening.Workdays("UTC") }
