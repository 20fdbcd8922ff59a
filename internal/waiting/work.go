package waiting

import (
	"context"
	"database/sql"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/ladder"
	"hearth/internal/outbox"
)

// catchUp looks at some of what was there before anybody looked, and goes on with
// conversations of which one look was not enough.
func (s *Service) catchUp(ctx context.Context) (worked bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM waiting_places WHERE behind = TRUE)
			OR NOT EXISTS (SELECT 1 FROM waiting_progress WHERE finished)`).Scan(&worked)
	})
	if err != nil || !worked {
		return false, err
	}
	return true, s.db.Write(ctx, func(tx *db.Tx) error {
		ids, err := s.untaken(ctx, tx)
		if err != nil {
			return err
		}
		_, err = s.follow(ctx, tx, ids, nil)
		return err
	})
}

// untaken gives the next conversations to look at, and moves the place. Its row is the lock.
func (s *Service) untaken(ctx context.Context, tx *db.Tx) ([]care.ConversationID, error) {
	if _, err := s.begin(ctx, tx); err != nil {
		return nil, err
	}
	var place care.ConversationID
	var since int64
	var finished bool
	err := tx.QueryRow(ctx, `SELECT since, place, finished FROM waiting_progress WHERE id = 1`+tx.ForUpdate()).Scan(&since, &place, &finished)
	if err != nil {
		return nil, err
	}
	s.since.Store(since) // committed by whoever wrote it, or with this transaction
	behind, err := db.Many(ctx, tx, scanConversation, `SELECT conversation_id FROM waiting_places WHERE behind = TRUE LIMIT 1`)
	if err != nil || len(behind) > 0 || finished {
		return behind, err
	}
	ids, err := chat.OldDirect(ctx, tx, place, mostOld)
	if err != nil {
		return nil, err
	}
	if len(ids) > 0 {
		place = ids[len(ids)-1]
	}
	_, err = tx.Exec(ctx, `UPDATE waiting_progress SET place = $1, finished = $2 WHERE id = 1`, place, len(ids) < mostOld)
	return ids, err
}

func scanConversation(row db.Scanner) (id care.ConversationID, err error) { return id, row.Scan(&id) }

// reckonAnew says when some open questions fall due whose times come from settings that
// were changed since.
func (s *Service) reckonAnew(ctx context.Context) (worked bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		ids, err := stale(ctx, tx, 1)
		worked = len(ids) > 0
		return err
	})
	if err != nil || !worked {
		return false, err
	}
	var after func()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		ids, err := stale(ctx, tx, mostOpen)
		if err != nil {
			return err
		}
		after, err = s.reckonAll(ctx, tx, ids)
		return err
	})
	if err == nil && after != nil {
		after()
	}
	return true, err
}

// stale gives some open questions whose times come from settings that were changed since.
func stale(ctx context.Context, tx *db.Tx, most int) ([]care.ConversationID, error) {
	type settings struct {
		org     care.OrgID
		version int64
	}
	all, err := db.Many(ctx, tx, func(row db.Scanner) (one settings, err error) {
		return one, row.Scan(&one.org, &one.version)
	}, `SELECT org_id, version FROM waiting_settings`)
	if err != nil {
		return nil, err
	}
	for _, one := range all {
		ids, err := db.Many(ctx, tx, scanConversation, staleQuery, one.org, one.version, most)
		if err != nil || len(ids) > 0 {
			return ids, err
		}
	}
	return nil, nil
}

// staleQuery asks in the order of its index, which also gives it to who has not looked at the
// values.
const staleQuery = `SELECT conversation_id FROM waiting_questions
	WHERE state = 'open' AND org_id = $1 AND reckoned < $2 ORDER BY reckoned, conversation_id LIMIT CAST($3 AS BIGINT)`

// reckonAll reckons with open questions anew, under the locks of their places.
func (s *Service) reckonAll(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (after func(), err error) {
	talks, err := s.hold(ctx, tx, inOrder(ids))
	if err != nil {
		return nil, err
	}
	var changed []*question
	var about []news
	for _, t := range talks {
		q := t.open()
		if q == nil {
			continue
		}
		r, err := s.rulesOf(ctx, tx, q.org, "")
		if err != nil {
			return nil, err
		}
		r.reckon(q)
		changed, about = append(changed, q), append(about, news{q.conversation, q.org})
	}
	if err := store(ctx, tx, changed); err != nil {
		return nil, err
	}
	return s.tell(ctx, tx, about)
}

// remind tells of some questions that have fallen due.
func (s *Service) remind(ctx context.Context) (worked bool, err error) {
	var ids []care.ConversationID
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		ids, err = db.Many(ctx, tx, scanConversation, dueQuery, db.Millis(s.clock()), mostDue)
		return err
	})
	if err != nil || len(ids) == 0 {
		return false, err
	}
	var after func()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		after, err = s.remindOf(ctx, tx, ids)
		return err
	})
	if err == nil && after != nil {
		after()
	}
	return true, err
}

// dueQuery finds what has fallen due, by its index.
const dueQuery = `SELECT conversation_id FROM waiting_questions WHERE due_at <= $1 ORDER BY due_at, conversation_id LIMIT CAST($2 AS BIGINT)`

// remindOf looks once more at conversations in which a question has fallen due, and tells of
// those that still wait. Whoever else has them in hand, on this node or another, is waited
// for and has settled them then.
func (s *Service) remindOf(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (after func(), err error) {
	talks, err := s.follow(ctx, tx, ids, nil)
	if err != nil {
		return nil, err
	}
	closed, err := unreachable(ctx, tx, talks)
	if err != nil {
		return nil, err
	}
	var told []outbox.Event
	var changed []*question
	for _, t := range talks {
		q := t.open()
		if q == nil || t.behind || q.due.IsZero() || q.due.After(s.clock()) {
			continue
		}
		r, err := s.rulesOf(ctx, tx, q.org, "")
		if err != nil {
			return nil, err
		}
		if kind := r.pass(q, closed[q.client]); kind != "" {
			told = append(told, outbox.Event{Org: q.org, Kind: kind, Subject: q.conversation, Seq: q.seq, At: r.now})
		}
		changed = append(changed, q)
	}
	if err := store(ctx, tx, changed); err != nil {
		return nil, err
	}
	if err := outbox.Append(ctx, tx, told...); err != nil {
		return nil, err
	}
	var about []news
	for _, q := range changed {
		about = append(about, news{q.conversation, q.org})
	}
	return s.tellOf(ctx, tx, talks, about...)
}

// pass takes a question over the moment at which it was due, and says who is told of it.
func (r rules) pass(q *question, unreachable bool) outbox.Kind {
	switch {
	case q.reckoned != r.Version:
		r.reckon(q)
		return ""
	case unreachable:
		q.due = r.now.Add(lookAgain)
		return ""
	}
	kind := outbox.UnansweredTeam
	if q.stage > 0 {
		kind = outbox.UnansweredQueue
	}
	q.stage++
	q.due = r.next(q)
	return kind
}

// unreachable gives the clients among those of the conversations to whom nobody can be
// expected to write now: the archived, and those whose direct messaging is off.
func unreachable(ctx context.Context, tx *db.Tx, talks []*talk) (map[care.UserID]bool, error) {
	var clients []care.UserID
	for _, t := range talks {
		if t.open() != nil {
			clients = append(clients, t.client)
		}
	}
	closed := make(map[care.UserID]bool, len(clients))
	if len(clients) == 0 {
		return closed, nil
	}
	_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id care.UserID
		var direct sql.NullBool
		var state care.ClientState
		err := row.Scan(&id, &state, &direct)
		closed[id] = !direct.Bool || state == care.ClientArchived
		return struct{}{}, err
	}, `SELECT c.user_id, c.state, `+ladder.Direct+` FROM clients c`+ladder.Joins+`
		WHERE c.user_id IN (`+tx.In(1, len(clients))+`)`, values(clients)...)
	return closed, err
}
