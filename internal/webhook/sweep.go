package webhook

import (
	"context"
	"slices"
	"strconv"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

const (
	// KeepFor is how long a delivery is kept after its event, to be looked at and sent again.
	KeepFor    = 14 * 24 * time.Hour
	sweepEvery = time.Minute
	sweepMost  = 256 // rows of one transaction
)

// Register has the runner clear up.
func (s *Service) Register(r *jobs.Runner) {
	r.Every("webhook.sweep", sweepEvery, func(ctx context.Context, _ *jobs.Claim) error { return s.Sweep(ctx) })
}

// Sweep gives up what has waited for a day while its webhook was off or down, and removes
// what is too old and what belongs to deleted webhooks. It goes on from one short
// transaction to the next.
func (s *Service) Sweep(ctx context.Context) error {
	var all []swept
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = db.Many(ctx, tx, scanSwept, `SELECT id, active, deleted_at IS NOT NULL, COALESCE(failing_since <= $1, FALSE) FROM webhooks`,
			db.Millis(s.clock().Add(-TryFor)))
		return err
	})
	for _, one := range all {
		if err == nil {
			err = s.sweep(ctx, one)
		}
	}
	return err
}

// swept is a webhook as Sweep sees it.
type swept struct {
	id                    care.WebhookID
	active, deleted, down bool
}

func scanSwept(row db.Scanner) (w swept, err error) {
	return w, row.Scan(&w.id, &w.active, &w.deleted, &w.down)
}

func (s *Service) sweep(ctx context.Context, w swept) error {
	now := s.clock()
	if w.deleted {
		if err := s.each(ctx, w.id, `TRUE`, nil, remove); err != nil {
			return err
		}
		return s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM webhooks WHERE id = $1 AND deleted_at IS NOT NULL`, w.id)
			return err
		})
	}
	if !w.active || w.down {
		const late = `due_at IS NOT NULL AND began_at <= $2 AND (state = 'waiting' OR due_at <= $3)`
		if err := s.each(ctx, w.id, late, []any{db.Millis(now.Add(-TryFor)), db.Millis(now)}, giveUp); err != nil {
			return err
		}
	}
	old := care.NewID[care.DeliveryID](now.Add(-KeepFor))
	return s.each(ctx, w.id, `id < $2 AND due_at IS NULL`, []any{old}, remove)
}

const (
	remove = `DELETE FROM webhook_deliveries`
	giveUp = `UPDATE webhook_deliveries SET state = 'failed', due_at = NULL, why = COALESCE(why, '` + whyOff + `')`
)

// each runs a statement over the deliveries of a webhook to which a condition applies, some
// at a time, and writes nothing where there are none. Its arguments begin at $2.
func (s *Service) each(ctx context.Context, webhook care.WebhookID, condition string, args []any, statement string) error {
	where := ` WHERE webhook_id = $1 AND ` + condition
	args = append([]any{webhook}, args...)
	for {
		ids, err := s.some(ctx, where, args)
		if err != nil || len(ids) == 0 {
			return err
		}
		err = s.db.Write(ctx, func(tx *db.Tx) error { // it must still apply
			_, err := tx.Exec(ctx, statement+where+` AND id IN (`+tx.In(len(args)+1, len(ids))+`)`, slices.Concat(args, ids)...)
			return err
		})
		if err != nil || len(ids) < sweepMost {
			return err
		}
		if err := s.db.Relieve(ctx); err != nil {
			return err
		}
	}
}

// some gives as many deliveries as are written in one transaction.
func (s *Service) some(ctx context.Context, where string, args []any) (ids []any, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		ids, err = db.Many(ctx, tx, func(row db.Scanner) (any, error) {
			var id care.DeliveryID
			err := row.Scan(&id)
			return id, err
		}, `SELECT id FROM webhook_deliveries`+where+` LIMIT `+strconv.Itoa(sweepMost), args...)
		return err
	})
	return ids, err
}
