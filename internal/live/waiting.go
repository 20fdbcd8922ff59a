package live

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/waiting"
	"hearth/internal/wire"
)

// Waiting is what the hub asks of waiting times; *waiting.Service has it.
type Waiting interface {
	// WaitOf gives whether a client waits for an answer in a conversation, whoever asks.
	WaitOf(ctx context.Context, id care.ConversationID) (w waiting.Wait, waits bool, err error)
}

// waitingData says whether a client waits for an answer, to staff.
type waitingData struct {
	Conversation care.ConversationID `json:"conversation_id"`
	Since        *wire.Time          `json:"unanswered_since"`
	Overdue      bool                `json:"overdue"`
}

// renderWaiting tells staff how it is now: an event says only where.
func (h *Hub) renderWaiting(ctx context.Context, e care.Event, list []*conn) error {
	staff, _ := sides(list)
	if h.Waiting == nil || len(staff) == 0 {
		return nil
	}
	w, _, err := h.Waiting.WaitOf(ctx, e.Conversation)
	if err == nil {
		h.sendAll(staff, event(e.Type, waitingData{Conversation: e.Conversation, Since: wire.TimeOrNull(w.Since), Overdue: w.Overdue}))
	}
	return err
}

// withWaiting adds to a conversation as staff see it whether its client waits, where the
// event gives the whole conversation.
func (h *Hub) withWaiting(ctx context.Context, e care.Event, c wire.Conversation, to *conn) (wire.Conversation, error) {
	whole := e.Type == care.EventConversationCreated || e.Type == care.EventConversationUpdated
	if h.Waiting == nil || !whole || c.Kind != care.Direct || !to.actor.Load().IsStaff() {
		return c, nil
	}
	w, _, err := h.Waiting.WaitOf(ctx, c.ID)
	return c.Waits(w), err
}
