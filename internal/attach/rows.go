package attach

import (
	"context"
	"slices"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// The states of a row.
const (
	arriving = "arriving"
	ready    = "ready"
	removed  = "removed"
)

// File is an attachment with what decides about it.
type File struct {
	care.Attachment
	Org      care.OrgID
	Uploader care.UserID
	// Message has it, or the scheduled message of that id; zero while it is loose.
	Message care.MessageID
	// ThumbnailType is the media type of its thumbnail, "" without one.
	ThumbnailType string

	state string
}

const columns = `id, org_id, uploader_id, state, message_id, name, media_type, size, width, height, duration_ms, thumbnail`

func scanFile(row db.Scanner) (f File, err error) {
	var ms int64
	err = row.Scan(&f.ID, &f.Org, &f.Uploader, &f.state, &f.Message, &f.Name, &f.MediaType, &f.Size, &f.Width, &f.Height, &ms, &f.ThumbnailType)
	f.Duration, f.Thumbnail = time.Duration(ms)*time.Millisecond, f.ThumbnailType != ""
	return f, err
}

func args[K any](ids []care.ID[K]) []any {
	all := make([]any, len(ids))
	for i, id := range ids {
		all[i] = id
	}
	return all
}

// Files are the files that some sends name, as [Load] found them.
type Files map[care.AttachmentID]File

// Load reads the files of these ids and holds them until the transaction ends; call it
// after conversations, clients and groups are held. Ids that name nothing are left out.
func Load(ctx context.Context, tx *db.Tx, ids []care.AttachmentID) (Files, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	list, err := db.Many(ctx, tx, scanFile, `SELECT `+columns+` FROM attachments
		WHERE id IN (`+tx.In(1, len(ids))+`) ORDER BY id`+tx.ForUpdate(), args(ids)...)
	files := make(Files, len(list))
	for _, f := range list {
		files[f.ID] = f
	}
	return files, err
}

// Check decides whether the actor may join files to a message of theirs: each must be
// their own, complete, named once, and loose or the message's already. What is somebody
// else's is as if it were not there.
func (fs Files) Check(actor care.Actor, message care.MessageID, ids []care.AttachmentID) *care.Error {
	for i, id := range ids {
		f, found := fs[id]
		switch {
		case slices.Contains(ids[:i], id):
			return care.BadField("attachment_ids", "duplicate", "Must not name anything twice.")
		case !found || f.Org != actor.Org || f.Uploader != actor.User || f.state != ready:
			return care.BadField("attachment_ids", "unknown", "Must be files that you have sent and not used yet; a file that was not used for a day is gone.")
		case !f.Message.IsZero() && f.Message != message:
			return care.BadField("attachment_ids", "used", "Must be files that no other message has.")
		}
	}
	return nil
}

// Take notes that a message gets these files, for what is decided after it in the same
// transaction.
func (fs Files) Take(message care.MessageID, ids []care.AttachmentID) {
	for _, id := range ids {
		f := fs[id]
		f.Message = message
		fs[id] = f
	}
}

// Of gives the attachments of these files in the order of ids.
func (fs Files) Of(ids []care.AttachmentID) []care.Attachment {
	list := make([]care.Attachment, 0, len(ids))
	for _, id := range ids {
		list = append(list, fs[id].Attachment)
	}
	return list
}

// Claim joins files to a message, in this order. They must have been loaded and checked
// in this transaction.
func Claim(ctx context.Context, tx *db.Tx, now time.Time, message care.MessageID, ids []care.AttachmentID) error {
	for position, id := range ids {
		_, err := tx.Exec(ctx, `UPDATE attachments SET message_id = $2, position = $3, changed_at = $4, draft_in = NULL WHERE id = $1`,
			id, message, position, db.Millis(now))
		if err != nil {
			return err
		}
	}
	return nil
}

// Of gives the files of messages, each message's in their order.
func Of(ctx context.Context, tx *db.Tx, messages []care.MessageID) (map[care.MessageID][]care.Attachment, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	list, err := db.Many(ctx, tx, scanFile, `SELECT `+columns+` FROM attachments
		WHERE message_id IN (`+tx.In(1, len(messages))+`) ORDER BY message_id, position`, args(messages)...)
	found := make(map[care.MessageID][]care.Attachment, len(list))
	for _, f := range list {
		found[f.Message] = append(found[f.Message], f.Attachment)
	}
	return found, err
}

// Find gives a file that is complete.
func Find(ctx context.Context, tx *db.Tx, id care.AttachmentID) (File, bool, error) {
	return db.One(ctx, tx, scanFile, `SELECT `+columns+` FROM attachments WHERE id = $1 AND state = 'ready'`, id)
}

// Drop lets go of the files of a message that is taken away; nobody can read them from
// the commit on, and their bytes go soon after.
func Drop(ctx context.Context, tx *db.Tx, now time.Time, message care.MessageID) error {
	_, err := tx.Exec(ctx, `UPDATE attachments SET message_id = NULL, state = 'removed', changed_at = $2 WHERE message_id = $1`,
		message, db.Millis(now))
	return err
}

// Keep lets go of those files of a message that are not among ids, as [Drop] does.
func Keep(ctx context.Context, tx *db.Tx, now time.Time, message care.MessageID, ids []care.AttachmentID) error {
	if len(ids) == 0 {
		return Drop(ctx, tx, now, message)
	}
	_, err := tx.Exec(ctx, `UPDATE attachments SET message_id = NULL, state = 'removed', changed_at = $2
		WHERE message_id = $1 AND id NOT IN (`+tx.In(3, len(ids))+`)`, append([]any{message, db.Millis(now)}, args(ids)...)...)
	return err
}

// Release takes the files off a message that was taken back before anybody read it: their
// sender can use them again, and what is not used for a day goes.
func Release(ctx context.Context, tx *db.Tx, now time.Time, message care.MessageID) error {
	_, err := tx.Exec(ctx, `UPDATE attachments SET message_id = NULL, changed_at = $2 WHERE message_id = $1`, message, db.Millis(now))
	return err
}

// Uploaders tells whose files are kept under ids already; ids without any are left out.
func Uploaders(ctx context.Context, tx *db.Tx, messages []care.MessageID) (map[care.MessageID]care.UserID, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	list, err := db.Many(ctx, tx, scanFile, `SELECT `+columns+` FROM attachments WHERE message_id IN (`+tx.In(1, len(messages))+`)`, args(messages)...)
	found := make(map[care.MessageID]care.UserID, len(list))
	for _, f := range list {
		found[f.Message] = f.Uploader
	}
	return found, err
}
