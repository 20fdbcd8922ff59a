package httpapi

import (
	"testing"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

func TestDraftsFromEndToEnd(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		olga := o.as("olga@example.org")
		rosaID, rosa := olga.addStaff("Rosa", "provider", nil)
		mayaID, maya := olga.addClient("Maya", rosaID)
		room := "/conversations/" + rosa.want("POST", "/conversations", keys{"kind": "direct", "member_ids": []string{mayaID}}, 200, "")["id"].(string)
		asked := maya.want("POST", room+"/messages", keys{"body": "How much?"}, 201, "")["id"]
		file := rosa.upload("plan.csv", "a;b\n1;2\n")["id"]
		save := func(status int, code care.Code, body keys) {
			t.Helper()
			rosa.want("PUT", room+"/draft", body, status, code)
		}
		is := func(text string, reply any, files int) {
			t.Helper()
			c := rosa.want("GET", room, nil, 200, "")
			if c["draft"] != text || c["draft_reply_to"] != reply || len(c["draft_attachments"].([]any)) != files {
				t.Errorf("the draft is %v, %v, %v", c["draft"], c["draft_reply_to"], c["draft_attachments"])
			}
		}
		save(204, "", keys{"body": "A spoonful", "reply_to": asked, "attachment_ids": []any{file}})
		is("A spoonful", asked, 1)
		save(204, "", keys{"body": "Two"})
		is("Two", asked, 1)
		save(204, "", keys{"reply_to": nil})
		is("Two", nil, 1)
		save(422, care.CodeInvalid, keys{"reply_to": file})
		save(422, care.CodeInvalid, keys{"body": nil})
		save(422, care.CodeInvalid, keys{"attachment_ids": []any{asked}})
		is("Two", nil, 1)
		save(204, "", keys{"body": "", "attachment_ids": []any{}})
		is("", nil, 0)
		save(204, "", keys{})
	})
}
