package chat

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// The first page of an inbox is never anything else than what would be read: after every
// act of a random story the pages of staff are compared with a reading that remembers
// nothing, byte for byte.
func TestOwnPagesAreWhatIsRead(t *testing.T) {
	for _, seed := range []uint64{3, uint64(time.Now().UnixNano())} {
		engines(t, func(w *world) {
			w.t.Logf("seed %d", seed)
			w.tellInboxStory(rand.New(rand.NewPCG(seed, 0)))
		})
	}
}

func (w *world) tellInboxStory(r *rand.Rand) {
	clients := []care.Actor{w.leilani, w.maya, w.client(w.org, "Ines Okafor", w.noor), w.client(w.org, "Tomas Reyes", w.noor)}
	rooms := []Conversation{w.open(w.noor, care.Internal, w.elias, w.sam), w.open(w.noor, care.Community, w.leilani, w.maya)}
	for _, client := range clients {
		rooms = append(rooms, w.open(w.noor, care.Direct, client))
	}
	rooms = append(rooms, w.open(w.elias, care.Direct, w.arjun))
	staff := []care.Actor{w.noor, w.elias, w.sam}
	for range 50 {
		if r.IntN(3) > 0 { // otherwise in the same millisecond
			w.now = w.now.Add(time.Second)
		}
		room := rooms[r.IntN(len(rooms))]
		w.doInInbox(r, room, append(staff, clients...)[r.IntN(len(staff)+len(clients))], clients[r.IntN(len(clients))])
		for _, viewer := range staff {
			for _, state := range []string{"", StateArchived, StateClosed} {
				w.comparePage(viewer, Filter{State: state}, 2)
				w.comparePage(viewer, Filter{State: state}, 10)
			}
		}
	}
}

// doInInbox does something of which an inbox may tell, if it is allowed.
func (w *world) doInInbox(r *rand.Rand, room Conversation, who, client care.Actor) {
	w.t.Helper()
	yes, n := r.IntN(2) == 0, fmt.Sprint(r.IntN(99))
	switch r.IntN(15) {
	case 0, 1, 2:
		_, _, _ = w.chat.Send(ctx, who, Draft{Conversation: room.ID, Body: "words " + n + care.Mention(client.User)})
	case 3, 4:
		_, _ = w.chat.MarkRead(ctx, who, room.ID, int64(r.IntN(12)))
	case 5:
		_ = w.chat.MarkUnread(ctx, who, room.ID)
	case 6:
		_, _ = w.chat.Change(ctx, who, room.ID, OwnView{Archived: &yes})
	case 7:
		until := w.now.Add(time.Duration(r.IntN(9)) * time.Hour)
		_, _ = w.chat.Change(ctx, who, room.ID, OwnView{Pinned: &yes, MutedUntil: &until})
	case 8:
		_, _ = w.chat.Change(ctx, who, room.ID, OwnView{Subject: &n})
	case 9:
		_, _ = w.chat.SetClosed(ctx, w.noor, room.ID, yes)
	case 10:
		_, _ = w.chat.Assign(ctx, w.sam, room.ID, Assignment{To: []care.UserID{w.noor.User, w.sam.User, {}}[r.IntN(3)], Was: nil})
	case 11:
		_ = w.chat.SaveDraft(ctx, who, room.ID, DraftChange{Body: []*string{new(""), &n}[r.IntN(2)]})
	case 12:
		w.set(client, "own_direct", yes)
	case 13:
		w.exec(`UPDATE clients SET state = $2 WHERE user_id = $1`, client.User, []string{"active", "archived"}[r.IntN(2)])
		w.exec(`UPDATE staff SET title = $2 WHERE user_id = $1`, w.elias.User, n)
		w.exec(`UPDATE people SET name = $2 WHERE id = $1`, who.User, "Name "+n)
	case 14:
		if yes {
			_, _ = w.chat.AddMember(ctx, w.noor, room.ID, w.elias.User)
		} else {
			_ = w.chat.RemoveMember(ctx, w.noor, room.ID, w.elias.User)
		}
	}
}

func (w *world) comparePage(viewer care.Actor, filter Filter, limit int) {
	w.t.Helper()
	got, next, err := w.chat.Inbox(ctx, viewer, filter, nil, limit)
	w.must(err)
	want, more := w.pagePlainly(viewer, filter, limit)
	if len(got) != len(want) || (next != nil) != more {
		w.t.Fatalf("%s sees %d conversations and more %v, there are %d and %v", viewer.Name, len(got), next != nil, len(want), more)
	}
	for i := range want {
		if text, whole := string(got[i].Written(everything)), string(everything(want[i])); text != whole {
			w.t.Fatalf("%s sees %q in line %d\n%s\nand there is\n%s", viewer.Name, filter.State, i, text, whole)
		}
	}
}

// everything writes everything that a view shows.
func everything(c *Conversation) []byte {
	text, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return text
}

// pagePlainly reads a first page from the database alone.
func (w *world) pagePlainly(viewer care.Actor, filter Filter, limit int) (list []*Conversation, more bool) {
	w.t.Helper()
	w.must(w.db.Read(ctx, func(tx *db.Tx) (err error) {
		query, values := inboxQuery(viewColumns, viewer, filter, nil, limit)
		if list, err = db.Many(ctx, tx, scanView, query, values...); err != nil {
			return err
		}
		more = len(list) > limit
		list = list[:min(limit, len(list))]
		return fill(ctx, tx, viewer, list)
	}))
	return list, more
}

// A page that nothing happened to is not read again, and a line to which something
// happened is read alone.
func TestUnchangedLinesAreKept(t *testing.T) {
	engines(t, func(w *world) {
		one, two := w.open(w.noor, care.Direct, w.leilani), w.open(w.noor, care.Direct, w.maya)
		page := func() map[care.ConversationID]*Conversation {
			list, _, err := w.chat.Inbox(ctx, w.noor, Filter{}, nil, 10)
			w.must(err)
			byID := map[care.ConversationID]*Conversation{}
			for _, c := range list {
				byID[c.ID] = c
			}
			return byID
		}
		first := page()
		if again := page(); again[one.ID] != first[one.ID] || again[two.ID] != first[two.ID] {
			t.Error("read again though nothing happened")
		}
		w.say(w.maya, two, "Hello")
		if again := page(); again[one.ID] != first[one.ID] || again[two.ID] == first[two.ID] {
			t.Error("not what has changed was read, and that alone")
		}
	})
}

// Whoever adds a column to conversations or their members says here by what an inbox finds
// out that it has changed (see [line]).
func TestEveryColumnOfALineIsCounted(t *testing.T) {
	const (
		fixed    = "never changes"
		inLine   = "stands in the line, or changes with what does"
		chooses  = "decides whether there is a line at all"
		revision = "its trigger moves the revision"
		glances  = "whoever changes it calls glance"
		unseen   = "no inbox of staff tells it, but for community chats, which are not remembered"
	)
	known := map[string]map[string]string{
		"conversations": {
			"id": fixed, "org_id": fixed, "kind": fixed, "client_id": revision, "history_all": fixed, "request_hash": fixed,
			"created_by": fixed, "created_at": fixed, "blast_id": revision, "blast_place": fixed, "subject": revision, "closed_at": revision,
			"assignee_id": revision, "locked": revision, "posts_per_hour": revision, "roster_hidden": revision,
			"last_seq": inLine, "countable": inLine, "last_activity_at": inLine, "revision": inLine, "glances": inLine,
			"quiet": chooses, "people_key": unseen, "assigned_at": unseen, "indexed_seq": unseen,
		},
		"conversation_members": {
			"conversation_id": fixed, "user_id": fixed, "kind": revision, "joined_at": revision, "joined_seq": revision, "left_at": revision,
			"read_seq": glances, "read_countable": glances, "marked_unread": glances, "muted_until": glances, "pinned": glances, "archived": glances,
			"quiet": chooses, "via": unseen, "withheld_after_seq": unseen, "withheld_countable": unseen, "withheld_activity_at": unseen,
		},
	}
	w := newWorld(t, testkit.SQLite(t))
	w.must(w.db.Read(ctx, func(tx *db.Tx) error {
		for table, columns := range known {
			names, err := db.Many(ctx, tx, func(row db.Scanner) (name string, err error) { return name, row.Scan(&name) },
				`SELECT name FROM pragma_table_info('`+table+`')`)
			if err != nil {
				return err
			}
			for _, name := range names {
				if columns[name] == "" {
					t.Errorf("by what does an inbox find out that %s of %s has changed?", name, table)
				}
				delete(columns, name)
			}
			for name := range columns {
				t.Errorf("%s has no column %s", table, name)
			}
		}
		return nil
	}))
}
