package chat

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

func TestOpenDirectFindsTheOpenOne(t *testing.T) {
	engines(t, func(w *world) {
		o := Opening{Kind: care.Direct, Members: []care.UserID{w.leilani.User}}
		first, err := w.chat.Open(ctx, w.noor, o)
		if err != nil || !first.Created || first.Conversation.ClientID != w.leilani.User {
			w.t.Fatalf("%+v %v", first, err)
		}
		if events := w.events.take(); len(events) != 1 || len(events[0].To) != 2 {
			w.t.Errorf("events %v", events)
		}
		again, err := w.chat.Open(ctx, w.noor, o)
		if err != nil || again.Created || again.Conversation.ID != first.Conversation.ID {
			w.t.Errorf("again %+v %v", again, err)
		}
		// The client opening it with the provider finds the same one.
		theirs, err := w.chat.Open(ctx, w.leilani, Opening{Kind: care.Direct, Members: []care.UserID{w.noor.User}})
		if err != nil || theirs.Conversation.ID != first.Conversation.ID {
			w.t.Errorf("theirs %+v %v", theirs, err)
		}
		o.Separate = true
		separate, err := w.chat.Open(ctx, w.noor, o)
		if err != nil || !separate.Created || separate.Conversation.ID == first.Conversation.ID {
			w.t.Errorf("separate %+v %v", separate, err)
		}
		// The decision comes before the answer with what exists.
		w.set(w.leilani, "own_direct", false)
		o.Separate = false
		_, err = w.chat.Open(ctx, w.noor, o)
		w.refused(err, care.CodeChatUnavailable)
	})
}

func TestRepeatedOpening(t *testing.T) {
	engines(t, func(w *world) {
		o := Opening{ID: care.NewID[care.ConversationID](w.now), Kind: care.Internal, Members: []care.UserID{w.elias.User}, Subject: "Huddle"}
		if _, err := w.chat.Open(ctx, w.noor, o); err != nil {
			w.t.Fatal(err)
		}
		again, err := w.chat.Open(ctx, w.noor, o)
		if err != nil || again.Created || again.Conversation.ID != o.ID {
			w.t.Errorf("again %+v %v", again, err)
		}
		o.Subject = "Another"
		_, err = w.chat.Open(ctx, w.noor, o)
		w.refused(err, care.CodeIDReused)
	})
}

func TestOpenIsRefused(t *testing.T) {
	engines(t, func(w *world) {
		w.exec(`UPDATE staff SET clients_may_start = FALSE WHERE user_id = $1`, w.elias.User)
		w.exec(`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, w.leilani.User, w.elias.User)
		members := func(list ...care.Actor) (ids []care.UserID) {
			for _, a := range list {
				ids = append(ids, a.User)
			}
			return ids
		}
		cases := []struct {
			name  string
			actor care.Actor
			o     Opening
			code  care.Code
		}{
			{"kind unknown", w.noor, Opening{Kind: "group"}, care.CodeInvalid},
			{"no client", w.noor, Opening{Kind: care.Direct, Members: members(w.elias)}, care.CodeInvalid},
			{"two clients", w.noor, Opening{Kind: care.Direct, Members: members(w.leilani, w.maya)}, care.CodeInvalid},
			{"client in internal", w.noor, Opening{Kind: care.Internal, Members: members(w.leilani)}, care.CodeInvalid},
			{"nobody", w.noor, Opening{Kind: care.Internal}, care.CodeInvalid},
			{"one client in community", w.noor, Opening{Kind: care.Community, Members: members(w.leilani)}, care.CodeInvalid},
			{"a client not theirs", w.noor, Opening{Kind: care.Direct, Members: members(w.arjun)}, care.CodeNotFound},
			{"another organization's", w.sam, Opening{Kind: care.Direct, Members: members(w.stranger)}, care.CodeNotFound},
			{"another organization's staff", w.sam, Opening{Kind: care.Internal, Members: members(w.mallory)}, care.CodeNotFound},
			{"no permission", w.sam, Opening{Kind: care.Community, Members: members(w.leilani, w.maya)}, care.CodeForbidden},
			{"client starts community", w.leilani, Opening{Kind: care.Community, Members: members(w.noor)}, care.CodeForbidden},
			{"client to client", w.leilani, Opening{Kind: care.Direct, Members: members(w.maya)}, care.CodeNotFound},
			{"client to staff who do not accept", w.leilani, Opening{Kind: care.Direct, Members: members(w.elias)}, care.CodeForbidden},
			{"client to staff outside the team", w.leilani, Opening{Kind: care.Direct, Members: members(w.sam)}, care.CodeNotFound},
			{"long subject", w.noor, Opening{Kind: care.Direct, Subject: strings.Repeat("x", 201), Members: members(w.leilani)}, care.CodeInvalid},
		}
		before := w.count(`SELECT COUNT(*) FROM conversations`)
		for _, one := range cases {
			_, err := w.chat.Open(ctx, one.actor, one.o)
			if err == nil {
				w.t.Errorf("%s: accepted", one.name)
				continue
			}
			w.t.Log(one.name)
			w.refused(err, one.code)
		}
		w.exec(`UPDATE clients SET state = 'archived' WHERE user_id = $1`, w.maya.User)
		_, err := w.chat.Open(ctx, w.noor, Opening{Kind: care.Direct, Members: members(w.maya)})
		w.refused(err, care.CodeClientArchived)
		if n := w.count(`SELECT COUNT(*) FROM conversations`); n != before {
			w.t.Errorf("%d conversations were made", n-before)
		}
	})
}

func TestCommunityLeavesOut(t *testing.T) {
	engines(t, func(w *world) {
		w.exec(`UPDATE clients SET state = 'archived' WHERE user_id = $1`, w.maya.User)
		sam := w.sam
		sam.Permissions |= care.PermissionsOf(care.StartCommunityChats)
		w.set(w.arjun, "own_community", false)
		opened, err := w.chat.Open(ctx, sam, Opening{Kind: care.Community, Groups: []care.GroupID{w.group}, Subject: "Steady"})
		if err != nil {
			w.t.Fatal(err)
		}
		why := map[string]string{}
		for _, l := range opened.LeftOut {
			why[l.Name] = l.Why
		}
		if fmt.Sprint(why) != "map[Arjun Mehta:community_off Maya Lindqvist:archived]" || len(opened.Conversation.Members) != 2 {
			w.t.Errorf("left out %v, members %d", why, len(opened.Conversation.Members))
		}
		w.set(w.leilani, "own_community", false)
		_, err = w.chat.Open(ctx, sam, Opening{Kind: care.Community, Groups: []care.GroupID{w.group}})
		w.refused(err, care.CodeNoReachableRecipients)
	})
}

func TestUnreadAndRead(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		for i := range 5 {
			w.say(w.leilani, c, fmt.Sprint("n", i))
		}
		unread := func(actor care.Actor, want int64) {
			w.t.Helper()
			if got := w.look(actor, c).Unread; got != want {
				w.t.Errorf("unread %d, want %d", got, want)
			}
		}
		unread(w.noor, 5)
		unread(w.leilani, 0)
		w.events.take()
		state, err := w.chat.MarkRead(ctx, w.noor, c.ID, 3)
		if err != nil || state.ReadSeq != 3 || state.Unread != 2 {
			w.t.Errorf("%+v %v", state, err)
		}
		if events := w.events.take(); len(events) != 1 || events[0].Seq != 3 || len(events[0].To) != 2 {
			w.t.Errorf("events %+v", events)
		}
		// Backward does nothing; past the end is capped.
		if state, _ = w.chat.MarkRead(ctx, w.noor, c.ID, 1); state.ReadSeq != 3 || len(w.events.take()) != 0 {
			w.t.Errorf("backward: %+v", state)
		}
		// Notices are never unread.
		if _, err := w.chat.SetClosed(ctx, w.noor, c.ID, true); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.chat.SetClosed(ctx, w.noor, c.ID, false); err != nil {
			w.t.Fatal(err)
		}
		unread(w.noor, 2)
		unread(w.leilani, 0)
		if state, _ = w.chat.MarkRead(ctx, w.noor, c.ID, 99); state.ReadSeq != 7 || state.Unread != 0 {
			w.t.Errorf("past the end: %+v", state)
		}
		// Writing marks what came before as read.
		w.say(w.leilani, c, "more")
		w.say(w.noor, c, "answer")
		unread(w.noor, 0)
		unread(w.leilani, 1)
		// Marked unread by hand, until read again.
		if err := w.chat.MarkUnread(ctx, w.noor, c.ID); err != nil {
			w.t.Fatal(err)
		}
		unread(w.noor, 1)
		if counts, err := w.chat.Counts(ctx, w.noor); err != nil || counts.Unread[care.Direct] != 1 {
			w.t.Errorf("counts %v %v", counts, err)
		}
		if _, err := w.chat.MarkRead(ctx, w.noor, c.ID, 9); err != nil {
			w.t.Fatal(err)
		}
		unread(w.noor, 0)
	})
}

func TestHistoryPages(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		for i := range 7 {
			w.say(w.leilani, c, fmt.Sprint("n", i+1))
		}
		at := func(n int64) *int64 { return &n }
		for _, one := range []struct {
			page Page
			want string
		}{
			{Page{Limit: 3}, "[5 n5 6 n6 7 n7]"},
			{Page{Limit: 3, Before: at(5)}, "[2 n2 3 n3 4 n4]"},
			{Page{Limit: 3, Before: at(2)}, "[1 n1]"},
			{Page{Limit: 3, Before: at(0)}, "[]"},
			{Page{Limit: 3, After: at(0)}, "[1 n1 2 n2 3 n3]"},
			{Page{Limit: 3, After: at(5)}, "[6 n6 7 n7]"},
			{Page{Limit: 3, After: at(7)}, "[]"},
		} {
			if got := fmt.Sprint(w.history(w.noor, c, one.page)); got != one.want {
				w.t.Errorf("%+v: %s, want %s", one.page, got, one.want)
			}
		}
		_, more, _ := w.chat.Messages(ctx, w.noor, c.ID, Page{Limit: 7})
		if more {
			w.t.Error("there is no more")
		}
		if _, more, _ = w.chat.Messages(ctx, w.noor, c.ID, Page{Limit: 6}); !more {
			w.t.Error("there is more")
		}
		_, _, err := w.chat.Messages(ctx, w.maya, c.ID, Page{Limit: 6})
		w.refused(err, care.CodeNotFound)
	})
}

func TestReadingByOutsidersIsRecorded(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		w.say(w.leilani, c, "private")
		recorded := func() int64 {
			return w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'conversation.read_by_outsider' AND actor_id = $1`, w.sam.User)
		}
		w.history(w.noor, c, Page{})
		w.history(w.leilani, c, Page{})
		w.history(w.sam, c, Page{})
		w.history(w.sam, c, Page{})
		if n := recorded(); n != 1 {
			w.t.Errorf("recorded %d times in an hour, want once", n)
		}
		w.now = w.now.Add(time.Hour)
		w.history(w.sam, c, Page{})
		if n := recorded(); n != 2 {
			w.t.Errorf("recorded %d times in two hours, want twice", n)
		}
		// The care team is no outsider.
		w.exec(`INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, w.leilani.User, w.sam.User)
		w.now = w.now.Add(time.Hour)
		w.history(w.sam, c, Page{})
		if n := recorded(); n != 2 {
			w.t.Errorf("recorded %d times, want twice", n)
		}
	})
}

func TestInbox(t *testing.T) {
	engines(t, func(w *world) {
		var all []Conversation
		for i, client := range []care.Actor{w.leilani, w.maya} {
			w.now = w.now.Add(time.Minute)
			c := w.open(w.noor, care.Direct, client)
			w.say(client, c, fmt.Sprint("from ", i))
			all = append(all, c)
		}
		w.now = w.now.Add(time.Minute)
		huddle := w.open(w.noor, care.Internal, w.elias)
		if _, err := w.chat.Change(ctx, w.noor, huddle.ID, OwnView{Subject: new("Care huddle 100%")}); err != nil {
			w.t.Fatal(err)
		}
		list := func(actor care.Actor, f Filter) string {
			w.t.Helper()
			var names []string
			var after *Cursor
			for {
				page, next, err := w.chat.Inbox(ctx, actor, f, after, 1)
				if err != nil {
					w.t.Fatal(err)
				}
				for _, c := range page {
					names = append(names, title(c))
				}
				if after = next; after == nil {
					return strings.Join(names, ", ")
				}
			}
		}
		check := func(actor care.Actor, f Filter, want string) {
			w.t.Helper()
			if got := list(actor, f); got != want {
				w.t.Errorf("%+v: %q, want %q", f, got, want)
			}
		}
		check(w.noor, Filter{}, "Care huddle 100%, Maya Lindqvist, Leilani Kahale")
		check(w.noor, Filter{Kind: care.Direct}, "Maya Lindqvist, Leilani Kahale")
		check(w.noor, Filter{Query: "kahale lei"}, "Leilani Kahale")
		check(w.noor, Filter{Query: "0%"}, "Care huddle 100%")
		check(w.noor, Filter{Query: "%"}, "Care huddle 100%")
		check(w.leilani, Filter{}, "Leilani Kahale")
		check(w.sam, Filter{}, "")
		check(w.sam, Filter{Inbox: InboxOrganization}, "Maya Lindqvist, Leilani Kahale")
		if _, _, err := w.chat.Inbox(ctx, w.noor, Filter{Inbox: InboxOrganization}, nil, 10); err == nil {
			w.t.Error("the organization inbox is open to all")
		}
		// New activity comes first.
		w.now = w.now.Add(time.Minute)
		w.say(w.leilani, all[0], "again")
		check(w.noor, Filter{}, "Leilani Kahale, Care huddle 100%, Maya Lindqvist")
		check(w.noor, Filter{Unread: true}, "Leilani Kahale, Maya Lindqvist")
		// Archiving is one person's, closing everybody's.
		if _, err := w.chat.Change(ctx, w.noor, all[0].ID, OwnView{Archived: new(true)}); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.chat.SetClosed(ctx, w.noor, all[1].ID, true); err != nil {
			w.t.Fatal(err)
		}
		check(w.noor, Filter{}, "Care huddle 100%")
		check(w.noor, Filter{State: StateArchived}, "Leilani Kahale")
		check(w.noor, Filter{State: StateClosed}, "Maya Lindqvist")
		check(w.leilani, Filter{}, "Leilani Kahale")
		check(w.maya, Filter{State: StateClosed}, "Maya Lindqvist")
		// So is pinning.
		if _, err := w.chat.Change(ctx, w.noor, huddle.ID, OwnView{Pinned: new(true)}); err != nil {
			w.t.Fatal(err)
		}
		check(w.noor, Filter{Pinned: true}, "Care huddle 100%")
		check(w.leilani, Filter{Pinned: true}, "")
	})
}

func TestCloseSaysWhy(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		if _, err := w.chat.CloseFor(ctx, w.noor, c.ID, strings.Repeat("é", MaxReason+1)); !errors.Is(err, care.Invalid) {
			w.t.Errorf("too long a reason: %v", err)
		}
		closed, err := w.chat.CloseFor(ctx, w.noor, c.ID, " The plan\nis done. ")
		if err != nil || closed.ClosedAt.IsZero() {
			w.t.Fatalf("%+v %v", closed, err)
		}
		if got, want := closed.LastMessage.Body, w.noor.Name+" closed this conversation. Reason: The plan is done."; got != want {
			w.t.Errorf("notice %q, want %q", got, want)
		}
	})
}

func title(c *Conversation) string {
	for _, m := range c.Members {
		if m.Person.ID == c.ClientID {
			return m.Person.Name
		}
	}
	return c.Subject
}

func TestClosedRefusesWriting(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		_, err := w.chat.SetClosed(ctx, w.leilani, c.ID, true)
		w.refused(err, care.CodeForbidden)
		closed, err := w.chat.SetClosed(ctx, w.noor, c.ID, true)
		if err != nil || closed.ClosedAt.IsZero() || closed.CannotSend.Code != care.CodeConversationClosed {
			w.t.Fatalf("%+v %v", closed, err)
		}
		_, _, err = w.trySay(w.leilani, c, "x")
		w.refused(err, care.CodeConversationClosed)
		// Whichever comes first in the order of codes is given.
		w.set(w.leilani, "own_direct", false)
		_, _, err = w.trySay(w.leilani, c, "x")
		w.refused(err, care.CodeChatUnavailable)
	})
}

func TestMembers(t *testing.T) {
	engines(t, func(w *world) {
		direct := w.open(w.noor, care.Direct, w.leilani)
		w.say(w.leilani, direct, "early")
		community := w.open(w.noor, care.Community, w.leilani, w.maya)
		w.say(w.leilani, community, "early")
		add := func(actor care.Actor, c Conversation, who care.Actor) error {
			_, err := w.chat.AddMember(ctx, actor, c.ID, who.User)
			return err
		}
		w.refused(add(w.noor, direct, w.maya), care.CodeInvalid)
		w.refused(add(w.leilani, direct, w.elias), care.CodeForbidden)
		w.refused(add(w.noor, community, w.stranger), care.CodeNotFound)
		w.refused(add(w.elias, community, w.arjun), care.CodeNotFound)
		if err := add(w.noor, direct, w.elias); err != nil {
			w.t.Fatal(err)
		}
		if err := add(w.noor, community, w.elias); err != nil {
			w.t.Fatal(err)
		}
		want := []string{"1 early", "2 Elias Brandt joined this conversation."}
		if got := w.history(w.elias, direct, Page{}); !slices.Equal(got, want) {
			w.t.Errorf("direct: %q", got)
		}
		if got := w.history(w.elias, community, Page{}); !slices.Equal(got, want[1:]) {
			w.t.Errorf("community: %q", got)
		}
		if c := w.look(w.elias, community); c.Unread != 0 {
			w.t.Errorf("what precedes joining is unread: %d", c.Unread)
		}
		// With three people it is another conversation than the one of two.
		if again := w.open(w.noor, care.Direct, w.leilani); again.ID == direct.ID {
			w.t.Error("the thread of three was taken for one of two")
		}
		remove := func(actor care.Actor, c Conversation, who care.Actor) error {
			return w.chat.RemoveMember(ctx, actor, c.ID, who.User)
		}
		w.refused(remove(w.noor, direct, w.leilani), care.CodeInvalid)
		w.refused(remove(w.leilani, direct, w.noor), care.CodeForbidden)
		if err := remove(w.noor, community, w.maya); err != nil {
			w.t.Fatal(err)
		}
		_, err := w.chat.Conversation(ctx, w.maya, community.ID)
		w.refused(err, care.CodeNotFound)
		w.say(w.noor, community, "meanwhile")
		if err := add(w.noor, community, w.maya); err != nil {
			w.t.Fatal(err)
		}
		if got := w.history(w.maya, community, Page{}); len(got) != 1 || !strings.Contains(got[0], "Maya Lindqvist joined") {
			w.t.Errorf("added again: %q", got)
		}
		if err := remove(w.elias, community, w.elias); err != nil {
			w.t.Fatal(err)
		}
		w.refused(remove(w.noor, community, w.noor), care.CodeInvalid)
	})
}

func TestDrafts(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		for _, body := range []string{"half a", "half a sentence"} {
			if err := w.chat.SaveDraft(ctx, w.noor, c.ID, DraftChange{Body: &body}); err != nil {
				w.t.Fatal(err)
			}
		}
		if w.look(w.noor, c).Draft != "half a sentence" || w.look(w.leilani, c).Draft != "" {
			w.t.Error("a draft is its writer's alone")
		}
		for _, e := range w.events.take() {
			if len(e.To) != 1 || e.To[0] != w.noor.User {
				w.t.Errorf("told %v", e.To)
			}
		}
		if err := w.chat.SaveDraft(ctx, w.noor, c.ID, DraftChange{Body: new("")}); err != nil || w.look(w.noor, c).Draft != "" {
			w.t.Error("not removed", err)
		}
		w.refused(w.chat.SaveDraft(ctx, w.maya, c.ID, DraftChange{Body: new("x")}), care.CodeNotFound)
	})
}

func TestEnsureDirect(t *testing.T) {
	engines(t, func(w *world) {
		ensure := func() (id care.ConversationID, events []care.Event) {
			err := w.db.Write(ctx, func(tx *db.Tx) (err error) {
				id, events, err = w.chat.EnsureDirect(ctx, tx, w.sam, w.leilani.User, w.noor.User)
				return err
			})
			if err != nil {
				w.t.Fatal(err)
			}
			return id, events
		}
		id, events := ensure()
		if len(events) != 1 {
			w.t.Errorf("events %v", events)
		}
		if again, events := ensure(); again != id || len(events) != 0 {
			w.t.Errorf("made twice: %v %v", again, events)
		}
		if c := w.look(w.leilani, Conversation{ID: id}); len(c.Members) != 2 || c.CannotSend != nil {
			w.t.Errorf("%+v", c)
		}
	})
}

// The same request from two places at one moment makes one conversation.
func TestOpeningTwiceAtOnce(t *testing.T) {
	engines(t, func(w *world) {
		for range 5 {
			o := Opening{ID: care.NewID[care.ConversationID](w.now), Kind: care.Internal, Members: []care.UserID{w.elias.User}}
			results := make(chan error, 8)
			var made atomic.Int64
			for range 8 {
				go func() {
					opened, err := w.chat.Open(ctx, w.noor, o)
					if opened.Created {
						made.Add(1)
					}
					results <- err
				}()
			}
			for range 8 {
				if err := <-results; err != nil {
					w.t.Error(err)
				}
			}
			if made.Load() != 1 {
				w.t.Errorf("made %d times", made.Load())
			}
		}
	})
}
