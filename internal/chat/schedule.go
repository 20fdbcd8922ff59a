package chat

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"strings"
	"time"

	"hearth/internal/access"
	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// ScheduleState says what became of a scheduled message.
type ScheduleState string

// The states of a scheduled message. From the last three there is no way back.
const (
	ScheduleWaiting   ScheduleState = "scheduled"
	ScheduleSent      ScheduleState = "sent"
	ScheduleSkipped   ScheduleState = "skipped"
	ScheduleCancelled ScheduleState = "cancelled" // only its author's devices hear of it, once
)

// Scheduled is a message that is sent later. Its id is the message's as well.
type Scheduled struct {
	ID           care.MessageID
	Conversation care.ConversationID
	State        ScheduleState
	Why          care.Code // with ScheduleSkipped
	Body         string
	Attachments  []care.Attachment
	ReplyTo      care.MessageID
	OnBehalfOf   care.UserID
	SendAt       time.Time
	Version      int64
	CreatedAt    time.Time
	SettledAt    time.Time // when it was sent or skipped

	org    care.OrgID
	author care.UserID
	hash   []byte
}

const (
	// keepSettled is how long sent and skipped ones are listed.
	keepSettled = 30 * 24 * time.Hour
	// furthest is how far ahead a message can be scheduled.
	furthest = 366 * 24 * time.Hour
)

const scheduledColumns = `id, org_id, conversation_id, author_id, state, why, body, reply_to, on_behalf_of,
	send_at, version, content_hash, created_at, settled_at`

func scanScheduled(row db.Scanner) (s Scheduled, err error) {
	var sendAt, created int64
	var settled *int64
	err = row.Scan(&s.ID, &s.org, &s.Conversation, &s.author, &s.State, &s.Why, &s.Body, &s.ReplyTo, &s.OnBehalfOf,
		&sendAt, &s.Version, &s.hash, &created, &settled)
	s.SendAt, s.CreatedAt = db.FromMillis(sendAt), db.FromMillis(created)
	if settled != nil {
		s.SettledAt = db.FromMillis(*settled)
	}
	return s, err
}

// Schedule keeps a message to be sent at a time. It is refused at once with the codes of
// [Service.Send] if it could not be sent now, and judged again when it goes. created is
// false when the same request was made before; the message is then as it is now.
func (s *Service) Schedule(ctx context.Context, actor care.Actor, draft Draft, sendAt time.Time) (kept Scheduled, created bool, err error) {
	if err := s.checkContent(draft); err != nil {
		return kept, false, err
	}
	if draft.ID.IsZero() {
		draft.ID = care.NewID[care.MessageID](s.clock())
	}
	p := &pending{ctx: ctx, actor: actor, draft: draft, hash: draft.contentHash(actor.User)}
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		kept, created, err = s.schedule(ctx, tx, p, sendAt)
		if err != nil || !created {
			return nil, err
		}
		return []care.Event{kept.event()}, nil
	})
	return kept, created, err
}

func (s *Service) schedule(ctx context.Context, tx *db.Tx, p *pending, sendAt time.Time) (Scheduled, bool, error) {
	f, err := loadFacts(ctx, tx, []*pending{p})
	if err != nil {
		return Scheduled{}, false, err
	}
	hash := scheduleHash(p.hash, sendAt)
	if f.readable(p) {
		old, found, err := db.One(ctx, tx, scanScheduled, `SELECT `+scheduledColumns+` FROM scheduled_messages WHERE id = $1`, p.draft.ID)
		if err != nil || found {
			again := []Scheduled{old}
			err = cmp.Or(err, addScheduledFiles(ctx, tx, again))
			return sameSchedule(again[0], hash, err)
		}
	}
	if err := f.judge(p); err != nil {
		return Scheduled{}, false, err
	}
	now := s.clock()
	if err := checkSendAt(now, sendAt); err != nil {
		return Scheduled{}, false, err
	}
	kept := Scheduled{
		ID: p.draft.ID, Conversation: p.draft.Conversation, State: ScheduleWaiting, Body: p.draft.Body,
		ReplyTo: p.draft.ReplyTo, OnBehalfOf: p.draft.OnBehalfOf, SendAt: sendAt, Version: 1, CreatedAt: now,
		org: p.actor.Org, author: p.actor.User, hash: hash,
	}
	if err := s.insertScheduled(ctx, tx, kept); err != nil {
		return Scheduled{}, false, err
	}
	// The files wait with the message: its id is the message's.
	kept.Attachments = f.files.Of(p.draft.Attachments)
	return kept, true, attach.Claim(ctx, tx, now, kept.ID, p.draft.Attachments)
}

// readable reports whether the actor may know of the conversation, which comes before
// everything else that could be said about an id.
func (f *facts) readable(p *pending) bool {
	t := f.threads[p.draft.Conversation]
	if t == nil {
		return false
	}
	_, refusal := access.Read(p.actor, f.subject(t, p.actor))
	return refusal == nil
}

// judge decides as for a send. A message that was stored under the id is not scheduled.
func (f *facts) judge(p *pending) error {
	switch {
	case f.decide(p):
		return nil
	case p.refusal != nil:
		return p.refusal
	default:
		return reused()
	}
}

func sameSchedule(old Scheduled, hash []byte, err error) (Scheduled, bool, error) {
	if err == nil && !bytes.Equal(old.hash, hash) {
		err = reused()
	}
	return old, false, err
}

// scheduleHash tells a repeated request from another one: the message's content and the
// time.
func scheduleHash(content [16]byte, sendAt time.Time) []byte {
	h := sha256.New()
	h.Write(content[:])
	_ = binary.Write(h, binary.BigEndian, db.Millis(sendAt))
	return h.Sum(nil)[:16]
}

func checkSendAt(now, sendAt time.Time) error {
	switch {
	case !sendAt.After(now):
		return care.BadField("send_at", "past", "Must be a time that is still to come.")
	case sendAt.Sub(now) > furthest:
		return care.BadField("send_at", "too_far", "Must be within a year.")
	}
	return nil
}

func (s *Service) insertScheduled(ctx context.Context, tx *db.Tx, m Scheduled) error {
	_, err := tx.Exec(ctx, `INSERT INTO scheduled_messages (`+scheduledColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL)`,
		m.ID, m.org, m.Conversation, m.author, string(m.State), "", m.Body, m.ReplyTo, m.OnBehalfOf,
		db.Millis(m.SendAt), m.Version, m.hash, db.Millis(m.CreatedAt))
	if db.IsUnique(err) {
		return reused() // the same request at the same moment, or an id of somebody else
	}
	if err != nil {
		return err
	}
	return s.enqueueScheduled(ctx, tx, m)
}

func (s *Service) enqueueScheduled(ctx context.Context, tx *db.Tx, m Scheduled) error {
	_, err := jobs.Enqueue(ctx, tx, s.clock(), jobs.Job{Kind: jobScheduled, Args: scheduledArgs{ID: m.ID, Conversation: m.Conversation}, RunAt: m.SendAt})
	return err
}

func (m Scheduled) event() care.Event {
	return care.Event{
		Type: care.EventScheduledUpdated, Org: m.org, To: []care.UserID{m.author}, Conversation: m.Conversation, Scheduled: m.ID,
	}
}

// ScheduleFilter narrows [Service.ScheduledList]; the zero filter lists everything.
type ScheduleFilter struct {
	State        ScheduleState
	Conversation care.ConversationID
}

// ScheduleCursor is where the next page begins: behind this message.
type ScheduleCursor struct {
	SendAt int64 // Unix milliseconds
	ID     care.MessageID
}

// ScheduledList gives what the actor scheduled, latest time first, at most limit: what
// waits, and what was sent or skipped in the last 30 days. next is nil on the last page.
func (s *Service) ScheduledList(ctx context.Context, actor care.Actor, filter ScheduleFilter, after *ScheduleCursor, limit int) (list []Scheduled, next *ScheduleCursor, err error) {
	q := &conditions{}
	q.and(`author_id = ` + q.arg(actor.User))
	q.and(`state <> 'cancelled'`)
	q.and(`(settled_at IS NULL OR settled_at > ` + q.arg(db.Millis(s.clock().Add(-keepSettled))) + `)`)
	if filter.State != "" {
		q.and(`state = ` + q.arg(string(filter.State)))
	}
	if !filter.Conversation.IsZero() {
		q.and(`conversation_id = ` + q.arg(filter.Conversation))
	}
	if after != nil {
		at, id := q.arg(after.SendAt), q.arg(after.ID)
		q.and(`(send_at < ` + at + ` OR (send_at = ` + at + ` AND id < ` + id + `))`)
	}
	query := `SELECT ` + scheduledColumns + ` FROM scheduled_messages WHERE ` + strings.Join(q.where, ` AND `) +
		` ORDER BY send_at DESC, id DESC LIMIT ` + q.arg(limit+1)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if list, err = db.Many(ctx, tx, scanScheduled, query, q.values...); err != nil {
			return err
		}
		return addScheduledFiles(ctx, tx, list)
	})
	if err == nil && len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = &ScheduleCursor{SendAt: db.Millis(last.SendAt), ID: last.ID}
	}
	return list, next, err
}

// ScheduledMessage gives one message that the actor scheduled, in whatever state it is.
func (s *Service) ScheduledMessage(ctx context.Context, actor care.Actor, id care.MessageID) (m Scheduled, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, err = ownScheduled(ctx, tx, actor, id, "")
		return err
	})
	return m, err
}

// ownScheduled reads a message that the actor scheduled; nobody else's exists for them.
func ownScheduled(ctx context.Context, tx *db.Tx, actor care.Actor, id care.MessageID, lock string) (Scheduled, error) {
	m, found, err := db.One(ctx, tx, scanScheduled, `SELECT `+scheduledColumns+`
		FROM scheduled_messages WHERE id = $1 AND author_id = $2`+lock, id, actor.User)
	if err == nil && !found {
		err = care.Missing("scheduled message")
	}
	one := []Scheduled{m}
	err = cmp.Or(err, addScheduledFiles(ctx, tx, one))
	return one[0], err
}

// ScheduleChange names what is to change about a scheduled message; nil leaves it. With a
// Version, it must be the one that is.
type ScheduleChange struct {
	Version *int64
	Body    *string
	SendAt  *time.Time
	// Files are those that it has then, in this order: its own, and others of the actor's
	// that no message has. What it loses is gone.
	Files *[]care.AttachmentID
}

// Reschedule changes a message that waits. The change is judged like a new one. What is
// gone already, or changed meanwhile, is version_conflict with the message as Current.
func (s *Service) Reschedule(ctx context.Context, actor care.Actor, id care.MessageID, change ScheduleChange) (m Scheduled, err error) {
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		if m, err = waiting(ctx, tx, actor, id, change.Version); err != nil {
			return nil, err
		}
		if err := s.reschedule(ctx, tx, actor, &m, change); err != nil {
			return nil, err
		}
		return []care.Event{m.event()}, nil
	})
	return m, err
}

// waiting locks a message that can still be changed.
func waiting(ctx context.Context, tx *db.Tx, actor care.Actor, id care.MessageID, version *int64) (Scheduled, error) {
	m, err := ownScheduled(ctx, tx, actor, id, tx.ForUpdate())
	switch {
	case err != nil:
		return m, err
	case m.State == ScheduleCancelled:
		return m, care.Missing("scheduled message")
	case m.State != ScheduleWaiting:
		return m, scheduleConflict(m, "This message has gone already, so it stays as it is.")
	case version != nil && *version != m.Version:
		return m, scheduleConflict(m, "This was changed meanwhile. Look at it before you save.")
	}
	return m, nil
}

func scheduleConflict(m Scheduled, words string) *care.Error {
	failure := care.Fail(care.Conflict, care.CodeVersionConflict, words)
	failure.Current = m
	return failure
}

func (s *Service) reschedule(ctx context.Context, tx *db.Tx, actor care.Actor, m *Scheduled, change ScheduleChange) error {
	if change.Body != nil {
		m.Body = *change.Body
	}
	p := m.pending(actor)
	if change.Files != nil {
		p.draft.Attachments = *change.Files
	}
	if err := s.checkContent(p.draft); err != nil {
		return err
	}
	moved := change.SendAt != nil && !change.SendAt.Equal(m.SendAt)
	if moved {
		if err := checkSendAt(s.clock(), *change.SendAt); err != nil {
			return err
		}
		m.SendAt = *change.SendAt
	}
	f, err := loadFacts(ctx, tx, []*pending{p})
	if err != nil {
		return err
	}
	if err := f.judge(p); err != nil {
		return err
	}
	if change.Files != nil {
		if err := s.exchangeFiles(ctx, tx, m, f, *change.Files); err != nil {
			return err
		}
	}
	m.Version++
	_, err = tx.Exec(ctx, `UPDATE scheduled_messages SET body = $2, send_at = $3, version = $4 WHERE id = $1`,
		m.ID, m.Body, db.Millis(m.SendAt), m.Version)
	if err != nil || !moved {
		return err
	}
	return s.enqueueScheduled(ctx, tx, *m)
}

// exchangeFiles gives a scheduled message other files, which were judged.
func (s *Service) exchangeFiles(ctx context.Context, tx *db.Tx, m *Scheduled, f *facts, files []care.AttachmentID) error {
	if err := attach.Keep(ctx, tx, s.clock(), m.ID, files); err != nil {
		return err
	}
	m.Attachments = f.files.Of(files)
	return attach.Claim(ctx, tx, s.clock(), m.ID, files)
}

// pending gives the send that a scheduled message becomes.
func (m Scheduled) pending(actor care.Actor) *pending {
	d := Draft{
		ID: m.ID, Conversation: m.Conversation, Body: m.Body, Attachments: idsOf(m.Attachments),
		ReplyTo: m.ReplyTo, OnBehalfOf: m.OnBehalfOf,
	}
	return &pending{actor: actor, draft: d, hash: d.contentHash(actor.User)}
}

// CancelScheduled takes a message back that waits, whatever the switches say. Its text is
// forgotten at once; the row stays a while, so that a late repeat of the request that made
// it makes no second one.
func (s *Service) CancelScheduled(ctx context.Context, actor care.Actor, id care.MessageID) error {
	return s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		m, err := waiting(ctx, tx, actor, id, nil)
		if err != nil {
			return nil, err
		}
		_, err = tx.Exec(ctx, `UPDATE scheduled_messages SET state = 'cancelled', body = '', version = version + 1, settled_at = $2
			WHERE id = $1`, id, db.Millis(s.clock()))
		if err != nil {
			return nil, err
		}
		return []care.Event{m.event()}, attach.Drop(ctx, tx, s.clock(), id)
	})
}
