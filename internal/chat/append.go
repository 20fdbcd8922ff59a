package chat

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// entry is a message about to be stored.
type entry struct {
	message   care.Message
	hash      [16]byte
	countable int64
}

// number gives a message the next place in its thread. Notices of the program take a
// number but are never unread.
func (t *thread) number(m *care.Message, hash [16]byte) entry {
	t.lastSeq++
	if m.Kind != care.SystemMessage {
		t.countable++
	}
	m.Conversation, m.Seq = t.id, t.lastSeq
	return entry{message: *m, hash: hash, countable: t.countable}
}

// moment gives when a message is stored: never before the one it follows, and after the
// bulk change of chat access that counts now, whose time tells what it withholds.
func (t *thread) moment(now time.Time, floor int64) time.Time {
	t.active = max(db.Millis(now), t.active, floor)
	return db.FromMillis(t.active)
}

// appendSends stores the allowed sends of a batch with a handful of statements and marks
// what came before as read for their authors.
func appendSends(ctx context.Context, tx *db.Tx, now time.Time, f *facts, sends []*pending) error {
	entries := make([]entry, len(sends))
	touched := make([]*thread, 0, len(sends))
	seen := make(map[care.ConversationID]struct{}, len(sends))
	events := make([]outbox.Event, len(sends))
	for i, p := range sends {
		t := f.threads[p.draft.Conversation]
		p.created, p.message = true, p.compose(f.names, t.moment(now, f.floors[t.org]))
		if f.mentioned != nil {
			p.message.Mentions = known(care.MentionsIn(p.draft.Body), f.mentioned)
		}
		f.takeFiles(p)
		entries[i] = t.number(&p.message, p.hash)
		events[i] = t.written(&entries[i].message)
		if _, twice := seen[t.id]; !twice {
			seen[t.id] = struct{}{}
			touched = append(touched, t)
		}
	}
	if err := appendEntries(ctx, tx, touched, entries); err != nil {
		return err
	}
	if err := outbox.Append(ctx, tx, events...); err != nil {
		return err
	}
	if err := claimFiles(ctx, tx, now, sends); err != nil {
		return err
	}
	return markAuthorsRead(ctx, tx, entries)
}

func (p *pending) compose(names map[care.UserID]string, now time.Time) care.Message {
	m := care.Message{
		ID: p.draft.ID, Author: p.actor.Person(), Body: p.draft.Body, ReplyTo: p.draft.ReplyTo,
		CreatedAt: now, Kind: care.TextMessage,
	}
	if !p.onBehalfOf.IsZero() {
		m.OnBehalfOf = &care.Person{ID: p.onBehalfOf, Name: names[p.onBehalfOf], Kind: care.KindStaff}
	}
	return m
}

// appendEntries writes messages that were numbered, and where their threads stand now.
// The threads' rows are locked by this transaction.
func appendEntries(ctx context.Context, tx *db.Tx, threads []*thread, entries []entry) error {
	for part := range chunks(threads) {
		values := make([]any, 0, 4*len(part))
		for _, t := range part {
			values = append(values, t.id, t.lastSeq, t.countable, t.active)
		}
		_, err := tx.Exec(ctx, moveThreads(tx, len(part)), values...)
		if err != nil {
			return err
		}
	}
	if err := wake(ctx, tx, threads, entries); err != nil {
		return err
	}
	const columns = 12
	for part := range chunks(entries) {
		values := make([]any, 0, columns*len(part))
		for i := range part {
			e := &part[i]
			m := &e.message
			var behalf care.UserID
			if m.OnBehalfOf != nil {
				behalf = m.OnBehalfOf.ID
			}
			values = append(values, m.Conversation, m.Seq, m.ID, m.Kind, m.Author.ID, behalf, m.ReplyTo,
				m.Body, e.countable, e.hash[:], db.Millis(m.CreatedAt), int64(m.Extras))
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO messages (conversation_id, seq, id, kind, author_id, on_behalf_of, reply_to,
				body, countable, content_hash, created_at, extras)
			VALUES `+db.Rows(1, len(part), columns), values...)
		if err != nil {
			return err
		}
	}
	return nil
}

// written tells those who are notified, and other programs, of what somebody wrote in the
// thread. What the program says there (somebody joined) is for nobody of them.
func (t *thread) written(m *care.Message) outbox.Event {
	return outbox.Event{Org: t.org, Kind: outbox.MessageCreated, Subject: t.id, Seq: m.Seq, At: m.CreatedAt}
}

// tellOf notes for other programs what became of a conversation.
func tellOf(ctx context.Context, tx *db.Tx, kind outbox.Kind, org care.OrgID, id care.ConversationID, at time.Time) error {
	return outbox.Append(ctx, tx, outbox.Event{Org: org, Kind: kind, Subject: id, At: at})
}

// moveThreads is the statement that says where so many threads stand.
func moveThreads(tx *db.Tx, threads int) string {
	return `UPDATE conversations SET last_seq = v.column2, countable = v.column3, last_activity_at = v.column4
		FROM (VALUES ` + tx.Values(threads, "id", "int", "int", "int") + `) AS v WHERE id = v.column1`
}

// moveReadMarks is the statement that moves so many read marks forward.
func moveReadMarks(tx *db.Tx, marks int) string {
	return `UPDATE conversation_members SET read_seq = v.column3, read_countable = v.column4, marked_unread = FALSE
		FROM (VALUES ` + tx.Values(marks, "id", "id", "int", "int") + `) AS v
		WHERE conversation_id = v.column1 AND user_id = v.column2 AND read_seq < v.column3`
}

// markAuthorsRead moves the authors' read marks to their own newest message: whoever
// writes has seen what came before.
func markAuthorsRead(ctx context.Context, tx *db.Tx, entries []entry) error {
	type key struct {
		conversation care.ConversationID
		author       care.UserID
	}
	last := make(map[key]int, len(entries))
	var newest []entry
	for _, e := range entries {
		k := key{e.message.Conversation, e.message.Author.ID}
		if at, known := last[k]; known {
			newest[at] = e
			continue
		}
		last[k] = len(newest)
		newest = append(newest, e)
	}
	for part := range chunks(newest) {
		values := make([]any, 0, 4*len(part))
		for _, e := range part {
			values = append(values, e.message.Conversation, e.message.Author.ID, e.message.Seq, e.countable)
		}
		_, err := tx.Exec(ctx, moveReadMarks(tx, len(part)), values...)
		if err != nil {
			return err
		}
	}
	return nil
}

// chunks cuts a list into parts of at most 64 whose lengths beyond 16 are multiples of
// four: a batch needs one or two statements, and a statement with many rows has few texts
// to compile and keep.
func chunks[T any](list []T) func(yield func([]T) bool) {
	return func(yield func([]T) bool) {
		for len(list) > 0 {
			n := min(64, len(list))
			if n > 16 {
				n &^= 3
			}
			if !yield(list[:n]) {
				return
			}
			list = list[n:]
		}
	}
}
