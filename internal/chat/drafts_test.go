package chat

import (
	"errors"
	"slices"
	"testing"
	"time"

	"hearth/internal/care"
)

// keep saves a draft and gives how it is then.
func (w *world) keep(actor care.Actor, c Conversation, change DraftChange) Conversation {
	w.t.Helper()
	w.must(w.chat.SaveDraft(ctx, actor, c.ID, change))
	return w.look(actor, c)
}

// What goes with the text is kept with it, changed by itself, and its writer's alone.
func TestDraftsKeepTheReplyAndFiles(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		m := w.say(w.leilani, c, "How much coconut?")
		one, two := w.file(w.noor, "one"), w.file(w.noor, "two")
		w.events.take()
		kept := w.keep(w.noor, c, DraftChange{Body: new("A spoonful"), ReplyTo: &m.ID, Files: &[]care.AttachmentID{two, one}})
		if kept.Draft != "A spoonful" || kept.DraftReply != m.ID || !slices.Equal(idsOf(kept.DraftFiles), []care.AttachmentID{two, one}) {
			w.t.Errorf("kept %q, %v, %+v", kept.Draft, kept.DraftReply, kept.DraftFiles)
		}
		if events := w.events.take(); len(events) != 1 || events[0].Text != "" || !slices.Equal(events[0].To, []care.UserID{w.noor.User}) {
			w.t.Errorf("told %+v", events)
		}
		list, _, err := w.chat.Inbox(ctx, w.noor, Filter{}, nil, 5)
		if err != nil || len(list) != 1 || list[0].DraftReply != m.ID || len(list[0].DraftFiles) != 2 {
			w.t.Errorf("listed %+v, %v", list, err)
		}
		if hers := w.look(w.leilani, c); hers.Draft != "" || !hers.DraftReply.IsZero() || hers.DraftFiles != nil {
			w.t.Errorf("the client sees %+v", hers.DraftFiles)
		}
		w.sees("its writer", w.noor, two, true)
		w.sees("the client", w.leilani, two, false)
		if kept = w.keep(w.noor, c, DraftChange{Body: new("Two spoonfuls")}); kept.DraftReply != m.ID || len(kept.DraftFiles) != 2 {
			w.t.Errorf("a new text changed more: %+v", kept)
		}
		if kept = w.keep(w.noor, c, DraftChange{ReplyTo: &care.MessageID{}, Files: &[]care.AttachmentID{one}}); kept.Draft != "Two spoonfuls" || !kept.DraftReply.IsZero() || !slices.Equal(idsOf(kept.DraftFiles), []care.AttachmentID{one}) {
			w.t.Errorf("less of it: %+v", kept)
		}
		if kept = w.keep(w.noor, c, DraftChange{Body: new("")}); len(kept.DraftFiles) != 1 {
			w.t.Error("a draft of a file needs no text")
		}
		w.sayWith(w.noor, c, "Here", one)
		if kept = w.look(w.noor, c); kept.DraftFiles != nil {
			w.t.Errorf("what was sent is in the draft: %+v", kept.DraftFiles)
		}
		w.keep(w.noor, c, DraftChange{Files: &[]care.AttachmentID{}})
		if n := w.count(`SELECT COUNT(*) FROM drafts`); n != 0 {
			w.t.Errorf("%d empty drafts are left", n)
		}
	})
}

func TestDraftsThatCannotBe(t *testing.T) {
	engines(t, func(w *world) {
		c, other := w.open(w.noor, care.Direct, w.leilani), w.open(w.noor, care.Direct, w.maya)
		elsewhere, gone := w.say(w.noor, other, "to Maya"), w.say(w.noor, c, "gone")
		w.must(w.chat.Delete(ctx, w.noor, c.ID, gone.ID))
		used := w.file(w.noor, "used")
		w.sayWith(w.noor, c, "", used)
		mine := w.file(w.noor, "mine")
		for what, change := range map[string]DraftChange{
			"a reply to another conversation": {ReplyTo: &elsewhere.ID},
			"a reply to what is deleted":      {ReplyTo: &gone.ID},
			"somebody else's file":            {Files: &[]care.AttachmentID{w.file(w.leilani, "hers")}},
			"a file of a message":             {Files: &[]care.AttachmentID{used}},
			"a file twice":                    {Files: &[]care.AttachmentID{mine, mine}},
			"eleven files":                    {Files: new(make([]care.AttachmentID, 11))},
		} {
			var refusal *care.Error
			if err := w.chat.SaveDraft(ctx, w.noor, c.ID, change); !errors.As(err, &refusal) || refusal.Code != care.CodeInvalid {
				w.t.Errorf("%s: %v", what, err)
			}
		}
		if w.look(w.noor, c).DraftFiles != nil || w.count(`SELECT COUNT(*) FROM drafts`) != 0 {
			w.t.Error("something was kept")
		}
		// A client whose posts are withheld cannot answer one of them.
		chat := w.open(w.noor, care.Community, w.leilani, w.maya)
		w.turn(w.maya, false, time.Time{})
		late := w.say(w.noor, chat, "later")
		w.refused(w.chat.SaveDraft(ctx, w.maya, chat.ID, DraftChange{ReplyTo: &late.ID}), care.CodeInvalid)
	})
}
