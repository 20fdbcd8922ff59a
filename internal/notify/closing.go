package notify

import (
	"context"
	"slices"
	"sync"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
)

// closed is a notice that is settled, and whose it is.
type closed struct {
	id   care.NoticeID
	org  care.OrgID
	user care.UserID
}

func scanClosed(row db.Scanner) (c closed, err error) { return c, row.Scan(&c.id, &c.org, &c.user) }

// closeByWriting settles what those who wrote had been told, for who writes has read, and
// the reminders of conversations in which staff answered.
func closeByWriting(ctx context.Context, tx *db.Tx, written []chat.Written) ([]closed, error) {
	var authors []readMark
	var answered []care.ConversationID
	for _, w := range written {
		if mark := (readMark{w.Conversation, w.Author}); !w.Author.IsZero() && !w.Automatic && !slices.Contains(authors, mark) {
			authors = append(authors, mark)
		}
		if w.Kind == care.KindStaff && !w.Automatic && !slices.Contains(answered, w.Conversation) {
			answered = append(answered, w.Conversation)
		}
	}
	over, err := closeRead(ctx, tx, authors)
	if err != nil || len(answered) == 0 {
		return over, err
	}
	if answered, err = noLongerWaiting(ctx, tx, answered); err != nil || len(answered) == 0 {
		return over, err
	}
	more, err := closeReminders(ctx, tx, answered)
	return append(over, more...), err
}

// noLongerWaiting gives those of the conversations that have open reminders of something that
// staff answered: what was planned before it was asked is no answer.
func noLongerWaiting(ctx context.Context, tx *db.Tx, conversations []care.ConversationID) ([]care.ConversationID, error) {
	open, err := db.Many(ctx, tx, func(row db.Scanner) (p chat.Place, err error) { return p, row.Scan(&p.Conversation, &p.Seq) },
		`SELECT DISTINCT conversation_id, seq FROM notices WHERE reminder AND open AND conversation_id IN (`+tx.In(1, len(conversations))+`)`, args(conversations)...)
	if err != nil || len(open) == 0 {
		return nil, err
	}
	answered, err := chat.AnsweredSince(ctx, tx, open)
	return slices.DeleteFunc(conversations, func(id care.ConversationID) bool { return !answered[id] }), err
}

// readMark is somebody who has read on in a conversation.
type readMark struct {
	conversation care.ConversationID
	user         care.UserID
}

// nothingUnread is whether there is nothing left to read for the person of a notice, as SQL
// over notices n. Whoever is no member has nothing to read.
const nothingUnread = `NOT EXISTS (SELECT 1 FROM conversation_members m JOIN conversations k ON k.id = m.conversation_id
	WHERE m.conversation_id = n.conversation_id AND m.user_id = n.user_id AND m.left_at IS NULL
		AND COALESCE(m.withheld_countable, k.countable) > m.read_countable)`

// closeRead settles the notices of people who have read all of a conversation.
func closeRead(ctx context.Context, tx *db.Tx, marks []readMark) (all []closed, err error) {
	for start := 0; start < len(marks); start += rowsMost {
		part := marks[start:min(start+rowsMost, len(marks))]
		list, err := db.Many(ctx, tx, scanClosed, `UPDATE notices AS n SET open = FALSE FROM (VALUES `+tx.Values(len(part), "id", "id")+`) AS v
			WHERE n.conversation_id = v.column1 AND n.user_id = v.column2 AND n.reminder = FALSE AND n.open AND `+nothingUnread+`
			RETURNING id, org_id, user_id`, marksOf(part)...)
		if err != nil {
			return nil, err
		}
		all = append(all, list...)
	}
	return all, nil
}

// anyOpen reports whether one of these people has a notice that is open.
func anyOpen(ctx context.Context, tx *db.Tx, marks []readMark) (bool, error) {
	for start := 0; start < len(marks); start += rowsMost {
		part := marks[start:min(start+rowsMost, len(marks))]
		_, found, err := db.One(ctx, tx, scanID[care.NoticeID], `SELECT n.id FROM (VALUES `+tx.Values(len(part), "id", "id")+`) AS v
			JOIN notices n ON n.conversation_id = v.column1 AND n.user_id = v.column2 AND n.reminder = FALSE
			WHERE n.open AND `+nothingUnread+` LIMIT 1`, marksOf(part)...)
		if err != nil || found {
			return found, err
		}
	}
	return false, nil
}

func marksOf(list []readMark) []any {
	values := make([]any, 0, 2*len(list))
	for _, m := range list {
		values = append(values, m.conversation, m.user)
	}
	return values
}

// gatherReads is for how long what people read is gathered before their notices are looked
// for: reading itself pays nothing.
const gatherReads = 250 * time.Millisecond

// mostReads bounds what is gathered; the rest is seen when somebody asks.
const mostReads = 5000

// reads gathers who has read what, as the bus tells it. It is a hint: what is lost is seen
// to be read wherever a notice is shown or sent.
type reads struct {
	leave func()
	mu    sync.Mutex
	marks map[readMark]struct{}
	wake  chan struct{}
}

func newReads(s *Service) *reads {
	r := &reads{marks: map[readMark]struct{}{}, wake: make(chan struct{}, 1)}
	r.leave = s.cfg.Bus.Subscribe(r.hear)
	return r
}

func (r *reads) hear(e care.Event) {
	if e.Type != care.EventReadUpdated {
		return
	}
	r.mu.Lock()
	if len(r.marks) < mostReads {
		r.marks[readMark{e.Conversation, e.Person.ID}] = struct{}{}
	}
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *reads) take() (list []readMark) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for m := range r.marks {
		list = append(list, m)
	}
	clear(r.marks)
	return list
}

// CloseRead settles the notices of what people have read lately, and tells their devices.
// Run does it; tests call it.
func (s *Service) CloseRead(ctx context.Context) error {
	marks := s.reads.take()
	if len(marks) == 0 {
		return nil
	}
	found := false
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = anyOpen(ctx, tx, marks)
		return err
	})
	if err != nil || !found {
		return err
	}
	var over []closed
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		over, err = closeRead(ctx, tx, marks)
		return err
	})
	if err == nil {
		s.tell(nil, over)
	}
	return err
}

// tell publishes what people see now, and what is settled.
func (s *Service) tell(told []notice, over []closed) {
	events := make([]care.Event, 0, len(told)+len(over))
	for _, n := range told {
		if !s.looks(n.Conversation, n.User) {
			events = append(events, care.Event{Type: care.EventNoticeCreated, Org: n.Org, To: []care.UserID{n.User}, Notice: n.ID, Conversation: n.Conversation})
		}
	}
	for _, c := range over {
		events = append(events, care.Event{Type: care.EventNoticeRead, Org: c.org, To: []care.UserID{c.user}, Notice: c.id})
	}
	if len(events) > 0 {
		s.cfg.Bus.Publish(events...)
	}
	s.wakeAt(s.clock().Add(s.cfg.Grace))
}
