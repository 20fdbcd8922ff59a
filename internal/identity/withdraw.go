package identity

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Withdraw ends every open link of a person within the caller's transaction, because
// something changed that the link relied on, such as the address it was mailed to.
func (s *Service) Withdraw(ctx context.Context, tx *db.Tx, user care.UserID) error {
	return withdraw(ctx, tx, user)
}
