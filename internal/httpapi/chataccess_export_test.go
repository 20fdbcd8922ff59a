package httpapi

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
)

// An export that nobody changed changes nothing, whatever the clients have: an own value
// with and without an end, a group's, a default.
func TestExportComesBackUnchanged(t *testing.T) {
	clinics(t, func(c *clinic) {
		until := c.clock.Now().Add(time.Hour).UTC().Truncate(time.Second)
		c.join(c.leilaniID, c.group)
		c.join(c.mayaID, c.group)
		c.setGroup(keys{"community": "off"})
		c.set(c.leilaniID, keys{"direct": "off", "direct_until": until.Format(time.RFC3339), "community": "on", "reason": "Away"})
		file, _ := c.olga.text("/chat-access/export")
		lines, err := csv.NewReader(strings.NewReader(file)).ReadAll()
		if err != nil || len(lines) != 3 {
			c.Fatal(lines, err)
		}
		for i, want := range []string{
			"direct|community|direct_effective|direct_source|direct_until|community_effective|community_source|community_until",
			"off|on|off|client|" + until.Format(time.RFC3339) + "|on|client|",
			"unset|unset|on|default||off|group|",
		} {
			if got := strings.Join(lines[i][5:], "|"); got != want {
				c.Errorf("line %d: %s, want %s", i+1, got, want)
			}
		}
		before := []any{c.access(c.leilaniID), c.access(c.mayaID)}
		answer := c.olga.want("POST", "/chat-access/import/preview", keys{"csv": file}, 200, "")
		expect(c.T, answer, keys{"lines": 2, "preview.matched": 2, "preview.changed": 0, "preview.unchanged": 2})
		c.olga.want("POST", "/chat-access/changes", keys{"token": dig(answer, "preview.token"), "reason": "again"}, 201, "")
		for i, id := range []string{c.leilaniID, c.mayaID} {
			now := c.access(id)
			expect(c.T, before[i].(map[string]any), keys{"version": now["version"], "direct.until": dig(now, "direct.until"), "direct.reason": dig(now, "direct.reason")})
		}
		// One line changed is one client changed.
		changed := strings.Replace(file, ",unset,unset,", ",off,unset,", 1)
		answer = c.olga.want("POST", "/chat-access/import/preview", keys{"csv": changed}, 200, "")
		expect(c.T, answer, keys{"preview.changed": 1, "preview.unchanged": 1})
		c.olga.want("POST", "/chat-access/changes", keys{"token": dig(answer, "preview.token")}, 201, "")
		expect(c.T, c.access(c.mayaID), keys{"direct.own": "off", "community.own": "unset"})
		expect(c.T, c.access(c.leilaniID), keys{"direct.own": "off", "direct.until": dig(before[0].(map[string]any), "direct.until")})
	})
}

func TestWhoMayExport(t *testing.T) {
	clinics(t, func(c *clinic) {
		his, _ := c.olga.addClient("Of Elias", c.eliasID)
		c.sam.want("GET", "/chat-access/export", nil, 403, care.CodeForbidden)
		c.leilani.want("GET", "/chat-access/export", nil, 403, care.CodeForbidden)
		recorded := func() []any {
			return c.olga.want("GET", "/audit?action=chat_access.exported", nil, 200, "")["items"].([]any)
		}
		if rows := recorded(); len(rows) != 0 {
			c.Errorf("%d records of what was refused", len(rows))
		}
		if file, _ := c.noor.text("/chat-access/export"); strings.Contains(file, his) || strings.Count(file, "\n") != 3 {
			c.Errorf("beyond the care team: %q", file)
		}
		if file, _ := c.olga.text("/chat-access/export?provider_id=" + c.eliasID); strings.Count(file, "\n") != 2 || !strings.Contains(file, his) {
			c.Errorf("of one provider: %q", file)
		}
		rows := recorded()
		if len(rows) != 2 {
			c.Fatalf("%d records, want 2", len(rows))
		}
		expect(c.T, rows[0].(map[string]any), keys{"actor.name": "Olga North", "subject.kind": "organization", "details.clients": 1})
		expect(c.T, rows[1].(map[string]any), keys{"actor.name": "Noor Haddad", "details.clients": 2})
	})
}
