package server

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/mail/mailtest"
	"hearth/internal/onboard"
	"hearth/internal/preference"
	"hearth/internal/push/pushtest"
	"hearth/internal/webhook"
)

// office is a practice in which every name and every text begins with a canary, with a mail
// server, a push service and a webhook that keep every byte they get.
type office struct {
	*postOffice
	files                         *aviary
	owner, noor, sam, maya, leila *person
	devices                       []*pushtest.Device
	ids                           []string // of people and conversations
	hook                          *heard
	hookID                        string
	keys                          []string // what opens a door
}

// TestNothingOfWhatIsWrittenIsInANotification has everything happen that somebody outside is told of:
// every kind of notification over every channel, mails about an account, the tests, and
// every event of a webhook.
func TestNothingOfWhatIsWrittenIsInANotification(t *testing.T) {
	eachPostOffice(t, func(p *postOffice) {
		o := newOffice(p)
		direct := o.write()
		o.blast()
		o.tests()
		o.others(direct)
		o.digest()
		o.waits()
		o.allWasTold()
		o.check(false)
		o.checkClicks()
		o.withNames()
		o.check(true)
	})
}

func newOffice(p *postOffice) *office {
	p.Helper()
	made, err := SetUp(p.Context(), p.db, p.now, onboard.NewPractice{
		Organization: "canarypractice", OwnerName: "canaryowner", OwnerEmail: "owner@example.com",
	}, canaryPassword)
	if err != nil {
		p.Fatal(err)
	}
	p.org = made.Organization.ID
	o := &office{postOffice: p, files: &aviary{T: p.T, url: p.url}, owner: p.signIn("owner@example.com"), hook: &heard{}}
	o.owner.must("PATCH", "/organization", object{"name_in_mail": "Alder Row"})
	o.set("/organization/welcome", object{"enabled": true, "text": "canarywelcome"})
	o.set("/organization/away", object{"weekly": object{"enabled": true, "hours": []object{}, "text": "canaryaway"}})
	o.remindAfterAnHour()
	o.listenToWebhook()
	group := o.owner.must("POST", "/groups", object{"name": "canarygroup"})["id"]
	o.noor = o.add("/staff", "noor", object{"role": "provider"})
	o.sam = o.add("/staff", "sam", object{"role": "support"})
	o.maya = o.add("/clients", "maya", object{"primary_provider_id": o.noor.id, "group_id": group})
	o.leila = o.add("/clients", "leila", object{"primary_provider_id": o.noor.id, "group_id": group})
	for _, who := range []*person{o.noor, o.sam, o.maya, o.leila} {
		o.devices = append(o.devices, p.device(who))
		o.ids = append(o.ids, who.id)
	}
	return o
}

// set changes a page of settings, whatever its version is.
func (o *office) set(path string, change object) {
	o.Helper()
	change["version"] = o.owner.must("GET", path, nil)["version"]
	o.owner.must("PUT", path, change)
}

func (o *office) add(path, name string, more object) *person {
	o.Helper()
	email := name + "@example.com"
	more["name"], more["email"], more["password"] = canary+name, email, canaryPassword
	o.owner.must("POST", path, more)
	who := o.signIn(email)
	o.keys = append(o.keys, who.token)
	return who
}

func (o *office) listenToWebhook() {
	o.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		o.hook.mu.Lock()
		defer o.hook.mu.Unlock()
		o.hook.calls = append(o.hook.calls, fmt.Sprint(r.Method, r.Header, r.Trailer, string(body)))
	}))
	o.Cleanup(server.Close)
	made := o.owner.must("POST", "/webhooks", object{
		"url": server.URL + "/canaryaddress?key=canarykey", "description": "canarydescription", "events": webhook.Events,
	})
	o.hookID, _ = made["webhook"].(object)["id"].(string)
	o.keys = append(o.keys, made["secret"].(string))
}

func (o *office) open(by *person, body object) string {
	o.Helper()
	id, _ := by.must("POST", "/conversations", body)["id"].(string)
	o.ids = append(o.ids, id)
	return id
}

func (o *office) say(who *person, in string, body object) string {
	o.Helper()
	id, _ := who.must("POST", "/conversations/"+in+"/messages", body)["id"].(string)
	return id
}

// write has people write in every kind of conversation.
func (o *office) write() (direct string) {
	o.Helper()
	direct = o.open(o.noor, object{"kind": "direct", "member_ids": []string{o.maya.id}, "separate": true})
	community := o.open(o.noor, object{"kind": "community", "member_ids": []string{o.maya.id, o.leila.id}, "subject": "canarysubject"})
	team := o.open(o.noor, object{"kind": "internal", "member_ids": []string{o.sam.id}, "subject": "canaryteam"})
	file := o.files.file(o.noor, "canaryfile")
	first := o.say(o.noor, direct, object{"body": "canarydirect", "attachment_ids": []string{file}})
	o.say(o.noor, community, object{"body": "canarycommunity"})
	o.say(o.noor, team, object{"body": "canaryinternal"})
	o.until("the first mails", func() bool {
		return o.was(o.maya, "direct email", "community email") && o.was(o.sam, "team email", "team push")
	})
	for _, who := range []*person{o.leila, o.maya} {
		who.must("PUT", "/conversations/"+community+"/read", object{"seq": 100})
	}
	o.say(o.noor, community, object{"body": "canarymention <@" + o.leila.id + ">"})
	o.say(o.noor, direct, object{"body": "canarylater", "send_at": o.now().Add(10 * time.Minute).UTC().Format(time.RFC3339Nano)})
	o.noor.must("PATCH", "/conversations/"+direct+"/messages/"+first, object{"body": "canaryedit"})
	o.say(o.maya, direct, object{"body": "canaryreply"})
	o.until("the mention", func() bool { return o.was(o.leila, "mention email", "mention push") })
	return direct
}

func (o *office) blast() {
	o.Helper()
	id, _ := o.noor.must("POST", "/blasts", object{
		"recipients": object{"client_ids": []string{o.maya.id, o.leila.id}}, "title": "canaryblasttitle", "body": "canaryblast {{first_name}}",
		"attachment_ids": []string{o.files.file(o.noor, "canaryblastfile")},
	})["id"].(string)
	o.until("the blast", func() bool { return o.noor.must("GET", "/blasts/"+id, nil)["state"] == "sent" })
}

// tests are what people send to try it, and the mails about an account.
func (o *office) tests() {
	o.Helper()
	o.owner.must("POST", "/webhooks/"+o.hookID+"/test", nil)
	if taken := o.maya.must("POST", "/me/push/test", nil)["taken"]; taken != float64(1) {
		o.Errorf("%v devices took the test", taken)
	}
	o.owner.must("POST", "/clients", object{"name": "canaryinvited", "email": "invited@example.com", "primary_provider_id": o.noor.id})
	o.owner.must("POST", "/staff", object{"name": "canarycolleague", "email": "colleague@example.com", "role": "provider"})
	(&person{t: o.T, url: o.url}).must("POST", "/password-resets", object{"email": "maya@example.com"})
	for _, name := range []string{"invited", "colleague", "maya"} {
		o.until("the mail about the account of "+name, func() bool {
			return slices.ContainsFunc(o.mailsTo(name+"@example.com"), func(data string) bool { return strings.Contains(data, "Alder Row") })
		})
	}
}

// others is what happens besides, so that webhooks are told of everything.
func (o *office) others(direct string) {
	o.Helper()
	o.noor.must("POST", "/conversations/"+direct+"/notes", object{"body": "canarynote"})
	path := "/clients/" + o.leila.id + "/chat-access"
	o.owner.must("PUT", path, object{"version": o.owner.must("GET", path, nil)["version"], "community": "off", "reason": "canaryreason"})
	closed := o.open(o.noor, object{"kind": "direct", "member_ids": []string{o.leila.id}, "subject": "canaryclosed", "separate": true})
	o.noor.must("POST", "/conversations/"+closed+"/close", nil)
	o.until("every event of the webhook", func() bool {
		return !slices.ContainsFunc(append(slices.Clone(webhook.Events), webhook.EventTest), func(e webhook.Event) bool {
			return !strings.Contains(o.hook.text(), `"type":"`+string(e)+`"`)
		})
	})
}

// digest has a mail wait for others.
func (o *office) digest() {
	o.Helper()
	o.leila.must("PUT", "/me/notifications", object{"version": o.leila.must("GET", "/me/notifications", nil)["version"], "digest": "15_minutes"})
	for _, body := range []string{"canaryone", "canarytwo"} {
		o.say(o.noor, o.open(o.noor, object{"kind": "direct", "member_ids": []string{o.leila.id}, "separate": true}), object{"body": body})
	}
	o.until("the messages that wait", func() bool { return o.history(o.leila)["direct email digest"] >= 2 })
	o.ahead.Add(int64(16 * time.Minute))
	o.until("the digest", func() bool {
		mails := o.mailsTo("leila@example.com")
		return len(mails) > 0 && strings.Contains(mails[len(mails)-1], "You have new messages")
	})
}

// waits lets the reply of a client wait too long.
func (o *office) waits() {
	o.Helper()
	for _, who := range []*person{o.noor, o.sam} { // the care team, and later who sees the queue
		o.ahead.Add(int64(90 * time.Minute))
		o.until("the reminder", func() bool { return o.was(who, "reminder push", "reminder email") })
	}
}

// remindAfterAnHour has the practice told of clients who wait.
func (o *office) remindAfterAnHour() {
	o.Helper()
	var always []object
	for _, day := range []string{"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"} {
		always = append(always, object{"day": day, "from": "00:00", "to": "24:00"})
	}
	o.set("/organization/unanswered", object{"on": true, "hours": 1, "queue_after_hours": 2, "opening": object{"time_zone": "UTC", "weekly": always}})
}

// history counts what somebody was told, by kind, channel and what became of it.
func (o *office) history(who *person) map[string]int {
	o.Helper()
	counts := map[string]int{}
	for _, one := range who.must("GET", "/me/notification-history?limit=200", nil)["items"].([]any) {
		d := one.(object)
		became := d["state"]
		if why, is := d["why"].(string); is {
			became = why
		}
		counts[fmt.Sprint(d["kind"], " ", d["channel"], " ", became)]++
	}
	return counts
}

func (o *office) was(who *person, told ...string) bool {
	o.Helper()
	history := o.history(who)
	return !slices.ContainsFunc(told, func(one string) bool { return history[one+" sent"] == 0 })
}

// allWasTold fails where a kind of notification did not go out over a channel: nothing
// would be proved of it.
func (o *office) allWasTold() {
	o.Helper()
	missing := func() (list []string) {
		for _, kind := range append(slices.Clone(preference.Kinds), "mention") {
			for _, channel := range preference.Channels {
				told := string(kind) + " " + string(channel)
				if !slices.ContainsFunc([]*person{o.noor, o.sam, o.maya, o.leila}, func(who *person) bool { return o.was(who, told) }) {
					list = append(list, told)
				}
			}
		}
		return list
	}
	for end := time.Now().Add(20 * time.Second); len(missing()) > 0; time.Sleep(100 * time.Millisecond) {
		if time.Now().After(end) {
			o.Fatalf("never told: %s", missing())
		}
	}
}

func (o *office) check(mayName bool) {
	o.Helper()
	o.checkPushes(o.ids)
	o.checkMails(o.ids[4:], mayName) // conversations; the link that ends mails holds its person
	o.checkHook()
	o.checkOutput(append(o.doors(), o.keys...))
}

func (o *office) checkHook() {
	o.Helper()
	text := o.hook.text()
	for _, word := range []string{canary, "alder row", "@example", "new message"} {
		if holds(text, word) {
			o.Errorf("the webhook is told %q", word)
		}
	}
}

// doors are the parts of mails and subscriptions that are as good as a password.
func (o *office) doors() (keys []string) {
	o.Helper()
	for _, m := range o.mails.Mails() {
		read := o.decode(m.Data)
		if link := strings.Trim(read.header.Get("List-Unsubscribe"), "<>"); link != "" {
			keys = append(keys, link[strings.LastIndexByte(link, '/')+1:])
			continue
		}
		_, secret, _ := strings.Cut(read.parts, "#")
		keys = append(keys, strings.Fields(secret)[0])
	}
	for _, d := range o.devices {
		at, err := url.Parse(d.Endpoint)
		if err != nil {
			o.Fatal(err)
		}
		keys = append(keys, at.Path, d.Auth, d.P256dh)
	}
	return keys
}

var noticeOf = regexp.MustCompile(`^.*"id":"?([^"}]*)"?\}$`)

// checkClicks follows pushes to their conversations, as their people and as others.
func (o *office) checkClicks() {
	o.Helper()
	people := []*person{o.noor, o.sam, o.maya, o.leila}
	for _, m := range o.pushes.Messages() {
		id := noticeOf.ReplaceAllString(string(m.Text), "$1")
		at := slices.Index(o.devices, m.Device)
		if id == "null" {
			continue
		}
		for i, who := range people {
			status, _, answer := who.do("GET", "/me/notices/"+id, nil)
			if (status == http.StatusOK) != (i == at) || status != http.StatusOK && status != http.StatusNotFound {
				o.Errorf("a push to the device of %d is opened by %d: %d %s", at, i, status, answer)
			}
		}
	}
}

// withNames lets mails name the practice, which is all that they name then.
func (o *office) withNames() {
	o.Helper()
	o.set("/organization/notifications", object{"name_in_notifications": true, "names_for_staff": true})
	before := len(o.mails.Mails())
	o.say(o.sam, o.open(o.sam, object{"kind": "internal", "member_ids": []string{o.noor.id}, "subject": "canarysecond"}), object{"body": "canarythird"})
	o.say(o.noor, o.open(o.noor, object{"kind": "direct", "member_ids": []string{o.maya.id}, "separate": true}), object{"body": "canaryfourth"})
	named := func(name, word string) bool {
		return slices.ContainsFunc(o.mails.Mails()[before:], func(m mailtest.Mail) bool {
			return m.To[0] == name+"@example.com" && strings.Contains(o.decode(m.Data).parts, word)
		})
	}
	o.until("the mails with names", func() bool { return named("noor", "A colleague wrote.") && named("maya", "Alder Row") })
}
