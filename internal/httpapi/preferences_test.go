package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"hearth/internal/care"
)

// cells are the paths of a client's cells.
var cells = []string{"direct.email", "direct.push", "direct.in_app", "community.email", "community.push", "community.in_app"}

// nested gives {"direct": {"email": value}} for "direct.email".
func nested(values keys) keys {
	out := keys{}
	for path, value := range values {
		kind, channel, _ := strings.Cut(path, ".")
		if out[kind] == nil {
			out[kind] = keys{}
		}
		out[kind].(keys)[channel] = value
	}
	return out
}

// adjust changes settings of notifications at a place with the version as it is.
func (c *clinic) adjust(path, key string, values keys) map[string]any {
	c.Helper()
	version := c.olga.want("GET", path, nil, 200, "")["version"]
	return c.olga.want("PUT", path, keys{"version": version, key: nested(values)}, 200, "")
}

func (c *clinic) notifications(client string) map[string]any {
	c.Helper()
	return c.olga.want("GET", "/clients/"+client+"/notifications", nil, 200, "")
}

// S34: the places in their order, and which one it comes from.
func TestSourcesOfNotifications(t *testing.T) {
	clinics(t, func(c *clinic) {
		client := "/clients/" + c.leilaniID + "/notifications"
		fresh := c.notifications(c.leilaniID)
		for _, cell := range cells {
			expect(t, fresh, keys{
				"own." + cell: "unset", "default." + cell: "on", "effective." + cell + ".on": true,
				"effective." + cell + ".source": "default", "narrowed." + cell: false,
			})
		}
		expect(t, fresh, keys{"version": 1, "group": nil, "can_change": true, "client_id": c.leilaniID})

		c.join(c.leilaniID, c.group)
		expect(t, c.adjust("/groups/"+c.group+"/notifications", "settings", keys{"direct.email": "off", "community.push": "off"}),
			keys{"version": 2, "members": 1, "settings.direct.email": "off", "settings.direct.push": "unset"})
		expect(t, c.notifications(c.leilaniID), keys{
			"effective.direct.email.on": false, "effective.direct.email.source": "group", "group.settings.direct.email": "off",
			"group.name": "Steady Plates", "effective.community.push.on": false, "effective.direct.push.source": "default",
		})
		expect(t, c.adjust(client, "own", keys{"direct.email": "on"}), keys{
			"effective.direct.email.on": true, "effective.direct.email.source": "client", "own.direct.email": "on", "own.community.push": "unset",
			"effective.community.push.on": false, "version": 2,
		})
		// A second change names another cell; the first stays.
		expect(t, c.adjust(client, "own", keys{"community.in_app": "off"}), keys{"own.direct.email": "on", "own.community.in_app": "off", "version": 3})
		// Cleared, the next place counts; out of the group, the default when added.
		expect(t, c.adjust(client, "own", keys{"direct.email": "unset"}), keys{"effective.direct.email.on": false, "effective.direct.email.source": "group"})
		c.join(c.leilaniID, nil)
		expect(t, c.notifications(c.leilaniID), keys{"effective.direct.email.on": true, "effective.direct.email.source": "default", "group": nil})

		// What the client turns off themselves shows as theirs and changes none of the places.
		c.leilani.want("PUT", "/me/notifications", keys{"version": 1, "kinds": nested(keys{"direct.push": false})}, 200, "")
		expect(t, c.notifications(c.leilaniID), keys{"narrowed.direct.push": true, "narrowed.direct.email": false, "effective.direct.push.on": true})
	})
}

// The default for new clients is copied when a client is added, and only then.
func TestDefaultOfNotificationsIsCopiedWhenAdded(t *testing.T) {
	clinics(t, func(c *clinic) {
		expect(t, c.adjust("/organization/notifications", "defaults", keys{"community.email": "off"}),
			keys{"defaults.community.email": "off", "defaults.direct.email": "on", "name_in_notifications": false, "names_for_staff": false, "version": 2})
		expect(t, c.notifications(c.leilaniID), keys{"default.community.email": "on", "effective.community.email.on": true})
		addedID, _ := c.olga.addClient("Bo Added", c.noorID)
		expect(t, c.notifications(addedID), keys{
			"default.community.email": "off", "effective.community.email.on": false, "effective.community.email.source": "default", "version": 1,
		})
		c.adjust("/organization/notifications", "defaults", keys{"community.email": "on"})
		expect(t, c.notifications(addedID), keys{"default.community.email": "off"})
		c.adjust("/clients/"+addedID+"/notifications", "own", keys{"community.email": "on"})
		c.adjust("/clients/"+addedID+"/notifications", "own", keys{"community.email": "unset"})
		expect(t, c.notifications(addedID), keys{"default.community.email": "off", "effective.community.email.on": false})
		got := c.olga.want("PUT", "/organization/notifications", keys{"version": 3, "name_in_notifications": true}, 200, "")
		expect(t, got, keys{"version": 4, "name_in_notifications": true, "names_for_staff": false, "defaults.community.email": "on"})
	})
}

// S26: nothing here changes chat access, and chat access nothing here. S20: nor does closing
// a conversation or muting it.
func TestNotificationsAndChatAccessAreApart(t *testing.T) {
	clinics(t, func(c *clinic) {
		notifications, access := c.notifications(c.leilaniID), c.access(c.leilaniID)
		mine := c.leilani.want("GET", "/me/notifications", nil, 200, "")
		c.join(c.leilaniID, c.group)
		c.set(c.leilaniID, keys{"direct": "off", "community": "off"})
		c.setGroup(keys{"direct": "off"})
		c.olga.want("PUT", "/organization/chat-access", keys{"version": c.olga.want("GET", "/organization/chat-access", nil, 200, "")["version"], "direct": "off"}, 200, "")
		c.noor.want("POST", "/conversations/"+c.direct+"/close", nil, 200, "")
		c.leilani.want("PATCH", "/conversations/"+c.direct, keys{"muted_until": c.in(3600e9), "archived": true}, 200, "")
		after := c.notifications(c.leilaniID)
		for _, key := range []string{"version", "own", "effective", "default", "narrowed"} {
			if fmt.Sprint(after[key]) != fmt.Sprint(notifications[key]) {
				t.Errorf("chat access changed %s: %v, was %v", key, after[key], notifications[key])
			}
		}
		if now := c.leilani.want("GET", "/me/notifications", nil, 200, ""); fmt.Sprint(now) != fmt.Sprint(mine) {
			t.Errorf("chat access changed one's own: %v, was %v", now, mine)
		}
		c.set(c.leilaniID, keys{"direct": "unset", "community": "unset"})
		c.setGroup(keys{"direct": "unset"})
		access = c.access(c.leilaniID)
		history := c.items(c.olga, "/clients/"+c.leilaniID+"/chat-access/history")
		for _, cell := range cells {
			c.adjust("/clients/"+c.leilaniID+"/notifications", "own", keys{cell: "off"})
			c.adjust("/groups/"+c.group+"/notifications", "settings", keys{cell: "off"})
			c.adjust("/organization/notifications", "defaults", keys{cell: "off"})
			c.leilani.want("PUT", "/me/notifications", keys{
				"version": c.leilani.want("GET", "/me/notifications", nil, 200, "")["version"], "kinds": nested(keys{cell: false}),
			}, 200, "")
		}
		if now := c.access(c.leilaniID); fmt.Sprint(now) != fmt.Sprint(access) {
			t.Errorf("notifications changed chat access: %v, was %v", now, access)
		}
		if now := c.items(c.olga, "/clients/"+c.leilaniID+"/chat-access/history"); len(now) != len(history) {
			t.Errorf("%d lines of chat access, were %d", len(now), len(history))
		}
		expect(t, c.olga.want("GET", "/organization/chat-access", nil, 200, ""), keys{"direct": "off", "community": "on"})
		c.noor.want("POST", "/conversations/"+c.direct+"/reopen", nil, 200, "")
		c.say(c.leilani, c.direct, 201, "") // and messages go as before
	})
}

func TestWhoMayAdjustNotifications(t *testing.T) {
	clinics(t, func(c *clinic) {
		client, group, all := "/clients/"+c.leilaniID+"/notifications", "/groups/"+c.group+"/notifications", "/organization/notifications"
		own := keys{"version": 1, "own": nested(keys{"direct.email": "off"})}
		settings := keys{"version": 1, "settings": nested(keys{"direct.email": "off"})}
		defaults := keys{"version": 1, "defaults": nested(keys{"direct.email": "off"})}

		for _, path := range []string{client, group, all} {
			c.leilani.want("GET", path, nil, 403, care.CodeForbidden)
		}
		c.leilani.want("PUT", client, own, 403, care.CodeForbidden)
		c.leilani.want("PUT", group, settings, 403, care.CodeForbidden)
		c.leilani.want("PUT", all, defaults, 403, care.CodeForbidden)
		// A provider who is not on the care team does not know the client; support may look.
		c.elias.want("GET", client, nil, 404, care.CodeNotFound)
		c.elias.want("PUT", client, own, 404, care.CodeNotFound)
		expect(t, c.sam.want("GET", client, nil, 200, ""), keys{"can_change": false})
		c.sam.want("PUT", client, own, 403, care.CodeForbidden)
		// Groups reach clients whom a provider may not see; defaults are settings.
		expect(t, c.noor.want("GET", group, nil, 200, ""), keys{"can_change": false})
		c.noor.want("PUT", group, settings, 403, care.CodeForbidden)
		expect(t, c.noor.want("GET", all, nil, 200, ""), keys{"can_change": false})
		c.noor.want("PUT", all, defaults, 403, care.CodeForbidden)
		expect(t, c.noor.want("PUT", client, own, 200, ""), keys{"own.direct.email": "off", "can_change": true})
		// Nothing crosses the organization.
		c.practice("South", "mallory@example.org")
		mallory := c.as("mallory@example.org")
		mallory.want("GET", client, nil, 404, care.CodeNotFound)
		mallory.want("PUT", client, own, 404, care.CodeNotFound)
		mallory.want("GET", group, nil, 404, care.CodeNotFound)
		mallory.want("PUT", group, settings, 404, care.CodeNotFound)
		mallory.want("PUT", all, defaults, 200, "")
		expect(t, c.olga.want("GET", all, nil, 200, ""), keys{"defaults.direct.email": "on"})
	})
}

func TestBadChangesOfNotifications(t *testing.T) {
	clinics(t, func(c *clinic) {
		client, group, all := "/clients/"+c.leilaniID+"/notifications", "/groups/"+c.group+"/notifications", "/organization/notifications"
		off := nested(keys{"direct.email": "off"})
		for _, bad := range []struct {
			path string
			body keys
			code care.Code
		}{
			{client, keys{"own": off}, care.CodeInvalid},
			{client, keys{"version": 0, "own": off}, care.CodeInvalid},
			{client, keys{"version": 1}, care.CodeInvalid},
			{client, keys{"version": 1, "own": keys{}}, care.CodeInvalid},
			{client, keys{"version": 1, "own": nil}, care.CodeInvalid},
			{client, keys{"version": 1, "own": nested(keys{"direct.email": "maybe"})}, care.CodeInvalid},
			{client, keys{"version": 1, "own": nested(keys{"direct.email": nil})}, care.CodeInvalid},
			{client, keys{"version": 1, "own": nested(keys{"direct.fax": "on"})}, care.CodeInvalid},
			{client, keys{"version": 1, "own": nested(keys{"team.email": "on"})}, care.CodeInvalid},
			{client, keys{"version": 1, "own": off, "direct": "off"}, care.CodeInvalid},
			{group, keys{"settings": off}, care.CodeInvalid},
			{group, keys{"version": 1, "settings": nested(keys{"reminder.push": "on"})}, care.CodeInvalid},
			{all, keys{"defaults": off}, care.CodeInvalid},
			{all, keys{"version": 1}, care.CodeInvalid},
			{all, keys{"version": 1, "defaults": nested(keys{"direct.email": "unset"})}, care.CodeInvalid},
			{all, keys{"version": 1, "name_in_notifications": "yes"}, care.CodeInvalid},
		} {
			c.olga.want("PUT", bad.path, bad.body, 422, bad.code)
		}
		c.olga.want("PUT", "/clients/"+someID+"/notifications", keys{"version": 1, "own": off}, 404, care.CodeNotFound)
		c.olga.want("PUT", "/groups/"+someID+"/notifications", keys{"version": 1, "settings": off}, 404, care.CodeNotFound)
		expect(t, c.notifications(c.leilaniID), keys{"version": 1})
	})
}

// S29: who saves an older version is shown what is there, and nothing is lost.
func TestConflictsOfNotifications(t *testing.T) {
	clinics(t, func(c *clinic) {
		off := nested(keys{"direct.email": "off"})
		for _, place := range []struct{ path, key, shown string }{
			{"/clients/" + c.leilaniID + "/notifications", "own", "current.own.direct.email"},
			{"/groups/" + c.group + "/notifications", "settings", "current.settings.direct.email"},
			{"/organization/notifications", "defaults", "current.defaults.direct.email"},
		} {
			c.olga.want("PUT", place.path, keys{"version": 1, place.key: off}, 200, "")
			// Asking for what is so writes nothing.
			expect(t, c.olga.want("PUT", place.path, keys{"version": 2, place.key: off}, 200, ""), keys{"version": 2})
			problem := c.olga.want("PUT", place.path, keys{"version": 1, place.key: nested(keys{"direct.push": "off"})}, 409, care.CodeVersionConflict)
			expect(t, problem, keys{place.shown: "off", "current.version": 2, "current.can_change": true})
		}
		if got := c.items(c.olga, "/audit?action=notifications.changed"); len(got) != 3 {
			t.Errorf("%d records, want 3", len(got))
		} else {
			details := got[0].(map[string]any)["details"].(map[string]any)
			expect(t, details, keys{"place": "default", "how": "settings", "cells": map[string]any{"direct.email": map[string]any{"old": "on", "new": "off"}}})
		}
	})
}
