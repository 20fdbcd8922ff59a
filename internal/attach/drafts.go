package attach

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// KeepDraft puts files with what somebody is writing in a conversation, in this order, and lets
// go of those that were there before: these are loose again from now on. They must have
// been loaded and checked in this transaction. While a file is kept it is not abandoned; a
// message that claims it takes it out.
func KeepDraft(ctx context.Context, tx *db.Tx, now time.Time, user care.UserID, in care.ConversationID, ids []care.AttachmentID) error {
	_, err := tx.Exec(ctx, `UPDATE attachments SET draft_in = NULL, changed_at = $3
		WHERE uploader_id = $1 AND message_id IS NULL AND draft_in = $2`, user, in, db.Millis(now))
	for position, id := range ids {
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE attachments SET draft_in = $2, position = $3, changed_at = $4 WHERE id = $1`,
			id, in, position, db.Millis(now))
	}
	return err
}

// Drafted gives the files that somebody keeps with what they are writing, by conversation.
func Drafted(ctx context.Context, tx *db.Tx, user care.UserID) (map[care.ConversationID][]care.Attachment, error) {
	kept := map[care.ConversationID][]care.Attachment{}
	rows, err := tx.Query(ctx, `SELECT draft_in, `+columns+` FROM attachments
		WHERE uploader_id = $1 AND message_id IS NULL AND draft_in IS NOT NULL AND state = 'ready' ORDER BY draft_in, position`, user)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var in care.ConversationID
		f, err := scanFile(behind{rows, &in})
		if err != nil {
			return nil, err
		}
		kept[in] = append(kept[in], f.Attachment)
	}
	return kept, rows.Err()
}

// behind scans a row whose first column goes elsewhere.
type behind struct {
	db.Scanner
	first any
}

func (b behind) Scan(into ...any) error { return b.Scanner.Scan(append([]any{b.first}, into...)...) }
