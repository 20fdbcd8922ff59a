package httpapi

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
)

// A lock, a rate, a hidden roster and their refusals, as callers see them.
func TestHowACommunityChatWorks(t *testing.T) {
	clinics(t, func(c *clinic) {
		path := "/conversations/" + c.community
		expect(c.T, c.noor.want("GET", path, nil, 200, ""), keys{
			"community.locked": false, "community.posts_per_hour": nil, "community.roster_hidden": false,
			"community.in_step_group_ids": "[]", "community.member_count": 3, "community.shown_as": nil,
		})
		expect(c.T, c.maya.want("GET", path, nil, 200, ""), keys{"community.member_count": 3, "community.shown_as": "Maya L."})
		expect(c.T, c.noor.want("GET", "/conversations/"+c.direct, nil, 200, ""), keys{"community": nil})
		c.maya.want("PATCH", path, keys{"locked": true}, 403, care.CodeForbidden)
		c.sam.want("PATCH", path, keys{"locked": true}, 403, care.CodeForbidden)
		c.elias.want("PATCH", path, keys{"locked": true}, 404, care.CodeNotFound)
		expect(c.T, c.noor.want("PATCH", path, keys{"locked": true, "subject": "Breakfast"}, 200, ""),
			keys{"community.locked": true, "subject": "Breakfast", "can_send": true})
		expect(c.T, c.maya.want("GET", path, nil, 200, ""), keys{"can_send": false, "cannot_send_code": "conversation_locked"})
		c.say(c.maya, c.community, 403, care.CodeConversationLocked)
		c.set(c.mayaID, keys{"community": "off"})
		c.say(c.maya, c.community, 403, care.CodeChatUnavailable)
		c.set(c.mayaID, keys{"community": "on"})
		c.noor.want("PATCH", path, keys{"locked": false, "posts_per_hour": 2}, 200, "")
		c.say(c.maya, c.community, 201, "")
		c.say(c.maya, c.community, 201, "")
		status, problem, response := c.maya.call("POST", path+"/messages", keys{"body": "Third"})
		if wait := response.Header.Get("Retry-After"); status != 429 || dig(problem, "code") != "rate_limited" || wait == "" || wait == "0" {
			c.Errorf("%d %v, Retry-After %q", status, problem, wait)
		}
		if wait := fmt.Sprint(problem["retry_after"]); wait != response.Header.Get("Retry-After") {
			c.Errorf("the problem says %s", wait)
		}
		for _, wrong := range []any{0, -1, 1001} {
			c.noor.wrong("PATCH", path, keys{"posts_per_hour": wrong}, "posts_per_hour:out_of_range")
		}
		expect(c.T, c.noor.want("PATCH", path, keys{"posts_per_hour": nil, "roster_hidden": true}, 200, ""),
			keys{"community.posts_per_hour": nil, "community.roster_hidden": true, "community.member_count": 3})
		seen := c.maya.want("GET", path, nil, 200, "")
		expect(c.T, seen, keys{"community.member_count": nil, "community.roster_hidden": true})
		if n := len(seen["members"].([]any)); n != 2 {
			c.Errorf("a client sees %d members", n)
		}
		c.noor.want("PATCH", "/conversations/"+c.direct, keys{"locked": true}, 422, care.CodeInvalid)
	})
}

func TestCommunityInStepWithAGroup(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.join(c.leilaniID, c.group)
		c.join(c.mayaID, c.group)
		made := c.olga.want("POST", "/conversations", keys{
			"kind": "community", "member_ids": []string{}, "group_ids": []string{c.group}, "keep_in_step": true,
		}, 201, "")
		path := "/conversations/" + made["id"].(string)
		expect(c.T, made, keys{"community.in_step_group_ids": "[" + c.group + "]", "community.member_count": 3})
		_, ana := c.olga.addClient("Ana Ruiz", c.noorID)
		anaID := c.olga.want("GET", "/clients?q=Ana", nil, 200, "")["items"].([]any)[0].(map[string]any)["id"].(string)
		c.join(anaID, c.group)
		c.settle()
		expect(c.T, ana.want("GET", path, nil, 200, ""), keys{"community.in_step_group_ids": "[]"})
		c.join(c.mayaID, nil)
		c.settle()
		c.maya.want("GET", path, nil, 404, care.CodeNotFound)
		// Who is archived does not come in, and does when they are restored.
		c.olga.want("PATCH", "/clients/"+c.mayaID, keys{"state": "archived"}, 200, "")
		c.join(c.mayaID, c.group)
		c.settle()
		c.maya.want("GET", path, nil, 404, care.CodeNotFound)
		c.olga.want("PATCH", "/clients/"+c.mayaID, keys{"state": "active"}, 200, "")
		c.settle()
		c.maya.want("GET", path, nil, 200, "")
		c.join(c.mayaID, nil)
		c.settle()
		c.olga.want("DELETE", "/groups/"+c.group, nil, 204, "")
		c.settle()
		expect(c.T, c.olga.want("GET", path, nil, 200, ""), keys{"community.in_step_group_ids": "[]", "community.member_count": 3})
		c.noor.want("POST", "/conversations", keys{
			"kind": "community", "member_ids": []string{c.leilaniID, c.mayaID}, "keep_in_step": true,
		}, 422, care.CodeInvalid)
		c.olga.want("PATCH", path, keys{"in_step_group_ids": []string{c.leilaniID}}, 404, care.CodeNotFound)
	})
}

func TestReportsOverHTTP(t *testing.T) {
	clinics(t, func(c *clinic) {
		m := c.say(c.maya, c.community, 201, "")
		path := "/conversations/" + c.community + "/messages/" + m["id"].(string) + "/report"
		c.leilani.want("POST", path, keys{"reason": "Rude"}, 204, "")
		c.leilani.want("POST", path, keys{}, 204, "")
		c.leilani.want("POST", path, keys{"reason": strings.Repeat("x", 1001)}, 422, care.CodeInvalid)
		c.elias.want("POST", path, keys{}, 404, care.CodeNotFound)
		c.leilani.want("GET", "/reports", nil, 403, care.CodeForbidden)
		c.sam.want("GET", "/reports/count", nil, 403, care.CodeForbidden)
		expect(c.T, c.noor.want("GET", "/reports/count", nil, 200, ""), keys{"open": 1})
		list := c.noor.want("GET", "/reports?state=open", nil, 200, "")["items"].([]any)
		report := list[0].(map[string]any)
		expect(c.T, report, keys{
			"state": "open", "reason": "Rude", "reporter.name": "Leilani Kahale", "message.body": "Hello", "can_remove": true,
			"conversation.id": c.community, "outcome": nil, "resolved_by": nil,
		})
		resolve := "/reports/" + report["id"].(string) + "/resolve"
		c.noor.want("POST", resolve, keys{"outcome": "ignored"}, 422, care.CodeInvalid)
		c.elias.want("POST", resolve, keys{"outcome": "kept"}, 404, care.CodeNotFound)
		expect(c.T, c.noor.want("POST", resolve, keys{"outcome": "removed", "note": "Asked her to be kind"}, 200, ""), keys{
			"state": "closed", "outcome": "removed", "message.body": "", "resolved_by.name": "Noor Haddad", "can_remove": false,
		})
		conflict := c.noor.want("POST", resolve, keys{"outcome": "kept"}, 409, care.CodeVersionConflict)
		expect(c.T, conflict, keys{"current.outcome": "removed"})
		if n := len(c.noor.want("GET", "/reports?state=closed", nil, 200, "")["items"].([]any)); n != 1 {
			c.Errorf("%d closed", n)
		}
		c.noor.want("GET", "/reports?cursor=nonsense", nil, 422, care.CodeInvalid)
	})
}

func TestAliasOfAClient(t *testing.T) {
	clinics(t, func(c *clinic) {
		version := c.olga.want("GET", "/organization/chat-settings", nil, 200, "")["version"]
		c.olga.want("PUT", "/organization/chat-settings", keys{"version": version, "client_names": "alias"}, 200, "")
		path := "/clients/" + c.leilaniID
		expect(c.T, c.olga.want("GET", path, nil, 200, ""), keys{"alias": nil})
		expect(c.T, c.olga.want("PATCH", path, keys{"alias": " Sunny "}, 200, ""), keys{"alias": "Sunny", "name": "Leilani Kahale"})
		c.say(c.leilani, c.community, 201, "")
		read := func(who *caller) any {
			return dig(who.want("GET", "/conversations/"+c.community, nil, 200, ""), "last_message.author.name")
		}
		if a, b, own := read(c.maya), read(c.noor), read(c.leilani); a != "Sunny" || b != "Leilani Kahale" || own != "Leilani Kahale" {
			c.Errorf("a fellow client sees %v, staff %v, she %v", a, b, own)
		}
		expect(c.T, c.leilani.want("GET", "/conversations/"+c.community, nil, 200, ""), keys{"community.shown_as": "Sunny"})
		expect(c.T, c.olga.want("PATCH", path, keys{"alias": nil}, 200, ""), keys{"alias": nil})
		if a := read(c.maya); a != "Leilani K." {
			c.Errorf("without an alias a fellow client sees %v", a)
		}
		c.olga.wrong("PATCH", path, keys{"alias": "two\nlines"}, "alias:characters")
		for _, row := range c.olga.want("GET", "/audit?limit=200", nil, 200, "")["items"].([]any) {
			if text := fmt.Sprint(row.(map[string]any)["details"]); strings.Contains(text, "Sunny") {
				c.Errorf("the audit log has the alias: %s", text)
			}
		}
	})
}

// Nothing that a client can read says the hidden part of a fellow client's name, in any
// style, with the roster shown and hidden.
func TestNoPathTellsHiddenNames(t *testing.T) {
	clinics(t, func(c *clinic) {
		const canary = "Kahale"
		version := c.olga.want("GET", "/organization/chat-settings", nil, 200, "")["version"]
		c.olga.want("PUT", "/organization/chat-settings", keys{"version": version, "client_names": "alias"}, 200, "")
		c.olga.want("PATCH", "/clients/"+c.leilaniID, keys{"alias": "Sunny"}, 200, "")
		chat := "/conversations/" + c.community
		c.noor.want("DELETE", chat+"/members/"+c.leilaniID, nil, 204, "")
		c.olga.want("PUT", chat+"/members/"+c.leilaniID, nil, 200, "") // notices name her
		post := c.say(c.leilani, c.community, 201, "")["id"].(string)
		mention := "<@" + c.leilaniID + ">"
		c.noor.want("POST", chat+"/messages", keys{"body": "Thank you " + mention, "reply_to": post}, 201, "")
		c.leilani.want("PUT", chat+"/messages/"+post+"/reactions/👍", nil, 200, "")
		c.leilani.want("PATCH", chat+"/messages/"+post, keys{"body": "Hello all"}, 200, "")
		reply := c.maya.want("POST", chat+"/messages", keys{"body": "Me too", "reply_to": post}, 201, "")["id"].(string)
		for _, hidden := range []bool{false, true} {
			c.noor.want("PATCH", chat, keys{"roster_hidden": hidden}, 200, "")
			c.tellsNot(canary, []string{
				"/me", "/staff", "/conversations", "/conversations?q=" + canary, "/conversations?q=Hello", "/conversations/counts", chat,
				chat + "/messages", chat + "/messages?around_seq=2", chat + "/messages?after_seq=0", chat + "/messages?at=2020-01-01T00:00:00Z",
				chat + "/messages/" + post, chat + "/messages/" + reply, chat + "/messages/" + post + "/versions", chat + "/read-by?seq=1",
				"/clients/" + c.leilaniID, "/reports", "/organization/chat-settings", "/search?q=" + canary, "/search?q=Hello", "/search?q=from:" + canary,
			})
			if n := len(c.maya.want("GET", "/conversations?q="+canary, nil, 200, "")["items"].([]any)); n != 0 {
				c.Errorf("a search for the hidden name finds %d conversations", n)
			}
		}
		// Where the roster is hidden, not even the alias stands beside what is not her post.
		members := fmt.Sprint(c.maya.want("GET", chat, nil, 200, "")["members"])
		if strings.Contains(members, "Sunny") || strings.Contains(members, c.leilaniID) {
			c.Errorf("members %s", members)
		}
		for _, m := range c.maya.want("GET", chat+"/messages", nil, 200, "")["items"].([]any) {
			m := m.(map[string]any)
			if m["kind"] == "system" && strings.Contains(fmt.Sprint(m["mentions"]), "Sunny") {
				c.Errorf("a notice names her: %v", m)
			}
		}
		answer := c.maya.want("PUT", chat+"/messages/"+post+"/reactions/🎉", nil, 200, "")
		if text := fmt.Sprint(answer); strings.Contains(text, canary) {
			c.Errorf("the answer to a reaction says %s", text)
		}
		c.maya.want("POST", chat+"/messages", keys{"body": "Who is " + mention}, 422, care.CodeInvalid)
	})
}

// tellsNot reads paths as a client, whatever they answer, and looks for a word.
func (c *clinic) tellsNot(canary string, paths []string) {
	c.Helper()
	for _, path := range paths {
		status, body, _ := c.maya.call("GET", path, nil)
		text, _ := json.Marshal(body)
		if said := strings.ReplaceAll(string(text), "q="+canary, ""); strings.Contains(said, canary) || status >= 500 {
			c.Errorf("GET %s answers %d %s", path, status, said)
		}
	}
}

// settle runs the jobs that follow changes of groups.
func (c *clinic) settle() {
	c.Helper()
	c.clock.Advance(2 * time.Second)
	c.work()
}
