package chat

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// heldMessage is a message that somebody wants to change, with its conversation locked
// and everything that decides about it.
type heldMessage struct {
	thread  *thread
	subject access.Conversation
	message care.Message
	facts   *facts
}

// holdMessage locks a message's conversation and the switches that decide there, as a
// send does, and gives the message when the actor may read it.
func (s *Service) holdMessage(ctx context.Context, tx *db.Tx, actor care.Actor, in care.ConversationID, id care.MessageID) (*heldMessage, error) {
	act := &pending{actor: actor, draft: Draft{Conversation: in}}
	f, err := loadFacts(ctx, tx, []*pending{act})
	if err != nil {
		return nil, err
	}
	c, err := lookIn(ctx, tx, actor, in)
	if err != nil {
		return nil, err
	}
	found, err := readQuoted(ctx, tx, []care.MessageID{id})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || !c.shows(found[0]) {
		return nil, care.Missing("message")
	}
	t := f.threads[in]
	return &heldMessage{thread: t, subject: f.subject(t, actor), message: found[0], facts: f}, nil
}

// mark notes that a message carries something.
func (h *heldMessage) mark(ctx context.Context, tx *db.Tx, extra care.Extras) error {
	if h.message.Extras&extra != 0 {
		return nil
	}
	h.message.Extras |= extra
	_, err := tx.Exec(ctx, `UPDATE messages SET extras = $3 WHERE conversation_id = $1 AND seq = $2`,
		h.message.Conversation, h.message.Seq, int64(h.message.Extras))
	return err
}

// events tells the members, and the actor's other devices, how the message is now.
func (h *heldMessage) events(ctx context.Context, tx *db.Tx, kind care.EventType) ([]care.Event, error) {
	m := h.message
	m.Reactions, m.Attachments, m.Mentions = nil, nil, nil
	if err := complete(ctx, tx, h.thread.org, []*care.Message{&m}); err != nil {
		return nil, err
	}
	event := h.facts.messageEvent(h.thread, &m)
	event.Type = kind
	return []care.Event{event}, nil
}
