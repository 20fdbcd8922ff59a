package waiting

import (
	"context"
	"sync/atomic"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

const (
	// workEvery is how often somebody looks for what has fallen due.
	workEvery = 5 * time.Second
	// history is how far back conversations are looked at that were there before.
	history = 12 * 7 * 24 * time.Hour
	// mostTurns bounds the texts of one look, and mostOpen the questions of one transaction.
	mostTurns = 1000
	// mostPassed bounds the texts that one look passes over in a conversation.
	mostPassed = 5000
	mostOpen   = 200
	mostDue    = 64
	mostOld    = 100
	// lookAgain is when a question is looked at again of which nobody could be told.
	lookAgain = time.Hour
)

// Service is the use cases of waiting times, and a consumer of the outbox.
type Service struct {
	db     *db.DB
	clock  care.Clock
	events chat.Publisher
	since  atomic.Int64 // of waiting_progress, once it was read
	open   remembered

	reminders Reminders // nil where nobody keeps any
}

// New makes the service. Give it to the outbox as a consumer, and connect it with
// [Service.Register].
func New(d *db.DB, clock care.Clock, events chat.Publisher) *Service {
	return &Service{db: d, clock: clock, events: events}
}

// Register adds the work of this package to a runner.
func (s *Service) Register(r *jobs.Runner) {
	r.Every("waiting.work", workEvery, func(ctx context.Context, claim *jobs.Claim) error {
		for ctx.Err() == nil {
			worked, err := s.Work(ctx)
			if err != nil || !worked {
				return err
			}
			if err := claim.Extend(ctx); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
}

// Work does a part of what is to be done: it looks at conversations from before, reckons
// with changed settings, and reminds of what has fallen due. worked is false when there is
// nothing left. Several nodes may work at once.
func (s *Service) Work(ctx context.Context) (worked bool, err error) {
	for _, step := range []func(context.Context) (bool, error){s.catchUp, s.reckonAnew, s.remind} {
		did, err := step(ctx)
		if err != nil {
			return worked, err
		}
		worked = worked || did
	}
	return worked, nil
}

// begin gives since when somebody looks: a conversation is looked at from the last answer
// before this moment minus the history on, whenever its turn comes.
func (s *Service) begin(ctx context.Context, tx *db.Tx) (time.Time, error) {
	if ms := s.since.Load(); ms != 0 {
		return db.FromMillis(ms), nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO waiting_progress (id, since, place, finished) VALUES (1, $1, NULL, FALSE)
		ON CONFLICT (id) DO NOTHING`, db.Millis(s.clock()))
	if err != nil {
		return time.Time{}, err
	}
	var ms int64
	err = tx.QueryRow(ctx, `SELECT since FROM waiting_progress WHERE id = 1`).Scan(&ms)
	return db.FromMillis(ms), err
}
