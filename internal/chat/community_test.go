package chat

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
)

// manager is staff who may do everything with community chats.
func (w *world) manager() care.Actor {
	a := w.staff(w.org, "Ines Ferreira", care.RoleAdmin)
	a.Permissions = care.PermissionsOf(care.AllPermissions...)
	return a
}

func (w *world) change(actor care.Actor, in Conversation, change CommunityChange) Conversation {
	w.t.Helper()
	c, err := w.chat.Change(context.Background(), actor, in.ID, OwnView{Community: change})
	if err != nil {
		w.t.Fatalf("changing: %v", err)
	}
	return c
}

func (w *world) tryChange(actor care.Actor, in Conversation, change CommunityChange) error {
	_, err := w.chat.Change(context.Background(), actor, in.ID, OwnView{Community: change})
	return err
}

// follow runs what jobs there are.
func (w *world) follow() {
	w.t.Helper()
	w.now = w.now.Add(time.Second)
	w.work(w.runner())
	if n := w.count(`SELECT COUNT(*) FROM jobs WHERE last_error <> ''`); n > 0 {
		w.t.Fatalf("%d jobs failed", n)
	}
}

func names(c Conversation) string {
	var all []string
	for _, m := range c.Members {
		all = append(all, m.Person.Name)
	}
	slices.Sort(all)
	return strings.Join(all, ", ")
}

func TestLock(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.maya, w.leilani)
		first := w.say(w.maya, c, "Porridge")
		w.events.take()
		locked := w.change(w.noor, c, CommunityChange{Locked: new(true)})
		if !locked.Community.Locked || locked.CannotSend != nil {
			t.Errorf("staff see %+v, cannot send %v", locked.Community, locked.CannotSend)
		}
		told := w.events.take()
		if !slices.ContainsFunc(told, func(e care.Event) bool {
			return e.Type == care.EventConversationUpdated && slices.Contains(e.To, w.maya.User)
		}) {
			t.Errorf("members are told %+v", told)
		}
		seen := w.look(w.maya, c)
		w.refused(seen.CannotSend, care.CodeConversationLocked)
		_, _, err := w.trySay(w.maya, c, "More porridge")
		w.refused(err, care.CodeConversationLocked)
		ctx := context.Background()
		_, err = w.chat.Edit(ctx, w.maya, c.ID, first.ID, "Muesli")
		w.refused(err, care.CodeConversationLocked)
		_, err = w.chat.React(ctx, w.maya, c.ID, first.ID, "👍", true)
		w.refused(err, care.CodeConversationLocked)
		if err := w.chat.Delete(ctx, w.maya, c.ID, first.ID); err != nil {
			t.Errorf("deleting one's own: %v", err)
		}
		w.say(w.noor, c, "Read along")
		if got := w.history(w.maya, c, Page{})[1]; got != "2 Noor Haddad locked this chat. Only the care team can post." {
			t.Error(got)
		}
		w.events.take()
		w.change(w.noor, c, CommunityChange{Locked: new(true)})
		if n := w.look(w.noor, c).LastSeq; n != 3 {
			t.Errorf("locking again makes %d messages", n)
		}
		w.change(w.noor, c, CommunityChange{Locked: new(false)})
		w.say(w.maya, c, "Thanks")
		w.refused(w.tryChange(w.maya, c, CommunityChange{Locked: new(true)}), care.CodeForbidden)
		w.refused(w.tryChange(w.sam, c, CommunityChange{Locked: new(true)}), care.CodeForbidden)
		w.refused(w.tryChange(w.elias, c, CommunityChange{Locked: new(true)}), care.CodeNotFound)
		w.refused(w.tryChange(w.mallory, c, CommunityChange{Locked: new(true)}), care.CodeNotFound)
		direct := w.open(w.noor, care.Direct, w.maya)
		w.refused(w.tryChange(w.noor, direct, CommunityChange{Locked: new(true)}), care.CodeInvalid)
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'conversation.rules_changed'`); n != 2 {
			t.Errorf("%d records", n)
		}
	})
}

func TestPostingRate(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.maya, w.leilani)
		w.say(w.maya, c, "Before the rate")
		if got := w.change(w.noor, c, CommunityChange{PostsPerHour: new(int64(2))}); got.Community.PostsPerHour != 2 {
			t.Errorf("%+v", got.Community)
		}
		first, _, err := w.chat.Send(context.Background(), w.maya, Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Body: "One"})
		if err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(20 * time.Minute)
		second := w.say(w.maya, c, "Two")
		_, _, err = w.trySay(w.maya, c, "Three")
		if refusal := w.refused(err, care.CodeRateLimited); refusal.RetryAfter != 40*60 {
			t.Errorf("try again after %d s", refusal.RetryAfter)
		}
		if _, created, err := w.chat.Send(context.Background(), w.maya, Draft{ID: first.ID, Conversation: c.ID, Body: "One"}); err != nil || created {
			t.Errorf("the same again: %v %v", created, err)
		}
		if err := w.chat.Delete(context.Background(), w.maya, c.ID, second.ID); err != nil {
			t.Fatal(err)
		}
		_, _, err = w.trySay(w.maya, c, "Deleted ones count")
		w.refused(err, care.CodeRateLimited)
		w.say(w.leilani, c, "Another client")
		for range 3 {
			w.say(w.noor, c, "Staff post without limit")
		}
		w.now = w.now.Add(40*time.Minute + time.Millisecond)
		w.say(w.maya, c, "An hour later")
		_, _, err = w.trySay(w.maya, c, "And again")
		w.refused(err, care.CodeRateLimited)
		if n := w.count(`SELECT COUNT(*) FROM community_posts WHERE user_id = $1`, w.maya.User); n != 2 {
			t.Errorf("%d posts are kept", n)
		}
		w.change(w.noor, c, CommunityChange{PostsPerHour: new(int64(0))})
		w.say(w.maya, c, "No limit")
		w.refused(w.tryChange(w.noor, c, CommunityChange{PostsPerHour: new(int64(1001))}), care.CodeInvalid)
		w.refused(w.tryChange(w.noor, c, CommunityChange{PostsPerHour: new(int64(-1))}), care.CodeInvalid)
	})
}

// Sends that are judged together are counted together.
func TestPostingRateInOneBatch(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.maya, w.leilani)
		w.change(w.noor, c, CommunityChange{PostsPerHour: new(int64(3))})
		var answers []<-chan Sent
		for range 8 {
			answers = append(answers, w.chat.Submit(context.Background(), w.maya, Draft{Conversation: c.ID, Body: "Quick"}))
		}
		stored := 0
		for _, answer := range answers {
			if sent := <-answer; sent.Err == nil {
				stored++
			} else {
				w.refused(sent.Err, care.CodeRateLimited)
			}
		}
		if stored != 3 {
			t.Errorf("%d of 8 were stored", stored)
		}
	})
}

func TestRosterHidden(t *testing.T) {
	engines(t, func(w *world) {
		ctx := context.Background()
		c := w.open(w.noor, care.Community, w.maya, w.leilani, w.elias)
		if got := w.look(w.maya, c); got.Community.Members != 4 || got.Community.ShownAs != "Maya L." {
			t.Errorf("%+v", got.Community)
		}
		if err := w.chat.RemoveMember(ctx, w.noor, c.ID, w.leilani.User); err != nil {
			t.Fatal(err)
		}
		w.noor.Permissions = care.PermissionsOf(care.AllPermissions...)
		if _, err := w.chat.AddMember(ctx, w.noor, c.ID, w.leilani.User); err != nil {
			t.Fatal(err)
		}
		w.change(w.noor, c, CommunityChange{RosterHidden: new(true)})
		seen := w.look(w.maya, c)
		if got := names(seen); got != "Elias Brandt, Maya Lindqvist, Noor Haddad" || seen.Community.Members != -1 {
			t.Errorf("a client sees %s of %d", got, seen.Community.Members)
		}
		if got := names(w.look(w.noor, c)); !strings.Contains(got, "Leilani Kahale") {
			t.Errorf("staff see %s", got)
		}
		list, _, err := w.chat.Inbox(ctx, w.maya, Filter{}, nil, 10)
		if err != nil || strings.Contains(names(*list[0]), "Leilani") {
			t.Errorf("the inbox has %s, %v", names(*list[0]), err)
		}
		for _, line := range w.history(w.maya, c, Page{}) {
			if strings.Contains(line, "Leilani") {
				t.Errorf("an old notice says %q", line)
			}
		}
		if got := w.history(w.noor, c, Page{})[0]; got != "1 Leilani Kahale left this conversation." {
			t.Errorf("to staff it says %q", got)
		}
		by, err := w.chat.ReadBy(ctx, w.maya, c.ID, 1)
		if err != nil || by.Members != 2 {
			t.Errorf("%+v, %v", by, err)
		}
		told, err := w.chat.Members(ctx, w.maya, c.ID)
		if err != nil || slices.Contains(told, w.leilani.User) || !slices.Contains(told, w.noor.User) {
			t.Errorf("typing is told to %v, %v", told, err)
		}
		w.events.take()
		if _, err := w.chat.MarkRead(ctx, w.maya, c.ID, 2); err != nil {
			t.Fatal(err)
		}
		for _, e := range w.events.take() {
			if slices.Contains(e.To, w.leilani.User) {
				t.Errorf("a fellow client is told %s", e.Type)
			}
		}
		_, _, err = w.trySay(w.maya, c, "Who is "+care.Mention(w.leilani.User))
		w.refused(err, care.CodeInvalid)
		w.say(w.maya, c, "Hello "+care.Mention(w.noor.User))
		w.say(w.leilani, c, "Hello")
		if got := w.look(w.maya, c).LastMessage.Author.Name; got != "Leilani K." {
			t.Errorf("a post is by %s", got)
		}
	})
}

// Who comes and who goes where the roster is hidden is told to staff, and to themselves.
func TestHiddenRosterTellsNobodyWhoComes(t *testing.T) {
	engines(t, func(w *world) {
		ctx := context.Background()
		w.noor.Permissions = care.PermissionsOf(care.AllPermissions...)
		c := w.open(w.noor, care.Community, w.maya, w.leilani)
		w.change(w.noor, c, CommunityChange{RosterHidden: new(true)})
		before := w.look(w.maya, c)
		w.events.take()
		if _, err := w.chat.AddMember(ctx, w.noor, c.ID, w.arjun.User); err != nil {
			t.Fatal(err)
		}
		if err := w.chat.RemoveMember(ctx, w.noor, c.ID, w.leilani.User); err != nil {
			t.Fatal(err)
		}
		events := w.events.take()
		toldArjun := false
		for _, e := range events {
			if slices.Contains(e.To, w.maya.User) {
				t.Errorf("a fellow client is told %s", e.Type)
			}
			toldArjun = toldArjun || slices.Contains(e.To, w.arjun.User)
		}
		if !toldArjun {
			t.Error("who was added is not told")
		}
		if after := w.look(w.maya, c); after.LastSeq != before.LastSeq || names(after) != names(before) {
			t.Errorf("a fellow client sees a difference: %+v", after)
		}
		if _, err := w.chat.AddMember(ctx, w.noor, c.ID, w.elias.User); err != nil {
			t.Fatal(err)
		}
		if got := plain(*w.look(w.maya, c).LastMessage); got != "Elias Brandt joined this conversation." {
			t.Error(got)
		}
	})
}

func TestCommunityIsFull(t *testing.T) {
	engines(t, func(w *world) {
		ctx := context.Background()
		w.chat.LimitCommunities(3)
		c := w.open(w.noor, care.Community, w.maya, w.leilani)
		w.noor.Permissions = care.PermissionsOf(care.AllPermissions...)
		_, err := w.chat.AddMember(ctx, w.noor, c.ID, w.arjun.User)
		w.refused(err, care.CodeConversationFull)
		_, err = w.chat.AddMember(ctx, w.noor, c.ID, w.elias.User)
		w.refused(err, care.CodeConversationFull)
		if _, err := w.chat.AddMember(ctx, w.noor, c.ID, w.maya.User); err != nil {
			t.Errorf("who is in it already: %v", err)
		}
		_, err = w.chat.Open(ctx, w.noor, Opening{Kind: care.Community, Members: []care.UserID{w.maya.User, w.leilani.User, w.arjun.User}})
		w.refused(err, care.CodeConversationFull)
		w.set(w.arjun, "own_community", false)
		opened, err := w.chat.Open(ctx, w.noor, Opening{Kind: care.Community, Members: []care.UserID{w.maya.User, w.leilani.User, w.arjun.User}})
		if err != nil || len(opened.LeftOut) != 1 {
			t.Errorf("who is left out takes no room: %+v, %v", opened.LeftOut, err)
		}
		for i := range 10 {
			w.client(w.org, "Somebody "+string(rune('A'+i)), w.noor)
		}
		_, err = w.chat.Open(ctx, w.noor, Opening{Kind: care.Community, Groups: []care.GroupID{w.group}})
		w.refused(err, care.CodeConversationFull)
		if err := w.chat.RemoveMember(ctx, w.noor, c.ID, w.leilani.User); err != nil {
			t.Fatal(err)
		}
		if _, err := w.chat.AddMember(ctx, w.noor, c.ID, w.elias.User); err != nil {
			t.Errorf("there is room again: %v", err)
		}
		internal := w.open(w.noor, care.Internal, w.elias, w.sam)
		if _, err := w.chat.AddMember(ctx, w.noor, internal.ID, w.manager().User); err != nil {
			t.Errorf("an internal conversation has no such limit: %v", err)
		}
	})
}
