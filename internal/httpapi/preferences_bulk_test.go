package httpapi

import (
	"testing"

	"hearth/internal/care"
)

// S34 with 23: a preview, the change, how far it is, the list, and the undo.
func TestChangeOfTheNotificationsOfMany(t *testing.T) {
	clinics(t, func(c *clinic) {
		c.adjust("/clients/"+c.mayaID+"/notifications", "own", keys{"direct.email": "on"})
		asked := keys{"clients": keys{"all": true}, "set": nested(keys{"direct.email": "off", "community.push": "off"})}
		preview := c.olga.want("POST", "/notifications/changes/preview", asked, 200, "")
		expect(t, preview, keys{"total": 2, "changed": 2, "unchanged": 0, "keeps_own": 0, "keeps_group": 0})
		expect(t, preview["sample"].([]any)[0].(map[string]any), keys{"outcome": "changed"})

		made := c.olga.want("POST", "/notifications/changes", keys{"token": preview["token"]}, 202, "")
		expect(t, made, keys{"state": "applying", "total": 2, "done": 0, "by.name": "Olga North", "set.direct.email": "off", "set.direct.push": nil, "set.community.push": "off", "can_undo": true, "place": "own"})
		path := "/notifications/changes/" + made["id"].(string)
		c.work()
		expect(t, c.olga.want("GET", path, nil, 200, ""), keys{"state": "applied", "done": 2, "changed": 2, "left": 0})
		expect(t, c.notifications(c.leilaniID), keys{"own.direct.email": "off", "own.community.push": "off", "effective.direct.email.on": false})
		// Maya keeps the cell that was hers, and gets the other.
		expect(t, c.notifications(c.mayaID), keys{"own.direct.email": "on", "own.community.push": "off"})
		c.olga.want("POST", "/notifications/changes", keys{"token": preview["token"]}, 409, care.CodeVersionConflict)

		c.adjust("/clients/"+c.leilaniID+"/notifications", "own", keys{"direct.email": "unset"})
		expect(t, c.olga.want("POST", path+"/undo", nil, 202, ""), keys{"state": "undoing", "can_undo": false, "undone_by.name": "Olga North"})
		c.work()
		expect(t, c.olga.want("GET", path, nil, 200, ""), keys{
			"state": "undone", "restored": 1, "left": 1, "left_sample": []any{map[string]any{"client_id": c.leilaniID, "name": "Leilani Kahale"}},
		})
		expect(t, c.notifications(c.mayaID), keys{"own.direct.email": "on", "own.community.push": "unset"})
		c.olga.want("POST", path+"/undo", nil, 409, care.CodeVersionConflict)
		if list := c.items(c.olga, "/notifications/changes"); len(list) != 1 || dig(list[0].(map[string]any), "state") != "undone" {
			t.Errorf("list %v", list)
		}
	})
}

func TestWhoMayChangeTheNotificationsOfMany(t *testing.T) {
	clinics(t, func(c *clinic) {
		asked := keys{"clients": keys{"all": true}, "set": nested(keys{"direct.email": "off"})}
		preview := c.olga.want("POST", "/notifications/changes/preview", asked, 200, "")
		made := c.olga.want("POST", "/notifications/changes", keys{"token": preview["token"]}, 202, "")
		path := "/notifications/changes/" + made["id"].(string)
		for _, who := range []*caller{c.leilani, c.sam} {
			who.want("POST", "/notifications/changes/preview", asked, 403, care.CodeForbidden)
			who.want("POST", "/notifications/changes", keys{"token": preview["token"]}, 403, care.CodeForbidden)
			who.want("GET", "/notifications/changes", nil, 403, care.CodeForbidden)
			who.want("GET", path, nil, 403, care.CodeForbidden)
			who.want("POST", path+"/undo", nil, 403, care.CodeForbidden)
		}
		expect(t, c.elias.want("POST", "/notifications/changes/preview", asked, 200, ""), keys{"total": 0})
		c.practice("South", "mallory@example.org")
		mallory := c.as("mallory@example.org")
		mallory.want("GET", path, nil, 404, care.CodeNotFound)
		mallory.want("POST", path+"/undo", nil, 404, care.CodeNotFound)
		mallory.want("POST", "/notifications/changes", keys{"token": preview["token"]}, 404, care.CodeNotFound)
		for _, bad := range []keys{
			{"set": nested(keys{"direct.email": "off"})},
			{"clients": keys{}, "set": nested(keys{"direct.email": "off"})},
			{"clients": keys{"all": true}, "set": keys{}},
			{"clients": keys{"all": true}, "set": nested(keys{"team.email": "off"})},
			{"clients": keys{"all": true}, "set": nested(keys{"direct.email": "loud"})},
			{"clients": keys{"all": true}, "place": "default", "set": nested(keys{"direct.email": "unset"})},
			{"clients": keys{"client_ids": []string{someID}}, "set": nested(keys{"direct.email": "off"})},
		} {
			c.olga.want("POST", "/notifications/changes/preview", bad, 422, care.CodeInvalid)
		}
		c.olga.want("POST", "/notifications/changes", keys{}, 422, care.CodeInvalid)
		c.olga.want("GET", "/notifications/changes?cursor=!", nil, 422, care.CodeInvalid)
	})
}
