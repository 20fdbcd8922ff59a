package httpapi

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/care"
)

// blastWork sends until there is nothing to do.
func (c *clinic) blastWork() {
	c.Helper()
	for range 100 {
		worked, err := c.deps.Blasts.Work(c.Context())
		if err != nil {
			c.Fatal(err)
		}
		if !worked {
			return
		}
	}
	c.Fatal("the work does not end")
}

// blastsOf gives how many blasts somebody sees, and how many conversations a client has.
func (c *clinic) blastsOf(who *caller) int {
	c.Helper()
	return len(c.items(who, "/blasts?limit=200"))
}

func (c *clinic) items(who *caller, path string) []any {
	c.Helper()
	list, _ := who.want("GET", path, nil, 200, "")["items"].([]any)
	return list
}

// matches holds an answer to the schema that the document gives for a call and a status.
func (c *clinic) matches(call string, status int, answer map[string]any) {
	c.Helper()
	a := build(c.deps, (*api).routes)
	method, path, _ := strings.Cut(call, " ")
	item := a.huma.OpenAPI().Paths[basePath+path]
	if item == nil {
		c.Fatalf("the document has no %s", path)
	}
	operation := map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch}[method]
	response := operation.Responses[fmt.Sprint(status)]
	if response == nil || response.Content[jsonType] == nil {
		c.Fatalf("the document has no %d of %s", status, call)
	}
	result := &huma.ValidateResult{}
	huma.Validate(a.registry, response.Content[jsonType].Schema, huma.NewPathBuffer(nil, 0), huma.ModeReadFromServer, answer, result)
	for _, err := range result.Errors {
		c.Errorf("%s: the document says otherwise: %v", call, err)
	}
}

// The whole way of a blast, with the shapes that the document gives.
func TestBlastFromEndToEnd(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.set(c.mayaID, keys{"direct": "off"})
		to := keys{"client_ids": []string{c.leilaniID, c.mayaID}}
		preview := c.noor.want("POST", "/blasts/preview", to, 200, "")
		c.matches("POST /blasts/preview", 200, preview)
		expect(c.T, preview, keys{
			"chosen": 2, "reachable": 1, "community_reachable": 2, "unavailable_count": 1, "why.direct_off": 1, "example.first_name": "Leilani", "example.provider": "Noor Haddad",
			"confirm_above": 50, "allowance.limit": 5000, "allowance.used": 0,
		})
		expect(c.T, preview["unavailable"].([]any)[0].(map[string]any), keys{"client_id": c.mayaID, "name": "Maya Lindqvist", "why": "direct_off", "source": "client", "until": nil})
		more := c.noor.want("POST", "/blasts/preview/unavailable", keys{"client_ids": []string{c.mayaID}, "after": 0}, 200, "")
		c.matches("POST /blasts/preview/unavailable", 200, more)

		file := c.noor.upload("plan.csv", "a;b\n1;2\n")
		id := care.NewID[care.BlastID](time.Now()).String()
		body := keys{"id": id, "recipients": to, "body": "Hi {{first_name}}", "token": preview["token"], "attachment_ids": []any{file["id"]}, "grace_seconds": 10}
		made := c.noor.want("POST", "/blasts", body, 202, "")
		c.matches("POST /blasts", 202, made)
		expect(c.T, made, keys{
			"id": id, "state": "scheduled", "title": "Hi …", "total": 2, "sent": 0, "pending": 2, "sender.name": "Noor Haddad", "on_behalf_of": nil, "send_at": nil,
			"recipients_text": "Leilani Kahale and one other", "may.edit": true, "may.cancel": true, "may.pause": false, "seconds_left": nil,
		})
		again := c.noor.want("POST", "/blasts", body, 200, "")
		expect(c.T, again, keys{"id": id, "version": made["version"]})
		body["body"] = "Other"
		c.noor.want("POST", "/blasts", body, 409, care.CodeIDReused)
		path := "/blasts/" + id
		changed := c.noor.want("PATCH", path, keys{"version": made["version"], "title": "News", "body": "Hello {{first_name}}"}, 200, "")
		c.matches("PATCH /blasts/{id}", 200, changed)
		expect(c.T, changed, keys{"title": "News", "total": 2})
		stale := c.noor.want("PATCH", path, keys{"version": made["version"], "title": "x"}, 409, care.CodeVersionConflict)
		expect(c.T, stale, keys{"current.title": "News", "current.version": changed["version"]})
		for _, act := range []string{"pause", "resume"} {
			expect(c.T, c.noor.want("POST", path+"/"+act, nil, 409, care.CodeVersionConflict), keys{"current.state": "scheduled"})
		}
		c.blastWork()
		if got := c.items(c.leilani, "/conversations"); len(got) != 2 { // those of the clinic
			t.Errorf("%d conversations during the grace", len(got))
		}
		c.clock.Advance(10 * time.Second)
		c.blastWork()
		got := c.noor.want("GET", path, nil, 200, "")
		c.matches("GET /blasts/{id}", 200, got)
		expect(c.T, got, keys{"state": "sent", "sent": 1, "skipped": 1, "pending": 0, "skipped_why.direct_off": 1, "recipients": nil, "may.cancel": false})
		if got["finished_at"] == nil || got["started_at"] == nil || got["grace_until"] == nil {
			t.Errorf("%v", got)
		}
		list := c.noor.want("GET", path+"/recipients", nil, 200, "")
		c.matches("GET /blasts/{id}/recipients", 200, list)
		first, second := list["items"].([]any)[0].(map[string]any), list["items"].([]any)[1].(map[string]any)
		expect(c.T, first, keys{"client_id": c.leilaniID, "name": "Leilani Kahale", "state": "sent", "why": nil, "read_at": nil})
		expect(c.T, second, keys{"client_id": c.mayaID, "state": "skipped", "why": "direct_off", "source": "client", "conversation_id": nil})
		room, _ := first["conversation_id"].(string)
		c.clientsSide(room)
		c.leilani.want("POST", "/conversations/"+room+"/messages", keys{"body": "Thanks"}, 201, "")
		expect(c.T, c.noor.want("GET", path, nil, 200, ""), keys{"read": 1, "replied": 1})
		for query, want := range map[string]int{
			"?state=sent": 1, "?state=skipped": 1, "?state=pending": 0, "?why=direct_off": 1, "?why=archived": 0, "?read=true": 1, "?read=false": 0,
			"?replied=true": 1, "?q=leilani": 1, "?q=nobody": 0, "?limit=1": 1,
		} {
			if got := c.items(c.noor, path+"/recipients"+query); len(got) != want {
				t.Errorf("%s: %d, want %d", query, len(got), want)
			}
		}
		next := c.noor.want("GET", path+"/recipients?limit=1", nil, 200, "")["next_cursor"].(string)
		if got := c.items(c.noor, path+"/recipients?limit=1&cursor="+next); len(got) != 1 || dig(got[0].(map[string]any), "client_id") != c.mayaID {
			t.Errorf("the second page is %v", got)
		}
		all := c.noor.want("GET", "/blasts?state=sent&q=news", nil, 200, "")
		c.matches("GET /blasts", 200, all)
		if len(all["items"].([]any)) != 1 || len(c.items(c.noor, "/blasts?state=paused")) != 0 {
			t.Errorf("%v", all)
		}
		file2, response := c.noor.text(path + "/outcome")
		rows, err := csv.NewReader(strings.NewReader(file2)).ReadAll()
		if err != nil || len(rows) != 3 || response.Get("Content-Type") != "text/csv; charset=utf-8" || !strings.HasPrefix(response.Get("Content-Disposition"), "attachment") {
			t.Errorf("%q %v %v", rows, err, response)
		}
		for action, want := range map[string]int{"blast.created": 1, "blast.changed": 1, "blast.finished": 1, "blast.exported": 1} {
			if got := c.items(c.olga, "/audit?action="+action); len(got) != want {
				t.Errorf("%d records of %s", len(got), action)
			}
		}
	})
}

// clientsSide checks that to the client the conversation is as any other.
func (c *clinic) clientsSide(room string) {
	c.Helper()
	conversation := c.leilani.want("GET", "/conversations/"+room, nil, 200, "")
	c.matches("GET /conversations/{id}", 200, conversation)
	messages := c.items(c.leilani, "/conversations/"+room+"/messages")
	if len(messages) != 1 || conversation["kind"] != "direct" || conversation["can_send"] != true || len(conversation["members"].([]any)) != 2 {
		c.Fatalf("the client sees %v in %v", messages, conversation)
	}
	message := messages[0].(map[string]any)
	expect(c.T, message, keys{"body": "Hello Leilani", "author.name": "Noor Haddad", "seq": 1, "kind": "text"})
	if len(message["attachments"].([]any)) != 1 {
		c.Errorf("files %v", message["attachments"])
	}
	for _, answer := range []any{conversation, message, c.items(c.leilani, "/conversations")} {
		if text := fmt.Sprint(answer); strings.Contains(text, "blast") {
			c.Errorf("the client sees a sign of it: %s", text)
		}
	}
	if text := fmt.Sprint(conversation, message); strings.Contains(text, c.mayaID) || strings.Contains(text, "Maya") {
		c.Errorf("the client sees another recipient: %s", text)
	}
	if staff := c.items(c.noor, "/conversations/"+room+"/messages")[0].(map[string]any); staff["blast_id"] == nil {
		c.Error("staff do not see which blast it is")
	}
}

// Every bad input of a blast has its code, names what is wrong, and sends nothing.
func TestBadBlasts(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.practice("South", "mallory@example.org")
		mallory := c.as("mallory@example.org")
		strangerID, _ := mallory.addClient("Stranger", mallory.want("GET", "/me", nil, 200, "")["user"].(map[string]any)["id"].(string))
		foreignGroup := mallory.want("POST", "/groups", keys{"name": "Theirs"}, 201, "")["id"].(string)
		hisID, _ := c.olga.addClient("Of Elias", c.eliasID)
		to := keys{"client_ids": []string{c.leilaniID}}
		token := c.noor.want("POST", "/blasts/preview", to, 200, "")["token"].(string)
		spoiled := "A" + token[1:]
		if spoiled == token {
			spoiled = "B" + token[1:]
		}
		past := c.clock.Now().Add(-time.Minute).UTC().Format(time.RFC3339)
		with := func(change keys) keys {
			body := keys{"recipients": to, "body": "Hello"}
			for key, value := range change {
				if body[key] = value; value == nil {
					delete(body, key)
				}
			}
			return body
		}
		for name, bad := range map[string]struct {
			body   keys
			status int
			code   care.Code
			says   string // part of the errors
		}{
			"no recipients at all":   {with(keys{"recipients": nil}), 422, care.CodeInvalid, "recipients"},
			"recipients of nothing":  {with(keys{"recipients": keys{}}), 422, care.CodeInvalid, "recipients"},
			"an empty list":          {with(keys{"recipients": keys{"client_ids": []string{}}}), 422, care.CodeInvalid, "recipients"},
			"an unknown id":          {with(keys{"recipients": keys{"client_ids": []string{c.leilaniID, someID}}}), 404, care.CodeNotFound, someID},
			"a foreign client":       {with(keys{"recipients": keys{"client_ids": []string{c.leilaniID, strangerID}}}), 404, care.CodeNotFound, strangerID},
			"a colleague's client":   {with(keys{"recipients": keys{"client_ids": []string{hisID}}}), 404, care.CodeNotFound, hisID},
			"a member of staff":      {with(keys{"recipients": keys{"client_ids": []string{c.eliasID}}}), 404, care.CodeNotFound, c.eliasID},
			"a foreign group":        {with(keys{"recipients": keys{"group_ids": []string{foreignGroup}}}), 404, care.CodeNotFound, ""},
			"an empty group":         {with(keys{"recipients": keys{"group_ids": []string{c.group}}}), 422, care.CodeNoReachableRecipients, ""},
			"everybody":              {with(keys{"recipients": keys{"all": "organization_active"}}), 403, care.CodeForbidden, ""},
			"another word":           {with(keys{"recipients": keys{"all": "everyone"}}), 422, care.CodeInvalid, "recipients"},
			"no id":                  {with(keys{"recipients": keys{"client_ids": []string{"17"}}}), 422, care.CodeInvalid, "recipients"},
			"an unknown key in it":   {with(keys{"recipients": keys{"clients": []string{c.leilaniID}}}), 422, care.CodeInvalid, "recipients"},
			"a filter of nonsense":   {with(keys{"recipients": keys{"filter": keys{"direct": "maybe"}}}), 422, care.CodeInvalid, "recipients"},
			"no text":                {with(keys{"body": nil}), 422, care.CodeInvalid, "body"},
			"an empty text":          {with(keys{"body": ""}), 422, care.CodeInvalid, "body"},
			"blanks":                 {with(keys{"body": " \n "}), 422, care.CodeInvalid, "body"},
			"a long text":            {with(keys{"body": strings.Repeat("ä", 20001)}), 422, care.CodeInvalid, "body"},
			"NUL":                    {with(keys{"body": "a\x00b"}), 422, care.CodeInvalid, "body"},
			"a long title":           {with(keys{"title": strings.Repeat("ä", 121)}), 422, care.CodeInvalid, "title"},
			"an unknown field":       {with(keys{"body": "Dear {{last_name}}"}), 422, care.CodeInvalid, "{{last_name}}"},
			"a time that is over":    {with(keys{"send_at": past}), 422, care.CodeInvalid, "send_at"},
			"no time":                {with(keys{"send_at": "tomorrow"}), 422, care.CodeInvalid, "send_at"},
			"61 seconds":             {with(keys{"grace_seconds": 61}), 422, care.CodeInvalid, "grace_seconds"},
			"-1 seconds":             {with(keys{"grace_seconds": -1}), 422, care.CodeInvalid, "grace_seconds"},
			"a spoiled token":        {with(keys{"token": spoiled}), 422, care.CodeInvalid, "token"},
			"a token spoiled behind": {with(keys{"token": token[:len(token)-1] + "~"}), 422, care.CodeInvalid, "token"},
			"a long token":           {with(keys{"token": strings.Repeat("x", 101)}), 422, care.CodeInvalid, "token"},
			"a token of something":   {with(keys{"token": token, "recipients": keys{"client_ids": []string{c.mayaID}}}), 422, care.CodeInvalid, "token"},
			"a file of nobody":       {with(keys{"attachment_ids": []string{someID}}), 422, care.CodeInvalid, "attachment_ids"},
			"six colleagues":         {with(keys{"staff_ids": []string{someID, someID, someID, someID, someID, someID}}), 422, care.CodeInvalid, "staff_ids"},
			"an unknown colleague":   {with(keys{"staff_ids": []string{someID}}), 404, care.CodeNotFound, ""},
			"on behalf, unpermitted": {with(keys{"on_behalf_of": c.eliasID}), 403, care.CodeForbidden, ""},
			"an unknown key":         {with(keys{"subject": "x"}), 422, care.CodeInvalid, "subject"},
		} {
			answer := c.noor.want("POST", "/blasts", bad.body, bad.status, bad.code)
			if !strings.Contains(fmt.Sprint(answer["errors"], answer["detail"]), bad.says) {
				t.Errorf("%s: %v does not say %q", name, answer, bad.says)
			}
		}
		for name, bad := range map[string]struct {
			who    *caller
			status int
			code   care.Code
		}{
			"a client": {c.leilani, 403, care.CodeForbidden}, "without the permission": {c.sam, 403, care.CodeForbidden},
			"of another practice": {mallory, 404, care.CodeNotFound}, "nobody": {c.program(""), 401, care.CodeUnauthenticated},
		} {
			for _, call := range []string{"/blasts", "/blasts/preview"} {
				body := with(nil)
				if call != "/blasts" {
					body = to
				}
				if answer := bad.who.want("POST", call, body, bad.status, bad.code); t.Failed() {
					t.Fatalf("%s: %v", name, answer)
				}
			}
		}
		c.blastWork()
		if n := c.blastsOf(c.olga); n != 0 {
			t.Errorf("%d blasts", n)
		}
		if got := c.items(c.leilani, "/conversations"); len(got) != 2 {
			t.Errorf("the client has %d conversations", len(got))
		}
	})
}

// What every call on a blast answers to whom it is not for.
func TestWhoseBlastsTheyAre(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.practice("South", "mallory@example.org")
		mallory := c.as("mallory@example.org")
		later := c.clock.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		b := c.noor.want("POST", "/blasts", keys{"recipients": keys{"client_ids": []string{c.leilaniID}}, "body": "Hello", "send_at": later}, 202, "")
		path := "/blasts/" + b["id"].(string)
		expect(c.T, b, keys{"send_at": strings.TrimSuffix(later, "Z") + ".000Z", "grace_until": nil, "recipients.client_ids": "[" + c.leilaniID + "]"})
		calls := []string{"GET " + path, "GET " + path + "/recipients", "GET " + path + "/outcome", "PATCH " + path, "POST " + path + "/pause", "POST " + path + "/resume", "POST " + path + "/cancel"}
		for _, call := range calls {
			method, path, _ := strings.Cut(call, " ")
			var body any
			if method == "PATCH" {
				body = keys{"version": b["version"], "body": "x"}
			}
			mallory.want(method, path, body, 404, care.CodeNotFound)
			c.elias.want(method, path, body, 404, care.CodeNotFound)
			c.leilani.want(method, path, body, 403, care.CodeForbidden)
			if method != "GET" {
				c.sam.want(method, path, body, 403, care.CodeForbidden) // who sees it
			}
			mallory.want(method, strings.Replace(path, b["id"].(string), someID, 1), body, 404, care.CodeNotFound)
		}
		c.sam.want("GET", path, nil, 200, "")
		expect(c.T, c.olga.want("GET", path, nil, 200, ""), keys{"may.edit": false, "may.cancel": true, "recipients": nil})
		for who, want := range map[*caller]int{c.noor: 1, c.olga: 1, c.sam: 1, c.elias: 0, mallory: 0} {
			if got := c.blastsOf(who); got != want {
				t.Errorf("%d blasts, want %d", got, want)
			}
		}
		for _, bad := range []string{"?state=staging", "?state=x", "?cursor=%21", "?cursor=MTIz", "?limit=0", "?q=" + strings.Repeat("x", 201)} {
			c.noor.want("GET", "/blasts"+bad, nil, 422, care.CodeInvalid)
		}
		for _, bad := range []string{"?state=x", "?why=x", "?read=maybe", "?cursor=-1", "?cursor=x", "?cursor=99999999999999999999", "?limit=201"} {
			c.noor.want("GET", path+"/recipients"+bad, nil, 422, care.CodeInvalid)
		}
		for _, bad := range []keys{{}, {"version": 1, "sent": 5}, {"version": "1"}, {"version": 1, "body": nil}, {"version": 1, "recipients": keys{}}, {"version": 1, "title": strings.Repeat("x", 121)}} {
			c.noor.want("PATCH", path, bad, 422, care.CodeInvalid)
		}
		c.noor.want("PATCH", path, keys{"version": 99, "body": "x"}, 409, care.CodeVersionConflict)
		c.noor.want("PATCH", path, keys{"version": b["version"], "recipients": keys{"client_ids": []string{someID}}}, 404, care.CodeNotFound)
		cancelled := c.olga.want("POST", path+"/cancel", nil, 200, "")
		c.matches("POST /blasts/{id}/cancel", 200, cancelled)
		expect(c.T, cancelled, keys{"state": "cancelled", "skipped": 1, "skipped_why.cancelled": 1, "stopped_by.name": "Olga North"})
		c.clock.Advance(2 * time.Hour)
		c.blastWork()
		if got := c.items(c.leilani, "/conversations"); len(got) != 2 {
			t.Errorf("the client has %d conversations", len(got))
		}
	})
}

// Drafts, tests to oneself, files of names and the settings.
func TestWritingABlast(t *testing.T) {
	clinics(t, func(c *clinic) {
		none := c.noor.want("GET", "/blasts/draft", nil, 200, "")
		c.matches("GET /blasts/draft", 200, none)
		expect(c.T, none, keys{"body": "", "recipients": nil, "updated_at": nil, "staff_ids": "[]", "attachments": "[]"})
		draft := keys{"title": "T", "body": "Hi {{firstname", "recipients": keys{"all": "my_active", "filter": keys{"direct": "on"}}}
		saved := c.noor.want("PUT", "/blasts/draft", draft, 200, "")
		c.matches("PUT /blasts/draft", 200, saved)
		expect(c.T, saved, keys{"title": "T", "body": "Hi {{firstname", "recipients.all": "my_active", "recipients.filter.direct": "on"})
		expect(c.T, c.olga.want("GET", "/blasts/draft", nil, 200, ""), keys{"body": ""})
		c.noor.want("PUT", "/blasts/draft", keys{"body": strings.Repeat("ä", 20001)}, 422, care.CodeInvalid)
		c.noor.want("DELETE", "/blasts/draft", nil, 204, "")
		c.sam.want("GET", "/blasts/draft", nil, 403, care.CodeForbidden)
		c.leilani.want("GET", "/blasts/draft", nil, 403, care.CodeForbidden)

		tested := c.noor.want("POST", "/blasts/test", keys{"body": "Hi {{first_name}}", "example_id": c.mayaID}, 201, "")
		c.matches("POST /blasts/test", 201, tested)
		room := tested["conversation_id"].(string)
		if got := c.items(c.noor, "/conversations/"+room+"/messages"); len(got) != 1 || dig(got[0].(map[string]any), "body") != "Hi Maya" {
			t.Errorf("the test reads %v", got)
		}
		for _, who := range []*caller{c.olga, c.sam, c.maya} {
			who.want("GET", "/conversations/"+room, nil, 404, care.CodeNotFound)
		}
		c.noor.want("POST", "/blasts/test", keys{"body": "{{x}}"}, 422, care.CodeInvalid)
		c.noor.want("POST", "/blasts/test", keys{"body": "x", "example_id": someID}, 404, care.CodeNotFound)
		c.sam.want("POST", "/blasts/test", keys{"body": "x"}, 403, care.CodeForbidden)

		named := c.noor.want("POST", "/blasts/recipients", keys{"csv": "email\n" + c.leilaniID + "\nnobody@example.org\n" + c.leilaniID}, 200, "")
		c.matches("POST /blasts/recipients", 200, named)
		expect(c.T, named, keys{"client_ids": "[" + c.leilaniID + "]", "bad": "[map[line:3 value:nobody@example.org why:unknown] map[line:4 value:" + c.leilaniID + " why:twice]]"})
		c.noor.want("POST", "/blasts/recipients", keys{"csv": "a\x00"}, 422, care.CodeInvalid)
		c.noor.want("POST", "/blasts/recipients", keys{"csv": strings.Repeat("x\n", 3<<20)}, 413, care.CodeTooLarge)
		c.sam.want("POST", "/blasts/recipients", keys{"csv": "x"}, 403, care.CodeForbidden)

		const settings = "/organization/blast-settings"
		set := c.noor.want("GET", settings, nil, 200, "")
		c.matches("GET /organization/blast-settings", 200, set)
		expect(c.T, set, keys{"version": 0, "confirm_above": 50, "daily_limit": 5000})
		c.noor.want("PUT", settings, keys{"version": 0, "daily_limit": 1}, 403, care.CodeForbidden)
		set = c.olga.want("PUT", settings, keys{"version": 0, "daily_limit": 1}, 200, "")
		c.matches("PUT /organization/blast-settings", 200, set)
		expect(c.T, set, keys{"version": 1, "confirm_above": 50, "daily_limit": 1})
		expect(c.T, c.olga.want("PUT", settings, keys{"version": 0, "confirm_above": 5}, 409, care.CodeVersionConflict), keys{"current.daily_limit": 1})
		for _, bad := range []keys{{"version": 1, "daily_limit": 0}, {"version": 1, "daily_limit": 1000001}, {"version": 1, "confirm_above": 0}, {"daily_limit": 5}, {"version": 1, "confirm_above": nil}} {
			c.olga.want("PUT", settings, bad, 422, care.CodeInvalid)
		}
		status, answer, response := c.noor.call("POST", "/blasts", keys{"recipients": keys{"all": "my_active"}, "body": "x"})
		if status != http.StatusTooManyRequests || answer["code"] != "rate_limited" || response.Header.Get("Retry-After") == "" || !strings.Contains(fmt.Sprint(answer["detail"]), "this one has 2") {
			t.Errorf("over the limit: %d %v", status, answer)
		}
		if n := c.blastsOf(c.noor); n != 0 {
			t.Errorf("%d blasts", n)
		}
	})
}

// What changed since the preview is told instead of sent.
func TestBlastAfterAChange(t *testing.T) {
	clinics(t, func(c *clinic) {
		to := keys{"all": "my_active"}
		token := c.noor.want("POST", "/blasts/preview", to, 200, "")["token"]
		c.set(c.mayaID, keys{"direct": "off"})
		c.noor.want("POST", "/blasts", keys{"recipients": to, "body": "x", "token": token}, 409, care.CodeVersionConflict)
		c.set(c.leilaniID, keys{"direct": "off"})
		refused := c.noor.want("POST", "/blasts", keys{"recipients": to, "body": "x"}, 422, care.CodeNoReachableRecipients)
		if list, _ := refused["unavailable"].([]any); len(list) != 2 {
			t.Errorf("named are %v", refused["unavailable"])
		}
		c.blastWork()
		if n := c.blastsOf(c.noor); n != 0 {
			t.Errorf("%d blasts", n)
		}
	})
}
