package chat

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
	"hearth/internal/ladder"
)

const (
	jobFollow = "community.follow"
	// followAfter lets changes that come together be followed by one job.
	followAfter = 500 * time.Millisecond
	// stepChunk is how many people come or go in one transaction.
	stepChunk = 200
)

type followArgs struct {
	Conversation care.ConversationID `json:"conversation"`
}

// registerCommunity adds the jobs of community chats to a runner.
func (s *Service) registerCommunity(r *jobs.Runner) {
	r.Handle(jobFollow, func(ctx context.Context, c *jobs.Claim) error {
		var in followArgs
		if err := c.Bind(&in); err != nil {
			return err
		}
		return s.Follow(ctx, in.Conversation)
	})
}

// follow leaves a job for each of these conversations, unless one waits already.
func (s *Service) follow(ctx context.Context, tx *db.Tx, ids []care.ConversationID) error {
	now := s.clock()
	for _, id := range sorted(ids) {
		_, err := jobs.Enqueue(ctx, tx, now, jobs.Job{
			Kind: jobFollow, Args: followArgs{id}, RunAt: now.Add(followAfter), Dedupe: jobFollow + " " + id.String(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Follow brings a community chat in step with its groups, as they are now. Closed ones are
// left as they are until they are opened again. It may be stopped between two transactions
// and called again.
func (s *Service) Follow(ctx context.Context, id care.ConversationID) error {
	for {
		var found step
		err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
			found, err = s.nextStep(ctx, tx, id, nil)
			return err
		})
		if err != nil || found.empty() {
			return err
		}
		taken := false
		err = s.write(ctx, func(tx *db.Tx) (events []care.Event, err error) {
			events, taken, err = s.takeStep(ctx, tx, id, found)
			return events, err
		})
		if err != nil || !taken {
			return err
		}
	}
}

// step is who comes and who goes next, and whether some who were taken out by hand have
// left the groups since.
type step struct {
	join, leave []care.UserID
	forget      bool
}

func (st step) empty() bool { return len(st.join)+len(st.leave) == 0 && !st.forget }

// nextStep finds what is not in step yet, some of it at a time. With of it looks at these
// people only.
func (s *Service) nextStep(ctx context.Context, tx *db.Tx, id care.ConversationID, of *step) (next step, err error) {
	var members int
	err = tx.QueryRow(ctx, `SELECT COUNT(m.user_id) FROM conversations c
		LEFT JOIN conversation_members m ON m.conversation_id = c.id AND m.left_at IS NULL
		WHERE c.id = $1 AND c.kind = 'community' AND c.closed_at IS NULL`, id).Scan(&members)
	if err != nil || members == 0 { // a conversation that is open has somebody in it
		return next, err
	}
	if next.leave, err = leavers(ctx, tx, id, of); err != nil {
		return next, err
	}
	room := min(stepChunk, s.communityLimit()-members+len(next.leave))
	if room > 0 {
		if next.join, err = joiners(ctx, tx, id, of, room); err != nil {
			return next, err
		}
	}
	var forgotten int
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT 1 FROM conversation_members
		WHERE conversation_id = $1 AND via = 'out' AND NOT `+inStepClient+` LIMIT 1) AS gone`, id).Scan(&forgotten)
	next.forget = forgotten > 0
	return next, err
}

// leavers finds who came through a group and is in none that is followed.
func leavers(ctx context.Context, tx *db.Tx, id care.ConversationID, of *step) ([]care.UserID, error) {
	values, only := []any{id}, ``
	if of != nil {
		only, values = ` AND user_id IN (`+tx.In(2, len(of.leave))+`)`, args(of.leave, id)
	}
	return db.Many(ctx, tx, scanID[care.UserID], `SELECT user_id FROM conversation_members
		WHERE conversation_id = $1 AND left_at IS NULL AND via = 'group' AND NOT `+inStepClient+only+`
		ORDER BY user_id LIMIT 200`, values...)
}

// joiners finds active clients of the groups who can take part and are not in it.
func joiners(ctx context.Context, tx *db.Tx, id care.ConversationID, of *step, room int) ([]care.UserID, error) {
	values, only := []any{id, room}, ``
	if of != nil {
		only, values = ` AND c.user_id IN (`+tx.In(3, len(of.join))+`)`, args(of.join, id, room)
	}
	return db.Many(ctx, tx, scanID[care.UserID], `SELECT c.user_id FROM clients c`+ladder.Joins+`
		WHERE c.state = 'active' AND `+ladder.Community+`
			AND c.group_id IN (SELECT f.group_id FROM conversation_groups f WHERE f.conversation_id = $1)
			AND NOT EXISTS (SELECT 1 FROM conversation_members m
				WHERE m.conversation_id = $1 AND m.user_id = c.user_id AND (m.left_at IS NULL OR m.via = 'out'))`+only+`
		ORDER BY c.user_id LIMIT $2`, values...)
}

// takeStep locks everything that decides about a step, looks again, and takes what is left
// of it.
func (s *Service) takeStep(ctx context.Context, tx *db.Tx, id care.ConversationID, found step) (events []care.Event, taken bool, err error) {
	threads, err := loadThreads(ctx, tx, []care.ConversationID{id})
	if err != nil || threads[id] == nil {
		return nil, false, err
	}
	t := threads[id]
	if err := lockSwitches(ctx, tx, sorted(append(append([]care.UserID{}, found.join...), found.leave...)), []care.OrgID{t.org}); err != nil {
		return nil, false, err
	}
	still, err := s.nextStep(ctx, tx, id, &found)
	if err != nil || still.empty() {
		return nil, false, err
	}
	if still.forget {
		_, err := tx.Exec(ctx, `UPDATE conversation_members SET via = 'hand'
			WHERE conversation_id = $1 AND via = 'out' AND NOT `+inStepClient, id)
		if err != nil {
			return nil, false, err
		}
	}
	events, err = s.moveMembers(ctx, tx, t, still)
	return events, true, err
}

// moveMembers puts people in a locked thread and takes others out, with one notice and one
// record for all who come and all who go.
func (s *Service) moveMembers(ctx context.Context, tx *db.Tx, t *thread, next step) (events []care.Event, err error) {
	program := care.Actor{Org: t.org, Kind: care.KindSystem, Name: care.System.Name}
	tell := func(who []care.UserID, words, action string) error {
		people := make([]member, len(who))
		for i, id := range who {
			people[i] = member{id: id, kind: care.KindClient}
		}
		told, err := s.toldOfMembers(ctx, tx, program, t, people, words, action, map[string]any{"clients": len(who), "by": "group"})
		events = append(events, told...)
		return err
	}
	if len(next.leave) > 0 {
		if err := s.takeOut(ctx, tx, t, next.leave); err != nil {
			return nil, err
		}
		if err := tell(next.leave, " left this conversation.", "conversation.members_removed"); err != nil {
			return nil, err
		}
		events = append(events, care.Event{Type: care.EventConversationUpdated, Org: t.org, To: next.leave, Conversation: t.id})
	}
	if len(next.join) > 0 {
		if err := s.putIn(ctx, tx, t, next.join); err != nil {
			return nil, err
		}
		if err := tell(next.join, " joined this conversation.", "conversation.members_added"); err != nil {
			return nil, err
		}
		events = append(events, care.Event{Type: care.EventConversationCreated, Org: t.org, To: next.join, Conversation: t.id})
	}
	return events, nil
}

func (s *Service) takeOut(ctx context.Context, tx *db.Tx, t *thread, who []care.UserID) error {
	for _, id := range who {
		t.remove(id)
	}
	return eachPart(who, func(part []care.UserID) error {
		_, err := tx.Exec(ctx, `UPDATE conversation_members SET left_at = $2 WHERE conversation_id = $1 AND user_id IN (`+tx.In(3, len(part))+`)`,
			args(part, t.id, db.Millis(s.clock()))...)
		return err
	})
}

func (s *Service) putIn(ctx context.Context, tx *db.Tx, t *thread, who []care.UserID) error {
	from, countable, err := readFrom(ctx, tx, t)
	if err != nil {
		return err
	}
	now := db.Millis(s.clock())
	for part := range chunks(who) {
		values := make([]any, 0, 11*len(part))
		for _, id := range part {
			t.members = append(t.members, member{id: id, kind: care.KindClient, joined: now})
			values = append(values, t.id, id, string(care.KindClient), now, from, t.lastSeq, countable, false, false, false, "group")
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO conversation_members (conversation_id, user_id, kind, joined_at, joined_seq, read_seq,
				read_countable, marked_unread, pinned, archived, via)
			VALUES `+db.Rows(1, len(part), 11)+`
			ON CONFLICT (conversation_id, user_id) DO UPDATE SET left_at = NULL, joined_at = excluded.joined_at,
				joined_seq = excluded.joined_seq, read_seq = excluded.read_seq, read_countable = excluded.read_countable,
				marked_unread = FALSE, archived = FALSE, via = excluded.via,
				withheld_after_seq = NULL, withheld_countable = NULL, withheld_activity_at = NULL`, values...)
		if err != nil {
			return err
		}
	}
	return nil
}
