package transcript

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

const sweepMost = 200

// sweep removes files whose time is over and what was taken away, and gives up what has
// made no step for long.
func (s *Service) sweep(ctx context.Context, _ *jobs.Claim) error {
	now := s.clock()
	steps := []struct {
		where string
		value int64
		then  func(context.Context, ID) error
	}{
		{`state = 'ready' AND expires_at <= $1`, db.Millis(now), s.expire},
		{`state IN ('queued', 'running') AND changed_at < $1`, db.Millis(now.Add(-stuck)), s.giveUp},
		{`state = 'removed' AND changed_at <= $1`, db.Millis(now), s.erase},
		{`state IN ('expired', 'failed') AND changed_at < $1`, db.Millis(now.Add(-remembered)), s.forget},
	}
	for _, step := range steps {
		ids, err := s.which(ctx, step.where, step.value)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if err := step.then(ctx, id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) which(ctx context.Context, where string, value int64) (ids []ID, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		ids, err = db.Many(ctx, tx, func(row db.Scanner) (id ID, err error) { return id, row.Scan(&id) },
			`SELECT id FROM exports WHERE `+where+` ORDER BY id LIMIT $2`, value, sweepMost)
		return err
	})
	return ids, err
}

// expire removes the file first: when the process ends in between it is done again.
func (s *Service) expire(ctx context.Context, id ID) error {
	if err := s.files.Remove(ctx, nameOf(id)); err != nil {
		return err
	}
	return s.change(ctx, id, Ready, Ready, `state = 'expired'`)
}

func (s *Service) giveUp(ctx context.Context, id ID) error {
	return s.change(ctx, id, Queued, Running, `state = 'failed', why = $5`, string(care.CodeUnavailable))
}

// erase removes the file of an export that was taken away, and then its row.
func (s *Service) erase(ctx context.Context, id ID) error {
	if err := s.files.Remove(ctx, nameOf(id)); err != nil {
		return err
	}
	return s.delete(ctx, id, removed, removed)
}

func (s *Service) forget(ctx context.Context, id ID) error {
	if err := s.files.Remove(ctx, nameOf(id)); err != nil {
		return err
	}
	return s.delete(ctx, id, Expired, Failed)
}

func (s *Service) delete(ctx context.Context, id ID, state, or State) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM exports WHERE id = $1 AND state IN ($2, $3)`, id, string(state), string(or))
		return err
	})
}

func (s *Service) change(ctx context.Context, id ID, from, or State, change string, args ...any) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := s.set(ctx, tx, id, from, or, change, args...)
		return err
	})
}
