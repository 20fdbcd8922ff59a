package chat

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// A scheduled message goes through the sender like every other. Its row is locked in the
// transaction that judges and stores the message, and says there what became of it: an
// edit or a cancel comes wholly before or is refused, a second node finds it gone, and a
// process that is killed leaves it as it was. Its lock comes before that of conversations.

// The jobs of scheduled messages.
const (
	jobScheduled      = "scheduled.send"
	jobScheduledSweep = "scheduled.sweep"
	// overdue is when a waiting message is given another job, should its own have died.
	overdue = 15 * time.Minute
)

type scheduledArgs struct {
	ID           care.MessageID      `json:"id"`
	Conversation care.ConversationID `json:"conversation"`
}

// Register adds the jobs of scheduled messages and of community chats to a runner.
func (s *Service) Register(r *jobs.Runner) {
	s.registerCommunity(r)
	r.Handle(jobScheduled, func(ctx context.Context, c *jobs.Claim) error {
		var in scheduledArgs
		if err := c.Bind(&in); err != nil {
			return err
		}
		return s.SendScheduled(ctx, in.ID, in.Conversation)
	})
	r.Every(jobScheduledSweep, time.Hour, func(ctx context.Context, _ *jobs.Claim) error { return s.sweepScheduled(ctx) })
}

// SendScheduled sends a scheduled message that is due, or notes why it is skipped. One
// that is gone, cancelled or not due any more is left alone. An error means that it still
// waits: call again.
func (s *Service) SendScheduled(ctx context.Context, id care.MessageID, in care.ConversationID) error {
	p := &pending{ctx: ctx, scheduled: true, draft: Draft{ID: id, Conversation: in}, done: make(chan Sent, 1)}
	select {
	case s.queue <- p:
	case <-s.closing:
		return errClosing
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case sent := <-p.done:
		var refusal *care.Error
		if errors.As(sent.Err, &refusal) {
			return nil // decided, and noted in the row
		}
		return sent.Err
	case <-ctx.Done():
		return ctx.Err()
	}
}

var errNotDue = care.Fail(care.NotFound, care.CodeNotFound, "There is nothing to send.")

// takeScheduled locks the scheduled messages of a batch and makes sends of them, by who
// their authors are now. It gives the batch without those that do not go; a batch without
// scheduled ones costs nothing.
func (s *Service) takeScheduled(ctx context.Context, tx *db.Tx, batch []*pending) ([]*pending, error) {
	ids := scheduledIn(batch)
	if len(ids) == 0 {
		return batch, nil
	}
	rows, err := db.Many(ctx, tx, scanScheduled, `SELECT `+scheduledColumns+` FROM scheduled_messages
		WHERE id IN (`+tx.In(1, len(ids))+`) ORDER BY id`+tx.ForUpdate(), args(ids)...)
	if err != nil {
		return nil, err
	}
	if err := addScheduledFiles(ctx, tx, rows); err != nil {
		return nil, err
	}
	due := map[care.MessageID]Scheduled{}
	for _, m := range rows {
		if m.State == ScheduleWaiting && !m.SendAt.After(s.clock()) {
			due[m.ID] = m
		}
	}
	authors, err := loadAuthors(ctx, tx, due)
	if err != nil {
		return nil, err
	}
	going := make([]*pending, 0, len(batch))
	for _, p := range batch {
		if m, goes := due[p.draft.ID]; goes || !p.scheduled {
			p.become(m, authors)
			going = append(going, p)
			continue
		}
		p.refusal = errNotDue
	}
	return going, nil
}

func scheduledIn(batch []*pending) (ids []care.MessageID) {
	for _, p := range batch {
		if p.scheduled {
			ids = append(ids, p.draft.ID)
		}
	}
	return ids
}

// become takes over what the row says now.
func (p *pending) become(m Scheduled, authors map[care.UserID]care.Actor) {
	if p.scheduled {
		row := m.pending(authors[m.author])
		p.actor, p.draft, p.hash = row.actor, row.draft, row.hash
	}
}

// loadAuthors gives authors as they may act now. A member of staff who is not active any
// more may nothing.
func loadAuthors(ctx context.Context, tx *db.Tx, due map[care.MessageID]Scheduled) (map[care.UserID]care.Actor, error) {
	var ids []care.UserID
	for _, m := range due {
		ids = append(ids, m.author)
	}
	authors := map[care.UserID]care.Actor{}
	list, err := db.Many(ctx, tx, scanAuthor, `SELECT p.id, p.org_id, p.kind, p.name, p.alias, s.role, s.permissions
		FROM people p LEFT JOIN staff s ON s.user_id = p.id
		WHERE COALESCE(s.active, TRUE) AND p.id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
	for _, a := range list {
		authors[a.User] = a
	}
	return authors, err
}

func scanAuthor(row db.Scanner) (a care.Actor, err error) {
	var alias, role sql.NullString
	var chosen *string
	err = row.Scan(&a.User, &a.Org, &a.Kind, &a.Name, &alias, &role, &chosen)
	a.Alias, a.Role = alias.String, care.Role(role.String)
	if a.IsStaff() {
		a.Permissions = care.StoredPermissions(a.Role, chosen)
	}
	return a, err
}

// settleScheduled writes what became of the scheduled messages of a batch and gives what
// their authors are told.
func (s *Service) settleScheduled(ctx context.Context, tx *db.Tx, batch []*pending) (events []care.Event, err error) {
	for _, p := range batch {
		if !p.scheduled {
			continue
		}
		m := Scheduled{ID: p.draft.ID, Conversation: p.draft.Conversation, State: ScheduleSent, org: p.actor.Org, author: p.actor.User}
		if p.refusal != nil {
			m.State, m.Why = ScheduleSkipped, p.refusal.Code
		}
		_, err := tx.Exec(ctx, `UPDATE scheduled_messages SET state = $2, why = $3, settled_at = $4, version = version + 1 WHERE id = $1`,
			m.ID, string(m.State), string(m.Why), db.Millis(s.clock()))
		if err != nil {
			return nil, err
		}
		if !m.author.IsZero() {
			events = append(events, m.event())
		}
	}
	return events, nil
}

// forgetSettled removes what was settled long ago, and the files of what was never sent.
func forgetSettled(ctx context.Context, tx *db.Tx, now time.Time) error {
	skipped, err := db.Many(ctx, tx, scanID[care.MessageID],
		`DELETE FROM scheduled_messages WHERE state <> 'scheduled' AND settled_at <= $1
		RETURNING CASE WHEN state = 'skipped' THEN id END`, db.Millis(now.Add(-keepSettled)))
	for _, id := range withoutZero(skipped) {
		if err := attach.Drop(ctx, tx, now, id); err != nil {
			return err
		}
	}
	return err
}

// sweepScheduled forgets what was settled long ago, and gives those another job whose own
// has died while they wait.
func (s *Service) sweepScheduled(ctx context.Context) error {
	now := s.clock()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := forgetSettled(ctx, tx, now); err != nil {
			return err
		}
		late, err := db.Many(ctx, tx, scanScheduled, `SELECT `+scheduledColumns+` FROM scheduled_messages
			WHERE state = 'scheduled' AND send_at <= $1 ORDER BY send_at LIMIT 500`, db.Millis(now.Add(-overdue)))
		if err != nil {
			return err
		}
		for _, m := range late {
			_, err := jobs.Enqueue(ctx, tx, now, jobs.Job{
				Kind: jobScheduled, Args: scheduledArgs{ID: m.ID, Conversation: m.Conversation}, Dedupe: jobScheduled + " " + m.ID.String(),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}
