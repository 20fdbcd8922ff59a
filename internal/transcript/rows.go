package transcript

import (
	"context"
	"database/sql"

	"hearth/internal/db"
)

const columns = `id, org_id, requester_id, conversation_id, format, attachments, time_zone, state, why,
	done, total, first_seq, last_seq, size, created_at, expires_at`

func scan(row db.Scanner) (e Export, err error) {
	var created int64
	var expires sql.NullInt64
	err = row.Scan(&e.ID, &e.org, &e.requester, &e.Conversation, &e.Format, &e.Attachments, &e.TimeZone, &e.State, &e.Why,
		&e.Done, &e.Total, &e.first, &e.last, &e.Size, &created, &expires)
	e.CreatedAt = db.FromMillis(created)
	if expires.Valid {
		e.ExpiresAt = db.FromMillis(expires.Int64)
	}
	return e, err
}

func find(ctx context.Context, tx *db.Tx, id ID) (Export, bool, error) {
	return db.One(ctx, tx, scan, `SELECT `+columns+` FROM exports WHERE id = $1`, id)
}

func insert(ctx context.Context, tx *db.Tx, e Export) error {
	_, err := tx.Exec(ctx, `INSERT INTO exports (`+columns+`, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 0, 0, 0, 0, 0, $9, NULL, $9)`,
		e.ID, e.org, e.requester, e.Conversation, string(e.Format), e.Attachments, e.TimeZone, string(e.State), db.Millis(e.CreatedAt))
	return err
}

// set changes an export that is in one of two states; changed is false where it is not
// any more. $1 to $4 are taken.
func (s *Service) set(ctx context.Context, tx *db.Tx, id ID, from, or State, change string, args ...any) (changed bool, err error) {
	n, err := tx.Exec(ctx, `UPDATE exports SET changed_at = $2, `+change+` WHERE id = $1 AND state IN ($3, $4)`,
		append([]any{id, db.Millis(s.clock()), string(from), string(or)}, args...)...)
	return n > 0, err
}
