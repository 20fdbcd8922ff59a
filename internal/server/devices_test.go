package server

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// TestTheDeviceOfAnother: what one person knows of another's device is of no use to them.
func TestTheDeviceOfAnother(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		noor, maya, in := p.pair()
		d := p.device(maya)
		id := p.devicesOf(maya)[0]
		for _, path := range []string{"/me/push/" + id, "/me/push?endpoint=" + url.QueryEscape(d.Endpoint)} {
			if status, _, answer := noor.do("DELETE", path, nil); status != http.StatusNotFound || strings.Contains(string(answer), d.Endpoint) {
				p.Errorf("taking it out as %s: %d %s", path, status, answer)
			}
		}
		if status, _, answer := (&person{t: p.T, url: p.url}).do("DELETE", "/me/push/"+id, nil); status != http.StatusUnauthorized {
			p.Errorf("nobody takes it out: %d %s", status, answer)
		}
		if list := p.devicesOf(noor); len(list) != 0 {
			p.Errorf("another sees %v", list)
		}
		if answer := noor.must("POST", "/me/push/test", nil); answer["devices"] != float64(0) || len(d.Messages()) != 0 {
			p.Errorf("another's test: %v, %d pushes", answer, len(d.Messages()))
		}
		// Who signs in at the same browser has it from then on, and what waits for the first
		// does not come there.
		noor.must("POST", "/conversations/"+in+"/messages", object{"body": "Hello"})
		noor.must("POST", "/me/push", object{"endpoint": d.Endpoint, "keys": object{"p256dh": d.P256dh, "auth": d.Auth}})
		if mine, theirs := p.devicesOf(noor), p.devicesOf(maya); len(mine) != 1 || len(theirs) != 0 || mine[0] == id {
			p.Errorf("it is %v and %v", mine, theirs)
		}
		p.until("the mail", func() bool { return len(p.mailsTo("maya@example.org")) == 1 })
		if n := len(d.Messages()); n != 0 {
			p.Errorf("who was signed in before is told there %d times", n)
		}
		if status, _, answer := maya.do("DELETE", "/me/push/"+p.devicesOf(noor)[0], nil); status != http.StatusNotFound {
			p.Errorf("the one before takes it out: %d %s", status, answer)
		}
	})
}

func (p *postOffice) devicesOf(who *person) (ids []string) {
	p.Helper()
	for _, one := range who.must("GET", "/me/push", nil)["subscriptions"].([]any) {
		ids = append(ids, one.(object)["id"].(string))
	}
	return ids
}

// TestDevicesThatCannotBe are refused with their field, and nothing is called.
func TestDevicesThatCannotBe(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		_, maya, _ := p.pair()
		d := p.pushes.Subscribe(maya.must("GET", "/me/push", nil)["public_key"].(string))
		good := func(endpoint string) object {
			return object{"endpoint": endpoint, "keys": object{"p256dh": d.P256dh, "auth": d.Auth}}
		}
		for name, v := range map[string]struct {
			body  object
			field string
		}{
			"metadata":    {good("https://169.254.169.254/latest/"), "endpoint"},
			"private":     {good("https://10.1.2.3/x"), "endpoint"},
			"mapped":      {good("https://[::ffff:10.1.2.3]/x"), "endpoint"},
			"nothing":     {good("https://0.0.0.0/x"), "endpoint"},
			"decimal":     {good("https://2852039166/x"), "endpoint"},
			"a password":  {good("https://a:b@push.example.org/x"), "endpoint"},
			"a line":      {good("https://push.example.org/x\r\nX: y"), "endpoint"},
			"a file":      {good("file:///etc/passwd"), "endpoint"},
			"long":        {good("https://push.example.org/" + strings.Repeat("x", 5000)), "endpoint"},
			"no endpoint": {good(""), "endpoint"},
			"no key":      {object{"endpoint": d.Endpoint, "keys": object{"p256dh": "", "auth": d.Auth}}, "p256dh"},
			"another key": {object{"endpoint": d.Endpoint, "keys": object{"p256dh": strings.Repeat("A", 87), "auth": d.Auth}}, "p256dh"},
			"no secret":   {object{"endpoint": d.Endpoint, "keys": object{"p256dh": d.P256dh, "auth": "AA"}}, "auth"},
			"a name":      {object{"endpoint": d.Endpoint, "keys": object{"p256dh": d.P256dh, "auth": d.Auth}, "device": strings.Repeat("x", 500)}, "device"},
		} {
			status, _, answer := maya.do("POST", "/me/push", v.body)
			if status != http.StatusUnprocessableEntity || !strings.Contains(string(answer), v.field) {
				p.Errorf("%s: %d %s", name, status, answer)
			}
		}
		if list := p.devicesOf(maya); len(list) != 0 || len(p.pushes.Faults()) != 0 {
			p.Errorf("devices %v, calls %v", list, p.pushes.Faults())
		}
	})
}
