package chat

import (
	"context"
	"fmt"
	"slices"
	"sort"
	"time"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Page asks for a part of a conversation's history: the newest messages when no bound is
// set, those before Before, those after After, those around the message Around, or those
// around the first one that was written at At or later. The last of these that is set wins.
type Page struct {
	Before *int64
	After  *int64
	Around *int64
	At     time.Time
	Limit  int
}

// Messages gives a page of history, ascending by seq, and whether there is more in the
// direction asked for (backward, around a place). Reading by staff who are neither in the
// conversation nor on the client's care team is recorded, once an hour.
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
		if page.newest() {
			list, more, err = s.newest(ctx, tx, actor, &seen, page.Limit)
			return err
		}
		if page, err = placed(ctx, tx, seen, page); err != nil {
			return err
		}
		if list, more, err = readPage(ctx, tx, seen, page); err != nil {
			return err
		}
		return decorate(ctx, tx, actor, seen.only, pointers(list))
	})
	if err == nil && record {
		err = s.recordOutsider(ctx, actor, id)
	}
	return list, more, err
}

func (p Page) newest() bool {
	return p.Before == nil && p.After == nil && p.Around == nil && p.At.IsZero()
}

// only is the conversation as the one that every message of a page is in.
func (c *Conversation) only(care.ConversationID) *Conversation { return c }

// Message gives one message as the actor sees it; not_found where they may not read it.
func (s *Service) Message(ctx context.Context, actor care.Actor, in care.ConversationID, id care.MessageID) (m care.Message, err error) {
	err = s.read(ctx, actor, func(tx *db.Tx) error {
		m, err = readOne(ctx, tx, actor, in, id)
		return err
	})
	return m, err
}

// readOne gives a message within a transaction, as the actor sees it.
func readOne(ctx context.Context, tx *db.Tx, actor care.Actor, in care.ConversationID, id care.MessageID) (care.Message, error) {
	c, err := lookIn(ctx, tx, actor, in)
	if err != nil {
		return care.Message{}, err
	}
	found, err := readQuoted(ctx, tx, []care.MessageID{id})
	if err != nil {
		return care.Message{}, err
	}
	if len(found) == 0 || !c.shows(found[0]) {
		return care.Message{}, care.Missing("message")
	}
	err = decorate(ctx, tx, actor, c.only, pointers(found))
	return found[0], err
}

// placed turns a place in time or around a message into bounds of a page.
func placed(ctx context.Context, tx *db.Tx, c Conversation, page Page) (Page, error) {
	if !page.At.IsZero() {
		seq, err := firstSince(ctx, tx, c, page.At)
		if err != nil {
			return page, err
		}
		page.Around = &seq
	}
	if page.Around != nil {
		after := *page.Around - int64(page.Limit/2) - 1
		page.After = &after
	}
	return page, nil
}

// firstSince finds the first message that the viewer may read and that was written at a
// moment or later, or the newest where none was: numbers and times rise together.
func firstSince(ctx context.Context, tx *db.Tx, c Conversation, at time.Time) (int64, error) {
	var failed error
	n := sort.Search(int(c.LastSeq-c.joinedSeq), func(i int) bool {
		var written int64
		err := tx.QueryRow(ctx, `SELECT created_at FROM messages WHERE conversation_id = $1 AND seq = $2`,
			c.ID, c.joinedSeq+1+int64(i)).Scan(&written)
		if err != nil && failed == nil {
			failed = err
		}
		return written >= db.Millis(at)
	})
	return min(c.joinedSeq+1+int64(n), c.LastSeq), failed
}

// lookIn decides that the actor may read a conversation and gives what a read needs:
// far less than [view].
func lookIn(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID) (Conversation, error) {
	var epoch int64
	c, found, err := db.One(ctx, tx, func(row db.Scanner) (*Conversation, error) {
		return scanView(withMore{row, []any{&epoch}})
	}, `SELECT `+viewColumns+`, o.people_epoch
		FROM conversations c JOIN organizations o ON o.id = c.org_id LEFT JOIN conversation_members m
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
	c.stamp.epoch = epoch
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
		FROM messages m`+messageJoins+` WHERE m.conversation_id = $1 AND %s ORDER BY m.seq %s LIMIT CAST($%d AS BIGINT)`,
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
	if page.Around != nil {
		more = len(list) > 0 && list[0].Seq > c.joinedSeq+1
	}
	return list, more, nil
}

// MessageAt gives a message by its number as staff see it, for nodes that heard of it
// from another.
func (s *Service) MessageAt(ctx context.Context, org care.OrgID, id care.ConversationID, seq int64) (m care.Message, found bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, found, err = db.One(ctx, tx, scanMessage, `SELECT `+messageColumns+`
			FROM messages m`+messageJoins+` WHERE m.conversation_id = $1 AND m.seq = $2`, id, seq)
		if err != nil || !found {
			return err
		}
		return complete(ctx, tx, org, []*care.Message{&m})
	})
	return m, found, err
}

// complete adds to messages what events carry for many readers: everything but quotes,
// with the names as staff see them.
func complete(ctx context.Context, tx *db.Tx, org care.OrgID, list []*care.Message) error {
	if err := addExtras(ctx, tx, list); err != nil {
		return err
	}
	return addMentions(ctx, tx, org, list)
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
