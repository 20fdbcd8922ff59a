package chat

import (
	"context"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// Mailing is what the private messages of a blast have in common.
type Mailing struct {
	Blast  care.BlastID
	Org    care.OrgID
	Author care.Person // of staff
	// OnBehalfOf is the colleague for whom the author writes, or nil.
	OnBehalfOf *care.Person
	// Staff are in each conversation beside the client: the author, and who reads the
	// replies too.
	Staff []care.UserID
	// Files are those of the blast: kept once, under its id, and shown with each message.
	Files []care.Attachment
}

// Private is one client's message of a blast.
type Private struct {
	Client care.UserID
	Place  int64 // of the client among the recipients
	Body   string
	// Conversation is set by [Service.SendPrivately].
	Conversation care.ConversationID
}

// HoldClients locks what decides whether clients can be written to until the transaction
// ends, and reads it (SEMANTICS 30). Who does not exist is left out.
func HoldClients(ctx context.Context, tx *db.Tx, org care.OrgID, ids []care.UserID) (map[care.UserID]access.Client, error) {
	if err := lockSwitches(ctx, tx, ids, []care.OrgID{org}); err != nil {
		return nil, err
	}
	return readClients(ctx, tx, ids)
}

// SendPrivately stores a message to each of the clients, in a new direct conversation of
// their own, within the transaction of the caller, who has held the clients with
// [HoldClients] and decided that each can be written to, and publishes the events after
// the commit. The conversations stay out of the lists of staff until somebody writes there.
func (s *Service) SendPrivately(ctx context.Context, tx *db.Tx, m Mailing, to []Private) ([]care.Event, error) {
	floors, err := loadFloors(ctx, tx, []care.OrgID{m.Org})
	if err != nil {
		return nil, err
	}
	at := (&thread{}).moment(s.clock(), floors[m.Org])
	events := make([]care.Event, 0, 2*len(to))
	for part := range chunks(to) {
		messages := make([]*care.Message, len(part))
		for i := range part {
			part[i].Conversation = care.NewID[care.ConversationID](at)
			messages[i] = m.compose(part[i], at)
			events = append(events,
				care.Event{Type: care.EventConversationCreated, Org: m.Org, To: []care.UserID{part[i].Client}, Conversation: part[i].Conversation},
				care.Event{Type: care.EventMessageCreated, Org: m.Org, To: []care.UserID{part[i].Client}, Conversation: part[i].Conversation, Seq: 1, Message: messages[i]})
		}
		for _, write := range []func(context.Context, *db.Tx, time.Time, []Private) error{m.openAll, m.seatAll} {
			if err := write(ctx, tx, at, part); err != nil {
				return nil, err
			}
		}
		if err := m.appendAll(ctx, tx, messages); err != nil {
			return nil, err
		}
	}
	return events, nil
}

func (m Mailing) compose(p Private, at time.Time) *care.Message {
	message := &care.Message{
		ID: care.NewID[care.MessageID](at), Conversation: p.Conversation, Seq: 1, Author: m.Author, OnBehalfOf: m.OnBehalfOf,
		Body: p.Body, CreatedAt: at, Kind: care.TextMessage, Blast: m.Blast,
	}
	if len(m.Files) > 0 {
		message.Attachments, message.Extras = m.Files, care.HasAttachments
	}
	return message
}

// openAll writes the conversations, as they are with their one message.
func (m Mailing) openAll(ctx context.Context, tx *db.Tx, at time.Time, to []Private) error {
	const columns = 17
	values := make([]any, 0, columns*len(to))
	people := append([]care.UserID{{}}, m.Staff...)
	for _, p := range to {
		people[0] = p.Client
		values = append(values, p.Conversation, m.Org, string(care.Direct), "", p.Client, peopleKey(people), false, noHash[:],
			m.Author.ID, db.Millis(at), 1, 1, db.Millis(at), m.Blast, p.Place, true, 0)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO conversations (id, org_id, kind, subject, client_id, people_key, history_all, request_hash,
			created_by, created_at, last_seq, countable, last_activity_at, blast_id, blast_place, quiet, indexed_seq)
		VALUES `+db.Rows(1, len(to), columns), values...)
	return err
}

// noHash stands where nobody asked for what was made, so that no request repeats it.
var noHash [16]byte

// seatAll writes who is in the conversations: to the client the message is unread, to the
// staff it is not.
func (m Mailing) seatAll(ctx context.Context, tx *db.Tx, at time.Time, to []Private) error {
	const columns = 12
	rows := len(to) * (1 + len(m.Staff))
	values := make([]any, 0, columns*rows)
	seat := func(in care.ConversationID, who care.UserID, kind care.PersonKind, read int) {
		values = append(values, in, who, string(kind), db.Millis(at), 0, read, read, false, false, false, kind == care.KindStaff, "start")
	}
	for _, p := range to {
		seat(p.Conversation, p.Client, care.KindClient, 0)
		for _, id := range m.Staff {
			seat(p.Conversation, id, care.KindStaff, 1)
		}
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO conversation_members (conversation_id, user_id, kind, joined_at, joined_seq, read_seq,
			read_countable, marked_unread, pinned, archived, quiet, via)
		VALUES `+db.Rows(1, rows, columns), values...)
	return err
}

func (m Mailing) appendAll(ctx context.Context, tx *db.Tx, messages []*care.Message) error {
	const columns = 12
	values := make([]any, 0, columns*len(messages))
	events := make([]outbox.Event, 0, 2*len(messages))
	var behalf care.UserID
	if m.OnBehalfOf != nil {
		behalf = m.OnBehalfOf.ID
	}
	for _, one := range messages {
		values = append(values, one.Conversation, 1, one.ID, one.Kind, one.Author.ID, behalf, one.Body, 1,
			noHash[:], db.Millis(one.CreatedAt), int64(one.Extras), m.Blast)
		events = append(events,
			outbox.Event{Org: m.Org, Kind: outbox.ConversationCreated, Subject: one.Conversation, At: one.CreatedAt},
			outbox.Event{Org: m.Org, Kind: outbox.MessageCreated, Subject: one.Conversation, Seq: 1, At: one.CreatedAt})
	}
	if err := outbox.Append(ctx, tx, events...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO messages (conversation_id, seq, id, kind, author_id, on_behalf_of, body, countable,
			content_hash, created_at, extras, blast_id)
		VALUES `+db.Rows(1, len(messages), columns), values...)
	return err
}
