package chat

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"hearth/internal/care"
)

// inQueue gives which of some conversations a part of the queue lists.
func (w *world) inQueue(actor care.Actor, queue string, among ...Conversation) (found []int) {
	w.t.Helper()
	list, _, err := w.chat.Inbox(ctx, actor, Filter{Inbox: InboxOrganization, Queue: queue}, nil, 200)
	if err != nil {
		w.t.Fatalf("the queue %s: %v", queue, err)
	}
	for i, c := range among {
		if slices.ContainsFunc(list, func(l *Conversation) bool { return l.ID == c.ID }) {
			found = append(found, i)
		}
	}
	return found
}

func (w *world) assign(actor care.Actor, in Conversation, to care.UserID) Conversation {
	w.t.Helper()
	c, err := w.chat.Assign(ctx, actor, in.ID, Assignment{To: to})
	if err != nil {
		w.t.Fatalf("assigning: %v", err)
	}
	return c
}

func TestQueue(t *testing.T) {
	engines(t, func(w *world) {
		tess := w.staff(w.org, "Tess Okafor", care.RoleSupport)
		leilani, maya := w.open(w.noor, care.Direct, w.leilani), w.open(w.noor, care.Direct, w.maya)
		circle := w.open(w.noor, care.Community, w.leilani, w.maya)
		team := w.open(w.noor, care.Internal, w.elias, w.sam)
		foreign := w.open(w.mallory, care.Direct, w.stranger)
		all := []Conversation{leilani, maya, circle, team, foreign}
		check := func(actor care.Actor, queue string, want ...int) {
			w.t.Helper()
			if got := w.inQueue(actor, queue, all...); !slices.Equal(got, want) {
				w.t.Errorf("%s of %s: %v, want %v", queue, actor.Name, got, want)
			}
			counts, err := w.chat.Counts(ctx, actor)
			if err != nil || counts.Queue == nil {
				w.t.Fatalf("counts: %+v %v", counts, err)
			}
			if n := map[string]int64{QueueUnassigned: counts.Queue.Unassigned, QueueMine: counts.Queue.Mine}; queue != QueueAll && n[queue] != int64(len(want)) {
				w.t.Errorf("%s of %s: counted %d, want %d", queue, actor.Name, n[queue], len(want))
			}
		}
		check(w.sam, QueueAll, 0, 1, 2)
		check(w.sam, QueueUnassigned, 0, 1, 2)
		check(w.sam, QueueMine)

		if c := w.assign(w.sam, leilani, w.sam.User); c.Assignee == nil || c.Assignee.Name != "Sam Whitehorse" {
			w.t.Errorf("claimed: %+v", c.Assignee)
		}
		w.assign(w.sam, maya, tess.User)
		check(w.sam, QueueUnassigned, 2)
		check(w.sam, QueueMine, 0)
		check(tess, QueueMine, 1)
		check(tess, QueueAll, 0, 1, 2)

		// What is closed waits for nobody; opened again it is where it was.
		for _, c := range []Conversation{leilani, circle} {
			if _, err := w.chat.SetClosed(ctx, w.sam, c.ID, true); err != nil {
				w.t.Fatal(err)
			}
		}
		check(w.sam, QueueUnassigned)
		check(w.sam, QueueMine)
		if _, err := w.chat.SetClosed(ctx, w.sam, leilani.ID, false); err != nil {
			w.t.Fatal(err)
		}
		check(w.sam, QueueMine, 0)

		// Putting it away for oneself changes nothing for a queue that many share.
		w.assign(w.sam, leilani, care.UserID{})
		member := w.noor
		member.Permissions |= care.PermissionsOf(care.OrganizationInbox)
		if _, err := w.chat.Change(ctx, member, leilani.ID, OwnView{Archived: new(true)}); err != nil {
			w.t.Fatal(err)
		}
		check(member, QueueUnassigned, 0)
		if elsewhere := w.inQueue(w.mallory, QueueUnassigned, all...); !slices.Equal(elsewhere, []int{4}) {
			w.t.Errorf("the other practice sees %v", elsewhere)
		}
	})
}

func TestWhoMayAssign(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		team := w.open(w.noor, care.Internal, w.sam)
		gone := w.staff(w.org, "Rosa Marín", care.RoleSupport)
		w.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, gone.User)
		for name, one := range map[string]struct {
			actor care.Actor
			in    Conversation
			to    care.UserID
			code  care.Code
		}{
			"a client":                      {w.leilani, c, w.leilani.User, care.CodeForbidden},
			"somebody else's client":        {w.maya, c, w.maya.User, care.CodeNotFound},
			"another practice":              {w.mallory, c, w.mallory.User, care.CodeNotFound},
			"a colleague who cannot see it": {w.elias, c, w.elias.User, care.CodeNotFound},
			"a member without the right":    {w.noor, c, w.noor.User, care.CodeForbidden},
			"an internal conversation":      {w.sam, team, w.sam.User, care.CodeInvalid},
			"to a client":                   {w.sam, c, w.leilani.User, care.CodeInvalid},
			"to another practice":           {w.sam, c, w.mallory.User, care.CodeInvalid},
			"to who is gone":                {w.sam, c, gone.User, care.CodeInvalid},
			"to who cannot read it":         {w.sam, c, w.elias.User, care.CodeInvalid},
		} {
			_, err := w.chat.Assign(ctx, one.actor, one.in.ID, Assignment{To: one.to})
			var refusal *care.Error
			if !errors.As(err, &refusal) || refusal.Code != one.code {
				w.t.Errorf("%s: %v, want %s", name, err, one.code)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'conversation.assigned'`); n != 0 {
			w.t.Errorf("%d refusals are recorded as assignments", n)
		}
		// Whoever looks after it may hand it over without the permission, and that is the end.
		w.assign(w.sam, c, w.noor.User)
		w.assign(w.noor, c, w.sam.User)
		if _, err := w.chat.Assign(ctx, w.noor, c.ID, Assignment{}); !errors.Is(err, care.Forbidden) {
			w.t.Errorf("after handing it over: %v", err)
		}
		w.assign(w.sam, c, w.sam.User) // as it is: nothing happens
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'conversation.assigned'`); n != 2 {
			w.t.Errorf("%d acts are recorded, want 2", n)
		}
	})
}

func TestClaimingAtOnce(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		colleagues := []care.Actor{w.sam, w.staff(w.org, "Tess Okafor", care.RoleSupport), w.staff(w.org, "Rosa Marín", care.RoleSupport)}
		errs := make([]error, len(colleagues))
		var claiming sync.WaitGroup
		for i, who := range colleagues {
			claiming.Go(func() { _, errs[i] = w.chat.Assign(ctx, who, c.ID, Assignment{To: who.User}) })
		}
		claiming.Wait()
		holder := w.look(w.sam, c).Assignee
		won := 0
		for i, err := range errs {
			if err == nil {
				won++
				if holder == nil || holder.ID != colleagues[i].User {
					w.t.Errorf("%s was told yes, and it is %v", colleagues[i].Name, holder)
				}
				continue
			}
			refusal := w.refused(err, care.CodeVersionConflict)
			if now, is := refusal.Current.(Conversation); !is || now.Assignee == nil || now.Assignee.ID != holder.ID {
				w.t.Errorf("the refusal does not say how it is: %+v", refusal.Current)
			}
		}
		if won != 1 {
			w.t.Errorf("%d claimed it", won)
		}
		// Who knows whose it is takes it over; who is wrong about it does not.
		other := colleagues[0]
		if other.User == holder.ID {
			other = colleagues[1]
		}
		for _, was := range []care.UserID{{}, other.User} {
			_, err := w.chat.Assign(ctx, w.sam, c.ID, Assignment{To: w.noor.User, Was: &was})
			w.refused(err, care.CodeVersionConflict)
		}
		if _, err := w.chat.Assign(ctx, other, c.ID, Assignment{To: other.User, Was: &holder.ID}); err != nil {
			w.t.Errorf("taking over: %v", err)
		}
	})
}

func TestClientsLearnNothingOfAssignments(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		w.events.take()
		w.assign(w.sam, c, w.noor.User)
		for _, e := range w.events.take() {
			if slices.Contains(e.To, w.leilani.User) {
				w.t.Errorf("the client is told: %+v", e)
			}
			if !slices.Contains(e.To, w.noor.User) || !e.Queue {
				w.t.Errorf("the member of staff and the queue are not: %+v", e)
			}
		}
		if seen := w.look(w.leilani, c); seen.Assignee != nil {
			w.t.Errorf("the client sees %+v", seen.Assignee)
		}
		if seen := w.look(w.noor, c); seen.Assignee == nil || seen.Assignee.ID != w.noor.User {
			w.t.Errorf("staff see %+v", seen.Assignee)
		}
		for _, inbox := range []string{InboxOwn, InboxOrganization} {
			for _, queue := range []string{QueueMine, QueueUnassigned} {
				if _, _, err := w.chat.Inbox(ctx, w.leilani, Filter{Inbox: inbox, Queue: queue}, nil, 10); !errors.Is(err, care.Forbidden) {
					w.t.Errorf("%s %s: %v", inbox, queue, err)
				}
			}
		}
		if counts, err := w.chat.Counts(ctx, w.leilani); err != nil || counts.Queue != nil {
			w.t.Errorf("counts %+v %v", counts.Queue, err)
		}
	})
}

func TestGivingBack(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		if _, err := w.chat.AddMember(ctx, w.noor, c.ID, w.elias.User); err != nil {
			w.t.Fatal(err)
		}
		// Who is taken out and cannot read it any more looks after nothing.
		w.assign(w.sam, c, w.elias.User)
		if err := w.chat.RemoveMember(ctx, w.noor, c.ID, w.elias.User); err != nil {
			w.t.Fatal(err)
		}
		if seen := w.look(w.sam, c); seen.Assignee != nil {
			w.t.Errorf("it is still with %+v", seen.Assignee)
		}
		// Who has the inbox leaves the conversation and keeps it.
		if _, err := w.chat.AddMember(ctx, w.noor, c.ID, w.sam.User); err != nil {
			w.t.Fatal(err)
		}
		w.assign(w.sam, c, w.sam.User)
		if err := w.chat.RemoveMember(ctx, w.sam, c.ID, w.sam.User); err != nil {
			w.t.Fatal(err)
		}
		if seen := w.look(w.noor, c); seen.Assignee == nil {
			w.t.Error("leaving gave it back")
		}
	})
}

func TestWhatIsClientsIsNewsForTheQueue(t *testing.T) {
	engines(t, func(w *world) {
		c, team := w.open(w.noor, care.Direct, w.leilani), w.open(w.noor, care.Internal, w.elias)
		for in, want := range map[care.ConversationID]bool{c.ID: true, team.ID: false} {
			w.events.take()
			m := w.say(w.noor, Conversation{ID: in}, "hello")
			w.events.wait(m.ID)
			for _, e := range w.events.take() {
				if e.Queue != want {
					w.t.Errorf("%s: queue %v, want %v", e.Type, e.Queue, want)
				}
			}
		}
	})
}
