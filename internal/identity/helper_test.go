package identity_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/identity"
	"hearth/internal/jobs"
	"hearth/internal/mail"
	"hearth/internal/testkit"
)

// cheap hashes quickly; tests of the hash itself use other costs.
var cheap = identity.HashParams{Passes: 1, MemoryKiB: 64, Threads: 1}

const (
	right = "correct horse battery"
	wrong = "incorrect horse"
	home  = "192.0.2.7"
)

// house is an installation for one test: two practices, their people, a clock, the mails
// that went out and the events that were published.
type house struct {
	*testing.T
	*identity.Service
	db     *db.DB
	clock  *testkit.Clock
	bus    bus.Bus
	runner *jobs.Runner
	post   *postbox

	mu     sync.Mutex
	events []care.Event
}

// postbox keeps mails instead of sending them.
type postbox struct {
	mu    sync.Mutex
	mails []mail.Message
	fail  error
}

func (p *postbox) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fail != nil {
		return p.fail
	}
	p.mails = append(p.mails, m)
	return nil
}

func each(t *testing.T, cfg identity.Config, test func(h *house)) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) { test(newHouse(t, d, cfg)) })
}

func newHouse(t *testing.T, d *db.DB, cfg identity.Config) *house {
	h := &house{T: t, db: d, clock: testkit.NewClock(time.Time{}), bus: bus.New()}
	if cfg.Hash.Passes == 0 {
		cfg.Hash = cheap
	}
	if box, ok := cfg.Mail.(*postbox); ok { // one for each engine
		box.mails, box.fail = nil, nil
		h.post = box
	}
	cfg.Bus, cfg.PublicURL = h.bus, "https://chat.example.org/"
	h.bus.Subscribe(func(e care.Event) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.events = append(h.events, e)
	})
	h.Service = identity.New(d, h.clock.Now, cfg)
	t.Cleanup(h.Close)
	h.runner = jobs.New(d, h.clock.Now, jobs.Config{})
	h.Register(h.runner)
	return h
}

func (h *house) write(f func(ctx context.Context, tx *db.Tx) error) {
	h.Helper()
	if err := h.db.Write(h.Context(), func(tx *db.Tx) error { return f(h.Context(), tx) }); err != nil {
		h.Fatal(err)
	}
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

func (h *house) number(query string, args ...any) (n int) {
	h.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) })
	return n
}

func (h *house) practice(name string) care.OrgID {
	id := care.NewID[care.OrgID](h.clock.Now())
	h.exec(`INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
		VALUES ($1, $2, 'UTC', 'optional', TRUE, TRUE, 1, 0)`, id, name)
	return id
}

func (h *house) person(org care.OrgID, kind care.PersonKind, email string) care.UserID {
	id := care.NewID[care.UserID](h.clock.Now())
	var address any
	if email != "" {
		address = email
	}
	h.exec(`INSERT INTO people (id, org_id, kind, name, sort_name, email, created_at) VALUES ($1, $2, $3, $4, $5, $6, 0)`,
		id, org, string(kind), "Name of "+email, email, address)
	return id
}

// staff makes a member of staff with the role's permissions and the right password.
func (h *house) staff(org care.OrgID, role care.Role, email string) care.UserID {
	id := h.person(org, care.KindStaff, email)
	h.exec(`INSERT INTO staff (user_id, org_id, role, clients_may_start, active, version) VALUES ($1, $2, $3, TRUE, TRUE, 1)`, id, org, string(role))
	h.password(id, right)
	return id
}

// client makes a client without a password.
func (h *house) client(org care.OrgID, provider care.UserID, email string) care.UserID {
	id := h.person(org, care.KindClient, email)
	h.exec(`INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)
		VALUES ($1, $2, 'active', $3, TRUE, TRUE, 1)`, id, org, provider)
	return id
}

func (h *house) password(user care.UserID, password string) {
	h.Helper()
	hash, err := h.HashPassword(password)
	if err != nil {
		h.Fatal(err)
	}
	h.write(func(ctx context.Context, tx *db.Tx) error { return h.SetPassword(ctx, tx, user, hash) })
}

// try signs in as a browser.
func (h *house) try(email, password string) (identity.Session, error) {
	return h.SignIn(h.Context(), identity.SignIn{Email: email, Password: password, RemoteIP: home})
}

func (h *house) in(email string) identity.Session {
	h.Helper()
	session, err := h.try(email, right)
	if err != nil {
		h.Fatalf("signing in: %v", err)
	}
	return session
}

// who authenticates and gives the person's id, or the zero id.
func (h *house) who(token string) care.UserID {
	h.Helper()
	actor, err := h.Authenticate(h.Context(), token)
	if err != nil && !errors.Is(err, care.Unauthenticated) {
		h.Fatal(err)
	}
	return actor.User
}

func (h *house) work() {
	h.Helper()
	if _, err := h.runner.Work(h.Context()); err != nil {
		h.Fatal(err)
	}
}

// want checks the class of an error; "" is none.
func (h *house) want(what string, err error, kind care.Kind) {
	h.Helper()
	if (kind == "" && err != nil) || (kind != "" && !errors.Is(err, kind)) {
		h.Errorf("%s: %v, want %q", what, err, kind)
	}
}

// audited gives the actions recorded for an organization since the last call, as
// "action why".
func (h *house) audited(org care.OrgID) (list []string) {
	h.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) error {
		rows, err := db.Many(ctx, tx, func(row db.Scanner) (string, error) {
			var action, details string
			err := row.Scan(&action, &details)
			var d map[string]any
			_ = json.Unmarshal([]byte(details), &d)
			if d["why"] != nil {
				action += fmt.Sprint(" ", d["why"])
			}
			return action, err
		}, `SELECT action, details FROM audit_log WHERE org_id = $1 ORDER BY n`, org)
		list = rows
		return err
	})
	return list
}

// since gives what was recorded after the first n rows.
func (h *house) since(org care.OrgID, n int) string {
	h.Helper()
	return fmt.Sprint(h.audited(org)[n:])
}
