package httpapi

import (
	"testing"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

func TestSharedFilesFromEndToEnd(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		olga := o.as("olga@example.org")
		rosaID, rosa := olga.addStaff("Rosa", "provider", nil)
		mayaID, maya := olga.addClient("Maya", rosaID)
		_, arjun := olga.addClient("Arjun", rosaID)
		room := rosa.want("POST", "/conversations", keys{"kind": "direct", "member_ids": []string{mayaID}}, 200, "")["id"].(string)
		path := "/conversations/" + room + "/attachments"
		if none := rosa.want("GET", path, nil, 200, ""); none["total"] != float64(0) || len(none["items"].([]any)) != 0 || none["next_cursor"] != nil {
			o.Errorf("without files: %v", none)
		}
		one, two, three := maya.upload("one.csv", "a;b\n1;2\n"), maya.upload("two.csv", "a;b\n1;2\n"), rosa.upload("three.csv", "a;b\n1;2\n")
		maya.want("POST", "/conversations/"+room+"/messages", keys{"attachment_ids": []any{one["id"], two["id"]}}, 201, "")
		sent := rosa.want("POST", "/conversations/"+room+"/messages", keys{"attachment_ids": []any{three["id"]}}, 201, "")

		first := maya.want("GET", path+"?limit=2", nil, 200, "")
		items := first["items"].([]any)
		newest := items[0].(map[string]any)
		if len(items) != 2 || first["total"] != float64(3) || newest["id"] != three["id"] || newest["message_id"] != sent["id"] ||
			newest["seq"] != sent["seq"] || newest["created_at"] != sent["created_at"] || newest["author"].(map[string]any)["name"] != "Rosa" {
			o.Errorf("first page %v", first)
		}
		second := maya.want("GET", path+"?limit=2&cursor="+first["next_cursor"].(string), nil, 200, "")
		if items := second["items"].([]any); len(items) != 1 || items[0].(map[string]any)["id"] != two["id"] || second["total"] != nil || second["next_cursor"] != nil {
			o.Errorf("second page %v", second)
		}
		maya.want("GET", path+"?cursor=nonsense", nil, 422, care.CodeInvalid)
		arjun.want("GET", path, nil, 404, care.CodeNotFound)
	})
}
