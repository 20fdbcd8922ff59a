package httpapi

import (
	"testing"

	"hearth/internal/care"
)

func TestTheQueueFromEndToEnd(t *testing.T) {
	clinics(t, func(c *clinic) {
		samID := c.sam.want("GET", "/me", nil, 200, "")["user"].(map[string]any)["id"].(string)
		queue := func(who *caller, part string) (ids map[string]bool) {
			ids = map[string]bool{}
			for _, item := range list(who.want("GET", "/conversations?inbox=organization&queue="+part, nil, 200, "")) {
				ids[item["id"].(string)] = true
			}
			return ids
		}
		if q := queue(c.sam, "unassigned"); !q[c.direct] || !q[c.community] {
			t.Errorf("unassigned: %v", q)
		}
		assignee := "/conversations/" + c.direct + "/assignee"
		c.sam.wrong("PUT", assignee, keys{}, "user_id:required")
		expect(t, c.sam.want("PUT", assignee, keys{"user_id": samID}, 200, ""), keys{"assignee.id": samID, "assignee.name": "Sam Whitehorse", "assignee.kind": "staff"})
		conflict := c.olga.want("PUT", assignee, keys{"user_id": c.noorID, "was": nil}, 409, care.CodeVersionConflict)
		expect(t, conflict, keys{"current.assignee.id": samID, "current.id": c.direct})
		c.olga.want("PUT", assignee, keys{"user_id": c.noorID, "was": samID}, 200, "")
		expect(t, c.noor.want("GET", "/conversations/"+c.direct, nil, 200, ""), keys{"assignee.id": c.noorID})
		c.elias.want("PUT", assignee, keys{"user_id": c.eliasID}, 404, care.CodeNotFound)
		c.leilani.want("PUT", assignee, keys{"user_id": c.leilaniID}, 403, care.CodeForbidden)
		c.sam.wrong("PUT", assignee, keys{"user_id": c.eliasID}, "user_id:cannot_read")
		if q := queue(c.sam, "unassigned"); q[c.direct] {
			t.Error("what is assigned is among what is not")
		}
		counts := c.sam.want("GET", "/conversations/counts", nil, 200, "")
		expect(t, counts, keys{"queue.mine": 0, "queue.unassigned": len(queue(c.sam, "unassigned"))})
		// A provider without the permission has what was given to them, and no queue.
		expect(t, c.noor.want("GET", "/conversations/counts", nil, 200, ""), keys{"queue": nil})
		if mine := list(c.noor.want("GET", "/conversations?queue=mine", nil, 200, "")); len(mine) != 1 || mine[0]["id"] != c.direct {
			t.Errorf("mine: %v", mine)
		}
		for _, ask := range []string{"queue=mine", "queue=unassigned", "inbox=organization&queue=all"} {
			c.leilani.want("GET", "/conversations?"+ask, nil, 403, care.CodeForbidden)
		}
		c.sam.want("GET", "/conversations?queue=elsewhere", nil, 422, care.CodeInvalid)
		c.noor.want("PUT", assignee, keys{"user_id": nil}, 200, "")
		if q := queue(c.sam, "unassigned"); !q[c.direct] {
			t.Error("it did not come back to the queue")
		}
		actions := 0
		for _, row := range list(c.olga.want("GET", "/audit?action=conversation.assigned", nil, 200, "")) {
			if actions++; dig(row, "subject.id") != c.direct {
				t.Errorf("recorded %v", row)
			}
		}
		if actions != 3 {
			t.Errorf("%d acts are recorded, want 3", actions)
		}
	})
}

func TestNotesFromEndToEnd(t *testing.T) {
	clinics(t, func(c *clinic) {
		path := "/conversations/" + c.direct + "/notes"
		c.say(c.leilani, c.direct, 201, "")
		id := "018f0000-0000-7000-8000-000000000001"
		n := c.noor.want("POST", path, keys{"id": id, "body": "She sounds tired"}, 201, "")
		expect(t, n, keys{"id": id, "after_seq": 1, "author.name": "Noor Haddad", "edited_at": nil, "deleted_at": nil, "conversation_id": c.direct})
		c.noor.want("POST", path, keys{"id": id, "body": "She sounds tired"}, 200, "")
		c.noor.want("POST", path, keys{"id": id, "body": "Another"}, 409, care.CodeIDReused)
		c.noor.wrong("POST", path, keys{"body": " "}, "body:required")
		// Also where nobody can send.
		c.set(c.leilaniID, keys{"direct": "off"})
		c.olga.want("POST", "/conversations/"+c.direct+"/close", nil, 200, "")
		second := c.sam.want("POST", path, keys{"body": "Called her"}, 201, "")["id"].(string)
		c.sam.want("PATCH", "/notes/"+second, keys{"body": "Called her at ten"}, 200, "")
		c.noor.want("PATCH", "/notes/"+second, keys{"body": "Mine"}, 403, care.CodeForbidden)
		c.sam.want("DELETE", "/notes/"+second, nil, 204, "")
		items := list(c.noor.want("GET", path, nil, 200, ""))
		if len(items) != 2 || items[1]["body"] != "" || items[1]["deleted_at"] == nil || items[0]["body"] != "She sounds tired" {
			t.Errorf("notes %v", items)
		}
		if page := c.noor.want("GET", path+"?limit=1", nil, 200, ""); len(list(page)) != 1 || page["next_cursor"] == nil {
			t.Errorf("a page: %v", page)
		}
		c.noor.want("GET", path+"?cursor=nonsense", nil, 422, care.CodeInvalid)
		versions := list(c.olga.want("GET", "/notes/"+second+"/versions", nil, 200, ""))
		if len(versions) != 2 || versions[0]["body"] != "Called her" || versions[1]["why"] != "deleted" {
			t.Errorf("versions %v", versions)
		}
		c.sam.want("GET", "/notes/"+second+"/versions", nil, 403, care.CodeForbidden)
		for _, who := range []*caller{c.leilani, c.maya} {
			who.want("GET", path, nil, 403, care.CodeForbidden)
			who.want("POST", path, keys{"body": "x"}, 403, care.CodeForbidden)
			who.want("PATCH", "/notes/"+id, keys{"body": "x"}, 403, care.CodeForbidden)
			who.want("DELETE", "/notes/"+id, nil, 403, care.CodeForbidden)
			who.want("GET", "/notes/"+id+"/versions", nil, 403, care.CodeForbidden)
		}
		c.elias.want("GET", path, nil, 404, care.CodeNotFound)
		c.elias.want("PATCH", "/notes/"+id, keys{"body": "x"}, 404, care.CodeNotFound)
	})
}
