package httpapi

import (
	"testing"

	"hearth/internal/care"
)

// What people narrow for themselves, what the practice allows, and what is only for staff.
func TestOnesOwnNotifications(t *testing.T) {
	clinics(t, func(c *clinic) {
		mine := c.leilani.want("GET", "/me/notifications", nil, 200, "")
		expect(t, mine, keys{
			"version": 1, "kinds.direct.email": true, "kinds.community.in_app": true, "kinds.team": nil, "kinds.reminder": nil,
			"allowed.direct.email": true, "mentions_only.community": false, "mentions_only.team": nil,
			"quiet.on": false, "quiet.from": "22:00", "quiet.to": "07:00", "quiet.days": []any{"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
			"own_time_zone": false, "digest": "at_once", "daily_at": "08:00", "sound": "chime",
		})
		if mine["time_zone"] != c.olga.want("GET", "/me", nil, 200, "")["organization"].(map[string]any)["time_zone"] {
			t.Errorf("time zone %v is not the organization's", mine["time_zone"])
		}
		expect(t, c.olga.want("GET", "/me/notifications", nil, 200, ""), keys{
			"kinds.team.email": true, "kinds.reminder.push": true, "allowed.team.in_app": true, "mentions_only.team": false,
		})
		// The practice turns something off: it is not allowed, whatever the person wants.
		c.adjust("/clients/"+c.leilaniID+"/notifications", "own", keys{"direct.push": "off"})
		expect(t, c.leilani.want("GET", "/me/notifications", nil, 200, ""), keys{"allowed.direct.push": false, "kinds.direct.push": true, "version": 1})

		whole := keys{
			"version": 1, "kinds": keys{
				"direct":    keys{"email": false, "push": true, "in_app": true},
				"community": keys{"email": false, "push": false, "in_app": true},
			},
			"mentions_only": keys{"community": true},
			"quiet":         keys{"on": true, "from": "21:30", "to": "06:15", "days": []string{"sun", "mon"}},
			"time_zone":     "Asia/Kathmandu", "digest": "daily", "daily_at": "18:45", "sound": "drop",
		}
		saved := c.leilani.want("PUT", "/me/notifications", whole, 200, "")
		expect(t, saved, keys{
			"version": 2, "kinds.direct.email": false, "kinds.direct.push": true, "kinds.community.push": false, "allowed.direct.push": false,
			"mentions_only.community": true, "quiet.on": true, "quiet.from": "21:30", "quiet.to": "06:15", "quiet.days": []any{"mon", "sun"},
			"time_zone": "Asia/Kathmandu", "own_time_zone": true, "digest": "daily", "daily_at": "18:45", "sound": "drop",
		})
		// What is left out stays, null is the organization's zone, and the same again writes nothing.
		expect(t, c.leilani.want("PUT", "/me/notifications", keys{"version": 2, "time_zone": nil}, 200, ""),
			keys{"version": 3, "own_time_zone": false, "time_zone": mine["time_zone"], "sound": "drop", "kinds.direct.email": false})
		expect(t, c.leilani.want("PUT", "/me/notifications", keys{"version": 3, "sound": "drop"}, 200, ""), keys{"version": 3})
		expect(t, c.leilani.want("PUT", "/me/notifications", keys{"version": 2, "sound": "none"}, 409, care.CodeVersionConflict),
			keys{"current.version": 3, "current.sound": "drop"})
		expect(t, c.noor.want("PUT", "/me/notifications", keys{
			"version": 1, "kinds": nested(keys{"team.push": false, "reminder.email": false}), "mentions_only": keys{"team": true, "community": true},
		}, 200, ""), keys{"kinds.team.push": false, "kinds.reminder.email": false, "kinds.team.email": true, "mentions_only.team": true})
		expect(t, c.olga.want("GET", "/me/notifications", nil, 200, ""), keys{"version": 1, "kinds.team.push": true})

		got := c.items(c.olga, "/audit?action=notifications.narrowed&subject_id="+c.leilaniID)
		if len(got) != 2 {
			t.Fatalf("%d records, want 2", len(got))
		}
		expect(t, got[1].(map[string]any), keys{
			"actor.id": c.leilaniID, "details.how": "own", "details.settings": []any{"digest", "mentions_only", "quiet", "sound", "time_zone"},
		})
	})
}

func TestBadPreferences(t *testing.T) {
	clinics(t, func(c *clinic) {
		quiet := func(change keys) keys {
			q := keys{"on": true, "from": "22:00", "to": "07:00", "days": []string{"mon"}}
			for key, value := range change {
				q[key] = value
			}
			return keys{"quiet": q}
		}
		week := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
		for _, bad := range []struct {
			change keys
			field  string
		}{
			{keys{"kinds": nested(keys{"team.email": true})}, "kinds.team"},
			{keys{"kinds": nested(keys{"reminder.push": false})}, "kinds.reminder"},
			{keys{"kinds": nested(keys{"direct.email": "off"})}, "kinds.direct.email"},
			{keys{"kinds": nested(keys{"direct.fax": true})}, "kinds.direct.fax"},
			{keys{"mentions_only": keys{"team": true}}, "mentions_only.team"},
			{keys{"mentions_only": keys{"direct": true}}, "mentions_only.direct"},
			{quiet(keys{"from": "24:00"}), "quiet.from"},
			{quiet(keys{"from": "9:00"}), "quiet.from"},
			{quiet(keys{"to": "07:60"}), "quiet.to"},
			{quiet(keys{"to": ""}), "quiet.to"},
			{quiet(keys{"to": "07h00"}), "quiet.to"},
			{quiet(keys{"days": []string{}}), "quiet.days"},
			{quiet(keys{"days": []string{"mon", "someday"}}), "quiet.days[1]"},
			{quiet(keys{"from": "07:00", "days": week}), "quiet.to"},
			{keys{"time_zone": "Mars/Olympus"}, "time_zone"},
			{keys{"time_zone": "local"}, "time_zone"},
			{keys{"time_zone": "../etc/passwd"}, "time_zone"},
			{keys{"digest": "weekly"}, "digest"},
			{keys{"daily_at": "25:00"}, "daily_at"},
			{keys{"sound": "siren"}, "sound"},
			{keys{"allowed": keys{}}, "allowed"},
		} {
			bad.change["version"] = 1
			problem := c.leilani.want("PUT", "/me/notifications", bad.change, 422, care.CodeInvalid)
			if field := problem["errors"].([]any)[0].(map[string]any)["field"]; field != bad.field {
				t.Errorf("%v: field %v, want %s", bad.change, field, bad.field)
			}
		}
		c.leilani.want("PUT", "/me/notifications", keys{"sound": "none"}, 422, care.CodeInvalid)
		expect(t, c.leilani.want("GET", "/me/notifications", nil, 200, ""), keys{"version": 1})
		// A whole day is quiet from a time to the same time.
		expect(t, c.leilani.want("PUT", "/me/notifications", func() keys {
			day := quiet(keys{"from": "00:00", "to": "00:00", "days": []string{"sun"}})
			day["version"] = 1
			return day
		}(), 200, ""), keys{"quiet.from": "00:00", "quiet.to": "00:00"})
	})
}
