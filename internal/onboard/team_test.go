package onboard_test

import (
	"testing"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/onboard"
	"hearth/internal/testkit"
)

// What somebody looks after goes back to the queue when they leave the practice, and what
// they can read no longer when they lose the permission.
func TestWhoLeavesGivesConversationsBack(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rosa, sam := w.staff("Rosa", care.RoleProvider), w.staff("Sam", care.RoleSupport)
		for _, name := range []string{"Maya", "Leilani"} {
			_, err := w.onboard.AddClient(t.Context(), w.owner, onboard.NewClient{
				NewClient: directory.NewClient{Name: name, Provider: rosa.ID},
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		list, _, err := w.chat.Inbox(t.Context(), w.owner, chat.Filter{Inbox: chat.InboxOrganization}, nil, 10)
		if err != nil || len(list) != 2 {
			t.Fatalf("%d conversations, %v", len(list), err)
		}
		assign := func(at int, to care.UserID) {
			t.Helper()
			if _, err := w.chat.Assign(t.Context(), w.owner, list[at].ID, chat.Assignment{To: to}); err != nil {
				t.Fatal(err)
			}
		}
		assigned := func(to care.UserID) int {
			return w.count(`SELECT COUNT(*) FROM conversations WHERE assignee_id = $1`, to)
		}
		assign(0, rosa.ID)
		assign(1, sam.ID)
		// Rosa is in her conversation and keeps it; Sam looks on with the permission alone.
		none := care.Permissions(0)
		for _, id := range []care.UserID{rosa.ID, sam.ID} {
			_, err := w.onboard.ChangeStaff(t.Context(), w.owner, id, directory.StaffChange{Permissions: &directory.Choice{Permissions: &none}})
			if err != nil {
				t.Fatal(err)
			}
		}
		if r, s := assigned(rosa.ID), assigned(sam.ID); r != 1 || s != 0 {
			t.Errorf("rosa looks after %d, sam after %d", r, s)
		}
		w.told()
		off := false
		if _, err := w.onboard.ChangeStaff(t.Context(), w.owner, rosa.ID, directory.StaffChange{Active: &off}); err != nil {
			t.Fatal(err)
		}
		if n := assigned(rosa.ID); n != 0 {
			t.Errorf("who has left looks after %d", n)
		}
		if got := w.told(); got != "queue.updated" {
			t.Errorf("told %q", got)
		}
		counts, err := w.chat.Counts(t.Context(), w.owner)
		if err != nil || counts.Queue.Unassigned != 2 {
			t.Errorf("counts %+v %v", counts.Queue, err)
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'staff.unassigned'`); n != 2 {
			t.Errorf("%d records", n)
		}
	})
}
