package notify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
	"hearth/internal/preference"
	"hearth/internal/push"
)

func TestWhatWasClaimedByANodeThatDiedIsSentByAnother(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		w.say(w.noor, in, "Hello")
		w.hear()
		w.clock.Advance(4 * time.Minute)
		// It claims, and is never heard of again.
		w.must(w.db.Write(w.ctx(), func(tx *db.Tx) error {
			claims, err := w.notify.take(w.ctx(), tx, `state = 'waiting'`)
			if len(claims) != 2 {
				w.t.Errorf("%d claims", len(claims))
			}
			return err
		}))
		other := w.node()
		w.workOn(other)
		w.wantTold(0, 0, "another may still be sending")
		w.clock.Advance(lease)
		w.workOn(other)
		w.wantTold(1, 1, "the lease is over")
	})
}

func TestANodeThatWakesUpLateSettlesNothing(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		w.say(w.noor, in, "Hello")
		w.hear()
		w.clock.Advance(time.Minute)
		var late []*claim
		w.must(w.db.Write(w.ctx(), func(tx *db.Tx) (err error) {
			late, err = w.notify.take(w.ctx(), tx, `state = 'waiting' AND channel = 'push'`)
			return err
		}))
		w.clock.Advance(lease)
		w.workOn(w.node())
		w.told()
		late[0].outcome = outcome{state: Failed, why: WhyGone}
		w.must(w.notify.settle(w.ctx(), late))
		if got := w.history(w.maya); !slices.Contains(got, "push sent") {
			w.t.Errorf("history %q", got)
		}
	})
}

func TestTwoNodesTellEverybodyOnce(t *testing.T) {
	engines(t, func(w *world) {
		const people = 60
		var conversations []care.ConversationID
		community := []care.Actor{}
		for i := range people {
			c := w.client(w.org, fmt.Sprintf("Client %d", i), w.noor)
			w.device(c, c.User.String())
			community = append(community, c)
			conversations = append(conversations, w.open(care.Direct, w.noor, c))
		}
		conversations = append(conversations, w.open(care.Community, w.noor, community...))
		for _, in := range conversations {
			w.say(w.noor, in, "One")
			w.say(w.noor, in, "Two")
		}
		w.clock.Advance(time.Second)
		nodes := []*Service{w.notify, w.node()}
		together := func(work func(s *Service, o *outbox.Outbox) (bool, error)) {
			var all sync.WaitGroup
			for _, s := range nodes {
				all.Go(func() {
					o := outbox.New(w.db, w.clock.Now, s)
					for range 200 {
						if more, err := work(s, o); err != nil {
							w.t.Error(err)
							return
						} else if !more {
							return
						}
					}
				})
			}
			all.Wait()
		}
		together(func(_ *Service, o *outbox.Outbox) (bool, error) { return o.Work(w.ctx()) })
		w.clock.Advance(4 * time.Minute)
		together(func(s *Service, _ *outbox.Outbox) (bool, error) {
			pushes, err := s.WorkPush(w.ctx())
			mails, errMail := s.WorkMail(w.ctx())
			return pushes+mails > 0, errors.Join(err, errMail)
		})
		pushes, mails := w.told()
		if pushes != 2*people || mails != people {
			w.t.Errorf("%d pushes and %d mails, want %d and %d", pushes, mails, 2*people, people)
		}
	})
}

func TestALargeChatIsToldInPartsThatHoldNobodyUp(t *testing.T) {
	engines(t, func(w *world) {
		const people = 5000
		in := w.crowd(people)
		w.say(w.noor, in, "Hello everybody")
		w.clock.Advance(time.Second)
		turns, most := 0, 0
		before := 0
		for {
			worked, err := w.outbox.Work(w.ctx())
			w.must(err)
			if !worked {
				break
			}
			turns++
			n := w.count(`SELECT COUNT(*) FROM notices`)
			most, before = max(most, n-before), n
			if turns == 3 { // what is written meanwhile is told too, and nobody twice
				w.say(w.noor, in, "And one more")
				w.clock.Advance(time.Second)
			}
		}
		if before != people || most > partMost {
			w.t.Errorf("%d told in %d turns of at most %d", before, turns, most)
		}
		if n := w.count(`SELECT COUNT(*) FROM deliveries WHERE channel = 'email'`); n != people {
			w.t.Errorf("%d mails wait", n)
		}
		// Who was told already costs nothing more than being passed over.
		w.say(w.noor, in, "A third")
		w.clock.Advance(time.Second)
		if worked, err := w.outbox.Work(w.ctx()); err != nil || !worked {
			w.t.Fatal(worked, err)
		}
		if worked, err := w.outbox.Work(w.ctx()); err != nil || worked {
			w.t.Errorf("the third message takes more than one turn: %v", err)
		}
	})
}

// crowd makes a community chat with many clients.
func (w *world) crowd(people int) care.ConversationID {
	w.t.Helper()
	in := w.open(care.Community, w.noor, w.maya, w.leilani)
	at := w.clock.Now()
	for start := 2; start < people; start += 500 {
		w.must(w.db.Write(w.ctx(), func(tx *db.Tx) error {
			for i := start; i < min(start+500, people); i++ {
				id := care.NewID[care.UserID](at)
				for _, s := range []struct {
					query string
					args  []any
				}{
					{`INSERT INTO people (id, org_id, kind, name, sort_name, email, created_at) VALUES ($1, $2, 'client', $3, $4, $5, 0)`,
						[]any{id, w.org, "Client", "client", id.String() + "@example.org"}},
					{`INSERT INTO clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version) VALUES ($1, $2, 'active', $3, TRUE, TRUE, 1)`,
						[]any{id, w.org, w.noor.User}},
					{`INSERT INTO conversation_members (conversation_id, user_id, kind, joined_at, joined_seq, read_seq, read_countable, marked_unread, pinned, archived, via)
						VALUES ($1, $2, 'client', 0, 0, 0, 0, FALSE, FALSE, FALSE, 'start')`, []any{in, id}},
				} {
					if _, err := tx.Exec(w.ctx(), s.query, s.args...); err != nil {
						return err
					}
				}
			}
			return nil
		}))
	}
	w.exec(`UPDATE conversations SET revision = revision + 1 WHERE id = $1`, in)
	return in
}

func TestADeviceBelongsToWhoSignedInThereLast(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		shared := push.Subscription{Endpoint: "https://push.example.org/shared", P256dh: "key", Auth: "auth"}
		first, existed, err := w.notify.Subscribe(w.ctx(), w.maya, NewDevice{Subscription: shared, Name: " My\tphone "})
		if err != nil || existed || first.Device != "My phone" {
			w.t.Fatalf("%+v %v %v", first, existed, err)
		}
		if again, existed, err := w.notify.Subscribe(w.ctx(), w.maya, NewDevice{Subscription: shared, Name: "Another name"}); err != nil || !existed || again != first {
			w.t.Errorf("again: %+v %v %v", again, existed, err)
		}
		w.say(w.noor, in, "For maya")
		w.hear()
		second, existed, err := w.notify.Subscribe(w.ctx(), w.leilani, NewDevice{Subscription: shared, Name: "Leilani's"})
		if err != nil || existed || second.ID == first.ID {
			w.t.Errorf("by another: %+v %v %v", second, existed, err)
		}
		w.pass(time.Minute, time.Second)
		if sent := w.radio.take(); len(sent) != 0 {
			w.t.Errorf("the device of another got %+v", sent)
		}
		if err := w.notify.Unsubscribed(w.ctx(), w.maya, second.ID); !errors.Is(err, care.NotFound) {
			w.t.Errorf("taking out the device of another: %v", err)
		}
		if err := w.notify.UnsubscribedAt(w.ctx(), w.maya, shared.Endpoint); !errors.Is(err, care.NotFound) {
			w.t.Errorf("by its endpoint: %v", err)
		}
		if list, _ := w.notify.Subscriptions(w.ctx(), w.maya); len(list) != 0 {
			w.t.Errorf("maya still has %+v", list)
		}
		w.must(w.db.Write(w.ctx(), func(tx *db.Tx) error { return SessionsEnded(w.ctx(), tx, []care.SessionID{w.leilani.Session}) }))
		if list, _ := w.notify.Subscriptions(w.ctx(), w.leilani); len(list) != 0 {
			w.t.Errorf("after signing out there is %+v", list)
		}
		for _, bad := range []push.Subscription{{Endpoint: "http://push.example.org/1"}, {Endpoint: "https://" + strings.Repeat("x", 1000)}} {
			if _, _, err := w.notify.Subscribe(w.ctx(), w.maya, NewDevice{Subscription: bad}); !errors.Is(err, care.Invalid) {
				w.t.Errorf("%.20s: %v", bad.Endpoint, err)
			}
		}
		for i := range maxDevices + 3 {
			w.device(w.maya, fmt.Sprintf("%02d", i))
			w.clock.Advance(time.Second)
		}
		if list, _ := w.notify.Subscriptions(w.ctx(), w.maya); len(list) != maxDevices || list[0].Device != "03" {
			w.t.Errorf("%d devices, from %+v", len(list), list[0])
		}
	})
}

func TestATestGoesToOnesOwnDevices(t *testing.T) {
	engines(t, func(w *world) {
		gone := w.device(w.maya, "gone")
		w.device(w.maya, "phone")
		w.device(w.leilani, "other")
		w.radio.fail[gone] = &push.Error{Failure: push.Gone, Status: 404}
		devices, took, err := w.notify.TestPush(w.ctx(), w.maya, care.SubscriptionID{})
		if sent := w.radio.take(); err != nil || devices != 2 || took != 1 || len(sent) != 1 || sent[0].payload != `{"text":"You have a new message","id":null}` {
			w.t.Errorf("%d of %d: %+v, %v", took, devices, sent, err)
		}
		if list, _ := w.notify.Subscriptions(w.ctx(), w.maya); len(list) != 1 || list[0].LastSentAt.IsZero() {
			w.t.Errorf("devices %+v", list)
		}
	})
}

func TestPuttingAwayIsNotReading(t *testing.T) {
	engines(t, func(w *world) {
		in, other := w.open(care.Direct, w.noor, w.maya), w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		w.say(w.noor, in, "Hello")
		w.hear()
		w.clock.Advance(time.Second)
		w.say(w.noor, other, "Hello")
		w.hear()
		list, unread := w.bell(w.maya)
		if len(list) != 2 || unread != 2 || list[0].Conversation != other {
			w.t.Fatalf("%+v", list)
		}
		page, _, more, err := w.notify.Notices(w.ctx(), w.maya, list[0].ID, 1)
		if err != nil || more || len(page) != 1 || page[0].ID != list[1].ID {
			w.t.Errorf("the second page is %+v %v %v", page, more, err)
		}
		if n, err := w.notify.PutAway(w.ctx(), w.leilani, []care.NoticeID{list[0].ID}, false); err != nil || n != 0 {
			w.t.Errorf("of another: %d %v", n, err)
		}
		if n, err := w.notify.PutAway(w.ctx(), w.maya, []care.NoticeID{list[0].ID}, false); err != nil || n != 1 {
			w.t.Errorf("%d unread, %v", n, err)
		}
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(1, 1, "one was put away")
		if c, err := w.chat.Conversation(w.ctx(), w.maya, other); err != nil || c.Unread != 1 {
			w.t.Errorf("the conversation has %d unread, %v", c.Unread, err)
		}
		w.say(w.noor, other, "Hello again")
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(1, 1, "something new after it was put away")
		if n, err := w.notify.PutAway(w.ctx(), w.maya, nil, true); err != nil || n != 0 {
			w.t.Errorf("all: %d unread, %v", n, err)
		}
		if _, err := w.notify.Get(w.ctx(), w.leilani, list[0].ID); !errors.Is(err, care.NotFound) {
			w.t.Errorf("the notice of another: %v", err)
		}
		if n, err := w.notify.Get(w.ctx(), w.maya, list[0].ID); err != nil || n.Conversation != other || n.Count != 2 {
			w.t.Errorf("%+v %v", n, err)
		}
	})
}

func TestEndingMailsByTheLink(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.say(w.noor, in, "Hello")
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		mails := w.post.take()
		if len(mails) != 1 {
			w.t.Fatalf("%d mails", len(mails))
		}
		token, found := strings.CutPrefix(mails[0].Unsubscribe, "https://chat.example.org/unsubscribe/")
		if !found || !strings.Contains(mails[0].Text, mails[0].Unsubscribe) || !strings.Contains(mails[0].HTML, mails[0].Unsubscribe) {
			w.t.Errorf("the link is %q", mails[0].Unsubscribe)
		}
		other := w.node() // which reads the secret from the store
		for _, wrong := range []string{"", "x", token[1:], token + "A", "B" + token[1:], token[:len(token)-2] + "AA", strings.Repeat("A", 1<<16)} {
			if known, err := other.KnownUnsubscribe(w.ctx(), wrong); known || err != nil {
				w.t.Errorf("%.20q: %v %v", wrong, known, err)
			}
			if err := other.Unsubscribe(w.ctx(), wrong); !errors.Is(err, care.NotFound) {
				w.t.Errorf("%.20q: %v", wrong, err)
			}
		}
		for range 2 {
			w.must(other.Unsubscribe(w.ctx(), token))
		}
		w.must(w.db.Read(w.ctx(), func(tx *db.Tx) error {
			p, err := preference.Load(w.ctx(), tx, w.org, []care.UserID{w.maya.User})
			mine := p[w.maya.User]
			if mine.Wants(preference.Direct, preference.Email) || !mine.Wants(preference.Community, preference.Email) || !mine.Wants(preference.Direct, preference.Push) {
				w.t.Errorf("turned off: %+v", mine)
			}
			return err
		}))
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'notifications.narrowed'`); n != 1 {
			w.t.Errorf("recorded %d times", n)
		}
		w.read(w.maya, in)
		w.say(w.noor, in, "Hello")
		w.hear()
		w.pass(5*time.Minute, 10*time.Second)
		w.wantTold(0, 0, "after it")
	})
}

func TestWhoMaySeeAHistory(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.say(w.noor, in, "Hello")
		w.hear()
		elias := w.staff(w.org, "Elias", care.RoleProvider)
		for _, c := range []struct {
			who  care.Actor
			want error
		}{{w.maya, nil}, {w.noor, nil}, {w.sam, nil}, {elias, care.NotFound}, {w.leilani, care.NotFound}, {w.mallory, care.NotFound}} {
			list, _, err := w.notify.History(w.ctx(), c.who, w.maya.User, care.DeliveryID{}, 50)
			if !errors.Is(err, c.want) || (c.want == nil) != (len(list) == 2) {
				w.t.Errorf("%s: %d lines, %v", c.who.Name, len(list), err)
			}
		}
		page, more, err := w.notify.History(w.ctx(), w.maya, w.maya.User, care.DeliveryID{}, 1)
		if err != nil || !more || len(page) != 1 {
			w.t.Fatalf("%+v %v %v", page, more, err)
		}
		rest, more, err := w.notify.History(w.ctx(), w.maya, w.maya.User, page[0].ID, 1)
		if err != nil || more || len(rest) != 1 || rest[0].ID == page[0].ID {
			w.t.Errorf("%+v %v %v", rest, more, err)
		}
		w.pass(4*time.Minute, time.Minute)
		w.clock.Advance(historyFor + time.Hour)
		if n, err := w.notify.Sweep(w.ctx()); err != nil || n != 2 {
			w.t.Errorf("swept %d, %v", n, err)
		}
	})
}

func TestBehindTellsTheOldest(t *testing.T) {
	engines(t, func(w *world) {
		behind := func() time.Duration {
			d, err := w.notify.Behind(context.Background())
			w.must(err)
			return d
		}
		if d := behind(); d != 0 {
			w.t.Errorf("nothing waits, and it is %v behind", d)
		}
		w.say(w.noor, w.open(care.Direct, w.noor, w.maya), "Hello")
		w.hear()
		if d := behind(); d != 0 {
			w.t.Errorf("nothing is due, and it is %v behind", d)
		}
		w.clock.Advance(5 * time.Minute)
		if d := behind(); d != 2*time.Minute {
			w.t.Errorf("%v behind", d)
		}
		w.work()
		if d := behind(); d != 0 || w.counted["email sent "] != 1 {
			w.t.Errorf("%v behind, counted %v", d, w.counted)
		}
	})
}
