package blast

import (
	"context"
	"time"

	"hearth/internal/db"
)

// CountBy has somebody told, after each commit, how many recipients were written to (why is
// empty) and how many were skipped for which reason. Call it before anything is sent;
// count is called from one goroutine at a time for each [Service.Run].
func (s *Service) CountBy(count func(why string, n int)) { s.counter = count }

// count tells of the recipients of a transaction that was committed.
func (s *Service) count(rows []*recipient) {
	if s.counter == nil {
		return
	}
	by := map[string]int{}
	for _, one := range rows {
		by[one.why]++
	}
	for why, n := range by {
		s.counter(why, n)
	}
}

// Behind tells how long ago the blast was due that has been waiting longest among those
// that are to be sent now; 0 when nothing waits. One that is paused does not.
func (s *Service) Behind(ctx context.Context) (behind time.Duration, err error) {
	now := db.Millis(s.clock())
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var since int64
		err := tx.QueryRow(ctx, `SELECT COALESCE(MIN(due_at), $1) FROM blasts WHERE state IN ('scheduled', 'sending') AND due_at <= $1`, now).Scan(&since)
		behind = time.Duration(now-since) * time.Millisecond
		return err
	})
	return behind, err
}
