package notes

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"log/slog"
	"time"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
)

// MaxBody bounds a note, in characters.
const MaxBody = care.MaxMessage

// Note is what somebody of staff noted beside a conversation.
type Note struct {
	ID           care.NoteID
	Conversation care.ConversationID
	// AfterSeq is the message behind which it stands; 0 before the first.
	AfterSeq int64
	Author   care.Person
	Body     string // empty where it was deleted
	// CreatedAt is set; the others are zero while it was not changed or deleted.
	CreatedAt, EditedAt, DeletedAt time.Time

	hash []byte
}

// LogValue keeps what people wrote out of logs.
func (n Note) LogValue() slog.Value { return slog.StringValue(n.ID.String()) }

// Service is the use cases of notes.
type Service struct {
	db     *db.DB
	clock  care.Clock
	chat   *chat.Service
	events chat.Publisher
}

// New makes the service.
func New(d *db.DB, clock care.Clock, chats *chat.Service, events chat.Publisher) *Service {
	return &Service{db: d, clock: clock, chat: chats, events: events}
}

// write runs a transaction and publishes the event it made after the commit.
func (s *Service) write(ctx context.Context, fn func(tx *db.Tx) (*care.Event, error)) error {
	var event *care.Event
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		event, err = fn(tx)
		return err
	})
	if err == nil && event != nil {
		s.events.Publish(*event)
	}
	return err
}

// Write adds a note behind the newest message of a conversation. existed is true when the
// same request wrote it before. Refusals: invalid, not_found, forbidden, id_reused.
func (s *Service) Write(ctx context.Context, actor care.Actor, in care.ConversationID, id care.NoteID, body string) (n Note, existed bool, err error) {
	if err := care.CheckText("body", body, 1, MaxBody); err != nil {
		return n, false, err
	}
	if id.IsZero() {
		id = care.NewOrderedID[care.NoteID](s.clock())
	}
	err = s.write(ctx, func(tx *db.Tx) (*care.Event, error) {
		aside, err := s.chat.Aside(ctx, tx, actor, in)
		if err != nil {
			return nil, err
		}
		n = Note{
			ID: id, Conversation: in, AfterSeq: aside.LastSeq, Author: actor.Person(), Body: body,
			CreatedAt: db.FromMillis(db.Millis(s.clock())), hash: hashOf(actor, in, body),
		}
		if existed, err = insert(ctx, tx, actor, &n); existed || err != nil {
			return nil, err
		}
		return s.recorded(ctx, tx, actor, aside, n, care.EventNoteCreated)
	})
	return n, existed, err
}

// hashOf tells a repeated request from another with the same id.
func hashOf(actor care.Actor, in care.ConversationID, body string) []byte {
	h := sha256.New()
	h.Write(in[:])
	h.Write(actor.User[:])
	h.Write([]byte(body))
	return h.Sum(nil)[:16]
}

func insert(ctx context.Context, tx *db.Tx, actor care.Actor, n *Note) (existed bool, err error) {
	added, err := tx.Exec(ctx, `
		INSERT INTO staff_notes (id, org_id, conversation_id, after_seq, author_id, body, content_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING`,
		n.ID, actor.Org, n.Conversation, n.AfterSeq, n.Author.ID, n.Body, n.hash, db.Millis(n.CreatedAt))
	if err != nil || added > 0 {
		return false, err
	}
	old, found, err := load(ctx, tx, actor.Org, n.ID, "")
	if err != nil {
		return false, err
	}
	if !found || !bytes.Equal(old.hash, n.hash) {
		return false, care.Fail(care.Conflict, care.CodeIDReused, "This id was used for something else. Make a new one.")
	}
	*n = old
	return true, nil
}

// recorded writes into the audit log what happened to a note, without its text, and tells
// the staff of the conversation.
func (s *Service) recorded(ctx context.Context, tx *db.Tx, actor care.Actor, aside chat.Aside, n Note, what care.EventType) (*care.Event, error) {
	err := audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
		audit.Act(string(what), audit.About("conversation", n.Conversation), map[string]any{"note_id": n.ID.String()}))
	return &care.Event{Type: what, Org: actor.Org, To: aside.Staff, Conversation: n.Conversation, Note: n.ID}, err
}

const columns = `n.id, n.conversation_id, n.after_seq, n.body, n.created_at, n.edited_at, n.deleted_at, n.content_hash, p.id, p.name, p.kind`

const from = ` FROM staff_notes n JOIN people p ON p.id = n.author_id `

func scan(row db.Scanner) (n Note, err error) {
	var created int64
	var edited, deleted sql.NullInt64
	err = row.Scan(&n.ID, &n.Conversation, &n.AfterSeq, &n.Body, &created, &edited, &deleted, &n.hash,
		&n.Author.ID, &n.Author.Name, &n.Author.Kind)
	n.CreatedAt, n.EditedAt, n.DeletedAt = db.FromMillis(created), db.TimeOf(edited), db.TimeOf(deleted)
	return n, err
}

// load gives a note of an organization, whoever asks.
func load(ctx context.Context, tx *db.Tx, org care.OrgID, id care.NoteID, lock string) (Note, bool, error) {
	if lock != "" { // a join cannot be locked for one of its tables on every engine
		_, found, err := db.One(ctx, tx, func(row db.Scanner) (id care.NoteID, err error) { return id, row.Scan(&id) },
			`SELECT id FROM staff_notes WHERE id = $1 AND org_id = $2`+lock, id, org)
		if err != nil || !found {
			return Note{}, false, err
		}
	}
	return db.One(ctx, tx, scan, `SELECT `+columns+from+`WHERE n.id = $1 AND n.org_id = $2`, id, org)
}

// hold locks a note when the actor may read it; to everybody else there is none.
func (s *Service) hold(ctx context.Context, tx *db.Tx, actor care.Actor, id care.NoteID) (Note, chat.Aside, error) {
	if !actor.IsStaff() {
		return Note{}, chat.Aside{}, care.Missing("note")
	}
	n, found, err := load(ctx, tx, actor.Org, id, tx.ForUpdate())
	if err != nil {
		return n, chat.Aside{}, err
	}
	if !found {
		return Note{}, chat.Aside{}, care.Missing("note")
	}
	aside, err := s.chat.Aside(ctx, tx, actor, n.Conversation)
	if err != nil || n.AfterSeq < aside.From {
		return Note{}, aside, hidden(err)
	}
	return n, aside, nil
}

// hidden keeps whoever may not read a conversation from learning that a note of it exists.
func hidden(err error) error {
	var refusal *care.Error
	if err == nil || errors.As(err, &refusal) {
		return care.Missing("note")
	}
	return err
}

// At gives a note, whoever asks: for the live connection, which knows who may read it.
func (s *Service) At(ctx context.Context, org care.OrgID, id care.NoteID) (n Note, found bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		n, found, err = load(ctx, tx, org, id, "")
		return err
	})
	return n, found, err
}

// Edit changes what the actor's own note says; what it said before is kept. Saying the
// same again changes nothing.
func (s *Service) Edit(ctx context.Context, actor care.Actor, id care.NoteID, body string) (n Note, err error) {
	if err := care.CheckText("body", body, 1, MaxBody); err != nil {
		return n, err
	}
	err = s.write(ctx, func(tx *db.Tx) (*care.Event, error) {
		var aside chat.Aside
		if n, aside, err = s.hold(ctx, tx, actor, id); err != nil {
			return nil, err
		}
		if refusal := access.ChangeNote(actor, n.Author.ID, !n.DeletedAt.IsZero()); refusal != nil {
			return nil, refusal
		}
		if n.Body == body {
			return nil, nil
		}
		if err := s.keep(ctx, tx, actor, n, whyEdited); err != nil {
			return nil, err
		}
		n.Body, n.EditedAt = body, db.FromMillis(db.Millis(s.clock()))
		if _, err := tx.Exec(ctx, `UPDATE staff_notes SET body = $2, edited_at = $3 WHERE id = $1`, id, body, db.Millis(n.EditedAt)); err != nil {
			return nil, err
		}
		return s.recorded(ctx, tx, actor, aside, n, care.EventNoteUpdated)
	})
	return n, err
}

// Delete takes a note away and leaves a tombstone: its author, and those who manage the
// team. Deleting again changes nothing.
func (s *Service) Delete(ctx context.Context, actor care.Actor, id care.NoteID) error {
	return s.write(ctx, func(tx *db.Tx) (*care.Event, error) {
		n, aside, err := s.hold(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		if refusal := access.DeleteNote(actor, n.Author.ID); refusal != nil {
			return nil, refusal
		}
		if !n.DeletedAt.IsZero() {
			return nil, nil
		}
		if err := s.keep(ctx, tx, actor, n, whyDeleted); err != nil {
			return nil, err
		}
		if _, err := tx.Exec(ctx, `UPDATE staff_notes SET body = '', deleted_at = $2 WHERE id = $1`, id, db.Millis(s.clock())); err != nil {
			return nil, err
		}
		return s.recorded(ctx, tx, actor, aside, n, care.EventNoteDeleted)
	})
}
