package chat

import (
	"context"
	"strconv"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Turn is a text in a direct conversation as those need it who reckon how long clients wait
// for an answer: who wrote, and when, but not what. What the program says, and automatic
// replies, are no turns.
type Turn struct {
	Conversation care.ConversationID
	Seq          int64
	Client       bool // the client wrote; else somebody of staff
	Author       care.UserID
	At           time.Time
	Deleted      bool
	// Planned is when it was written to be sent later; zero where it was sent at once.
	Planned time.Time
}

// Turns reads what was written in direct conversations behind a number in each, in order
// and at most limit in all. It belongs to no reader, and carries no text.
func Turns(ctx context.Context, tx *db.Tx, behind map[care.ConversationID]int64, limit int) ([]Turn, error) {
	if len(behind) == 0 {
		return nil, nil
	}
	values := make([]any, 0, 2*len(behind)+1)
	for id, seq := range behind {
		values = append(values, id, seq)
	}
	values = append(values, limit)
	return db.Many(ctx, tx, scanTurn, `
		SELECT m.conversation_id, m.seq, m.author_id = c.client_id, m.author_id, m.created_at, m.deleted_at IS NOT NULL, COALESCE(s.created_at, 0)
		FROM (VALUES `+tx.Values(len(behind), "id", "int")+`) AS v
		JOIN conversations c ON c.id = v.column1 AND c.kind = 'direct'
		JOIN messages m ON m.conversation_id = v.column1 AND m.seq > v.column2
		LEFT JOIN scheduled_messages s ON s.id = m.id
		WHERE m.kind = 'text' ORDER BY m.conversation_id, m.seq LIMIT CAST($`+strconv.Itoa(len(values))+` AS BIGINT)`, values...)
}

// Silence is how far staff have written nothing in a direct conversation.
type Silence struct {
	Until int64 // the number of their first text, or the last number that was looked at
	Ended bool  // they have written there
	More  bool  // there is more behind what was looked at
}

// Silences looks for the first text of staff behind a number in each of direct conversations,
// among the next limit numbers of each. It belongs to no reader, and carries no text.
func Silences(ctx context.Context, tx *db.Tx, behind map[care.ConversationID]int64, limit int) (map[care.ConversationID]Silence, error) {
	all := make(map[care.ConversationID]Silence, len(behind))
	if len(behind) == 0 {
		return all, nil
	}
	values := make([]any, 0, 2*len(behind)+1)
	for id, seq := range behind {
		values = append(values, id, seq)
	}
	values = append(values, limit)
	reach := `v.column2 + CAST($` + strconv.Itoa(len(values)) + ` AS BIGINT)`
	_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id care.ConversationID
		var last, reached, found int64
		err := row.Scan(&id, &last, &reached, &found)
		one := Silence{Until: min(last, reached), More: last > reached}
		if found > 0 {
			one.Until, one.Ended = found, true
		}
		all[id] = one
		return struct{}{}, err
	}, `
		SELECT c.id, c.last_seq, `+reach+`, COALESCE((SELECT m.seq FROM messages m
				WHERE m.conversation_id = v.column1 AND m.seq > v.column2 AND m.seq <= `+reach+`
					AND m.kind = 'text' AND m.author_id <> c.client_id ORDER BY m.seq LIMIT 1), 0)
		FROM (VALUES `+tx.Values(len(behind), "id", "int")+`) AS v
		JOIN conversations c ON c.id = v.column1 AND c.kind = 'direct'`, values...)
	return all, err
}

func scanTurn(row db.Scanner) (t Turn, err error) {
	var at, planned int64
	err = row.Scan(&t.Conversation, &t.Seq, &t.Client, &t.Author, &at, &t.Deleted, &planned)
	t.At = db.FromMillis(at)
	if planned > 0 {
		t.Planned = db.FromMillis(planned)
	}
	return t, err
}

// LastTurnsOfStaff gives the number of the last text of staff before a moment, for those of
// the direct conversations that have one.
func LastTurnsOfStaff(ctx context.Context, tx *db.Tx, ids []care.ConversationID, before time.Time) (map[care.ConversationID]int64, error) {
	last := make(map[care.ConversationID]int64, len(ids))
	if len(ids) == 0 {
		return last, nil
	}
	_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id care.ConversationID
		var seq int64
		err := row.Scan(&id, &seq)
		last[id] = seq
		return struct{}{}, err
	}, `SELECT c.id, COALESCE((SELECT m.seq FROM messages m WHERE m.conversation_id = c.id AND m.kind = 'text'
			AND m.author_id <> c.client_id AND m.created_at < $1 ORDER BY m.seq DESC LIMIT 1), 0)
		FROM conversations c WHERE c.kind = 'direct' AND c.id IN (`+tx.In(2, len(ids))+`)`, args(ids, db.Millis(before))...)
	return last, err
}

// OldDirect gives direct conversations in which somebody has written, in the order of their
// ids behind the one named, at most limit. Those of a blast that nobody answered are left out.
func OldDirect(ctx context.Context, tx *db.Tx, behind care.ConversationID, limit int) ([]care.ConversationID, error) {
	from, values := ``, []any{limit}
	if !behind.IsZero() {
		from, values = ` AND id > $2`, append(values, behind)
	}
	return db.Many(ctx, tx, scanID[care.ConversationID], `SELECT id FROM conversations
		WHERE kind = 'direct' AND quiet = FALSE AND last_seq > 0`+from+` ORDER BY id LIMIT CAST($1 AS BIGINT)`, values...)
}

// StaffOf gives the staff who are in the conversations.
func StaffOf(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (map[care.ConversationID][]care.UserID, error) {
	staff := make(map[care.ConversationID][]care.UserID, len(ids))
	return staff, eachPart(ids, func(part []care.ConversationID) error {
		_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var in care.ConversationID
			var id care.UserID
			err := row.Scan(&in, &id)
			staff[in] = append(staff[in], id)
			return struct{}{}, err
		}, `SELECT conversation_id, user_id FROM conversation_members
			WHERE kind = 'staff' AND left_at IS NULL AND conversation_id IN (`+tx.In(1, len(part))+`)`, args(part)...)
		return err
	})
}

// MayMarkAnswered decides within a transaction whether the actor may say that a direct
// conversation needs no answer: nil, or the refusal of [access.MarkAnswered].
func MayMarkAnswered(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID) error {
	c, err := lookIn(ctx, tx, actor, id)
	if err != nil {
		return err
	}
	if refusal := access.MarkAnswered(actor, c.subject(actor, access.Words{})); refusal != nil {
		return refusal
	}
	return nil
}
