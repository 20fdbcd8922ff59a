package chat

import (
	"context"
	"slices"

	"hearth/internal/care"
	"hearth/internal/db"
)

// ReadState is how far somebody has read.
type ReadState struct {
	Conversation care.ConversationID
	ReadSeq      int64
	Unread       int64
}

// MarkRead moves the actor's read mark forward to seq; past the end is capped, backward
// does nothing. The other members and the actor's own devices are told. Someone who
// looks on through the organization inbox has no mark, and nothing happens.
func (s *Service) MarkRead(ctx context.Context, actor care.Actor, id care.ConversationID, seq int64) (state ReadState, err error) {
	state, done, err := s.nothingToRead(ctx, actor, id, seq)
	if err != nil || done {
		return state, err
	}
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		c, err := lookIn(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		state = ReadState{Conversation: id, ReadSeq: c.ReadSeq, Unread: c.Unread}
		to := max(min(seq, c.LastSeq), c.ReadSeq)
		countable, err := countableAt(ctx, tx, actor, c, to)
		if err != nil {
			return nil, err
		}
		if err := glance(ctx, tx, id); err != nil {
			return nil, err
		}
		changed, err := tx.Exec(ctx, `UPDATE conversation_members
			SET read_seq = $3, read_countable = $4, marked_unread = FALSE
			WHERE conversation_id = $1 AND user_id = $2 AND (read_seq < $3 OR marked_unread)`,
			id, actor.User, to, countable)
		if err != nil || changed == 0 {
			return nil, err
		}
		state = ReadState{Conversation: id, ReadSeq: to, Unread: c.countable - countable}
		if err := s.tellRead(ctx, tx, actor, c); err != nil {
			return nil, err
		}
		return readEvents(ctx, tx, actor, id, to)
	})
	return state, err
}

// glance counts that a member changes how far they have read, or how they see a
// conversation (see [line]). It comes before that change, because everybody takes a
// conversation before its members. What happens in community chats is not counted: there
// many would wait for each other, and nobody is told how far the others have read.
func glance(ctx context.Context, tx *db.Tx, id care.ConversationID) error {
	_, err := tx.Exec(ctx, `UPDATE conversations SET glances = glances + 1 WHERE id = $1 AND kind <> 'community'`, id)
	return err
}

// nothingToRead answers most repeated marks from a snapshot, without a write.
func (s *Service) nothingToRead(ctx context.Context, actor care.Actor, id care.ConversationID, seq int64) (state ReadState, done bool, err error) {
	err = s.read(ctx, actor, func(tx *db.Tx) error {
		c, err := lookIn(ctx, tx, actor, id)
		state = ReadState{Conversation: id, ReadSeq: c.ReadSeq, Unread: c.Unread}
		done = c.Outsider || (!c.MarkedUnread && min(seq, c.LastSeq) <= c.ReadSeq)
		return err
	})
	return state, done, err
}

// countableAt is how many messages that can be unread the actor has read who read up to
// seq: those up to there, and for staff the automatic ones behind it.
func countableAt(ctx context.Context, tx *db.Tx, actor care.Actor, c Conversation, seq int64) (int64, error) {
	if seq == c.LastSeq {
		return c.countable, nil
	}
	automatic, err := automaticAfter(ctx, tx, actor, c, seq)
	if err != nil || seq == 0 {
		return automatic, err
	}
	var n int64
	err = tx.QueryRow(ctx, `SELECT countable FROM messages WHERE conversation_id = $1 AND seq = $2`, c.ID, seq).Scan(&n)
	return n + automatic, err
}

func readEvents(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID, seq int64) ([]care.Event, error) {
	members, err := audienceOfAct(ctx, tx, actor, id)
	if !slices.Contains(members, actor.User) {
		members = append(members, actor.User)
	}
	return []care.Event{{
		Type: care.EventReadUpdated, Org: actor.Org, To: members,
		Conversation: id, Seq: seq, Person: actor.Person(),
	}}, err
}

// toldOf reads a conversation with its members as they are told of what happens in it.
func toldOf(ctx context.Context, tx *db.Tx, id care.ConversationID) (*thread, error) {
	threads, err := readThreads(ctx, tx, []care.ConversationID{id}, "")
	if err != nil || threads[id] == nil {
		return &thread{}, err
	}
	return threads[id], threads[id].readPending(ctx, tx)
}

// MarkUnread shows a conversation as unread to the actor until they read it again.
func (s *Service) MarkUnread(ctx context.Context, actor care.Actor, id care.ConversationID) error {
	return s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		if _, err := lookIn(ctx, tx, actor, id); err != nil {
			return nil, err
		}
		if err := glance(ctx, tx, id); err != nil {
			return nil, err
		}
		_, err := tx.Exec(ctx, `UPDATE conversation_members SET marked_unread = TRUE
			WHERE conversation_id = $1 AND user_id = $2 AND left_at IS NULL`, id, actor.User)
		return ownEvent(actor, id), err
	})
}

// ownEvent tells the actor's own devices that their view of a conversation changed.
func ownEvent(actor care.Actor, id care.ConversationID) []care.Event {
	return []care.Event{{Type: care.EventConversationUpdated, Org: actor.Org, To: []care.UserID{actor.User}, Conversation: id}}
}

// Members gives the ids of those who are told of what the actor does in a conversation,
// such as typing.
func (s *Service) Members(ctx context.Context, actor care.Actor, id care.ConversationID) (ids []care.UserID, err error) {
	err = s.read(ctx, actor, func(tx *db.Tx) error {
		if _, err := lookIn(ctx, tx, actor, id); err != nil {
			return err
		}
		ids, err = audienceOfAct(ctx, tx, actor, id)
		return err
	})
	return ids, err
}
