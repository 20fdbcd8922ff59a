package chat

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// maxReactions is how many kinds of signs a message can carry.
const maxReactions = 20

// React puts a sign on a message, or takes the actor's own away. Putting one is sending
// and wants what sending wants; taking one away is always possible to who may read. It
// answers the message as it is then; doing what is so already changes nothing. Refusals:
// invalid, not_found and those of a send.
func (s *Service) React(ctx context.Context, actor care.Actor, in care.ConversationID, id care.MessageID, emoji string, on bool) (m care.Message, err error) {
	if !care.IsEmoji(emoji) {
		return m, care.BadField("emoji", "unknown", "Must be one emoji.")
	}
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		held, err := s.holdMessage(ctx, tx, actor, in, id)
		if err != nil {
			return nil, err
		}
		changed, err := s.react(ctx, tx, actor, held, emoji, on)
		if err != nil {
			return nil, err
		}
		m, err = readOne(ctx, tx, actor, in, id)
		if err != nil || !changed {
			return nil, err
		}
		return held.events(ctx, tx, care.EventMessageUpdated)
	})
	return m, err
}

func (s *Service) react(ctx context.Context, tx *db.Tx, actor care.Actor, held *heldMessage, emoji string, on bool) (changed bool, err error) {
	if !on {
		n, err := tx.Exec(ctx, `DELETE FROM message_reactions WHERE message_id = $1 AND emoji = $2 AND user_id = $3`,
			held.message.ID, emoji, actor.User)
		return n > 0, err
	}
	if refusal := held.mayReact(actor); refusal != nil {
		return false, refusal
	}
	if err := hasRoom(ctx, tx, held.message.ID, emoji); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO message_reactions (message_id, emoji, user_id, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (message_id, emoji, user_id) DO NOTHING`, held.message.ID, emoji, actor.User, db.Millis(s.clock()))
	if err != nil || n == 0 {
		return false, err
	}
	return true, held.mark(ctx, tx, care.HasReactions)
}

func (h *heldMessage) mayReact(actor care.Actor) *care.Error {
	if refusal := access.Send(actor, h.subject); refusal != nil {
		return refusal
	}
	if !h.message.DeletedAt.IsZero() || h.message.Kind == care.SystemMessage {
		return care.Refused("This message cannot carry a reaction.")
	}
	return nil
}

// hasRoom refuses a further kind of sign on a message that carries many.
func hasRoom(ctx context.Context, tx *db.Tx, id care.MessageID, emoji string) error {
	var others int64
	err := tx.QueryRow(ctx, `SELECT COUNT(DISTINCT emoji) FROM message_reactions WHERE message_id = $1 AND emoji <> $2`, id, emoji).Scan(&others)
	if err == nil && others >= maxReactions {
		return care.BadField("emoji", "too_many", "A message carries at most 20 different reactions. Choose one that is there.")
	}
	return err
}

// addReactions reads the signs on messages, the first first.
func addReactions(ctx context.Context, tx *db.Tx, messages map[care.MessageID]*care.Message) error {
	if len(messages) == 0 {
		return nil
	}
	ids := keysOf(messages)
	rows, err := tx.Query(ctx, `SELECT message_id, emoji, user_id FROM message_reactions
		WHERE message_id IN (`+tx.In(1, len(ids))+`) ORDER BY message_id, at, emoji, user_id`, args(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id care.MessageID
		var user care.UserID
		var emoji string
		if err := rows.Scan(&id, &emoji, &user); err != nil {
			return err
		}
		addReaction(messages[id], emoji, user)
	}
	return rows.Err()
}

func addReaction(m *care.Message, emoji string, user care.UserID) {
	for i := range m.Reactions {
		if m.Reactions[i].Emoji == emoji {
			m.Reactions[i].Users = append(m.Reactions[i].Users, user)
			return
		}
	}
	m.Reactions = append(m.Reactions, care.Reaction{Emoji: emoji, Users: []care.UserID{user}})
}
