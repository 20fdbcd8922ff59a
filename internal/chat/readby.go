package chat

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// ReadBy is how many of the others in a conversation have read a message.
type ReadBy struct{ Read, Members int64 }

// ReadBy counts the members besides the actor whom the actor sees, and those of them who
// have read up to seq.
func (s *Service) ReadBy(ctx context.Context, actor care.Actor, id care.ConversationID, seq int64) (by ReadBy, err error) {
	err = s.read(ctx, actor, func(tx *db.Tx) error {
		c, err := lookIn(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(SUM(CASE WHEN read_seq >= $3 THEN 1 ELSE 0 END), 0)
			FROM conversation_members WHERE conversation_id = $1 AND user_id <> $2 AND left_at IS NULL AND (kind = 'staff' OR $4)`,
			id, actor.User, seq, !c.rules.hides(actor)).Scan(&by.Members, &by.Read)
	})
	return by, err
}
