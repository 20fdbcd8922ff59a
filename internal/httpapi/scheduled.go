package httpapi

import (
	"context"
	"encoding/base64"
	"fmt"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/wire"
)

// ScheduledPath names a scheduled message.
type ScheduledPath struct {
	ID care.MessageID `path:"id"`
}

type scheduledChange struct {
	Version wire.Maybe[int64]               `json:"version,omitempty" doc:"With it, the change is refused where somebody changed it since"`
	Body    wire.Maybe[string]              `json:"body,omitempty" maxLength:"20000" doc:"May be empty where the message has files"`
	SendAt  wire.Maybe[wire.Time]           `json:"send_at,omitempty"`
	Files   wire.Maybe[[]care.AttachmentID] `json:"attachment_ids,omitempty" doc:"All that it has then, in this order: of its own and others that one has sent. What it loses is gone"`
}

func (c scheduledChange) asked() chat.ScheduleChange {
	change := chat.ScheduleChange{Version: c.Version.Pointer(), Body: c.Body.Pointer(), Files: c.Files.Pointer()}
	if at := c.SendAt.Pointer(); at != nil {
		change.SendAt = &at.Time
	}
	return change
}

func (a *api) scheduled() {
	route(a, get("/scheduled", "list-scheduled", "What one has scheduled, latest time first; what was sent or skipped stays 30 days"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			PageQuery
			State        string              `query:"state" enum:"scheduled,sent,skipped"`
			Conversation care.ConversationID `query:"conversation_id"`
		}) (*ok[wire.Page[wire.Scheduled]], error) {
			after, err := scheduledCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			filter := chat.ScheduleFilter{State: chat.ScheduleState(in.State), Conversation: in.Conversation}
			list, next, err := a.Chat.ScheduledList(ctx, actor, filter, after, in.Limit)
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(list, wire.ScheduledOf), scheduledCursorText(next))), nil
		})
	route(a, get("/scheduled/{id}", "get-scheduled", "One scheduled message"), anyone,
		func(ctx context.Context, actor care.Actor, in *ScheduledPath) (*ok[wire.Scheduled], error) {
			return shown(wire.ScheduledOf)(a.Chat.ScheduledMessage(ctx, actor, in.ID))
		})
	route(a, patch("/scheduled/{id}", "change-scheduled", "Change a message before it goes; after that it is version_conflict"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ScheduledPath
			Body scheduledChange
		}) (*ok[wire.Scheduled], error) {
			return shown(wire.ScheduledOf)(a.Chat.Reschedule(ctx, actor, in.ID, in.Body.asked()))
		})
	route(a, del("/scheduled/{id}", "cancel-scheduled", "Take a message back before it goes; after that it is version_conflict"), anyone,
		func(ctx context.Context, actor care.Actor, in *ScheduledPath) (*none, error) {
			return nil, withCurrent(a.Chat.CancelScheduled(ctx, actor, in.ID), wire.ScheduledOf)
		})
}

// schedule keeps a posted message for later.
func (a *api) schedule(ctx context.Context, actor care.Actor, draft chat.Draft, at wire.Time) (*made[wire.Posted], error) {
	kept, isNew, err := a.Chat.Schedule(ctx, actor, draft, at.Time)
	if err != nil {
		return nil, err
	}
	shown := wire.ScheduledOf(kept)
	return created(wire.Posted{Scheduled: &shown}, !isNew), nil
}

// scheduledCursor reads the opaque place behind which a page begins.
func scheduledCursor(text string) (*chat.ScheduleCursor, error) {
	if text == "" {
		return nil, nil
	}
	var c chat.ScheduleCursor
	var id string
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		_, err = fmt.Sscanf(string(raw), "%d %36s", &c.SendAt, &id)
	}
	if err == nil {
		err = c.ID.UnmarshalText([]byte(id))
	}
	if err != nil {
		return nil, badCursor()
	}
	return &c, nil
}

func scheduledCursorText(c *chat.ScheduleCursor) string {
	if c == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", c.SendAt, c.ID))
}
