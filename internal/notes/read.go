package notes

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
)

// List gives the notes of a conversation in the order in which they stand in it, at most
// limit, from a cursor on and behind the message after or later; next is "" on the last
// page. Reading by outsiders is recorded as that of messages is.
func (s *Service) List(ctx context.Context, actor care.Actor, in care.ConversationID, after int64, cursor string, limit int) (list []Note, next string, err error) {
	seq, at, id, err := readCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	err = s.chat.ReadAside(ctx, actor, in, func(tx *db.Tx, aside chat.Aside) error {
		list, err = db.Many(ctx, tx, scan, `SELECT `+columns+from+`
			WHERE n.conversation_id = $1 AND n.after_seq >= $2 AND (n.after_seq > $3
				OR (n.after_seq = $3 AND (n.created_at > $4 OR (n.created_at = $4 AND n.id > $5))))
			ORDER BY n.after_seq, n.created_at, n.id LIMIT $6`, in, max(after, aside.From), seq, at, id[:], limit+1)
		return err
	})
	if err == nil && len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		next = cursorOf(last)
	}
	return list, next, err
}

func cursorOf(n Note) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %d %s", n.AfterSeq, db.Millis(n.CreatedAt), n.ID))
}

func readCursor(text string) (seq, at int64, id care.NoteID, err error) {
	if text == "" {
		return -1, 0, id, nil
	}
	var word string
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		_, err = fmt.Sscanf(string(raw), "%d %d %36s", &seq, &at, &word)
	}
	if err == nil {
		err = id.UnmarshalText([]byte(word))
	}
	if err != nil {
		return 0, 0, id, care.BadField("cursor", "unknown", "Must be the next_cursor of a page, or left away.")
	}
	return seq, at, id, nil
}

// Why a note has an earlier version.
const (
	whyEdited  = "edited"
	whyDeleted = "deleted"
)

// Version is what a note said before it was changed or deleted.
type Version struct {
	At   time.Time // when it was changed or deleted
	By   care.Person
	Body string
	Why  string // edited, deleted
}

// keep writes what a note says now as a version.
func (s *Service) keep(ctx context.Context, tx *db.Tx, actor care.Actor, n Note, why string) error {
	_, err := tx.Exec(ctx, `INSERT INTO staff_note_versions (note_id, n, body, at, by_id, why)
		SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5 FROM staff_note_versions WHERE note_id = $1`,
		n.ID, n.Body, db.Millis(s.clock()), actor.User, why)
	return err
}

// Versions gives what a note said before, the oldest first, to staff who may read the
// conversation and the audit log. The look is recorded.
func (s *Service) Versions(ctx context.Context, actor care.Actor, id care.NoteID) (list []Version, err error) {
	if !actor.Can(care.ReadAuditLog) {
		return nil, care.Refused("Seeing earlier versions needs the permission “read audit log”.")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		n, _, err := s.hold(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if list, err = readVersions(ctx, tx, id); err != nil || len(list) == 0 {
			return err
		}
		return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
			audit.Act("note.versions_read", audit.About("conversation", n.Conversation), map[string]any{"note_id": id.String()}))
	})
	return list, err
}

func readVersions(ctx context.Context, tx *db.Tx, id care.NoteID) ([]Version, error) {
	return db.Many(ctx, tx, func(row db.Scanner) (v Version, err error) {
		var at int64
		err = row.Scan(&v.Body, &at, &v.Why, &v.By.ID, &v.By.Name, &v.By.Kind)
		v.At = db.FromMillis(at)
		return v, err
	}, `SELECT v.body, v.at, v.why, p.id, p.name, p.kind
		FROM staff_note_versions v JOIN people p ON p.id = v.by_id WHERE v.note_id = $1 ORDER BY v.n`, id)
}
