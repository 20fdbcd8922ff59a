package server

import (
	"context"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/mail"
	"hearth/internal/mail/mailtest"
	"hearth/internal/onboard"
	"hearth/internal/outbox"
	"hearth/internal/push/pushtest"
	"hearth/internal/testkit"
)

// secrets are words of names, messages, groups, subjects and files, which no notification
// may have in it.
var secrets = []string{
	"canarypractice", "canaryowner", "canaryprovider", "canaryclient", "canaryfellow", "canarygroup", "canarysubject", "canaryteam",
	"canarydirect", "canarycommunity", "canaryinternal", "canaryfile", "canaryreply", "canarymention", "canarycolleague",
}

// post is a server with a mail server and a push service, and people who write.
type postOffice struct {
	*testing.T
	*running
	mails  *mailtest.Server
	pushes *pushtest.Server
	db     *db.DB
	org    care.OrgID
}

func eachPostOffice(t *testing.T, test func(p *postOffice)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			p := &postOffice{T: t, mails: mailtest.Start(t, mailtest.Options{}), pushes: pushtest.Start(t, time.Now)}
			settings, err := mail.Parse("smtp://"+p.mails.Addr+"?tls=none", "hearth@example.org")
			if err != nil {
				t.Fatal(err)
			}
			settings.Bounces = "bounces@practice.example"
			var cfg Config
			p.running = start(t, func(c *Config) {
				c.SMTP, c.NotifyDelay, c.Authorities, c.Unlimited = &settings, 2*time.Second, p.pushes.Roots, true
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

// readable decodes a mail: its headers, and the text of its parts.
func readable(t *testing.T, data string) (netmail.Header, string) {
	t.Helper()
	m, err := netmail.ReadMessage(strings.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	_, params, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for parts := multipart.NewReader(m.Body, params["boundary"]); ; {
		part, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return m.Header, all.String()
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
}

func TestNothingOfWhatIsWrittenIsInANotification(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		made, err := SetUp(p.Context(), p.db, time.Now, onboard.NewPractice{
			Organization: "canarypractice", OwnerName: "canaryowner", OwnerEmail: "owner@example.org",
		}, canaryPassword)
		if err != nil {
			p.Fatal(err)
		}
		p.org = made.Organization.ID
		owner := p.signIn("owner@example.org")
		group := owner.must("POST", "/groups", object{"name": "canarygroup"})["id"]
		add := func(path, name, email string, more object) *person {
			more["name"], more["email"], more["password"] = name, email, canaryPassword
			owner.must("POST", path, more)
			return p.signIn(email)
		}
		noor := add("/staff", "canaryprovider", "noor@example.org", object{"role": "provider"})
		sam := add("/staff", "canarycolleague", "sam@example.org", object{"role": "support"})
		maya := add("/clients", "canaryclient", "maya@example.org", object{"primary_provider_id": noor.id, "group_id": group})
		leilani := add("/clients", "canaryfellow", "leilani@example.org", object{"primary_provider_id": noor.id, "group_id": group})
		devices := map[*person]*pushtest.Device{}
		for _, who := range []*person{noor, sam, maya, leilani} {
			devices[who] = p.device(who)
		}
		open := func(body object) string {
			id, _ := noor.must("POST", "/conversations", body)["id"].(string)
			return id
		}
		say := func(who *person, in string, body object) { who.must("POST", "/conversations/"+in+"/messages", body) }
		direct := open(object{"kind": "direct", "member_ids": []string{maya.id}})
		community := open(object{"kind": "community", "member_ids": []string{maya.id, leilani.id}, "subject": "canarysubject"})
		team := open(object{"kind": "internal", "member_ids": []string{sam.id}, "subject": "canaryteam"})
		files := &aviary{T: p.T, url: p.url}
		say(noor, direct, object{"body": "canarydirect", "attachment_ids": []string{files.file(noor, "canaryfile")}})
		say(noor, community, object{"body": "canarycommunity canarymention <@" + leilani.id + ">"})
		say(noor, team, object{"body": "canaryinternal"})
		p.until("the first pushes", func() bool {
			return len(devices[maya].Messages()) == 2 && len(devices[leilani].Messages()) == 1 && len(devices[sam].Messages()) == 1
		})
		say(maya, direct, object{"body": "canaryreply"})
		p.until("the reply", func() bool { return len(devices[noor].Messages()) == 1 })
		p.remind(direct)
		p.until("the reminder", func() bool { return len(devices[noor].Messages()) == 2 })
		for _, address := range []string{"maya@example.org", "leilani@example.org", "sam@example.org", "noor@example.org"} {
			p.until("the mail to "+address, func() bool { return len(p.mailsTo(address)) > 0 })
		}
		p.checkPushes(noor, sam, maya, leilani)
		p.checkMails()
		p.checkClick(maya, devices[maya], direct, community)
		p.checkLog()
	})
}

// remind does what the clock does when a message waits too long.
func (p *postOffice) remind(conversation string) {
	p.Helper()
	var id care.ConversationID
	if err := id.UnmarshalText([]byte(conversation)); err != nil {
		p.Fatal(err)
	}
	err := p.db.Write(p.Context(), func(tx *db.Tx) error {
		return outbox.Append(p.Context(), tx, outbox.Event{Org: p.org, Kind: outbox.UnansweredTeam, Subject: id, Seq: 2, At: time.Now()})
	})
	if err != nil {
		p.Fatal(err)
	}
}

var pushText = regexp.MustCompile(`^\{"text":"You have a new message","id":"[0-9a-f-]{36}"\}$`)

// checkPushes reads every byte that the push service got.
func (p *postOffice) checkPushes(people ...*person) {
	p.Helper()
	for _, m := range p.pushes.Attempts() {
		if !pushText.Match(m.Text) {
			p.Errorf("a push says %q", m.Text)
		}
		var head strings.Builder
		_ = m.Header.Write(&head)
		for _, secret := range append(slices.Clone(secrets), "example.org", "canaryphone") {
			if strings.Contains(head.String()+string(m.Text)+string(m.Body), secret) {
				p.Errorf("a push has %s in it: %s %s", secret, head.String(), m.Text)
			}
		}
		for _, who := range people {
			if strings.Contains(head.String()+string(m.Text), who.id) {
				p.Error("a push names somebody by their id")
			}
		}
	}
}

// checkMails reads every byte that the mail server got.
func (p *postOffice) checkMails() {
	p.Helper()
	list := p.mails.Mails()
	if len(list) < 4 {
		p.Errorf("%d mails came", len(list))
	}
	for _, m := range list {
		header, text := readable(p.T, m.Data)
		decoder := &mime.WordDecoder{}
		var heads strings.Builder
		for key, values := range header {
			for _, value := range values {
				plain, err := decoder.DecodeHeader(value)
				if err != nil {
					p.Error(err)
				}
				heads.WriteString(key + ": " + plain + "\n")
			}
		}
		for _, secret := range secrets {
			if strings.Contains(strings.ToLower(m.Data+heads.String()+text), secret) {
				p.Errorf("a mail has %s in it:\n%s\n%s", secret, heads.String(), text)
			}
		}
		if from := header.Get("From"); from != `"Secure messages" <hearth@example.org>` {
			p.Errorf("from %s", from)
		}
		if header.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" || !strings.HasPrefix(header.Get("List-Unsubscribe"), "<"+p.url+"/unsubscribe/") {
			p.Errorf("headers\n%s", heads.String())
		}
	}
}

// checkClick follows a push to its conversation, as its person and as another.
func (p *postOffice) checkClick(who *person, d *pushtest.Device, conversations ...string) {
	p.Helper()
	for _, m := range d.Messages() {
		id := regexp.MustCompile(`[0-9a-f-]{36}`).FindString(string(m.Text))
		if notice := who.must("GET", "/me/notices/"+id, nil); !slices.Contains(conversations, notice["conversation_id"].(string)) {
			p.Errorf("the push opens %v", notice)
		}
		other := p.signIn("leilani@example.org")
		if status, _, _ := other.do("GET", "/me/notices/"+id, nil); status != http.StatusNotFound {
			p.Errorf("another may open it: %d", status)
		}
	}
}

// checkLog looks for what must not stand in the log.
func (p *postOffice) checkLog() {
	p.Helper()
	for _, secret := range append(slices.Clone(secrets), "@example.org", "canaryphone") {
		if strings.Contains(p.log.String(), secret) {
			p.Errorf("the log has %s in it", secret)
		}
	}
}

func TestEndingMailsWithOneClick(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		noor, maya, in := p.pair()
		noor.must("POST", "/conversations/"+in+"/messages", object{"body": "Hello"})
		p.until("the mail", func() bool { return len(p.mailsTo("maya@example.org")) == 1 })
		header, _ := readable(p.T, p.mailsTo("maya@example.org")[0])
		link := strings.Trim(header.Get("List-Unsubscribe"), "<>")
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
			device.hears(`"title":"Noor","count":1`)
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
