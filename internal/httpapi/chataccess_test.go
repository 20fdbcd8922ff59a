package httpapi

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// clinic is an office with the people of the chat access tests.
type clinic struct {
	*office
	olga, noor, elias, sam, leilani, maya *caller // owner, two providers, support, two clients
	noorID, eliasID, leilaniID, mayaID    string
	group                                 string
	direct, community                     string // conversations of Noor with Leilani, and with both clients
}

func clinics(t *testing.T, test func(c *clinic)) {
	t.Helper()
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := officeWith(t, d, false)
		o.practice("North", "olga@example.org")
		c := &clinic{office: o, olga: o.as("olga@example.org")}
		c.noorID, c.noor = c.olga.addStaff("Noor Haddad", "provider", nil)
		c.eliasID, c.elias = c.olga.addStaff("Elias Brandt", "provider", nil)
		_, c.sam = c.olga.addStaff("Sam Whitehorse", "support", nil)
		c.leilaniID, c.leilani = c.olga.addClient("Leilani Kahale", c.noorID)
		c.mayaID, c.maya = c.olga.addClient("Maya Lindqvist", c.noorID)
		c.group = c.olga.want("POST", "/groups", keys{"name": "Steady Plates"}, 201, "")["id"].(string)
		c.direct = c.noor.want("POST", "/conversations", keys{"kind": "direct", "member_ids": []string{c.leilaniID}}, 200, "")["id"].(string)
		c.community = c.noor.want("POST", "/conversations", keys{"kind": "community", "member_ids": []string{c.leilaniID, c.mayaID}}, 201, "")["id"].(string)
		test(c)
	})
}

// access reads a client's chat access.
func (c *clinic) access(client string) map[string]any {
	c.Helper()
	return c.olga.want("GET", "/clients/"+client+"/chat-access", nil, 200, "")
}

// at digs into an answer: "direct.source".
func dig(answer map[string]any, path string) any {
	var value any = answer
	for key := range strings.SplitSeq(path, ".") {
		object, is := value.(map[string]any)
		if !is {
			return nil
		}
		value = object[key]
	}
	return value
}

// set changes a client's own settings with the version as it is.
func (c *clinic) set(client string, change keys) map[string]any {
	c.Helper()
	change["version"] = c.access(client)["version"]
	return c.olga.want("PUT", "/clients/"+client+"/chat-access", change, 200, "")
}

func (c *clinic) setGroup(change keys) map[string]any {
	c.Helper()
	path := "/groups/" + c.group + "/chat-access"
	change["version"] = c.olga.want("GET", path, nil, 200, "")["version"]
	return c.olga.want("PUT", path, change, 200, "")
}

func (c *clinic) join(client string, group any) {
	c.Helper()
	c.olga.want("PATCH", "/clients/"+client, keys{"group_id": group}, 200, "")
}

// expect checks parts of an answer.
func expect(t *testing.T, answer map[string]any, want keys) {
	t.Helper()
	for path, value := range want {
		if got := dig(answer, path); fmt.Sprint(got) != fmt.Sprint(value) {
			t.Errorf("%s is %v, want %v", path, got, value)
		}
	}
}

func (c *clinic) say(who *caller, conversation string, status int, code care.Code) map[string]any {
	c.Helper()
	return who.want("POST", "/conversations/"+conversation+"/messages", keys{"body": "Hello"}, status, code)
}

// "Where a switch's value comes from": the first place that is set counts, and every
// answer says which.
func TestSourcesOfASwitch(t *testing.T) {
	clinics(t, func(c *clinic) {
		expect(c.T, c.access(c.leilaniID), keys{
			"direct.effective": true, "direct.source": "default", "direct.own": "unset", "direct.group": "unset", "direct.default": "on",
			"direct.changed_by.name": "Olga North", "community.source": "default", "can_change": true,
		})
		c.join(c.leilaniID, c.group)
		c.setGroup(keys{"direct": "off", "reason": "Waitlist"})
		expect(c.T, c.access(c.leilaniID), keys{
			"direct.effective": false, "direct.source": "group", "direct.group": "off", "direct.reason": "Waitlist",
			"direct.changed_by.name": "Olga North", "community.source": "default", "group.name": "Steady Plates",
		})
		c.set(c.leilaniID, keys{"direct": "on"})
		expect(c.T, c.access(c.leilaniID), keys{"direct.effective": true, "direct.source": "client", "direct.own": "on", "direct.group": "off", "direct.reason": nil})
		// 25: cleared, the next place counts. 24: leaving the group, the default counts.
		c.set(c.leilaniID, keys{"direct": "unset"})
		expect(c.T, c.access(c.leilaniID), keys{"direct.effective": false, "direct.source": "group"})
		c.join(c.leilaniID, nil)
		expect(c.T, c.access(c.leilaniID), keys{"direct.effective": true, "direct.source": "default"})
		expect(c.T, c.olga.want("GET", "/clients/"+c.leilaniID, nil, 200, ""), keys{"chat_access.direct": true, "chat_access.direct_source": "default"})
		history := c.olga.want("GET", "/clients/"+c.leilaniID+"/chat-access/history", nil, 200, "")["items"].([]any)
		var lines []string
		for _, h := range history {
			h := h.(map[string]any)
			lines = append(lines, fmt.Sprint(h["place"], " ", h["switch"], " ", h["old"], ">", h["new"], " ", h["how"]))
		}
		want := []string{
			"group direct off>on group", "client direct on>unset profile", "client direct unset>on profile", "group direct unset>off group",
			"default community <nil>>on created", "default direct <nil>>on created",
		}
		if strings.Join(lines, "; ") != strings.Join(want, "; ") {
			c.Errorf("history %q", lines)
		}
	})
}

// Statements 1 to 5, 7, 10: what D and C forbid, apart from each other.
func TestSwitchesForbidWriting(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.say(c.leilani, c.direct, 201, "")
		c.set(c.leilaniID, keys{"direct": "off", "reason": "Weekly calls instead"})
		refused := c.say(c.leilani, c.direct, 403, care.CodeChatUnavailable)
		expect(c.T, refused, keys{"notice.title": "Messaging is turned off", "unavailable": nil})
		staff := c.say(c.noor, c.direct, 403, care.CodeChatUnavailable)
		expect(c.T, staff, keys{"detail": "Chat is unavailable for Leilani Kahale", "notice": nil})
		if list := staff["unavailable"].([]any); len(list) != 1 || dig(list[0].(map[string]any), "client_id") != c.leilaniID {
			c.Errorf("unavailable %v", list)
		}
		c.say(c.sam, c.direct, 403, care.CodeChatUnavailable)
		c.say(c.leilani, c.community, 201, "")
		// Earlier messages stay; the conversation says what one may do, staff why.
		if items := c.leilani.want("GET", "/conversations/"+c.direct+"/messages", nil, 200, "")["items"].([]any); len(items) != 1 {
			c.Errorf("%d messages", len(items))
		}
		expect(c.T, c.leilani.want("GET", "/conversations/"+c.direct, nil, 200, ""),
			keys{"can_send": false, "cannot_send_code": "chat_unavailable", "unavailable": nil})
		expect(c.T, c.noor.want("GET", "/conversations/"+c.direct, nil, 200, ""), keys{
			"can_send": false, "unavailable.name": "Leilani Kahale", "unavailable.reason": "Weekly calls instead",
			"unavailable.by.name": "Olga North", "unavailable.source": "client",
		})
		c.leilani.want("POST", "/conversations", keys{"kind": "direct", "member_ids": []string{c.noorID}}, 403, care.CodeChatUnavailable)
		c.noor.want("POST", "/conversations", keys{"kind": "direct", "member_ids": []string{c.leilaniID}}, 403, care.CodeChatUnavailable)
		me := c.leilani.want("GET", "/me", nil, 200, "")
		expect(c.T, me, keys{"chat.direct": false, "chat.community": true, "chat.notice.title": "Messaging is turned off"})
		if text := fmt.Sprint(me); strings.Contains(text, "Weekly calls") || strings.Contains(text, "Olga") {
			c.Errorf("the client is told the reason or who: %s", text)
		}
		c.set(c.leilaniID, keys{"direct": "on", "community": "off"})
		c.say(c.leilani, c.direct, 201, "")
		refused = c.say(c.leilani, c.community, 403, care.CodeChatUnavailable)
		expect(c.T, refused, keys{"notice.title": "Community Chat is turned off"})
		c.say(c.maya, c.community, 201, "")
		// 15: who has C off is left out, and named.
		left := c.noor.want("POST", "/conversations", keys{"kind": "community", "member_ids": []string{c.leilaniID, c.mayaID}, "separate": true}, 201, "")["left_out"].([]any)
		if len(left) != 1 || dig(left[0].(map[string]any), "why") != "community_off" {
			c.Errorf("left out %v", left)
		}
	})
}

// Statements 6 and 9 through the API: the client sees nothing that others post meanwhile.
func TestCommunityOffWithholds(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.say(c.maya, c.community, 201, "")
		c.set(c.leilaniID, keys{"community": "off"})
		c.say(c.maya, c.community, 201, "")
		read := func() (seqs []any, unread any) {
			for _, m := range c.leilani.want("GET", "/conversations/"+c.community+"/messages?after_seq=0", nil, 200, "")["items"].([]any) {
				seqs = append(seqs, m.(map[string]any)["seq"])
			}
			view := c.leilani.want("GET", "/conversations/"+c.community, nil, 200, "")
			return append(seqs, view["last_seq"], dig(view, "last_message.seq")), view["unread"]
		}
		if seqs, unread := read(); fmt.Sprint(seqs, unread) != "[1 1 1] 1" {
			c.Errorf("off: %v %v", seqs, unread)
		}
		c.join(c.leilaniID, c.group) // a group changes nothing where an own setting decides
		c.setGroup(keys{"community": "off"})
		c.set(c.leilaniID, keys{"community": "unset"}) // off by the group now: still where it stopped
		c.say(c.maya, c.community, 201, "")
		if seqs, _ := read(); fmt.Sprint(seqs) != "[1 1 1]" {
			c.Errorf("off by the group: %v", seqs)
		}
		c.setGroup(keys{"community": "unset"})
		if seqs, unread := read(); fmt.Sprint(seqs, unread) != "[1 2 3 3 3] 3" {
			c.Errorf("on again: %v %v", seqs, unread)
		}
	})
}

// Statement 22: defaults count for clients added afterwards only; a provider's own first.
func TestDefaultsForNewClients(t *testing.T) {
	clinics(t, func(c *clinic) {
		org := c.olga.want("GET", "/organization/chat-access", nil, 200, "")
		expect(c.T, org, keys{"direct": "on", "community": "on"})
		c.olga.want("PUT", "/organization/chat-access", keys{"version": org["version"], "community": "off"}, 200, "")
		c.olga.want("PUT", "/organization/chat-access", keys{"version": org["version"], "community": "on"}, 409, care.CodeVersionConflict)
		provider := c.noor.want("GET", "/staff/"+c.noorID+"/chat-access", nil, 200, "")
		c.noor.want("PUT", "/staff/"+c.noorID+"/chat-access", keys{"version": provider["version"], "direct": "off"}, 200, "")
		c.elias.want("PUT", "/staff/"+c.noorID+"/chat-access", keys{"version": 2, "direct": "on"}, 403, care.CodeForbidden)
		expect(c.T, c.access(c.mayaID), keys{"direct.effective": true, "community.effective": true})
		hers, _ := c.olga.addClient("New One", c.noorID)
		expect(c.T, c.access(hers), keys{"direct.effective": false, "direct.default": "off", "community.effective": false})
		his, _ := c.olga.addClient("New Two", c.eliasID)
		expect(c.T, c.access(his), keys{"direct.effective": true, "community.effective": false})
		c.olga.want("PATCH", "/clients/"+hers, keys{"primary_provider_id": c.eliasID}, 200, "")
		expect(c.T, c.access(hers), keys{"direct.effective": false})
		c.olga.want("PUT", "/organization/chat-access", keys{"version": 2, "direct": "unset"}, 422, care.CodeInvalid)
		c.noor.want("PUT", "/organization/chat-access", keys{"version": 2, "direct": "off"}, 403, care.CodeForbidden)
	})
}

// Statement 28, and what nobody else may see.
func TestWhoMayChangeChatAccess(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.practice("South", "sonja@example.org")
		sonja := c.as("sonja@example.org")
		path := "/clients/" + c.leilaniID + "/chat-access"
		change := keys{"version": 1, "direct": "off"}
		for _, one := range []struct {
			who    *caller
			method string
			status int
			code   care.Code
		}{
			{c.leilani, "GET", 403, care.CodeForbidden},
			{c.leilani, "PUT", 403, care.CodeForbidden},
			{c.sam, "GET", 200, ""},
			{c.sam, "PUT", 403, care.CodeForbidden},
			{c.elias, "GET", 404, care.CodeNotFound},
			{c.elias, "PUT", 404, care.CodeNotFound},
			{sonja, "GET", 404, care.CodeNotFound},
			{sonja, "PUT", 404, care.CodeNotFound},
			{c.noor, "PUT", 200, ""},
		} {
			body := any(change)
			if one.method == "GET" {
				body = nil
			}
			one.who.want(one.method, path, body, one.status, one.code)
		}
		group := "/groups/" + c.group + "/chat-access"
		c.noor.want("PUT", group, change, 403, care.CodeForbidden)
		c.sam.want("PUT", group, change, 403, care.CodeForbidden)
		sonja.want("PUT", group, change, 404, care.CodeNotFound)
		sonja.want("GET", "/staff/"+c.noorID+"/chat-access", nil, 404, care.CodeNotFound)
		expect(c.T, c.noor.want("GET", path, nil, 200, ""), keys{"can_change": true})
		expect(c.T, c.sam.want("GET", path, nil, 200, ""), keys{"can_change": false})
	})
}

// Statement 29: the second is told of the first's change and loses nothing silently.
func TestTwoPeopleSaving(t *testing.T) {
	clinics(t, func(c *clinic) {
		path := "/clients/" + c.leilaniID + "/chat-access"
		seen := c.access(c.leilaniID)["version"]
		c.noor.want("PUT", path, keys{"version": seen, "direct": "off", "reason": "First"}, 200, "")
		second := c.olga.want("PUT", path, keys{"version": seen, "community": "off"}, 409, care.CodeVersionConflict)
		expect(c.T, second, keys{"current.direct.own": "off", "current.direct.changed_by.name": "Noor Haddad", "current.community.own": "unset"})
		if !strings.HasPrefix(second["detail"].(string), "Noor Haddad changed this") {
			c.Errorf("detail %v", second["detail"])
		}
		// Asking for what is so changes nothing and counts nothing.
		version := dig(second, "current.version")
		expect(c.T, c.olga.want("PUT", path, keys{"version": version, "direct": "off"}, 200, ""), keys{"version": version, "direct.reason": "First"})
	})
}

func TestBadChatAccess(t *testing.T) {
	clinics(t, func(c *clinic) {
		path := "/clients/" + c.leilaniID + "/chat-access"
		past := c.clock.Now().Add(-time.Minute).UTC().Format(time.RFC3339)
		for _, body := range []keys{
			{"version": 1}, {"direct": "off"}, {"version": 1, "direct": "maybe"}, {"version": 1, "direct": nil}, {"version": 1, "direct": true},
			{"version": 1, "direct": "off", "until": past}, {"version": 1, "direct": "off", "until": "tomorrow"},
			{"version": 1, "direct": "off", "reason": strings.Repeat("x", 501)}, {"version": 1, "direct": "off", "why": "x"},
			{"version": 1, "reason": "nothing is set"},
		} {
			c.olga.want("PUT", path, body, 422, care.CodeInvalid)
		}
		c.olga.want("PUT", path, keys{"version": 7, "direct": "off"}, 409, care.CodeVersionConflict)
		expect(c.T, c.access(c.leilaniID), keys{"version": 1, "direct.own": "unset"})
		c.olga.want("GET", "/clients/"+c.leilaniID+"/chat-access/history?cursor=x", nil, 422, care.CodeInvalid)
	})
}

// A setting with a time goes back to not set by itself: a recorded change by the system.
func TestUntil(t *testing.T) {
	clinics(t, func(c *clinic) {
		until := c.clock.Now().Add(time.Hour).UTC().Format("2006-01-02T15:04:05.000Z")
		c.set(c.leilaniID, keys{"direct": "off", "community": "off", "until": until, "reason": "Away"})
		expect(c.T, c.access(c.leilaniID), keys{"direct.until": until, "direct.reason": "Away", "community.until": until})
		c.join(c.mayaID, c.group)
		c.setGroup(keys{"direct": "off", "until": until})
		c.say(c.maya, c.community, 201, "")
		if n, err := c.deps.ChatAccess.Expire(c.Context()); n != 0 || err != nil {
			c.Errorf("set back %d before the time: %v", n, err)
		}
		c.clock.Advance(time.Hour)
		if n, err := c.deps.ChatAccess.Expire(c.Context()); n != 2 || err != nil {
			c.Errorf("set back %d, want 2: %v", n, err)
		}
		expect(c.T, c.access(c.leilaniID), keys{"direct.effective": true, "direct.source": "default", "direct.own": "unset"})
		expect(c.T, c.access(c.mayaID), keys{"direct.effective": true, "direct.group": "unset"})
		first := c.olga.want("GET", "/clients/"+c.leilaniID+"/chat-access/history?limit=1", nil, 200, "")["items"].([]any)[0].(map[string]any)
		expect(c.T, first, keys{"how": "schedule", "actor.name": "Hearth", "actor.kind": "system", "old": "off", "new": "unset"})
		if items := c.leilani.want("GET", "/conversations/"+c.community+"/messages", nil, 200, "")["items"].([]any); len(items) != 1 {
			c.Errorf("withheld posts are not readable again: %v", items)
		}
	})
}

// Statement 27: everything that changes is in the audit log.
func TestChatAccessIsRecorded(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.set(c.leilaniID, keys{"direct": "off", "reason": "Weekly calls"})
		c.setGroup(keys{"community": "off"})
		rows := c.olga.want("GET", "/audit?action=chat_access.changed", nil, 200, "")["items"].([]any)
		if len(rows) != 2 {
			c.Fatalf("%d rows", len(rows))
		}
		expect(c.T, rows[1].(map[string]any), keys{
			"actor.name": "Olga North", "subject.kind": "client", "subject.id": c.leilaniID, "details.place": "client", "details.switch": "direct",
			"details.old": "unset", "details.new": "off", "details.reason": "Weekly calls", "details.how": "profile",
		})
		expect(c.T, rows[0].(map[string]any), keys{"subject.kind": "group", "details.switch": "community", "details.how": "group"})
	})
}

// Statement 33: the organization's words, and a group's own before them.
func TestNotice(t *testing.T) {
	clinics(t, func(c *clinic) {
		version := c.olga.want("GET", "/organization/chat-access", nil, 200, "")["version"]
		org := c.olga.want("PUT", "/organization/chat-access", keys{"version": version, "notice": keys{"phone": "(503) 555-0142", "hours": "Monday–Friday, 8 AM–6 PM"}}, 200, "")
		if body := dig(org, "default_notice.body"); !strings.Contains(fmt.Sprint(body), "call North at (503) 555-0142, Monday–Friday") {
			c.Errorf("default %v", body)
		}
		c.join(c.leilaniID, c.group)
		c.setGroup(keys{"direct": "off", "notice": keys{"body": "Ask the front desk."}})
		refused := c.say(c.leilani, c.direct, 403, care.CodeChatUnavailable)
		expect(c.T, refused, keys{"notice.body": "Ask the front desk.", "notice.phone": "(503) 555-0142", "notice.emergency": "911"})
		expect(c.T, c.leilani.want("GET", "/me", nil, 200, ""), keys{"chat.notice.body": "Ask the front desk."})
		group := c.setGroup(keys{"notice": nil})
		if group["notice"] != nil {
			c.Errorf("notice %v", group["notice"])
		}
		c.olga.want("PUT", "/organization/chat-access", keys{"version": 99, "notice": keys{"title": "x"}}, 409, care.CodeVersionConflict)
		c.olga.want("PUT", "/organization/chat-access", keys{"version": dig(org, "version"), "notice": keys{"title": strings.Repeat("x", 101)}}, 422, care.CodeInvalid)
	})
}

// Deleting a group moves its clients, and their chat access follows.
func TestDeletedGroup(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.join(c.leilaniID, c.group)
		c.setGroup(keys{"direct": "off", "community": "off"})
		c.say(c.maya, c.community, 201, "")
		c.olga.want("DELETE", "/groups/"+c.group, nil, 204, "")
		expect(c.T, c.access(c.leilaniID), keys{"direct.effective": true, "group": nil})
		if items := c.leilani.want("GET", "/conversations/"+c.community+"/messages", nil, 200, "")["items"].([]any); len(items) != 1 {
			c.Errorf("withheld posts are not readable again: %v", items)
		}
	})
}

// What is told live: staff the effective values, the client those with the notice.
func TestChatAccessEvents(t *testing.T) {
	clinics(t, func(c *clinic) {
		var mu sync.Mutex
		var events []care.Event
		cancel := c.bus.Subscribe(func(e care.Event) {
			mu.Lock()
			defer mu.Unlock()
			if e.Type == care.EventChatAccessChanged {
				events = append(events, e)
			}
		})
		defer cancel()
		c.set(c.leilaniID, keys{"direct": "off"})
		c.set(c.leilaniID, keys{"direct": "off"})
		mu.Lock()
		defer mu.Unlock()
		if len(events) != 1 || events[0].Direct || !events[0].Community || events[0].Client.String() != c.leilaniID {
			c.Fatalf("events %+v", events)
		}
		told := fmt.Sprint(events[0].To)
		for _, id := range []string{c.leilaniID, c.noorID} {
			if !strings.Contains(told, id) {
				c.Errorf("%s is not told", id)
			}
		}
		for _, id := range []string{c.eliasID, c.mayaID} {
			if strings.Contains(told, id) {
				c.Errorf("%s is told", id)
			}
		}
	})
}
