package chat

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// turn sets a client's own C and does to their community chats what chat access does.
func (w *world) turn(client care.Actor, on bool, at time.Time) {
	w.t.Helper()
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		clients := []care.UserID{client.User}
		if err := w.chat.LockCommunities(ctx, tx, clients); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE clients SET own_community = $2 WHERE user_id = $1`, client.User, on); err != nil {
			return err
		}
		if on {
			return w.chat.Release(ctx, tx, clients)
		}
		return w.chat.Withhold(ctx, tx, clients, at)
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// Statements 6 and 9: what others post afterwards is withheld in every read, and readable
// when participation is turned on again.
func TestWithheld(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		direct := w.open(w.noor, care.Direct, w.leilani)
		w.say(w.maya, c, "before")
		w.now = w.now.Add(time.Minute)
		w.say(w.noor, direct, "hello")
		w.turn(w.leilani, false, time.Time{})
		w.events.take()
		w.now = w.now.Add(time.Minute)
		w.say(w.maya, c, "after")
		if _, err := w.chat.Change(ctx, w.noor, c.ID, OwnView{Subject: new("Renamed")}); err != nil {
			w.t.Fatal(err)
		}
		if _, err := w.chat.MarkRead(ctx, w.noor, c.ID, 2); err != nil {
			w.t.Fatal(err)
		}
		for _, e := range w.events.take() {
			if slices.Contains(e.To, w.leilani.User) {
				w.t.Errorf("told of %s", e.Type)
			}
		}
		seen := w.look(w.leilani, c)
		if seen.LastSeq != 1 || seen.LastMessage == nil || seen.LastMessage.Body != "before" || seen.Unread != 1 || len(seen.Members) != 3 {
			w.t.Errorf("sees %+v", seen)
		}
		if got := fmt.Sprint(w.history(w.leilani, c, Page{}), w.history(w.leilani, c, Page{After: new(int64(1))})); got != "[1 before] []" {
			w.t.Errorf("reads %s", got)
		}
		list, _, err := w.chat.Inbox(ctx, w.leilani, Filter{}, nil, 10)
		if err != nil || len(list) != 2 || list[0].ID != direct.ID || list[1].LastSeq != 1 {
			w.t.Errorf("the inbox moved: %v %v", list, err)
		}
		// Reading up to the end of what is shown is reading everything.
		if state, err := w.chat.MarkRead(ctx, w.leilani, c.ID, 99); err != nil || state.ReadSeq != 1 || state.Unread != 0 {
			w.t.Errorf("read %+v %v", state, err)
		}
		if counts, _ := w.chat.Counts(ctx, w.leilani); counts.Unread[care.Community] != 0 {
			w.t.Errorf("counts %v", counts)
		}
		// Others see no difference.
		if other := w.look(w.noor, c); len(other.Members) != 3 || other.LastSeq != 2 {
			w.t.Errorf("others see %+v", other)
		}
		w.turn(w.leilani, true, time.Time{})
		if got := fmt.Sprint(w.history(w.leilani, c, Page{})); got != "[1 before 2 after]" {
			w.t.Errorf("turned on again: %s", got)
		}
		if again := w.look(w.leilani, c); again.Unread != 1 || again.LastSeq != 2 {
			w.t.Errorf("turned on again: %+v", again)
		}
	})
}

// A bulk change is written to the memberships later: the place is told by its moment.
func TestWithheldFromAMoment(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		empty := w.open(w.noor, care.Community, w.leilani, w.maya, w.elias)
		w.say(w.maya, c, "one")
		at := w.now
		w.now = w.now.Add(time.Millisecond)
		w.say(w.maya, c, "two")
		w.say(w.maya, empty, "two")
		w.turn(w.leilani, false, at)
		if got := fmt.Sprint(w.history(w.leilani, c, Page{}), w.history(w.leilani, empty, Page{})); got != "[1 one] []" {
			w.t.Errorf("reads %s", got)
		}
		if seen := w.look(w.leilani, empty); seen.LastSeq != 0 || seen.Unread != 0 || seen.LastMessage != nil {
			w.t.Errorf("sees %+v", seen)
		}
	})
}

// pend makes a bulk change count that turns a client's C off and is not written to their
// memberships yet.
func (w *world) pend(client care.Actor) {
	change := care.NewID[care.AuditID](w.now)
	w.exec(`INSERT INTO chat_access_changes (id, org_id, actor_id, state, token_hash, request, fingerprint, place,
		matched, changed, created_at, expires_at, applied_at) VALUES ($1, $2, $3, 'applied', $4, '', $4, 'own', 1, 1, 0, 0, $5)`,
		change, w.org, w.noor.User, []byte{1}, db.Millis(w.now))
	w.exec(`INSERT INTO chat_access_change_rows (change_id, client_id, place, sets_direct, sets_community, new_community, folded)
		VALUES ($1, $2, 'own', FALSE, TRUE, FALSE, FALSE)`, change, client.User)
	w.exec(`UPDATE organizations SET active_change = $2 WHERE id = $1`, w.org, change)
}

// While a bulk change counts but is not written yet, nothing leaks: not live, and a read
// has it written first.
func TestPendingChangeLeaksNothing(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		w.say(w.maya, c, "before")
		w.pend(w.leilani)
		_, _, err := w.trySay(w.leilani, c, "no")
		w.refused(err, care.CodeChatUnavailable)
		w.events.take()
		after := w.say(w.maya, c, "after")
		if slices.Contains(w.events.take()[0].To, w.leilani.User) {
			w.t.Error("told live")
		}
		if !after.CreatedAt.After(w.now) {
			w.t.Error("a message after the change has a time that is not after it")
		}
		w.chat.SettleBy(func(_ context.Context, org care.OrgID, client care.UserID) error {
			w.turn(w.leilani, false, w.now)
			w.exec(`UPDATE chat_access_change_rows SET folded = TRUE WHERE client_id = $1`, client)
			return nil
		})
		if got := fmt.Sprint(w.history(w.leilani, c, Page{})); got != "[1 before]" {
			w.t.Errorf("reads %s", got)
		}
	})
}
