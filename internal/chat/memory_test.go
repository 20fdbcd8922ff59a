package chat

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// What is remembered is never anything else than what would be read: after every act of a
// random story each person's newest messages and inbox are compared with a reading that
// remembers nothing.
func TestRememberedIsWhatIsRead(t *testing.T) {
	for _, seed := range []uint64{1, uint64(time.Now().UnixNano())} {
		engines(t, func(w *world) {
			w.t.Logf("seed %d", seed)
			w.tellStory(rand.New(rand.NewPCG(seed, 0)))
		})
	}
}

func (w *world) tellStory(r *rand.Rand) {
	rooms := []Conversation{
		w.open(w.noor, care.Community, w.leilani, w.maya), w.open(w.noor, care.Direct, w.leilani), w.open(w.noor, care.Internal, w.elias),
	}
	people := []care.Actor{w.noor, w.elias, w.leilani, w.maya, w.sam}
	var said []care.Message
	for range 60 {
		w.now = w.now.Add(time.Second)
		room, who := rooms[r.IntN(len(rooms))], people[r.IntN(len(people))]
		var m care.Message
		if len(said) > 0 {
			m = said[r.IntN(len(said))]
		}
		switch r.IntN(10) {
		case 0, 1, 2:
			draft := Draft{Conversation: room.ID, Body: fmt.Sprintf("words %d %s", r.IntN(99), care.Mention(people[r.IntN(len(people))].User))}
			if m.Conversation == room.ID && r.IntN(2) == 0 {
				draft.ReplyTo = m.ID
			}
			if sent, _, err := w.chat.Send(ctx, who, draft); err == nil {
				said = append(said, sent)
			}
		case 3:
			_ = w.edit(among(people, m.Author), m, fmt.Sprintf("changed %d", r.IntN(99)))
		case 4:
			_ = w.remove(among(people, m.Author), m)
		case 5:
			_ = w.react(who, m, "👍", r.IntN(3) > 0)
		case 6:
			_, _ = w.chat.AddMember(ctx, w.noor, room.ID, who.User)
		case 7:
			_ = w.chat.RemoveMember(ctx, w.noor, room.ID, who.User)
		case 8:
			w.turn(w.maya, r.IntN(2) == 0, time.Time{})
			w.set(w.leilani, "own_direct", r.IntN(2) == 0)
		case 9:
			w.exec(`UPDATE people SET name = $2, alias = $3 WHERE id = $1`, who.User, fmt.Sprintf("Name%d Last", r.IntN(9)), fmt.Sprintf("Alias%d", r.IntN(9)))
		}
		w.compareRosters(rooms)
		for _, viewer := range people {
			w.compareReading(viewer, rooms, 1+r.IntN(20))
		}
	}
}

// among finds who wrote something.
func among(people []care.Actor, author care.Person) care.Actor {
	for _, p := range people {
		if p.User == author.ID {
			return p
		}
	}
	return people[0]
}

func (w *world) compareReading(viewer care.Actor, rooms []Conversation, limit int) {
	w.t.Helper()
	for _, room := range rooms {
		got, gotMore, err := w.chat.Messages(ctx, viewer, room.ID, Page{Limit: limit})
		want, wantMore, wantErr := w.readPlainly(viewer, room, limit)
		if fmt.Sprint(err) != fmt.Sprint(wantErr) || gotMore != wantMore || len(got) != len(want) || len(want) > 0 && !reflect.DeepEqual(got, want) {
			w.t.Errorf("%s in %s: more %v and %v, want %v and %v", viewer.Name, room.Kind, gotMore, err, wantMore, wantErr)
			for i := range min(len(got), len(want)) {
				if !reflect.DeepEqual(got[i], want[i]) {
					w.t.Errorf("%+v\nwant\n%+v", got[i], want[i])
				}
			}
			w.t.FailNow()
		}
	}
	got, _, err := w.chat.Inbox(ctx, viewer, Filter{}, nil, 10)
	w.must(err)
	for _, c := range got {
		if want := w.look(viewer, *c); fmt.Sprint(shown(*c)) != fmt.Sprint(shown(want)) {
			w.t.Fatalf("%s sees in the inbox\n%v\nand alone\n%v", viewer.Name, shown(*c), shown(want))
		}
	}
}

// compareRosters compares what the sender knows of the members with what is stored.
func (w *world) compareRosters(rooms []Conversation) {
	w.t.Helper()
	var ids []care.ConversationID
	for _, room := range rooms {
		ids = append(ids, room.ID)
	}
	w.must(w.db.Write(ctx, func(tx *db.Tx) error {
		got, err := w.chat.rosters.threads(ctx, tx, ids)
		w.must(err)
		want, err := loadThreads(ctx, tx, ids)
		for _, threads := range []map[care.ConversationID]*thread{got, want} {
			for _, t := range threads {
				slices.SortFunc(t.members, func(a, b member) int { return bytes.Compare(a.id[:], b.id[:]) })
			}
		}
		if !reflect.DeepEqual(got, want) {
			for id := range want {
				w.t.Errorf("the sender knows\n%+v\nand there is\n%+v", *got[id], *want[id])
			}
			w.t.FailNow()
		}
		return err
	}))
}

// readPlainly reads newest messages from the database alone.
func (w *world) readPlainly(viewer care.Actor, room Conversation, limit int) (list []care.Message, more bool, err error) {
	err = w.db.Read(ctx, func(tx *db.Tx) error {
		c, err := lookIn(ctx, tx, viewer, room.ID)
		if err != nil {
			return err
		}
		if list, more, err = readPage(ctx, tx, c, Page{Limit: limit}); err != nil {
			return err
		}
		return decorate(ctx, tx, viewer, c.only, pointers(list))
	})
	return list, more, err
}

// shown is what a view says, without where it was read.
func shown(c Conversation) string {
	text := fmt.Sprint(c.ID, c.Kind, c.LastSeq, c.ReadSeq, c.Unread, c.ClientState, c.CannotSend != nil, c.Unavailable != nil, c.OnBehalfOf)
	for _, m := range c.Members {
		text += fmt.Sprint(" ", m.Person.Name, m.Role, m.Title, m.ReadSeq)
		if m.Chat != nil {
			text += fmt.Sprint(*m.Chat)
		}
	}
	if m := c.LastMessage; m != nil {
		text += fmt.Sprint(" ", m.Seq, m.Body, m.Author.Name, m.Mentions, m.Reactions, m.EditedAt, m.DeletedAt)
	}
	return text
}

// Little memory forgets, and answers the same.
func TestForgetting(t *testing.T) {
	m := newMemory()
	var ids []care.ConversationID
	for range 300 {
		id := care.NewID[care.ConversationID](time.Now())
		ids = append(ids, id)
		m.keep(remembered{id: id, tail: []care.Message{{Seq: 1, Body: string(make([]byte, 1<<20))}}})
	}
	if m.size > maxMemory || m.order.Len() != len(m.byID) || m.order.Len() < 60 {
		t.Errorf("%d bytes in %d threads, %d known", m.size, m.order.Len(), len(m.byID))
	}
	if first, last := m.at(ids[0], stamp{}), m.at(ids[299], stamp{}); len(first.tail) > 0 || len(last.tail) == 0 {
		t.Error("forgets the newest and not the oldest")
	}
	m.keep(remembered{id: ids[299], stamp: stamp{revision: 2}})
	m.keep(remembered{id: ids[299], stamp: stamp{revision: 1}, tail: []care.Message{{Seq: 1}}})
	if len(m.at(ids[299], stamp{revision: 1}).tail) > 0 {
		t.Error("an earlier state took the place of a later one")
	}
}

// Whom only the quote names is not told to a reader who may not read the quote, neither on
// a page nor in the inbox, also when somebody who may has read before.
func TestHiddenQuoteNamesNobody(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		before := w.say(w.noor, c, "ask "+care.Mention(w.leilani.User))
		w.must(func() error { _, err := w.chat.AddMember(ctx, w.noor, c.ID, w.elias.User); return err }())
		reply, _, err := w.chat.Send(ctx, w.maya, Draft{Conversation: c.ID, Body: "I did", ReplyTo: before.ID})
		w.must(err)
		for viewer, want := range map[care.UserID]int{w.noor.User: 1, w.elias.User: 0} {
			for range 2 {
				actor := map[care.UserID]care.Actor{w.noor.User: w.noor, w.elias.User: w.elias}[viewer]
				if _, _, err := w.chat.Messages(ctx, w.noor, c.ID, Page{Limit: 10}); err != nil {
					w.t.Fatal(err)
				}
				list, _, err := w.chat.Messages(ctx, actor, c.ID, Page{Limit: 10})
				w.must(err)
				if last := list[len(list)-1]; last.ID != reply.ID || len(last.Mentions) != want {
					w.t.Errorf("%s: %+v", actor.Name, last)
				}
				inbox, _, err := w.chat.Inbox(ctx, actor, Filter{}, nil, 10)
				w.must(err)
				if last := inbox[0].LastMessage; last.ID != reply.ID || len(last.Mentions) != 0 {
					w.t.Errorf("%s, in the inbox: %+v", actor.Name, last)
				}
			}
		}
	})
}
