package attach

import (
	"context"
	"errors"
	"time"

	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

const (
	sweepEvery = 5 * time.Minute
	sweepMost  = 200 // rows of one transaction
)

// Register adds the job that removes what is abandoned or let go of.
func (s *Service) Register(r *jobs.Runner) {
	r.Every("attach.sweep", sweepEvery, func(ctx context.Context, _ *jobs.Claim) error { return s.Sweep(ctx) })
}

// Sweep removes the files of deleted messages, and those that neither a message nor a draft
// names since [Abandoned].
func (s *Service) Sweep(ctx context.Context) error {
	for {
		ids, err := s.condemn(ctx)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			if err := s.erase(ctx, id); err != nil {
				return err
			}
		}
	}
}

// condemn marks what goes: from then on no message can claim it.
func (s *Service) condemn(ctx context.Context) (ids []care.AttachmentID, err error) {
	now := s.clock()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		ids, err = db.Many(ctx, tx, func(row db.Scanner) (id care.AttachmentID, err error) { return id, row.Scan(&id) },
			`UPDATE attachments SET state = 'removed' WHERE id IN (
				SELECT id FROM attachments WHERE message_id IS NULL AND (state = 'removed' OR draft_in IS NULL AND changed_at < $1) ORDER BY id LIMIT $2`+tx.ForUpdate()+`)
			AND message_id IS NULL RETURNING id`,
			db.Millis(now.Add(-Abandoned)), sweepMost)
		return err
	})
	return ids, err
}

// erase removes the bytes of a file and then its row.
func (s *Service) erase(ctx context.Context, id care.AttachmentID) error {
	if err := errors.Join(s.files.Remove(ctx, nameOf(id)), s.files.Remove(ctx, thumbnailOf(id))); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM attachments WHERE id = $1 AND message_id IS NULL`, id)
		return err
	})
}

// Discard removes a file of the actor's that no message names: they took it out of what
// they are writing.
func (s *Service) Discard(ctx context.Context, actor care.Actor, id care.AttachmentID) error {
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE attachments SET state = 'removed', changed_at = $3
			WHERE id = $1 AND uploader_id = $2 AND message_id IS NULL AND state = 'ready'`, id, actor.User, db.Millis(s.clock()))
		if err == nil && n == 0 {
			err = care.Missing("file that is in no message")
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.erase(ctx, id)
}

// Open gives the bytes of a file, or of its thumbnail. Who may see them was decided
// before. ctx must last as long as they are read.
func (s *Service) Open(ctx context.Context, id care.AttachmentID, thumbnail bool) (*blob.File, error) {
	name := nameOf(id)
	if thumbnail {
		name = thumbnailOf(id)
	}
	file, err := s.files.Open(ctx, name)
	if errors.Is(err, blob.ErrMissing) {
		return nil, care.Missing("file") // removed in this moment
	}
	return file, err
}
