package outbox

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Kind names what happened.
type Kind string

// What happens.
const (
	MessageCreated       Kind = "message.created"       // Subject is the conversation, Seq the message's place
	MessageDeleted       Kind = "message.deleted"       // likewise; only what a client wrote in a direct conversation
	ConversationCreated  Kind = "conversation.created"  // Subject is the conversation
	ConversationClosed   Kind = "conversation.closed"   // Subject is the conversation
	ConversationReopened Kind = "conversation.reopened" // likewise
	ChatAccessChanged    Kind = "chat_access.changed"   // Subject is what Seq says: [OfClient], [OfGroup], [OfChange]
	BlastFinished        Kind = "blast.finished"        // Subject is the blast
	// A client's message waits for an answer longer than the practice wants: Subject is the
	// conversation, Seq the message's place.
	UnansweredTeam  Kind = "conversation.unanswered"       // the care team is told
	UnansweredQueue Kind = "conversation.unanswered_queue" // everybody who sees the queue is
)

// What the Subject of a [ChatAccessChanged] is, in its Seq.
const (
	OfClient int64 = iota
	OfGroup        // whose members follow it
	OfChange       // of many clients at once
)

// Event is something that happened.
type Event struct {
	ID      care.OutboxID
	Org     care.OrgID
	Kind    Kind
	Subject [16]byte // the id of what it is about
	Seq     int64    // its place in a conversation, where it has one
	At      time.Time

	// Place is behind whom the consumer goes on who said [Event.Again]; zero at first.
	Place care.UserID

	tries  int
	resume string
	again  bool
}

// Conversation is the subject where it is a conversation.
func (e *Event) Conversation() care.ConversationID { return care.ConversationID(e.Subject) }

// Again keeps the event for the consumer that has not finished with it: it is given once more,
// to that one alone, with Place. One consumer of an event may say so.
func (e *Event) Again(place care.UserID) { e.again, e.Place = true, place }

// appendMost bounds the rows of one statement.
const appendMost = 64

// Append stores events within the transaction of what happened, at their At. ID is made when
// zero.
func Append(ctx context.Context, tx *db.Tx, events ...Event) error {
	const columns = 6
	for len(events) > 0 {
		part := events[:min(len(events), appendMost)]
		if n := len(part); n > 16 {
			part = part[:n&^3] // few lengths: the text of each is compiled and kept
		}
		events = events[len(part):]
		values := make([]any, 0, columns*len(part))
		for i := range part {
			e := &part[i]
			id := e.ID
			if id.IsZero() {
				id = care.NewID[care.OutboxID](e.At)
			}
			values = append(values, id, e.Org, string(e.Kind), care.OutboxID(e.Subject), e.Seq, db.Millis(e.At))
		}
		_, err := tx.Exec(ctx, `INSERT INTO outbox (id, org_id, kind, subject_id, seq, at) VALUES `+db.Rows(1, len(part), columns), values...)
		if err != nil {
			return err
		}
	}
	return nil
}
