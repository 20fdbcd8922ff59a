package httpapi

import (
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
)

// One save of both switches, each with a reason and an end of its own, is one change.
func TestEachSwitchHasItsOwnReasonAndEnd(t *testing.T) {
	clinics(t, func(c *clinic) {
		path := "/clients/" + c.leilaniID + "/chat-access"
		in := func(d time.Duration) string { return c.clock.Now().Add(d).UTC().Format("2006-01-02T15:04:05.000Z") }
		soon, later := in(time.Hour), in(2*time.Hour)
		version := c.access(c.leilaniID)["version"].(float64)
		saved := c.set(c.leilaniID, keys{
			"direct": "off", "direct_reason": "Weekly calls", "direct_until": soon,
			"community": "off", "community_reason": "Asked for it", "community_until": later,
		})
		expect(c.T, saved, keys{
			"version": version + 1, "direct.reason": "Weekly calls", "direct.until": soon,
			"community.reason": "Asked for it", "community.until": later,
		})
		// What one switch has of its own comes before what both share.
		saved = c.set(c.leilaniID, keys{"direct": "off", "community": "off", "reason": "Shared", "until": later, "community_reason": "Own", "community_until": nil})
		expect(c.T, saved, keys{"direct.reason": "Shared", "direct.until": later, "community.reason": "Own", "community.until": nil})
		// It reaches a switch that is set and not named; the shared ones do not.
		saved = c.set(c.leilaniID, keys{"direct": "on", "reason": "Back", "community_until": soon})
		expect(c.T, saved, keys{"direct.own": "on", "direct.reason": "Back", "community.own": "off", "community.reason": nil, "community.until": soon})
		saved = c.set(c.leilaniID, keys{"community_reason": "Only this"})
		expect(c.T, saved, keys{"direct.reason": "Back", "community.reason": "Only this", "community.until": soon})
		saved = c.set(c.leilaniID, keys{"reason": "Both", "direct_reason": "This one"})
		expect(c.T, saved, keys{"direct.reason": "This one", "community.reason": "Both"})
		saved = c.set(c.leilaniID, keys{"direct_reason": nil, "direct_until": later})
		expect(c.T, saved, keys{"direct.reason": nil, "direct.until": later, "community.reason": "Both"})
		// Cleared, nothing is left that a reason could belong to.
		saved = c.set(c.leilaniID, keys{"direct": "unset", "direct_until": later, "community": "unset"})
		expect(c.T, saved, keys{"direct.own": "unset", "direct.until": nil, "community.own": "unset"})
		c.set(c.leilaniID, keys{"community": "off"})
		now := c.access(c.leilaniID)["version"]
		past := in(-time.Minute)
		for field, body := range map[string]keys{
			"direct":           {"direct_reason": "nothing is set"},
			"direct_reason":    {"direct": "off", "direct_reason": strings.Repeat("x", 501)},
			"community_reason": {"community_reason": strings.Repeat("x", 501)},
			"direct_until":     {"direct": "off", "direct_until": past},
			"community_until":  {"community_until": past},
		} {
			body["version"] = now
			refused := c.olga.want("PUT", path, body, 422, care.CodeInvalid)
			if got := dig(refused["errors"].([]any)[0].(map[string]any), "field"); got != field {
				c.Errorf("%v names %v, want %s", body, got, field)
			}
		}
		for _, body := range []keys{
			{"direct": "off", "direct_reason": 7}, {"direct": "off", "direct_until": "soon"}, {"community": "off", "community_reasons": "x"},
		} {
			body["version"] = now
			c.olga.want("PUT", path, body, 422, care.CodeInvalid)
		}
		c.olga.want("PUT", path, keys{"version": 1, "direct": "off", "direct_reason": "old"}, 409, care.CodeVersionConflict)
		expect(c.T, c.access(c.leilaniID), keys{"version": now, "direct.own": "unset", "community.own": "off"})
		// Only a client's switches have reasons of their own.
		group := "/groups/" + c.group + "/chat-access"
		c.olga.want("PUT", group, keys{"version": 1, "direct": "off", "direct_reason": "x"}, 422, care.CodeInvalid)
	})
}
