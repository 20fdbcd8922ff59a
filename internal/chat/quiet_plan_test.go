package chat

import (
	"fmt"
	"strings"
	"testing"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// mailed writes privately to a client many times over.
func (w *world) mailed(author, client care.Actor, n int) {
	w.t.Helper()
	m := Mailing{Blast: care.NewID[care.BlastID](w.now), Org: w.org, Author: author.Person(), Staff: []care.UserID{author.User}}
	for start := 0; start < n; start += 500 {
		to := make([]Private, min(500, n-start))
		for i := range to {
			to[i] = Private{Client: client.User, Place: int64(start + i + 1), Body: "Hello"}
		}
		w.must(w.db.Write(ctx, func(tx *db.Tx) error {
			_, err := w.chat.SendPrivately(ctx, tx, m, to)
			return err
		}))
	}
}

// Whoever has sent to thousands has a list of the few that were answered, found by an index
// that leaves the quiet ones out, whether or not the planner knows the tables.
func TestTheListOfASenderOfManyIsFoundByIndex(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	w.mailed(w.noor, w.leilani, 5000)
	loud := w.open(w.noor, care.Direct, w.leilani)
	w.say(w.leilani, loud, "Hello")
	support := w.sam
	const own, all = "SEARCH m USING INDEX conversation_members_by_user (user_id=? AND quiet=?)", "conversations_by_activity"
	for range 2 {
		for _, one := range []struct {
			actor  care.Actor
			filter Filter
			want   string
		}{
			{w.noor, Filter{}, own},
			{w.noor, Filter{Kind: care.Direct}, own},
			{w.noor, Filter{Unread: true}, own},
			{w.noor, Filter{Pinned: true}, own},
			{w.noor, Filter{State: StateArchived}, own},
			{w.noor, Filter{Query: "leilani"}, own},
			{support, Filter{Inbox: InboxOrganization}, all},
			{support, Filter{Inbox: InboxOrganization, Kind: care.Direct}, all},
			{support, Filter{Inbox: InboxOrganization, Queue: QueueUnassigned}, "SEARCH c USING INDEX conversations_"},
		} {
			query, values := inboxQuery(viewColumns, one.actor, one.filter, nil, 50)
			w.must(w.db.Write(ctx, func(tx *db.Tx) error {
				if steps := w.plan(tx, query, len(values)); !strings.Contains(steps, one.want) {
					t.Errorf("%+v is done by\n%s", one.filter, steps)
				}
				return nil
			}))
		}
		w.must(w.db.Write(ctx, func(tx *db.Tx) error {
			if steps := w.plan(tx, recentQuery(Filter{}), 4); !strings.Contains(steps, all) {
				t.Errorf("the first page is looked for by\n%s", steps)
			}
			return nil
		}))
		w.exec("ANALYZE")
	}
	list, next, err := w.chat.Inbox(ctx, w.noor, Filter{}, nil, 50)
	w.must(err)
	if len(list) != 1 || list[0].ID != loud.ID || next != nil {
		t.Errorf("%d conversations are listed", len(list))
	}
	if counts, err := w.chat.Counts(ctx, w.noor); err != nil || fmt.Sprint(counts.Unread) != "map[direct:1]" {
		t.Errorf("counts %v (%v)", counts.Unread, err)
	}
}
