package chat

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

func (w *world) newGroup(name string) care.GroupID {
	id := care.NewID[care.GroupID](w.now)
	w.exec(`INSERT INTO client_groups (id, org_id, name, version, created_at, request_hash) VALUES ($1, $2, $3, 1, 0, $4)`, id, w.org, name, []byte{})
	return id
}

// move puts a client in a group, as onboard does.
func (w *world) move(client care.Actor, group care.GroupID) {
	w.t.Helper()
	w.exec(`UPDATE clients SET group_id = $2 WHERE user_id = $1`, client.User, group)
	w.touched(client)
}

func (w *world) touched(clients ...care.Actor) {
	w.t.Helper()
	var ids []care.UserID
	for _, c := range clients {
		ids = append(ids, c.User)
	}
	err := w.db.Write(ctx, func(tx *db.Tx) error { return w.chat.FollowGroups(ctx, tx, ids) })
	if err != nil {
		w.t.Fatal(err)
	}
}

// inStep opens a community chat with maya that follows a group.
func (w *world) inStep(by care.Actor, groups ...care.GroupID) Conversation {
	w.t.Helper()
	opened, err := w.chat.Open(ctx, by, Opening{
		Kind: care.Community, Members: []care.UserID{w.maya.User, w.leilani.User}, Groups: groups, KeepInStep: true, Subject: "Steady",
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.events.take()
	return opened.Conversation
}

func TestKeptInStep(t *testing.T) {
	engines(t, func(w *world) {
		ines, group := w.manager(), w.newGroup("Morning")
		ana, ben := w.client(w.org, "Ana Ruiz", w.noor), w.client(w.org, "Ben Okafor", w.noor)
		w.move(ana, group)
		c := w.inStep(ines, group)
		if got := names(c); got != "Ana Ruiz, Ines Ferreira, Leilani Kahale, Maya Lindqvist" {
			t.Fatal(got)
		}
		if !slices.Equal(c.Community.InStep, []care.GroupID{group}) {
			t.Errorf("in step with %v", c.Community.InStep)
		}
		if got := w.look(w.maya, c).Community.InStep; got != nil {
			t.Errorf("a client is told %v", got)
		}
		w.move(ben, group)
		w.follow()
		if got := names(w.look(ines, c)); !strings.Contains(got, "Ben Okafor") {
			t.Errorf("who joins the group comes in: %s", got)
		}
		if got := w.look(w.maya, c).LastMessage; got == nil || plain(*got) != "Ben O. joined this conversation." {
			t.Errorf("%+v", got)
		}
		told := w.events.take()
		if !slices.ContainsFunc(told, func(e care.Event) bool {
			return e.Type == care.EventConversationCreated && slices.Equal(e.To, []care.UserID{ben.User})
		}) {
			t.Errorf("who came is told %+v", told)
		}
		w.move(ana, w.group)
		w.move(w.maya, group)
		w.move(w.maya, w.group)
		w.follow()
		if got := names(w.look(ines, c)); got != "Ben Okafor, Ines Ferreira, Leilani Kahale, Maya Lindqvist" {
			t.Errorf("who leaves the group goes, who was added by hand stays: %s", got)
		}
		w.refused(errorOf(w.chat.Conversation(ctx, ana, c.ID)), care.CodeNotFound)
		w.events.take()
		w.touched(ana, ben, w.maya)
		w.follow()
		if events := w.events.take(); len(events) > 0 {
			t.Errorf("nothing to do tells %+v", events)
		}
	})
}

func errorOf[T any](_ T, err error) error { return err }

// Participation that is turned off and archiving take nobody out, and keep who is not in
// it from coming in.
func TestInStepWithTheSwitches(t *testing.T) {
	engines(t, func(w *world) {
		ines, group := w.manager(), w.newGroup("Morning")
		ana, ben := w.client(w.org, "Ana Ruiz", w.noor), w.client(w.org, "Ben Okafor", w.noor)
		w.move(ana, group)
		c := w.inStep(ines, group)
		w.set(ana, "own_community", false)
		w.set(ben, "own_community", false)
		w.move(ben, group)
		w.follow()
		if got := names(w.look(ines, c)); !strings.Contains(got, "Ana") || strings.Contains(got, "Ben") {
			t.Errorf("with participation off: %s", got)
		}
		w.set(ben, "own_community", true)
		err := w.db.Write(ctx, func(tx *db.Tx) error { return w.chat.Release(ctx, tx, []care.UserID{ben.User}) })
		if err != nil {
			t.Fatal(err)
		}
		w.follow()
		if got := names(w.look(ines, c)); !strings.Contains(got, "Ben") {
			t.Errorf("with participation on: %s", got)
		}
		cleo := w.client(w.org, "Cleo Marsh", w.noor)
		w.exec(`UPDATE clients SET state = 'archived' WHERE user_id IN ($1, $2)`, ana.User, cleo.User)
		w.move(cleo, group)
		w.touched(ana)
		w.follow()
		if got := names(w.look(ines, c)); !strings.Contains(got, "Ana") || strings.Contains(got, "Cleo") {
			t.Errorf("archived: %s", got)
		}
	})
}

// Whom somebody takes out stays out, until they are added by hand, or leave the group and
// come back.
func TestTakenOutOfWhatIsInStep(t *testing.T) {
	engines(t, func(w *world) {
		ines, group := w.manager(), w.newGroup("Morning")
		ana := w.client(w.org, "Ana Ruiz", w.noor)
		w.move(ana, group)
		c := w.inStep(ines, group)
		remove := func() {
			if err := w.chat.RemoveMember(ctx, ines, c.ID, ana.User); err != nil {
				t.Fatal(err)
			}
			w.touched(ana)
			w.follow()
			if got := names(w.look(ines, c)); strings.Contains(got, "Ana") {
				t.Fatalf("taken out: %s", got)
			}
		}
		remove()
		w.move(ana, w.group)
		w.follow()
		w.move(ana, group)
		w.follow()
		if got := names(w.look(ines, c)); !strings.Contains(got, "Ana") {
			t.Errorf("left the group and came back: %s", got)
		}
		remove()
		if _, err := w.chat.AddMember(ctx, ines, c.ID, ana.User); err != nil {
			t.Fatal(err)
		}
		w.move(ana, w.group)
		w.follow()
		if got := names(w.look(ines, c)); !strings.Contains(got, "Ana") {
			t.Errorf("added by hand: %s", got)
		}
	})
}

func TestChangingTheGroupsOfAChat(t *testing.T) {
	engines(t, func(w *world) {
		ines, morning, evening := w.manager(), w.newGroup("Morning"), w.newGroup("Evening")
		ana, ben := w.client(w.org, "Ana Ruiz", w.noor), w.client(w.org, "Ben Okafor", w.noor)
		w.move(ana, morning)
		w.move(ben, evening)
		c := w.inStep(ines, morning)
		w.change(ines, c, CommunityChange{InStep: &[]care.GroupID{evening}})
		w.follow()
		if got := names(w.look(ines, c)); !strings.Contains(got, "Ana") || !strings.Contains(got, "Ben") {
			t.Errorf("who was in it stays, the other group comes: %s", got)
		}
		w.move(ana, w.group)
		w.follow()
		if got := names(w.look(ines, c)); !strings.Contains(got, "Ana") {
			t.Errorf("the first group is not followed any more: %s", got)
		}
		w.refused(w.tryChange(ines, c, CommunityChange{InStep: &[]care.GroupID{care.NewID[care.GroupID](w.now)}}), care.CodeNotFound)
		w.refused(w.tryChange(w.maya, c, CommunityChange{InStep: &[]care.GroupID{morning}}), care.CodeForbidden)
		noor := w.noor
		noor.Permissions = care.PermissionsOf(care.StartCommunityChats, care.OrganizationInbox)
		w.refused(w.tryChange(noor, c, CommunityChange{InStep: &[]care.GroupID{morning}}), care.CodeForbidden)
		_, err := w.chat.Open(ctx, noor, Opening{Kind: care.Community, Groups: []care.GroupID{w.group}, KeepInStep: true})
		w.refused(err, care.CodeForbidden)
		_, err = w.chat.Open(ctx, ines, Opening{Kind: care.Community, Members: []care.UserID{w.maya.User, w.leilani.User}, KeepInStep: true})
		w.refused(err, care.CodeInvalid)
		if _, err := w.chat.Change(ctx, noor, c.ID, OwnView{Community: CommunityChange{InStep: &[]care.GroupID{}}}); err != nil {
			t.Errorf("ending it wants no more than keeping the chat: %v", err)
		}
	})
}

func TestADeletedGroupThrowsNobodyOut(t *testing.T) {
	engines(t, func(w *world) {
		ines, morning, evening := w.manager(), w.newGroup("Morning"), w.newGroup("Evening")
		ana := w.client(w.org, "Ana Ruiz", w.noor)
		w.move(ana, morning)
		one, both := w.inStep(ines, morning), w.inStep(ines, morning, evening)
		err := w.db.Write(ctx, func(tx *db.Tx) error { return w.chat.GroupDeleted(ctx, tx, morning, evening) })
		if err != nil {
			t.Fatal(err)
		}
		w.move(ana, evening)
		w.follow()
		for _, c := range []Conversation{one, both} {
			if got := names(w.look(ines, c)); !strings.Contains(got, "Ana") {
				t.Errorf("after the group is gone: %s", got)
			}
		}
		if n := len(w.look(ines, one).Community.InStep); n != 0 {
			t.Errorf("follows %d groups", n)
		}
		w.move(ana, w.group)
		w.follow()
		if got := names(w.look(ines, one)); !strings.Contains(got, "Ana") {
			t.Errorf("in it by hand now: %s", got)
		}
		if got := names(w.look(ines, both)); strings.Contains(got, "Ana") {
			t.Errorf("in it by the other group: %s", got)
		}
	})
}

// A group that grows beyond what a chat holds fills it, and no more.
func TestInStepUpToTheLimit(t *testing.T) {
	engines(t, func(w *world) {
		w.chat.LimitCommunities(8)
		ines, group := w.manager(), w.newGroup("Morning")
		ana := w.client(w.org, "Ana Ruiz", w.noor)
		w.move(ana, group)
		c := w.inStep(ines, group)
		var many []care.Actor
		for i := range 12 {
			one := w.client(w.org, "Somebody "+string(rune('A'+i)), w.noor)
			w.exec(`UPDATE clients SET group_id = $2 WHERE user_id = $1`, one.User, group)
			many = append(many, one)
		}
		w.touched(many...)
		if n := w.count(`SELECT COUNT(*) FROM jobs WHERE kind = 'community.follow' AND state = 'ready'`); n != 1 {
			t.Errorf("%d jobs for one conversation", n)
		}
		w.follow()
		seen := w.look(ines, c)
		if len(seen.Members) != 8 || plain(*seen.LastMessage) != "4 people joined this conversation." {
			t.Errorf("%d members, %q", len(seen.Members), plain(*seen.LastMessage))
		}
		w.refused(w.tryChange(ines, c, CommunityChange{InStep: &[]care.GroupID{group, w.group}}), care.CodeConversationFull)
		w.exec(`UPDATE clients SET own_community = FALSE WHERE group_id = $1`, group)
		if err := w.tryChange(ines, c, CommunityChange{InStep: &[]care.GroupID{group, w.group}}); err != nil {
			t.Errorf("who cannot take part needs no room: %v", err)
		}
	})
}

// What is closed is left alone, and follows when it is opened again.
func TestClosedIsNotKeptInStep(t *testing.T) {
	engines(t, func(w *world) {
		ines, group := w.manager(), w.newGroup("Morning")
		ana := w.client(w.org, "Ana Ruiz", w.noor)
		c := w.inStep(ines, group)
		if _, err := w.chat.SetClosed(ctx, ines, c.ID, true); err != nil {
			t.Fatal(err)
		}
		w.move(ana, group)
		w.follow()
		if got := names(w.look(ines, c)); strings.Contains(got, "Ana") {
			t.Errorf("closed: %s", got)
		}
		if _, err := w.chat.SetClosed(ctx, ines, c.ID, false); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(time.Second)
		w.follow()
		if got := names(w.look(ines, c)); !strings.Contains(got, "Ana") {
			t.Errorf("opened again: %s", got)
		}
	})
}
