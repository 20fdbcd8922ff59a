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

// Waits gives those of the conversations that wait for an answer, and perhaps others of the
// practice. It is for staff, of conversations that they may see, and empty for everybody
// else. It is one row that says whether what was read before is still so, and a query where
// it is not, or where more wait than are remembered.
func (s *Service) Waits(ctx context.Context, actor care.Actor, ids []care.ConversationID) (found map[care.ConversationID]Wait, err error) {
	if !actor.IsStaff() || len(ids) == 0 {
		return nil, nil
	}
	now := s.clock()
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		epoch, err := epochOf(ctx, tx, actor.Org)
		if err != nil {
			return err
		}
		all := s.open.at(actor.Org, epoch)
		if all == nil {
			if all, err = readOpen(ctx, tx, openOf, actor.Org, openMost+1); err != nil {
				return err
			}
			s.open.keep(actor.Org, epoch, all)
		}
		if len(all) > openMost {
			if all, err = readOpen(ctx, tx, openIn+tx.In(1, len(ids))+`)`, values(ids)...); err != nil {
				return err
			}
		}
		found = make(map[care.ConversationID]Wait, min(len(ids), len(all)))
		for _, id := range ids {
			if one, is := all[id]; is {
				found[id] = one.at(now)
			}
		}
		return nil
	})
	return found, err
}

// WaitOf gives whether one conversation waits, whoever asks.
func (s *Service) WaitOf(ctx context.Context, id care.ConversationID) (w Wait, waits bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, err := readOpen(ctx, tx, openIn+`$1)`, id)
		one, is := found[id]
		w, waits = one.at(s.clock()), is
		return err
	})
	return w, waits, err
}

const (
	openIn = `SELECT conversation_id, asked_at, overdue_at FROM waiting_questions WHERE state = 'open' AND conversation_id IN (`
	openOf = `SELECT conversation_id, asked_at, overdue_at FROM waiting_questions WHERE state = 'open' AND org_id = $1
		ORDER BY reckoned, conversation_id LIMIT CAST($2 AS BIGINT)`
)

// asked is an open question as it is shown.
type asked struct{ since, overdue int64 } // in milliseconds; overdue 0 is never

func (a asked) at(now time.Time) Wait {
	if a == (asked{}) {
		return Wait{}
	}
	return Wait{Since: db.FromMillis(a.since), Overdue: a.overdue > 0 && a.overdue <= db.Millis(now)}
}

func readOpen(ctx context.Context, tx *db.Tx, query string, args ...any) (map[care.ConversationID]asked, error) {
	found := map[care.ConversationID]asked{}
	_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id care.ConversationID
		var since int64
		var overdue sql.NullInt64
		err := row.Scan(&id, &since, &overdue)
		found[id] = asked{since, overdue.Int64}
		return struct{}{}, err
	}, query, args...)
	return found, err
}
