package httpapi

import (
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/jobs"
	"hearth/internal/outbox"
)

// hear has what happened taken by everybody behind the outbox, as a node would.
func (o *office) hear() {
	o.Helper()
	told := outbox.New(o.deps.DB, o.clock.Now, o.deps.AutoReply, o.deps.Waiting)
	for {
		worked, err := told.Work(o.Context())
		if err != nil {
			o.Fatal(err)
		}
		if !worked {
			return
		}
	}
}

// work does every job that is due, as a node would.
func (o *office) work() {
	o.Helper()
	o.hear()
	r := jobs.New(o.deps.DB, o.clock.Now, jobs.Config{})
	o.deps.Chat.Register(r)
	o.deps.AutoReply.Register(r)
	o.deps.Transcript.Register(r)
	o.deps.Preferences.Register(r)
	if _, err := r.Work(o.Context()); err != nil {
		o.Fatal(err)
	}
}

// thread gives the messages of a conversation as "kind author: body" lines.
func (c *caller) thread(conversation string) []string {
	c.Helper()
	var lines []string
	for _, item := range list(c.want("GET", "/conversations/"+conversation+"/messages", nil, 200, "")) {
		author := item["author"].(map[string]any)["name"].(string)
		lines = append(lines, item["kind"].(string)+" "+author+": "+item["body"].(string))
	}
	return lines
}

// list gives the items of a page.
func list(page map[string]any) (items []map[string]any) {
	for _, item := range page["items"].([]any) {
		items = append(items, item.(map[string]any))
	}
	return items
}

func sameLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s:\n%s\nwant:\n%s", what, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (c *clinic) in(d time.Duration) string {
	return c.clock.Now().Add(d).UTC().Format(time.RFC3339Nano)
}

func TestScheduledMessageFromEndToEnd(t *testing.T) {
	clinics(t, func(c *clinic) {
		posts := "/conversations/" + c.direct + "/messages"
		sendAt := c.in(time.Hour)
		m := c.noor.want("POST", posts, keys{"body": "See you at ten.", "send_at": sendAt}, 201, "")
		if _, has := m["seq"]; has || m["state"] != "scheduled" || m["conversation_id"] != c.direct || m["body"] != "See you at ten." {
			t.Errorf("scheduled: %v", m)
		}
		one := "/scheduled/" + m["id"].(string)
		same := keys{"id": m["id"], "body": "See you at ten.", "send_at": sendAt}
		c.noor.want("POST", posts, same, 200, "")
		c.noor.want("POST", posts, keys{"id": m["id"], "body": "Else", "send_at": sendAt}, 409, care.CodeIDReused)
		c.noor.wrong("POST", posts, keys{"body": "Late", "send_at": c.in(-time.Second)}, "send_at:past")
		c.noor.want("POST", posts, keys{"body": "x", "send_at": "tomorrow"}, 422, care.CodeInvalid)
		// Null is the same as leaving it away.
		if sent := c.noor.want("POST", posts, keys{"body": "Now", "send_at": nil}, 201, ""); sent["seq"] == nil {
			t.Errorf("sent now: %v", sent)
		}
		// It is the author's own: the client and a colleague know nothing of it.
		for _, other := range []*caller{c.leilani, c.elias, c.olga} {
			other.want("GET", one, nil, 404, care.CodeNotFound)
			other.want("PATCH", one, keys{"body": "x"}, 404, care.CodeNotFound)
			other.want("DELETE", one, nil, 404, care.CodeNotFound)
			if n := len(list(other.want("GET", "/scheduled", nil, 200, ""))); n != 0 {
				t.Errorf("a list of others has %d", n)
			}
		}
		sameLines(t, "before the time", c.leilani.thread(c.direct), "text Noor Haddad: Now")
		changed := c.noor.want("PATCH", one, keys{"version": 1, "body": "See you at eleven.", "send_at": c.in(2 * time.Hour)}, 200, "")
		expect(t, changed, keys{"version": 2, "body": "See you at eleven.", "state": "scheduled"})
		expect(t, c.noor.want("PATCH", one, keys{"version": 1, "body": "x"}, 409, care.CodeVersionConflict), keys{"current.version": 2, "current.body": "See you at eleven."})
		c.clock.Advance(time.Hour)
		c.work()
		expect(t, c.noor.want("GET", one, nil, 200, ""), keys{"state": "scheduled"})
		file := c.noor.upload("plan.csv", "a;b\n1;2\n")["id"]
		with := c.noor.want("PATCH", one, keys{"attachment_ids": []any{file}}, 200, "")
		if files := with["attachments"].([]any); len(files) != 1 || files[0].(map[string]any)["id"] != file || with["body"] != "See you at eleven." {
			t.Errorf("with a file: %v", with)
		}
		expect(t, c.noor.want("PATCH", one, keys{"attachment_ids": []any{}}, 200, ""), keys{"version": 4})
		c.clock.Advance(time.Hour)
		c.work()
		expect(t, c.noor.want("GET", one, nil, 200, ""), keys{"state": "sent", "why": nil})
		sameLines(t, "after it", c.leilani.thread(c.direct), "text Noor Haddad: Now", "text Noor Haddad: See you at eleven.")
		c.noor.want("GET", posts+"/"+m["id"].(string), nil, 200, "")
		expect(t, c.noor.want("DELETE", one, nil, 409, care.CodeVersionConflict), keys{"current.state": "sent"})
		expect(t, c.noor.want("POST", posts, same, 200, ""), keys{"state": "sent"})
	})
}

// S16: a scheduled message is judged when it is sent; what is skipped is told to the author.
func TestScheduledMessageIsSkippedWhereChatWentOff(t *testing.T) {
	clinics(t, func(c *clinic) {
		posts := "/conversations/" + c.direct + "/messages"
		later := keys{"body": "Later", "send_at": c.in(time.Hour)}
		m := c.noor.want("POST", posts, later, 201, "")
		own := c.leilani.want("POST", posts, later, 201, "")
		taken := c.noor.want("POST", posts, later, 201, "")
		c.set(c.leilaniID, keys{"direct": "off"})
		c.noor.want("POST", posts, later, 403, care.CodeChatUnavailable)
		c.noor.want("PATCH", "/scheduled/"+m["id"].(string), keys{"body": "x"}, 403, care.CodeChatUnavailable)
		c.noor.want("DELETE", "/scheduled/"+taken["id"].(string), nil, 204, "")
		c.noor.want("DELETE", "/scheduled/"+taken["id"].(string), nil, 404, care.CodeNotFound)
		c.clock.Advance(time.Hour)
		c.work()
		expect(t, c.noor.want("GET", "/scheduled/"+m["id"].(string), nil, 200, ""), keys{"state": "skipped", "why": "chat_unavailable"})
		expect(t, c.leilani.want("GET", "/scheduled/"+own["id"].(string), nil, 200, ""), keys{"state": "skipped", "why": "chat_unavailable"})
		sameLines(t, "the thread", c.noor.thread(c.direct))
		if items := list(c.noor.want("GET", "/scheduled?state=skipped&conversation_id="+c.direct, nil, 200, "")); len(items) != 1 || items[0]["id"] != m["id"] {
			t.Errorf("skipped: %v", items)
		}
		c.clock.Advance(31 * 24 * time.Hour)
		if items := list(c.as("noor.haddad@provider.example").want("GET", "/scheduled", nil, 200, "")); len(items) != 0 {
			t.Errorf("after 30 days: %v", items)
		}
	})
}

func TestScheduledPages(t *testing.T) {
	clinics(t, func(c *clinic) {
		for i := range 5 {
			c.noor.want("POST", "/conversations/"+c.direct+"/messages", keys{"body": "x", "send_at": c.in(time.Duration(i+1) * time.Hour)}, 201, "")
		}
		seen, path := 0, "/scheduled?limit=2"
		for range 3 {
			page := c.noor.want("GET", path, nil, 200, "")
			seen += len(list(page))
			next, _ := page["next_cursor"].(string)
			path = "/scheduled?limit=2&cursor=" + next
		}
		if seen != 5 {
			t.Errorf("%d in three pages", seen)
		}
		c.noor.want("GET", "/scheduled?cursor=nonsense", nil, 422, care.CodeInvalid)
		c.noor.want("GET", "/scheduled?state=lost", nil, 422, care.CodeInvalid)
	})
}

func TestTemplatesFromEndToEnd(t *testing.T) {
	clinics(t, func(c *clinic) {
		own := c.noor.want("POST", "/templates", keys{"scope": "mine", "title": "Labs", "body": "Hi {{first_name}}, your labs are in. {{next_step}}"}, 201, "")
		c.noor.want("POST", "/templates", keys{"scope": "organization", "title": "Hours", "body": "x"}, 403, care.CodeForbidden)
		shared := c.olga.want("POST", "/templates", keys{"scope": "organization", "title": "about us", "body": "{{practice}}, {{provider}}"}, 201, "")
		c.noor.wrong("POST", "/templates", keys{"scope": "mine", "title": "x", "body": "Hi {{email}}"}, "body:unknown_field")
		c.leilani.want("GET", "/templates", nil, 403, care.CodeForbidden)

		titles := func(who *caller, query string) (all string) {
			for _, item := range list(who.want("GET", "/templates"+query, nil, 200, "")) {
				all += item["title"].(string) + "; "
			}
			return all
		}
		for query, want := range map[string]string{"": "about us; Labs; ", "?scope=mine": "Labs; ", "?scope=organization": "about us; "} {
			if got := titles(c.noor, query); got != want {
				t.Errorf("%s: %q, want %q", query, got, want)
			}
		}
		if got := titles(c.elias, ""); got != "about us; " {
			t.Errorf("a colleague sees %q", got)
		}
		mine, ours := "/templates/"+own["id"].(string), "/templates/"+shared["id"].(string)
		for method, body := range map[string]any{"PATCH": keys{"version": 1, "title": "x"}, "DELETE": nil} {
			c.elias.want(method, mine, body, 404, care.CodeNotFound)
			c.olga.want(method, mine, body, 404, care.CodeNotFound)
			c.elias.want(method, ours, body, 403, care.CodeForbidden)
		}
		c.elias.want("GET", mine+"/text?conversation_id="+c.direct, nil, 404, care.CodeNotFound)
		c.elias.want("GET", ours+"/text?conversation_id="+c.direct, nil, 404, care.CodeNotFound) // not in that conversation

		expect(t, c.noor.want("PATCH", mine, keys{"version": 1, "title": "Lab results"}, 200, ""), keys{"version": 2, "title": "Lab results"})
		expect(t, c.noor.want("PATCH", mine, keys{"version": 1, "title": "x"}, 409, care.CodeVersionConflict), keys{"current.title": "Lab results"})

		text := c.noor.want("GET", mine+"/text?conversation_id="+c.direct, nil, 200, "")
		expect(t, text, keys{"body": "Hi Leilani, your labs are in. [next step]", "missing": "[next_step]"})
		c.olga.want("PUT", "/organization/next-step", keys{"version": 0, "text": "Book a follow-up."}, 200, "")
		expect(t, c.noor.want("GET", mine+"/text?conversation_id="+c.direct, nil, 200, ""), keys{"body": "Hi Leilani, your labs are in. Book a follow-up.", "missing": "[]"})
		step := "/clients/" + c.leilaniID + "/next-step"
		expect(t, c.noor.want("PUT", step, keys{"version": 0, "text": "Bring your food diary."}, 200, ""), keys{"version": 1})
		expect(t, c.noor.want("PUT", step, keys{"version": 0, "text": "x"}, 409, care.CodeVersionConflict), keys{"current.text": "Bring your food diary."})
		expect(t, c.noor.want("GET", mine+"/text?conversation_id="+c.direct, nil, 200, ""), keys{"body": "Hi Leilani, your labs are in. Bring your food diary."})
		c.elias.want("PUT", step, keys{"version": 1, "text": "x"}, 404, care.CodeNotFound) // not on the care team
		c.noor.want("PUT", "/organization/next-step", keys{"version": 1, "text": "x"}, 403, care.CodeForbidden)
		c.noor.wrong("PUT", step, keys{"version": 1, "text": "{{practice}}"}, "text:characters")

		expect(t, c.noor.want("GET", ours+"/text?conversation_id="+c.direct, nil, 200, ""), keys{"body": "North, Noor Haddad", "missing": "[]"})
		expect(t, c.noor.want("GET", mine+"/text?conversation_id="+c.community, nil, 200, ""),
			keys{"body": "Hi [first name], your labs are in. [next step]", "missing": "[first_name next_step]"})

		c.noor.want("DELETE", mine, nil, 204, "")
		c.noor.want("DELETE", mine, nil, 404, care.CodeNotFound)
		repeated := keys{"id": "0198a0b0-0000-7000-8000-000000000001", "scope": "mine", "title": "Twice", "body": "x"}
		c.noor.want("POST", "/templates", repeated, 201, "")
		c.noor.want("POST", "/templates", repeated, 200, "")
		c.elias.want("POST", "/templates", repeated, 409, care.CodeIDReused)
	})
}

func TestAnotherPracticeSeesNoTemplates(t *testing.T) {
	clinics(t, func(c *clinic) {
		shared := c.olga.want("POST", "/templates", keys{"scope": "organization", "title": "Ours", "body": "x"}, 201, "")
		c.practice("South", "mallory@example.net")
		mallory := c.as("mallory@example.net")
		if n := len(list(mallory.want("GET", "/templates", nil, 200, ""))); n != 0 {
			t.Errorf("another practice sees %d", n)
		}
		one := "/templates/" + shared["id"].(string)
		mallory.want("PATCH", one, keys{"version": 1, "title": "x"}, 404, care.CodeNotFound)
		mallory.want("DELETE", one, nil, 404, care.CodeNotFound)
		mallory.want("GET", "/clients/"+c.leilaniID+"/next-step", nil, 404, care.CodeNotFound)
		mallory.want("GET", "/staff/"+c.noorID+"/away", nil, 404, care.CodeNotFound)
	})
}
