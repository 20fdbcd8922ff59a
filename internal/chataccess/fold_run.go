package chataccess

import (
	"cmp"
	"context"
	"sync"
	"sync/atomic"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// folder runs the folds of this program, at most one for each organization.
type folder struct {
	pause   time.Duration // foldPause, but for tests
	mu      sync.Mutex
	closed  bool
	running map[care.OrgID]chan struct{} // closed when the fold has ended
	stop    context.CancelFunc
	ctx     context.Context
	group   sync.WaitGroup
	hurried atomic.Int32 // how many wait for a fold to end
}

// begin starts a fold in the background, or joins the one that runs; done is closed when
// it has ended, and nil once the service is closed.
func (f *folder) begin(org care.OrgID, run func(ctx context.Context)) (done <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return nil
	}
	if f.running == nil {
		f.running = map[care.OrgID]chan struct{}{}
		f.ctx, f.stop = context.WithCancel(context.Background())
	}
	if running, is := f.running[org]; is {
		return running
	}
	ended := make(chan struct{})
	f.running[org] = ended
	f.group.Go(func() {
		run(f.ctx)
		f.mu.Lock()
		delete(f.running, org)
		f.mu.Unlock()
		close(ended)
	})
	return ended
}

// Close stops writing bulk changes to the clients, between two transactions, and returns
// when that has ended. What is left is written after the next start, by [Service.Resume];
// until then the changes count all the same.
func (s *Service) Close() {
	s.folder.mu.Lock()
	s.folder.closed = true
	if s.folder.stop != nil {
		s.folder.stop()
	}
	s.folder.mu.Unlock()
	s.folder.group.Wait()
}

// foldSoon writes the change that counts for an organization to its clients, in the
// background. A failure is left to [Service.Resume].
func (s *Service) foldSoon(org care.OrgID) <-chan struct{} {
	return s.folder.begin(org, func(ctx context.Context) { _ = s.foldAll(ctx, org) })
}

// awaitFold returns when no change of the organization waits to be written, and hurries
// the one that does.
func (s *Service) awaitFold(ctx context.Context, org care.OrgID) error {
	s.folder.hurried.Add(1)
	defer s.folder.hurried.Add(-1)
	for {
		active, err := s.active(ctx, org)
		if err != nil || active.IsZero() {
			return err
		}
		done := s.foldSoon(org)
		if done == nil {
			return errClosing
		}
		select {
		case <-done:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
		// Where it failed, or another node is at it: not in a tight loop.
		if err := sleep(ctx, foldPause); err != nil {
			return err
		}
	}
}

var errClosing = &care.Error{
	Kind: care.Unavailable, Code: care.CodeUnavailable, RetryAfter: 2,
	Message: "Hearth is restarting. Try again in a moment.",
}

func (s *Service) active(ctx context.Context, org care.OrgID) (active ChangeID, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT active_change FROM organizations WHERE id = $1`, org).Scan(&active)
	})
	return active, err
}

// foldAll writes the change that counts for an organization to all of its clients. It may
// be stopped between any two transactions and run again, and several nodes may run it at
// once.
func (s *Service) foldAll(ctx context.Context, org care.OrgID) error {
	active, err := s.active(ctx, org)
	if err != nil || active.IsZero() {
		return err
	}
	var last care.UserID
	var pace db.Pace
	for {
		part, err := s.nextWaiting(ctx, active, last, pace.Next())
		if err != nil {
			return err
		}
		if len(part) == 0 {
			return s.folded(ctx, org, active)
		}
		last = part[len(part)-1]
		// A transaction that has begun is finished: it is short.
		if err := s.foldPart(context.WithoutCancel(ctx), &pace, active, part); err != nil {
			return err
		}
		if err := s.pause(ctx); err != nil {
			return err
		}
	}
}

// foldPause is left between two transactions for those who wait to write.
const foldPause = 3 * time.Millisecond

// pause lets others write, between two transactions.
func (s *Service) pause(ctx context.Context) error {
	if err := s.db.Relieve(ctx); err != nil {
		return err
	}
	if s.folder.hurried.Load() > 0 {
		return ctx.Err()
	}
	return sleep(ctx, s.folder.pause)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// nextWaiting gives the next clients after last whose rows are not written, up to limit.
func (s *Service) nextWaiting(ctx context.Context, change ChangeID, last care.UserID, limit int) (part []care.UserID, err error) {
	from := orLowest(last)
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		part, err = db.Many(ctx, tx, scanUser, `SELECT client_id FROM chat_access_change_rows
			WHERE change_id = $1 AND client_id > $2 AND folded = FALSE ORDER BY client_id LIMIT $3`, change, from, limit)
		return err
	})
	return part, err
}

// orLowest gives an id below all others for the zero id, which is stored as NULL.
func orLowest(id care.UserID) care.UserID {
	if id.IsZero() {
		return care.UserID{15: 1}
	}
	return id
}

// folded ends a change whose rows are all written.
func (s *Service) folded(ctx context.Context, org care.OrgID, change ChangeID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE organizations SET active_change = NULL WHERE id = $1 AND active_change = $2`, org, change)
		if err != nil || n == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE chat_access_changes SET folded_at = $2 WHERE id = $1`, change, db.Millis(s.clock()))
		return err
	})
}

// Resume goes on where this program, or another node, was stopped: it writes the changes
// that count to their clients, removes what was prepared for a change that never came to
// count, and forgets old previews. It returns when that is done or ctx ends. Call it at
// start and now and then; running it beside everything else is safe.
func (s *Service) Resume(ctx context.Context) error {
	var orgs []care.OrgID
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		orgs, err = db.Many(ctx, tx, func(r db.Scanner) (id care.OrgID, err error) { return id, r.Scan(&id) },
			`SELECT id FROM organizations WHERE active_change IS NOT NULL ORDER BY id`)
		return err
	})
	if err != nil {
		return err
	}
	for _, org := range orgs {
		if err := s.foldAll(ctx, org); err != nil {
			return err
		}
	}
	return s.forget(ctx)
}

// How long what never came to count is kept: previews, so that one that is too old is told
// apart from one that never was; and what is being prepared, longer than that may take.
const (
	keepPreviews = 24 * time.Hour
	forgetChunk  = 2000
)

// forget removes previews and preparations that are too old, with their rows, and what only
// an undo needs of changes that cannot be undone any more.
func (s *Service) forget(ctx context.Context) error {
	before := db.Millis(s.clock().Add(-keepPreviews))
	old, err := s.changesWhere(ctx, `applied_at IS NULL AND expires_at < $1`, before)
	if err != nil {
		return err
	}
	for _, id := range old {
		if err := s.drop(ctx, id); err != nil {
			return err
		}
		if err := s.exec(ctx, `DELETE FROM chat_access_changes WHERE id = $1 AND applied_at IS NULL`, id); err != nil {
			return err
		}
	}
	settled, err := s.changesWhere(ctx, `folded_at IS NOT NULL AND request <> '' AND applied_at < $1`, before-UndoFor.Milliseconds())
	if err != nil {
		return err
	}
	for _, id := range settled {
		if err := s.dropRows(ctx, id); err != nil {
			return err
		}
		if err := s.exec(ctx, `UPDATE chat_access_changes SET request = '' WHERE id = $1`, id); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) changesWhere(ctx context.Context, condition string, before int64) (list []ChangeID, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = db.Many(ctx, tx, scanChange, `SELECT id FROM chat_access_changes WHERE `+condition+` ORDER BY id LIMIT 1000`, before)
		return err
	})
	return list, err
}

func (s *Service) exec(ctx context.Context, query string, args ...any) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	})
}

// drop removes the rows of a change that does not count and will not. It refuses to count
// any more first.
func (s *Service) drop(ctx context.Context, id ChangeID) error {
	refused := false
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE chat_access_changes SET state = 'refused' WHERE id = $1 AND applied_at IS NULL`, id)
		refused = n > 0
		return err
	})
	if err != nil || !refused {
		return err
	}
	return s.dropRows(ctx, id)
}

// dropRows removes the rows of a change in short transactions. Each is bounded by a client:
// told as LIMIT of a subquery, PostgreSQL may go through all rows once for each that goes
// where its statistics are old.
func (s *Service) dropRows(ctx context.Context, id ChangeID) error {
	for gone := int64(1); gone > 0; {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			last, more, err := db.One(ctx, tx, func(row db.Scanner) (c care.UserID, err error) { return c, row.Scan(&c) },
				`SELECT client_id FROM chat_access_change_rows WHERE change_id = $1 ORDER BY client_id LIMIT 1 OFFSET CAST($2 AS BIGINT)`, id, forgetChunk)
			if err != nil {
				return err
			}
			where, args := ``, []any{id}
			if more {
				where, args = ` AND client_id <= $2`, append(args, last)
			}
			gone, err = tx.Exec(ctx, `DELETE FROM chat_access_change_rows WHERE change_id = $1`+where, args...)
			return err
		})
		if err := cmp.Or(err, s.db.Relieve(ctx)); err != nil {
			return err
		}
	}
	return nil
}
