package chat

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Who of staff looks after a conversation with clients. Everything here is staff's own:
// a client is told nothing of it, neither in an answer nor live.

// Assignment says who is to look after a conversation.
type Assignment struct {
	// To is the one who looks after it from now on; zero is nobody.
	To care.UserID
	// Was is who the actor believes looks after it now, zero for nobody; nil for whoever
	// it is, but then nobody takes from a colleague what they mean to claim.
	Was *care.UserID
}

// stale reports whether somebody else was faster.
func (a Assignment) stale(actor care.Actor, current care.UserID) bool {
	if a.Was != nil {
		return *a.Was != current
	}
	return a.To == actor.User && !current.IsZero()
}

// Assign claims a conversation, hands it over or gives it back to the queue, and answers
// it as it is then. What is so already changes nothing. Refusals: not_found, forbidden,
// invalid, and version_conflict with the conversation as Current where somebody else was
// faster.
func (s *Service) Assign(ctx context.Context, actor care.Actor, id care.ConversationID, to Assignment) (c Conversation, err error) {
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		threads, err := loadThreads(ctx, tx, []care.ConversationID{id})
		if err != nil {
			return nil, err
		}
		before, err := lookIn(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		if refusal := access.Assign(actor, before.subject(actor, access.Words{}), before.assignee); refusal != nil {
			return nil, refusal
		}
		if to.To == before.assignee {
			c, err = view(ctx, tx, actor, id)
			return nil, err
		}
		if to.stale(actor, before.assignee) {
			return nil, taken(ctx, tx, actor, id)
		}
		events, err := s.assign(ctx, tx, actor, threads[id], before.assignee, to.To)
		if err != nil {
			return nil, err
		}
		c, err = view(ctx, tx, actor, id)
		return events, err
	})
	return c, err
}

// taken is the answer when somebody else was faster.
func taken(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID) error {
	now, err := view(ctx, tx, actor, id)
	if err != nil {
		return err
	}
	refusal := care.Fail(care.Conflict, care.CodeVersionConflict, "Somebody else changed who looks after this conversation.")
	if now.Assignee != nil {
		refusal.Message = now.Assignee.Name + " looks after this conversation now."
	}
	refusal.Current = now
	return refusal
}

// assign writes who looks after a locked conversation.
func (s *Service) assign(ctx context.Context, tx *db.Tx, actor care.Actor, t *thread, from, to care.UserID) ([]care.Event, error) {
	if err := mayLookAfter(ctx, tx, t, to); err != nil {
		return nil, err
	}
	if err := setAssignee(ctx, tx, t.id, to, db.Millis(s.clock())); err != nil {
		return nil, err
	}
	if err := takeUp(ctx, tx, t); err != nil {
		return nil, err
	}
	return s.recordedAssignment(ctx, tx, actor.Person(), t, from, to)
}

func setAssignee(ctx context.Context, tx *db.Tx, id care.ConversationID, to care.UserID, at int64) error {
	var since any
	if !to.IsZero() {
		since = at
	}
	_, err := tx.Exec(ctx, `UPDATE conversations SET assignee_id = $2, assigned_at = $3 WHERE id = $1`, id, to, since)
	return err
}

// recordedAssignment writes the change into the audit log and tells the staff concerned,
// and nobody else.
func (s *Service) recordedAssignment(ctx context.Context, tx *db.Tx, by care.Person, t *thread, from, to care.UserID) ([]care.Event, error) {
	details := map[string]any{"from": idOrNil(from), "to": idOrNil(to)}
	err := audit.Append(ctx, tx, t.org, by, s.clock(), audit.Act("conversation.assigned", audit.About("conversation", t.id), details))
	told := t.staff()
	for _, id := range []care.UserID{from, to} {
		if _, member := t.has(id); !member && !id.IsZero() {
			told = append(told, id)
		}
	}
	return []care.Event{{Type: care.EventConversationUpdated, Org: t.org, To: told, Conversation: t.id, Queue: true}}, err
}

func idOrNil(id care.UserID) any {
	if id.IsZero() {
		return nil
	}
	return id.String()
}

// colleague is what decides whether a conversation can be given to somebody.
type colleague struct{ active, inbox bool }

// readColleague holds the row of a member of staff, so that they are not deactivated
// meanwhile.
func readColleague(ctx context.Context, tx *db.Tx, org care.OrgID, id care.UserID) (colleague, bool, error) {
	return db.One(ctx, tx, func(row db.Scanner) (one colleague, err error) {
		var role care.Role
		var chosen *string
		err = row.Scan(&role, &chosen, &one.active)
		one.inbox = care.StoredPermissions(role, chosen).Has(care.OrganizationInbox)
		return one, err
	}, `SELECT role, permissions, active FROM staff WHERE user_id = $1 AND org_id = $2`+tx.ForShare(), id, org)
}

func mayLookAfter(ctx context.Context, tx *db.Tx, t *thread, to care.UserID) error {
	if to.IsZero() {
		return nil
	}
	one, found, err := readColleague(ctx, tx, t.org, to)
	if err != nil {
		return err
	}
	_, member := t.has(to)
	if refusal := access.Assignee(found, one.active, member, one.inbox); refusal != nil {
		return refusal
	}
	return nil
}

// unassignLeaver gives a locked conversation back to the queue where the one who looks
// after it was taken out of it and cannot read it any more.
func (s *Service) unassignLeaver(ctx context.Context, tx *db.Tx, actor care.Actor, t *thread, leaver, assignee care.UserID) ([]care.Event, error) {
	if leaver != assignee {
		return nil, nil
	}
	one, _, err := readColleague(ctx, tx, t.org, leaver)
	if err != nil || one.inbox {
		return nil, err
	}
	if err := setAssignee(ctx, tx, t.id, care.UserID{}, 0); err != nil {
		return nil, err
	}
	return s.recordedAssignment(ctx, tx, actor.Person(), t, leaver, care.UserID{})
}

// HoldAssigned locks the conversations that a member of staff looks after, before their
// row is changed; conversations come first where several rows are locked.
func (s *Service) HoldAssigned(ctx context.Context, tx *db.Tx, org care.OrgID, staff care.UserID) error {
	_, err := db.Many(ctx, tx, scanID[care.ConversationID],
		`SELECT id FROM conversations WHERE assignee_id = $1 AND org_id = $2 ORDER BY id`+tx.ForUpdate(), staff, org)
	return err
}

// Unassign gives the conversations that a member of staff looks after back to the queue:
// all of them when they were deactivated, else those that they can read no longer because
// they lost the permission organization inbox. It belongs to the transaction of the
// caller, who publishes the events after the commit.
func (s *Service) Unassign(ctx context.Context, tx *db.Tx, actor care.Actor, staff care.UserID) ([]care.Event, error) {
	one, found, err := readColleague(ctx, tx, actor.Org, staff)
	if err != nil || !found || (one.active && one.inbox) {
		return nil, err
	}
	query := `UPDATE conversations SET assignee_id = NULL, assigned_at = NULL WHERE assignee_id = $1 AND org_id = $2`
	if one.active {
		query += ` AND NOT EXISTS (SELECT 1 FROM conversation_members m
			WHERE m.conversation_id = conversations.id AND m.user_id = $1 AND m.left_at IS NULL)`
	}
	n, err := tx.Exec(ctx, query, staff, actor.Org)
	if err != nil || n == 0 {
		return nil, err
	}
	err = audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(),
		audit.Act("staff.unassigned", audit.About("staff", staff), map[string]any{"conversations": n}))
	return []care.Event{{Type: care.EventQueueUpdated, Org: actor.Org, Queue: true}}, err
}

// fillAssignees adds, for staff alone, who looks after the conversations.
func fillAssignees(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Conversation) error {
	if !actor.IsStaff() {
		return nil
	}
	var ids []care.UserID
	for _, c := range list {
		if !c.assignee.IsZero() {
			ids = append(ids, c.assignee)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	people, err := peopleNamed(ctx, tx, actor.Org, sorted(ids))
	for _, c := range list {
		if who, known := people[c.assignee]; known {
			c.Assignee = &who
		}
	}
	return err
}
