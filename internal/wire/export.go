package wire

import (
	"hearth/internal/care"
	"hearth/internal/transcript"
)

// Export is a file of a conversation that somebody asked for.
type Export struct {
	ID             transcript.ID       `json:"id"`
	ConversationID care.ConversationID `json:"conversation_id"`
	Format         transcript.Format   `json:"format" enum:"pdf,html,json"`
	Attachments    bool                `json:"attachments" doc:"The file is a ZIP of the document and the attachments"`
	TimeZone       string              `json:"time_zone"`
	State          transcript.State    `json:"state" enum:"queued,running,ready,failed,expired"`
	Why            *care.Code          `json:"why" doc:"Why it failed"`
	Done           int64               `json:"done" doc:"Steps that are made, of total"`
	Total          int64               `json:"total" doc:"0 until it has begun"`
	Size           int64               `json:"size" doc:"Bytes, once it is ready"`
	CreatedAt      Time                `json:"created_at"`
	ExpiresAt      *Time               `json:"expires_at" doc:"When the file is removed; null until it is ready"`
}

// ExportOf shows an export.
func ExportOf(e transcript.Export) Export {
	out := Export{
		ID: e.ID, ConversationID: e.Conversation, Format: e.Format, Attachments: e.Attachments, TimeZone: e.TimeZone,
		State: e.State, Done: e.Done, Total: e.Total, Size: e.Size, CreatedAt: TimeOf(e.CreatedAt), ExpiresAt: TimeOrNull(e.ExpiresAt),
	}
	if e.Why != "" {
		out.Why = &e.Why
	}
	return out
}
