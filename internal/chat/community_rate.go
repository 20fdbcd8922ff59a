package chat

import (
	"context"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// The posting rate of a community chat. Posts of clients are noted where a rate is set, and
// only there; a note is forgotten when it does not count any more. A post that was deleted
// counts all the same.

// poster is a client in a community chat.
type poster struct {
	in  care.ConversationID
	who care.UserID
}

// recent is what somebody posted within the window.
type recent struct {
	count  int64
	oldest time.Time
}

// posts is how much the clients of a batch posted where a rate is set; without one it is
// empty.
type posts struct {
	now  time.Time
	made map[poster]*recent
}

// loadPosts looks up what the clients of a batch posted where a rate is set, each by one
// query of at most as many rows as the rate allows.
func (f *facts) loadPosts(ctx context.Context, tx *db.Tx, batch []*pending, now time.Time) error {
	f.posts = posts{now: now}
	for _, p := range batch {
		t := f.threads[p.draft.Conversation]
		if t == nil || !t.rules.perHour.Valid || !p.actor.IsClient() {
			continue
		}
		key := poster{t.id, p.actor.User}
		if _, known := f.posts.made[key]; known {
			continue
		}
		made, err := readPosts(ctx, tx, key, t.rules.perHour.Int64, now)
		if err != nil {
			return err
		}
		if f.posts.made == nil {
			f.posts.made = map[poster]*recent{}
		}
		f.posts.made[key] = made
	}
	return nil
}

func readPosts(ctx context.Context, tx *db.Tx, key poster, perHour int64, now time.Time) (*recent, error) {
	made, oldest := &recent{}, int64(0)
	err := tx.QueryRow(ctx, `SELECT COUNT(*), COALESCE(MIN(at), 0) FROM (
			SELECT at FROM community_posts WHERE conversation_id = $1 AND user_id = $2 AND at > $3
			ORDER BY seq DESC LIMIT $4) AS made`,
		key.in, key.who, db.Millis(now.Add(-access.PostWindow)), perHour).Scan(&made.count, &oldest)
	made.oldest = db.FromMillis(oldest)
	return made, err
}

// take judges one more post of a client and counts it where it is allowed.
func (p posts) take(t *thread, actor care.Actor) *care.Error {
	made := p.made[poster{t.id, actor.User}]
	if made == nil {
		return nil
	}
	if refusal := access.PostRate(actor, t.rules.perHour.Int64, made.count, made.oldest, p.now); refusal != nil {
		return refusal
	}
	if made.count++; made.count == 1 {
		made.oldest = p.now
	}
	return nil
}

// keepPosts notes the posts that count towards a rate, and forgets those of the same
// clients that do not any more.
func (f *facts) keepPosts(ctx context.Context, tx *db.Tx, sent []*pending) error {
	if len(f.posts.made) == 0 {
		return nil
	}
	for _, p := range sent {
		key := poster{p.draft.Conversation, p.actor.User}
		if f.posts.made[key] == nil {
			continue
		}
		_, err := tx.Exec(ctx, `DELETE FROM community_posts WHERE conversation_id = $1 AND user_id = $2 AND at <= $3`,
			key.in, key.who, db.Millis(f.posts.now.Add(-access.PostWindow)))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO community_posts (conversation_id, user_id, seq, at) VALUES ($1, $2, $3, $4)`,
			key.in, key.who, p.message.Seq, db.Millis(f.posts.now))
		if err != nil {
			return err
		}
	}
	return nil
}
