package preference

import (
	"context"

	"hearth/internal/db"
)

// Step does the next part of a change, as its job does.
func (s *Service) Step(ctx context.Context, id ChangeID) (more bool, err error) {
	return s.step(ctx, id, new(db.Pace))
}
