package chataccess

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
	"hearth/internal/outbox"
)

// Moving runs what moves clients to another group, or out of all, within the caller's
// transaction: the new group's setting counts at once (SEMANTICS 24). Where an effective
// value differs afterwards it is remembered, and community posts are withheld or
// released. The caller publishes the events after the commit.
func (s *Service) Moving(ctx context.Context, tx *db.Tx, actor care.Actor, clients []care.UserID, move func() error) ([]care.Event, error) {
	before, err := s.hold(ctx, tx, actor.Org, clients)
	if err != nil {
		return nil, err
	}
	if err := move(); err != nil {
		return nil, err
	}
	after, err := effective(ctx, tx, clients)
	if err != nil {
		return nil, err
	}
	var rows []row
	var changed []care.UserID
	for _, client := range clients {
		if before[client] != after[client] {
			rows, changed = append(rows, s.moved(actor, client, before[client], after[client])...), append(changed, client)
		}
	}
	if err := remember(ctx, tx, actor.Org, rows); err != nil {
		return nil, err
	}
	if err := tell(ctx, tx, actor.Org, s.clock(), outbox.OfClient, changed...); err != nil {
		return nil, err
	}
	events, err := s.follow(ctx, tx, actor.Org, before, after)
	if err != nil {
		return nil, err
	}
	return events, tellStaff(ctx, tx, actor.Org, events)
}

func (s *Service) moved(actor care.Actor, client care.UserID, before, after state) (rows []row) {
	add := func(of Switch, old, now bool) {
		if old != now {
			rows = append(rows, row{
				subject: client, at: s.clock(), actor: actor.Person(), how: how(actor, HowGroup), place: care.PlaceGroup,
				of: of, old: care.SettingOf(old), new: care.SettingOf(now),
			})
		}
	}
	add(Direct, before.direct, after.direct)
	add(Community, before.community, after.community)
	return rows
}

// Created remembers the defaults that a client was added with, within the transaction
// that adds them.
func (s *Service) Created(ctx context.Context, tx *db.Tx, actor care.Actor, client care.UserID) error {
	var direct, community bool
	err := tx.QueryRow(ctx, `SELECT `+ladder.DefaultDirect+`, `+ladder.DefaultCommunity+`
		FROM clients c`+ladder.Joins+` WHERE c.user_id = $1`, client).Scan(&direct, &community)
	if err != nil {
		return err
	}
	now := s.clock()
	rows := make([]row, 2)
	for i, of := range switches {
		on := direct
		if of == Community {
			on = community
		}
		rows[i] = row{
			subject: client, at: now, actor: actor.Person(), how: HowCreated, place: care.PlaceDefault,
			of: of, new: care.SettingOf(on),
		}
	}
	if err := remember(ctx, tx, actor.Org, rows); err != nil {
		return err
	}
	return touch(ctx, tx, actor.Org)
}
