package blast

import (
	"context"
	"errors"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/fields"
)

// Trial is a text that somebody sends to themselves first.
type Trial struct {
	Body    string
	Files   []care.AttachmentID
	Example care.UserID // the client for whom the fields are filled; zero: oneself
}

// Try sends a text to the actor alone, filled as for a client, into an internal
// conversation of their own. Files are copied, so that the blast can still have them.
func (s *Service) Try(ctx context.Context, actor care.Actor, t Trial) (care.Message, error) {
	if refusal := access.SendBlasts(actor); refusal != nil {
		return care.Message{}, refusal
	}
	if refusal := checkText("", t.Body, len(t.Files) > 0); refusal != nil {
		return care.Message{}, refusal
	}
	if refusal := s.checkFiles(t.Files); refusal != nil {
		return care.Message{}, refusal
	}
	body, err := s.filledFor(ctx, actor, t)
	if err != nil {
		return care.Message{}, err
	}
	files, err := s.copies(ctx, actor, t.Files)
	if err != nil {
		return care.Message{}, err
	}
	var m care.Message
	var closed care.ConversationID
	for range 2 {
		in, err := s.trialRoom(ctx, actor, closed)
		if err != nil {
			return care.Message{}, err
		}
		m, _, err = s.chat.Send(ctx, actor, chat.Draft{Conversation: in, Body: body, Attachments: files})
		if refusal, is := errors.AsType[*care.Error](err); !is || refusal.Code != care.CodeConversationClosed {
			return m, err
		}
		closed = in
	}
	return m, care.Fail(care.Unavailable, care.CodeUnavailable, "Try again.")
}

func (s *Service) filledFor(ctx context.Context, actor care.Actor, t Trial) (text string, err error) {
	values := map[fields.Field]string{fields.FirstName: fields.First(actor.Name), fields.Provider: fields.Plain(actor.Name)}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		practice, _, err := db.One(ctx, tx, scanText, `SELECT name FROM organizations WHERE id = $1`, actor.Org)
		values[fields.Practice] = fields.Plain(practice)
		if err != nil || t.Example.IsZero() {
			return err
		}
		who, err := resolve(ctx, tx, actor, Recipients{Clients: []care.UserID{t.Example}})
		if err != nil {
			return err
		}
		who.targets[0].why = "" // shown as for somebody who is reached
		e, err := example(ctx, tx, who)
		if err == nil {
			values[fields.FirstName], values[fields.Provider] = e.First, e.Provider
		}
		return err
	})
	text, _ = fields.Fill(t.Body, values)
	return text, err
}

// trialRoom gives the conversation for the actor's tests, and makes it the first time and
// where they closed the one before.
func (s *Service) trialRoom(ctx context.Context, actor care.Actor, closed care.ConversationID) (id care.ConversationID, err error) {
	var events []care.Event
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		events = nil
		if err := holdSender(ctx, tx, actor.User); err != nil {
			return err
		}
		known, found, err := db.One(ctx, tx, func(row db.Scanner) (c care.ConversationID, err error) { return c, row.Scan(&c) },
			`SELECT conversation_id FROM blast_tests WHERE user_id = $1`, actor.User)
		if id = known; err != nil || found && id != closed {
			return err
		}
		if id, events, err = s.chat.OpenForOneself(ctx, tx, actor, "Tests of message blasts"); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO blast_tests (user_id, conversation_id) VALUES ($1, $2)
			ON CONFLICT (user_id) DO UPDATE SET conversation_id = excluded.conversation_id`, actor.User, id)
		return err
	})
	if err == nil {
		s.events.Publish(events...)
	}
	return id, err
}

// copies stores files a second time for the test.
func (s *Service) copies(ctx context.Context, actor care.Actor, ids []care.AttachmentID) (out []care.AttachmentID, err error) {
	for _, id := range ids {
		file, err := s.chat.Attachment(ctx, actor, id)
		if err != nil {
			return nil, err
		}
		stored, err := s.attach.Open(ctx, id, false)
		if err != nil {
			return nil, err
		}
		copied, err := s.attach.Upload(ctx, actor, file.Name, stored)
		_ = stored.Close() // only read
		if err != nil {
			return nil, err
		}
		out = append(out, copied.ID)
	}
	return out, nil
}
