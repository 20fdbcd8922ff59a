package chat

import (
	"errors"
	"slices"
	"testing"
	"time"

	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
)

// file makes a file that somebody has sent.
func (w *world) file(of care.Actor, name string) care.AttachmentID {
	w.t.Helper()
	id := care.NewID[care.AttachmentID](w.now)
	w.exec(`INSERT INTO attachments (id, org_id, uploader_id, state, position, name, media_type, size, width, height, duration_ms, thumbnail, created_at, changed_at)
		VALUES ($1, $2, $3, 'ready', 0, $4, 'image/jpeg', 10, 4, 3, 1500, 'image/jpeg', 0, 0)`, id, of.Org, of.User, name)
	return id
}

func (w *world) sayWith(actor care.Actor, c Conversation, body string, files ...care.AttachmentID) care.Message {
	w.t.Helper()
	m, created, err := w.chat.Send(ctx, actor, Draft{Conversation: c.ID, Body: body, Attachments: files})
	if err != nil || !created {
		w.t.Fatal(created, err)
	}
	return m
}

// sees fails unless the actor may, or may not, read a file.
func (w *world) sees(who string, actor care.Actor, file care.AttachmentID, may bool) {
	w.t.Helper()
	got, err := w.chat.Attachment(ctx, actor, file)
	switch {
	case may && (err != nil || got.ID != file):
		w.t.Errorf("%s cannot read the file: %v", who, err)
	case !may && !errors.Is(err, care.NotFound):
		w.t.Errorf("%s: %v, want not found", who, err)
	}
}

func fileIDs(m care.Message) []care.AttachmentID { return idsOf(m.Attachments) }

func TestMessageWithFiles(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		one, two := w.file(w.leilani, "one.jpg"), w.file(w.leilani, "two.jpg")
		d := Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Attachments: []care.AttachmentID{two, one}}
		m, _, err := w.chat.Send(ctx, w.leilani, d) // no text
		if err != nil {
			w.t.Fatal(err)
		}
		want := []care.AttachmentID{two, one}
		first := m.Attachments[0]
		if !slices.Equal(fileIDs(m), want) || first.Name != "two.jpg" || first.Width != 4 || first.Duration != 1500*time.Millisecond || !first.Thumbnail {
			w.t.Errorf("sent with %+v", m.Attachments)
		}
		w.events.wait(m.ID)
		if events := w.events.take(); len(events) == 0 || !slices.Equal(fileIDs(*events[len(events)-1].Message), want) {
			w.t.Errorf("told with %+v", events)
		}
		list, _, err := w.chat.Messages(ctx, w.noor, c.ID, Page{Limit: 5})
		if err != nil || len(list) != 1 || !slices.Equal(fileIDs(list[0]), want) {
			w.t.Errorf("read with %+v, %v", list, err)
		}
		// The same again is harmless; other files under that id are not the same.
		again, created, err := w.chat.Send(ctx, w.leilani, d)
		if err != nil || created || !slices.Equal(fileIDs(again), want) {
			w.t.Errorf("again: %+v %v %v", again, created, err)
		}
		d.Attachments = []care.AttachmentID{one, two}
		_, _, err = w.chat.Send(ctx, w.leilani, d)
		w.refused(err, care.CodeIDReused)
	})
}

func TestFilesThatCannotBeSent(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		used, free, noors := w.file(w.leilani, "used"), w.file(w.leilani, "free"), w.file(w.noor, "noor's")
		w.sayWith(w.leilani, c, "", used)
		var many []care.AttachmentID
		for range 11 {
			many = append(many, w.file(w.leilani, "many"))
		}
		for what, files := range map[string][]care.AttachmentID{
			"another's": {noors}, "of another message": {used}, "nobody's": {care.NewID[care.AttachmentID](w.now)}, "twice": {free, free}, "too many": many,
		} {
			_, _, err := w.chat.Send(ctx, w.leilani, Draft{Conversation: c.ID, Body: "x", Attachments: files})
			if refusal := w.refused(err, care.CodeInvalid); len(refusal.Fields) != 1 || refusal.Fields[0].Field != "attachment_ids" {
				w.t.Errorf("%s: %+v", what, refusal)
			}
		}
		w.chat.LimitFiles(12)
		w.sayWith(w.leilani, c, "", many...)
		// A file obeys the switches as a text does, and stays its sender's.
		w.set(w.leilani, "own_direct", false)
		_, _, err := w.chat.Send(ctx, w.leilani, Draft{Conversation: c.ID, Attachments: []care.AttachmentID{free}})
		w.refused(err, care.CodeChatUnavailable)
		_, _, err = w.chat.Send(ctx, w.noor, Draft{Conversation: c.ID, Attachments: []care.AttachmentID{noors}})
		w.refused(err, care.CodeChatUnavailable)
		w.sees("its sender", w.leilani, free, true)
		w.sees("the provider", w.noor, free, false)
		w.sees("after the switch, what was sent before", w.leilani, used, true)
	})
}

// Two sends of one batch that name the same file: one gets it, the other is refused.
func TestOneFileInOneBatch(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		file := w.file(w.noor, "one")
		var batch []*pending
		for range 2 {
			d := Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Attachments: []care.AttachmentID{file}}
			batch = append(batch, &pending{ctx: ctx, actor: w.noor, draft: d, hash: d.contentHash(w.noor.User), done: make(chan Sent, 1)})
		}
		w.chat.deliver(batch)
		stored := 0
		for _, p := range batch {
			if sent := <-p.done; sent.Err == nil {
				stored++
			} else {
				w.refused(sent.Err, care.CodeInvalid)
			}
		}
		if stored != 1 || w.count(`SELECT COUNT(*) FROM messages`) != 1 {
			w.t.Errorf("%d messages have the file", stored)
		}
	})
}

// Who may read a message may read its files, and nobody else: members within their
// bounds, staff through the inbox, never another practice.
func TestWhoReadsFiles(t *testing.T) {
	engines(t, func(w *world) {
		direct := w.open(w.noor, care.Direct, w.leilani)
		loose, sent := w.file(w.leilani, "loose"), w.file(w.leilani, "sent")
		w.sayWith(w.leilani, direct, "", sent)
		w.sees("the sender", w.leilani, sent, true)
		w.sees("the provider", w.noor, sent, true)
		w.sees("the inbox", w.sam, sent, true)
		w.sees("a colleague outside", w.elias, sent, false)
		w.sees("another client", w.maya, sent, false)
		w.sees("another practice", w.mallory, sent, false)
		w.sees("the sender, unsent", w.leilani, loose, true)
		w.sees("the provider, unsent", w.noor, loose, false)
		w.sees("nobody's", w.noor, care.NewID[care.AttachmentID](w.now), false)
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = 'conversation.read_by_outsider'`); n != 1 {
			w.t.Errorf("the reading through the inbox was recorded %d times", n)
		}

		community := w.open(w.noor, care.Community, w.leilani, w.maya)
		before, after := w.file(w.noor, "before"), w.file(w.noor, "after")
		w.sayWith(w.noor, community, "", before)
		w.turn(w.maya, false, time.Time{})
		w.sayWith(w.noor, community, "", after)
		w.sees("C off, from before", w.maya, before, true)
		w.sees("C off, withheld", w.maya, after, false)
		w.sees("the others", w.leilani, after, true)
	})
}

func TestFilesOfDeletedMessages(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		file := w.file(w.noor, "gone")
		m := w.sayWith(w.noor, c, "with a text", file)
		if _, err := w.chat.Edit(ctx, w.noor, c.ID, m.ID, ""); err != nil {
			w.t.Errorf("a text beside files can be taken away: %v", err)
		}
		plain := w.say(w.noor, c, "only text")
		_, err := w.chat.Edit(ctx, w.noor, c.ID, plain.ID, " ")
		w.refused(err, care.CodeInvalid)
		if err := w.chat.Delete(ctx, w.noor, c.ID, m.ID); err != nil {
			w.t.Fatal(err)
		}
		w.sees("its sender", w.noor, file, false)
		w.sees("the client", w.leilani, file, false)
		list, _, err := w.chat.Messages(ctx, w.leilani, c.ID, Page{Limit: 5})
		if err != nil || len(list[0].Attachments) != 0 {
			w.t.Errorf("the tombstone has %+v, %v", list[0].Attachments, err)
		}
		_, _, err = w.chat.Send(ctx, w.noor, Draft{Conversation: c.ID, Attachments: []care.AttachmentID{file}})
		w.refused(err, care.CodeInvalid)
	})
}

// A scheduled message keeps its files until it goes, and lets go of them when it is
// cancelled.
func TestScheduledFiles(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		file, other := w.file(w.noor, "later"), w.file(w.noor, "never")
		at := w.now.Add(48 * time.Hour)
		d := Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Attachments: []care.AttachmentID{file}}
		for _, fresh := range []bool{true, false} { // and the same request again
			kept, created, err := w.chat.Schedule(ctx, w.noor, d, at)
			if err != nil || created != fresh || len(kept.Attachments) != 1 || kept.Attachments[0].ID != file {
				w.t.Fatalf("%+v %v %v", kept, created, err)
			}
		}
		_, _, err := w.chat.Send(ctx, w.noor, Draft{Conversation: c.ID, Attachments: []care.AttachmentID{file}})
		w.refused(err, care.CodeInvalid)
		w.sees("its author", w.noor, file, true)
		w.sees("the client, too early", w.leilani, file, false)
		list, _, err := w.chat.ScheduledList(ctx, w.noor, ScheduleFilter{}, nil, 10)
		if err != nil || len(list) != 1 || len(list[0].Attachments) != 1 {
			w.t.Errorf("listed %+v, %v", list, err)
		}
		cancelled, _, err := w.chat.Schedule(ctx, w.noor, Draft{Conversation: c.ID, Attachments: []care.AttachmentID{other}}, at)
		if err != nil {
			w.t.Fatal(err)
		}
		if err := w.chat.CancelScheduled(ctx, w.noor, cancelled.ID); err != nil {
			w.t.Fatal(err)
		}
		w.sees("the author of a cancelled one", w.noor, other, false)
		w.now = at.Add(time.Second)
		if err := w.chat.SendScheduled(ctx, d.ID, c.ID); err != nil {
			w.t.Fatal(err)
		}
		w.sees("the client, when it went", w.leilani, file, true)
		m, _, err := w.chat.Send(ctx, w.noor, d)
		if err != nil || len(m.Attachments) != 1 {
			w.t.Errorf("the same send: %+v, %v", m, err)
		}
	})
}

// The files of a scheduled message can be exchanged until it goes: it keeps, gets and
// loses some, in one step.
func TestScheduledFilesCanBeChanged(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		one, two, three, used, hers := w.file(w.noor, "one"), w.file(w.noor, "two"), w.file(w.noor, "three"), w.file(w.noor, "used"), w.file(w.leilani, "hers")
		w.sayWith(w.noor, c, "", used)
		at := w.now.Add(time.Hour)
		m, _, err := w.chat.Schedule(ctx, w.noor, Draft{Conversation: c.ID, Attachments: []care.AttachmentID{one, two}}, at)
		w.must(err)
		change := func(files ...care.AttachmentID) (Scheduled, error) {
			return w.chat.Reschedule(ctx, w.noor, m.ID, ScheduleChange{Files: &files})
		}
		for what, files := range map[string][]care.AttachmentID{
			"of another message": {one, used}, "somebody else's": {hers}, "twice": {one, one}, "too many": make([]care.AttachmentID, 11), "nothing at all": {},
		} {
			if _, err := change(files...); !errors.Is(err, care.Invalid) {
				w.t.Errorf("%s: %v", what, err)
			}
		}
		want := []care.AttachmentID{three, one}
		changed, err := change(want...)
		if err != nil || !slices.Equal(idsOf(changed.Attachments), want) || changed.Version != m.Version+1 {
			w.t.Errorf("became %+v, %v", changed, err)
		}
		w.sees("the author, what was taken out", w.noor, two, false)
		kept, err := w.chat.Reschedule(ctx, w.noor, m.ID, ScheduleChange{Body: new("with words")})
		if err != nil || !slices.Equal(idsOf(kept.Attachments), want) {
			w.t.Errorf("new words: %+v, %v", kept, err)
		}
		w.now = at
		w.must(w.chat.SendScheduled(ctx, m.ID, c.ID))
		list, _, err := w.chat.Messages(ctx, w.leilani, c.ID, Page{Limit: 1})
		if err != nil || !slices.Equal(fileIDs(list[0]), want) || list[0].Body != "with words" {
			w.t.Errorf("went as %+v, %v", list, err)
		}
		if _, err := change(one); !errors.Is(err, care.Conflict) {
			w.t.Errorf("after it went: %v", err)
		}
	})
}

// The files of a message that was skipped go with its row.
func TestSkippedFilesAreForgotten(t *testing.T) {
	engines(t, func(w *world) {
		c := w.open(w.noor, care.Direct, w.leilani)
		file, sent := w.file(w.noor, "skipped"), w.file(w.noor, "sent")
		at := w.now.Add(time.Hour)
		goes, _, err := w.chat.Schedule(ctx, w.noor, Draft{Conversation: c.ID, Attachments: []care.AttachmentID{sent}}, at)
		if err != nil {
			w.t.Fatal(err)
		}
		w.now = at
		if err := w.chat.SendScheduled(ctx, goes.ID, c.ID); err != nil {
			w.t.Fatal(err)
		}
		at = at.Add(time.Hour)
		skipped, _, err := w.chat.Schedule(ctx, w.noor, Draft{Conversation: c.ID, Attachments: []care.AttachmentID{file}}, at)
		if err != nil {
			w.t.Fatal(err)
		}
		w.set(w.leilani, "own_direct", false)
		w.now = at
		if err := w.chat.SendScheduled(ctx, skipped.ID, c.ID); err != nil {
			w.t.Fatal(err)
		}
		w.sees("the author", w.noor, file, true)
		w.now = w.now.Add(keepSettled + time.Hour)
		if err := w.chat.sweepScheduled(ctx); err != nil {
			w.t.Fatal(err)
		}
		w.sees("the author, later", w.noor, file, false)
		w.sees("the client, what was sent", w.leilani, sent, true)
		err = w.db.Read(ctx, func(tx *db.Tx) error {
			_, found, err := attach.Find(ctx, tx, file)
			if found {
				w.t.Error("the file is still there")
			}
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
	})
}
