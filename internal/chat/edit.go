package chat

import (
	"context"
	"time"

	"hearth/internal/access"
	"hearth/internal/attach"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// Why a message has an earlier version.
const (
	whyEdited  = "edited"
	whyDeleted = "deleted"
)

// Edit changes the text of the actor's own message while the organization's window is
// open, and answers it as it is then. What it said before is kept for staff who may read
// the audit log. An edit is sending (SEMANTICS) and wants what sending wants. Refusals:
// invalid, not_found, forbidden and those of a send.
func (s *Service) Edit(ctx context.Context, actor care.Actor, in care.ConversationID, id care.MessageID, body string) (m care.Message, err error) {
	if err := checkBody(body, true); err != nil {
		return m, err
	}
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		held, err := s.holdMessage(ctx, tx, actor, in, id)
		if err != nil {
			return nil, err
		}
		if err := s.mayEdit(ctx, tx, actor, held, body); err != nil {
			return nil, err
		}
		changed := body != held.message.Body
		if changed {
			if err := s.rewrite(ctx, tx, actor, held, body, whyEdited); err != nil {
				return nil, err
			}
		}
		m, err = readOne(ctx, tx, actor, in, id)
		if err != nil || !changed {
			return nil, err
		}
		return held.events(ctx, tx, care.EventMessageUpdated)
	})
	return m, err
}

func (s *Service) mayEdit(ctx context.Context, tx *db.Tx, actor care.Actor, held *heldMessage, body string) error {
	if refusal := access.ChangeMessage(actor, held.message, held.subject); refusal != nil {
		return refusal
	}
	if refusal := checkBody(body, held.message.Extras&care.HasAttachments != 0); refusal != nil {
		return refusal
	}
	settings, err := readSettings(ctx, tx, actor.Org)
	if err != nil {
		return err
	}
	if s.clock().After(held.message.CreatedAt.Add(settings.EditWindow)) {
		return care.Refused("The time in which this message could be changed is over.")
	}
	if refusal := held.thread.mayMention(actor, body); refusal != nil {
		return refusal
	}
	return nil
}

// Delete takes a message away and leaves a tombstone. Everybody may take away their own,
// also where they cannot write now; staff with the permission start_community_chats
// another's in a community chat they are in. Deleting again changes nothing.
func (s *Service) Delete(ctx context.Context, actor care.Actor, in care.ConversationID, id care.MessageID) error {
	return s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		held, err := s.holdMessage(ctx, tx, actor, in, id)
		if err != nil {
			return nil, err
		}
		if refusal := access.DeleteMessage(actor, held.message, held.subject); refusal != nil {
			return nil, refusal
		}
		if !held.message.DeletedAt.IsZero() {
			return nil, nil
		}
		if err := s.remove(ctx, tx, actor, held); err != nil {
			return nil, err
		}
		if t := held.thread; t.kind == care.Direct && actor.IsClient() { // it may have waited for an answer
			gone := outbox.Event{Org: t.org, Kind: outbox.MessageDeleted, Subject: t.id, Seq: held.message.Seq, At: s.clock()}
			if err := outbox.Append(ctx, tx, gone); err != nil {
				return nil, err
			}
		}
		settled, err := s.settleRemoved(ctx, tx, actor, held)
		if err != nil {
			return nil, err
		}
		events, err := held.events(ctx, tx, care.EventMessageDeleted)
		return append(events, settled...), err
	})
}

// remove empties a held message. A removal by somebody else is recorded.
func (s *Service) remove(ctx context.Context, tx *db.Tx, actor care.Actor, held *heldMessage) error {
	if err := s.rewrite(ctx, tx, actor, held, "", whyDeleted); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM message_reactions WHERE message_id = $1`, held.message.ID); err != nil {
		return err
	}
	if err := attach.Drop(ctx, tx, s.clock(), held.message.ID); err != nil {
		return err
	}
	if held.message.Author.ID == actor.User {
		return nil
	}
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
		audit.Act("message.removed", audit.About("conversation", held.thread.id), map[string]any{
			"message_id": held.message.ID.String(), "author_id": held.message.Author.ID.String(),
		}))
}

// rewrite keeps what a message says now as a version and gives it another text; with
// whyDeleted none, and only the mark of its versions stays.
func (s *Service) rewrite(ctx context.Context, tx *db.Tx, actor care.Actor, held *heldMessage, body, why string) error {
	m, now := &held.message, s.clock()
	_, err := tx.Exec(ctx, `INSERT INTO message_versions (message_id, n, body, at, by_id, why)
		SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5 FROM message_versions WHERE message_id = $1`,
		m.ID, m.Body, db.Millis(now), actor.User, why)
	if err != nil {
		return err
	}
	m.Body = body
	if why == whyDeleted {
		m.DeletedAt, m.Extras = now, care.HasVersions
	} else {
		m.EditedAt, m.Extras = now, m.Extras|care.HasVersions
	}
	return reindexed(ctx, tx, m.Conversation, m.Seq, func() error {
		_, err := tx.Exec(ctx, `UPDATE messages SET body = $3, edited_at = $4, deleted_at = $5, extras = $6
			WHERE conversation_id = $1 AND seq = $2`,
			m.Conversation, m.Seq, body, db.MillisOrNull(m.EditedAt), db.MillisOrNull(m.DeletedAt), int64(m.Extras))
		return err
	})
}

// Version is what a message said before it was changed or deleted.
type Version struct {
	At   time.Time // when it was changed or deleted
	By   care.Person
	Body string
	Why  string // edited, deleted
}

// Versions gives what a message said before, the oldest first, to staff who may read the
// conversation and the audit log. The look is recorded.
func (s *Service) Versions(ctx context.Context, actor care.Actor, in care.ConversationID, id care.MessageID) (list []Version, err error) {
	if !actor.Can(care.ReadAuditLog) {
		return nil, care.Refused("Seeing earlier versions needs the permission “read audit log”.")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		m, err := readOne(ctx, tx, actor, in, id)
		if err != nil {
			return err
		}
		if list, err = readVersions(ctx, tx, m.ID); err != nil || len(list) == 0 {
			return err
		}
		return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
			audit.Act("message.versions_read", audit.About("conversation", in), map[string]any{"message_id": id.String()}))
	})
	return list, err
}

func readVersions(ctx context.Context, tx *db.Tx, id care.MessageID) ([]Version, error) {
	return db.Many(ctx, tx, func(row db.Scanner) (v Version, err error) {
		var at int64
		err = row.Scan(&v.Body, &at, &v.Why, &v.By.ID, &v.By.Name, &v.By.Kind)
		v.At = db.FromMillis(at)
		return v, err
	}, `SELECT v.body, v.at, v.why, p.id, p.name, p.kind
		FROM message_versions v JOIN people p ON p.id = v.by_id WHERE v.message_id = $1 ORDER BY v.n`, id)
}
