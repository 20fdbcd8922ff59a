package attach

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"hearth/internal/attach/inspect"
	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Upload takes a file that somebody sends, whatever they say it is: it is stored as it
// comes, looked into, and kept or refused. The answer says what it is. Refusals are
// *care.Error: too_large, rate_limited, and invalid with the field "file" and a reason.
// Errors of r come back as they are, and nothing is kept then.
func (s *Service) Upload(ctx context.Context, actor care.Actor, name string, r io.Reader) (care.Attachment, error) {
	if _, err := inspect.CleanName(name); err != nil {
		return care.Attachment{}, err
	}
	id := care.NewID[care.AttachmentID](s.clock())
	if err := s.announce(ctx, actor, id); err != nil {
		return care.Attachment{}, err
	}
	kept, err := s.take(ctx, id, name, r)
	if err == nil {
		err = s.finish(ctx, id, kept)
	}
	if err != nil {
		return care.Attachment{}, errors.Join(err, s.forget(id))
	}
	return kept.Attachment, nil
}

// announce writes the row before anything is stored, so that what is stored is known of.
func (s *Service) announce(ctx context.Context, actor care.Actor, id care.AttachmentID) error {
	now := db.Millis(s.clock())
	return s.db.Write(ctx, func(tx *db.Tx) error {
		var loose int
		err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM attachments WHERE uploader_id = $1 AND message_id IS NULL`, actor.User).Scan(&loose)
		if err != nil {
			return err
		}
		if loose >= maxLoose {
			full := care.Fail(care.RateLimited, care.CodeRateLimited, "You have sent many files that are in no message yet. Send them in a message first, or wait a while.")
			full.RetryAfter = int(time.Hour / time.Second)
			return full
		}
		_, err = tx.Exec(ctx, `INSERT INTO attachments (`+columns+`, position, created_at, changed_at)
			VALUES ($1, $2, $3, 'arriving', NULL, '', '', 0, 0, 0, 0, '', 0, $4, $4)`, id, actor.Org, actor.User, now)
		return err
	})
}

// take stores a file as it comes and then makes of it what is kept.
func (s *Service) take(ctx context.Context, id care.AttachmentID, name string, r io.Reader) (File, error) {
	size, err := s.files.Put(ctx, nameOf(id), &bounded{r: r, left: s.limits.Bytes, limit: s.limits.Bytes})
	if err != nil {
		return File{}, err
	}
	select { // a few at a time
	case s.looks <- struct{}{}:
		defer func() { <-s.looks }()
	case <-ctx.Done():
		return File{}, ctx.Err()
	}
	stored, err := s.files.Open(ctx, nameOf(id))
	if err != nil {
		return File{}, err
	}
	defer stored.Close()
	kind, err := inspect.Look(stored, size, name)
	if err != nil {
		return File{}, err
	}
	if kind.Picture {
		return s.render(ctx, id, stored, kind)
	}
	return File{Attachment: care.Attachment{
		ID: id, Name: kind.Name, Size: size, MediaType: kind.MediaType, Duration: kind.Duration.Round(time.Millisecond),
	}}, nil
}

// render puts a picture that was made anew in the place of what was sent.
func (s *Service) render(ctx context.Context, id care.AttachmentID, stored *blob.File, kind inspect.Kind) (File, error) {
	data, err := io.ReadAll(stored)
	if err != nil {
		return File{}, err
	}
	p, err := inspect.Render(data, kind)
	if err != nil {
		return File{}, err
	}
	if _, err := s.files.Put(ctx, nameOf(id), bytes.NewReader(p.Data)); err != nil {
		return File{}, err
	}
	if _, err := s.files.Put(ctx, thumbnailOf(id), bytes.NewReader(p.Thumbnail)); err != nil {
		return File{}, err
	}
	return File{ThumbnailType: p.ThumbnailType, Attachment: care.Attachment{
		ID: id, Name: p.Kind.Name, Size: int64(len(p.Data)), MediaType: p.Kind.MediaType,
		Width: p.Width, Height: p.Height, Thumbnail: true,
	}}, nil
}

// finish makes the file known as it is. A row that a sweep took meanwhile is gone.
func (s *Service) finish(ctx context.Context, id care.AttachmentID, f File) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE attachments SET state = 'ready', name = $2, media_type = $3, size = $4, width = $5, height = $6,
				duration_ms = $7, thumbnail = $8, changed_at = $9
			WHERE id = $1 AND state = 'arriving'`,
			id, f.Name, f.MediaType, f.Size, f.Width, f.Height, f.Duration.Milliseconds(), f.ThumbnailType, db.Millis(s.clock()))
		if err == nil && n == 0 {
			err = errors.New("attach: a file that was arriving is gone")
		}
		return err
	})
}

// forgetTime bounds the tidying after a file that was not kept; a sweep does what is left.
const forgetTime = 10 * time.Second

// forget removes what an upload that failed has left. Its caller may be gone.
func (s *Service) forget(id care.AttachmentID) error {
	ctx, cancel := context.WithTimeout(context.Background(), forgetTime)
	defer cancel()
	if err := s.erase(ctx, id); err != nil {
		return s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE attachments SET state = 'removed' WHERE id = $1`, id)
			return err
		})
	}
	return nil
}

// bounded refuses what is longer than it may be.
type bounded struct {
	r           io.Reader
	left, limit int64
}

// Read reads until one byte more than is allowed.
func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.r.Read(p[:min(int64(len(p)), b.left+1)])
	if b.left -= int64(n); b.left < 0 {
		return 0, TooLarge(b.limit)
	}
	return n, err
}

// TooLarge is the answer to a file of more than limit bytes.
func TooLarge(limit int64) *care.Error {
	err := care.Fail(care.TooLarge, care.CodeTooLarge, fmt.Sprintf("This file is larger than %d MB, which is the most that can be sent.", limit>>20))
	err.Fields = []care.FieldError{{Field: "file", Code: "too_large", Detail: err.Message}}
	return err
}
