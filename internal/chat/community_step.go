package chat

import (
	"context"
	"slices"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// Keeping a community chat in step with client groups: their active clients who can take
// part are in it, and who leaves the groups leaves it. Whom somebody added by hand stays,
// and whom somebody took out stays out until they are added by hand, or leave the groups
// and come back. Participation that is turned off, and archiving, take nobody out
// (SEMANTICS 6): who is not in yet comes in when they can take part.
//
// What changes groups, clients or switches only leaves a job (see [Service.FollowGroups]),
// one for each conversation however many clients change.

// setGroups writes with which groups a conversation is kept in step.
func setGroups(ctx context.Context, tx *db.Tx, id care.ConversationID, groups []care.GroupID) error {
	if _, err := tx.Exec(ctx, `DELETE FROM conversation_groups WHERE conversation_id = $1`, id); err != nil {
		return err
	}
	for _, g := range groups {
		if _, err := tx.Exec(ctx, `INSERT INTO conversation_groups (conversation_id, group_id) VALUES ($1, $2)`, id, g); err != nil {
			return err
		}
	}
	return nil
}

// maxInStep bounds the groups of one community chat.
const maxInStep = 100

// changeGroups keeps a locked thread in step with these groups from now on. Who is in it
// through a group that is not followed any more stays, as if added by hand.
func (s *Service) changeGroups(ctx context.Context, tx *db.Tx, actor care.Actor, t *thread, groups []care.GroupID) ([]care.Event, error) {
	groups = sorted(groups)
	before, err := groupsOf(ctx, tx, t.id)
	if err != nil || slices.Equal(before, groups) {
		return nil, err
	}
	if len(groups) > 0 {
		if err := s.mayFollow(ctx, tx, actor, t.org, groups); err != nil {
			return nil, err
		}
	}
	if err := setGroups(ctx, tx, t.id, groups); err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `UPDATE conversation_members SET via = 'hand'
		WHERE conversation_id = $1 AND via = 'group' AND left_at IS NULL AND NOT `+inStepClient, t.id)
	if err != nil {
		return nil, err
	}
	if err := s.follow(ctx, tx, []care.ConversationID{t.id}); err != nil {
		return nil, err
	}
	return s.recorded(ctx, tx, actor, t.id, "conversation.groups_changed", map[string]any{
		"added": missingFrom(groups, before), "removed": missingFrom(before, groups),
	})
}

// inStepClient is whether a member's client is in a group that the conversation follows,
// as SQL over conversation_members.
const inStepClient = `EXISTS (SELECT 1 FROM clients c JOIN conversation_groups g ON g.group_id = c.group_id
	WHERE c.user_id = conversation_members.user_id AND g.conversation_id = conversation_members.conversation_id)`

func groupsOf(ctx context.Context, tx *db.Tx, id care.ConversationID) ([]care.GroupID, error) {
	return db.Many(ctx, tx, scanID[care.GroupID], `SELECT group_id FROM conversation_groups WHERE conversation_id = $1 ORDER BY group_id`, id)
}

func missingFrom(list, other []care.GroupID) []string {
	missing := []string{}
	for _, g := range list {
		if !slices.Contains(other, g) {
			missing = append(missing, g.String())
		}
	}
	return missing
}

// mayFollow decides whether the actor may have a chat follow groups, which exist and whose
// clients fit into one.
func (s *Service) mayFollow(ctx context.Context, tx *db.Tx, actor care.Actor, org care.OrgID, groups []care.GroupID) error {
	if refusal := access.KeepInStep(actor); refusal != nil {
		return refusal
	}
	if len(groups) > maxInStep {
		return care.BadField("in_step_group_ids", "too_many", "A chat follows at most 100 groups.")
	}
	found, err := db.Many(ctx, tx, scanID[care.GroupID], `SELECT id FROM client_groups
		WHERE org_id = $1 AND id IN (`+tx.In(2, len(groups))+`) ORDER BY id`+tx.ForShare(), args(groups, org)...)
	if err != nil {
		return err
	}
	if len(found) < len(groups) {
		return care.Missing("group")
	}
	var clients int
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT c.user_id FROM clients c`+ladder.Joins+`
		WHERE c.state = 'active' AND `+ladder.Community+` AND c.group_id IN (`+tx.In(2, len(groups))+`) LIMIT $1) AS few`,
		args(groups, s.communityLimit()+1)...).Scan(&clients)
	if err != nil {
		return err
	}
	if refusal := access.Full(care.Community, 0, clients, s.communityLimit()); refusal != nil {
		return refusal
	}
	return nil
}

// FollowGroups leaves a job for every community chat that is kept in step with a group of
// these clients, or that they are in through a group they may have left. It belongs to the
// transaction that changes their groups, their state or their participation.
func (s *Service) FollowGroups(ctx context.Context, tx *db.Tx, clients []care.UserID) error {
	return eachPart(clients, func(part []care.UserID) error {
		ids, err := db.Many(ctx, tx, scanID[care.ConversationID], `
			SELECT g.conversation_id FROM conversation_groups g WHERE g.group_id IN (
				SELECT c.group_id FROM clients c WHERE c.user_id IN (`+tx.In(1, len(part))+`))`, args(part)...)
		if err != nil {
			return err
		}
		left, err := db.Many(ctx, tx, scanID[care.ConversationID], `
			SELECT m.conversation_id FROM conversation_members m
			WHERE m.via IN ('group', 'out') AND m.user_id IN (`+tx.In(1, len(part))+`)`, args(part)...)
		if err != nil {
			return err
		}
		return s.follow(ctx, tx, append(ids, left...))
	})
}

// GroupDeleted ends that chats follow a group, before it is deleted and its clients move to
// another one, or to none where that is zero. They stay where they are, as if added by
// hand, unless the chat follows the other group too.
func (s *Service) GroupDeleted(ctx context.Context, tx *db.Tx, group, moveTo care.GroupID) error {
	if moveTo.IsZero() { // stored as NULL, whose type PostgreSQL would have to guess
		moveTo = group
	}
	_, err := tx.Exec(ctx, `UPDATE conversation_members SET via = 'hand'
		WHERE via = 'group' AND left_at IS NULL AND user_id IN (SELECT user_id FROM clients WHERE group_id = $1)
			AND conversation_id IN (SELECT conversation_id FROM conversation_groups WHERE group_id = $1)
			AND ($2 = $1 OR conversation_id NOT IN (SELECT conversation_id FROM conversation_groups WHERE group_id = $2))`, group, moveTo)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM conversation_groups WHERE group_id = $1`, group)
	return err
}

// openInStep has a community chat that was just made follow the groups it was made from.
// Whom the opening names itself is in it by hand.
func (s *Service) openInStep(ctx context.Context, tx *db.Tx, actor care.Actor, o Opening) error {
	if err := s.mayFollow(ctx, tx, actor, actor.Org, sorted(o.Groups)); err != nil {
		return err
	}
	if err := setGroups(ctx, tx, o.ID, sorted(o.Groups)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE conversation_members SET via = 'group' WHERE conversation_id = $1 AND kind = 'client'`, o.ID)
	if err != nil {
		return err
	}
	return eachPart(o.Members, func(part []care.UserID) error {
		_, err := tx.Exec(ctx, `UPDATE conversation_members SET via = 'hand' WHERE conversation_id = $1 AND user_id IN (`+tx.In(2, len(part))+`)`,
			args(part, o.ID)...)
		return err
	})
}
