package chat

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
)

// LimitFiles says how many files a message may have; call it before anything is sent.
// Without it, attach's default holds.
func (s *Service) LimitFiles(n int) { s.maxFiles = n }

// checkContent checks what a draft says: a text, or files with or without one.
func (s *Service) checkContent(d Draft) *care.Error {
	if err := s.checkCount(len(d.Attachments)); err != nil {
		return err
	}
	return checkBody(d.Body, len(d.Attachments) > 0)
}

// checkCount checks how many files go with one message.
func (s *Service) checkCount(n int) *care.Error {
	if most := (attach.Limits{PerMessage: s.maxFiles}).WithDefaults().PerMessage; n > most {
		return care.BadField("attachment_ids", "too_many", fmt.Sprintf("Must be at most %d files.", most))
	}
	return nil
}

// checkBody checks a text, which may be empty beside files.
func checkBody(body string, files bool) *care.Error {
	least := 1
	if files {
		least = 0
	}
	return care.CheckText("body", body, least, care.MaxMessage)
}

// attachmentsOf names the files of a batch, in the order of their ids, so that two
// batches hold them in one order.
func attachmentsOf(batch []*pending) []care.AttachmentID {
	var ids []care.AttachmentID
	for _, p := range batch {
		ids = append(ids, p.draft.Attachments...)
	}
	return sorted(ids)
}

// withAttachments names the messages of a batch that have files.
func withAttachments(batch []*pending) (ids []care.MessageID) {
	for _, p := range batch {
		if len(p.draft.Attachments) > 0 {
			ids = append(ids, p.draft.ID)
		}
	}
	return ids
}

// takeFiles puts the files on the messages of sends that are about to be stored.
func (f *facts) takeFiles(p *pending) {
	if len(p.draft.Attachments) > 0 {
		p.message.Attachments = f.files.Of(p.draft.Attachments)
		p.message.Extras |= care.HasAttachments
	}
}

// claimFiles joins the files of sends to their messages.
func claimFiles(ctx context.Context, tx *db.Tx, now time.Time, sends []*pending) error {
	for _, p := range sends {
		if err := attach.Claim(ctx, tx, now, p.draft.ID, p.draft.Attachments); err != nil {
			return err
		}
	}
	return nil
}

// addAttachments reads the files of the messages whose bits say that there are some.
func addAttachments(ctx context.Context, tx *db.Tx, messages map[care.MessageID]*care.Message) error {
	if len(messages) == 0 {
		return nil
	}
	holders := make(map[care.MessageID]*care.Message, len(messages))
	for _, m := range messages {
		holders[holderOf(m)] = m // one of them will do to ask for the files of a blast
	}
	files, err := attach.Of(ctx, tx, keysOf(holders))
	for _, m := range messages {
		m.Attachments = files[holderOf(m)]
	}
	return err
}

// holderOf is under which id the files of a message are kept: its own, or that of its
// blast, whose messages share them.
func holderOf(m *care.Message) care.MessageID {
	if !m.Blast.IsZero() {
		return care.MessageID(m.Blast)
	}
	return m.ID
}

// addScheduledFiles reads the files of messages that are sent later.
func addScheduledFiles(ctx context.Context, tx *db.Tx, list []Scheduled) error {
	ids := make([]care.MessageID, len(list))
	for i, m := range list {
		ids[i] = m.ID
	}
	files, err := attach.Of(ctx, tx, ids)
	for i := range list {
		list[i].Attachments = files[list[i].ID]
	}
	return err
}

func idsOf(files []care.Attachment) []care.AttachmentID {
	var ids []care.AttachmentID
	for _, f := range files {
		ids = append(ids, f.ID)
	}
	return ids
}

// Attachment gives a file that the actor may read: one of a message that they may read,
// within the same bounds, so that the files of withheld posts and of what precedes their
// joining do not exist for them; or one that they sent and no message has yet. Reading by
// an outsider is recorded as reading messages is.
func (s *Service) Attachment(ctx context.Context, actor care.Actor, id care.AttachmentID) (file attach.File, err error) {
	var outside care.ConversationID
	err = s.read(ctx, actor, func(tx *db.Tx) error {
		outside = care.ConversationID{}
		found := false
		if file, found, err = attach.Find(ctx, tx, id); err != nil || !found || file.Org != actor.Org {
			return cmp.Or(err, error(errNoFile))
		}
		holders, err := readQuoted(ctx, tx, []care.MessageID{file.Message})
		switch {
		case err != nil:
			return err
		case len(holders) == 1:
			outside, err = s.mayRead(ctx, tx, actor, holders[0])
			return err
		case file.Uploader == actor.User:
			return nil
		}
		mine, err := s.mayReadBlastFile(ctx, tx, actor, care.BlastID(file.Message))
		if err == nil && !mine {
			err = errNoFile
		}
		return err
	})
	if err == nil && !outside.IsZero() {
		err = s.recordOutsider(ctx, actor, outside)
	}
	return file, err
}

var errNoFile = care.Missing("file")

// mayRead decides that the actor may read a message's files. The conversation is given
// back where the reading is to be recorded.
func (s *Service) mayRead(ctx context.Context, tx *db.Tx, actor care.Actor, m care.Message) (outside care.ConversationID, err error) {
	seen, err := lookIn(ctx, tx, actor, m.Conversation)
	if errors.Is(err, care.NotFound) || err == nil && !seen.shows(m) {
		return outside, errNoFile
	}
	if err != nil {
		return outside, err
	}
	record, err := s.mustRecord(ctx, tx, actor, seen)
	if record {
		outside = seen.ID
	}
	return outside, err
}
