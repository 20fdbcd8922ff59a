package blast

import (
	"maps"
	"slices"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
)

// Each recipient is judged when it is their turn, by what holds then (SEMANTICS 10, 16, 19, 30).
func TestJudgedWhenItIsTheirTurn(t *testing.T) {
	engines(t, func(w *world) {
		var who []care.Actor
		for _, name := range []string{"A", "B own off", "C group off", "D default off", "E archived", "F leaves the team", "G no account", "H back on", "I until", "J community off"} {
			who = append(who, w.client(w.org, name, w.noor))
		}
		off := who[7]
		w.set(off, "own_direct", false)
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: named(who...), SendAt: w.clock.Now().Add(time.Hour)})
		late := w.client(w.org, "Z came later", w.noor)
		w.set(who[1], "own_direct", false)
		w.in(w.group, who[2])
		w.exec(`UPDATE client_groups SET direct = FALSE WHERE id = $1`, w.group)
		w.set(who[3], "default_direct", false)
		w.set(who[4], "state", "archived")
		w.exec(`DELETE FROM care_team WHERE client_id = $1`, who[5].User)
		w.exec(`UPDATE people SET email = NULL WHERE id = $1`, who[6].User)
		w.exec(`UPDATE clients SET own_direct = NULL WHERE user_id = $1`, off.User)
		until := w.clock.Now().Add(48 * time.Hour)
		w.exec(`UPDATE clients SET own_direct = FALSE, own_direct_until = $2 WHERE user_id = $1`, who[8].User, db.Millis(until))
		w.set(who[9], "own_community", false)
		w.clock.Advance(time.Hour)
		w.work()
		want := []string{
			"A: sent", "B own off: skipped direct_off", "C group off: skipped direct_off", "D default off: skipped direct_off", "E archived: skipped archived",
			"F leaves the team: skipped forbidden", "G no account: skipped no_account", "H back on: sent", "I until: skipped direct_off", "J community off: sent",
		}
		if got := w.outcome(w.noor, b, OutcomeFilter{}); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		list, _, err := w.blasts.Recipients(ctx, w.noor, b.ID, OutcomeFilter{Why: "direct_off"}, 0, 10)
		w.must(err)
		for i, place := range []care.Place{care.PlaceClient, care.PlaceGroup, care.PlaceDefault, care.PlaceClient} {
			if o := list[i]; o.Source != place || o.Until.Equal(until) != (i == 3) || !o.Conversation.IsZero() || o.SettledAt.IsZero() {
				t.Errorf("on record %+v, want %s", o, place)
			}
		}
		// Turned on again, what was skipped never appears (SEMANTICS 9).
		w.exec(`UPDATE clients SET own_direct = TRUE, state = 'active' WHERE org_id = $1`, w.org)
		w.work()
		for _, c := range []care.Actor{who[1], who[4], late} {
			if n := len(w.inbox(c, chat.Filter{})); n != 0 {
				t.Errorf("%s has %d conversations", c.Name, n)
			}
		}
		got := w.get(w.noor, b)
		if !maps.Equal(got.SkippedWhy, map[string]int64{"direct_off": 4, "archived": 1, "forbidden": 1, "no_account": 1}) || got.Sent+got.Skipped != got.Total || got.State != Sent {
			t.Errorf("%+v", got)
		}
	})
}

// A sender who may send no more writes to nobody more.
func TestSenderIsJudgedToo(t *testing.T) {
	for name, lose := range map[string]func(w *world){
		"the permission": func(w *world) { w.permit(w.noor, care.StartCommunityChats) },
		"the account":    func(w *world) { w.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, w.noor.User) },
	} {
		t.Run(name, func(t *testing.T) {
			engines(t, func(w *world) {
				b := w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: w.clients(5, w.noor)}})
				w.step(b, 2)
				lose(w)
				w.work()
				got := w.get(w.olga, b)
				if got.State != Sent || got.Sent != 2 || !maps.Equal(got.SkippedWhy, map[string]int64{"forbidden": 3}) {
					t.Errorf("%+v", got)
				}
			})
		})
	}
}

// Who may write for others no more does not, and who has left is in no new conversation.
func TestColleaguesAreJudgedToo(t *testing.T) {
	engines(t, func(w *world) {
		r := Request{Body: "Hello", Recipients: named(w.leilani), OnBehalfOf: w.noor.User, Staff: []care.UserID{w.sam.User, w.elias.User}, SendAt: w.clock.Now().Add(time.Hour)}
		b := w.blast(w.olga, r)
		r.Recipients = named(w.maya)
		second := w.blast(w.olga, r)
		w.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, w.sam.User)
		w.clock.Advance(time.Hour)
		w.step(b, 1) // starts both
		w.step(b, 1)
		w.permit(w.olga, care.SendBlasts, care.ViewAllClients)
		w.work()
		if got := w.get(w.sam, b); got.Sent != 1 {
			t.Errorf("%+v", got)
		}
		if got := w.get(w.sam, second); got.Sent+got.SkippedWhy["forbidden"] != 1 {
			t.Errorf("%+v", got)
		}
		for _, m := range w.inbox(w.leilani, chat.Filter{})[0].Members {
			if m.Person.ID == w.sam.User {
				t.Error("who has left is in it")
			}
		}
		if n := len(w.inbox(w.leilani, chat.Filter{})[0].Members); n != 4 {
			t.Errorf("%d are in it", n)
		}
		third := w.blast(w.permit(w.olga, care.AllPermissions...), Request{Body: "x", Recipients: named(w.leilani), OnBehalfOf: w.noor.User, SendAt: w.clock.Now().Add(time.Hour)})
		w.permit(w.olga, care.SendBlasts, care.ViewAllClients)
		w.clock.Advance(time.Hour)
		w.work()
		if got := w.get(w.sam, third); got.Sent != 0 || got.SkippedWhy["forbidden"] != 1 {
			t.Errorf("written for a colleague without the permission: %+v", got)
		}
	})
}

// Who sees all clients goes on where one leaves a care team.
func TestSenderWhoSeesAll(t *testing.T) {
	engines(t, func(w *world) {
		b := w.blast(w.olga, Request{Body: "Hello", Recipients: named(w.arjun), SendAt: w.clock.Now().Add(time.Hour)})
		w.exec(`DELETE FROM care_team WHERE client_id = $1`, w.arjun.User)
		w.clock.Advance(time.Hour)
		w.work()
		if got := w.get(w.olga, b); got.Sent != 1 {
			t.Errorf("%+v", got)
		}
	})
}

// Who writes for a colleague, and who reads the replies too: they are in each
// conversation, once, and the client sees whom it is from.
func TestOnBehalfAndColleagues(t *testing.T) {
	engines(t, func(w *world) {
		w.set(w.maya, "own_direct", false)
		b := w.blast(w.olga, Request{
			Body: "Hello", Recipients: named(w.leilani, w.maya), OnBehalfOf: w.noor.User, Staff: []care.UserID{w.noor.User, w.sam.User},
		})
		if b.OnBehalfOf == nil || b.OnBehalfOf.Name != "Noor Haddad" || len(b.Staff) != 2 || b.Sender.Name != "Olga Owner" {
			t.Errorf("%+v", b)
		}
		w.work()
		if got := w.outcome(w.olga, b, OutcomeFilter{}); !slices.Equal(got, []string{"Leilani Kahale: sent", "Maya Lindqvist: skipped direct_off"}) {
			t.Errorf("on behalf of others too (SEMANTICS 10): %q", got)
		}
		m := w.reads(w.leilani)
		if m.Author.Name != "Olga Owner" || m.OnBehalfOf == nil || m.OnBehalfOf.Name != "Noor Haddad" {
			t.Errorf("from %+v on behalf of %+v", m.Author, m.OnBehalfOf)
		}
		if c := w.inbox(w.leilani, chat.Filter{})[0]; len(c.Members) != 4 {
			t.Errorf("%d are in it", len(c.Members))
		}
		w.answer(w.leilani, "Thanks")
		for _, who := range []care.Actor{w.olga, w.noor, w.sam} {
			if list := w.inbox(who, chat.Filter{}); len(list) != 1 || list[0].Unread != 1 {
				t.Errorf("%s has %d conversations", who.Name, len(list))
			}
		}
		if n := len(w.inbox(w.elias, chat.Filter{})); n != 0 {
			t.Errorf("who is not in it has %d", n)
		}
		b = w.blast(w.noor, Request{Body: "Mine", Recipients: named(w.leilani), OnBehalfOf: w.noor.User}) // oneself is nobody else
		if b.OnBehalfOf != nil {
			t.Errorf("on behalf of %+v", b.OnBehalfOf)
		}
	})
}

// A blast is a conversation of its own each time, and nobody in it sees the others.
func TestEachBlastIsAConversationOfItsOwn(t *testing.T) {
	engines(t, func(w *world) {
		w.blast(w.noor, Request{Body: "One", Recipients: named(w.leilani, w.maya)})
		w.work()
		w.blast(w.noor, Request{Body: "Two", Recipients: named(w.leilani, w.maya)})
		w.work()
		for _, c := range []care.Actor{w.leilani, w.maya} {
			list := w.inbox(c, chat.Filter{})
			if len(list) != 2 || list[0].ID == list[1].ID {
				t.Fatalf("%s has %d conversations", c.Name, len(list))
			}
			for _, one := range list {
				if one.Kind != care.Direct || len(one.Members) != 2 || !one.Blast.IsZero() || !one.LastMessage.Blast.IsZero() || one.LastSeq != 1 || one.Unread != 1 {
					t.Errorf("%s sees %+v", c.Name, one)
				}
			}
		}
		if n := w.count(`SELECT COUNT(DISTINCT conversation_id) FROM messages`); n != 4 {
			t.Errorf("%d conversations", n)
		}
	})
}

// What is told while it is sent: the clients their own conversation and message, its
// sender the progress, the end surely and on the way not too often.
func TestWhatIsTold(t *testing.T) {
	engines(t, func(w *world) {
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: w.clients(12, w.noor)}})
		w.events.take()
		for range 7 {
			w.step(b, 2)
		}
		told := map[care.EventType]int{}
		for _, e := range w.events.take() {
			told[e.Type]++
			switch {
			case len(e.To) != 1, e.Org != w.org:
				t.Errorf("%+v", e)
			case e.Type == care.EventBlastProgress:
				if e.To[0] != w.noor.User || e.Blast != b.ID || e.Message != nil {
					t.Errorf("%+v", e)
				}
			case e.To[0] == w.noor.User:
				t.Errorf("the sender is told of each: %+v", e)
			}
		}
		want := map[care.EventType]int{care.EventConversationCreated: 12, care.EventMessageCreated: 12, care.EventBlastProgress: 2}
		if !maps.Equal(told, want) {
			t.Errorf("told %v, want %v", told, want)
		}
	})
}

// A recipient for whom nothing can be stored is passed over in the end; the others get
// theirs, and other blasts do not wait for it.
func TestOneThatFailsStopsNoOther(t *testing.T) {
	engines(t, func(w *world) {
		ids := w.clients(6, w.noor)
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: ids}})
		w.clock.Advance(time.Second)
		other := w.blast(w.olga, Request{Body: "Other", Recipients: named(w.arjun)})
		// The third cannot be stored: their place has a conversation already, whatever the engine.
		w.exec(`CREATE UNIQUE INDEX one_of_each ON conversations (client_id)`)
		w.exec(`INSERT INTO conversations (id, org_id, kind, subject, client_id, history_all, request_hash, created_by, created_at, last_seq, countable, last_activity_at)
			VALUES ($1, $2, 'direct', '', $3, FALSE, $4, $5, 0, 0, 0, 0)`, care.NewID[care.ConversationID](w.clock.Now()), w.org, ids[2], []byte{}, w.noor.User)
		failures := 0
		for range 100 {
			worked, err := w.blasts.Work(ctx)
			if err != nil {
				failures++
				if failures == 1 && w.get(w.olga, other).State != Sent {
					if _, _ = w.blasts.Work(ctx); w.get(w.olga, other).State != Sent {
						t.Error("another blast waits for the one that fails")
					}
				}
			} else if !worked {
				break
			}
		}
		got := w.get(w.noor, b)
		if got.State != Sent || got.Sent != 5 || !maps.Equal(got.SkippedWhy, map[string]int64{"failed": 1}) || failures == 0 {
			t.Errorf("%s after %d failures: %d sent, skipped %v", got.State, failures, got.Sent, got.SkippedWhy)
		}
		w.exec(`DROP INDEX one_of_each`)
	})
}
