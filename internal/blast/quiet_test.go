package blast

import (
	"fmt"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
)

// seen counts where a member of staff meets conversations: every list, count, queue and
// search that there is.
func (w *world) staffSees(actor care.Actor, words string) map[string]int {
	w.t.Helper()
	seen := map[string]int{}
	for _, inbox := range []string{chat.InboxOwn, chat.InboxOrganization} {
		if inbox == chat.InboxOrganization && !actor.Can(care.OrganizationInbox) {
			continue
		}
		for name, f := range map[string]chat.Filter{
			"all": {}, "direct": {Kind: care.Direct}, "unread": {Unread: true}, "by name": {Query: "leilani"},
			"unassigned": {Queue: chat.QueueUnassigned}, "queue": {Queue: chat.QueueAll},
		} {
			f.Inbox = inbox
			seen[inbox+" "+name] = len(w.inbox(actor, f))
		}
	}
	counts, err := w.chat.Counts(ctx, actor)
	w.must(err)
	for _, n := range counts.Unread {
		seen["count of unread"] += int(n)
	}
	if counts.Queue != nil {
		seen["count of the queue"] = int(counts.Queue.Unassigned)
	}
	found, _, err := chat.NewSearch(w.chat).Find(ctx, actor, chat.Asking{Words: words}, nil, 50)
	w.must(err)
	seen["search"] = len(found)
	return seen
}

// A quiet conversation of a blast is in no list, count, queue or search of staff, indexed
// or not; once its client writes it is in all of them, and the others stay out.
func TestQuietConversationsAreInNoListOfStaff(t *testing.T) {
	engines(t, func(w *world) {
		b := w.blast(w.noor, Request{Body: "Quincejam for {{first_name}}", Recipients: named(w.leilani, w.maya), Staff: []care.UserID{w.sam.User}})
		w.work()
		staff := []care.Actor{w.noor, w.sam, w.olga, w.elias}
		nothing := func(when string) {
			t.Helper()
			for _, actor := range staff {
				for where, n := range w.staffSees(actor, "quincejam") {
					if n != 0 {
						t.Errorf("%s, %s: %s has %d", when, actor.Name, where, n)
					}
				}
			}
		}
		nothing("sent")
		w.must(chat.NewSearch(w.chat).Index(ctx))
		nothing("indexed")
		in := w.inbox(w.leilani, chat.Filter{})[0].ID
		_, err := w.chat.MarkRead(ctx, w.leilani, in, 1)
		w.must(err)
		nothing("read")
		for _, client := range []care.Actor{w.leilani, w.maya} { // to whom it is as any other
			found, _, err := chat.NewSearch(w.chat).Find(ctx, client, chat.Asking{Words: "quincejam"}, nil, 50)
			if err != nil || len(found) != 1 || !found[0].Message.Blast.IsZero() {
				t.Errorf("%s finds %+v (%v)", client.Name, found, err)
			}
		}
		if got, err := w.chat.Conversation(ctx, w.noor, in); err != nil || got.Blast != b.ID { // by its address, from the page of the blast
			t.Errorf("opened by the sender: %+v (%v)", got.Blast, err)
		}
		nothing("looked at")

		w.answer(w.leilani, "Quincejam, thanks")
		for when, index := range map[string]func(){"answered": func() {}, "answered and indexed": func() { w.must(chat.NewSearch(w.chat).Index(ctx)) }} {
			index()
			for _, actor := range []care.Actor{w.noor, w.sam} {
				seen := w.staffSees(actor, "quincejam")
				for _, where := range []string{"own all", "own direct", "own unread", "own by name", "own queue", "own unassigned", "count of unread"} {
					if seen[where] != 1 {
						t.Errorf("%s, %s: %s has %d", when, actor.Name, where, seen[where])
					}
				}
				if seen["search"] != 2 { // the blast's message and the answer
					t.Errorf("%s, %s: the search finds %d", when, actor.Name, seen["search"])
				}
			}
			for _, where := range []string{"organization all", "organization direct", "organization by name", "organization unassigned", "count of the queue"} {
				if n := w.staffSees(w.olga, "quincejam")[where]; n != 1 {
					t.Errorf("%s: %s has %d", when, where, n)
				}
			}
			for where, n := range w.staffSees(w.elias, "quincejam") {
				if n != 0 {
					t.Errorf("%s, who has nothing to do with it: %s has %d", when, where, n)
				}
			}
		}
	})
}

// Also when a member of staff writes there it is quiet no more.
func TestStaffWakesAQuietConversation(t *testing.T) {
	engines(t, func(w *world) {
		w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani, w.maya)})
		w.work()
		in := w.inbox(w.leilani, chat.Filter{})[0].ID
		_, _, err := w.chat.Send(ctx, w.noor, chat.Draft{Conversation: in, Body: "And one thing more"})
		w.must(err)
		if list := w.inbox(w.noor, chat.Filter{}); len(list) != 1 || list[0].ID != in {
			t.Errorf("the sender has %d", len(list))
		}
		if b := w.inbox(w.leilani, chat.Filter{})[0]; b.LastSeq != 2 || b.Unread != 2 {
			t.Errorf("the client has %+v", b)
		}
	})
}

// A scheduled message that is skipped or a switch that flips wakes nothing; what is refused
// leaves the conversation as it was.
func TestARefusedAnswerWakesNothing(t *testing.T) {
	engines(t, func(w *world) {
		w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani)})
		w.work()
		w.set(w.leilani, "own_direct", false)
		in := w.inbox(w.leilani, chat.Filter{})[0]
		if in.CannotSend == nil {
			t.Error("the client is told that they can write")
		}
		_, _, err := w.chat.Send(ctx, w.leilani, chat.Draft{Conversation: in.ID, Body: "Thanks"})
		w.refused(err, care.CodeChatUnavailable)
		if m := w.reads(w.leilani); m.Body != "Hello" {
			t.Errorf("reads %q", m.Body)
		}
		if n := len(w.inbox(w.noor, chat.Filter{})); n != 0 {
			t.Errorf("the sender has %d", n)
		}
	})
}

// The list of a sender of many has the few that were answered, in their order, page by page.
func TestAFewAnswersOfMany(t *testing.T) {
	engines(t, func(w *world) {
		all := w.clients(600, w.noor)
		w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: all}})
		w.work()
		answered := []int{590, 3, 77, 300, 301}
		for _, i := range answered {
			w.clock.Advance(time.Second)
			w.answer(care.Actor{Org: w.org, User: all[i], Kind: care.KindClient}, fmt.Sprint(i))
		}
		var after *chat.Cursor
		var got []string
		for {
			list, next, err := w.chat.Inbox(ctx, w.noor, chat.Filter{}, after, 2)
			w.must(err)
			for _, c := range list {
				got = append(got, c.LastMessage.Body)
			}
			if after = next; next == nil {
				break
			}
		}
		if fmt.Sprint(got) != "[301 300 77 3 590]" {
			t.Errorf("%v", got)
		}
	})
}

// Notices of the program are nobody's words: closing and opening again wakes nothing.
func TestNoticesWakeNothing(t *testing.T) {
	engines(t, func(w *world) {
		w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani)})
		w.work()
		in := w.inbox(w.leilani, chat.Filter{})[0].ID
		for _, closed := range []bool{true, false} {
			_, err := w.chat.SetClosed(ctx, w.noor, in, closed)
			w.must(err)
		}
		if c := w.inbox(w.leilani, chat.Filter{})[0]; c.LastSeq != 3 {
			t.Errorf("%d messages and notices", c.LastSeq)
		}
		for _, actor := range []care.Actor{w.noor, w.olga} {
			for where, n := range w.staffSees(actor, "hello") {
				if n != 0 {
					t.Errorf("%s: %s has %d", actor.Name, where, n)
				}
			}
		}
	})
}

// A colleague who comes to a quiet conversation, or looks after it, has it in their lists,
// in each the same.
func TestWhoTakesAQuietConversationUp(t *testing.T) {
	for name, act := range map[string]func(w *world, in care.ConversationID) error{
		"added": func(w *world, in care.ConversationID) error {
			_, err := w.chat.AddMember(ctx, w.noor, in, w.sam.User)
			return err
		},
		"assigned": func(w *world, in care.ConversationID) error {
			_, err := w.chat.Assign(ctx, w.sam, in, chat.Assignment{To: w.sam.User})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			engines(t, func(w *world) {
				w.blast(w.noor, Request{Body: "Hello", Recipients: named(w.leilani)})
				w.work()
				w.must(act(w, w.inbox(w.leilani, chat.Filter{})[0].ID))
				own, all := w.staffSees(w.noor, "hello"), w.staffSees(w.olga, "hello")
				if own["own all"] != 1 || own["own direct"] != 1 || own["own by name"] != 1 || own["search"] != 1 || all["organization all"] != 1 || all["organization queue"] != 1 {
					t.Errorf("the sender has %v, the organization %v", own, all)
				}
				mine, err := w.chat.Counts(ctx, w.sam)
				w.must(err)
				list := w.inbox(w.sam, chat.Filter{Inbox: chat.InboxOrganization, Queue: chat.QueueMine})
				if int(mine.Queue.Mine) != len(list) || (name == "assigned") != (len(list) == 1) {
					t.Errorf("%d are counted as theirs, %d listed", mine.Queue.Mine, len(list))
				}
				if name == "added" && fmt.Sprint(len(w.inbox(w.sam, chat.Filter{})), len(w.inbox(w.sam, chat.Filter{Kind: care.Direct}))) != "1 1" {
					t.Error("who was added has it in some lists and not in others")
				}
			})
		})
	}
}
