package blast

import (
	"io"
	"slices"
	"testing"
	"time"

	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/chat"
)

// mayRead tells whether somebody reads a file.
func (w *world) mayRead(actor care.Actor, id care.AttachmentID) bool {
	w.t.Helper()
	f, err := w.chat.Attachment(ctx, actor, id)
	if err != nil {
		w.refused(err, care.CodeNotFound)
		return false
	}
	if f.ID != id {
		w.t.Errorf("%s gets another file", actor.Name)
	}
	return true
}

// A file of a blast is stored once, and read by who got it, who sent it and who reads the
// conversations anyway; deleting one message takes it from that reader alone.
func TestFilesAreStoredOnceAndReadByEach(t *testing.T) {
	engines(t, func(w *world) {
		other := w.client(w.org, "Nina Notchosen", w.noor)
		w.set(w.maya, "own_direct", false)
		rhea := w.client(w.org, "Rhea Reached", w.noor)
		one, two := w.file(w.noor, "one.csv"), w.file(w.noor, "two.csv")
		b := w.blast(w.noor, Request{Recipients: named(w.leilani, w.maya, rhea), Files: []care.AttachmentID{two, one}})
		if b.Title != "Message blast" || len(b.Files) != 2 || b.Files[0].ID != two {
			t.Fatalf("%q with %+v", b.Title, b.Files)
		}
		if w.mayRead(w.leilani, one) {
			t.Error("read before it was sent")
		}
		w.work()
		if n := w.count(`SELECT COUNT(*) FROM attachments`); n != 2 {
			t.Errorf("%d rows of files", n)
		}
		for _, who := range []care.Actor{w.leilani, rhea} {
			m := w.reads(who)
			if len(m.Attachments) != 2 || m.Attachments[0].ID != two || m.Attachments[1].ID != one {
				t.Errorf("%s reads %+v", who.Name, m.Attachments)
			}
		}
		readers := func(want ...care.Actor) {
			t.Helper()
			for _, who := range []care.Actor{w.noor, w.elias, w.sam, w.olga, w.mallory, w.leilani, w.maya, rhea, other, w.arjun, w.stranger} {
				wanted := slices.ContainsFunc(want, func(a care.Actor) bool { return a.User == who.User })
				if got := w.mayRead(who, one); got != wanted {
					t.Errorf("%s reads the file: %v, want %v", who.Name, got, wanted)
				}
			}
		}
		readers(w.noor, w.sam, w.olga, w.leilani, rhea)
		in := w.inbox(rhea, chat.Filter{})[0]
		w.must(w.chat.Delete(ctx, w.noor, in.ID, in.LastMessage.ID))
		readers(w.noor, w.sam, w.olga, w.leilani)
		if m := w.reads(w.leilani); len(m.Attachments) != 2 {
			t.Error("the others lost the files")
		}
		if m := w.reads(rhea); len(m.Attachments) != 0 || m.DeletedAt.IsZero() {
			t.Errorf("the tombstone has %+v", m.Attachments)
		}
		w.must(w.attach.Sweep(ctx))
		stored, err := w.attach.Open(ctx, one, false)
		w.must(err)
		text, err := io.ReadAll(stored)
		w.must(err)
		_ = stored.Close()
		if string(text) != "a;b\n1;2\n" {
			t.Errorf("the bytes are %q", text)
		}
		w.field(w.try(w.noor, Request{Recipients: named(w.leilani), Files: []care.AttachmentID{one}}), "attachment_ids", "used")
		w.field(w.try(w.olga, Request{Recipients: named(w.leilani), Files: []care.AttachmentID{w.file(w.noor, "mine.csv")}}), "attachment_ids", "unknown")
	})
}

// An edit adds files and takes some away; what was taken away goes.
func TestEditingFiles(t *testing.T) {
	engines(t, func(w *world) {
		one, two, three := w.file(w.noor, "one.csv"), w.file(w.noor, "two.csv"), w.file(w.noor, "three.csv")
		b := w.blast(w.noor, Request{Body: "x", Recipients: named(w.leilani), Files: []care.AttachmentID{one, two}, SendAt: w.clock.Now().Add(time.Hour)})
		b, err := w.blasts.Edit(ctx, w.noor, b.ID, Change{Version: b.Version, Files: &[]care.AttachmentID{three, two}})
		w.must(err)
		if len(b.Files) != 2 || b.Files[0].ID != three || b.Files[1].ID != two {
			t.Errorf("%+v", b.Files)
		}
		_, err = w.blasts.Edit(ctx, w.noor, b.ID, Change{Version: b.Version, Files: &[]care.AttachmentID{one}})
		w.field(err, "attachment_ids", "unknown") // it is gone
		_, err = w.blasts.Edit(ctx, w.noor, b.ID, Change{Version: b.Version, Body: pointer(""), Files: &[]care.AttachmentID{}})
		w.field(err, "body", "required")
		b, err = w.blasts.Edit(ctx, w.noor, b.ID, Change{Version: b.Version, Files: &[]care.AttachmentID{}})
		w.must(err)
		if len(b.Files) != 0 {
			t.Errorf("%+v", b.Files)
		}
		w.clock.Advance(time.Hour)
		w.work()
		if m := w.reads(w.leilani); len(m.Attachments) != 0 {
			t.Errorf("%+v", m.Attachments)
		}
	})
}

// Cancelled before it began a blast gives its files back, and what is not used goes.
func TestCancelGivesFilesBack(t *testing.T) {
	engines(t, func(w *world) {
		file := w.file(w.noor, "one.csv")
		b := w.blast(w.noor, Request{Body: "x", Recipients: named(w.leilani), Files: []care.AttachmentID{file}, SendAt: w.clock.Now().Add(72 * time.Hour)})
		w.clock.Advance(71 * time.Hour) // long after it would be swept, were it not the blast's
		w.must(w.attach.Sweep(ctx))
		b, err := w.blasts.Cancel(ctx, w.noor, b.ID)
		w.must(err)
		if len(b.Files) != 0 || !w.mayRead(w.noor, file) || w.mayRead(w.sam, file) {
			t.Errorf("%+v", b.Files)
		}
		w.clock.Advance(attach.Abandoned + time.Minute)
		w.must(w.attach.Sweep(ctx))
		if w.mayRead(w.noor, file) {
			t.Error("a file that nothing has is kept for ever")
		}
	})
}

// The id of a message that has files is no id for a blast: its files would be the blast's,
// to be shown to many and taken away with it.
func TestABlastTakesNoFilesOfAMessage(t *testing.T) {
	engines(t, func(w *world) {
		opened, err := w.chat.Open(ctx, w.noor, chat.Opening{Kind: care.Direct, Members: []care.UserID{w.maya.User}})
		w.must(err)
		hers := w.file(w.maya, "private.csv")
		m, _, err := w.chat.Send(ctx, w.maya, chat.Draft{Conversation: opened.Conversation.ID, Attachments: []care.AttachmentID{hers}})
		w.must(err)
		for _, files := range [][]care.AttachmentID{nil, {w.file(w.noor, "mine.csv")}} {
			r := Request{ID: care.BlastID(m.ID), Body: "x", Recipients: named(w.leilani), Files: files, Grace: time.Minute}
			w.refused(w.try(w.noor, r), care.CodeIDReused)
		}
		if list := w.reads(w.maya).Attachments; len(list) != 1 || list[0].ID != hers || !w.mayRead(w.noor, hers) || w.mayRead(w.leilani, hers) {
			t.Errorf("%+v", list)
		}
		if n := w.count(`SELECT COUNT(*) FROM blasts`); n != 0 {
			t.Errorf("%d blasts", n)
		}
	})
}

// Nobody adds files to a colleague's blast by writing a message under its id.
func TestABlastsIdTakesNoFilesOfOthers(t *testing.T) {
	engines(t, func(w *world) {
		b := w.blast(w.noor, Request{Body: "See the plan", Recipients: named(w.leilani), Files: []care.AttachmentID{w.file(w.noor, "plan.csv")}})
		w.work()
		room := w.room(w.elias, w.arjun)
		_, _, err := w.chat.Send(ctx, w.elias, chat.Draft{
			ID: care.MessageID(b.ID), Conversation: room, Attachments: []care.AttachmentID{w.file(w.elias, "other.csv")},
		})
		w.refused(err, care.CodeIDReused)
		if files := w.get(w.noor, b).Files; len(files) != 1 || files[0].Name != "plan.csv" {
			t.Errorf("the blast has %+v", files)
		}
	})
}
