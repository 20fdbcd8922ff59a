package chat

import (
	"cmp"
	"context"

	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
)

// DraftChange names what is to change about what somebody is writing; nil leaves it.
type DraftChange struct {
	Body *string
	// ReplyTo is the message that it answers; the zero id removes it.
	ReplyTo *care.MessageID
	// Files are the files that go with it, in this order: the actor's own, that no message has.
	Files *[]care.AttachmentID
}

// draftRow is what is kept of one draft beside its files.
type draftRow struct {
	conversation care.ConversationID
	body         string
	replyTo      care.MessageID
	files        int
}

const draftColumns = `conversation_id, body, reply_to, files`

func scanDraft(row db.Scanner) (d draftRow, err error) {
	return d, row.Scan(&d.conversation, &d.body, &d.replyTo, &d.files)
}

// SaveDraft keeps what the actor is writing, for all their devices, until it has neither
// text nor files and answers nothing. Files stay as long as the draft does, and a day
// longer. A draft is the actor's own and nobody else can read it. Refusals: invalid (the
// fields body, reply_to, attachment_ids), not_found.
func (s *Service) SaveDraft(ctx context.Context, actor care.Actor, id care.ConversationID, change DraftChange) error {
	if err := s.checkDraft(change); err != nil {
		return err
	}
	return s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		seen, err := lookIn(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		d, err := s.holdDraft(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		d.body = *cmp.Or(change.Body, &d.body)
		if change.ReplyTo != nil {
			if d.replyTo = *change.ReplyTo; !d.replyTo.IsZero() {
				err = mayAnswer(ctx, tx, seen, d.replyTo)
			}
		}
		if err == nil && change.Files != nil {
			d.files = len(*change.Files)
			err = s.keepFiles(ctx, tx, actor, id, *change.Files)
		}
		if err != nil {
			return nil, err
		}
		return []care.Event{d.event(actor)}, s.putDraft(ctx, tx, actor, d)
	})
}

func (s *Service) checkDraft(change DraftChange) error {
	if change.Body != nil {
		if err := care.CheckText("body", *change.Body, 0, care.MaxMessage); err != nil {
			return err
		}
	}
	if change.Files != nil {
		if err := s.checkCount(len(*change.Files)); err != nil {
			return err
		}
	}
	return nil
}

// holdDraft makes the row, so that who saves it from another device waits.
func (s *Service) holdDraft(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID) (draftRow, error) {
	d, _, err := db.One(ctx, tx, scanDraft, `INSERT INTO drafts (user_id, conversation_id, body, updated_at) VALUES ($1, $2, '', $3)
		ON CONFLICT (user_id, conversation_id) DO UPDATE SET updated_at = excluded.updated_at RETURNING `+draftColumns,
		actor.User, id, db.Millis(s.clock()))
	return d, err
}

// putDraft writes a draft that is held, or takes it away where it is empty.
func (s *Service) putDraft(ctx context.Context, tx *db.Tx, actor care.Actor, d draftRow) (err error) {
	if d.body == "" && d.replyTo.IsZero() && d.files == 0 {
		_, err = tx.Exec(ctx, `DELETE FROM drafts WHERE user_id = $1 AND conversation_id = $2`, actor.User, d.conversation)
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE drafts SET body = $3, reply_to = $4, files = $5 WHERE user_id = $1 AND conversation_id = $2`,
		actor.User, d.conversation, d.body, d.replyTo, d.files)
	return err
}

// mayAnswer decides that a draft may answer a message.
func mayAnswer(ctx context.Context, tx *db.Tx, c Conversation, id care.MessageID) error {
	found, err := readQuoted(ctx, tx, []care.MessageID{id})
	if err == nil && (len(found) == 0 || !c.shows(found[0]) || !found[0].DeletedAt.IsZero()) {
		err = care.BadField("reply_to", "unknown", "Must be a message of this conversation that you may read.")
	}
	return err
}

// keepFiles puts files with a draft, and lets go of those that were.
func (s *Service) keepFiles(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID, files []care.AttachmentID) error {
	loaded, err := attach.Load(ctx, tx, sorted(files))
	if err != nil {
		return err
	}
	if refusal := loaded.Check(actor, care.MessageID{}, files); refusal != nil {
		return refusal
	}
	return attach.KeepDraft(ctx, tx, s.clock(), actor.User, id, files)
}

// event tells the actor's devices. It carries a text alone; with more than that they are
// told what the database says.
func (d draftRow) event(actor care.Actor) care.Event {
	e := care.Event{Type: care.EventDraftUpdated, Org: actor.Org, To: []care.UserID{actor.User}, Conversation: d.conversation}
	if d.replyTo.IsZero() && d.files == 0 {
		e.Text = d.body
	}
	return e
}

// fillDrafts says of views what the viewer was writing there.
func fillDrafts(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Conversation) error {
	rows, err := db.Many(ctx, tx, scanDraft, `SELECT `+draftColumns+` FROM drafts WHERE user_id = $1`, actor.User)
	if err != nil || len(rows) == 0 {
		return err
	}
	var files map[care.ConversationID][]care.Attachment
	drafts := make(map[care.ConversationID]draftRow, len(rows))
	for _, d := range rows {
		drafts[d.conversation] = d
		if d.files > 0 && files == nil {
			if files, err = attach.Drafted(ctx, tx, actor.User); err != nil {
				return err
			}
		}
	}
	for _, c := range list {
		d := drafts[c.ID]
		c.Draft, c.DraftReply, c.DraftFiles = d.body, d.replyTo, files[c.ID]
	}
	return nil
}
