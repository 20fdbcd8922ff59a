package transcript

import (
	"context"
	"errors"

	"hearth/internal/audit"
	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Download is a finished file that is being read; close it.
type Download struct {
	*blob.File
	Name      string // neutral: it names no people
	MediaType string
}

// Fetch gives the file of one of the actor's own exports, and records that they took it.
// ctx must last as long as it is read.
func (s *Service) Fetch(ctx context.Context, actor care.Actor, id ID) (*Download, error) {
	e, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if e.State != Ready || !s.clock().Before(e.ExpiresAt) {
		return nil, errNoFile
	}
	file, err := s.files.Open(ctx, nameOf(id))
	if errors.Is(err, blob.ErrMissing) {
		return nil, errNoFile // removed in this moment
	} else if err != nil {
		return nil, err
	}
	if err := s.recordFetch(ctx, actor, e); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	name, mediaType := e.file()
	return &Download{file, name, mediaType}, nil
}

var errNoFile = care.Missing("file; exports can be fetched for a day once they are ready")

func (s *Service) recordFetch(ctx context.Context, actor care.Actor, e Export) error {
	act := audit.Act("conversation.export_downloaded", audit.About("conversation", e.Conversation),
		map[string]any{"export_id": e.ID, "format": e.Format, "attachments": e.Attachments})
	return s.db.Write(ctx, func(tx *db.Tx) error {
		return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), act)
	})
}

// file is what the file is called, and what it is.
func (e Export) file() (name, mediaType string) {
	name = "conversation-export-" + e.CreatedAt.Format("2006-01-02") + "."
	if e.Attachments {
		return name + "zip", "application/zip"
	}
	return name + string(e.Format), map[Format]string{
		PDF: "application/pdf", HTML: "text/html; charset=utf-8", JSON: "application/json",
	}[e.Format]
}
