package httpapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
)

// search gives the snippets that somebody finds, their hits in brackets.
func (c *clinic) search(who *caller, query string) (found []string) {
	c.Helper()
	page := who.want("GET", "/search?"+query, nil, 200, "")
	for _, item := range page["items"].([]any) {
		text := ""
		for _, part := range item.(map[string]any)["snippet"].([]any) {
			one := part.(map[string]any)["text"].(string)
			if part.(map[string]any)["hit"].(bool) {
				one = "[" + one + "]"
			}
			text += one
		}
		found = append(found, text)
	}
	return found
}

func TestSearch(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.write(c.noor, c.direct, "Slow oats for breakfast")
		c.clock.Advance(time.Second)
		c.write(c.maya, c.community, "My **oats** were slow")
		for query, want := range map[string]string{
			"q=oats":                             "[My [oats] were slow Slow [oats] for breakfast]",
			"q=slow+oat":                         "[My [oats] were [slow] [Slow oats] for breakfast]",
			"q=%22slow+oats%22":                  "[[Slow oats] for breakfast]",
			"q=oats&from=" + c.noorID:            "[Slow [oats] for breakfast]",
			"q=oats&from=maya":                   "[My [oats] were slow]",
			"q=oats+from:me":                     "[]",
			"q=oats&conversation_id=" + c.direct: "[Slow [oats] for breakfast]",
			"q=oats&after=" + url.QueryEscape(c.in(-1e12)):  "[My [oats] were slow Slow [oats] for breakfast]",
			"q=oats&before=" + url.QueryEscape(c.in(-1e12)): "[]",
			"q=oats&before=2100-01&after=2020":              "[My [oats] were slow Slow [oats] for breakfast]",
			"q=oats&has=attachment":                         "[]",
			"conversation_id=" + c.community:                "[My oats were slow]",
		} {
			if got := fmt.Sprint(c.search(c.leilani, query)); got != want {
				c.Errorf("%s: %s, want %s", query, got, want)
			}
		}
		page := c.leilani.want("GET", "/search?q=oats&limit=1", nil, 200, "")
		item := page["items"].([]any)[0].(map[string]any)
		expect(c.T, item, keys{"message.author.name": "Maya L.", "message.body": "My **oats** were slow", "conversation.id": c.community, "conversation.kind": "community", "conversation.client_id": nil})
		next := c.leilani.want("GET", "/search?q=oats&limit=1&cursor="+page["next_cursor"].(string), nil, 200, "")
		item = next["items"].([]any)[0].(map[string]any)
		expect(c.T, item, keys{"message.seq": 1, "conversation.title": "Noor Haddad", "conversation.client_id": c.leilaniID})
		expect(c.T, next, keys{"next_cursor": nil})
	})
}

func TestBadSearch(t *testing.T) {
	clinics(t, func(c *clinic) {
		for query, field := range map[string]string{
			"": "q", "q=": "q", "q=%22open": "q", "q=from:": "q", "q=has:cat": "q", "q=before:soon": "q",
			"q=" + strings.Repeat("a+", 60): "q", "q=a&before=soon": "before", "q=a&after=x": "after",
			"q=a&cursor=x": "cursor", "q=a&time_zone=Nowhere": "time_zone", "q=a&time_zone=Local": "time_zone",
			"q=a&has=cat": "has", "q=a&inbox=x": "inbox", "q=a&conversation_id=x": "conversation_id",
		} {
			refused := c.noor.want("GET", "/search?"+query, nil, 422, care.CodeInvalid)
			if got := dig(refused["errors"].([]any)[0].(map[string]any), "field"); got != field {
				c.Errorf("%.30s names %v, want %s", query, got, field)
			}
		}
		c.elias.want("GET", "/search?q=a&conversation_id="+c.direct, nil, 404, care.CodeNotFound)
		c.noor.want("GET", "/search?q=a&inbox=organization", nil, 403, care.CodeForbidden)
		c.program("").want("GET", "/search?q=a", nil, 401, care.CodeUnauthenticated)
	})
}

// What is withheld from a client, what stands elsewhere and what is gone is in no answer.
func TestSearchWalksNoWallDown(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.set(c.mayaID, keys{"community": "off"})
		c.write(c.noor, c.community, "canaryword withheld")
		c.write(c.leilani, c.direct, "canaryword of somebody else")
		own := c.noor.want("POST", "/conversations", keys{"kind": "direct", "member_ids": []string{c.mayaID}}, 200, "")["id"].(string)
		said := c.maya.want("POST", "/conversations/"+own+"/messages", keys{"body": "canaryword gone"}, 201, "")["id"].(string)
		c.maya.want("DELETE", "/conversations/"+own+"/messages/"+said, nil, 204, "")
		for range 2 {
			c.tellsNot("canaryword", []string{
				"/search?q=canaryword", "/search?q=canary", "/search?q=from:noor", "/search?q=has:file", "/search?q=after:2020",
				"/search?conversation_id=" + c.community, "/search?conversation_id=" + c.direct, "/search?conversation_id=" + own,
			})
			if err := c.deps.Search.Index(c.Context()); err != nil {
				c.Fatal(err)
			}
		}
		if got := c.search(c.sam, "q=canaryword+somebody"); len(got) != 1 {
			c.Errorf("Sam finds %q", got)
		}
		rows := c.olga.want("GET", "/audit?action=conversation.read_by_outsider", nil, 200, "")["items"].([]any)
		if len(rows) != 1 || dig(rows[0].(map[string]any), "subject.id") != c.direct {
			c.Errorf("recorded: %v", rows)
		}
	})
}

// What somebody looks for is in no log line, however much is logged.
func TestSearchedWordsAreNotLogged(t *testing.T) {
	var out bytes.Buffer
	logger := slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
	a := build(Deps{Authenticate: tokens, Clock: time.Now, Logger: logger}, (*api).routes)
	handler, err := a.handler()
	if err != nil {
		t.Fatal(err)
	}
	edge := Edge{Gate: NewGate(nil, nil), Logger: logger, Clock: time.Now}.Wrap(handler)
	for _, query := range []string{"q=canaryword", "q=%22canaryword", "from=canaryword&before=canaryword"} {
		request := httptest.NewRequest(http.MethodGet, "/api/v1/search?"+query, nil)
		request.Header.Set("Authorization", "Bearer staff")
		w := httptest.NewRecorder()
		edge.ServeHTTP(w, request)
		var answer map[string]any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
	}
	if out.Len() == 0 || !strings.Contains(out.String(), "/search") {
		t.Fatalf("nothing was logged: %s", out.String())
	}
	if strings.Contains(out.String(), "canaryword") {
		t.Errorf("logged: %s", out.String())
	}
}
