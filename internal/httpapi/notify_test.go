package httpapi

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"testing"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/notify"
	"hearth/internal/push"
	"hearth/internal/testkit"
)

// pigeon is a push service that takes everything.
type pigeon struct{}

func (pigeon) Check(push.Subscription) error { return nil }

func (pigeon) PublicKey() string { return "BPublic" }

func (pigeon) Send(context.Context, push.Subscription, []byte, push.Options) error { return nil }

func notified(o *office, d *db.DB, chats *chat.Service) *notify.Service {
	s := notify.New(d, o.clock.Now, chats, notify.Config{Push: pigeon{}, Bus: o.bus})
	o.Cleanup(s.Close)
	return s
}

func endpointOf(name string) keys {
	return keys{"endpoint": "https://push.example.org/" + name, "keys": keys{"p256dh": "key", "auth": "auth"}, "device": "Chrome on Android"}
}

func (c *caller) devices() (names []string) {
	c.Helper()
	for _, one := range c.want("GET", "/me/push", nil, 200, "")["subscriptions"].([]any) {
		names = append(names, one.(map[string]any)["device"].(string))
	}
	slices.Sort(names) // two of the same moment stand in any order
	return names
}

func TestDevicesOfOnesOwn(t *testing.T) {
	clinics(t, func(c *clinic) {
		first := c.leilani.want("POST", "/me/push", endpointOf("1"), 201, "")
		id := first["id"].(string)
		expect(t, c.leilani.want("POST", "/me/push", endpointOf("2"), 201, ""), keys{"device": "Chrome on Android (2)", "last_sent_at": nil})
		expect(t, c.leilani.want("PATCH", "/me/push/"+id, keys{"device": " Work   phone "}, 200, ""), keys{"id": id, "device": "Work phone"})
		expect(t, c.leilani.want("POST", "/me/push", endpointOf("1"), 200, ""), keys{"id": id, "device": "Work phone"})
		for _, bad := range []keys{{}, {"device": ""}, {"device": " "}, {"device": nil}, {"device": strings.Repeat("x", 61)}, {"device": "Chrome on Android (2)"}, {"device": "a\u0000b"}, {"device": "x", "endpoint": "y"}} {
			c.leilani.want("PATCH", "/me/push/"+id, bad, 422, care.CodeInvalid)
		}
		c.noor.want("PATCH", "/me/push/"+id, keys{"device": "Mine"}, 404, care.CodeNotFound)
		c.noor.want("POST", "/me/push/"+id+"/test", nil, 404, care.CodeNotFound)
		expect(t, c.leilani.want("POST", "/me/push/"+id+"/test", nil, 200, ""), keys{"devices": 1, "taken": 1})
		expect(t, c.leilani.want("POST", "/me/push/test", nil, 200, ""), keys{"devices": 2, "taken": 2})
		if got := strings.Join(c.leilani.devices(), "|"); got != "Chrome on Android (2)|Work phone" {
			t.Errorf("devices %q", got)
		}

		here := keys{"endpoint": "https://push.example.org/1"}
		expect(t, c.leilani.want("POST", "/me/push/here", here, 200, ""), keys{"device.id": id, "device.device": "Work phone"})
		moved := endpointOf("3")
		moved["replaces"] = here["endpoint"]
		c.noor.want("POST", "/me/push", moved, 404, care.CodeNotFound)
		expect(t, c.leilani.want("POST", "/me/push", moved, 200, ""), keys{"id": id, "device": "Work phone"})
		expect(t, c.leilani.want("POST", "/me/push/here", here, 200, ""), keys{"device": nil})
		// Now somebody else uses that browser: it is none of hers, nor of Leilani's any more.
		expect(t, c.noor.want("POST", "/me/push/here", keys{"endpoint": moved["endpoint"]}, 200, ""), keys{"device": nil})
		if got := strings.Join(c.leilani.devices(), "|"); got != "Chrome on Android (2)" || len(c.noor.devices()) != 0 {
			t.Errorf("devices %q", got)
		}
		c.leilani.want("POST", "/me/push/here", keys{"endpoint": ""}, 422, care.CodeInvalid)
	})
}

// Somebody else signs in where another never signed out: nothing of the first stays there.
func TestSigningInOverSomebodyElse(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		o.practice("North", "olga@example.org")
		o.practice("South", "sora@example.org")
		shared, elsewhere := o.browser(), o.browser()
		for _, b := range []*caller{shared, elsewhere} {
			b.want("POST", "/sessions", keys{"email": "olga@example.org", "password": goodPassword}, 201, "")
		}
		shared.want("POST", "/me/push", endpointOf("shared"), 201, "")
		elsewhere.want("POST", "/me/push", endpointOf("elsewhere"), 201, "")
		base, _ := url.Parse(o.server.URL)
		olgas := o.program(shared.client.Jar.Cookies(base)[0].Value)
		olgas.want("GET", "/me", nil, 200, "")

		// Herself again: the device is hers all the same.
		shared.want("POST", "/sessions", keys{"email": "olga@example.org", "password": goodPassword}, 201, "")
		if got := shared.devices(); len(got) != 2 {
			t.Errorf("signed in again she has %q", got)
		}
		shared.want("POST", "/me/push/here", keys{"endpoint": "https://push.example.org/shared"}, 200, "")
		// Who fails to sign in ends nothing, nor does a program.
		shared.want("POST", "/sessions", keys{"email": "sora@example.org", "password": "not that one, I think"}, 401, care.CodeUnauthenticated)
		shared.want("POST", "/sessions", keys{"email": "sora@example.org", "password": goodPassword, "bearer": true}, 201, "")
		if got := shared.devices(); len(got) != 2 {
			t.Errorf("nobody else came, and she has %q", got)
		}

		shared.want("POST", "/sessions", keys{"email": "sora@example.org", "password": goodPassword}, 201, "")
		if got := elsewhere.devices(); len(got) != 1 || got[0] != "Chrome on Android (2)" {
			t.Errorf("left are %q", got)
		}
		expect(t, shared.want("GET", "/me", nil, 200, ""), keys{"user.email": "sora@example.org"})
		olgas.want("GET", "/me", nil, 200, "") // the first session of hers there, which nobody has any more, runs out
	})
}
