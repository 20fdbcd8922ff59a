package chat

import (
	"errors"
	"slices"
	"testing"
	"time"

	"hearth/internal/care"
)

// shared gives the names of the files that somebody finds in a conversation, read in
// pages of so many.
func (w *world) shared(actor care.Actor, c Conversation, limit int) (names []string, total int) {
	w.t.Helper()
	var after *SharedCursor
	for first := true; first || after != nil; first = false {
		page, err := w.chat.SharedFiles(ctx, actor, c.ID, after, limit)
		if err != nil {
			w.t.Fatal(err)
		}
		if first {
			total = page.Total
		} else if page.Total >= 0 {
			w.t.Errorf("a later page counts %d", page.Total)
		}
		if len(page.Files) > limit || page.Next != nil && len(page.Files) < limit {
			w.t.Errorf("a page of %d has %d", limit, len(page.Files))
		}
		for _, f := range page.Files {
			names = append(names, f.Name)
		}
		after = page.Next
	}
	return names, total
}

func (w *world) filesOf(who string, actor care.Actor, c Conversation, want ...string) {
	w.t.Helper()
	for _, limit := range []int{1, 2, 3, 50} {
		if names, total := w.shared(actor, c, limit); !slices.Equal(names, want) || total != len(want) {
			w.t.Errorf("%s finds %v (%d) in pages of %d, want %v", who, names, total, limit, want)
		}
	}
}

func TestSharedFiles(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		w.filesOf("nobody shared anything:", w.noor, c)
		w.sayWith(w.leilani, c, "two", w.file(w.leilani, "a"), w.file(w.leilani, "b"))
		w.say(w.noor, c, "a word between")
		gone := w.sayWith(w.noor, c, "soon gone", w.file(w.noor, "gone"))
		w.sayWith(w.noor, c, "three", w.file(w.noor, "c"), w.file(w.noor, "d"), w.file(w.noor, "e"))
		w.must(w.chat.Delete(ctx, w.noor, c.ID, gone.ID))
		want := []string{"c", "d", "e", "a", "b"}
		w.filesOf("the provider", w.noor, c, want...)
		w.filesOf("the client", w.leilani, c, want...)
		page, err := w.chat.SharedFiles(ctx, w.leilani, c.ID, nil, 4)
		if err != nil || page.Files[0].Message.Author.ID != w.noor.User || page.Files[3].Message.Body != "two" || page.Files[3].Width != 4 {
			w.t.Errorf("found %+v, %v", page.Files, err)
		}
	})
}

// The list of files has the bounds of reading: joining, the place where posts are
// withheld, and the walls between people. Looking through the inbox is recorded.
func TestWhoFindsSharedFiles(t *testing.T) {
	engines(t, func(w *world) {
		direct := w.open(w.noor, care.Direct, w.leilani)
		w.sayWith(w.leilani, direct, "", w.file(w.leilani, "one"))
		for who, actor := range map[string]care.Actor{"a colleague": w.elias, "a client": w.maya, "another practice": w.mallory} {
			if _, err := w.chat.SharedFiles(ctx, actor, direct.ID, nil, 5); !errors.Is(err, care.NotFound) {
				w.t.Errorf("%s: %v", who, err)
			}
		}
		const recorded = `SELECT COUNT(*) FROM audit_log WHERE action = 'conversation.read_by_outsider'`
		if w.count(recorded) != 0 {
			w.t.Error("somebody who was refused is recorded as a reader")
		}
		w.filesOf("the inbox", w.sam, direct, "one")
		if n := w.count(recorded); n != 1 {
			w.t.Errorf("the reading through the inbox was recorded %d times", n)
		}

		chat := w.open(w.noor, care.Community, w.leilani, w.maya)
		w.sayWith(w.noor, chat, "", w.file(w.noor, "early"))
		rosa := w.client(w.org, "Rosa Delgado", w.noor)
		if _, err := w.chat.AddMember(ctx, w.noor, chat.ID, rosa.User); err != nil {
			w.t.Fatal(err)
		}
		w.filesOf("who joined later", rosa, chat)
		w.turn(w.maya, false, time.Time{})
		w.sayWith(w.leilani, chat, "", w.file(w.leilani, "late"))
		w.filesOf("who is withheld the rest", w.maya, chat, "early")
		w.filesOf("who joined before", rosa, chat, "late")
		w.filesOf("the others", w.leilani, chat, "late", "early")
		page, err := w.chat.SharedFiles(ctx, rosa, chat.ID, nil, 5)
		if err != nil || page.Files[0].Message.Author.Name != "Leilani K." {
			w.t.Errorf("a client reads the name %+v, %v", page.Files, err)
		}
		w.turn(w.maya, true, time.Time{})
		w.filesOf("who takes part again", w.maya, chat, "late", "early")
	})
}

// More than are counted say so, and are all there.
func TestManySharedFiles(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		for range countedFiles + 1 {
			w.sayWith(w.noor, c, "", w.file(w.noor, "one"))
		}
		if names, total := w.shared(w.leilani, c, 150); len(names) != countedFiles+1 || total != -1 {
			w.t.Errorf("%d files, counted %d", len(names), total)
		}
	})
}
