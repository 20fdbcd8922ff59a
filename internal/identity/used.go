package identity

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

const (
	// usedEvery is how old the stored time of a session's use may be before it is renewed.
	usedEvery  = time.Minute
	flushEvery = 5 * time.Second
	flushBatch = 500
)

// usedSessions gathers which sessions were used, so that one write renews many.
type usedSessions struct {
	mu       sync.Mutex
	sessions map[care.SessionID]care.UserID
}

func newUsedSessions() *usedSessions {
	return &usedSessions{sessions: map[care.SessionID]care.UserID{}}
}

func (u *usedSessions) add(session care.SessionID, user care.UserID) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.sessions[session] = user
}

// take gives up to n sessions, their people, and whether there are more.
func (u *usedSessions) take(n int) (sessions []care.SessionID, users []care.UserID, more bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	seen := map[care.UserID]bool{}
	for session, user := range u.sessions {
		if len(sessions) == n {
			break
		}
		delete(u.sessions, session)
		sessions = append(sessions, session)
		seen[user] = true
	}
	slices.SortFunc(sessions, func(a, b care.SessionID) int { return slices.Compare(a[:], b[:]) })
	users = slices.SortedFunc(maps.Keys(seen), func(a, b care.UserID) int { return slices.Compare(a[:], b[:]) })
	return sessions, users, len(u.sessions) > 0
}

// Used says that a session is in use although it makes no requests: its person did
// something over a live connection. It is cheap.
func (s *Service) Used(actor care.Actor) {
	if !actor.Session.IsZero() {
		s.used.add(actor.Session, actor.User)
	}
}

// FlushUsed stores which sessions were used since the last call. What a crash loses is a
// few seconds of use.
func (s *Service) FlushUsed(ctx context.Context) error {
	for {
		sessions, users, more := s.used.take(flushBatch)
		if len(sessions) == 0 {
			return nil
		}
		if err := s.storeUsed(ctx, sessions, users); err != nil {
			return err
		}
		if !more {
			return nil
		}
	}
}

func (s *Service) storeUsed(ctx context.Context, sessions []care.SessionID, users []care.UserID) error {
	now := s.clock()
	args := []any{db.Millis(now), db.Millis(now.Add(-usedEvery))}
	for _, id := range sessions {
		args = append(args, id)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.cfg.Seen(ctx, tx, users, now); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE sessions SET used_at = $1 WHERE used_at <= $2 AND id IN (`+tx.In(3, len(sessions))+`)`, args...)
		return err
	})
}

// Run stores the use of sessions every few seconds until ctx ends, and once more then.
// onError hears of failures; they are tried again with what is used next.
func (s *Service) Run(ctx context.Context, onError func(error)) {
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-tick.C:
		}
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), flushEvery)
		if err := s.FlushUsed(last); err != nil {
			onError(err)
		}
		cancel()
	}
}
