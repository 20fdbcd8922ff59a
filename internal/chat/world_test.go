package chat

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// world is a practice with people, and a second practice that must never be seen.
type world struct {
	t      testing.TB
	db     *db.DB
	chat   *Service
	events *recorder
	now    time.Time

	org, other                     care.OrgID
	noor, elias, sam, mallory      care.Actor // dietitian, physician, support with the inbox; owner elsewhere
	leilani, maya, arjun, stranger care.Actor // clients; the stranger belongs to mallory
	group                          care.GroupID
}

// recorder collects what is published.
type recorder struct {
	mu     sync.Mutex
	events []care.Event
}

func (r *recorder) Publish(events ...care.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, events...)
}

// wait gives the recorder time until a message was published: its sender is answered
// before.
func (r *recorder) wait(id care.MessageID) {
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		r.mu.Lock()
		found := slices.ContainsFunc(r.events, func(e care.Event) bool { return e.Message != nil && e.Message.ID == id })
		r.mu.Unlock()
		if found {
			return
		}
	}
}

func (r *recorder) take() []care.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	events := r.events
	r.events = nil
	return events
}

// engines runs a test in a fresh world on both engines.
func engines(t *testing.T, test func(w *world)) {
	t.Helper()
	testkit.Engines(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) *world {
	w := &world{t: t, db: d, events: &recorder{}, now: time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)}
	w.chat = New(d, func() time.Time { return w.now }, w.events)
	t.Cleanup(w.chat.Close)
	w.org, w.other = w.organization("Alder Row Clinic"), w.organization("Elsewhere")
	w.group = care.NewID[care.GroupID](w.now)
	w.exec(`INSERT INTO client_groups (id, org_id, name, version, created_at, request_hash) VALUES ($1, $2, 'Steady', 1, 0, $3)`, w.group, w.org, []byte{})
	w.noor = w.staff(w.org, "Noor Haddad", care.RoleProvider)
	w.elias = w.staff(w.org, "Elias Brandt", care.RoleProvider)
	w.sam = w.staff(w.org, "Sam Whitehorse", care.RoleSupport)
	w.mallory = w.staff(w.other, "Mallory", care.RoleOwner)
	w.leilani = w.client(w.org, "Leilani Kahale", w.noor)
	w.maya = w.client(w.org, "Maya Lindqvist", w.noor)
	w.arjun = w.client(w.org, "Arjun Mehta", w.elias)
	w.stranger = w.client(w.other, "Stranger", w.mallory)
	return w
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	err := w.db.Write(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), query, args...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) organization(name string) care.OrgID {
	id := care.NewID[care.OrgID](w.now)
	w.exec(`INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
		VALUES ($1, $2, 'UTC', 'optional', TRUE, TRUE, 1, 0)`, id, name)
	return id
}

func (w *world) person(org care.OrgID, kind care.PersonKind, name string) care.UserID {
	id := care.NewID[care.UserID](w.now)
	w.exec(`INSERT INTO people (id, org_id, kind, name, sort_name, created_at, request_hash) VALUES ($1, $2, $3, $4, LOWER($5), 0, $6)`,
		id, org, string(kind), name, name, []byte{})
	return id
}

func (w *world) staff(org care.OrgID, name string, role care.Role) care.Actor {
	id := w.person(org, care.KindStaff, name)
	w.exec(`INSERT INTO staff (user_id, org_id, role, clients_may_start, active, version) VALUES ($1, $2, $3, TRUE, TRUE, 1)`, id, org, string(role))
	return care.Actor{Org: org, User: id, Kind: care.KindStaff, Name: name, Role: role, Permissions: care.DefaultPermissions(role)}
}

func (w *world) client(org care.OrgID, name string, provider care.Actor) care.Actor {
	id := w.person(org, care.KindClient, name)
	w.exec(`INSERT INTO clients (user_id, org_id, state, group_id, primary_provider_id, default_direct, default_community, version)
		VALUES ($1, $2, 'active', $3, $4, TRUE, TRUE, 1)`, id, org, w.groupOf(org), provider.User)
	w.exec(`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, id, provider.User)
	return care.Actor{Org: org, User: id, Kind: care.KindClient, Name: name}
}

func (w *world) groupOf(org care.OrgID) care.GroupID {
	if org == w.org {
		return w.group
	}
	return care.GroupID{}
}

// set writes a client's own switch.
func (w *world) set(client care.Actor, column string, on any) {
	w.t.Helper()
	w.exec(`UPDATE clients SET `+column+` = $2 WHERE user_id = $1`, client.User, on)
}

// open starts a conversation and fails the test when it is refused.
func (w *world) open(actor care.Actor, kind care.ConversationKind, members ...care.Actor) Conversation {
	w.t.Helper()
	o := Opening{Kind: kind}
	for _, m := range members {
		o.Members = append(o.Members, m.User)
	}
	opened, err := w.chat.Open(context.Background(), actor, o)
	if err != nil {
		w.t.Fatalf("opening: %v", err)
	}
	w.events.take()
	return opened.Conversation
}

// say sends a message and fails the test when it is refused.
func (w *world) say(actor care.Actor, in Conversation, body string) care.Message {
	w.t.Helper()
	m, _, err := w.trySay(actor, in, body)
	if err != nil {
		w.t.Fatalf("sending: %v", err)
	}
	w.events.wait(m.ID)
	return m
}

func (w *world) trySay(actor care.Actor, in Conversation, body string) (care.Message, bool, error) {
	return w.chat.Send(context.Background(), actor, Draft{Conversation: in.ID, Body: body})
}

func (w *world) look(actor care.Actor, in Conversation) Conversation {
	w.t.Helper()
	c, err := w.chat.Conversation(context.Background(), actor, in.ID)
	if err != nil {
		w.t.Fatalf("looking: %v", err)
	}
	return c
}

// history gives the bodies of a page, with their numbers.
func (w *world) history(actor care.Actor, in Conversation, page Page) []string {
	w.t.Helper()
	if page.Limit == 0 {
		page.Limit = 200
	}
	list, _, err := w.chat.Messages(context.Background(), actor, in.ID, page)
	if err != nil {
		w.t.Fatalf("reading: %v", err)
	}
	var lines []string
	for _, m := range list {
		lines = append(lines, strconv.FormatInt(m.Seq, 10)+" "+plain(m))
	}
	return lines
}

// plain gives a message's text with the names of those it mentions.
func plain(m care.Message) string {
	body := m.Body
	for _, p := range m.Mentions {
		body = strings.ReplaceAll(body, care.Mention(p.ID), p.Name)
	}
	return body
}

// refused checks the code of a refusal.
func (w *world) refused(err error, code care.Code) *care.Error {
	w.t.Helper()
	var refusal *care.Error
	if !errors.As(err, &refusal) || refusal.Code != code {
		w.t.Fatalf("got %v, want the code %s", err, code)
	}
	return refusal
}

func (w *world) count(query string, args ...any) (n int64) {
	w.t.Helper()
	err := w.db.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRow(context.Background(), query, args...).Scan(&n)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}
