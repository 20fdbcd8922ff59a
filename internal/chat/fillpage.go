package chat

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// fillPage does for a page of an inbox what [fill] does, from what is remembered as far
// as that goes. How far members have read changes all the time and is read anew each time.
func (s *Service) fillPage(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Conversation) error {
	if len(list) == 0 {
		return nil
	}
	var epoch, switches int64
	err := tx.QueryRow(ctx, `SELECT o.people_epoch, e.epoch FROM organizations o JOIN switch_epochs e ON e.org_id = o.id
		WHERE o.id = $1`, actor.Org).Scan(&epoch, &switches)
	if err != nil {
		return err
	}
	pages := make([]remembered, len(list))
	for i, c := range list {
		c.stamp.epoch = epoch
		pages[i] = s.memory.at(c.ID, c.stamp)
	}
	if err := s.rememberMembers(ctx, tx, list, pages, switches); err != nil {
		return err
	}
	for i, c := range list {
		c.Members = append(make([]Member, 0, len(pages[i].members)), pages[i].members...)
		c.ClientState = pages[i].state
	}
	if err := tellRead(ctx, tx, list); err != nil {
		return err
	}
	if err := s.rememberLast(ctx, tx, actor, list, pages); err != nil {
		return err
	}
	return finish(ctx, tx, actor, list)
}

// rememberMembers reads the members of the conversations whose members are not remembered,
// or with other switches than those of now.
func (s *Service) rememberMembers(ctx context.Context, tx *db.Tx, list []*Conversation, pages []remembered, switches int64) error {
	var ids []care.ConversationID
	missing := map[care.ConversationID]*Conversation{}
	for i, c := range list {
		if pages[i].members == nil || pages[i].switches != switches {
			ids, missing[c.ID] = append(ids, c.ID), c
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := fillMembers(ctx, tx, care.Actor{}, ids, missing); err != nil {
		return err
	}
	for i := range pages {
		if c := missing[pages[i].id]; c != nil {
			pages[i].members, pages[i].switches, pages[i].state = c.Members, switches, c.ClientState
			s.memory.keep(pages[i])
		}
	}
	return nil
}

// tellRead reads how far members have read, where that is told.
func tellRead(ctx context.Context, tx *db.Tx, list []*Conversation) error {
	reads, err := readMarks(ctx, tx, list)
	if err != nil {
		return err
	}
	for _, c := range list {
		for i := range c.Members {
			m := &c.Members[i]
			m.ReadSeq = reads[memberKey{c.ID, m.Person.ID}]
		}
	}
	return nil
}

type memberKey struct {
	conversation care.ConversationID
	user         care.UserID
}

// readMarks reads how far the members of direct and internal conversations have read.
func readMarks(ctx context.Context, tx *db.Tx, list []*Conversation) (map[memberKey]int64, error) {
	var ids []care.ConversationID
	for _, c := range list {
		if c.Kind != care.Community {
			ids = append(ids, c.ID)
		}
	}
	marks := make(map[memberKey]int64, 2*len(ids))
	return marks, eachPart(ids, func(part []care.ConversationID) error {
		rows, err := tx.Query(ctx, `SELECT conversation_id, user_id, read_seq FROM conversation_members
			WHERE left_at IS NULL AND conversation_id IN (`+tx.In(1, len(part))+`)`, args(part)...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var key memberKey
			var seq int64
			if err := rows.Scan(&key.conversation, &key.user, &seq); err != nil {
				return err
			}
			marks[key] = seq
		}
		return rows.Err()
	})
}

// rememberLast gives the newest message of each conversation that the viewer may read.
func (s *Service) rememberLast(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Conversation, pages []remembered) error {
	var ids []care.ConversationID
	missing := map[care.ConversationID]*Conversation{}
	for i, c := range list {
		if c.LastSeq <= c.joinedSeq {
			continue
		}
		if last := pages[i].message(c.LastSeq); last != nil {
			c.LastMessage = last
		} else {
			ids, missing[c.ID] = append(ids, c.ID), c
		}
	}
	if len(ids) == 0 {
		return nil
	}
	if err := fillLastMessages(ctx, tx, actor, ids, missing); err != nil {
		return err
	}
	for i := range pages {
		if c := missing[pages[i].id]; c != nil && c.LastMessage != nil {
			last := *c.LastMessage
			pages[i].newest = &last
			s.memory.keep(pages[i])
		}
	}
	return nil
}
