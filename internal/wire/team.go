package wire

import (
	"hearth/internal/care"
	"hearth/internal/notes"
)

// Note is what somebody of staff noted beside a conversation with clients. Clients never
// see one.
type Note struct {
	ID             care.NoteID         `json:"id"`
	ConversationID care.ConversationID `json:"conversation_id"`
	AfterSeq       int64               `json:"after_seq" doc:"The message behind which it stands; 0 before the first"`
	Author         Person              `json:"author"`
	Body           string              `json:"body" doc:"Empty where it was deleted"`
	CreatedAt      Time                `json:"created_at"`
	EditedAt       *Time               `json:"edited_at"`
	DeletedAt      *Time               `json:"deleted_at"`
}

// NoteOf shows a note.
func NoteOf(n notes.Note) Note {
	return Note{
		ID: n.ID, ConversationID: n.Conversation, AfterSeq: n.AfterSeq, Author: PersonOf(n.Author), Body: n.Body,
		CreatedAt: TimeOf(n.CreatedAt), EditedAt: TimeOrNull(n.EditedAt), DeletedAt: TimeOrNull(n.DeletedAt),
	}
}

// NoteVersionOf shows what a note said before.
func NoteVersionOf(v notes.Version) Version {
	return Version{At: TimeOf(v.At), By: PersonOf(v.By), Body: v.Body, Why: v.Why}
}

func personOrNull(p *care.Person) *Person {
	if p == nil {
		return nil
	}
	shown := PersonOf(*p)
	return &shown
}
