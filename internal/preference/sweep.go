package preference

import (
	"context"
	"time"

	"hearth/internal/db"
)

// keepRows is how long after its beginning what a change replaced is kept: an undo that was
// begun in time has come to its end by then.
const keepRows = UndoFor + 6*time.Hour

// Sweep removes previews that nobody applied, and what was kept for the undo of changes that
// nobody can undo any more, in short transactions.
func (s *Service) Sweep(ctx context.Context) error {
	old := db.Millis(s.clock().Add(-keepRows))
	var spent []ChangeID
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		spent, err = db.Many(ctx, tx, scanChangeID, `SELECT x.id FROM notification_changes x
			WHERE x.created_at < $1 AND (x.applied_at IS NULL OR (x.applied_at < $1 AND x.state IN ('applied', 'undone')
				AND EXISTS (SELECT 1 FROM notification_change_rows r WHERE r.change_id = x.id)))
			ORDER BY x.created_at LIMIT 1000`, old)
		return err
	})
	p := new(db.Pace)
	for _, id := range spent {
		if err == nil {
			err = s.sweepOne(ctx, p, id)
		}
	}
	return err
}

func scanChangeID(row db.Scanner) (id ChangeID, err error) {
	err = row.Scan(&id)
	return id, err
}

func (s *Service) sweepOne(ctx context.Context, p *db.Pace, id ChangeID) error {
	for more := true; more; {
		err := s.write(ctx, p, func(tx *db.Tx) (int, error) {
			rows, err := readBefore(ctx, tx, work{id: id}, p.Next())
			if err != nil {
				return 0, err
			}
			if more = len(rows) > 0; more {
				_, err = tx.Exec(ctx, `DELETE FROM notification_change_rows WHERE change_id = $1 AND client_id <= $2`, id, rows[len(rows)-1].client)
				return len(rows), err
			}
			if _, err := tx.Exec(ctx, `DELETE FROM notification_change_parts WHERE change_id = $1`, id); err != nil {
				return 0, err
			}
			_, err = tx.Exec(ctx, `DELETE FROM notification_changes WHERE id = $1 AND applied_at IS NULL`, id)
			return 0, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
