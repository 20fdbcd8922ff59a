package httpapi

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
)

func TestWebhooksFromEndToEnd(t *testing.T) {
	clinics(t, func(c *clinic) {
		answers := http.StatusNoContent
		other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(answers) }))
		defer other.Close()
		asked := keys{"url": other.URL + "/in", "description": "Care records", "events": []string{"blast.finished", "message.created"}}
		made := c.olga.want("POST", "/webhooks", asked, 201, "")
		c.matches("POST /webhooks", 201, made)
		secret, hook := made["secret"].(string), made["webhook"].(map[string]any)
		path := "/webhooks/" + hook["id"].(string)
		if !strings.HasPrefix(secret, "whsec_") || hook["active"] != true || hook["last"] != nil {
			t.Errorf("%v", made)
		}
		tested := c.olga.want("POST", path+"/test", nil, 200, "")
		c.matches("POST /webhooks/{id}/test", 200, tested)
		answers = http.StatusInternalServerError
		c.clock.Advance(time.Second) // the order is that of time
		if bad := c.olga.want("POST", path+"/test", nil, 200, ""); tested["status"] != 204.0 || bad["status"] != 500.0 || bad["state"] != "failed" || bad["why"] != "status" {
			t.Errorf("%v, %v", tested, bad)
		}
		for query, want := range map[string]int{"": 2, "?state=failed": 1, "?state=delivered": 1, "?state=waiting": 0, "?limit=1": 1, "?before=" + tested["id"].(string): 0} {
			list := c.olga.want("GET", path+"/deliveries"+query, nil, 200, "")
			c.matches("GET /webhooks/{id}/deliveries", 200, list)
			if items := list["items"].([]any); len(items) != want || list["has_more"] != (query == "?limit=1") {
				t.Errorf("%s: %v", query, list)
			}
		}
		again := c.olga.want("POST", path+"/deliveries/"+tested["id"].(string)+"/replay", nil, 202, "")
		if again["state"] != "waiting" || again["id"] != tested["id"] {
			t.Errorf("%v", again)
		}
		changed := c.olga.want("PATCH", path, keys{"version": 1, "active": false, "events": []string{"blast.finished"}}, 200, "")
		c.matches("PATCH /webhooks/{id}", 200, changed)
		c.olga.want("PATCH", path, keys{"version": 1, "active": true}, 409, care.CodeVersionConflict)
		c.olga.want("POST", path+"/deliveries/"+tested["id"].(string)+"/replay", nil, 422, care.CodeInvalid)
		renewed := c.olga.want("POST", path+"/secret", nil, 200, "")
		if renewed["secret"] == secret || renewed["webhook"].(map[string]any)["old_secret_until"] == nil {
			t.Errorf("%v", renewed)
		}
		_, list, _ := c.olga.call("GET", "/webhooks", nil)
		c.matches("GET /webhooks", 200, list)
		if len(list["items"].([]any)) != 1 {
			t.Errorf("%v", list)
		}
		c.olga.want("DELETE", path, nil, 204, "")
		c.olga.want("GET", path+"/deliveries", nil, 404, care.CodeNotFound)
	})
}

func TestBadWebhooks(t *testing.T) {
	clinics(t, func(c *clinic) {
		good := func(change keys) keys {
			asked := keys{"url": "https://hooks.example.org/in", "events": []string{"message.created"}}
			for key, value := range change {
				asked[key] = value
			}
			return asked
		}
		for name, change := range map[string]keys{
			"an address inside": {"url": "https://10.0.0.1/"}, "no address": {"url": ""}, "a number": {"url": 5}, "null": {"url": nil},
			"a long one": {"url": "https://hooks.example.org/" + strings.Repeat("a", 2048)}, "no event": {"events": []string{}},
			"an unknown event": {"events": []string{"message.deleted"}}, "many events": {"events": strings.Split(strings.Repeat("message.created ", 30), " ")},
			"a long description": {"description": strings.Repeat("a", 201)}, "a key that is none": {"secret": "whsec_mine"},
		} {
			if got, answer, _ := c.olga.call("POST", "/webhooks", good(change)); got != 422 {
				t.Errorf("%s: %d %v", name, got, answer)
			}
		}
		hook := c.olga.want("POST", "/webhooks", good(nil), 201, "")["webhook"].(map[string]any)
		path := "/webhooks/" + hook["id"].(string)
		c.olga.want("PATCH", path, keys{"version": 1, "events": []string{"nothing"}}, 422, care.CodeInvalid)
		c.olga.want("PATCH", path, keys{"version": 1, "active": nil}, 422, care.CodeInvalid)
		c.olga.want("GET", path+"/deliveries?state=lost", nil, 422, care.CodeInvalid)
		for name, who := range map[string]*caller{"a provider": c.noor, "support": c.sam, "a client": c.leilani} {
			for call, body := range map[string]any{"GET /webhooks": nil, "POST /webhooks": good(nil), "PATCH " + path: keys{"version": 1}, "DELETE " + path: nil,
				"POST " + path + "/secret": nil, "POST " + path + "/test": nil, "GET " + path + "/deliveries": nil, "POST " + path + "/deliveries/" + hook["id"].(string) + "/replay": nil} {
				method, at, _ := strings.Cut(call, " ")
				if got, answer, _ := who.call(method, at, body); got != 403 {
					t.Errorf("%s, %s: %d %v", name, call, got, answer)
				}
			}
		}
	})
}
