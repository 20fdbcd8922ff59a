package chat

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// seek gives the bodies that somebody finds, the newest first.
func (w *world) seek(actor care.Actor, words string) []string {
	w.t.Helper()
	return w.seekBy(actor, Asking{Words: words})
}

func (w *world) seekBy(actor care.Actor, ask Asking) []string {
	w.t.Helper()
	var bodies []string
	var after *SearchCursor
	for range 1000 {
		found, next, err := NewSearch(w.chat).Find(ctx, actor, ask, after, 7)
		if err != nil {
			w.t.Fatalf("searching: %v", err)
		}
		for _, f := range found {
			bodies = append(bodies, f.Message.Body)
		}
		if after = next; next == nil {
			return bodies
		}
	}
	w.t.Fatal("the pages do not end")
	return nil
}

func (w *world) index() {
	w.t.Helper()
	w.must(NewSearch(w.chat).Index(ctx))
}

// both runs a test on what is not indexed yet, and again on what is.
func (w *world) both(test func(when string)) {
	test("before indexing")
	w.index()
	test("after indexing")
}

func (w *world) finds(when string, actor care.Actor, words string, want ...string) {
	w.t.Helper()
	if got := w.seek(actor, words); !slices.Equal(got, want) {
		w.t.Errorf("%s, %s looks for %s: found %q, want %q", when, actor.Name, words, got, want)
	}
}

func TestSearchFinds(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		for _, body := range []string{
			"Slow oats with blueberries", "Crème brûlée is not slow", "oats, slow", "OATMEAL!", "睡眠 was short", "see 10:30",
			care.Mention(w.noor.User) + " oats",
		} {
			w.now = w.now.Add(time.Minute)
			w.say(w.leilani, c, body)
		}
		huddle := w.open(w.noor, care.Internal, w.elias)
		w.now = w.now.Add(24 * time.Hour)
		w.say(w.elias, huddle, "Leilani wants oats")
		w.sayWith(w.elias, huddle, "the plan", w.file(w.elias, "plan.pdf"))
		mention := care.Mention(w.noor.User) + " oats"
		w.both(func(when string) {
			w.finds(when, w.noor, "oats", "Leilani wants oats", mention, "oats, slow", "Slow oats with blueberries")
			w.finds(when, w.leilani, "oats", mention, "oats, slow", "Slow oats with blueberries")
			w.finds(when, w.leilani, "oat", mention, "OATMEAL!", "oats, slow", "Slow oats with blueberries")
			w.finds(when, w.leilani, `"oat"`)
			w.finds(when, w.leilani, `"slow oats"`, "Slow oats with blueberries")
			w.finds(when, w.leilani, "slow oats", "oats, slow", "Slow oats with blueberries")
			w.finds(when, w.leilani, "creme BRULEE", "Crème brûlée is not slow")
			w.finds(when, w.leilani, "睡眠", "睡眠 was short")
			w.finds(when, w.leilani, "眠睡")
			w.finds(when, w.leilani, "10:30", "see 10:30")
			w.finds(when, w.leilani, "porridge")
			w.finds(when, w.noor, "oats from:elias", "Leilani wants oats")
			w.finds(when, w.noor, "from:brandt from:elias", "the plan", "Leilani wants oats")
			w.finds(when, w.noor, "oats from:me")
			w.finds(when, w.noor, "from:nobody")
			w.finds(when, w.noor, "oats in:leilani slow", "oats, slow", "Slow oats with blueberries")
			w.finds(when, w.noor, "oats in:"+huddle.ID.String(), "Leilani wants oats")
			w.finds(when, w.noor, "in:nowhere oats")
			w.finds(when, w.noor, "oats after:2026-03-02", "Leilani wants oats")
			w.finds(when, w.noor, "on:2026-03-02 see", "see 10:30")
			w.finds(when, w.noor, "before:2026-03-02")
			w.finds(when, w.noor, "in:leilani on:2026-03-03")
			w.finds(when, w.noor, "has:file", "the plan")
			w.finds(when, w.noor, "has:file oats")
			w.finds(when, w.leilani, "has:file")
			if got := w.seekBy(w.noor, Asking{Words: "oats", Conversation: huddle.ID}); !slices.Equal(got, []string{"Leilani wants oats"}) {
				w.t.Errorf("%s, in one conversation: %q", when, got)
			}
		})
		_, _, err := NewSearch(w.chat).Find(ctx, w.leilani, Asking{Words: "oats", Conversation: huddle.ID}, nil, 5)
		w.refused(err, care.CodeNotFound)
		_, _, err = NewSearch(w.chat).Find(ctx, w.leilani, Asking{Words: "…"}, nil, 5)
		w.refused(err, care.CodeInvalid)
	})
}

func TestSearchShows(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		w.say(w.maya, c, care.Mention(w.leilani.User)+" likes **slow** oats")
		found, next, err := NewSearch(w.chat).Find(ctx, w.leilani, Asking{Words: "oats"}, nil, 5)
		if err != nil || next != nil || len(found) != 1 {
			w.t.Fatal(found, next, err)
		}
		f := found[0]
		if f.Message.Author.Name != "Maya L." || f.Where.ID != c.ID || f.Where.Kind != care.Community {
			w.t.Errorf("shown: %+v", f)
		}
		want := []Fragment{{Text: "@Leilani Kahale likes slow "}, {Text: "oats", Hit: true}}
		if !slices.Equal(f.Snippet, want) {
			w.t.Errorf("snippet: %+v", f.Snippet)
		}
		if f.Where.Title != "Noor Haddad and Maya L." && f.Where.Title != "Maya L. and Noor Haddad" {
			w.t.Errorf("title: %q", f.Where.Title)
		}
	})
}

// The canaries: each word was written where somebody must not read it.
func TestSearchShowsOnlyWhatOneMayRead(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		w.say(w.noor, c, "canarybefore joining")
		bea := w.client(w.org, "Bea Lund", w.noor)
		_, err := w.chat.AddMember(ctx, w.noor, c.ID, bea.User)
		w.must(err)
		secret := w.say(w.leilani, c, "canarydeleted and gone")
		edited := w.say(w.leilani, c, "canaryold text")
		w.say(w.maya, c, "canaryread by all")
		w.turn(w.leilani, false, time.Time{})
		w.now = w.now.Add(time.Second)
		w.say(w.maya, c, "canarywithheld post")
		direct := w.open(w.noor, care.Direct, w.maya)
		w.say(w.maya, direct, "canarydirect words")
		elsewhere := w.open(w.mallory, care.Direct, w.stranger)
		w.say(w.stranger, elsewhere, "canaryelsewhere")
		huddle := w.open(w.noor, care.Internal, w.elias)
		w.say(w.elias, huddle, "canaryinternal")
		_, err = w.chat.SetClosed(ctx, w.noor, direct.ID, true)
		w.must(err)
		check := func(when string) {
			w.finds(when, w.leilani, "canary", "canaryread by all", edited.Body, "canarybefore joining")
			w.finds(when, bea, "canarywithheld", "canarywithheld post")
			w.finds(when, bea, "canarybefore")
			w.finds(when, w.mallory, "canary", "canaryelsewhere")
			w.finds(when, w.elias, "canary", "canaryinternal")
			w.finds(when, w.leilani, "canaryelsewhere")
			w.finds(when, w.maya, "canaryinternal")
			w.finds(when, w.noor, "closed")
			w.finds(when, w.sam, "canarydirect", "canarydirect words")
			w.finds(when, w.sam, "canaryinternal")
			w.finds(when, w.sam, "canaryelsewhere")
			if got := w.seekBy(w.sam, Asking{Words: "canary", Inbox: InboxOwn}); got != nil {
				w.t.Errorf("%s, in his own inbox Sam found %q", when, got)
			}
		}
		w.index() // before the changes, which then change the index
		w.must(w.remove(w.leilani, secret))
		w.turn(w.leilani, true, time.Time{})
		w.must(w.edit(w.leilani, edited, "canarynew text"))
		edited.Body = "canarynew text"
		w.turn(w.leilani, false, edited.CreatedAt)
		w.both(func(when string) {
			check(when)
			w.finds(when, w.noor, "canarydeleted")
			w.finds(when, w.noor, "gone")
			w.finds(when, w.maya, "canaryold")
			w.finds(when, w.maya, "canarynew", "canarynew text")
		})
		w.must(w.chat.RemoveMember(ctx, w.noor, c.ID, bea.User))
		w.finds("after leaving", bea, "canary")
	})
}

// A bulk change that is not written to the memberships yet is written before a search.
func TestSearchSettlesFirst(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		w.say(w.maya, c, "canary before")
		w.index()
		w.pend(w.leilani)
		w.say(w.maya, c, "canary after")
		w.chat.SettleBy(func(_ context.Context, org care.OrgID, client care.UserID) error {
			w.turn(w.leilani, false, w.now)
			w.exec(`UPDATE chat_access_change_rows SET folded = TRUE WHERE client_id = $1`, client)
			return nil
		})
		w.both(func(when string) { w.finds(when, w.leilani, "canary", "canary before") })
	})
}

// Through the organization's inbox a search reads as an outsider, which is recorded.
func TestSearchingByOutsidersIsRecorded(t *testing.T) {
	engines(t, func(w *world) {
		for i, client := range []care.Actor{w.leilani, w.maya} {
			w.say(client, w.open(w.noor, care.Direct, client), fmt.Sprintf("oats %d", i))
		}
		recorded := func() int64 {
			return w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'conversation.read_by_outsider'`)
		}
		w.finds("", w.sam, "porridge")
		if n := recorded(); n != 0 {
			w.t.Errorf("%d rows for what was not found", n)
		}
		w.finds("", w.sam, `"oats 1"`, "oats 1")
		if n := recorded(); n != 1 {
			w.t.Errorf("%d rows, want one", n)
		}
		w.seek(w.sam, "oats")
		w.seek(w.sam, "oats")
		w.seek(w.noor, "oats")
		if n := recorded(); n != 2 {
			w.t.Errorf("%d rows, want one per conversation and hour", n)
		}
		_, _, err := NewSearch(w.chat).Find(ctx, w.noor, Asking{Words: "x", Inbox: InboxOrganization}, nil, 5)
		w.refused(err, care.CodeForbidden)
	})
}

// Clients do not find fellow clients by names that are hidden from them.
func TestSearchDoesNotTellHiddenNames(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		w.say(w.maya, c, "soup")
		w.both(func(when string) {
			w.finds(when, w.leilani, "from:maya", "soup")
			w.finds(when, w.leilani, `from:"Maya L."`, "soup")
			w.finds(when, w.leilani, "from:lindqvist")
			w.finds(when, w.leilani, "soup in:lindqvist")
			w.finds(when, w.noor, "from:lindqvist", "soup")
			w.finds(when, w.noor, "soup in:lindqvist", "soup")
			w.finds(when, w.maya, "from:lindqvist", "soup")
		})
	})
}

// Nothing of a deleted or overwritten text is left in the index.
func TestDeletedTextLeavesTheIndex(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		for i := range 40 {
			w.say(w.leilani, c, fmt.Sprintf("message %d", i))
		}
		one := w.say(w.leilani, c, "zebra stripes")
		two := w.say(w.leilani, c, "giraffe neck")
		w.index()
		known := func(word string) (n int) {
			w.must(w.db.Read(ctx, func(tx *db.Tx) error {
				ids, err := tx.FindWords(ctx, db.WordQuery{All: [][]db.Word{{{Text: word}}}, Below: 1 << 62, Limit: 10})
				n = len(ids)
				return err
			}))
			return n
		}
		if known("zebra") != 1 || known("giraffe") != 1 {
			w.t.Fatal("not indexed")
		}
		w.must(w.remove(w.leilani, one))
		w.must(w.edit(w.leilani, two, "long neck"))
		for word, want := range map[string]int{"zebra": 0, "stripes": 0, "giraffe": 0, "neck": 1, "long": 1, "message": 2} {
			if n := known(word); n != want {
				w.t.Errorf("%s stands in %d blocks, want %d", word, n, want)
			}
		}
		w.say(w.leilani, c, "one more")
		w.index()
		if known("zebra") != 0 || known("more") != 1 || known("message") != 2 {
			w.t.Error("the index is wrong after the block grew")
		}
	})
}

func TestLongConversationsAreIndexedInBlocks(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		huge := strings.Repeat("word ", 3000)
		for i := range 70 {
			w.now = w.now.Add(time.Minute)
			w.say(w.leilani, c, fmt.Sprintf("apple %d %s", i, huge[:i%2*len(huge)]))
			if i == 10 || i == 50 {
				w.index()
			}
		}
		w.index()
		if n := w.count(`SELECT COUNT(*) FROM conversations WHERE indexed_seq = last_seq`); n != w.count(`SELECT COUNT(*) FROM conversations`) {
			w.t.Error("something is not indexed")
		}
		gaps := w.count(`SELECT COUNT(*) FROM search_blocks b WHERE b.first_seq > 1 AND NOT EXISTS (
			SELECT 1 FROM search_blocks a WHERE a.conversation_id = b.conversation_id AND a.last_seq = b.first_seq - 1)`)
		long := w.count(`SELECT COUNT(*) FROM search_blocks WHERE last_seq - first_seq >= 32`)
		if gaps != 0 || long != 0 {
			w.t.Errorf("%d gaps and %d blocks that are too long", gaps, long)
		}
		if got := w.seek(w.noor, "apple"); len(got) != 70 || !strings.HasPrefix(got[69], "apple 0") {
			w.t.Errorf("found %d", len(got))
		}
		w.exec(`UPDATE search_state SET version = 0`)
		w.exec(`UPDATE search_blocks SET last_at = 0`)
		w.index()
		if n := w.count(`SELECT COUNT(*) FROM search_blocks WHERE last_at = 0`); n != 0 {
			w.t.Errorf("%d blocks of other rules were kept", n)
		}
		if got := w.seek(w.noor, "apple"); len(got) != 70 {
			w.t.Errorf("found %d after building anew", len(got))
		}
	})
}

// A word of plain letters is found where the text writes it otherwise.
func TestPlainWordsFindOtherLetters(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		for _, body := range []string{"CREME plain", "Crème brûlée", "ＣＲＥＭＥ wide", "cre me", "İce creme", "100% creme_x"} {
			w.now = w.now.Add(time.Second)
			w.say(w.leilani, c, body)
		}
		w.both(func(when string) {
			w.finds(when, w.noor, "creme", "100% creme_x", "İce creme", "ＣＲＥＭＥ wide", "Crème brûlée", "CREME plain")
			w.finds(when, w.noor, "ice", "İce creme")
			w.finds(when, w.noor, "crème", "100% creme_x", "İce creme", "ＣＲＥＭＥ wide", "Crème brûlée", "CREME plain")
			w.finds(when, w.noor, "100%", "100% creme_x")
		})
	})
}
