package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
	"hearth/internal/outward"
	"hearth/internal/testkit"
)

var ctx = context.Background()

// loopback is the network in which the tests' own servers are.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}

// world is a practice with webhooks, and a second one.
type world struct {
	t      testing.TB
	db     *db.DB
	clock  *testkit.Clock
	svc    *Service
	outbox *outbox.Outbox

	org, other           care.OrgID
	olga, sally, mallory care.Actor // an owner, of support, and the other practice's owner
}

func engines(t *testing.T, test func(w *world)) {
	t.Helper()
	testkit.Engines(t, func(t *testing.T, d *db.DB) { test(newWorld(t, d)) })
}

func newWorld(t testing.TB, d *db.DB) *world {
	w := &world{t: t, db: d, clock: testkit.NewClock(time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC))}
	w.svc = w.node()
	w.outbox = outbox.New(d, w.clock.Now, w.svc)
	w.org, w.other = w.organization("Alder Row Clinic"), w.organization("Elsewhere")
	w.olga, w.sally, w.mallory = w.actor(w.org, care.RoleOwner), w.actor(w.org, care.RoleSupport), w.actor(w.other, care.RoleOwner)
	return w
}

// node is another program over the same store.
func (w *world) node() *Service {
	out := outward.New(loopback)
	w.t.Cleanup(out.Close)
	return New(w.db, w.clock.Now, out)
}

func (w *world) organization(name string) care.OrgID {
	id := care.NewID[care.OrgID](w.clock.Now())
	w.exec(`INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
		VALUES ($1, $2, 'UTC', 'optional', TRUE, TRUE, 1, 0)`, id, name)
	return id
}

func (w *world) actor(org care.OrgID, role care.Role) care.Actor {
	return care.Actor{Org: org, User: care.NewID[care.UserID](w.clock.Now()), Kind: care.KindStaff, Name: string(role), Role: role, Permissions: care.DefaultPermissions(role)}
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	w.must(w.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	}))
}

func (w *world) count(query string, args ...any) (n int) {
	w.t.Helper()
	w.must(w.db.Read(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, query, args...).Scan(&n) }))
	return n
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) refused(err error, kind care.Kind, field string) {
	w.t.Helper()
	var refusal *care.Error
	if refusal, _ = err.(*care.Error); refusal == nil || refusal.Kind != kind {
		w.t.Errorf("%v, want %s", err, kind)
		return
	}
	if field != "" && (len(refusal.Fields) != 1 || refusal.Fields[0].Field != field) {
		w.t.Errorf("the field is %v, want %s", refusal.Fields, field)
	}
}

// received is a call as it came.
type received struct {
	Header http.Header
	Body   string
	Path   string
}

func (r received) id() string { return r.Header.Get("webhook-id") }

// receiver is another program. It answers with what answer says, 204 without one.
type receiver struct {
	*httptest.Server
	mu     sync.Mutex
	calls  []received
	answer func(w http.ResponseWriter, r *http.Request, n int)
}

func (w *world) receiver(answer func(w http.ResponseWriter, r *http.Request, n int)) *receiver {
	r := &receiver{answer: answer}
	r.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) {
		body, _ := io.ReadAll(q.Body)
		r.mu.Lock()
		r.calls = append(r.calls, received{Header: q.Header, Body: string(body), Path: q.URL.RequestURI()})
		n := len(r.calls)
		r.mu.Unlock()
		if r.answer == nil {
			rw.WriteHeader(http.StatusNoContent)
			return
		}
		r.answer(rw, q, n)
	}))
	w.t.Cleanup(r.Close)
	return r
}

// status answers always the same.
func status(code int) func(http.ResponseWriter, *http.Request, int) {
	return func(w http.ResponseWriter, _ *http.Request, _ int) { w.WriteHeader(code) }
}

func (r *receiver) got() []received {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.calls)
}

func (r *receiver) bodies() (list []string) {
	for _, c := range r.got() {
		list = append(list, c.Body)
	}
	slices.Sort(list)
	return list
}

// endpoint makes a webhook for events, all of them where none is named.
func (w *world) endpoint(url string, events ...Event) (*Endpoint, string) {
	w.t.Helper()
	if len(events) == 0 {
		events = Events
	}
	e, secret, err := w.svc.Create(ctx, w.olga, NewEndpoint{URL: url, Events: events})
	w.must(err)
	return e, secret.Reveal()
}

// look gives a webhook as it is now.
func (w *world) look(id care.WebhookID) *Endpoint {
	w.t.Helper()
	list, err := w.svc.List(ctx, w.olga)
	w.must(err)
	for _, e := range list {
		if e.ID == id {
			return e
		}
	}
	w.t.Fatal("there is no such webhook")
	return nil
}

func (w *world) edit(id care.WebhookID, c Change) *Endpoint {
	w.t.Helper()
	c.Version = w.look(id).Version
	e, err := w.svc.Edit(ctx, w.olga, id, c)
	w.must(err)
	return e
}

// deliveries gives what there is of a webhook, newest first.
func (w *world) deliveries(id care.WebhookID) []*Delivery {
	w.t.Helper()
	list, _, err := w.svc.Deliveries(ctx, w.olga, id, Filter{Limit: 1000})
	w.must(err)
	return list
}

func (w *world) only(id care.WebhookID) *Delivery {
	w.t.Helper()
	list := w.deliveries(id)
	if len(list) != 1 {
		w.t.Fatalf("%d deliveries", len(list))
	}
	return list[0]
}

// happens notes events and has the outbox hand them out.
func (w *world) happens(events ...outbox.Event) {
	w.t.Helper()
	for i := range events {
		if events[i].Org.IsZero() {
			events[i].Org = w.org
		}
		events[i].At = w.clock.Now()
	}
	w.must(w.db.Write(ctx, func(tx *db.Tx) error { return outbox.Append(ctx, tx, events...) }))
	w.handOut()
}

func (w *world) handOut() {
	w.t.Helper()
	for {
		worked, err := w.outbox.Work(ctx)
		w.must(err)
		if !worked {
			return
		}
	}
}

// message is that somebody wrote, as the n-th in a conversation.
func message(n int64) outbox.Event {
	return outbox.Event{Kind: outbox.MessageCreated, Subject: [16]byte{7}, Seq: n}
}

func messages(n int) []outbox.Event {
	list := make([]outbox.Event, n)
	for i := range list {
		list[i] = message(int64(i + 1))
	}
	return list
}

// work sends what is due, and wants so many calls.
func (w *world) work(want int) {
	w.t.Helper()
	calls, err := w.svc.Work(ctx)
	w.must(err)
	if calls != want {
		w.t.Errorf("%d calls, want %d", calls, want)
	}
}

// until works as often as there is something to do within a time, moving the clock, and
// gives when calls were made.
func (w *world) until(end time.Time) (at []time.Time) {
	w.t.Helper()
	for ; w.clock.Now().Before(end); w.clock.Advance(time.Minute) {
		calls, err := w.svc.Work(ctx)
		w.must(err)
		for range calls {
			at = append(at, w.clock.Now())
		}
		if w.clock.Now().Minute() == 0 {
			w.must(w.svc.Sweep(ctx))
		}
	}
	return at
}

// acts gives what is on record of webhooks, oldest first, with details as they are stored.
func (w *world) acts() (list []string) {
	w.t.Helper()
	reader := care.Actor{Org: w.org, Kind: care.KindStaff, Permissions: care.PermissionsOf(care.ReadAuditLog)}
	rows, _, err := audit.List(ctx, w.db, reader, audit.Filter{Limit: 200})
	w.must(err)
	for _, row := range rows {
		list = append(list, row.Action)
	}
	slices.Reverse(list)
	return list
}

// genuine is how a receiver that follows the text of Standard Webhooks checks a call: it
// shares nothing with the code that signs.
func genuine(secret string, call received, now time.Time) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	sent, failed := strconv.ParseInt(call.Header.Get("webhook-timestamp"), 10, 64)
	if err != nil || failed != nil || len(key) < 24 || now.Sub(time.Unix(sent, 0)).Abs() > 5*time.Minute {
		return false
	}
	mac := hmac.New(sha256.New, key)
	io.WriteString(mac, call.id()+"."+call.Header.Get("webhook-timestamp")+"."+call.Body)
	for _, one := range strings.Split(call.Header.Get("webhook-signature"), " ") {
		version, value, _ := strings.Cut(one, ",")
		given, err := base64.StdEncoding.DecodeString(value)
		if version == "v1" && err == nil && hmac.Equal(given, mac.Sum(nil)) {
			return true
		}
	}
	return false
}

// parsed reads a body and refuses keys that it should not have.
func parsed(t testing.TB, body string) (kind string, data map[string]any) {
	t.Helper()
	var whole map[string]any
	if err := json.Unmarshal([]byte(body), &whole); err != nil || len(whole) != 3 {
		t.Fatalf("%s: %v", body, err)
	}
	if _, err := time.Parse(timeForm, whole["timestamp"].(string)); err != nil {
		t.Errorf("the time %v", whole["timestamp"])
	}
	return whole["type"].(string), whole["data"].(map[string]any)
}
