package httpapi

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/wire"
)

type searchInput struct {
	PageQuery
	Query          string              `query:"q" maxLength:"400" doc:"Words, \"phrases\", from: in: before: after: on: has:file. The last word may be the beginning of one"`
	ConversationID care.ConversationID `query:"conversation_id" doc:"Only in this conversation"`
	From           string              `query:"from" maxLength:"200" doc:"The author: an id, a name, or me"`
	Before         string              `query:"before" maxLength:"40" doc:"Written before this time or day"`
	After          string              `query:"after" maxLength:"40" doc:"Written after this time or day"`
	Has            string              `query:"has" enum:"attachment"`
	Inbox          string              `query:"inbox" enum:"own,organization" doc:"own leaves out what one sees only through the organization inbox"`
	TimeZone       string              `query:"time_zone" maxLength:"64" doc:"Whose days are meant, such as Europe/Lisbon; else the organization's"`
}

func (in *searchInput) asking() (chat.Asking, error) {
	ask := chat.Asking{
		Words: in.Query, Conversation: in.ConversationID, From: in.From, Before: in.Before, After: in.After,
		HasFile: in.Has != "", Inbox: in.Inbox,
	}
	if in.TimeZone == "" {
		return ask, nil
	}
	zone, err := time.LoadLocation(in.TimeZone)
	if err != nil || in.TimeZone == "Local" {
		return ask, care.BadField("time_zone", "unknown", "Must be the name of a time zone such as America/New_York.")
	}
	ask.Zone = zone
	return ask, nil
}

func (a *api) search() {
	route(a, get("/search", "search-messages", "Messages that one may read, the newest first. A page may hold fewer than limit and have a next one"), anyone,
		func(ctx context.Context, actor care.Actor, in *searchInput) (*ok[wire.Page[wire.Found]], error) {
			ask, err := in.asking()
			if err != nil {
				return nil, err
			}
			after, err := searchCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			found, next, err := a.Search.Find(ctx, actor, ask, after, in.Limit)
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(found, wire.FoundOf), searchCursorText(next))), nil
		})
}

// searchCursor reads the opaque place behind which a page begins.
func searchCursor(text string) (*chat.SearchCursor, error) {
	if text == "" {
		return nil, nil
	}
	var c chat.SearchCursor
	var id string
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		_, err = fmt.Sscanf(string(raw), "%d %36s %d", &c.At, &id, &c.Seq)
	}
	if err == nil {
		err = c.Conversation.UnmarshalText([]byte(id))
	}
	if err != nil {
		return nil, badCursor()
	}
	return &c, nil
}

func searchCursorText(c *chat.SearchCursor) string {
	if c == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s %d", c.At, c.Conversation, c.Seq))
}
