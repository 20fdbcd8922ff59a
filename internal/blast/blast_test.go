package blast

import (
	"context"
	"slices"
	"testing"

	"hearth/internal/care"
	"hearth/internal/chat"
)

// SEMANTICS 11, 14, 16: everybody who can be reached gets exactly one message in a new
// direct conversation of their own, and who was skipped stays on record with the reason.
func TestABlastReachesEachAlone(t *testing.T) {
	engines(t, func(w *world) {
		w.set(w.maya, "own_direct", false)
		w.set(w.leilani, "own_community", false)
		b := w.blast(w.noor, Request{Body: "Hi {{first_name}}, {{provider}} of {{practice}} is away.", Recipients: named(w.leilani, w.maya)})
		if b.State != Sending || b.Total != 2 {
			t.Fatalf("state %s, total %d", b.State, b.Total)
		}
		w.work()
		got := w.get(w.noor, b)
		if got.State != Sent || got.Sent != 1 || got.Skipped != 1 || got.Pending() != 0 || got.SkippedWhy["direct_off"] != 1 {
			t.Fatalf("%+v", got)
		}
		if lines := w.outcome(w.noor, b, OutcomeFilter{}); !slices.Equal(lines, []string{"Leilani Kahale: sent", "Maya Lindqvist: skipped direct_off"}) {
			t.Errorf("outcome %q", lines)
		}
		list, _, err := w.chat.Inbox(context.Background(), w.leilani, chat.Filter{}, nil, 10)
		if err != nil || len(list) != 1 {
			t.Fatalf("the client sees %d conversations (%v)", len(list), err)
		}
		c := list[0]
		if c.Kind != care.Direct || c.Unread != 1 || len(c.Members) != 2 || !c.Blast.IsZero() || !c.LastMessage.Blast.IsZero() || c.CannotSend != nil {
			t.Errorf("the client sees %+v", c)
		}
		if body := c.LastMessage.Body; body != "Hi Leilani, Noor Haddad of Alder Row Clinic is away." {
			t.Errorf("the client reads %q", body)
		}
		if list, _, err := w.chat.Inbox(context.Background(), w.maya, chat.Filter{}, nil, 10); err != nil || len(list) != 0 {
			t.Errorf("who was skipped sees %d conversations (%v)", len(list), err)
		}
	})
}

// A blast does not flood the sender's list: a conversation appears there when its client
// answers, and reading and answering are counted.
func TestRepliesBringTheConversationForth(t *testing.T) {
	engines(t, func(w *world) {
		ctx := context.Background()
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani, w.maya)})
		w.work()
		inbox := func(actor care.Actor, f chat.Filter) (n int) {
			list, _, err := w.chat.Inbox(ctx, actor, f, nil, 10)
			if err != nil {
				t.Fatal(err)
			}
			return len(list)
		}
		for _, f := range []chat.Filter{{}, {Kind: care.Direct}, {Unread: true}} {
			if n := inbox(w.noor, f); n != 0 {
				t.Errorf("%+v: the sender sees %d conversations before anybody answered", f, n)
			}
		}
		if n := inbox(w.sam, chat.Filter{Inbox: chat.InboxOrganization}); n != 0 {
			t.Errorf("the organization's inbox has %d", n)
		}
		list, _, err := w.chat.Inbox(ctx, w.leilani, chat.Filter{}, nil, 10)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.chat.MarkRead(ctx, w.leilani, list[0].ID, 1); err != nil {
			t.Fatal(err)
		}
		if got := w.get(w.noor, b); got.Read != 1 || got.Replied != 0 {
			t.Errorf("read %d, replied %d", got.Read, got.Replied)
		}
		other, _, err := w.chat.Inbox(ctx, w.maya, chat.Filter{}, nil, 10)
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if _, _, err := w.chat.Send(ctx, w.maya, chat.Draft{Conversation: other[0].ID, Body: "Thanks"}); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.get(w.noor, b); got.Read != 2 || got.Replied != 1 {
			t.Errorf("read %d, replied %d", got.Read, got.Replied)
		}
		mine, _, err := w.chat.Inbox(ctx, w.noor, chat.Filter{}, nil, 10)
		if err != nil || len(mine) != 1 || mine[0].ID != other[0].ID || mine[0].Unread != 2 || mine[0].Blast != b.ID {
			t.Errorf("the sender sees %+v (%v)", mine, err)
		}
		if n := inbox(w.sam, chat.Filter{Inbox: chat.InboxOrganization}); n != 1 {
			t.Errorf("the organization's inbox has %d", n)
		}
	})
}

// What was asked for twice is made once.
func TestARepeatedRequestMakesNothing(t *testing.T) {
	engines(t, func(w *world) {
		r := Request{ID: care.NewID[care.BlastID](w.clock.Now()), Body: "Hello", Recipients: named(w.leilani)}
		w.blast(w.noor, r)
		_, existed, err := w.blasts.Create(context.Background(), w.noor, r)
		if err != nil || !existed {
			t.Fatalf("again: existed %v (%v)", existed, err)
		}
		r.Body = "Other"
		_, _, err = w.blasts.Create(context.Background(), w.noor, r)
		w.refused(err, care.CodeIDReused)
		w.work()
		if n := w.count(`SELECT COUNT(*) FROM messages`); n != 1 {
			t.Errorf("%d messages", n)
		}
	})
}
