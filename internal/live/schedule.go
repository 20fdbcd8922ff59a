package live

import (
	"context"
	"encoding/json"
	"slices"

	"hearth/internal/care"
	"hearth/internal/wire"
)

type scheduledFrame struct {
	Type    string          `json:"type"`
	Ref     json.RawMessage `json:"ref"`
	Message wire.Scheduled  `json:"message"`
}

// schedule serves a send with a time: the answer carries the scheduled message, as that of
// the POST does.
func (c *conn) schedule(in inbound) error {
	draft, err := in.draft()
	if err != nil {
		return err
	}
	var at wire.Time
	if at.UnmarshalText([]byte(*in.Message.SendAt)) != nil {
		return care.BadField("send_at", "type", "Must be a time such as 2026-03-02T09:30:00Z.")
	}
	r := slices.Clone(in.ref())
	c.aside(func(ctx context.Context, actor care.Actor) []byte {
		kept, _, err := c.hub.Chat.Schedule(ctx, actor, draft, at.Time)
		if err != nil {
			return failure(r, c.hub.problem(err))
		}
		return encode(scheduledFrame{Type: "ack", Ref: r.json(), Message: wire.ScheduledOf(kept)})
	})
	return nil
}
