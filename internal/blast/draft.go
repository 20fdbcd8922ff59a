package blast

import (
	"context"
	"encoding/json"
	"time"

	"hearth/internal/access"
	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Draft is what somebody is about to send to many: their own, one for each person, for all
// their devices.
type Draft struct {
	Title      string              `json:"title"`
	Body       string              `json:"body"`
	Recipients *Recipients         `json:"recipients"`
	Files      []care.AttachmentID `json:"files"`
	OnBehalfOf care.UserID         `json:"on_behalf_of,omitzero"`
	Staff      []care.UserID       `json:"staff"`
	SendAt     time.Time           `json:"send_at,omitzero"`

	UpdatedAt time.Time         `json:"-"`
	Shown     []care.Attachment `json:"-"` // the files that are still there
}

// Draft gives the actor's draft; the zero one when there is none.
func (s *Service) Draft(ctx context.Context, actor care.Actor) (d Draft, err error) {
	if refusal := access.SendBlasts(actor); refusal != nil {
		return d, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var at int64
		text, found, err := db.One(ctx, tx, func(row db.Scanner) (text string, err error) {
			return text, row.Scan(&text, &at)
		}, `SELECT request, updated_at FROM blast_drafts WHERE user_id = $1`, actor.User)
		if err != nil || !found {
			return err
		}
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			return err
		}
		d.UpdatedAt = db.FromMillis(at)
		for _, id := range d.Files {
			f, there, err := attach.Find(ctx, tx, id)
			if err != nil {
				return err
			}
			if there && f.Uploader == actor.User && f.Message.IsZero() {
				d.Shown = append(d.Shown, f.Attachment)
			}
		}
		return nil
	})
	return d, err
}

// SaveDraft keeps what the actor is about to send. A draft may be anything that is not too
// long: whether it can be sent is told when it is.
func (s *Service) SaveDraft(ctx context.Context, actor care.Actor, d Draft) (Draft, error) {
	if refusal := access.SendBlasts(actor); refusal != nil {
		return d, refusal
	}
	if refusal := care.CheckText("title", d.Title, 0, MaxTitle); refusal != nil {
		return d, refusal
	}
	if refusal := care.CheckText("body", d.Body, 0, care.MaxMessage); refusal != nil {
		return d, refusal
	}
	if refusal := s.checkFiles(d.Files); refusal != nil {
		return d, refusal
	}
	text, err := json.Marshal(d)
	if err != nil {
		return d, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO blast_drafts (user_id, request, updated_at) VALUES ($1, $2, $3)
			ON CONFLICT (user_id) DO UPDATE SET request = excluded.request, updated_at = excluded.updated_at`,
			actor.User, string(text), db.Millis(s.clock()))
		return err
	})
	if err != nil {
		return d, err
	}
	return s.Draft(ctx, actor)
}

// DropDraft takes the actor's draft away.
func (s *Service) DropDraft(ctx context.Context, actor care.Actor) error {
	if refusal := access.SendBlasts(actor); refusal != nil {
		return refusal
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM blast_drafts WHERE user_id = $1`, actor.User)
		return err
	})
}
