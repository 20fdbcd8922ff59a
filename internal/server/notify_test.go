package server

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/mail"
	"hearth/internal/mail/mailtest"
	"hearth/internal/onboard"
	"hearth/internal/push/pushtest"
	"hearth/internal/testkit"
)

// post is a server with a mail server and a push service, and people who write.
type postOffice struct {
	*testing.T
	*running
	mails  *mailtest.Server
	pushes *pushtest.Server
	db     *db.DB
	org    care.OrgID
	ahead  atomic.Int64 // of the clock on the wall
}

// now is the time of the server and of the push service.
func (p *postOffice) now() time.Time { return time.Now().Add(time.Duration(p.ahead.Load())) }

func eachPostOffice(t *testing.T, test func(p *postOffice)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			p := &postOffice{T: t, mails: mailtest.Start(t, mailtest.Options{})}
			p.pushes = pushtest.Start(t, p.now)
			settings, err := mail.Parse("smtp://"+p.mails.Addr+"?tls=none", "hearth@example.org")
			if err != nil {
				t.Fatal(err)
			}
			settings.Bounces = "bounces@practice.example"
			var cfg Config
			p.running = start(t, func(c *Config) {
				c.SMTP, c.NotifyDelay, c.Authorities, c.Unlimited = &settings, 2*time.Second, p.pushes.Roots, true
				c.Clock = p.now
				c.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
				if engine == "postgres" {
					c.DatabaseURL = testkit.PostgresURL(t)
				}
				cfg = *c
			})
			store := cfg.Store()
			store.Shared = true
			if p.db, err = db.Open(t.Context(), store); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = p.db.Close() })
			test(p)
		})
	}
}

func (p *postOffice) signIn(email string) *person {
	p.Helper()
	who := &person{t: p.T, url: p.url}
	answer := who.must("POST", "/sessions", object{"email": email, "password": canaryPassword, "bearer": true})
	who.token, _ = answer["token"].(string)
	who.id, _ = answer["user"].(object)["id"].(string)
	return who
}

// device subscribes a device of somebody.
func (p *postOffice) device(who *person) *pushtest.Device {
	p.Helper()
	key, _ := who.must("GET", "/me/push", nil)["public_key"].(string)
	d := p.pushes.Subscribe(key)
	who.must("POST", "/me/push", object{"endpoint": d.Endpoint, "keys": object{"p256dh": d.P256dh, "auth": d.Auth}, "device": "canaryphone"})
	return d
}

// until waits for something.
func (p *postOffice) until(what string, is func() bool) {
	p.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			p.Fatalf("%s: never", what)
		}
	}
}

// mailsTo gives what came for an address, as it came.
func (p *postOffice) mailsTo(address string) (data []string) {
	for _, m := range p.mails.Mails() {
		if slices.Contains(m.To, address) {
			data = append(data, m.Data)
		}
	}
	return data
}

func TestEndingMailsWithOneClick(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		noor, maya, in := p.pair()
		noor.must("POST", "/conversations/"+in+"/messages", object{"body": "Hello"})
		p.until("the mail", func() bool { return len(p.mailsTo("maya@example.org")) == 1 })
		link := strings.Trim(p.decode(p.mailsTo("maya@example.org")[0]).header.Get("List-Unsubscribe"), "<>")
		ask := func(method, url, body string) (int, string) {
			request, err := http.NewRequestWithContext(context.Background(), method, url, strings.NewReader(body))
			if err != nil {
				p.Fatal(err)
			}
			request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				p.Fatal(err)
			}
			defer response.Body.Close()
			text, err := io.ReadAll(response.Body)
			if err != nil {
				p.Fatal(err)
			}
			return response.StatusCode, string(text)
		}
		wants := func() bool {
			kinds := maya.must("GET", "/me/notifications", nil)["kinds"].(object)
			return kinds["direct"].(object)["email"].(bool)
		}
		if status, page := ask("GET", link, ""); status != 200 || !strings.Contains(page, "<button") || !wants() {
			p.Errorf("looking at the link: %d, wants %v\n%s", status, wants(), page)
		}
		for range 2 {
			if status, page := ask("POST", link, "List-Unsubscribe=One-Click"); status != 200 || strings.Contains(page, "<button") || wants() {
				p.Errorf("one click: %d, wants %v", status, wants())
			}
		}
		for _, wrong := range []string{link[:len(link)-1], link + "x", p.url + "/unsubscribe/", p.url + "/unsubscribe/a/b"} {
			for _, method := range []string{"GET", "POST"} {
				if status, _ := ask(method, wrong, ""); status != 404 {
					p.Errorf("%s of a wrong link: %d", method, status)
				}
			}
		}
		if status, _ := ask("DELETE", link, ""); status != 405 {
			p.Errorf("DELETE: %d", status)
		}
	})
}

// pair makes a practice with a provider and a client, and their conversation.
func (p *postOffice) pair() (noor, maya *person, conversation string) {
	p.Helper()
	made, err := SetUp(p.Context(), p.db, time.Now, onboard.NewPractice{Organization: "Alder Row", OwnerName: "Noor", OwnerEmail: "noor@example.org"}, canaryPassword)
	if err != nil {
		p.Fatal(err)
	}
	p.org = made.Organization.ID
	noor = p.signIn("noor@example.org")
	noor.must("POST", "/clients", object{"name": "Maya", "email": "maya@example.org", "password": canaryPassword, "primary_provider_id": noor.id})
	maya = p.signIn("maya@example.org")
	conversation, _ = noor.must("POST", "/conversations", object{"kind": "direct", "member_ids": []string{maya.id}})["id"].(string)
	return noor, maya, conversation
}

func TestSigningOutTakesTheDeviceOut(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		noor, maya, in := p.pair()
		d := p.device(maya)
		again := p.signIn("maya@example.org")
		maya.must("DELETE", "/sessions/current", nil)
		if list := again.must("GET", "/me/push", nil)["subscriptions"].([]any); len(list) != 0 {
			p.Errorf("there is still %v", list)
		}
		noor.must("POST", "/conversations/"+in+"/messages", object{"body": "Hello"})
		p.until("the mail", func() bool { return len(p.mailsTo("maya@example.org")) == 1 })
		if n := len(d.Messages()); n != 0 {
			p.Errorf("the device got %d pushes", n)
		}
	})
}

func TestNoticesComeAndGoLive(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		noor, maya, in := p.pair()
		maya.listen()
		phone := p.signIn("maya@example.org")
		phone.listen()
		noor.must("POST", "/conversations/"+in+"/messages", object{"body": "Hello"})
		for _, device := range []*person{maya, phone} {
			device.hears(`"type":"notice.created","data":{"notice":{"id":"`)
			device.hears(`"title":"Noor","seq":1,"count":1`)
			device.hears(`"sound":true`)
		}
		phone.must("PUT", "/conversations/"+in+"/read", object{"seq": 1})
		maya.hears(`"type":"notice.read","data":{"ids":["`)
		maya.hears(`"unread":0}`)
		// Looking at it, on the other device.
		phone.say(object{"type": "viewing", "conversation_id": in, "ref": "v"})
		phone.hears(`"ref":"v"`)
		d := p.device(maya)
		noor.must("POST", "/conversations/"+in+"/messages", object{"body": "And again"})
		time.Sleep(3 * time.Second) // twice the grace
		if n := len(d.Messages()); n != 0 {
			p.Errorf("who looks got %d pushes", n)
		}
		if history := maya.must("GET", "/me/notification-history", nil)["items"].([]any); len(history) < 4 {
			p.Errorf("the history has %v", history)
		}
	})
}

func TestAPushServiceThatSaysNothingHoldsNobodyElseUp(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		noor, maya, in := p.pair()
		silent, good := p.device(maya), p.device(maya)
		silent.Refuse(pushtest.Always, pushtest.Answer{Hang: true})
		gone := p.device(maya)
		gone.Refuse(pushtest.Always, pushtest.Answer{Status: 404})
		noor.must("POST", "/conversations/"+in+"/messages", object{"body": "Hello"})
		p.until("the push to the good one", func() bool { return len(good.Messages()) == 1 })
		p.until("the mail", func() bool { return len(p.mailsTo("maya@example.org")) == 1 })
		p.until("the one that is gone", func() bool {
			return len(maya.must("GET", "/me/push", nil)["subscriptions"].([]any)) == 2
		})
		if status, _, answer := maya.do("POST", "/me/push", object{"endpoint": "https://10.1.2.3/x", "keys": object{"p256dh": good.P256dh, "auth": good.Auth}}); status != 422 {
			p.Errorf("an address in the private network: %d %s", status, answer)
		}
	})
}
