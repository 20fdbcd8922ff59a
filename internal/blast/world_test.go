package blast

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"hearth/internal/attach"
	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// world is a practice with people, and a second practice that must never be seen.
type world struct {
	t      testing.TB
	db     *db.DB
	chat   *chat.Service
	attach *attach.Service
	blasts *Service
	events *recorder
	clock  *testkit.Clock

	org, other care.OrgID
	// Of staff: a dietitian who sends, a physician without other people's clients, support
	// with the inbox and without blasts, the owner, and the owner of the other practice.
	noor, elias, sam, olga, mallory care.Actor
	leilani, maya, arjun, stranger  care.Actor
	group                           care.GroupID
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
	w := &world{t: t, db: d, events: &recorder{}, clock: testkit.NewClock(time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC))}
	w.chat = chat.New(d, w.clock.Now, w.events)
	t.Cleanup(w.chat.Close)
	dir := t.TempDir()
	files, err := blob.Open(context.Background(), blob.Config{URL: dir + "/files", KeyFile: dir + "/files.key", Clock: w.clock.Now, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	w.attach = attach.New(d, w.clock.Now, files, attach.Limits{})
	w.blasts = New(d, w.clock.Now, w.chat, w.attach, w.events)
	w.org, w.other = w.organization("Alder Row Clinic"), w.organization("Elsewhere")
	w.group = w.clientGroup(w.org, "Steady Plates")
	w.noor = w.staff(w.org, "Noor Haddad", care.RoleProvider)
	w.elias = w.staff(w.org, "Dr. Elias Brandt", care.RoleProvider)
	w.sam = w.staff(w.org, "Sam Whitehorse", care.RoleSupport)
	w.olga = w.staff(w.org, "Olga Owner", care.RoleOwner)
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

func (w *world) organization(name string) care.OrgID {
	id := care.NewID[care.OrgID](w.clock.Now())
	w.exec(`INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
		VALUES ($1, $2, 'America/Los_Angeles', 'optional', TRUE, TRUE, 1, 0)`, id, name)
	return id
}

func (w *world) clientGroup(org care.OrgID, name string) care.GroupID {
	id := care.NewID[care.GroupID](w.clock.Now())
	w.exec(`INSERT INTO client_groups (id, org_id, name, version, created_at, request_hash) VALUES ($1, $2, $3, 1, 0, $4)`, id, org, name, []byte{})
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
	return care.Actor{Org: org, User: id, Kind: care.KindStaff, Name: name, Role: role, Permissions: care.DefaultPermissions(role)}
}

func (w *world) client(org care.OrgID, name string, provider care.Actor) care.Actor {
	id := w.person(org, care.KindClient, name)
	w.exec(`INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)
		VALUES ($1, $2, 'active', $3, TRUE, TRUE, 1)`, id, org, provider.User)
	w.exec(`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, id, provider.User)
	return care.Actor{Org: org, User: id, Kind: care.KindClient, Name: name}
}

// clients adds many clients of one provider in few statements.
func (w *world) clients(n int, provider care.Actor) []care.UserID {
	w.t.Helper()
	ids := make([]care.UserID, n)
	for start := 0; start < n; start += 2000 {
		err := w.db.Write(context.Background(), func(tx *db.Tx) error {
			for at := start; at < min(start+2000, n); at += 100 {
				var people, clients, teams []any
				for i := at; i < min(at+100, n); i++ {
					ids[i] = care.NewID[care.UserID](w.clock.Now())
					name := fmt.Sprintf("Client %06d", i)
					people = append(people, ids[i], provider.Org, "client", name, name, ids[i].String()+"@example.org", 0, []byte{})
					clients = append(clients, ids[i], provider.Org, "active", provider.User, true, true, 1)
					teams = append(teams, ids[i], provider.User)
				}
				rows := len(teams) / 2
				for _, s := range []struct {
					into    string
					columns int
					values  []any
				}{
					{`people (id, org_id, kind, name, sort_name, email, created_at, request_hash)`, 8, people},
					{`clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)`, 7, clients},
					{`care_team (client_id, staff_id)`, 2, teams},
				} {
					if _, err := tx.Exec(context.Background(), `INSERT INTO `+s.into+` VALUES `+db.Rows(1, rows, s.columns), s.values...); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
	return ids
}

// set writes a column of a client.
func (w *world) set(client care.Actor, column string, value any) {
	w.t.Helper()
	w.exec(`UPDATE clients SET `+column+` = $2 WHERE user_id = $1`, client.User, value)
}

// blast makes a blast and fails the test when it is refused.
func (w *world) blast(actor care.Actor, r Request) *Blast {
	w.t.Helper()
	b, _, err := w.blasts.Create(context.Background(), actor, r)
	if err != nil {
		w.t.Fatalf("sending a blast: %v", err)
	}
	return b
}

// work sends until there is nothing to do.
func (w *world) work() {
	w.t.Helper()
	for {
		worked, err := w.blasts.Work(context.Background())
		if err != nil {
			w.t.Fatal(err)
		}
		if !worked {
			return
		}
	}
}

// get gives a blast as it is now.
func (w *world) get(actor care.Actor, b *Blast) *Blast {
	w.t.Helper()
	got, err := w.blasts.Get(context.Background(), actor, b.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// outcome gives what became of the recipients: "Name: sent", "Name: skipped direct_off".
func (w *world) outcome(actor care.Actor, b *Blast, f OutcomeFilter) (lines []string) {
	w.t.Helper()
	list, _, err := w.blasts.Recipients(context.Background(), actor, b.ID, f, 0, 200)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, o := range list {
		line := o.Name + ": " + o.State
		if o.Why != "" {
			line += " " + o.Why
		}
		lines = append(lines, line)
	}
	return lines
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

func named(actors ...care.Actor) Recipients {
	var r Recipients
	for _, a := range actors {
		r.Clients = append(r.Clients, a.User)
	}
	return r
}
