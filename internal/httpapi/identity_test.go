package httpapi

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"hearth/internal/autoreply"
	"hearth/internal/blast"
	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/identity"
	"hearth/internal/notes"
	"hearth/internal/notify"
	"hearth/internal/onboard"
	"hearth/internal/outward"
	"hearth/internal/preference"
	"hearth/internal/templates"
	"hearth/internal/testkit"
	"hearth/internal/transcript"
	"hearth/internal/waiting"
	"hearth/internal/webhook"
	"hearth/internal/wire"
)

// office is a server with real services over one database.
type office struct {
	*testing.T
	server  *httptest.Server
	deps    Deps
	clock   *testkit.Clock
	code    string
	onboard *onboard.Service
	bus     bus.Bus
}

func newOffice(t *testing.T, d *db.DB) *office { return officeWith(t, d, true) }

// officeWith makes an office whose calls are limited in their rate or not.
func officeWith(t *testing.T, d *db.DB, limited bool) *office {
	t.Helper()
	o := &office{T: t, clock: testkit.NewClock(time.Now()), bus: bus.New()}
	logger := slog.New(slog.DiscardHandler)
	people := directory.New(d, o.clock.Now)
	accounts := identity.New(d, o.clock.Now, identity.Config{
		Hash: identity.HashParams{Passes: 1, MemoryKiB: 64, Threads: 1}, PublicURL: "http://hearth.test", Bus: o.bus, Seen: people.Seen, Ended: notify.SessionsEnded,
	})
	chats := chat.New(d, o.clock.Now, o.bus)
	o.onboard = onboard.New(d, o.clock.Now, people, accounts, chats, o.bus)
	rights := chataccess.New(d, o.clock.Now, chats, o.bus)
	chats.SettleBy(rights.SettleClient)
	answers := autoreply.New(d, o.clock.Now, chats, people, o.bus)
	o.onboard.GreetBy(answers.Greet)
	files := newFiles(t, o.clock.Now)
	attached := newAttach(d, o.clock.Now, files)
	setup, code := NewSetupCode()
	o.code = code
	o.deps = Deps{
		Authenticate: accounts.Authenticate, Identity: accounts, Onboard: o.onboard, Directory: people, DB: d, Chat: chats, Search: chat.NewSearch(chats), ChatAccess: rights,
		Notes: notes.New(d, o.clock.Now, chats, o.bus), Attach: attached, Templates: templates.NewService(d, o.clock.Now, chats, people), AutoReply: answers,
		Transcript: transcript.New(d, o.clock.Now, chats, people, attached, files, nil), Blasts: blast.New(d, o.clock.Now, chats, attached, o.bus),
		Webhooks:    webhook.New(d, o.clock.Now, outward.New([]netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")})),
		Waiting:     waiting.New(d, o.clock.Now, o.bus),
		Preferences: preference.New(d, o.clock.Now, func() {}, o.bus),
		Notify:      notified(o, d, chats),
		SetupCode:   setup, Clock: o.clock.Now, Logger: logger, RateLimits: limited,
	}
	handler, err := New(o.deps)
	if err != nil {
		t.Fatal(err)
	}
	o.server = httptest.NewServer(Edge{Gate: NewGate(nil, nil), Logger: logger, Clock: o.clock.Now}.Wrap(handler))
	t.Cleanup(func() {
		o.server.Close()
		rights.Close()
		chats.Close()
		accounts.Close()
	})
	return o
}

// practice makes an organization and its owner, who has the password below.
func (o *office) practice(name, email string) onboard.Practice {
	o.Helper()
	hash, err := o.deps.Identity.HashPassword(goodPassword)
	if err != nil {
		o.Fatal(err)
	}
	p, err := o.onboard.SetUp(o.Context(), onboard.NewPractice{Organization: name, OwnerName: "Olga " + name, OwnerEmail: email, PasswordHash: hash})
	if err != nil {
		o.Fatal(err)
	}
	return p
}

const goodPassword = "correct horse battery"

// caller is a browser or, with a token, a program.
type caller struct {
	*office
	client *http.Client
	token  string
}

func (o *office) browser() *caller {
	jar, err := cookiejar.New(nil)
	if err != nil {
		o.Fatal(err)
	}
	return &caller{o, &http.Client{Jar: jar}, ""}
}

func (o *office) program(token string) *caller { return &caller{o, &http.Client{}, token} }

// call makes a request and gives the status, the body and the answer.
func (c *caller) call(method, path string, body any, headers ...string) (int, map[string]any, *http.Response) {
	c.Helper()
	var sent io.Reader
	if body != nil {
		text, err := json.Marshal(body)
		if err != nil {
			c.Fatal(err)
		}
		sent = strings.NewReader(string(text))
	}
	r, err := http.NewRequestWithContext(c.Context(), method, c.server.URL+"/api/v1"+path, sent)
	if err != nil {
		c.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	} else {
		r.Header.Set("Origin", c.server.URL)
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
	}
	w, err := c.client.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer w.Body.Close()
	answer := map[string]any{}
	data, _ := io.ReadAll(w.Body)
	if len(data) > 0 && json.Unmarshal(data, &answer) != nil {
		c.Fatalf("%s %s: not JSON: %s", method, path, data)
	}
	return w.StatusCode, answer, w
}

// want makes a request and checks its status, and its code where that is a failure.
func (c *caller) want(method, path string, body any, status int, code care.Code) map[string]any {
	c.Helper()
	got, answer, _ := c.call(method, path, body)
	if got != status || (code != "" && answer["code"] != string(code)) {
		c.Errorf("%s %s: %d %v, want %d %s", method, path, got, answer, status, code)
	}
	return answer
}

type keys map[string]any

func TestSignInWithACookie(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		p := o.practice("North", "olga@example.org")
		b := o.browser()
		b.want("GET", "/me", nil, 401, care.CodeUnauthenticated)
		status, answer, w := b.call("POST", "/sessions", keys{"email": "Olga@example.org", "password": goodPassword})
		want := fmt.Sprintf(`{"user":{"id":"%s","name":"Olga North","kind":"staff","email":"olga@example.org","role":"owner"}}`, p.Owner.ID)
		if text, _ := json.Marshal(answer); status != 201 || !sameJSON(t, string(text), want) {
			t.Errorf("%d %s, want %s", status, text, want)
		}
		cookie := w.Header.Get("Set-Cookie")
		for _, part := range []string{"hearth_session=", "; Path=/", "; HttpOnly", "; SameSite=Lax", "; Max-Age=2592000"} {
			if !strings.Contains(cookie, part) {
				t.Errorf("the cookie %q has no %q", cookie, part)
			}
		}
		me := b.want("GET", "/me", nil, 200, "")
		if org := me["organization"].(map[string]any); org["name"] != "North" || org["time_zone"] != "UTC" || me["chat"] != nil || len(me["permissions"].([]any)) != 10 {
			t.Errorf("%v", me)
		}
		if status, answer, _ := b.call("DELETE", "/sessions/current", nil, "Origin: http://evil.example"); status != 403 {
			t.Errorf("from another site: %d %v", status, answer)
		}
		status, _, w = b.call("DELETE", "/sessions/current", nil)
		if status != 204 || !strings.Contains(w.Header.Get("Set-Cookie"), "Max-Age=0") {
			t.Errorf("%d %q", status, w.Header.Get("Set-Cookie"))
		}
		b.want("GET", "/me", nil, 401, care.CodeUnauthenticated)
	})
}

func sameJSON(t *testing.T, a, b string) bool {
	t.Helper()
	var x, y any
	if json.Unmarshal([]byte(a), &x) != nil || json.Unmarshal([]byte(b), &y) != nil {
		t.Fatalf("no JSON: %s, %s", a, b)
	}
	first, _ := json.Marshal(x)
	second, _ := json.Marshal(y)
	return string(first) == string(second)
}

func TestSignInWithAToken(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		status, answer, w := o.program("").call("POST", "/sessions", keys{"email": "olga@example.org", "password": goodPassword, "bearer": true})
		token, _ := answer["token"].(string)
		if status != 201 || len(token) != 43 || w.Header.Get("Set-Cookie") != "" {
			t.Fatalf("%d %v %q", status, answer, w.Header.Get("Set-Cookie"))
		}
		p := o.program(token)
		p.want("GET", "/me", nil, 200, "")
		p.want("DELETE", "/sessions/current", nil, 204, "")
		p.want("GET", "/me", nil, 401, care.CodeUnauthenticated)
		o.program(token+"x").want("GET", "/me", nil, 401, care.CodeUnauthenticated)
	})
}

func TestRefusedSignInsSayWhen(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		b := o.browser()
		for range 5 {
			b.want("POST", "/sessions", keys{"email": "olga@example.org", "password": "not this one"}, 401, care.CodeUnauthenticated)
		}
		status, answer, w := b.call("POST", "/sessions", keys{"email": "olga@example.org", "password": goodPassword})
		if status != 429 || answer["code"] != "rate_limited" || w.Header.Get("Retry-After") != "2" {
			t.Errorf("%d %v %q", status, answer, w.Header.Get("Retry-After"))
		}
		b.want("POST", "/sessions", keys{"email": "", "password": "x"}, 422, care.CodeInvalid)
		b.want("POST", "/sessions", keys{"email": "olga@example.org"}, 422, care.CodeInvalid)
		b.want("POST", "/sessions", keys{"email": strings.Repeat("x", 250) + "@example.org", "password": "x"}, 422, care.CodeInvalid)
		b.want("POST", "/sessions", keys{"email": "olga@example.org", "password": "x", "remember": true}, 422, care.CodeInvalid)
	})
}

func TestChangingThePassword(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		signIn := keys{"email": "olga@example.org", "password": goodPassword}
		here, there := o.browser(), o.browser()
		here.want("POST", "/sessions", signIn, 201, "")
		there.want("POST", "/sessions", signIn, 201, "")
		ended := make(chan care.Event, 10)
		o.bus.Subscribe(func(e care.Event) { ended <- e })
		change := keys{"current_password": "not this one", "password": "another long one"}
		if got := here.want("POST", "/me/password", change, 422, care.CodeInvalid); !strings.Contains(fmt.Sprint(got["errors"]), "current_password") {
			t.Errorf("%v", got)
		}
		change["current_password"] = goodPassword
		here.want("POST", "/me/password", change, 204, "")
		here.want("GET", "/me", nil, 200, "")
		there.want("GET", "/me", nil, 401, care.CodeUnauthenticated)
		if e := <-ended; e.Type != care.EventSessionEnded || len(ended) != 0 {
			t.Errorf("event %+v, %d more", e, len(ended))
		}
	})
}

func TestInvitationsOverHTTP(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		p := o.practice("North", "olga@example.org")
		owner := care.Actor{Org: p.Organization.ID, User: p.Owner.ID, Kind: care.KindStaff, Role: care.RoleOwner, Permissions: care.DefaultPermissions(care.RoleOwner)}
		added, err := o.onboard.AddClient(t.Context(), owner, onboard.NewClient{NewClient: directory.NewClient{Name: "Sam Lee", Email: "sam@example.org", Provider: p.Owner.ID}})
		if err != nil || added.Invitation == nil {
			t.Fatal(err)
		}
		shown := wire.InvitationOf(*added.Invitation)
		_, token, _ := strings.Cut(*shown.Link, "/invite#")
		b := o.browser()
		got := b.want("POST", "/invitations/lookup", keys{"token": token}, 200, "")
		if text, _ := json.Marshal(got); !sameJSON(t, string(text), `{"organization":"North","name":"Sam Lee","email":"sam@example.org","kind":"client","purpose":"invitation"}`) {
			t.Errorf("%s", text)
		}
		b.want("POST", "/invitations/accept", keys{"token": token, "password": "short"}, 422, care.CodeInvalid)
		got = b.want("POST", "/invitations/accept", keys{"token": token, "password": goodPassword}, 201, "")
		if user := got["user"].(map[string]any); user["role"] != nil || user["kind"] != "client" {
			t.Errorf("%v", got)
		}
		me := b.want("GET", "/me", nil, 200, "")
		if chat := me["chat"].(map[string]any); chat["direct"] != true || chat["notice"] == nil {
			t.Errorf("%v", me)
		}
		for _, token := range []string{token, "", "nonsense", strings.Repeat("A", 43)} {
			b.want("POST", "/invitations/lookup", keys{"token": token}, 404, care.CodeNotFound)
			b.want("POST", "/invitations/accept", keys{"token": token, "password": goodPassword}, 404, care.CodeNotFound)
			b.want("POST", "/password-resets/confirm", keys{"token": token, "password": goodPassword}, 404, care.CodeNotFound)
		}
		for _, email := range []string{"sam@example.org", "nobody@example.org"} {
			if status, answer, _ := b.call("POST", "/password-resets", keys{"email": email}); status != 202 || len(answer) != 0 {
				t.Errorf("%s: %d %v", email, status, answer)
			}
		}
		b.want("POST", "/password-resets", keys{"email": "nobody"}, 422, care.CodeInvalid)
	})
}

func TestFirstRun(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		b := o.browser()
		facts := func(want string) {
			t.Helper()
			got := b.want("GET", "/installation", nil, 200, "")
			if text, _ := json.Marshal(got); !sameJSON(t, string(text), want) {
				t.Errorf("%s, want %s", text, want)
			}
		}
		facts(`{"setup_needed":true,"demo":false,"mail":false,"sign_ins":[]}`)
		first := keys{"setup_code": "guess", "organization": "North", "owner_name": "Olga", "owner_email": "olga@example.org", "password": goodPassword}
		b.want("POST", "/installation", first, 422, care.CodeInvalid)
		first["setup_code"], first["owner_email"] = o.code, "nobody"
		if got := b.want("POST", "/installation", first, 422, care.CodeInvalid); !strings.Contains(fmt.Sprint(got["errors"]), "owner_email") {
			t.Errorf("%v", got)
		}
		facts(`{"setup_needed":true,"demo":false,"mail":false,"sign_ins":[]}`)
		first["owner_email"] = "olga@example.org"
		if got := b.want("POST", "/installation", first, 201, ""); got["user"].(map[string]any)["role"] != "owner" {
			t.Errorf("%v", got)
		}
		b.want("GET", "/me", nil, 200, "")
		facts(`{"setup_needed":false,"demo":false,"mail":false,"sign_ins":[]}`)
		first["owner_email"] = "eve@example.org"
		b.want("POST", "/installation", first, 404, care.CodeNotFound)
		first["setup_code"] = "guess"
		b.want("POST", "/installation", first, 404, care.CodeNotFound)
	})
}

func TestGuessingTheSetupCodeIsSlowedDown(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		b := o.browser()
		first := keys{"setup_code": "guess", "organization": "North", "owner_name": "Olga", "owner_email": "olga@example.org", "password": goodPassword}
		for range 50 {
			b.want("POST", "/installation", first, 422, care.CodeInvalid)
		}
		first["setup_code"] = o.code
		b.want("POST", "/installation", first, 429, care.CodeRateLimited)
	})
}

// Nobody gets across: what each practice's people are told about themselves is theirs.
func TestTwoPracticesInOneDatabase(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		for _, name := range []string{"North", "South"} {
			o.practice(name, strings.ToLower(name)+"@example.org")
		}
		for _, name := range []string{"North", "South"} {
			b := o.browser()
			b.want("POST", "/sessions", keys{"email": strings.ToLower(name) + "@example.org", "password": goodPassword}, 201, "")
			if org := b.want("GET", "/me", nil, 200, "")["organization"].(map[string]any); org["name"] != name {
				t.Errorf("%s is told of %v", name, org)
			}
		}
	})
}
