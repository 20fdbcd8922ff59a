package blast

import (
	"context"
	"maps"
	"slices"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
)

// hear notes what clients read and answered, in the transaction in which they do. The same
// news come again and change nothing; whoever answers has read.
func (s *Service) hear(ctx context.Context, tx *db.Tx, news []chat.BlastNews) error {
	now := db.Millis(s.clock())
	for _, n := range news {
		set := `read_at = COALESCE(read_at, $3)`
		unless := `read_at IS NULL`
		if n.Replied {
			set += `, replied_at = COALESCE(replied_at, $3)`
			unless = `replied_at IS NULL`
		}
		_, err := tx.Exec(ctx, `UPDATE blast_recipients SET `+set+`
			WHERE blast_id = $1 AND list = (SELECT list FROM blasts WHERE id = $1) AND place = $2 AND `+unless, n.Blast, n.Place, now)
		if err != nil {
			return err
		}
		s.stir(n.Blast)
	}
	return nil
}

// stir notes that somebody read or answered a blast, to be told a little later: this is
// before the commit, and many do so at once.
func (s *Service) stir(id care.BlastID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.stirred) < mostStirred {
		s.stirred[id] = true
	}
}

// mostStirred bounds how many blasts are told of at once; of more than that whoever looks
// at them learns when they look again.
const mostStirred = 500

// tellStirred says how far the blasts are that were stirred before it was called last.
func (s *Service) tellStirred(ctx context.Context) error {
	s.mu.Lock()
	ids := slices.Collect(maps.Keys(s.settled))
	s.settled, s.stirred = s.stirred, map[care.BlastID]bool{}
	s.mu.Unlock()
	if len(ids) == 0 {
		return nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	return s.db.Read(ctx, func(tx *db.Tx) error {
		list, err := db.Many(ctx, tx, func(row db.Scanner) (e care.Event, err error) {
			var org care.OrgID
			var sender care.UserID
			var id care.BlastID
			err = row.Scan(&id, &org, &sender)
			return progressEvent(org, sender, id), err
		}, `SELECT id, org_id, sender_id FROM blasts WHERE id IN (`+tx.In(1, len(ids))+`)`, args...)
		if err == nil {
			s.events.Publish(list...)
		}
		return err
	})
}
