package chat

import (
	"context"
	"fmt"
	"slices"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Page asks for a part of a conversation's history: the newest messages when neither
// bound is set, those before Before, or those after After. After wins where both are.
type Page struct {
	Before *int64
	After  *int64
	Limit  int
}

// Messages gives a page of history, ascending by seq, and whether there is more in the
// direction asked for. Reading by staff who are neither in the conversation nor on the
// client's care team is recorded, once an hour.
func (s *Service) Messages(ctx context.Context, actor care.Actor, id care.ConversationID, page Page) (list []care.Message, more bool, err error) {
	var record bool
	err = s.read(ctx, actor, func(tx *db.Tx) error {
		seen, err := lookIn(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		if record, err = s.mustRecord(ctx, tx, actor, seen); err != nil {
			return err
		}
		list, more, err = readPage(ctx, tx, seen, page)
		return err
	})
	if err == nil && record {
		err = s.recordOutsider(ctx, actor, id)
	}
	return list, more, err
}

// lookIn decides that the actor may read a conversation and gives what a read needs:
// far less than [view].
func lookIn(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID) (Conversation, error) {
	c, found, err := db.One(ctx, tx, scanView, `SELECT `+viewColumns+`
		FROM conversations c LEFT JOIN conversation_members m
			ON m.conversation_id = c.id AND m.user_id = $2 AND m.left_at IS NULL
		WHERE c.id = $1`, id, actor.User)
	switch {
	case err != nil:
		return Conversation{}, err
	case !found:
		return Conversation{}, care.Missing("conversation")
	}
	if _, refusal := access.Read(actor, c.subject(actor, access.Words{})); refusal != nil {
		return Conversation{}, refusal
	}
	return *c, nil
}

// readPage is the one query that reads history. Members read from their joining on, and
// up to where the conversation stops for them: c comes from [lookIn], which knows.
func readPage(ctx context.Context, tx *db.Tx, c Conversation, page Page) (list []care.Message, more bool, err error) {
	where, order := `m.seq > $2 AND m.seq <= $3`, `DESC`
	values := []any{c.ID, c.joinedSeq, c.LastSeq}
	switch {
	case page.After != nil:
		values[1] = max(c.joinedSeq, *page.After)
		order = `ASC`
	case page.Before != nil:
		values[2] = min(c.LastSeq, *page.Before-1)
	}
	values = append(values, page.Limit+1)
	list, err = db.Many(ctx, tx, scanMessage, fmt.Sprintf(`SELECT `+messageColumns+`
		FROM messages m`+messageJoins+` WHERE m.conversation_id = $1 AND %s ORDER BY m.seq %s LIMIT $%d`,
		where, order, len(values)), values...)
	if err != nil {
		return nil, false, err
	}
	if more = len(list) > page.Limit; more {
		list = list[:page.Limit]
	}
	if order == `DESC` {
		slices.Reverse(list)
	}
	return list, more, nil
}

// MessageAt gives a message by its number, for nodes that heard of it from another.
func (s *Service) MessageAt(ctx context.Context, id care.ConversationID, seq int64) (m care.Message, found bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, found, err = db.One(ctx, tx, scanMessage, `SELECT `+messageColumns+`
			FROM messages m`+messageJoins+` WHERE m.conversation_id = $1 AND m.seq = $2`, id, seq)
		return err
	})
	return m, found, err
}

// mustRecord reports whether this reading belongs in the audit log and is not there yet.
func (s *Service) mustRecord(ctx context.Context, tx *db.Tx, actor care.Actor, c Conversation) (bool, error) {
	if !c.Outsider {
		return false, nil
	}
	onTeam, err := onCareTeam(ctx, tx, c.ID, actor.User)
	if err != nil || onTeam {
		return false, err
	}
	seen, err := audit.Seen(ctx, tx, actor.User, audit.About("conversation", c.ID), s.clock())
	return !seen, err
}

// recordOutsider writes the reading of a client's thread by staff outside the care team
// into the audit log. The answer waits for it: what is not recorded is not shown.
func (s *Service) recordOutsider(ctx context.Context, actor care.Actor, id care.ConversationID) error {
	now, about := s.clock(), audit.About("conversation", id)
	return s.db.Write(ctx, func(tx *db.Tx) error {
		first, err := audit.Once(ctx, tx, actor.User, about, now)
		if err != nil || !first {
			return err
		}
		return audit.Append(ctx, tx, actor.Org, actor.Person(), now, audit.Act("conversation.read_by_outsider", about, nil))
	})
}

// onCareTeam reports whether somebody is on the care team of a client of the conversation.
func onCareTeam(ctx context.Context, tx *db.Tx, id care.ConversationID, user care.UserID) (bool, error) {
	var n int64
	row := tx.QueryRow(ctx, `SELECT COUNT(*) FROM conversation_members m
		JOIN care_team t ON t.client_id = m.user_id
		WHERE m.conversation_id = $1 AND m.left_at IS NULL AND t.staff_id = $2`, id, user)
	err := row.Scan(&n)
	return n > 0, err
}
