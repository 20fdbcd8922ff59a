package transcript

import (
	"context"
	"errors"
	"io"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// errGone means that the export was taken away while it was being made.
var errGone = errors.New("transcript: the export was taken away")

// produce is the job: it makes a file and says that it is ready.
func (s *Service) produce(ctx context.Context, c *jobs.Claim) error {
	var a args
	if err := c.Bind(&a); err != nil {
		return err
	}
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	default:
		return s.wait(ctx, c, a)
	}
	e, wanted, err := s.start(ctx, a.ID)
	if err != nil || !wanted {
		return errors.Join(err, s.drop(ctx, a.ID, e.State))
	}
	w := &work{service: s, claim: c, export: e}
	size, err := s.store(ctx, e.ID, func(out io.Writer) error { return w.write(ctx, out) })
	return s.settle(ctx, c, w, size, err)
}

// wait gives the job's turn to others until a place is free.
func (s *Service) wait(ctx context.Context, c *jobs.Claim, a args) error {
	now := s.clock()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := jobs.Enqueue(ctx, tx, now, jobs.Job{Kind: makeJob, Args: a, RunAt: now.Add(again)}); err != nil {
			return err
		}
		return c.Finish(ctx, tx)
	})
}

// start notes that the export is being made; wanted is false where that is over.
func (s *Service) start(ctx context.Context, id ID) (e Export, wanted bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if wanted, err = s.set(ctx, tx, id, Queued, Running, `state = 'running', done = 0`); err != nil {
			return err
		}
		e, _, err = find(ctx, tx, id)
		return err
	})
	return e, wanted, err
}

// drop removes the file of an export that is not wanted any more: an attempt that was cut
// off may have left one.
func (s *Service) drop(ctx context.Context, id ID, state State) error {
	if state == Ready {
		return nil
	}
	return s.files.Remove(ctx, nameOf(id))
}

// store puts what fill writes into the store of files, whole or not at all.
func (s *Service) store(ctx context.Context, id ID, fill func(io.Writer) error) (size int64, err error) {
	from, to := io.Pipe()
	stored := make(chan error, 1)
	go func() {
		var err error
		size, err = s.files.Put(ctx, nameOf(id), from)
		from.CloseWithError(errors.Join(err, io.ErrClosedPipe))
		stored <- err
	}()
	err = fill(to)
	to.CloseWithError(err)
	if failure := <-stored; err == nil || errors.Is(err, io.ErrClosedPipe) && failure != nil {
		err = failure
	}
	return size, err
}

// settle writes down how making an export ended.
func (s *Service) settle(ctx context.Context, c *jobs.Claim, w *work, size int64, failure error) error {
	id := w.export.ID
	var refusal *care.Error
	switch {
	case failure == nil:
		return s.finish(ctx, c, w, size)
	case errors.Is(failure, errGone):
		return s.files.Remove(ctx, nameOf(id))
	case errors.Is(failure, jobs.ErrLost) || ctx.Err() != nil:
		return failure
	case errors.As(failure, &refusal):
		return s.fail(ctx, c, id, refusal.Code)
	case c.Attempt >= maxAttempts:
		return s.fail(ctx, c, id, care.CodeUnavailable)
	}
	return failure
}

// finish says that the file is ready, or removes it where the export was taken away.
func (s *Service) finish(ctx context.Context, c *jobs.Claim, w *work, size int64) error {
	var wanted bool
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		wanted, err = s.set(ctx, tx, w.export.ID, Running, Running,
			`state = 'ready', done = $5, total = $5, first_seq = $6, last_seq = $7, size = $8, expires_at = $9`,
			w.total, w.first, w.last, size, db.Millis(s.clock().Add(Kept)))
		if err != nil {
			return err
		}
		return c.Finish(ctx, tx)
	})
	if err == nil && !wanted {
		return s.files.Remove(ctx, nameOf(w.export.ID))
	}
	return err
}

func (s *Service) fail(ctx context.Context, c *jobs.Claim, id ID, why care.Code) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := s.set(ctx, tx, id, Running, Running, `state = 'failed', why = $5`, string(why)); err != nil {
			return err
		}
		return c.Finish(ctx, tx)
	})
}
