package identity

import (
	"context"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// CheckCode counts tries at the code of the first run against the caller's address, as a
// failed sign-in is counted. right says whether the code was; a wrong one is care.Invalid,
// and care.RateLimited is the answer to any code while the address must wait.
func (s *Service) CheckCode(ctx context.Context, remoteIP string, right bool) error {
	now, address := s.clock(), addressSubject("address", remoteIP)
	wrong := false
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		wrong = false
		if err := s.mayTry(ctx, tx, address); err != nil || right {
			return err
		}
		wrong = true
		if _, err := s.count(ctx, tx, address, func(c counter) counter { return c.leaked(now, addressLimit) }); err != nil {
			return err
		}
		return audit.Append(ctx, tx, care.Installation, care.System, now,
			audit.Act("session.failed", audit.Subject{Kind: "installation"}, map[string]any{"why": "setup_code", "from": address.short()}))
	})
	if err == nil && wrong {
		return care.BadField("setup_code", "wrong", "Is not the code of the link that the program printed when it was started last.")
	}
	return err
}
