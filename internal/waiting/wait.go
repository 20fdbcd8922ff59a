package waiting

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Wait is a client's message that nobody has answered.
type Wait struct {
	Since   time.Time
	Overdue bool // for longer than the practice wants
}

// fewOpen is up to how many open questions a practice's are read all at once, which takes a
// third of the time of looking for each conversation of a page.
const fewOpen = 24

// Waits gives those of the conversations that wait for an answer, and perhaps others of the
// practice. It is for staff, of conversations that they may see, and empty for everybody
// else. It is one small query, in a practice with much that waits two.
func (s *Service) Waits(ctx context.Context, actor care.Actor, ids []care.ConversationID) (found map[care.ConversationID]Wait, err error) {
	if !actor.IsStaff() || len(ids) == 0 {
		return nil, nil
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, err = s.waits(ctx, tx, openOf, actor.Org, fewOpen+1)
		if err == nil && len(found) > fewOpen {
			found, err = s.waits(ctx, tx, openIn+tx.In(1, len(ids))+`)`, values(ids)...)
		}
		return err
	})
	return found, err
}

// WaitOf gives whether one conversation waits, whoever asks.
func (s *Service) WaitOf(ctx context.Context, id care.ConversationID) (w Wait, waits bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, err := s.waits(ctx, tx, openIn+`$1)`, id)
		w, waits = found[id]
		return err
	})
	return w, waits, err
}

const (
	openIn = `SELECT conversation_id, asked_at, overdue_at FROM waiting_questions WHERE state = 'open' AND conversation_id IN (`
	openOf = `SELECT conversation_id, asked_at, overdue_at FROM waiting_questions WHERE state = 'open' AND org_id = $1
		ORDER BY reckoned, conversation_id LIMIT CAST($2 AS BIGINT)`
)

func (s *Service) waits(ctx context.Context, tx *db.Tx, query string, args ...any) (map[care.ConversationID]Wait, error) {
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found, now := map[care.ConversationID]Wait{}, db.Millis(s.clock())
	for rows.Next() {
		var id care.ConversationID
		var asked int64
		var overdue sql.NullInt64
		if err := rows.Scan(&id, &asked, &overdue); err != nil {
			return nil, err
		}
		found[id] = Wait{Since: db.FromMillis(asked), Overdue: overdue.Valid && overdue.Int64 <= now}
	}
	return found, rows.Err()
}
