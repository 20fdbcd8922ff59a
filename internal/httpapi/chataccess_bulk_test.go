package httpapi

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// preview asks what a change of many clients would do; everything is off for all unless
// the request says otherwise.
func (c *clinic) preview(who *caller, more keys) map[string]any {
	c.Helper()
	return who.want("POST", "/chat-access/changes/preview", bulk(more), 200, "")
}

func bulk(more keys) keys {
	request := keys{"filter": keys{"all": true}, "place": "own", "direct": "off", "community": "off"}
	for key, value := range more {
		if request[key] = value; value == nil {
			delete(request, key)
		}
	}
	return request
}

func (c *clinic) apply(who *caller, more keys) map[string]any {
	c.Helper()
	return who.want("POST", "/chat-access/changes", keys{"token": c.preview(who, more)["token"], "reason": "Holidays"}, 201, "")
}

// Statement 23: preview, one atomic change, one record, an undo.
func TestBulkChangeFromEndToEnd(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.set(c.mayaID, keys{"direct": "on"})
		preview := c.preview(c.olga, keys{"community": nil})
		expect(c.T, preview, keys{"matched": 2, "changed": 1, "keeps_own": 1, "unchanged": 0, "keeps_group": 0})
		if sample := fmt.Sprint(preview["sample"]); !strings.Contains(sample, "Leilani Kahale") || !strings.Contains(sample, "keeps_own") {
			c.Errorf("sample %s", sample)
		}
		expect(c.T, c.access(c.leilaniID), keys{"direct.effective": true})
		applied := c.olga.want("POST", "/chat-access/changes", keys{"token": preview["token"], "reason": "Holidays"}, 201, "")
		expect(c.T, applied, keys{"changed": 1})
		c.say(c.leilani, c.direct, 403, care.CodeChatUnavailable)
		expect(c.T, c.leilani.want("GET", "/me", nil, 200, ""), keys{"chat.direct": false})
		list := c.olga.want("GET", "/chat-access/clients?direct=off", nil, 200, "")
		row := list["items"].([]any)[0].(map[string]any)
		expect(c.T, row, keys{"client_id": c.leilaniID, "direct.effective": false, "direct.source": "client", "last_change.by.name": "Olga North", "can_change": true})
		expect(c.T, list, keys{"total": 1, "next_cursor": nil})
		expect(c.T, c.olga.want("GET", "/chat-access/counts", nil, 200, ""), keys{"all": 2, "direct_off": 1, "community_off": 0, "own": 2, "ending": 0})
		expect(c.T, c.access(c.leilaniID), keys{"direct.own": "off", "direct.reason": "Holidays", "direct.changed_by.name": "Olga North"})

		path := "/chat-access/changes/" + applied["id"].(string) + "/undo"
		expect(c.T, c.olga.want("POST", path, nil, 200, ""), keys{"restored": 1, "left": "[]"})
		c.say(c.leilani, c.direct, 201, "")
		c.olga.want("POST", path, nil, 409, care.CodeVersionConflict)
		change := c.olga.want("GET", "/chat-access/changes", nil, 200, "")["items"].([]any)[0].(map[string]any)
		expect(c.T, change, keys{
			"id": applied["id"], "actor.name": "Olga North", "place": "own", "direct": "off", "community": nil, "reason": "Holidays",
			"changed": 1, "undone_by.name": "Olga North", "can_undo": false, "undo_until": applied["undo_until"],
		})
		if list := c.noor.want("GET", "/chat-access/changes", nil, 200, "")["items"].([]any); len(list) != 0 {
			c.Errorf("a provider sees another's changes: %v", list)
		}
		if audit := fmt.Sprint(c.olga.want("GET", "/audit?action=chat_access.bulk_changed", nil, 200, "")["items"]); strings.Count(audit, "bulk_changed") != 1 {
			c.Errorf("the record: %s", audit)
		}
	})
}

func TestBulkChangeRefuses(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.practice("South", "sonja@example.org")
		sonja := c.as("sonja@example.org")
		const path = "/chat-access/changes/preview"
		for want, more := range map[string]keys{
			"direct:required":                {"direct": nil, "community": nil},
			"direct:unknown":                 {"direct": "maybe"},
			"until:past":                     {"until": c.clock.Now().Add(-time.Minute).Format(time.RFC3339)},
			"include_own:place":              {"place": "default", "include_own": true},
			"community:place":                {"place": "default", "community": "unset"},
			"filter:required":                {"filter": keys{}},
			"filter.client_ids[1]:unknown":   {"filter": keys{"client_ids": []string{c.mayaID, c.noorID}}},
			"filter.group_id:unknown":        {"filter": keys{"group_id": c.mayaID}},
			"filter.no_such_key:unknown":     {"filter": keys{"no_such_key": 1}},
			"filter.client_ids[0]:malformed": {"filter": keys{"client_ids": []string{"x"}}},
		} {
			got := fields(c.olga.want("POST", path, bulk(more), 422, care.CodeInvalid))
			if field, _, _ := strings.Cut(want, ":"); got != want && !strings.HasPrefix(got, field+":") {
				c.Errorf("%v: %q, want %q", more, got, want)
			}
		}
		named := keys{"filter": keys{"client_ids": []string{c.leilaniID}}}
		sonja.wrong("POST", path, bulk(named), "filter.client_ids[0]:unknown")
		c.elias.wrong("POST", path, bulk(named), "filter.client_ids[0]:unknown")
		c.sam.want("POST", path, bulk(named), 403, care.CodeForbidden)
		c.leilani.want("POST", path, bulk(named), 403, care.CodeForbidden)
		c.leilani.want("GET", "/chat-access/clients", nil, 403, care.CodeForbidden)

		token := c.preview(c.olga, nil)["token"].(string)
		for _, one := range []struct {
			who    *caller
			token  string
			status int
			code   care.Code
		}{
			{c.olga, token + "x", 404, care.CodeNotFound},
			{c.noor, token, 404, care.CodeNotFound},
			{sonja, token, 404, care.CodeNotFound},
			{c.leilani, token, 403, care.CodeForbidden},
			{c.olga, token, 201, ""},
			{c.olga, token, 409, care.CodeVersionConflict},
		} {
			one.who.want("POST", "/chat-access/changes", keys{"token": one.token}, one.status, one.code)
		}
		c.olga.want("POST", "/chat-access/changes", keys{}, 422, care.CodeInvalid)
		late := c.preview(c.olga, keys{"direct": "on", "include_own": true})["token"]
		c.clock.Advance(15 * time.Minute)
		c.olga.want("POST", "/chat-access/changes", keys{"token": late}, 409, care.CodeVersionConflict)
		sonja.want("POST", "/chat-access/changes/"+c.mayaID+"/undo", nil, 404, care.CodeNotFound)
	})
}

// Statement 30 for a change of many clients: a send that began before it counts is stored
// and the change waits; a send afterwards is refused, though nothing is written to the
// clients yet.
func TestBulkChangeAndSends(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.deps.ChatAccess.Close() // nothing is written in the background
		token := c.preview(c.olga, nil)["token"]
		began, release := make(chan struct{}), make(chan struct{})
		var both sync.WaitGroup
		both.Go(func() {
			var once sync.Once
			err := c.deps.DB.Write(context.Background(), func(tx *db.Tx) error { // as a send does until it commits
				var n int
				for _, query := range []string{`SELECT 1 FROM organizations WHERE id IN (SELECT org_id FROM clients)`, `SELECT 1 FROM clients`} {
					if err := tx.QueryRow(context.Background(), query+tx.ForShare()).Scan(&n); err != nil {
						return err
					}
				}
				once.Do(func() { close(began) })
				<-release
				return nil
			})
			if err != nil {
				c.Error(err)
			}
		})
		<-began
		counts := make(chan struct{})
		both.Go(func() {
			c.olga.want("POST", "/chat-access/changes", keys{"token": token}, 201, "")
			close(counts)
		})
		select {
		case <-counts:
			c.Error("the change counted while a send that began before it was not over")
		case <-time.After(150 * time.Millisecond):
		}
		close(release)
		both.Wait()
		c.say(c.leilani, c.direct, 403, care.CodeChatUnavailable)
		c.say(c.noor, c.direct, 403, care.CodeChatUnavailable)
		c.say(c.leilani, c.community, 403, care.CodeChatUnavailable)
		if n := len(c.messages(c.leilani, c.direct)); n != 0 {
			c.Errorf("%d messages are stored", n)
		}
	})
}

// messages lists what somebody reads of a conversation, without notices.
func (c *clinic) messages(who *caller, conversation string) (bodies []string) {
	c.Helper()
	for _, item := range who.want("GET", "/conversations/"+conversation+"/messages", nil, 200, "")["items"].([]any) {
		if m := item.(map[string]any); m["kind"] == "text" {
			bodies = append(bodies, m["body"].(string))
		}
	}
	return bodies
}

// Statement 6 while a change is being written to the clients: what others post after it
// counts is withheld from the first moment.
func TestBulkChangeWithholdsAtOnce(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.deps.ChatAccess.Close()
		c.say(c.noor, c.community, 201, "")
		c.apply(c.olga, nil)
		for _, step := range []string{"before anybody is written", "after Leilani is written", "after all are written"} {
			c.clock.Advance(time.Second)
			c.say(c.noor, c.community, 201, "")
			if got := c.messages(c.leilani, c.community); len(got) != 1 {
				c.Errorf("%s Leilani reads %d messages, want the one before the change", step, len(got))
			}
			if step == "after Leilani is written" {
				if err := c.deps.ChatAccess.Resume(c.Context()); err != nil {
					c.Fatal(err)
				}
			}
		}
		if got := c.messages(c.maya, c.community); len(got) != 1 {
			c.Errorf("Maya reads %d messages, want the one before the change", len(got))
		}
		if got := c.messages(c.noor, c.community); len(got) != 4 {
			c.Errorf("Noor reads %d messages, want 4", len(got))
		}
		c.apply(c.olga, keys{"direct": "on", "community": "on", "include_own": true})
		if got := c.messages(c.maya, c.community); len(got) != 4 {
			c.Errorf("turned on again, Maya reads %d messages, want 4", len(got))
		}
	})
}

// Statement 6 while what follows the change of a large group is not written to its members.
func TestLargeGroupWithholdsAtOnce(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.deps.ChatAccess.LargeGroups(0)
		c.join(c.leilaniID, c.group)
		c.join(c.mayaID, c.group)
		c.deps.ChatAccess.Close()
		c.say(c.noor, c.community, 201, "")
		c.setGroup(keys{"community": "off"})
		for _, who := range []*caller{c.leilani, c.maya} {
			c.say(who, c.community, 403, care.CodeChatUnavailable)
		}
		for range 2 { // Maya does not read before the rest is written
			c.clock.Advance(time.Second)
			c.say(c.noor, c.community, 201, "")
			if got := c.messages(c.leilani, c.community); len(got) != 1 {
				c.Errorf("Leilani reads %d messages, want the one before the change", len(got))
			}
		}
		if err := c.deps.ChatAccess.Resume(c.Context()); err != nil {
			c.Fatal(err)
		}
		if got := c.messages(c.maya, c.community); len(got) != 1 {
			c.Errorf("Maya reads %d messages, want the one before the change", len(got))
		}
		c.setGroup(keys{"community": "unset"})
		if got := c.messages(c.maya, c.community); len(got) != 3 {
			c.Errorf("turned on again, Maya reads %d messages, want 3", len(got))
		}
	})
}

func TestBulkChangeIsToldLive(t *testing.T) {
	clinics(t, func(c *clinic) {
		var mu sync.Mutex
		told := map[string]string{}
		cancel := c.bus.Subscribe(func(e care.Event) {
			mu.Lock()
			defer mu.Unlock()
			if e.Type == care.EventChatAccessChanged {
				told[e.Client.String()] = fmt.Sprint(e.Direct, e.Community, len(e.To))
			}
		})
		defer cancel()
		c.apply(c.olga, keys{"community": nil})
		mu.Lock()
		defer mu.Unlock()
		// The client, Noor of the care team, and Olga and Sam, who see all clients.
		if len(told) != 2 || !strings.HasPrefix(told[c.leilaniID], "false true") || !strings.HasSuffix(told[c.leilaniID], "4") {
			c.Errorf("told %v", told)
		}
	})
}

func TestAccessList(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.olga.addClient("Ana Abel", c.eliasID)
		c.join(c.mayaID, c.group)
		c.setGroup(keys{"community": "off"})
		c.set(c.leilaniID, keys{"direct": "off", "until": c.clock.Now().Add(time.Hour).Format(time.RFC3339)})
		for query, want := range map[string]string{
			"":                             "Ana Abel,Leilani Kahale,Maya Lindqvist",
			"?q=kahale":                    "Leilani Kahale",
			"?group_id=" + c.group:         "Maya Lindqvist",
			"?provider_id=" + c.eliasID:    "Ana Abel",
			"?direct=off":                  "Leilani Kahale",
			"?direct=on":                   "Ana Abel,Maya Lindqvist",
			"?community=off":               "Maya Lindqvist",
			"?source=client":               "Leilani Kahale",
			"?source=group":                "Maya Lindqvist",
			"?ending=true":                 "Leilani Kahale",
			"?state=archived":              "",
			"?direct=off&community=off":    "",
			"?q=li&source=group&direct=on": "Maya Lindqvist",
		} {
			page := c.olga.want("GET", "/chat-access/clients"+query, nil, 200, "")
			if got := names(page); got != want || page["total"] != float64(len(strings.FieldsFunc(want, func(r rune) bool { return r == ',' }))) {
				c.Errorf("%q lists %q of %v, want %q", query, got, page["total"], want)
			}
		}
		expect(c.T, c.olga.want("GET", "/chat-access/counts", nil, 200, ""), keys{"all": 3, "direct_off": 1, "community_off": 1, "own": 1, "ending": 1})
		if got := names(c.elias.want("GET", "/chat-access/clients", nil, 200, "")); got != "Ana Abel" {
			c.Errorf("Elias sees %q", got)
		}
		first := c.olga.want("GET", "/chat-access/clients?limit=2", nil, 200, "")
		second := c.olga.want("GET", "/chat-access/clients?limit=2&cursor="+first["next_cursor"].(string), nil, 200, "")
		if names(first)+";"+names(second) != "Ana Abel,Leilani Kahale;Maya Lindqvist" || second["next_cursor"] != nil {
			c.Errorf("pages %q and %q", names(first), names(second))
		}
		c.olga.want("GET", "/chat-access/clients?cursor=rubbish", nil, 422, care.CodeInvalid)
		c.sam.want("GET", "/chat-access/clients", nil, 200, "")
	})
}

// text gives an answer that is not JSON.
func (c *caller) text(path string) (body string, header http.Header) {
	c.Helper()
	r, err := http.NewRequestWithContext(c.Context(), "GET", c.server.URL+"/api/v1"+path, nil)
	if err != nil {
		c.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	got, err := http.DefaultClient.Do(r)
	if err != nil {
		c.Fatal(err)
	}
	defer got.Body.Close()
	all, err := io.ReadAll(got.Body)
	if err != nil || got.StatusCode != 200 {
		c.Errorf("GET %s: %d %v", path, got.StatusCode, err)
	}
	return string(all), got.Header
}

func TestAccessFiles(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.olga.want("PATCH", "/clients/"+c.mayaID, keys{"name": "=Maya"}, 200, "")
		c.set(c.leilaniID, keys{"direct": "off"})
		file, header := c.olga.text("/chat-access/export")
		lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
		if err != nil || len(lines) != 3 || header.Get("Content-Type") != "text/csv; charset=utf-8" {
			c.Fatalf("export %q %v %v", lines, err, header)
		}
		if got := strings.Join(lines[2], "|"); got != c.leilaniID+"|Leilani Kahale|leilani.kahale@client.example||Noor Haddad|off|unset|off|client||on|default|" {
			c.Errorf("line %q", got)
		}
		if lines[1][1] != "'=Maya" {
			c.Errorf("a name that is a formula: %q", lines[1][1])
		}
		if one, _ := c.olga.text("/chat-access/export?direct=off"); strings.Count(one, "\n") != 2 {
			c.Errorf("filtered export %q", one)
		}

		bad := "client_id,email,direct,community,reason,more\n" +
			c.leilaniID + ",,unset,off,Asked for it,\n" +
			",nobody@client.example,on,,,\n" +
			"not-an-id,,on,,,\n" +
			",MAYA.Lindqvist@client.example,perhaps,,,\n" +
			",MAYA.Lindqvist@client.example,off,,,\n" +
			c.leilaniID + ",,on,,,\n" +
			"too,few\n"
		answer := c.olga.want("POST", "/chat-access/import/preview", keys{"csv": bad}, 200, "")
		var numbers []string
		for _, b := range answer["bad"].([]any) {
			numbers = append(numbers, fmt.Sprint(dig(b.(map[string]any), "line")))
			if problem := dig(b.(map[string]any), "problem").(string); problem == "" || strings.Contains(problem, "nobody") || strings.Contains(problem, "perhaps") {
				c.Errorf("problem %q", problem)
			}
		}
		if got := strings.Join(numbers, " "); got != "3 4 5 7 8" {
			c.Errorf("bad lines %s", got)
		}
		expect(c.T, answer, keys{"lines": 7, "preview": nil})
		answer = c.olga.want("POST", "/chat-access/import/preview", keys{"csv": bad, "skip_bad_lines": true}, 200, "")
		expect(c.T, answer, keys{"preview.matched": 2, "preview.changed": 2, "preview.unchanged": 0})
		expect(c.T, c.access(c.leilaniID), keys{"direct.own": "off", "community.own": "unset"})
		c.olga.want("POST", "/chat-access/changes", keys{"token": dig(answer, "preview.token")}, 201, "")
		expect(c.T, c.access(c.leilaniID), keys{"direct.own": "unset", "community.own": "off", "community.reason": "Asked for it"})
		expect(c.T, c.access(c.mayaID), keys{"direct.own": "off"})
		c.olga.wrong("POST", "/chat-access/import/preview", keys{"csv": "name,direct\n"}, "csv:columns")
		c.olga.wrong("POST", "/chat-access/import/preview", keys{"csv": ""}, "csv:columns")
		c.olga.wrong("POST", "/chat-access/import/preview", keys{"csv": "email,reason\n"}, "csv:columns")
		expect(c.T, c.olga.want("POST", "/chat-access/import/preview", keys{"csv": "email,community\nmaya.lindqvist@client.example,on\n"}, 200, ""), keys{"preview.changed": 1})
		c.sam.want("POST", "/chat-access/import/preview", keys{"csv": bad}, 403, care.CodeForbidden)
		long := "client_id,direct\n" + strings.Repeat("x", 6<<20)
		c.olga.want("POST", "/chat-access/import/preview", keys{"csv": long}, 413, care.CodeTooLarge)

		// A file whose clients somebody changed meanwhile does nothing.
		file = "email,direct\nmaya.lindqvist@client.example,on\nleilani.kahale@client.example,off\n"
		answer = c.olga.want("POST", "/chat-access/import/preview", keys{"csv": file}, 200, "")
		c.set(c.mayaID, keys{"direct": "unset"})
		c.olga.want("POST", "/chat-access/changes", keys{"token": dig(answer, "preview.token")}, 409, care.CodeVersionConflict)
		expect(c.T, c.access(c.leilaniID), keys{"direct.own": "unset"})
	})
}
