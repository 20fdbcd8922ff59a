package chat

import (
	"context"
	"fmt"
	"strings"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Which conversations an inbox lists.
const (
	InboxOwn          = "own"
	InboxOrganization = "organization"

	StateActive   = "active"
	StateArchived = "archived"
	StateClosed   = "closed"
)

// Filter narrows an inbox. The zero filter lists one's own active conversations.
type Filter struct {
	Kind   care.ConversationKind // any when empty
	State  string                // StateActive when empty
	Unread bool
	Pinned bool
	// Unanswered lists only those with a client's message that nobody has answered; staff only.
	Unanswered bool
	// Query is looked for in subjects and members' names, letter case aside.
	Query string
	Inbox string // InboxOwn when empty
	Queue string // QueueAll when empty; staff only
}

// Cursor is where the next page of an inbox begins: behind this conversation.
type Cursor struct {
	Activity int64 // Unix milliseconds
	ID       care.ConversationID
}

// Inbox lists conversations as the actor sees them, newest activity first, at most
// limit; next is nil on the last page. The conversations are shared with other readers of
// the same inbox and must not be changed.
func (s *Service) Inbox(ctx context.Context, actor care.Actor, filter Filter, after *Cursor, limit int) (list []*Conversation, next *Cursor, err error) {
	if refusal := filter.mayFilter(actor); refusal != nil {
		return nil, nil, refusal
	}
	err = s.read(ctx, actor, func(tx *db.Tx) error {
		if actor.IsStaff() && after == nil && filter.plain() {
			list, next, err = s.ownPage(ctx, tx, actor, filter, limit)
			return err
		}
		query, values := inboxQuery(viewColumns, actor, filter, after, limit)
		if list, err = db.Many(ctx, tx, scanView, query, values...); err != nil {
			return err
		}
		if len(list) > limit {
			list = list[:limit]
			next = cursorBehind(list[limit-1])
		}
		return s.fillPage(ctx, tx, actor, list)
	})
	return list, next, err
}

func cursorBehind(last *Conversation) *Cursor {
	return &Cursor{Activity: db.Millis(last.LastActivityAt), ID: last.ID}
}

// plain reports whether a filter asks for one's own conversations of a state, and for
// nothing else.
func (f Filter) plain() bool {
	if f.Queue == QueueAll {
		f.Queue = ""
	}
	return f.Inbox != InboxOrganization && f == Filter{Inbox: f.Inbox, State: f.State}
}

// conditions collects what a query asks for, with its arguments.
type conditions struct {
	where  []string
	values []any
}

// arg adds an argument and gives its placeholder.
func (c *conditions) arg(value any) string {
	c.values = append(c.values, value)
	return fmt.Sprintf("$%d", len(c.values))
}

func (c *conditions) and(condition string) { c.where = append(c.where, condition) }

// inboxQuery builds the one query of a page. It asks for one row more than the page
// holds, to know whether there is another.
func inboxQuery(columns string, actor care.Actor, filter Filter, after *Cursor, limit int) (string, []any) {
	q := &conditions{values: []any{actor.User}}
	// For one's own the order stops where a conversation is withheld; in the organization's
	// inbox, which only staff see, nothing is, and the index gives the order.
	activity := `COALESCE(m.withheld_activity_at, c.last_activity_at)`
	from := `conversation_members m JOIN conversations c ON c.id = m.conversation_id`
	if filter.Inbox == InboxOrganization {
		activity = `c.last_activity_at`
		from = `conversations c LEFT JOIN conversation_members m
			ON m.conversation_id = c.id AND m.user_id = $1 AND m.left_at IS NULL`
		q.and(`c.org_id = ` + q.arg(actor.Org))
		q.and(`c.kind <> 'internal' AND c.quiet = FALSE`)
	} else {
		q.and(`m.user_id = $1 AND m.quiet = FALSE`)
		q.and(`m.left_at IS NULL`)
	}
	q.restrict(filter)
	if filter.Kind != "" {
		q.and(`c.kind = ` + q.arg(string(filter.Kind)))
	}
	if filter.Unread {
		q.and(`(COALESCE(m.withheld_countable, c.countable) > m.read_countable OR m.marked_unread)`)
	}
	if filter.Pinned {
		q.and(`m.pinned`)
	}
	if filter.Unanswered {
		q.and(`c.id IN (SELECT w.conversation_id FROM waiting_questions w WHERE w.state = 'open' AND w.org_id = ` + q.arg(actor.Org) + `)`)
	}
	for word := range strings.FieldsSeq(filter.Query) {
		q.and(nameCondition(actor, q.arg(db.Containing(word))))
	}
	if after != nil {
		at, id := q.arg(after.Activity), q.arg(after.ID)
		q.and(`(` + activity + ` < ` + at + ` OR (` + activity + ` = ` + at + ` AND c.id < ` + id + `))`)
	}
	last := q.arg(limit + 1)
	return `SELECT ` + columns + ` FROM ` + from + ` WHERE ` + strings.Join(q.where, ` AND `) +
		` ORDER BY ` + activity + ` DESC, c.id DESC LIMIT ` + last, q.values
}

func stateCondition(state string) string {
	switch state {
	case StateArchived:
		return `m.archived`
	case StateClosed:
		return `c.closed_at IS NOT NULL AND COALESCE(m.archived, FALSE) = FALSE`
	default:
		return `c.closed_at IS NULL AND COALESCE(m.archived, FALSE) = FALSE`
	}
}

// nameCondition finds conversations by their subject and by the names of their members.
// For clients only the names of staff count: those of fellow clients may be hidden from
// them, and a search would tell.
func nameCondition(actor care.Actor, pattern string) string {
	who := ``
	if actor.IsClient() {
		who = ` AND p.kind = 'staff'`
	}
	return `(LOWER(c.subject) LIKE ` + pattern + ` ESCAPE '\' OR EXISTS (
		SELECT 1 FROM conversation_members o JOIN people p ON p.id = o.user_id
		WHERE o.conversation_id = c.id AND o.left_at IS NULL` + who + ` AND p.sort_name LIKE ` + pattern + ` ESCAPE '\'))`
}

// Counts is how many of one's conversations have something unread.
type Counts struct {
	Unread map[care.ConversationKind]int64
	Queue  *QueueCounts // nil for who may not use the shared queue
}

// Counts tells how many active conversations of each kind have something unread.
func (s *Service) Counts(ctx context.Context, actor care.Actor) (Counts, error) {
	counts := Counts{Unread: map[care.ConversationKind]int64{}}
	err := s.read(ctx, actor, func(tx *db.Tx) (err error) {
		if counts.Queue, err = queueCounts(ctx, tx, actor); err != nil {
			return err
		}
		rows, err := tx.Query(ctx, `SELECT c.kind, COUNT(*)
			FROM conversation_members m JOIN conversations c ON c.id = m.conversation_id
			WHERE m.user_id = $1 AND m.quiet = FALSE AND m.left_at IS NULL AND m.archived = FALSE AND c.closed_at IS NULL
				AND (COALESCE(m.withheld_countable, c.countable) > m.read_countable OR m.marked_unread)
			GROUP BY c.kind`, actor.User)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var kind care.ConversationKind
			var n int64
			if err := rows.Scan(&kind, &n); err != nil {
				return err
			}
			counts.Unread[kind] = n
		}
		return rows.Err()
	})
	return counts, err
}
