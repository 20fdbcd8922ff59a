package httpapi

import (
	"context"
	"encoding/base64"
	"fmt"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/wire"
)

func (a *api) sharedFiles() {
	route(a, get("/conversations/{id}/attachments", "list-shared-files", "The files of the messages that one may read in a conversation, the newest first"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			PageQuery
		}) (*ok[wire.SharedFiles], error) {
			after, err := sharedCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			page, err := a.Chat.SharedFiles(ctx, actor, in.ID, after, in.Limit)
			if err != nil {
				return nil, err
			}
			return answer(wire.SharedFilesOf(page, sharedCursorText(page.Next))), nil
		})
}

// sharedCursor reads the opaque place behind which a page begins.
func sharedCursor(text string) (*chat.SharedCursor, error) {
	if text == "" {
		return nil, nil
	}
	var c chat.SharedCursor
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		_, err = fmt.Sscanf(string(raw), "%d %d", &c.Seq, &c.Position)
	}
	if err != nil {
		return nil, badCursor()
	}
	return &c, nil
}

func sharedCursorText(c *chat.SharedCursor) string {
	if c == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %d", c.Seq, c.Position))
}
