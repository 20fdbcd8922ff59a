package waiting

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
)

// The states of a question.
const (
	stateOpen      = "open"
	stateAnswered  = "answered"
	stateClosed    = "closed"
	stateWithdrawn = "withdrawn"
	stateNeedless  = "needs_no_answer"
)

// question is a row of waiting_questions.
type question struct {
	conversation care.ConversationID
	seq          int64
	org          care.OrgID
	client       care.UserID
	provider     care.UserID
	asked        time.Time
	state        string
	ended        time.Time
	answeredSeq  int64         // where it was answered, or up to where it needs no answer
	answeredBy   care.UserID   // or who said that it needs none
	open         time.Duration // the opening time that it waited, where it was answered
	overdue, due time.Time     // zero is never
	stage        int64         // how many reminders there were
	reckoned     int64         // the version of the settings that the times come from
}

const questionColumns = `q.conversation_id, q.seq, q.org_id, q.client_id, q.provider_id, q.asked_at, q.state, q.ended_at,
	q.answered_seq, q.answered_by, q.open_ms, q.overdue_at, q.due_at, q.stage, q.reckoned`

func scanQuestion(row db.Scanner) (*question, error) {
	var q question
	var asked int64
	var ended, answered, open, overdue, due sql.NullInt64
	err := row.Scan(&q.conversation, &q.seq, &q.org, &q.client, &q.provider, &asked, &q.state, &ended,
		&answered, &q.answeredBy, &open, &overdue, &due, &q.stage, &q.reckoned)
	q.asked, q.ended, q.answeredSeq = db.FromMillis(asked), db.TimeOf(ended), answered.Int64
	q.open = time.Duration(open.Int64) * time.Millisecond
	q.overdue, q.due = db.TimeOf(overdue), db.TimeOf(due)
	return &q, err
}

func (q *question) values() []any {
	var answered, open any
	switch q.state {
	case stateAnswered:
		answered, open = q.answeredSeq, q.open.Milliseconds()
	case stateNeedless:
		answered = q.answeredSeq
	}
	return []any{
		q.conversation, q.seq, q.org, q.client, q.provider, db.Millis(q.asked), q.state, db.MillisOrNull(q.ended),
		answered, q.answeredBy, open, db.MillisOrNull(q.overdue), db.MillisOrNull(q.due), q.stage, q.reckoned,
	}
}

// store writes questions as they are, new or not. The rows of one conversation are written
// with what has ended first, because only one is open.
func store(ctx context.Context, tx *db.Tx, list []*question) error {
	const columns, most = 15, 32
	for start := 0; start < len(list); start += most {
		part := list[start:min(start+most, len(list))]
		values := make([]any, 0, columns*len(part))
		for _, q := range part {
			values = append(values, q.values()...)
		}
		_, err := tx.Exec(ctx, `INSERT INTO waiting_questions (conversation_id, seq, org_id, client_id, provider_id, asked_at, state, ended_at,
				answered_seq, answered_by, open_ms, overdue_at, due_at, stage, reckoned)
			VALUES `+db.Rows(1, len(part), columns)+`
			ON CONFLICT (conversation_id, seq) DO UPDATE SET state = excluded.state, ended_at = excluded.ended_at,
				answered_seq = excluded.answered_seq, answered_by = excluded.answered_by, open_ms = excluded.open_ms,
				overdue_at = excluded.overdue_at, due_at = excluded.due_at, stage = excluded.stage, reckoned = excluded.reckoned`, values...)
		if err != nil {
			return err
		}
	}
	return count(ctx, tx, list)
}

// latest gives the newest question of each conversation that has one; each has its place.
func latest(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (map[care.ConversationID]*question, error) {
	list, err := db.Many(ctx, tx, scanQuestion, `SELECT `+questionColumns+` FROM waiting_places p
		JOIN waiting_questions q ON q.conversation_id = p.conversation_id
			AND q.seq = (SELECT MAX(x.seq) FROM waiting_questions x WHERE x.conversation_id = p.conversation_id)
		WHERE p.conversation_id IN (`+tx.In(1, len(ids))+`)`, values(ids)...)
	found := make(map[care.ConversationID]*question, len(list))
	for _, q := range list {
		found[q.conversation] = q
	}
	return found, err
}

// talk is a direct conversation while its questions are found.
type talk struct {
	id       care.ConversationID
	org      care.OrgID
	client   care.UserID
	provider care.UserID // the client's primary provider now
	closed   time.Time   // zero while it is open

	seen    int64
	behind  bool
	last    *question   // the newest, as it is now
	changed []*question // in their order
	before  *question   // was last when somebody began to look again from there
}

// touch notes that a question has to be written.
func (t *talk) touch(q *question) {
	for _, known := range t.changed {
		if known == q {
			return
		}
	}
	t.changed = append(t.changed, q)
}

func (t *talk) open() *question {
	if t.last != nil && t.last.state == stateOpen {
		return t.last
	}
	return nil
}

// again looks for a question anew from the place of the newest on: its text was deleted and
// nobody has answered it, or it was said to need no answer, which is taken back.
func (t *talk) again(q *question) { t.before, t.last, t.seen = q, nil, q.seq-1 }

// reopen brings a question back that ended with its conversation, which is open again.
func (t *talk) reopen(r rules) {
	if t.last == nil || t.last.state != stateClosed || !t.closed.IsZero() {
		return
	}
	t.last.state, t.last.ended = stateOpen, time.Time{}
	r.reckon(t.last)
	t.touch(t.last)
}

// hear takes the next text.
func (t *talk) hear(turn chat.Turn, r rules) {
	t.seen = turn.Seq
	q := t.open()
	switch {
	case turn.Client && q == nil && !turn.Deleted:
		t.ask(turn, r)
	case !turn.Client && q != nil && (turn.Planned.IsZero() || !turn.Planned.Before(q.asked)):
		q.state, q.ended, q.due = stateAnswered, turn.At, time.Time{}
		q.answeredSeq, q.answeredBy, q.open = turn.Seq, turn.Author, r.calendar.Between(q.asked, turn.At)
		t.touch(q)
	}
}

func (t *talk) ask(turn chat.Turn, r rules) {
	if q := t.before; q != nil && q.seq == turn.Seq {
		t.restore(q, r)
		return
	}
	q := &question{
		conversation: t.id, seq: turn.Seq, org: t.org, client: t.client, provider: t.provider, asked: turn.At, state: stateOpen,
	}
	if t.before != nil {
		q.stage = t.before.stage // who was told of the text before is not told again
	}
	r.reckon(q)
	t.withdraw(r.now)
	t.last = q
	t.touch(q)
}

// restore has a question wait again whose text still stands.
func (t *talk) restore(q *question, r rules) {
	q.state, q.ended, q.answeredSeq, q.answeredBy = stateOpen, time.Time{}, 0, care.UserID{}
	r.reckon(q)
	t.last, t.before = q, nil
	t.touch(q)
}

// settle ends what has no text any more, and what ended with the conversation.
func (t *talk) settle(now time.Time) {
	t.withdraw(now)
	if q := t.open(); q != nil && !t.closed.IsZero() {
		q.state, q.ended, q.due = stateClosed, t.closed, time.Time{}
		t.touch(q)
	}
}

func (t *talk) withdraw(now time.Time) {
	if q := t.before; q != nil {
		q.state, q.ended, q.due = stateWithdrawn, now, time.Time{}
		t.before = nil
		t.touch(q)
	}
}

// dismiss ends a question that needs no answer. What was written behind the place up to which
// somebody has seen it is heard once more.
func (t *talk) dismiss(q *question, by care.UserID, upTo int64, r rules) {
	if upTo == 0 || upTo > t.seen {
		upTo = t.seen
	}
	q.state, q.ended, q.due = stateNeedless, r.now, time.Time{}
	q.answeredSeq, q.answeredBy, t.seen = upTo, by, upTo
	t.touch(q)
}
