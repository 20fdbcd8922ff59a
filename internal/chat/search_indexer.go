package chat

import (
	"context"
	"slices"
	"strings"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// The index follows behind: a send writes nothing for it, so that sending stays as fast
// as it is. Run looks again and again for conversations that grew.
const (
	// indexEvery is how often is looked; indexBusy how many writes meanwhile mean that the
	// store has better to do, and indexPatience for how long that is believed.
	indexEvery    = 2 * time.Second
	indexBusy     = 100
	indexPatience = 5 * time.Minute

	// Bounds of one transaction, which sends wait for.
	indexConversations = 32
	indexMessages      = 512

	// indexSlack is how much before the last look a conversation may have grown without
	// having been seen then: clocks of nodes differ, and transactions take time.
	indexSlack = 5 * time.Minute

	// erasePause is how often the whole index is written anew at most, to forget what was
	// deleted or overwritten meanwhile.
	erasePause = time.Hour
)

// Run keeps the search index up to date until ctx ends. Several nodes may run it.
// Failures go to report; the next look tries again.
func (s *Search) Run(ctx context.Context, report func(error)) {
	ticks := time.NewTicker(indexEvery)
	defer ticks.Stop()
	last, before := time.Time{}, s.chat.db.Stats().Writes
	for {
		now, writes := s.chat.clock(), s.chat.db.Stats().Writes
		if writes-before < indexBusy || now.Sub(last) >= indexPatience {
			if err := s.Index(ctx); err != nil && ctx.Err() == nil {
				report(err)
			}
			last, writes = now, s.chat.db.Stats().Writes
		}
		before = writes
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
		}
	}
}

// Index brings the search index up to date and returns when it is. Search does not need
// it to be complete, only to be fast.
func (s *Search) Index(ctx context.Context) error {
	started := s.chat.clock()
	since := s.complete.Load()
	if since == 0 {
		if err := s.rebuild(ctx); err != nil {
			return err
		}
	}
	changed := false
	for after := (care.ConversationID{}); ; {
		grown, err := s.grown(ctx, since, after)
		if err != nil {
			return err
		}
		if len(grown) == 0 {
			break
		}
		after, changed = grown[len(grown)-1], true
		for part := range slices.Chunk(grown, indexConversations) {
			if err := s.indexSome(ctx, part); err != nil {
				return err
			}
		}
	}
	s.complete.Store(db.Millis(started.Add(-indexSlack)))
	erase, err := s.toErase(ctx, started)
	if err != nil || (!erase && !changed) {
		return err
	}
	return s.tidy(ctx, erase)
}

// toErase reports whether it is time to take out for good what was deleted or overwritten.
// What is deleted from now on is for the next time.
func (s *Search) toErase(ctx context.Context, now time.Time) (erase bool, err error) {
	if now.UnixMilli()-s.erased.Load() < erasePause.Milliseconds() {
		return false, nil
	}
	err = s.chat.db.Read(ctx, func(tx *db.Tx) error {
		erase, _, err = db.One(ctx, tx, scanID[bool], `SELECT erased FROM search_state WHERE id = 1`)
		return err
	})
	if err != nil || !erase {
		return false, err
	}
	s.erased.Store(now.UnixMilli())
	return true, s.chat.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE search_state SET erased = FALSE WHERE id = 1`)
		return err
	})
}

// tidy makes the index quicker to read and, with all, forget what was taken out of it, in
// steps that nobody has to wait for long.
func (s *Search) tidy(ctx context.Context, all bool) error {
	for more := true; more; all = false {
		err := s.chat.db.Write(ctx, func(tx *db.Tx) (err error) {
			more, err = tx.TidyWords(ctx, all)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// grown lists conversations behind one that have messages which are not in the index.
// After the first look only those are asked that somebody wrote in since.
func (s *Search) grown(ctx context.Context, since int64, after care.ConversationID) (ids []care.ConversationID, err error) {
	q := &conditions{where: []string{`c.last_seq > c.indexed_seq AND c.quiet = FALSE`}}
	from := `conversations c`
	if since > 0 {
		from = `organizations o JOIN conversations c ON c.org_id = o.id AND c.last_activity_at >= ` + q.arg(since)
	}
	if !after.IsZero() {
		q.and(`c.id > ` + q.arg(after))
	}
	query := `SELECT c.id FROM ` + from + ` WHERE ` + strings.Join(q.where, ` AND `) + ` ORDER BY c.id LIMIT 1024`
	err = s.chat.db.Read(ctx, func(tx *db.Tx) error {
		ids, err = db.Many(ctx, tx, scanID[care.ConversationID], query, q.values...)
		return err
	})
	return ids, err
}

// indexSome puts all messages of some conversations into the index, a bounded part in
// each transaction.
func (s *Search) indexSome(ctx context.Context, ids []care.ConversationID) error {
	for done := false; !done; {
		if err := ctx.Err(); err != nil {
			return err
		}
		err := s.chat.db.Write(ctx, func(tx *db.Tx) (err error) {
			done, err = indexPart(ctx, tx, ids)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// indexPart works through conversations until it has read enough messages for one
// transaction. It reports whether nothing is left.
func indexPart(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (bool, error) {
	list, err := db.Many(ctx, tx, scanIndexed, `SELECT id, org_id, kind, last_seq, indexed_seq FROM conversations
		WHERE id IN (`+tx.In(1, len(ids))+`) ORDER BY id`+tx.ForUpdate(), args(ids)...)
	if err != nil {
		return false, err
	}
	if _, _, err := db.One(ctx, tx, scanID[int64], `SELECT version FROM search_state WHERE id = 1`+tx.ForUpdate()); err != nil {
		return false, err
	}
	var docs documents
	done, err := growAll(ctx, tx, &docs, list)
	if err != nil {
		return false, err
	}
	return done, docs.write(ctx, tx)
}

func growAll(ctx context.Context, tx *db.Tx, docs *documents, list []indexed) (done bool, err error) {
	left := int64(indexMessages)
	for _, c := range list {
		for c.to < c.last {
			if left <= 0 {
				return false, nil
			}
			var read int64
			if read, c.to, err = c.grow(ctx, tx, docs, left); err != nil {
				return false, err
			}
			left -= read
		}
	}
	return true, nil
}

// rebuild empties an index that was made by other rules. The conversations come first, so
// that nobody is within one meanwhile.
func (s *Search) rebuild(ctx context.Context) error {
	return s.chat.db.Write(ctx, func(tx *db.Tx) error {
		version, _, err := db.One(ctx, tx, scanID[int64], `SELECT version FROM search_state WHERE id = 1`)
		if err != nil || version == wordsVersion {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE conversations SET indexed_seq = 0 WHERE indexed_seq > 0`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE search_state SET version = $1 WHERE id = 1`, wordsVersion); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `DELETE FROM search_blocks`); err != nil {
			return err
		}
		return tx.ClearWords(ctx)
	})
}
