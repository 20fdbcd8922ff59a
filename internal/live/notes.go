package live

import (
	"context"
	"slices"

	"hearth/internal/care"
	"hearth/internal/notes"
	"hearth/internal/wire"
)

// Notes is what the hub asks of the notes of staff; *notes.Service has it.
type Notes interface {
	// At reads one note, whoever asks.
	At(ctx context.Context, org care.OrgID, id care.NoteID) (n notes.Note, found bool, err error)
}

// noteReceivers are the devices that are told of a note: those of the staff in its
// conversation, and those of staff who look at it through the organization inbox, whose
// reading was recorded when they began. Never a client's, whoever an event names.
func (h *Hub) noteReceivers(e care.Event, members []*conn) []*conn {
	list := slices.DeleteFunc(slices.Clone(members), func(c *conn) bool { return !c.actor.Load().IsStaff() })
	for _, c := range h.lookers(e.Conversation) {
		if actor := c.actor.Load(); actor.Can(care.OrganizationInbox) && actor.Org == e.Org && !slices.Contains(list, c) {
			list = append(list, c)
		}
	}
	return list
}

// renderNote reads the note as it is now: an event says only which one it is.
func (h *Hub) renderNote(ctx context.Context, e care.Event, members []*conn) error {
	list := h.noteReceivers(e, members)
	if len(list) == 0 || h.Notes == nil {
		return nil
	}
	n, found, err := h.Notes.At(ctx, e.Org, e.Note)
	if err == nil && found {
		h.sendAll(list, event(e.Type, wire.NoteOf(n)))
	}
	return err
}
