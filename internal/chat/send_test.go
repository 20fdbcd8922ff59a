package chat

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"hearth/internal/care"
	"hearth/internal/db"
)

var ctx = context.Background()

func TestSendStoresOnceAndInOrder(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		first := w.say(w.noor, c, "How were the oats?")
		second := w.say(w.leilani, c, "Slow and good.")
		if first.Seq != 1 || second.Seq != 2 {
			w.t.Errorf("seq %d and %d, want 1 and 2", first.Seq, second.Seq)
		}
		want := []string{"1 How were the oats?", "2 Slow and good."}
		if got := w.history(w.leilani, c, Page{}); !slices.Equal(got, want) {
			w.t.Errorf("history %q, want %q", got, want)
		}
		events := w.events.take()
		if len(events) != 2 || events[0].Type != care.EventMessageCreated || events[0].Message.Body != first.Body {
			w.t.Fatalf("events %v", events)
		}
		if !slices.Contains(events[0].To, w.leilani.User) || !slices.Contains(events[0].To, w.noor.User) || len(events[0].To) != 2 {
			w.t.Errorf("told %v", events[0].To)
		}
	})
}

func TestRepeatedSend(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		d := Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Body: "Once"}
		first, created, err := w.chat.Send(ctx, w.leilani, d)
		if err != nil || !created {
			w.t.Fatal(created, err)
		}
		w.events.wait(first.ID)
		w.events.take()
		again, created, err := w.chat.Send(ctx, w.leilani, d)
		if err != nil || created || again.Seq != first.Seq || again.Author != first.Author || !again.CreatedAt.Equal(first.CreatedAt) {
			w.t.Errorf("again %+v created %v err %v", again, created, err)
		}
		if events := w.events.take(); len(events) != 0 {
			w.t.Errorf("repeating told %d events", len(events))
		}
		// Also when chat was turned off since.
		w.set(w.leilani, "own_direct", false)
		if _, created, err = w.chat.Send(ctx, w.leilani, d); err != nil || created {
			w.t.Errorf("after the switch: created %v err %v", created, err)
		}
		d.Body = "Something else"
		_, _, err = w.chat.Send(ctx, w.leilani, d)
		w.refused(err, care.CodeIDReused)
		d.Body = "Once"
		_, _, err = w.chat.Send(ctx, w.noor, d)
		w.refused(err, care.CodeIDReused)
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 1 {
			w.t.Errorf("%d messages stored", n)
		}
	})
}

func TestSendIsRefused(t *testing.T) {
	engines(t, func(w *world) {
		direct := w.open(w.noor, care.Direct, w.leilani)
		internal := w.open(w.noor, care.Internal, w.elias)
		community := w.open(w.noor, care.Community, w.leilani, w.maya)
		cases := []struct {
			name  string
			set   func()
			actor care.Actor
			in    Conversation
			code  care.Code
		}{
			{"another organization", nil, w.mallory, direct, care.CodeNotFound},
			{"a colleague outside", nil, w.elias, direct, care.CodeNotFound},
			{"another client", nil, w.maya, direct, care.CodeNotFound},
			{"a client in an internal one", nil, w.leilani, internal, care.CodeNotFound},
			{"the inbox does not reach internal ones", nil, w.sam, internal, care.CodeNotFound},
			{"D off, client", func() { w.set(w.leilani, "own_direct", false) }, w.leilani, direct, care.CodeChatUnavailable},
			{"D off, staff", nil, w.noor, direct, care.CodeChatUnavailable},
			{"D off, on behalf", nil, w.sam, direct, care.CodeChatUnavailable},
			{"C off, client", func() { w.set(w.leilani, "own_community", false) }, w.leilani, community, care.CodeChatUnavailable},
		}
		for _, one := range cases {
			if one.set != nil {
				one.set()
			}
			_, _, err := w.trySay(one.actor, one.in, "No")
			if err == nil {
				w.t.Errorf("%s: accepted", one.name)
				continue
			}
			w.refused(err, one.code)
		}
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 0 {
			w.t.Errorf("%d messages stored", n)
		}
		if events := w.events.take(); len(events) != 0 {
			w.t.Errorf("%d events", len(events))
		}
	})
}

func TestSwitchesAreApart(t *testing.T) {
	engines(t, func(w *world) {
		direct := w.open(w.noor, care.Direct, w.leilani)
		community := w.open(w.noor, care.Community, w.leilani, w.maya)
		w.set(w.leilani, "own_direct", false)
		w.say(w.leilani, community, "D off, C on")
		w.set(w.leilani, "own_direct", nil)
		w.set(w.leilani, "own_community", false)
		w.say(w.leilani, direct, "C off, D on")
		// The group decides where the client has no own setting.
		w.exec(`UPDATE client_groups SET direct = FALSE WHERE id = $1`, w.group)
		_, _, err := w.trySay(w.leilani, direct, "No")
		notice := w.refused(err, care.CodeChatUnavailable).Notice
		if notice == nil || notice.Body == "" {
			w.t.Error("the client is not given the notice")
		}
		_, _, err = w.trySay(w.noor, direct, "No")
		refusal := w.refused(err, care.CodeChatUnavailable)
		if refusal.Message != "Chat is unavailable for Leilani Kahale" || len(refusal.Unavailable) != 1 || refusal.Notice != nil {
			w.t.Errorf("staff are told %+v", refusal)
		}
	})
}

func TestBadText(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		for _, body := range []string{"", "  \n", strings.Repeat("ä", care.MaxMessage+1), "a\x00b", "a\xffb"} {
			_, _, err := w.trySay(w.noor, c, body)
			w.refused(err, care.CodeInvalid)
		}
		w.say(w.noor, c, strings.Repeat("ä", care.MaxMessage))
		_, _, err := w.chat.Send(ctx, w.noor, Draft{Conversation: c.ID, Body: "x", ReplyTo: care.NewID[care.MessageID](w.now)})
		w.refused(err, care.CodeInvalid)
	})
}

func TestOnBehalf(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		m := w.say(w.sam, c, "Noor is out today.")
		if m.OnBehalfOf == nil || m.OnBehalfOf.ID != w.noor.User || m.OnBehalfOf.Name != w.noor.Name || m.Author.ID != w.sam.User {
			w.t.Errorf("sent as %+v", m)
		}
		if events := w.events.take(); !slices.Contains(events[0].To, w.sam.User) {
			w.t.Error("the author's other devices are not told")
		}
		_, _, err := w.chat.Send(ctx, w.sam, Draft{Conversation: c.ID, Body: "x", OnBehalfOf: w.elias.User})
		w.refused(err, care.CodeInvalid)
		_, _, err = w.chat.Send(ctx, w.noor, Draft{Conversation: c.ID, Body: "x", OnBehalfOf: w.elias.User})
		w.refused(err, care.CodeForbidden)
		if m := w.say(w.noor, c, "Back."); m.OnBehalfOf != nil {
			w.t.Error("one's own answer is on nobody's behalf")
		}
	})
}

// Many senders at once, some repeating themselves: every message is stored once and the
// numbers have no gaps.
func TestConcurrentSends(t *testing.T) {
	engines(t, func(w *world) {
		rooms := []Conversation{w.open(w.noor, care.Direct, w.leilani), w.open(w.noor, care.Community, w.leilani, w.maya)}
		var wg sync.WaitGroup
		for sender := range 16 {
			wg.Go(func() {
				random := rand.New(rand.NewPCG(7, uint64(sender)))
				for i := range 25 {
					d := Draft{
						ID: care.NewID[care.MessageID](w.now), Conversation: rooms[random.IntN(2)].ID,
						Body: fmt.Sprint(sender, " ", i),
					}
					for range 1 + random.IntN(3) {
						if _, _, err := w.chat.Send(ctx, w.leilani, d); err != nil {
							t.Error(err)
						}
					}
				}
			})
		}
		wg.Wait()
		var total int64
		for _, c := range rooms {
			n := w.count(`SELECT COUNT(*) FROM messages WHERE conversation_id = $1`, c.ID)
			total += n
			if last := w.look(w.noor, c).LastSeq; last != n || w.count(`SELECT COALESCE(MAX(seq), 0) FROM messages WHERE conversation_id = $1`, c.ID) != n {
				w.t.Errorf("%d messages, last seq %d", n, last)
			}
		}
		if total != 400 {
			w.t.Errorf("%d messages, want 400", total)
		}
		w.chat.Close() // the last events are published by then
		if events := w.events.take(); len(events) != 400 {
			w.t.Errorf("%d events, want 400", len(events))
		}
	})
}

// The same id twice in one batch, and a refusal beside allowed ones.
func TestBatch(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		id := care.NewID[care.MessageID](w.now)
		batch := []*pending{}
		add := func(actor care.Actor, d Draft) {
			batch = append(batch, &pending{ctx: ctx, actor: actor, draft: d, hash: d.contentHash(actor.User), done: make(chan Sent, 1)})
		}
		add(w.noor, Draft{ID: id, Conversation: c.ID, Body: "a"})
		add(w.noor, Draft{ID: id, Conversation: c.ID, Body: "a"})
		add(w.maya, Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Body: "b"})
		add(w.leilani, Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Body: "c"})
		add(w.leilani, Draft{ID: id, Conversation: c.ID, Body: "d"})
		w.chat.deliver(batch)
		var got []string
		for _, p := range batch {
			sent := <-p.done
			got = append(got, fmt.Sprint(sent.Message.Seq, sent.Created, sent.Err))
		}
		want := []string{"1 true <nil>", "1 false <nil>", "0 false not_found", "2 true <nil>", "0 false id_reused"}
		for i := range want {
			if !strings.HasPrefix(got[i], want[i]) && !(i == 4 && strings.Contains(got[i], "id_reused")) {
				w.t.Errorf("send %d: %q, want %q", i, got[i], want[i])
			}
		}
	})
}

// A batch that cannot be stored as a whole is stored one by one: only the one that is at
// fault fails.
func TestOneBadSendSpoilsNoOther(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		ghost := w.leilani
		ghost.User = care.NewID[care.UserID](w.now)
		bad := &pending{ctx: ctx, actor: w.noor, draft: Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Body: "a\x00b\xff"}, done: make(chan Sent, 1)}
		good := &pending{ctx: ctx, actor: w.noor, draft: Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Body: "good"}, done: make(chan Sent, 1)}
		w.chat.deliver([]*pending{bad, good})
		if w.db.Engine() == db.Postgres { // SQLite stores any bytes, PostgreSQL refuses NUL
			if sent := <-bad.done; sent.Err == nil {
				w.t.Error("the bad one was stored")
			}
		}
		if sent := <-good.done; sent.Err != nil || !sent.Created {
			w.t.Errorf("the good one: %+v", sent)
		}
	})
}

func TestCloseRefusesAndDrains(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		var waiting []<-chan Sent
		for range 20 {
			waiting = append(waiting, w.chat.Submit(ctx, w.noor, Draft{Conversation: c.ID, Body: "x"}))
		}
		w.chat.Close()
		for _, one := range waiting {
			if sent := <-one; sent.Err != nil {
				w.t.Errorf("a queued send was answered %v", sent.Err)
			}
		}
		_, _, err := w.trySay(w.noor, c, "x")
		w.refused(err, care.CodeUnavailable)
	})
}
