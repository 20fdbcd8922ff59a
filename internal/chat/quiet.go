package chat

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// BlastNews is that a client has read their message of a blast, or has answered it.
type BlastNews struct {
	Blast   care.BlastID
	Place   int64 // of the client among the recipients
	Replied bool  // otherwise read
}

// BlastListener is told of it in the transaction in which it happens, the same thing more
// than once. It stands in the path of messages: one small statement is what it may cost.
type BlastListener func(ctx context.Context, tx *db.Tx, news []BlastNews) error

// ListenForBlasts gives the service the one who keeps the blasts, before the first send.
func (s *Service) ListenForBlasts(l BlastListener) { s.blasts = l }

// wake puts quiet conversations in the lists of their staff, because somebody wrote there.
func wake(ctx context.Context, tx *db.Tx, threads []*thread, entries []entry) error {
	var ids []care.ConversationID
	for _, t := range threads {
		if t.quiet && anyText(t.id, entries) {
			t.quiet = false
			ids = append(ids, t.id)
		}
	}
	return wakeAll(ctx, tx, ids)
}

// takeUp wakes a quiet conversation because staff do something with it: a colleague comes
// to it, or somebody looks after it.
func takeUp(ctx context.Context, tx *db.Tx, t *thread) error {
	if !t.quiet {
		return nil
	}
	t.quiet = false
	return wakeAll(ctx, tx, []care.ConversationID{t.id})
}

func wakeAll(ctx context.Context, tx *db.Tx, ids []care.ConversationID) error {
	if len(ids) == 0 {
		return nil
	}
	for _, statement := range []string{
		`UPDATE conversations SET quiet = FALSE WHERE id IN (`,
		`UPDATE conversation_members SET quiet = FALSE WHERE quiet AND conversation_id IN (`,
	} {
		if _, err := tx.Exec(ctx, statement+tx.In(1, len(ids))+`)`, args(ids)...); err != nil {
			return err
		}
	}
	return nil
}

func anyText(in care.ConversationID, entries []entry) bool {
	for i := range entries {
		if m := &entries[i].message; m.Conversation == in && m.Kind != care.SystemMessage {
			return true
		}
	}
	return false
}

// tellReplies tells the listener of what clients wrote in conversations of blasts.
func (s *Service) tellReplies(ctx context.Context, tx *db.Tx, f *facts, sent []*pending) error {
	var news []BlastNews
	for _, p := range sent {
		if t := f.threads[p.draft.Conversation]; !t.blast.IsZero() && p.actor.IsClient() {
			news = append(news, BlastNews{Blast: t.blast, Place: t.place, Replied: true})
		}
	}
	if len(news) == 0 || s.blasts == nil {
		return nil
	}
	return s.blasts(ctx, tx, news)
}

// tellRead tells the listener that a client begins to read a conversation of a blast.
func (s *Service) tellRead(ctx context.Context, tx *db.Tx, actor care.Actor, c Conversation) error {
	if s.blasts == nil || c.Blast.IsZero() || !actor.IsClient() || c.ReadSeq > 0 {
		return nil
	}
	news := BlastNews{Blast: c.Blast}
	err := tx.QueryRow(ctx, `SELECT blast_place FROM conversations WHERE id = $1`, c.ID).Scan(&news.Place)
	if err != nil {
		return err
	}
	return s.blasts(ctx, tx, []BlastNews{news})
}

// mayReadBlastFile decides that the actor may read a file of a blast: who got the blast
// and can still read that message, its sender, and staff who read a conversation of it.
func (s *Service) mayReadBlastFile(ctx context.Context, tx *db.Tx, actor care.Actor, blast care.BlastID) (bool, error) {
	if actor.Can(care.OrganizationInbox) {
		_, found, err := db.One(ctx, tx, scanID[care.ConversationID],
			`SELECT c.id FROM conversations c WHERE c.org_id = $1 AND c.blast_id = $2 LIMIT 1`, actor.Org, blast)
		return found, err
	}
	_, found, err := db.One(ctx, tx, scanID[care.ConversationID], `
		SELECT c.id FROM conversation_members v JOIN conversations c ON c.id = v.conversation_id
		JOIN messages m ON m.conversation_id = c.id AND m.seq = 1
		WHERE v.user_id = $1 AND v.left_at IS NULL AND v.joined_seq = 0 AND c.blast_id = $2 AND m.blast_id = $2
			AND m.deleted_at IS NULL LIMIT 1`, actor.User, blast)
	return found, err
}
