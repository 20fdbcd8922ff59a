package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/wire"
)

const secret = "Zwiebelkuchen"

type thing struct {
	Name  string                  `json:"name" maxLength:"20"`
	Count int64                   `json:"count,omitempty" minimum:"0" maximum:"9e18"`
	Kind  string                  `json:"kind,omitempty" enum:"red,green"`
	Owner care.UserID             `json:"owner,omitempty"`
	Until wire.Opt[wire.Time]     `json:"until,omitempty"`
	Title wire.Maybe[string]      `json:"title,omitempty" maxLength:"5"`
	Group wire.Opt[care.GroupID]  `json:"group,omitempty"`
	Tags  []string                `json:"tags,omitempty" maxItems:"2"`
	Child *thing                  `json:"child,omitempty"`
	Next  wire.Maybe[care.UserID] `json:"next,omitempty"`
}

// things is a small API with one call of every sort.
func things(a *api) {
	route(a, post("/things", "make-thing", "Make a thing"), anyone,
		func(_ context.Context, actor care.Actor, in *struct{ Body thing }) (*made[thing], error) {
			return created(in.Body, actor.Name == in.Body.Name), nil
		})
	route(a, patch("/things", "change-things", "Change things"), anyone,
		func(_ context.Context, _ care.Actor, in *struct{ Body thing }) (*ok[thing], error) {
			return answer(in.Body), nil
		})
	route(a, get("/things", "list-things", "Things"), anyone,
		func(_ context.Context, _ care.Actor, in *struct{ PageQuery }) (*ok[wire.Page[thing]], error) {
			return answer(wire.PageOf[thing](nil, in.Cursor)), nil
		})
	route(a, get("/things/{id}", "get-thing", "A thing"), anyone,
		func(_ context.Context, _ care.Actor, in *struct {
			ID care.UserID `path:"id"`
		}) (*ok[wire.Person], error) {
			return answer(wire.PersonOf(care.Person{ID: in.ID, Kind: care.KindStaff})), nil
		})
	route(a, del("/things/{id}", "delete-thing", "Delete a thing"), staffOnly,
		func(context.Context, care.Actor, *struct {
			ID care.UserID `path:"id"`
		}) (*none, error) {
			return nil, nil
		})
	route(a, post("/fail/{how}", "fail", "Fail"), public,
		func(_ context.Context, _ care.Actor, in *struct {
			How string `path:"how"`
		}) (*none, error) {
			return nil, failAs(in.How)
		})
}

func failAs(how string) error {
	switch how {
	case "panic":
		panic("a panic with " + secret)
	case "fault":
		return errors.New(`a fault about "` + secret + `"`)
	case "gone":
		return fmt.Errorf("reading: %w", &net.OpError{Op: "dial", Err: errors.New("refused")})
	case "stopping":
		return fmt.Errorf("reading: %w", &pgconn.PgError{Code: "57P01", Message: "terminating"})
	case "closed":
		return db.ErrClosed
	case "chat":
		err := care.Fail(care.Forbidden, care.CodeChatUnavailable, "Chat is unavailable for Ana")
		err.Unavailable = []care.UnavailableClient{{Name: "Ana", Kind: "direct"}}
		return err
	case "version":
		err := care.Fail(care.Conflict, care.CodeVersionConflict, "Changed meanwhile.")
		err.Current = map[string]int{"version": 3}
		return err
	default:
		err := care.Fail(care.Unavailable, care.CodeUnavailable, "Full.")
		err.RetryAfter = 7
		return err
	}
}

type bench struct {
	handler http.Handler
	log     *bytes.Buffer
}

func newBench(t testing.TB, register func(*api), limited bool) bench {
	t.Helper()
	log := &bytes.Buffer{}
	logger := slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a := build(Deps{Authenticate: tokens, Clock: time.Now, Logger: logger, RateLimits: limited}, register)
	handler, err := a.handler()
	if err != nil {
		t.Fatal(err)
	}
	return bench{Edge{Gate: a.gate, Logger: logger, Clock: time.Now}.Wrap(handler), log}
}

func tokens(_ context.Context, token string) (care.Actor, error) {
	kind, known := map[string]care.PersonKind{"staff": care.KindStaff, "client": care.KindClient}[token]
	if !known {
		return care.Actor{}, care.Fail(care.Unauthenticated, care.CodeUnauthenticated, "Sign in.")
	}
	return care.Actor{User: care.NewID[care.UserID](time.Now()), Kind: kind, Name: token}, nil
}

func (b bench) do(method, path, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://hearth.test/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer staff")
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	return w
}

func problemIn(t *testing.T, w *httptest.ResponseRecorder) wire.Problem {
	t.Helper()
	var p wire.Problem
	if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
		t.Errorf("content type %q, status %d, body %s", ct, w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
		t.Errorf("the problem is no JSON: %v", err)
	}
	if p.Status != w.Code || p.Title == "" || p.Detail == "" || p.Type == "" || p.Code == "" {
		t.Errorf("not whole: status %d, %+v", w.Code, p)
	}
	return p
}

// TestEveryRefusalIsAProblem is the table of what callers get for what is wrong. The last
// column is "field code" of the one field error, where there is one.
func TestEveryRefusalIsAProblem(t *testing.T) {
	b := newBench(t, things, false)
	deep := strings.Repeat("[", 40) + strings.Repeat("]", 40)
	for _, c := range []struct {
		name, call, body string
		header           string
		status           int
		code             care.Code
		field            string
	}{
		{"unknown path", "GET /nothing", "", "", 404, care.CodeNotFound, ""},
		{"unclean path", "GET /things/../things", "", "", 404, care.CodeNotFound, ""},
		{"wrong method", "PUT /things", "{}", "", 405, care.CodeMethodNotAllowed, ""},
		{"nobody", "GET /things", "", "Authorization: ", 401, care.CodeUnauthenticated, ""},
		{"unknown token", "GET /things", "", "Authorization: Bearer x", 401, care.CodeUnauthenticated, ""},
		{"another scheme", "GET /things", "", "Authorization: Basic staff", 401, care.CodeUnauthenticated, ""},
		{"nobody comes before the body", "POST /things", "nonsense", "Authorization: ", 401, care.CodeUnauthenticated, ""},
		{"a client in a call of staff", "DELETE /things/" + someID, "", "Authorization: Bearer client", 403, care.CodeForbidden, ""},
		{"no UUID in the path", "GET /things/17", "", "", 404, care.CodeNotFound, ""},
		{"NUL in the path", "GET /things/%00", "", "", 404, care.CodeNotFound, ""},
		{"limit of 0", "GET /things?limit=0", "", "", 422, care.CodeInvalid, "limit too_small"},
		{"limit beyond", "GET /things?limit=201", "", "", 422, care.CodeInvalid, "limit too_large"},
		{"limit of words", "GET /things?limit=" + secret, "", "", 422, care.CodeInvalid, "limit type"},
		{"NUL in the query", "GET /things?cursor=%00", "", "", 400, care.CodeMalformed, ""},
		{"no UTF-8 in the query", "GET /things?cursor=%ff", "", "", 400, care.CodeMalformed, ""},
		{"a broken query", "GET /things?cursor=%", "", "", 400, care.CodeMalformed, ""},
		{"no JSON", "POST /things", secret, "", 400, care.CodeMalformed, ""},
		{"no body", "POST /things", "", "", 400, care.CodeMalformed, ""},
		{"half a body", "POST /things", `{"name":"` + secret, "", 400, care.CodeMalformed, ""},
		{"more behind it", "POST /things", `{"name":"a"} {}`, "", 400, care.CodeMalformed, ""},
		{"no UTF-8", "POST /things", "{\"name\":\"\xff\"}", "", 400, care.CodeMalformed, ""},
		{"a bare NUL", "POST /things", "{\"name\":\"\x00\"}", "", 400, care.CodeMalformed, ""},
		{"half a surrogate pair", "POST /things", `{"name":"\ud83d"}`, "", 400, care.CodeMalformed, ""},
		{"the other half", "POST /things", `{"name":"\ude00"}`, "", 400, care.CodeMalformed, ""},
		{"the same key twice", "POST /things", `{"name":"a","name":"b"}`, "", 400, care.CodeMalformed, ""},
		{"the same key spelled otherwise", "POST /things", `{"name":"a","n\u0061me":"b"}`, "", 400, care.CodeMalformed, ""},
		{"too deep", "POST /things", deep, "", 400, care.CodeMalformed, ""},
		{"a number beyond numbers", "POST /things", `{"name":"a","count":1e999}`, "", 400, care.CodeMalformed, ""},
		{"a form", "POST /things", "name=a", "Content-Type: application/x-www-form-urlencoded", 415, care.CodeUnsupportedMediaType, ""},
		{"another charset", "POST /things", "{}", "Content-Type: application/json; charset=latin1", 415, care.CodeUnsupportedMediaType, ""},
		{"too large", "POST /things", strings.Repeat(" ", maxBody+1), "", 413, care.CodeTooLarge, ""},
		{"an escaped NUL", "POST /things", `{"name":"a\u0000"}`, "", 422, care.CodeInvalid, "name characters"},
		{"an unknown key", "POST /things", `{"name":"a","colour":"` + secret + `"}`, "", 422, care.CodeInvalid, "colour unknown"},
		{"an unknown key inside", "POST /things", `{"name":"a","child":{"name":"b","x":1}}`, "", 422, care.CodeInvalid, "child invalid"},
		{"another letter case", "POST /things", `{"Name":"a","name":"a"}`, "", 422, care.CodeInvalid, "Name unknown"},
		{"a missing key", "POST /things", `{"count":1}`, "", 422, care.CodeInvalid, "name required"},
		{"a wrong type", "POST /things", `{"name":12}`, "", 422, care.CodeInvalid, "name type"},
		{"null for a text", "POST /things", `{"name":null}`, "", 422, care.CodeInvalid, "name type"},
		{"null where it means nothing", "PATCH /things", `{"name":"a","title":null}`, "", 422, care.CodeInvalid, "title null"},
		{"too long", "POST /things", `{"name":"` + strings.Repeat("ä", 21) + `"}`, "", 422, care.CodeInvalid, "name too_long"},
		{"too long in a maybe", "POST /things", `{"name":"a","title":"123456"}`, "", 422, care.CodeInvalid, "title too_long"},
		{"no whole number", "POST /things", `{"name":"a","count":1.5}`, "", 422, care.CodeInvalid, "count type"},
		{"too small", "POST /things", `{"name":"a","count":-1}`, "", 422, care.CodeInvalid, "count too_small"},
		{"too large a number", "POST /things", `{"name":"a","count":1e19}`, "", 422, care.CodeInvalid, "count too_large"},
		{"a number that Go cannot hold", "POST /things", `{"name":"a","count":1e3}`, "", 422, care.CodeInvalid, "count type"},
		{"none of the words", "POST /things", `{"name":"a","kind":"` + secret + `"}`, "", 422, care.CodeInvalid, "kind one_of"},
		{"no UUID", "POST /things", `{"name":"a","owner":"` + secret + `"}`, "", 422, care.CodeInvalid, "owner type"},
		{"no UUID in an opt", "POST /things", `{"name":"a","group":"1"}`, "", 422, care.CodeInvalid, "group type"},
		{"a UUID in another form", "POST /things", `{"name":"a","owner":"{` + someID + `}"}`, "", 422, care.CodeInvalid, "owner type"},
		{"no time", "POST /things", `{"name":"a","until":"tomorrow"}`, "", 422, care.CodeInvalid, "until type"},
		{"too many", "POST /things", `{"name":"a","tags":["a","b","c"]}`, "", 422, care.CodeInvalid, "tags too_many"},
		{"a wrong type in a list", "POST /things", `{"name":"a","tags":["a",2]}`, "", 422, care.CodeInvalid, "tags[1] type"},
		{"a list for an object", "POST /things", `[]`, "", 422, care.CodeInvalid, " type"},
		{"a body where none belongs", "POST /fail/x", `{"a":1}`, "", 422, care.CodeInvalid, "a unknown"},
		{"unavailable", "POST /fail/x", "{}", "", 503, care.CodeUnavailable, ""},
		{"the database is gone", "POST /fail/gone", "", "", 503, care.CodeUnavailable, ""},
		{"the database is stopping", "POST /fail/stopping", "", "", 503, care.CodeUnavailable, ""},
		{"the store is closed", "POST /fail/closed", "", "", 503, care.CodeUnavailable, ""},
		{"a fault", "POST /fail/fault", "", "", 500, wire.CodeInternal, ""},
		{"a panic", "POST /fail/panic", "", "", 500, wire.CodeInternal, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			method, path, _ := strings.Cut(c.call, " ")
			w := b.do(method, path, c.body, c.header)
			p := problemIn(t, w)
			if w.Code != c.status || p.Code != c.code {
				t.Fatalf("%d %s, want %d %s: %s", w.Code, p.Code, c.status, c.code, w.Body)
			}
			if got := fieldsOf(p); got != c.field {
				t.Errorf("fields %q, want %q", got, c.field)
			}
			if strings.Contains(w.Body.String(), secret) || strings.Contains(b.log.String(), secret) {
				t.Errorf("what was sent is repeated: %s / %s", w.Body, b.log)
			}
		})
	}
}

const someID = "018f3f6e-7e2a-7c3d-9a1b-0123456789ab"

func fieldsOf(p wire.Problem) string {
	var list []string
	for _, f := range p.Errors {
		list = append(list, f.Field+" "+f.Code)
	}
	return strings.Join(list, ", ")
}

func TestAnswersCarryWhatTheContractSays(t *testing.T) {
	b := newBench(t, things, false)
	if w := b.do("PUT", "/things", "{}"); w.Header().Get("Allow") != "GET, HEAD, POST, PATCH" {
		t.Errorf("Allow is %q", w.Header().Get("Allow"))
	}
	if w := b.do("POST", "/fail/x", ""); w.Header().Get("Retry-After") != "7" {
		t.Errorf("Retry-After is %q", w.Header().Get("Retry-After"))
	}
	if p := problemIn(t, b.do("POST", "/fail/chat", "")); p.Code != care.CodeChatUnavailable || len(p.Unavailable) != 1 {
		t.Errorf("chat_unavailable came as %+v", p)
	}
	if p := problemIn(t, b.do("POST", "/fail/version", "")); p.Current == nil {
		t.Errorf("version_conflict came as %+v", p)
	}
	if p := problemIn(t, b.do("POST", "/fail/fault", "")); p.RequestID == "" || !strings.Contains(b.log.String(), p.RequestID) {
		t.Errorf("the request id %q is not in the log", p.RequestID)
	}
	if w := b.do("POST", "/things", `{"name":"new"}`); w.Code != 201 || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := b.do("POST", "/things", `{"name":"staff","until":null,"group":null,"owner":"`+strings.ToUpper(someID)+`"}`); w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := b.do("POST", "/things", `{"name":"new","title":null,"tags":null,"count":null}`); w.Code != 201 {
		t.Errorf("null where it is the same as absent: %d %s", w.Code, w.Body)
	}
	if w := b.do("GET", "/things", ""); w.Body.String() != `{"items":[],"next_cursor":null}`+"\n" {
		t.Errorf("an empty list is %s", w.Body)
	}
	if w := b.do("DELETE", "/things/"+someID, ""); w.Code != 204 || w.Body.Len() != 0 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if strings.Count(b.log.String(), "a fault") != 1 {
		t.Errorf("the fault is not logged exactly once:\n%s", b.log)
	}
}

// TestOtherSitesAreRefused holds that a browser's own doing changes nothing: a cookie, or
// nothing at all, from a page of another site.
func TestOtherSitesAreRefused(t *testing.T) {
	b := newBench(t, things, false)
	const cookie = "Cookie: hearth_session=staff"
	for _, c := range []struct {
		name    string
		path    string
		headers []string
		status  int
	}{
		{"our own origin", "/things", []string{cookie, "Origin: http://hearth.test"}, 201},
		{"the browser vouches", "/things", []string{cookie, "Sec-Fetch-Site: same-origin"}, 201},
		{"typed by the user", "/things", []string{cookie, "Sec-Fetch-Site: none"}, 201},
		{"another origin", "/things", []string{cookie, "Origin: http://evil.test"}, 403},
		{"no origin to speak of", "/things", []string{cookie, "Origin: null"}, 403},
		{"our name as a prefix", "/things", []string{cookie, "Origin: http://hearth.test.evil.test"}, 403},
		{"a sister site", "/things", []string{cookie, "Sec-Fetch-Site: same-site"}, 403},
		{"nothing said", "/things", []string{cookie}, 403},
		{"a program with a token", "/things", []string{"Authorization: Bearer staff"}, 201},
		{"a token beats the origin", "/things", []string{"Authorization: Bearer staff", "Origin: http://evil.test"}, 201},
		{"signing in from another site", "/fail/x", []string{"Origin: http://evil.test"}, 403},
		{"signing in with a program", "/fail/x", nil, 503},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := ""
			if c.path == "/things" {
				body = `{"name":"new"}`
			}
			w := b.do("POST", c.path, body, append([]string{"Authorization: "}, c.headers...)...)
			if w.Code != c.status {
				t.Errorf("%d %s, want %d", w.Code, w.Body, c.status)
			}
		})
	}
	if w := b.do("GET", "/things", "", "Authorization: ", cookie, "Origin: http://evil.test"); w.Code != 200 {
		t.Errorf("reading is not for the origin to decide: %d", w.Code)
	}
}

func TestLimitsAnswerWithRetryAfter(t *testing.T) {
	b := newBench(t, things, true)
	for range addressBurst + 500 {
		w := b.do("GET", "/things", "", "Authorization: ")
		if w.Code == http.StatusTooManyRequests {
			if p := problemIn(t, w); p.Code != care.CodeRateLimited || w.Header().Get("Retry-After") == "" {
				t.Errorf("%+v %v", p, w.Header())
			}
			return
		}
	}
	t.Error("an address may ask without bounds")
}
