package notify

import (
	"context"
	"database/sql"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// reminded is a member of staff who might be reminded of a message that waits.
type reminded struct {
	candidate
	onTeam bool // of the client
	inbox  bool
}

// takeReminder notes whom to remind of a client's message that waits for an answer: the staff
// in the conversation and the client's care team, or everybody who sees the shared queue. Who
// was reminded of it already is not once more.
func (s *Service) takeReminder(ctx context.Context, tx *db.Tx, e *outbox.Event) ([]notice, error) {
	list, err := readReminded(ctx, tx, e, partMost+1)
	if err != nil {
		return nil, err
	}
	if len(list) > partMost {
		list = list[:partMost]
		e.Again(list[partMost-1].user)
	}
	var people []*candidate
	for _, r := range list {
		if queue := e.Kind == outbox.UnansweredQueue; r.wanted(queue) && r.seq <= r.closed && r.closed < e.Seq {
			people = append(people, &r.candidate)
		}
	}
	if len(people) == 0 {
		return nil, nil
	}
	return s.remind(ctx, tx, people, e.Seq)
}

// wanted tells who is concerned, and may read the conversation.
func (r *reminded) wanted(queue bool) bool {
	switch {
	case !r.active || !r.member && !r.inbox:
		return false
	case queue:
		return r.inbox
	}
	return r.member || r.onTeam
}

func (s *Service) remind(ctx context.Context, tx *db.Tx, people []*candidate, seq int64) ([]notice, error) {
	rules, err := loadRules(ctx, tx, people)
	if err != nil {
		return nil, err
	}
	devices, err := s.devicesOf(ctx, tx, people)
	if err != nil {
		return nil, err
	}
	var batch writing
	for _, c := range people {
		c.readSeq = 0 // reading is no answer
		if p, known := rules[c.user]; known {
			s.judgeOne(&batch, c, p, devices[c.user], opening{seq: seq, reminder: true, now: s.clock()})
		}
	}
	if err := batch.write(ctx, tx); err != nil {
		return nil, err
	}
	return batch.told(), nil
}

// readReminded reads the staff of the organization of a conversation, as they stand to it.
func readReminded(ctx context.Context, tx *db.Tx, e *outbox.Event, most int) ([]*reminded, error) {
	return db.Many(ctx, tx, scanReminded, `
		SELECT `+seatColumns+`, n.id, COALESCE(n.seq, 0), COALESCE(n.closed_seq, 0), COALESCE(n.told, 0), t.staff_id IS NOT NULL, s.role, s.permissions
		FROM conversations k JOIN people p ON p.org_id = k.org_id AND p.kind = 'staff'
		LEFT JOIN conversation_members m ON m.conversation_id = k.id AND m.user_id = p.id
		LEFT JOIN care_team t ON t.client_id = k.client_id AND t.staff_id = p.id
		LEFT JOIN notices n ON n.conversation_id = k.id AND n.user_id = p.id AND n.reminder`+seatJoins+`
		WHERE k.id = $1 AND ($2 OR p.id > $3) ORDER BY p.id LIMIT CAST($4 AS BIGINT)`,
		e.Conversation(), e.Place.IsZero(), placeOr(e.Place), most)
}

// placeOr is a person behind whom everybody is, where none is named: NULL would have no type.
func placeOr(id care.UserID) care.UserID {
	if id.IsZero() {
		return care.UserID{15: 1}
	}
	return id
}

func scanReminded(row db.Scanner) (*reminded, error) {
	var s seatScan
	var r reminded
	var role, permissions sql.NullString
	err := row.Scan(append(s.targets(), &r.notice, &r.seq, &r.closed, &r.told, &r.onTeam, &role, &permissions)...)
	r.seat, r.inbox = s.read(), permissionsOf(role, permissions).Has(care.OrganizationInbox)
	return &r, err
}

// SettleReminders puts away the reminders of conversations in which nobody waits for an answer
// any more; what is about to be sent of them is not sent. It belongs to the transaction of the
// caller, who calls after behind the commit; after is nil where there was nothing to put away.
func (s *Service) SettleReminders(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (after func(), err error) {
	over, err := closeReminders(ctx, tx, ids)
	if err != nil || len(over) == 0 {
		return nil, err
	}
	return func() { s.tell(nil, over) }, nil
}

func closeReminders(ctx context.Context, tx *db.Tx, ids []care.ConversationID) ([]closed, error) {
	return db.Many(ctx, tx, scanClosed, `UPDATE notices SET open = FALSE, closed_seq = seq
		WHERE reminder AND open AND conversation_id IN (`+tx.In(1, len(ids))+`) RETURNING id, org_id, user_id`, args(ids)...)
}
