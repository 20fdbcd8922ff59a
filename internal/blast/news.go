package blast

import (
	"context"

	"hearth/internal/chat"
	"hearth/internal/db"
)

// hear notes what clients read and answered, in the transaction in which they do. The same
// news come again and change nothing; whoever answers has read.
func (s *Service) hear(ctx context.Context, tx *db.Tx, news []chat.BlastNews) error {
	now := db.Millis(s.clock())
	for _, n := range news {
		set := `read_at = COALESCE(read_at, $3)`
		unless := `read_at IS NULL`
		if n.Replied {
			set += `, replied_at = COALESCE(replied_at, $3)`
			unless = `replied_at IS NULL`
		}
		_, err := tx.Exec(ctx, `UPDATE blast_recipients SET `+set+`
			WHERE blast_id = $1 AND list = (SELECT list FROM blasts WHERE id = $1) AND place = $2 AND `+unless, n.Blast, n.Place, now)
		if err != nil {
			return err
		}
	}
	return nil
}
