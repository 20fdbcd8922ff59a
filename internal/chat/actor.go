package chat

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Actor gives somebody of an organization as they may act now, for what is done for them
// later than they asked. not_found for who is not there, or is staff and not active.
func (s *Service) Actor(ctx context.Context, org care.OrgID, user care.UserID) (actor care.Actor, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		due := map[care.MessageID]Scheduled{{}: {author: user}}
		authors, err := loadAuthors(ctx, tx, due)
		if err != nil {
			return err
		}
		if actor = authors[user]; actor.Org != org || user.IsZero() {
			return care.Missing("person")
		}
		return nil
	})
	return actor, err
}
