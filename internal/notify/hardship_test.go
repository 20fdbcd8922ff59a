package notify

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/mail"
	"hearth/internal/mail/mailtest"
	"hearth/internal/outbox"
	"hearth/internal/outward"
	"hearth/internal/push"
	"hearth/internal/push/pushtest"
)

// nodeWith makes a node that sends over real connections.
func (w *world) nodeWith(m Mailer, p Pusher) *Service {
	w.t.Helper()
	s := New(w.db, w.clock.Now, w.chat, Config{PublicURL: "https://chat.example.org", Mail: m, Push: p, Bus: w.bus})
	w.t.Cleanup(s.Close)
	return s
}

// server is a real mail server, and a mailer for it.
func (w *world) server() (*mailtest.Server, Mailer) {
	w.t.Helper()
	server := mailtest.Start(w.t, mailtest.Options{})
	settings, err := mail.Parse("smtp://"+server.Addr+"?tls=none", "hearth@example.org")
	w.must(err)
	return server, mail.NewSMTP(settings, nil)
}

// dead is a mailer whose server nobody can reach.
func dead() Mailer {
	return mail.NewSMTP(mail.Settings{Host: "127.0.0.1", Port: 1, Encryption: mail.Plain, From: "hearth@example.org"}, nil)
}

// letters are what everybody got, by their address.
func letters(server *mailtest.Server) map[string][]string {
	all := map[string][]string{}
	for _, m := range server.Mails() {
		_, id, _ := strings.Cut(m.Data, "Message-ID: ")
		id, _, _ = strings.Cut(id, "\r\n")
		all[m.To[0]] = append(all[m.To[0]], id)
	}
	return all
}

// TestAMailServerThatIsDownForAnHour: people are written to meanwhile, the program is killed
// in the middle of trying and started again, and another is while the server refuses.
func TestAMailServerThatIsDownForAnHour(t *testing.T) {
	engines(t, func(w *world) {
		w.notify = w.nodeWith(dead(), w.radio)
		for i := range 6 {
			w.say(w.noor, w.open(care.Direct, w.noor, w.maya), "Hello")
			w.hear()
			w.pass(10*time.Minute, time.Minute)
			if i == 2 { // killed while it tried: what it held is held by nobody
				w.exec(`UPDATE deliveries SET attempt = attempt + 1, due_at = $1 WHERE state = 'waiting'`, w.clock.Now().Add(lease).UnixMilli())
				w.notify = w.nodeWith(dead(), w.radio)
			}
		}
		w.say(w.noor, w.open(care.Direct, w.noor, w.leilani), "Hello")
		w.hear()
		server, smtp := w.server()
		server.Refuse(1, 421)
		w.notify = w.nodeWith(smtp, w.radio)
		w.pass(3*time.Hour, time.Minute)
		if n := w.count(`SELECT COUNT(*) FROM deliveries WHERE channel = 'email' AND state <> 'sent'`); n != 0 {
			w.t.Errorf("%d mails are lost: %q", n, w.history(w.maya))
		}
		seen := map[string]bool{}
		for address, ids := range letters(server) {
			if most := map[bool]int{true: 6, false: 1}[strings.HasPrefix(address, w.maya.User.String())]; len(ids) == 0 || len(ids) > most {
				w.t.Errorf("%s got %d mails", address, len(ids))
			}
			for _, id := range ids {
				if seen[id] {
					w.t.Errorf("the mail %s came twice", id)
				}
				seen[id] = true
			}
		}
		if len(letters(server)) != 2 {
			w.t.Errorf("mails for %d people", len(letters(server)))
		}
		before := len(server.Mails())
		w.pass(48*time.Hour, time.Hour)
		if n := len(server.Mails()); n != before {
			w.t.Errorf("%d mails more", n-before)
		}
	})
}

// TestAMailThatWasTakenAndNotNotedIsTheSameMail: killed between the two, it is sent again,
// so that nothing is lost, and programs for mail can tell that it is the same.
func TestAMailThatWasTakenAndNotNotedIsTheSameMail(t *testing.T) {
	engines(t, func(w *world) {
		server, smtp := w.server()
		w.notify = w.nodeWith(smtp, w.radio)
		begun := w.clock.Now()
		for i := range 4 {
			w.say(w.noor, w.open(care.Direct, w.noor, w.maya), "Hello")
			w.hear()
			// What failed before is due in any order.
			w.exec(`UPDATE deliveries SET due_at = $1 WHERE channel = 'email' AND due_at > $2`, begun.Add(-time.Duration(i)*time.Minute).UnixMilli(), begun.UnixMilli())
			w.clock.Advance(time.Minute)
		}
		w.clock.Advance(time.Hour)
		claims, err := w.notify.claimMails(w.ctx())
		w.must(err)
		send, rules, err := w.notify.judge(w.ctx(), claims)
		w.must(err)
		w.must(w.notify.mailAll(w.ctx(), send, rules)) // and then it is killed
		w.clock.Advance(lease)
		w.workOn(w.nodeWith(smtp, w.radio))
		ids := letters(server)[w.maya.User.String()+"@example.org"]
		if len(claims) != 4 || len(ids) != 2 || ids[0] != ids[1] {
			w.t.Errorf("%d claims, mails %q", len(claims), ids)
		}
	})
}

// browsers are devices of somebody with a real push service.
type browsers struct {
	*world
	service *pushtest.Server
	who     care.Actor
}

func (b *browsers) add(name string, a ...pushtest.Answer) *pushtest.Device {
	b.t.Helper()
	d := b.service.Subscribe(b.notify.PublicKey())
	for _, one := range a {
		d.Refuse(pushtest.Always, one)
	}
	_, _, err := b.notify.Subscribe(b.ctx(), b.who, NewDevice{Subscription: push.Subscription{Endpoint: d.Endpoint, P256dh: d.P256dh, Auth: d.Auth}, Name: name})
	b.must(err)
	b.clock.Advance(time.Second) // their ids are in order
	return d
}

func (b *browsers) took(d *pushtest.Device) (times int) {
	for _, m := range b.service.Messages() {
		if m.Device == d {
			times++
		}
	}
	return times
}

func (b *browsers) tried(d *pushtest.Device) (times int) {
	for _, m := range b.service.Attempts() {
		if m.Device == d {
			times++
		}
	}
	return times
}

// TestAPushServiceOnABadDay answers each way it can, to somebody with a device for each.
func TestAPushServiceOnABadDay(t *testing.T) {
	engines(t, func(w *world) {
		service := pushtest.Start(t, w.clock.Now)
		out := outward.NewTrusting([]netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, service.Roots)
		t.Cleanup(out.Close)
		sender, err := push.Open(w.ctx(), w.db, w.clock.Now, out, "")
		w.must(err)
		w.notify = w.nodeWith(w.post, sender)
		w.outbox = outbox.New(w.db, w.clock.Now, w.notify)
		b := &browsers{w, service, w.maya}
		in := w.open(care.Direct, w.noor, w.maya)
		date := w.clock.Now().Add(20 * time.Minute).Truncate(time.Second)
		unknown, gone := b.add("404", pushtest.Answer{Status: 404}), b.add("410", pushtest.Answer{Status: 410})
		busy := b.add("429", pushtest.Answer{Status: 429, RetryAfter: "600"})
		dated := b.add("429 with a date", pushtest.Answer{Status: 429, RetryAfter: date.Format("Mon, 02 Jan 2006 15:04:05 GMT")})
		broken, silent := b.add("500", pushtest.Answer{Status: 500}), b.add("silent", pushtest.Answer{Hang: true})
		good := b.add("good")
		w.say(w.noor, in, "Hello")
		w.hear()
		w.clock.Advance(2 * time.Second)
		impatient, cancel := context.WithTimeout(w.ctx(), 2*time.Second) // a real one: the service hangs
		defer cancel()
		if n, err := w.notify.WorkPush(impatient); n != 7 || err != nil {
			t.Fatalf("%d were tried, %v", n, err)
		}
		for _, d := range []*pushtest.Device{unknown, gone, busy, dated, broken, silent, good} {
			if b.tried(d) != 1 || b.took(d) != map[bool]int{true: 1}[d == good] {
				t.Errorf("tried %d times, took %d", b.tried(d), b.took(d))
			}
		}
		began := w.clock.Now()
		for _, d := range []*pushtest.Device{busy, dated, broken, silent} {
			d.Refuse(0, pushtest.Answer{})
		}
		came := map[*pushtest.Device]time.Duration{}
		for range 30 * 6 {
			w.clock.Advance(10 * time.Second)
			w.work()
			for _, d := range []*pushtest.Device{busy, dated, broken, silent} {
				if _, known := came[d]; !known && b.took(d) > 0 {
					came[d] = w.clock.Now().Sub(began)
				}
			}
		}
		for name, v := range map[string]struct {
			d        *pushtest.Device
			from, to time.Duration
		}{
			"429": {busy, 10 * time.Minute, 11 * time.Minute}, "429 with a date": {dated, date.Sub(began), date.Sub(began) + time.Minute},
			"500": {broken, 20 * time.Second, time.Minute}, "silent": {silent, 20 * time.Second, time.Minute},
		} {
			if at, did := came[v.d]; !did || at < v.from || at > v.to || b.took(v.d) != 1 {
				t.Errorf("%s: taken after %v, %d times", name, at, b.took(v.d))
			}
		}
		if b.tried(gone) != 1 || b.tried(unknown) != 1 || b.took(good) != 1 {
			t.Error("a device that is gone was tried again, or a good one told twice")
		}
		list, err := w.notify.Subscriptions(w.ctx(), w.maya)
		if w.must(err); len(list) != 5 || list[0].Device != "429" {
			t.Errorf("devices %+v", list)
		}
	})
}

// TestWhatChangesWhileItIsClaimed is the last moment before something goes out: claimed, and
// not judged yet.
func TestWhatChangesWhileItIsClaimed(t *testing.T) {
	for name, c := range map[string]struct {
		change func(w *world, in care.ConversationID)
		why    Why
	}{
		"read on another device": {func(w *world, in care.ConversationID) { w.read(w.sam, in) }, WhyRead},
		"deactivated": {func(w *world, _ care.ConversationID) {
			w.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, w.sam.User)
		}, WhyAccess},
		"removed": {func(w *world, in care.ConversationID) {
			w.exec(`UPDATE conversation_members SET left_at = 1 WHERE conversation_id = $1 AND user_id = $2`, in, w.sam.User)
		}, WhyAccess},
		"muted": {func(w *world, in care.ConversationID) {
			w.exec(`UPDATE conversation_members SET muted_until = $3 WHERE conversation_id = $1 AND user_id = $2`, in, w.sam.User, w.clock.Now().Add(time.Hour).UnixMilli())
		}, WhyMuted},
		"put away": {func(w *world, _ care.ConversationID) {
			_, err := w.notify.PutAway(w.ctx(), w.sam, nil, true)
			w.must(err)
		}, WhyRead},
	} {
		t.Run(name, func(t *testing.T) {
			engines(t, func(w *world) {
				in := w.open(care.Internal, w.noor, w.sam)
				w.device(w.sam, "desk")
				w.say(w.noor, in, "Hello")
				w.hear()
				w.changeWhileClaimed(2, c.why, func() { c.change(w, in) })
			})
		})
	}
}

// changeWhileClaimed claims what waits, has something change, and goes on.
func (w *world) changeWhileClaimed(n int, why Why, change func()) {
	w.t.Helper()
	w.clock.Advance(4 * time.Minute)
	var claims []*claim
	w.must(w.db.Write(w.ctx(), func(tx *db.Tx) (err error) {
		claims, err = w.notify.take(w.ctx(), tx, `state = 'waiting'`)
		return err
	}))
	change()
	send, _, err := w.notify.judge(w.ctx(), claims)
	if w.must(err); len(claims) != n || len(send) != 0 {
		w.t.Errorf("%d claims, %d are sent", len(claims), len(send))
	}
	for _, c := range claims {
		if c.outcome.state != Dropped || c.outcome.why != why {
			w.t.Errorf("%s: %+v, want %s", c.channel, c.outcome, why)
		}
	}
	w.must(w.notify.settle(w.ctx(), claims))
	w.pass(time.Hour, 10*time.Minute)
	w.wantTold(0, 0, "afterwards")
}

func TestChatThatIsTurnedOffWhileItIsClaimed(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		w.say(w.noor, in, "Hello")
		w.hear()
		w.changeWhileClaimed(2, WhyChatOff, func() { w.exec(`UPDATE clients SET own_direct = FALSE WHERE user_id = $1`, w.maya.User) })
	})
}

// TestSettlingTwiceChangesNothing: who settled holds nothing any more.
func TestSettlingTwiceChangesNothing(t *testing.T) {
	engines(t, func(w *world) {
		w.say(w.noor, w.open(care.Direct, w.noor, w.maya), "Hello")
		w.hear()
		w.clock.Advance(4 * time.Minute)
		claims, err := w.notify.claimMails(w.ctx())
		if w.must(err); len(claims) != 1 {
			w.t.Fatalf("%d claims", len(claims))
		}
		claims[0].outcome = outcome{state: Sent}
		w.must(w.notify.settle(w.ctx(), claims))
		w.clock.Advance(time.Minute)
		for _, again := range []outcome{{state: Waiting, due: w.clock.Now(), tried: true}, {state: Bounced, why: WhyRefused}} {
			claims[0].outcome = again
			w.must(w.notify.settle(w.ctx(), claims))
		}
		w.pass(time.Hour, time.Minute)
		if got := w.history(w.maya); !slices.Equal(got, []string{"email sent", "in_app sent"}) || w.post.tried != 0 {
			w.t.Errorf("history %q, %d more mails", got, w.post.tried)
		}
	})
}

// atOnce runs a thing several times at the same moment.
func atOnce(times int, do func(i int) error) error {
	var all sync.WaitGroup
	begin, errs := make(chan struct{}), make([]error, times)
	for i := range times {
		all.Go(func() { <-begin; errs[i] = do(i) })
	}
	close(begin)
	all.Wait()
	return errors.Join(errs...)
}

func TestUnsubscribingTwiceAtOnceIsRecordedOnce(t *testing.T) {
	engines(t, func(w *world) {
		key, err := w.notify.key(w.ctx())
		w.must(err)
		other := w.node()
		for n, who := range []care.Actor{w.maya, w.leilani, w.noor} {
			token := sign(key, who.User, kindBit("direct"))
			w.must(atOnce(6, func(i int) error { return []*Service{w.notify, other}[i%2].Unsubscribe(w.ctx(), token) }))
			if got := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'notifications.narrowed'`); got != n+1 {
				w.t.Errorf("recorded %d times for %d people", got, n+1)
			}
		}
	})
}

// TestOneBrowserOfTwoPeopleAtOnce: an endpoint belongs to one of them in the end, and who is
// told that they have it has it, or it has moved on since.
func TestOneBrowserOfTwoPeopleAtOnce(t *testing.T) {
	engines(t, func(w *world) {
		people := []care.Actor{w.maya, w.leilani, w.noor, w.sam}
		for round := range 20 {
			shared := push.Subscription{Endpoint: "https://push.example.org/shared" + itoa(round), P256dh: "key", Auth: "auth"}
			w.must(atOnce(3*len(people), func(i int) error {
				one, _, err := w.notify.Subscribe(w.ctx(), people[i%len(people)], NewDevice{Subscription: shared, Name: "shared"})
				if err == nil && one.ID.IsZero() {
					err = errors.New("subscribed to nothing")
				}
				return err
			}))
			if n := w.count(`SELECT COUNT(*) FROM push_subscriptions WHERE endpoint = $1`, shared.Endpoint); n != 1 {
				w.t.Errorf("%d have the browser", n)
			}
		}
	})
}
