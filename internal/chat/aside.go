package chat

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Aside is a conversation with clients as those need it who keep something of staff's own
// beside it, such as notes.
type Aside struct {
	ID      care.ConversationID
	LastSeq int64
	// From is the last message before the viewer joined: they read what follows.
	From int64
	// Staff are the members of staff who are in it.
	Staff []care.UserID
}

// Aside decides within a transaction that the actor is staff who may read a conversation
// with clients. Whether somebody can write in it now does not count.
func (s *Service) Aside(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID) (Aside, error) {
	aside, _, err := lookAside(ctx, tx, actor, id)
	return aside, err
}

func lookAside(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID) (Aside, Conversation, error) {
	c, err := lookIn(ctx, tx, actor, id)
	if err != nil {
		return Aside{}, c, err
	}
	if refusal := access.StaffOf(actor, c.subject(actor, access.Words{})); refusal != nil {
		return Aside{}, c, refusal
	}
	staff, err := db.Many(ctx, tx, scanID[care.UserID], `SELECT user_id FROM conversation_members
		WHERE conversation_id = $1 AND kind = 'staff' AND left_at IS NULL`, id)
	return Aside{ID: id, LastSeq: c.LastSeq, From: c.joinedSeq, Staff: staff}, c, err
}

// ReadAside lets staff read what is kept beside a conversation with clients. Reading by
// staff who are neither in the conversation nor on the client's care team is recorded, as
// that of its messages is.
func (s *Service) ReadAside(ctx context.Context, actor care.Actor, id care.ConversationID, read func(tx *db.Tx, c Aside) error) error {
	record := false
	err := s.read(ctx, actor, func(tx *db.Tx) error {
		aside, seen, err := lookAside(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if record, err = s.mustRecord(ctx, tx, actor, seen); err != nil {
			return err
		}
		return read(tx, aside)
	})
	if err == nil && record {
		err = s.recordOutsider(ctx, actor, id)
	}
	return err
}

// Person gives somebody of an organization by their id, for nodes that heard of them from
// another.
func (s *Service) Person(ctx context.Context, org care.OrgID, id care.UserID) (p care.Person, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		people, err := peopleNamed(ctx, tx, org, []care.UserID{id})
		p = people[id]
		return err
	})
	return p, err
}
