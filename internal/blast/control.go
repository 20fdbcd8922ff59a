package blast

import (
	"context"
	"slices"

	"hearth/internal/access"
	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Pause stops sending until [Service.Resume]; who was written to stays so.
func (s *Service) Pause(ctx context.Context, actor care.Actor, id care.BlastID) (*Blast, error) {
	return s.steer(ctx, actor, id, "blast.paused", Paused, Sending)
}

// Resume goes on with a paused blast.
func (s *Service) Resume(ctx context.Context, actor care.Actor, id care.BlastID) (*Blast, error) {
	b, err := s.steer(ctx, actor, id, "blast.resumed", Sending, Paused)
	s.Wake()
	return b, err
}

// Cancel ends a blast for good: before it begins nobody is written to, later the rest is
// not. Who was not written to counts as skipped.
func (s *Service) Cancel(ctx context.Context, actor care.Actor, id care.BlastID) (*Blast, error) {
	return s.steer(ctx, actor, id, "blast.cancelled", Cancelled, Scheduled, Sending, Paused)
}

// steer moves a blast from one of some states to another. It waits for the transactions
// that send now, so that what it answers is the last word. A blast that is there already
// stays as it is; from any other state it is refused with version_conflict.
func (s *Service) steer(ctx context.Context, actor care.Actor, id care.BlastID, action string, to State, wanted ...State) (b *Blast, err error) {
	changed := false
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		changed = false
		if _, err := find(ctx, tx, actor, id, ""); err != nil {
			return err
		}
		if err := holdLanes(ctx, tx, id); err != nil {
			return err
		}
		if b, err = find(ctx, tx, actor, id, tx.ForUpdate("b")); err != nil {
			return err
		}
		if refusal := access.SteerBlast(actor, b.subject(actor)); refusal != nil {
			return refusal
		}
		if b.State != to {
			if !slices.Contains(wanted, b.State) {
				if err := s.complete(ctx, tx, actor, []*Blast{b}); err != nil {
					return err
				}
				return conflict("This message blast is "+string(b.State)+" by now.", b)
			}
			changed = true
			if err := s.move(ctx, tx, actor, b, to, action); err != nil {
				return err
			}
		}
		if b, err = find(ctx, tx, actor, id, ""); err != nil {
			return err
		}
		return s.complete(ctx, tx, actor, []*Blast{b})
	})
	if err != nil {
		return nil, err
	}
	if changed {
		s.tell(b.org, b.Sender.ID, b.ID, true)
	}
	return b, nil
}

func (s *Service) move(ctx context.Context, tx *db.Tx, actor care.Actor, b *Blast, to State, action string) error {
	set := `state = $2, version = version + 1`
	args := []any{b.ID, string(to)}
	if to == Cancelled {
		if err := fold(ctx, tx, b.ID); err != nil {
			return err
		}
		set += `, skipped = total - sent, finished_at = $3, stopped_by = $4`
		args = append(args, db.Millis(s.clock()), actor.User)
	}
	if _, err := tx.Exec(ctx, `UPDATE blasts SET `+set+` WHERE id = $1`, args...); err != nil {
		return err
	}
	details := map[string]any{"sent": b.Sent, "recipients": b.Total}
	if b.StartedAt.IsZero() && to == Cancelled {
		details["before_start"] = true
		if err := attach.Release(ctx, tx, s.clock(), holder(b.ID)); err != nil {
			return err
		}
	} else if to == Cancelled {
		if err := tellFinished(ctx, tx, b, s.clock()); err != nil {
			return err
		}
	}
	return s.record(ctx, tx, b.org, actor.Person(), b.ID, action, details)
}
