package httpapi

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/care"
	"hearth/internal/wire"
)

// walked is one real call of the API, as the document describes it.
type walked struct {
	*huma.Operation
	bench  bench
	api    *api
	schema *huma.Schema // of the body, nil when there is none
}

var inBraces = regexp.MustCompile(`\{[^}]+\}`)

// walk runs a test for every call that the document lists. None of them may reach its
// handler: there is no service behind it, so that it would panic.
func walk(t *testing.T, visit func(t *testing.T, c walked)) {
	b := newBench(t, (*api).routes, false)
	a := build(Deps{}, (*api).routes)
	count := 0
	for path, item := range a.huma.OpenAPI().Paths {
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if o == nil {
				continue
			}
			count++
			c := walked{Operation: o, bench: b, api: a}
			if o.RequestBody != nil && o.RequestBody.Content[jsonType] != nil {
				c.schema = a.flat(o.RequestBody.Content[jsonType].Schema)
			}
			t.Run(o.Method+" "+path, func(t *testing.T) { visit(t, c) })
		}
	}
	if count < 5 {
		t.Fatalf("only %d calls are registered", count)
	}
}

func (a *api) flat(s *huma.Schema) *huma.Schema {
	for s != nil && s.Ref != "" {
		s = a.registry.SchemaFromRef(s.Ref)
	}
	return s
}

func (c walked) access() access { return c.Metadata[accessKey].(access) }

func (c walked) unsafe() bool { return c.Method != http.MethodGet }

// call sends a request with a UUID in the place of every id.
func (c walked) call(body string, headers ...string) *httptest.ResponseRecorder {
	path := inBraces.ReplaceAllString(strings.TrimPrefix(c.Path, basePath), someID)
	return c.bench.do(c.Method, path, body, headers...)
}

func (c walked) expect(t *testing.T, w *httptest.ResponseRecorder, status int, code care.Code) wire.Problem {
	t.Helper()
	p := problemIn(t, w)
	if w.Code != status || p.Code != code {
		t.Errorf("%d %s, want %d %s: %s", w.Code, p.Code, status, code, w.Body)
	}
	if strings.Contains(w.Body.String(), secret) {
		t.Errorf("the problem repeats what was sent: %s", w.Body)
	}
	return p
}

func TestEveryCallRefusesWhoIsNotSignedIn(t *testing.T) {
	walk(t, func(t *testing.T, c walked) {
		if c.access() == public || c.OperationID == "live" {
			return
		}
		c.expect(t, c.call(`{"x":"`+secret+`"}`, "Authorization: "), 401, care.CodeUnauthenticated)
		c.expect(t, c.call("", "Authorization: Bearer "+secret), 401, care.CodeUnauthenticated)
		if c.access() == staffOnly {
			c.expect(t, c.call("", "Authorization: Bearer client"), 403, care.CodeForbidden)
		}
	})
}

func TestEveryChangeRefusesOtherSites(t *testing.T) {
	walk(t, func(t *testing.T, c walked) {
		if !c.unsafe() {
			return
		}
		for _, foreign := range []string{"Origin: https://evil.test", "Sec-Fetch-Site: cross-site", "Origin: null"} {
			c.expect(t, c.call("{}", "Authorization: ", "Cookie: hearth_session=staff", foreign), 403, care.CodeForbidden)
		}
	})
}

// A call that takes files reads them itself: see TestAttachmentsAreRefusedWithAReason.
func TestEveryBodyIsReadStrictly(t *testing.T) {
	walk(t, func(t *testing.T, c walked) {
		if !c.unsafe() || c.RequestBody != nil && c.schema == nil {
			return
		}
		if c.schema != nil && c.RequestBody.Required {
			c.expect(t, c.call(""), 400, care.CodeMalformed)
		}
		for _, bad := range []string{secret, `{"a":"` + secret, "{\"a\":\"\xff\"}", `{} {}`, `{"a":1,"a":2}`, strings.Repeat("[", 50) + strings.Repeat("]", 50)} {
			c.expect(t, c.call(bad), 400, care.CodeMalformed)
		}
		c.expect(t, c.call("a="+secret, "Content-Type: text/plain"), 415, care.CodeUnsupportedMediaType)
		c.expect(t, c.call(`{"a":"`+strings.Repeat(secret, int(c.Metadata[boundKey].(int64))/len(secret)+1)+`"}`), 413, care.CodeTooLarge)
		c.expect(t, c.call(`[]`), 422, care.CodeInvalid)
		p := c.expect(t, c.call(`{"no_such_key":"`+secret+`"}`), 422, care.CodeInvalid)
		if !slices.ContainsFunc(p.Errors, func(f care.FieldError) bool { return f.Field == "no_such_key" && f.Code == "unknown" }) {
			t.Errorf("the unknown key is not named: %+v", p.Errors)
		}
	})
}

func TestEveryFieldRefusesWrongTypesAndNUL(t *testing.T) {
	walk(t, func(t *testing.T, c walked) {
		if c.schema == nil {
			return
		}
		for name, field := range c.schema.Properties {
			field = c.api.flat(field)
			c.field(t, name, wrongFor(field))
			if field.Type == huma.TypeString {
				c.field(t, name, "a\x00b")
			}
			if field.MaxLength != nil {
				c.field(t, name, strings.Repeat("ä", *field.MaxLength+1))
			}
			if len(field.Enum) > 0 {
				c.field(t, name, secret)
			}
		}
	})
}

// field sends one field alone and expects that it is named.
func (c walked) field(t *testing.T, name string, value any) {
	t.Helper()
	body, err := json.Marshal(map[string]any{name: value})
	if err != nil {
		t.Fatal(err)
	}
	p := c.expect(t, c.call(string(body)), 422, care.CodeInvalid)
	if !slices.ContainsFunc(p.Errors, func(f care.FieldError) bool { return f.Field == name && f.Code != "required" }) {
		t.Errorf("%s is not named: %+v", name, p.Errors)
	}
}

// wrongFor is a value of another type than the field's.
func wrongFor(s *huma.Schema) any {
	if s.Type == huma.TypeString {
		return []string{secret}
	}
	return secret
}

func TestEveryParameterIsChecked(t *testing.T) {
	walk(t, func(t *testing.T, c walked) {
		for _, p := range c.Parameters {
			switch s := p.Schema; {
			case p.In == "path" && s.Format == "uuid" && c.schema == nil:
				path := strings.Replace(strings.TrimPrefix(c.Path, basePath), "{"+p.Name+"}", secret, 1)
				w := c.bench.do(c.Method, inBraces.ReplaceAllString(path, someID), "")
				c.expect(t, w, 404, care.CodeNotFound)
			case p.In == "query" && (s.Type != huma.TypeString || s.Format != "" || len(s.Enum) > 0):
				path := inBraces.ReplaceAllString(strings.TrimPrefix(c.Path, basePath), someID)
				w := c.bench.do(c.Method, path+"?"+p.Name+"="+secret, "")
				c.expect(t, w, 422, care.CodeInvalid)
			}
		}
	})
}

// TestDocumentKeepsItsForm holds every call and type to the conventions of the contract.
func TestDocumentKeepsItsForm(t *testing.T) {
	walk(t, func(t *testing.T, c walked) {
		if c.Summary == "" || c.OperationID == "" {
			t.Error("has no summary or no operationId")
		}
	})
	snake := regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	a := build(Deps{}, (*api).routes)
	for name, schema := range a.registry.Map() {
		for key, field := range schema.Properties {
			if !snake.MatchString(key) {
				t.Errorf("%s.%s is not snake_case", name, key)
			}
			if field.Type == huma.TypeArray && field.Nullable && !strings.HasSuffix(name, "Change") { // there null removes
				t.Errorf("%s.%s is a list that may be null", name, key)
			}
		}
	}
}
