package chat

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Parts of the shared queue of conversations with clients.
const (
	QueueAll        = "all"
	QueueUnassigned = "unassigned" // open, and nobody looks after them
	QueueMine       = "mine"       // open, and the actor looks after them
)

// restrict narrows an inbox to a part of the queue. Whether somebody has put a
// conversation away for themself does not count in a queue that many share.
func (q *conditions) restrict(filter Filter) {
	switch filter.Queue {
	case QueueUnassigned:
		q.and(`c.assignee_id IS NULL AND c.closed_at IS NULL AND c.kind <> 'internal' AND c.quiet = FALSE`)
	case QueueMine:
		q.and(`c.assignee_id = $1 AND c.closed_at IS NULL`)
	default:
		q.and(stateCondition(filter.State))
	}
}

// mayFilter decides whether the actor may look through an inbox in this way.
func (f Filter) mayFilter(actor care.Actor) *care.Error {
	if f.Inbox == InboxOrganization && !actor.Can(care.OrganizationInbox) {
		return care.Refused("Seeing everybody’s conversations needs the permission “organization inbox”.")
	}
	if (f.Unanswered || f.Queue != "" && f.Queue != QueueAll) && !actor.IsStaff() {
		return access.Queue(actor)
	}
	return nil
}

// QueueCounts is how many conversations wait in the shared queue.
type QueueCounts struct{ Unassigned, Mine int64 }

// queueCounts counts the queue for those who may use it; nil for everybody else.
func queueCounts(ctx context.Context, tx *db.Tx, actor care.Actor) (*QueueCounts, error) {
	if access.Queue(actor) != nil {
		return nil, nil
	}
	var n QueueCounts
	err := tx.QueryRow(ctx, `SELECT
		(SELECT COUNT(*) FROM conversations WHERE org_id = $1 AND assignee_id IS NULL AND closed_at IS NULL AND kind <> 'internal' AND quiet = FALSE),
		(SELECT COUNT(*) FROM conversations WHERE assignee_id = $2 AND closed_at IS NULL)`,
		actor.Org, actor.User).Scan(&n.Unassigned, &n.Mine)
	return &n, err
}
