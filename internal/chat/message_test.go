package chat

import (
	"slices"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
)

func (w *world) edit(actor care.Actor, m care.Message, body string) error {
	_, err := w.chat.Edit(ctx, actor, m.Conversation, m.ID, body)
	return err
}

func (w *world) remove(actor care.Actor, m care.Message) error {
	return w.chat.Delete(ctx, actor, m.Conversation, m.ID)
}

func (w *world) react(actor care.Actor, m care.Message, emoji string, on bool) error {
	_, err := w.chat.React(ctx, actor, m.Conversation, m.ID, emoji, on)
	return err
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) message(actor care.Actor, m care.Message) care.Message {
	w.t.Helper()
	got, err := w.chat.Message(ctx, actor, m.Conversation, m.ID)
	w.must(err)
	return got
}

func TestEditWithinTheWindow(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		m := w.say(w.leilani, c, "two slices of bread")
		w.events.take()
		w.refused(w.edit(w.noor, m, "three"), care.CodeForbidden)
		w.refused(w.edit(w.maya, m, "three"), care.CodeNotFound)
		w.refused(w.edit(w.leilani, m, ""), care.CodeInvalid)
		w.must(w.edit(w.leilani, m, "two slices of bread"))
		if events := w.events.take(); len(events) > 0 {
			w.t.Errorf("saying the same again told %v", events)
		}
		w.now = w.now.Add(14 * time.Minute)
		w.must(w.edit(w.leilani, m, "one slice"))
		got := w.message(w.noor, m)
		if got.Body != "one slice" || !got.EditedAt.Equal(w.now) || got.Seq != m.Seq {
			w.t.Errorf("edited: %+v", got)
		}
		events := w.events.take()
		if len(events) != 1 || events[0].Type != care.EventMessageUpdated || events[0].Message.Body != "one slice" {
			w.t.Errorf("told: %+v", events)
		}
		w.now = w.now.Add(2 * time.Minute)
		w.refused(w.edit(w.leilani, m, "none"), care.CodeForbidden)
		// The id still stands for what was first sent under it.
		_, created, err := w.chat.Send(ctx, w.leilani, Draft{ID: m.ID, Conversation: c.ID, Body: "two slices of bread"})
		if err != nil || created {
			w.t.Errorf("repeated: %v %v", created, err)
		}
	})
}

func TestEditObeysWhatASendObeys(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		m, ours := w.say(w.leilani, c, "before"), w.say(w.noor, c, "ours")
		w.set(w.leilani, "own_direct", false)
		w.refused(w.edit(w.leilani, m, "after"), care.CodeChatUnavailable)
		w.refused(w.edit(w.noor, ours, "after"), care.CodeChatUnavailable)
		w.refused(w.react(w.leilani, ours, "👍", true), care.CodeChatUnavailable)
		w.must(w.remove(w.leilani, m)) // deleting one's own is not sending
		w.set(w.leilani, "own_direct", true)
		if _, err := w.chat.SetClosed(ctx, w.noor, c.ID, true); err != nil {
			w.t.Fatal(err)
		}
		w.refused(w.edit(w.noor, ours, "after"), care.CodeConversationClosed)
		w.must(w.remove(w.noor, ours))
	})
}

func TestDeleteLeavesATombstone(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		m := w.say(w.leilani, c, "my number is 555")
		w.must(w.react(w.maya, m, "❤️", true))
		w.events.take()
		w.refused(w.remove(w.maya, m), care.CodeForbidden)
		w.must(w.remove(w.noor, m)) // moderation
		got := w.message(w.maya, m)
		if got.Body != "" || got.DeletedAt.IsZero() || len(got.Reactions) > 0 || got.Seq != m.Seq {
			w.t.Errorf("tombstone: %+v", got)
		}
		events := w.events.take()
		if len(events) != 1 || events[0].Type != care.EventMessageDeleted || events[0].Message.Body != "" {
			w.t.Errorf("told: %+v", events)
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'message.removed'`); n != 1 {
			w.t.Errorf("%d removals recorded", n)
		}
		w.must(w.remove(w.noor, m)) // again: nothing
		w.refused(w.edit(w.leilani, m, "back"), care.CodeForbidden)
		w.refused(w.react(w.maya, m, "❤️", true), care.CodeForbidden)

		_, err := w.chat.Versions(ctx, w.noor, c.ID, m.ID)
		w.refused(err, care.CodeForbidden)
		owner := w.staff(w.org, "Marguerite Achterberg", care.RoleOwner)
		versions, err := w.chat.Versions(ctx, owner, c.ID, m.ID)
		if err != nil || len(versions) != 1 || versions[0].Body != "my number is 555" || versions[0].Why != "deleted" || versions[0].By.ID != w.noor.User {
			w.t.Errorf("versions: %+v %v", versions, err)
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'message.versions_read'`); n != 1 {
			w.t.Errorf("%d looks recorded", n)
		}
	})
}

func TestReactions(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		m := w.say(w.leilani, c, "a week without sugar")
		for _, bad := range []string{"", "a", "1", "👍👍", "<b>", strings.Repeat("👍", 20)} {
			w.refused(w.react(w.noor, m, bad, true), care.CodeInvalid)
		}
		w.must(w.react(w.noor, m, "🎉", true))
		w.now = w.now.Add(time.Second)
		w.must(w.react(w.maya, m, "❤️", true))
		w.must(w.react(w.maya, m, "🎉", true))
		w.must(w.react(w.maya, m, "🎉", true))
		got := w.message(w.leilani, m).Reactions
		if len(got) != 2 || got[0].Emoji != "🎉" || !slices.Equal(got[0].Users, []care.UserID{w.noor.User, w.maya.User}) {
			w.t.Errorf("reactions: %+v", got)
		}
		events := w.events.take()
		last := events[len(events)-1]
		if last.Type != care.EventMessageUpdated || len(last.Message.Reactions) != 2 || last.Seq != m.Seq {
			w.t.Errorf("told: %+v", last)
		}
		w.set(w.maya, "own_community", false)
		w.must(w.react(w.maya, m, "🎉", false))
		w.refused(w.react(w.maya, m, "🎉", true), care.CodeChatUnavailable)
		if got := w.message(w.leilani, m).Reactions; len(got[0].Users) != 1 {
			w.t.Errorf("taken away: %+v", got)
		}
		for i := range maxReactions - 2 {
			w.must(w.react(w.noor, m, string(rune(0x1F400+i)), true))
		}
		w.refused(w.react(w.noor, m, "🧁", true), care.CodeInvalid)
		w.must(w.react(w.leilani, m, "🎉", true))
	})
}

func TestMentions(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		_, _, err := w.trySay(w.noor, c, "ask "+care.Mention(w.arjun.User))
		w.refused(err, care.CodeInvalid)
		_, _, err = w.trySay(w.noor, w.open(w.noor, care.Direct, w.leilani), "ask "+care.Mention(w.maya.User))
		w.refused(err, care.CodeInvalid)
		m := w.say(w.noor, c, "well done "+care.Mention(w.maya.User)+" and "+care.Mention(w.elias.User)[:10])
		for _, look := range []struct {
			who  care.Actor
			name string
		}{{w.noor, "Maya Lindqvist"}, {w.leilani, "Maya L."}, {w.maya, "Maya Lindqvist"}} {
			got := w.message(look.who, m)
			if len(got.Mentions) != 1 || got.Mentions[0].Name != look.name {
				w.t.Errorf("%s sees %+v", look.who.Name, got.Mentions)
			}
		}
		w.refused(w.edit(w.noor, m, "ask "+care.Mention(w.stranger.User)), care.CodeInvalid)
	})
}

func TestNamesOfFellowClients(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		m := w.say(w.maya, c, "hello")
		w.exec(`UPDATE people SET alias = 'Blue Finch' WHERE id = $1`, w.maya.User)
		check := func(style care.NameStyle, want string) {
			w.t.Helper()
			settings, err := w.chat.Settings(ctx, w.noor)
			w.must(err)
			owner := w.staff(w.org, "Owner of "+string(style), care.RoleOwner)
			_, err = w.chat.ChangeSettings(ctx, owner, SettingsChange{Version: settings.Version, ClientNames: &style})
			w.must(err)
			seen := w.look(w.leilani, c)
			names := []string{w.message(w.leilani, m).Author.Name, seen.LastMessage.Author.Name}
			for _, p := range seen.Members {
				if p.Person.ID == w.maya.User {
					names = append(names, p.Person.Name)
				}
			}
			if !slices.Equal(names, []string{want, want, want}) {
				w.t.Errorf("%s: %q", style, names)
			}
			if got := w.message(w.noor, m).Author.Name; got != "Maya Lindqvist" {
				w.t.Errorf("%s: staff see %q", style, got)
			}
		}
		check(care.NamesInitial, "Maya L.")
		check(care.NamesAlias, "Blue Finch")
		check(care.NamesFull, "Maya Lindqvist")
		style := care.NamesAlias
		_, err := w.chat.ChangeSettings(ctx, w.noor, SettingsChange{Version: 1, ClientNames: &style})
		w.refused(err, care.CodeForbidden)
		owner := w.staff(w.org, "Owner", care.RoleOwner)
		_, err = w.chat.ChangeSettings(ctx, owner, SettingsChange{Version: 1, ClientNames: &style})
		w.refused(err, care.CodeVersionConflict)
	})
}

// The inbox must not find conversations by names that are hidden from who looks.
func TestHiddenNamesAreNotFound(t *testing.T) {
	engines(t, func(w *world) {
		w.open(w.noor, care.Community, w.leilani, w.maya)
		find := func(actor care.Actor, query string) int {
			list, _, err := w.chat.Inbox(ctx, actor, Filter{Query: query}, nil, 10)
			w.must(err)
			return len(list)
		}
		if find(w.leilani, "lindqvist") != 0 || find(w.leilani, "noor") != 1 || find(w.noor, "lindqvist") != 1 {
			w.t.Error("hidden names are found, or others are not")
		}
	})
}

func TestQuotes(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		secret := w.say(w.leilani, c, "canary before joining "+strings.Repeat("ä", 300))
		w.must(func() error { _, err := w.chat.AddMember(ctx, w.noor, c.ID, w.elias.User); return err }())
		reply, _, err := w.chat.Send(ctx, w.maya, Draft{Conversation: c.ID, Body: "me too", ReplyTo: secret.ID})
		w.must(err)
		w.events.wait(reply.ID)
		got := w.message(w.noor, reply).Quoted
		if got == nil || got.ID != secret.ID || got.Author.Name != "Leilani Kahale" || len([]rune(got.Body)) != quoteLength+1 {
			w.t.Errorf("quote: %+v", got)
		}
		if got := w.message(w.maya, reply).Quoted; got == nil || got.Author.Name != "Leilani K." {
			w.t.Errorf("quote for a client: %+v", got)
		}
		if got := w.message(w.elias, reply); got.Quoted != nil || got.ReplyTo != secret.ID {
			w.t.Errorf("who joined later reads %+v", got.Quoted)
		}
		for _, e := range w.events.take() {
			if e.Message != nil && e.Message.Quoted != nil {
				w.t.Error("an event carries a quote, which not all of its readers may read")
			}
		}
		w.must(w.remove(w.leilani, secret))
		if got := w.message(w.noor, reply).Quoted; got == nil || !got.Deleted || got.Body != "" {
			w.t.Errorf("quote of a deleted message: %+v", got)
		}
	})
}

func TestPagesAroundAPlace(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		for range 30 {
			w.now = w.now.Add(time.Hour)
			w.say(w.noor, c, "hourly")
		}
		page := func(p Page) (first, last int64, more bool) {
			w.t.Helper()
			p.Limit = 10
			list, more, err := w.chat.Messages(ctx, w.leilani, c.ID, p)
			w.must(err)
			if len(list) == 0 {
				return 0, 0, more
			}
			return list[0].Seq, list[len(list)-1].Seq, more
		}
		place := func(seq int64) Page { return Page{Around: &seq} }
		for _, want := range []struct {
			page        Page
			first, last int64
			more        bool
		}{
			{place(15), 10, 19, true}, {place(2), 1, 10, false}, {place(30), 25, 30, true}, {place(99), 0, 0, false},
			{Page{At: w.now.Add(-20*time.Hour - time.Minute)}, 5, 14, true},
			{Page{At: w.now.Add(-99 * time.Hour)}, 1, 10, false},
			{Page{At: w.now.Add(time.Hour)}, 25, 30, true},
		} {
			if first, last, more := page(want.page); first != want.first || last != want.last || more != want.more {
				w.t.Errorf("%+v: %d to %d, more %v, want %d to %d, %v", want.page, first, last, more, want.first, want.last, want.more)
			}
		}
	})
}

func TestReadBy(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		m := w.say(w.noor, c, "hello all")
		_, err := w.chat.MarkRead(ctx, w.maya, c.ID, m.Seq)
		w.must(err)
		by, err := w.chat.ReadBy(ctx, w.noor, c.ID, m.Seq)
		if err != nil || by != (ReadBy{Read: 1, Members: 2}) {
			w.t.Errorf("%+v %v", by, err)
		}
		_, err = w.chat.ReadBy(ctx, w.arjun, c.ID, m.Seq)
		w.refused(err, care.CodeNotFound)
		direct := w.open(w.noor, care.Direct, w.leilani)
		m = w.say(w.leilani, direct, "hello")
		_, err = w.chat.MarkRead(ctx, w.noor, direct.ID, m.Seq)
		w.must(err)
		for _, p := range w.look(w.leilani, direct).Members {
			if p.ReadSeq != m.Seq {
				w.t.Errorf("%s has read up to %d", p.Person.Name, p.ReadSeq)
			}
		}
	})
}

// What happens to messages that a client may not read any more comes to them neither live
// nor when they read; what they may read shows later changes when it is read.
func TestChangesOfWithheldPosts(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Community, w.leilani, w.maya)
		before := w.say(w.leilani, c, "before")
		w.turn(w.maya, false, time.Time{})
		after := w.say(w.leilani, c, "canary after")
		w.events.take()
		w.must(w.edit(w.leilani, after, "canary changed"))
		w.must(w.edit(w.leilani, before, "before, changed"))
		w.must(w.react(w.noor, before, "👍", true))
		w.must(w.remove(w.leilani, after))
		for _, e := range w.events.take() {
			if slices.Contains(e.To, w.maya.User) {
				w.t.Errorf("%s was told to the client whose participation is off", e.Type)
			}
		}
		_, err := w.chat.Message(ctx, w.maya, c.ID, after.ID)
		w.refused(err, care.CodeNotFound)
		w.refused(w.react(w.maya, after, "👍", false), care.CodeNotFound)
		if got := w.message(w.maya, before); got.Body != "before, changed" || len(got.Reactions) != 1 {
			w.t.Errorf("reads %+v", got)
		}
	})
}
