package live

import (
	"context"
	"errors"

	"hearth/internal/care"
	"hearth/internal/notify"
	"hearth/internal/wire"
)

// Told is what the hub asks of notifications; *notify.Service has it.
type Told interface {
	// Get gives one of the actor's notices.
	Get(ctx context.Context, actor care.Actor, id care.NoticeID) (notify.Notice, error)
	// Unread counts a person's notices that are unread.
	Unread(ctx context.Context, user care.UserID) (int, error)
	// Rings tells whether the app may make a sound for the actor now.
	Rings(ctx context.Context, actor care.Actor) (bool, error)
}

// renderNotice shows a notice to its person as it is now: an event says only which one.
func (h *Hub) renderNotice(ctx context.Context, e care.Event, list []*conn) error {
	if h.Told == nil {
		return nil
	}
	return eachPerson(list, func(mine []*conn) error {
		var frame []byte
		var err error
		if e.Type == care.EventNoticeRead {
			frame, err = h.readNotice(ctx, mine[0].user, e)
		} else {
			frame, err = h.newNotice(ctx, *mine[0].actor.Load(), e)
		}
		if errors.Is(err, care.NotFound) {
			return nil
		}
		h.sendAll(mine, frame)
		return err
	})
}

func (h *Hub) newNotice(ctx context.Context, actor care.Actor, e care.Event) ([]byte, error) {
	n, err := h.Told.Get(ctx, actor, e.Notice)
	if err != nil || n.Read {
		return nil, err
	}
	rings, err := h.Told.Rings(ctx, actor)
	if err != nil {
		return nil, err
	}
	unread, err := h.Told.Unread(ctx, actor.User)
	if err != nil {
		return nil, err
	}
	return event(e.Type, wire.NoticeCreated{Notice: wire.BellNoticeOf(n), Unread: unread, Sound: rings}), nil
}

func (h *Hub) readNotice(ctx context.Context, user care.UserID, e care.Event) ([]byte, error) {
	unread, err := h.Told.Unread(ctx, user)
	if err != nil {
		return nil, err
	}
	return event(e.Type, wire.NoticeRead{IDs: []care.NoticeID{e.Notice}, Unread: unread}), nil
}

// unreadOf counts for the hello of a connection; nil where nobody counts, or where it could
// not be counted: who is connected asks then.
func (h *Hub) unreadOf(ctx context.Context, user care.UserID) *int {
	if h.Told == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, actTimeout)
	defer cancel()
	unread, err := h.Told.Unread(ctx, user)
	if err != nil {
		h.problem(err)
		return nil
	}
	return &unread
}
