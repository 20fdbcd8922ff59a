package live

import (
	"context"

	"hearth/internal/blast"
	"hearth/internal/care"
	"hearth/internal/wire"
)

// Blasts is what the hub asks of message blasts; *blast.Service has it.
type Blasts interface {
	// At gives how far a blast is, whoever asks.
	At(ctx context.Context, org care.OrgID, id care.BlastID) (b *blast.Blast, found bool, err error)
}

// renderBlast says how far a blast is now: an event says only which one it is.
func (h *Hub) renderBlast(ctx context.Context, e care.Event, list []*conn) error {
	if h.Blasts == nil {
		return nil
	}
	b, found, err := h.Blasts.At(ctx, e.Org, e.Blast)
	if err == nil && found {
		staff, _ := sides(list)
		h.sendAll(staff, event(e.Type, wire.BlastProgressOf(b)))
	}
	return err
}
