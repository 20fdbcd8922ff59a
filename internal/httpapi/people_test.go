package httpapi

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// as signs somebody in and gives the program that acts for them.
func (o *office) as(email string) *caller {
	o.Helper()
	got := o.program("").want("POST", "/sessions", keys{"email": email, "password": goodPassword, "bearer": true}, 201, "")
	token, _ := got["token"].(string)
	return o.program(token)
}

// addStaff adds somebody with the password of everybody and signs them in.
func (c *caller) addStaff(name, role string, more keys) (id string, who *caller) {
	c.Helper()
	email := strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@" + role + ".example"
	body := keys{"name": name, "email": email, "role": role, "password": goodPassword}
	for key, value := range more {
		body[key] = value
	}
	id, _ = c.want("POST", "/staff", body, 201, "")["id"].(string)
	return id, c.as(email)
}

// addClient adds a client who can sign in.
func (c *caller) addClient(name, provider string) (id string, who *caller) {
	c.Helper()
	email := strings.ReplaceAll(strings.ToLower(name), " ", ".") + "@client.example"
	body := keys{"name": name, "email": email, "primary_provider_id": provider, "password": goodPassword}
	id, _ = c.want("POST", "/clients", body, 201, "")["id"].(string)
	return id, c.as(email)
}

// names lists the names in a page.
func names(page map[string]any) string {
	var list []string
	items, _ := page["items"].([]any)
	for _, item := range items {
		list = append(list, fmt.Sprint(item.(map[string]any)["name"]))
	}
	return strings.Join(list, ",")
}

// fields names what is wrong in a problem.
func fields(problem map[string]any) string {
	var list []string
	wrong, _ := problem["errors"].([]any)
	for _, item := range wrong {
		f := item.(map[string]any)
		list = append(list, fmt.Sprintf("%s:%s", f["field"], f["code"]))
	}
	return strings.Join(list, " ")
}

func (c *caller) wrong(method, path string, body any, want string) {
	c.Helper()
	if got := fields(c.want(method, path, body, 422, care.CodeInvalid)); got != want {
		c.Errorf("%s %s: %q, want %q", method, path, got, want)
	}
}

func TestAClientFromEndToEnd(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		olga := o.as("olga@example.org")
		rosaID, rosa := olga.addStaff("Rosa", "provider", nil)
		samID, _ := olga.addStaff("Sam", "provider", nil)
		group := olga.want("POST", "/groups", keys{"name": "Concierge"}, 201, "")

		id := care.NewID[care.UserID](o.clock.Now()).String()
		body := keys{"id": id, "name": "Ana Lind", "email": "Ana@Example.org", "group_id": group["id"], "primary_provider_id": rosaID}
		made := olga.want("POST", "/clients", body, 201, "")
		wants := keys{
			"id": id, "kind": "client", "name": "Ana Lind", "email": "ana@example.org", "group_name": "Concierge", "provider_name": "Rosa",
			"state": "active", "invited": "invited", "last_seen_at": nil,
			"care_team_ids": []any{rosaID},
			"chat_access":   map[string]any{"direct": true, "community": true, "direct_source": "default", "community_source": "default"},
		}
		for key, want := range wants {
			if fmt.Sprint(made[key]) != fmt.Sprint(want) {
				t.Errorf("%s: %v, want %v", key, made[key], want)
			}
		}
		invitation, _ := made["invitation"].(map[string]any)
		if link, _ := invitation["link"].(string); !strings.HasPrefix(link, "http://hearth.test/invite#") || invitation["mailed"] != false {
			t.Errorf("invitation %v", invitation)
		}
		thread := rosa.want("GET", "/conversations/"+fmt.Sprint(made["direct_conversation_id"]), nil, 200, "")
		if thread["kind"] != "direct" || thread["client_id"] != id {
			t.Errorf("conversation %v", thread)
		}

		again := olga.want("POST", "/clients", body, 200, "")
		if again["invitation"] != nil || again["direct_conversation_id"] != made["direct_conversation_id"] {
			t.Errorf("the same again: %v", again)
		}
		body["name"] = "Ana Lund"
		olga.want("POST", "/clients", body, 409, care.CodeIDReused)

		changed := olga.want("PATCH", "/clients/"+id, keys{"name": "Ana L.", "group_id": nil, "email": nil, "primary_provider_id": samID}, 200, "")
		if changed["name"] != "Ana L." || changed["group_id"] != nil || changed["email"] != nil || changed["provider_name"] != "Sam" ||
			len(changed["care_team_ids"].([]any)) != 2 || changed["direct_conversation_id"] == made["direct_conversation_id"] {
			t.Errorf("changed to %v", changed)
		}
		rosa.want("GET", "/clients/"+id, nil, 200, "")
		rosa.want("PATCH", "/clients/"+id, keys{"name": "X"}, 403, care.CodeForbidden)
		olga.want("PATCH", "/clients/"+id, keys{"care_team_ids": []any{}}, 200, "")
		rosa.want("GET", "/clients/"+id, nil, 404, care.CodeNotFound)
		if got := olga.want("PATCH", "/clients/"+id, keys{"state": "archived"}, 200, ""); got["state"] != "archived" {
			t.Errorf("archived: %v", got["state"])
		}
		if got := names(olga.want("GET", "/clients", nil, 200, "")); got != "" {
			t.Errorf("active clients: %s", got)
		}
		if got := olga.want("GET", "/clients?state=archived&q=ana", nil, 200, ""); names(got) != "Ana L." || got["total"] != 1.0 || got["next_cursor"] != nil {
			t.Errorf("archived clients: %v", got)
		}
	})
}

func TestWhatIsWrongWithAPersonIsNamed(t *testing.T) {
	d := testkit.SQLite(t)
	o := newOffice(t, d)
	o.practice("North", "olga@example.org")
	olga := o.as("olga@example.org")
	me := olga.want("GET", "/me", nil, 200, "")["user"].(map[string]any)["id"]
	stranger := care.NewID[care.UserID](o.clock.Now()).String()
	client, _ := olga.addClient("Ana", me.(string))
	for _, c := range []struct {
		method, path string
		body         keys
		want         string
	}{
		{"POST", "/clients", keys{"name": "B", "email": "ANA@client.example", "primary_provider_id": me}, "email:taken"},
		{"POST", "/clients", keys{"name": " ", "email": "x", "primary_provider_id": me}, "name:required email:email"},
		{"POST", "/clients", keys{"name": "B", "primary_provider_id": stranger}, "primary_provider_id:not_found"},
		{"POST", "/clients", keys{"name": "B", "primary_provider_id": me, "group_id": stranger}, "group_id:not_found"},
		{"POST", "/clients", keys{"name": "B", "primary_provider_id": me, "password": "short"}, "password:too_short"},
		{"POST", "/clients", keys{"name": "B", "primary_provider_id": me, "role": "owner"}, "role:unknown"},
		{"POST", "/clients", keys{"name": "B"}, "primary_provider_id:required"},
		{"PATCH", "/clients/" + client, keys{"state": "gone"}, "state:one_of"},
		{"PATCH", "/clients/" + client, keys{"name": nil}, "name:null"},
		{"PATCH", "/clients/" + client, keys{"care_team_ids": []any{stranger}}, "care_team_ids:not_found"},
		{"PATCH", "/clients/" + client, keys{"primary_provider_id": client}, "primary_provider_id:not_found"},
		{"POST", "/staff", keys{"name": "B", "email": "b@example.org", "role": "boss"}, "role:one_of"},
		{"POST", "/staff", keys{"name": "B", "email": "olga@example.org", "role": "support"}, "email:taken"},
		{"POST", "/staff", keys{"name": "B", "email": "b@example.org", "role": "support", "permissions": []any{"fly"}}, "permissions[0]:one_of"},
		{"PATCH", "/staff/" + me.(string), keys{"role": "support"}, "role:last_owner"},
		{"PATCH", "/organization", keys{"time_zone": "Mars/Olympus"}, "time_zone:time_zone"},
		{"POST", "/groups", keys{"name": strings.Repeat("x", 201)}, "name:too_long"},
		{"GET", "/clients?limit=0", nil, "limit:too_small"},
		{"GET", "/clients?limit=201", nil, "limit:too_large"},
		{"GET", "/clients?cursor=zzz", nil, "cursor:malformed"},
		{"GET", "/clients?direct=maybe", nil, "direct:one_of"},
		{"GET", "/clients?group_id=7", nil, "group_id:type"},
		{"GET", "/audit?before=yesterday", nil, "before:type"},
	} {
		var body any
		if c.body != nil {
			body = c.body
		}
		olga.wrong(c.method, c.path, body, c.want)
	}
	olga.want("GET", "/clients/nobody", nil, 404, care.CodeNotFound)
	for _, query := range []string{"q=%00", "q=%ff", "cursor=%00", "q=a%5C%25_%27%22&limit=1", "q=" + strings.Repeat("a+", 100)} {
		if status, answer, _ := olga.call("GET", "/clients?"+query, nil); status >= 500 {
			t.Errorf("?%s: %d %v", query, status, answer)
		}
	}
	olga.want("GET", "/clients?q="+strings.Repeat("x", 201), nil, 422, care.CodeInvalid)
}

func TestStaffOverHTTP(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		olga := o.as("olga@example.org")
		rosaID, rosa := olga.addStaff("Rosa", "provider", keys{"title": "Dietitian"})
		invited := olga.want("POST", "/staff", keys{"name": "Tom", "email": "tom@example.org", "role": "support", "permissions": []any{}}, 201, "")
		if invited["invited"] != "invited" || invited["invitation"] == nil || fmt.Sprint(invited["permissions"]) != "[]" || invited["title"] != nil {
			t.Errorf("invited %v", invited)
		}
		list := rosa.want("GET", "/staff", nil, 200, "")
		if got := names(list); got != "Olga North,Rosa,Tom" {
			t.Errorf("staff see %s", got)
		}
		rosa.want("PATCH", "/staff/"+rosaID, keys{"title": nil, "clients_may_start": false, "name": "Rosa M."}, 200, "")
		rosa.want("PATCH", "/staff/"+rosaID, keys{"permissions": []any{"send_blasts"}}, 403, care.CodeForbidden)
		rosa.want("POST", "/staff", keys{"name": "X", "email": "x@example.org", "role": "support"}, 403, care.CodeForbidden)
		rosa.want("POST", "/staff/"+rosaID+"/invitation", keys{}, 403, care.CodeForbidden)
		olga.want("POST", "/staff/"+rosaID+"/invitation", keys{}, 201, "")

		got := olga.want("PATCH", "/staff/"+rosaID, keys{"permissions": []any{"view_all_clients"}}, 200, "")
		if fmt.Sprint(got["permissions"]) != "[view_all_clients]" || got["title"] != nil || got["name"] != "Rosa M." {
			t.Errorf("chosen: %v", got)
		}
		if got := olga.want("PATCH", "/staff/"+rosaID, keys{"permissions": nil}, 200, ""); len(got["permissions"].([]any)) != 3 {
			t.Errorf("the role's: %v", got["permissions"])
		}
		rosa.want("GET", "/me", nil, 200, "")
		olga.want("PATCH", "/staff/"+rosaID, keys{"active": false}, 200, "")
		rosa.want("GET", "/me", nil, 401, care.CodeUnauthenticated)
		olga.want("POST", "/staff/"+rosaID+"/invitation", keys{}, 422, care.CodeInvalid)
	})
}

// A permission that is taken away counts at once, although who somebody is is remembered
// for a moment.
func TestPermissionsCountAtOnce(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	o.practice("North", "olga@example.org")
	olga := o.as("olga@example.org")
	samID, sam := olga.addStaff("Sam", "support", nil)
	sam.want("POST", "/groups", keys{"name": "One"}, 201, "")
	olga.want("PATCH", "/staff/"+samID, keys{"permissions": []any{}}, 200, "")
	sam.want("POST", "/groups", keys{"name": "Two"}, 403, care.CodeForbidden)
}

func TestWhatClientsGet(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		olga := o.as("olga@example.org")
		rosaID, _ := olga.addStaff("Rosa", "provider", nil)
		olga.addStaff("Sam", "provider", nil)
		anaID, ana := olga.addClient("Ana", rosaID)
		list := ana.want("GET", "/staff", nil, 200, "")
		if names(list) != "Rosa" {
			t.Fatalf("a client sees %s", names(list))
		}
		rosa := list["items"].([]any)[0].(map[string]any)
		if len(rosa) != 5 || rosa["id"] != rosaID || rosa["kind"] != "staff" || rosa["clients_may_start"] != true {
			t.Errorf("a client is told %v", rosa)
		}
		for _, path := range []string{"/clients", "/clients/" + anaID, "/groups", "/audit"} {
			ana.want("GET", path, nil, 403, care.CodeForbidden)
		}
		ana.want("PATCH", "/clients/"+anaID, keys{"name": "X"}, 403, care.CodeForbidden)
		ana.want("PATCH", "/organization", keys{"name": "X"}, 403, care.CodeForbidden)
		if got := ana.want("GET", "/organization", nil, 200, ""); got["name"] != "North" || got["name_in_mail"] != "North" {
			t.Errorf("organization %v", got)
		}
	})
}

func TestAnotherPracticeGetsNothing(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		o.practice("South", "mallory@example.net")
		olga, mallory := o.as("olga@example.org"), o.as("mallory@example.net")
		rosaID, _ := olga.addStaff("Rosa", "provider", nil)
		anaID, _ := olga.addClient("Ana", rosaID)
		group := fmt.Sprint(olga.want("POST", "/groups", keys{"name": "Concierge"}, 201, "")["id"])
		before := olga.want("GET", "/audit?limit=200", nil, 200, "")["items"].([]any)
		for _, c := range []struct{ method, path string }{
			{"GET", "/clients/" + anaID}, {"PATCH", "/clients/" + anaID}, {"POST", "/clients/" + anaID + "/invitation"},
			{"PATCH", "/staff/" + rosaID}, {"POST", "/staff/" + rosaID + "/invitation"},
			{"PATCH", "/groups/" + group}, {"DELETE", "/groups/" + group},
		} {
			var body any
			switch c.method {
			case "PATCH":
				body = keys{"name": "X"}
			case "POST":
				body = keys{}
			}
			mallory.want(c.method, c.path, body, 404, care.CodeNotFound)
		}
		for _, path := range []string{"/clients?q=ana", "/clients?group_id=" + group, "/clients?provider_id=" + rosaID, "/groups",
			"/audit?subject_id=" + anaID, "/audit?actor_id=" + rosaID} {
			if got := mallory.want("GET", path, nil, 200, ""); len(got["items"].([]any)) != 0 {
				t.Errorf("%s: %v", path, got)
			}
		}
		if got := names(mallory.want("GET", "/staff", nil, 200, "")); got != "Olga South" {
			t.Errorf("staff: %s", got)
		}
		mallory.wrong("POST", "/clients", keys{"name": "B", "primary_provider_id": rosaID}, "primary_provider_id:not_found")
		after := olga.want("GET", "/audit?limit=200", nil, 200, "")["items"].([]any)
		if len(after) != len(before) {
			t.Errorf("%d rows in the first practice's log, before %d", len(after), len(before))
		}
	})
}

func TestGroupsOverHTTP(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		olga := o.as("olga@example.org")
		me := olga.want("GET", "/me", nil, 200, "")["user"].(map[string]any)["id"]
		body := keys{"id": care.NewID[care.GroupID](o.clock.Now()).String(), "name": "Concierge"}
		group := olga.want("POST", "/groups", body, 201, "")
		olga.want("POST", "/groups", body, 200, "")
		other := olga.want("POST", "/groups", keys{"name": "Waitlist"}, 201, "")
		olga.want("POST", "/clients", keys{"name": "Ana", "primary_provider_id": me, "group_id": group["id"]}, 201, "")
		list := olga.want("GET", "/groups?limit=1", nil, 200, "")
		first := list["items"].([]any)[0].(map[string]any)
		if first["name"] != "Concierge" || first["client_count"] != 1.0 || fmt.Sprint(first["chat_access"]) != "map[community:unset direct:unset]" {
			t.Errorf("group %v", first)
		}
		if got := names(olga.want("GET", "/groups?limit=1&cursor="+fmt.Sprint(list["next_cursor"]), nil, 200, "")); got != "Waitlist" {
			t.Errorf("the page after: %s", got)
		}
		olga.want("PATCH", "/groups/"+fmt.Sprint(group["id"]), keys{"name": "VIP"}, 200, "")
		path := "/groups/" + fmt.Sprint(group["id"])
		olga.wrong("DELETE", path+"?move_to="+fmt.Sprint(group["id"]), nil, "move_to:same")
		olga.want("DELETE", path+"?move_to="+fmt.Sprint(other["id"]), nil, 204, "")
		if got := names(olga.want("GET", "/clients?group_id="+fmt.Sprint(other["id"]), nil, 200, "")); got != "Ana" {
			t.Errorf("moved: %s", got)
		}
		olga.want("DELETE", path, nil, 404, care.CodeNotFound)
	})
}

func TestAuditOverHTTP(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		olga := o.as("olga@example.org")
		me := fmt.Sprint(olga.want("GET", "/me", nil, 200, "")["user"].(map[string]any)["id"])
		_, rosa := olga.addStaff("Rosa", "provider", nil)
		client := fmt.Sprint(olga.want("POST", "/clients", keys{"name": "Ana", "primary_provider_id": me}, 201, "")["id"])
		olga.want("PATCH", "/clients/"+client, keys{"name": "Anna"}, 200, "")
		rosa.want("GET", "/audit", nil, 403, care.CodeForbidden)
		list := olga.want("GET", "/audit?action=client.changed&subject_id="+client+"&actor_id="+me, nil, 200, "")["items"].([]any)
		if len(list) != 1 {
			t.Fatalf("%d rows", len(list))
		}
		row := list[0].(map[string]any)
		want := keys{
			"actor":   map[string]any{"id": me, "kind": "staff", "name": "Olga North"},
			"subject": map[string]any{"id": client, "kind": "client", "name": "Anna"},
			"details": map[string]any{"fields": []any{"name"}},
			"at":      row["at"], "id": row["id"], "hash": row["hash"], "action": "client.changed",
		}
		if fmt.Sprint(row) != fmt.Sprint(map[string]any(want)) || len(fmt.Sprint(row["hash"])) != 64 {
			t.Errorf("row %v, want %v", row, want)
		}
		at := fmt.Sprint(row["at"])
		for query, rows := range map[string]int{"before=" + at: 0, "after=" + at: 0, "before=2999-01-01T00:00:00Z&after=2000-01-01T00:00:00%2B02:00": 1} {
			if got := olga.want("GET", "/audit?action=client.changed&"+query, nil, 200, "")["items"].([]any); len(got) != rows {
				t.Errorf("%s: %d rows, want %d", query, len(got), rows)
			}
		}
		status, _, w := olga.call(http.MethodDelete, "/audit", nil)
		if status != 405 || w.Header.Get("Allow") == "" {
			t.Errorf("deleting: %d", status)
		}
	})
}

func TestOrganizationOverHTTP(t *testing.T) {
	o := newOffice(t, testkit.SQLite(t))
	o.practice("North", "olga@example.org")
	olga := o.as("olga@example.org")
	got := olga.want("PATCH", "/organization", keys{"time_zone": "Europe/Berlin", "name_in_mail": "Your practice"}, 200, "")
	if got["time_zone"] != "Europe/Berlin" || got["name_in_mail"] != "Your practice" || got["name"] != "North" {
		t.Errorf("changed to %v", got)
	}
	if got := olga.want("PATCH", "/organization", keys{"name_in_mail": nil}, 200, ""); got["name_in_mail"] != "North" {
		t.Errorf("removed: %v", got)
	}
	if got := olga.want("GET", "/organization", nil, 200, ""); got["colour"] != nil {
		t.Errorf("a colour nobody set: %v", got)
	}
	if got := olga.want("PATCH", "/organization", keys{"colour": "#A3245B"}, 200, ""); got["colour"] != "#a3245b" || got["name"] != "North" {
		t.Errorf("coloured: %v", got)
	}
	refused := olga.want("PATCH", "/organization", keys{"colour": "crimson"}, 422, care.CodeInvalid)
	if fields := fmt.Sprint(refused["errors"]); !strings.Contains(fields, "field:colour") || !strings.Contains(fields, "#1d5f4b") {
		t.Errorf("refused: %v", refused)
	}
	for _, none := range []any{nil, ""} {
		olga.want("PATCH", "/organization", keys{"colour": "#123456"}, 200, "")
		if got := olga.want("PATCH", "/organization", keys{"colour": none}, 200, ""); got["colour"] != nil {
			t.Errorf("removed with %v: %v", none, got)
		}
	}
	_, rosa := olga.addStaff("Rosa", "provider", nil)
	rosa.want("PATCH", "/organization", keys{"name": "X"}, 403, care.CodeForbidden)
	rosa.want("PATCH", "/organization", keys{"colour": "#123456"}, 403, care.CodeForbidden)
}
