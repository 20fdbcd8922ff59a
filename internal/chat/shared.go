package chat

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// countedFiles bounds how many messages are gone through to say how many files there are.
const countedFiles = 200

// SharedFile is a file of a conversation, with the message that has it as its reader sees it.
type SharedFile struct {
	care.Attachment
	Message care.Message
	// position is the file's place in its message.
	position int
}

// SharedCursor is where the next page of files begins: behind this file of this message.
type SharedCursor struct {
	Seq      int64
	Position int
}

// Shared is a page of the files of a conversation.
type Shared struct {
	Files []SharedFile
	// Next is nil on the last page.
	Next *SharedCursor
	// Total is how many there are. It is -1 on pages behind the first, and where there are
	// too many to be counted.
	Total int
}

// SharedFiles gives the files of the messages that the actor may read in a conversation,
// those of the newest message first, at most limit. It has the bounds of [Service.Messages]:
// what precedes their joining, what is withheld and what was deleted has no files for them;
// and reading by an outsider is recorded as reading messages is.
func (s *Service) SharedFiles(ctx context.Context, actor care.Actor, id care.ConversationID, after *SharedCursor, limit int) (page Shared, err error) {
	var record bool
	err = s.read(ctx, actor, func(tx *db.Tx) error {
		seen, err := lookIn(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if record, err = s.mustRecord(ctx, tx, actor, seen); err != nil {
			return err
		}
		page, err = sharedPage(ctx, tx, actor, seen, after, limit)
		return err
	})
	if err == nil && record {
		err = s.recordOutsider(ctx, actor, id)
	}
	return page, err
}

func sharedPage(ctx context.Context, tx *db.Tx, actor care.Actor, c Conversation, after *SharedCursor, limit int) (Shared, error) {
	most := limit + 1 // messages, each with a file at least
	if after == nil {
		most = max(most, countedFiles)
	} else {
		c.LastSeq = min(c.LastSeq, after.Seq)
	}
	list, err := readWithFiles(ctx, tx, c, most)
	if err != nil {
		return Shared{}, err
	}
	if err := addAttachments(ctx, tx, having(care.HasAttachments, pointers(list))); err != nil {
		return Shared{}, err
	}
	page := Shared{Files: filesBehind(list, after), Total: -1}
	if after == nil && len(list) < most {
		page.Total = len(page.Files)
	}
	if len(page.Files) > limit {
		page.Files = page.Files[:limit]
		last := page.Files[limit-1]
		page.Next = &SharedCursor{Seq: last.Message.Seq, Position: last.position}
	}
	shown := make([]*care.Message, len(page.Files))
	for i := range page.Files {
		shown[i] = &page.Files[i].Message
	}
	return page, personalize(ctx, tx, actor, c.only, shown)
}

// readWithFiles reads the newest messages with files that are not deleted. c comes from
// [lookIn], which knows where the conversation begins and stops for the reader. The
// conditions on extras and deleted_at are those of the index.
func readWithFiles(ctx context.Context, tx *db.Tx, c Conversation, limit int) ([]care.Message, error) {
	return db.Many(ctx, tx, scanMessage, `SELECT `+messageColumns+`
		FROM messages m`+tx.By("messages_with_files")+messageJoins+` WHERE m.conversation_id = $1 AND m.seq > $2 AND m.seq <= $3
			AND (m.extras & 2) = 2 AND m.deleted_at IS NULL
		ORDER BY m.seq DESC LIMIT $4`, c.ID, c.joinedSeq, c.LastSeq, limit)
}

// filesBehind gives the files of messages one by one, from behind a place on.
func filesBehind(list []care.Message, after *SharedCursor) []SharedFile {
	var files []SharedFile
	for _, m := range list {
		for position, file := range m.Attachments {
			if after == nil || m.Seq < after.Seq || position > after.Position {
				files = append(files, SharedFile{Attachment: file, Message: m, position: position})
			}
		}
	}
	return files
}
