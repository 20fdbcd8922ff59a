package wire

import (
	"hearth/internal/care"
	"hearth/internal/chat"
)

// SharedFile is a file of a conversation, with the message that has it.
type SharedFile struct {
	Attachment
	MessageID  care.MessageID `json:"message_id"`
	Seq        int64          `json:"seq" doc:"The message's number"`
	Author     Person         `json:"author"`
	OnBehalfOf *Behalf        `json:"on_behalf_of" doc:"The colleague for whom staff sent it"`
	CreatedAt  Time           `json:"created_at" doc:"When the message was sent"`
}

// SharedFileOf shows a file with its message.
func SharedFileOf(f chat.SharedFile) SharedFile {
	m := MessageOf(f.Message)
	return SharedFile{
		Attachment: AttachmentOf(f.Attachment), MessageID: m.ID, Seq: m.Seq, Author: m.Author, OnBehalfOf: m.OnBehalfOf, CreatedAt: m.CreatedAt,
	}
}

// SharedFiles is a page of the files of a conversation.
type SharedFiles struct {
	Items      []SharedFile `json:"items"`
	NextCursor *string      `json:"next_cursor" doc:"Give it as cursor to get the next page; null on the last"`
	Total      *int         `json:"total" doc:"How many there are; null on pages behind the first, and where there are too many to be counted"`
}

// SharedFilesOf shows a page; next is "" on the last one.
func SharedFilesOf(page chat.Shared, next string) SharedFiles {
	out := SharedFiles{Items: Map(page.Files, SharedFileOf), NextCursor: StringOrNull(next)}
	if page.Total >= 0 {
		out.Total = &page.Total
	}
	return out
}
