package chataccess

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// GroupAccess is the settings of a client group.
type GroupAccess struct {
	PlaceAccess
	Notice care.Notice // the group's own; empty parts use the organization's
	// Members counts the clients of the group; the others those with an own setting.
	Members      int64
	OwnDirect    int64
	OwnCommunity int64
}

// Group gives the settings of a client group, to staff.
func (s *Service) Group(ctx context.Context, actor care.Actor, group care.GroupID) (g GroupAccess, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return g, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		g, err = readGroup(ctx, tx, actor, group)
		return err
	})
	return g, err
}

func readGroup(ctx context.Context, tx *db.Tx, actor care.Actor, group care.GroupID) (g GroupAccess, err error) {
	if g.PlaceAccess, _, err = groupTarget(group).read(ctx, tx, actor.Org); err != nil {
		return g, err
	}
	if g.Notice, err = ladder.GroupNotice(ctx, tx, group); err != nil {
		return g, err
	}
	err = tx.QueryRow(ctx, `SELECT COUNT(*), COUNT(`+ladder.OwnDirect+`), COUNT(`+ladder.OwnCommunity+`)
		FROM clients c`+ladder.Joins+` WHERE c.group_id = $1`, group).Scan(&g.Members, &g.OwnDirect, &g.OwnCommunity)
	return g, err
}

// SetGroup changes the settings of a client group. Members without an own setting follow
// at once (SEMANTICS 24).
func (s *Service) SetGroup(ctx context.Context, actor care.Actor, group care.GroupID, e Edit, notice *NoticeEdit) (g GroupAccess, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return g, refusal
	}
	t := groupTarget(group)
	err = s.write(ctx, func(tx *db.Tx) (events []care.Event, err error) {
		if _, _, err := t.read(ctx, tx, actor.Org); err != nil {
			return nil, err
		}
		if refusal := access.ChangeGroupAccess(actor); refusal != nil {
			return nil, refusal
		}
		members, err := db.Many(ctx, tx, scanUser, `SELECT user_id FROM clients WHERE group_id = $1 ORDER BY user_id`, group)
		if err != nil {
			return nil, err
		}
		events, err = s.around(ctx, tx, actor.Org, members, func() error {
			return s.setGroup(ctx, tx, actor, t, group, e, notice)
		})
		if err != nil {
			return nil, err
		}
		g, err = readGroup(ctx, tx, actor, group)
		return events, err
	})
	return g, err
}

// setGroup runs under the locks of the members. A client who joins the group meanwhile
// has their own row locked by whoever moves them, and sees the group as it is then.
func (s *Service) setGroup(ctx context.Context, tx *db.Tx, actor care.Actor, t target, group care.GroupID, e Edit, notice *NoticeEdit) error {
	if err := t.lock(ctx, tx); err != nil {
		return err
	}
	current := func() (any, error) { return readGroup(ctx, tx, actor, group) }
	list, err := s.editWithNotice(ctx, tx, t, actor, e, notice, current)
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.old.setting == d.new.setting {
			continue
		}
		if err := s.rememberFollowers(ctx, tx, actor, group, d, how(actor, HowGroup)); err != nil {
			return err
		}
	}
	return nil
}

// rememberFollowers writes a group's change into the history of the members who follow it.
func (s *Service) rememberFollowers(ctx context.Context, tx *db.Tx, actor care.Actor, group care.GroupID, d delta, door string) error {
	own := ladder.OwnDirect
	if d.of == Community {
		own = ladder.OwnCommunity
	}
	followers, err := db.Many(ctx, tx, scanUser, `SELECT c.user_id FROM clients c`+ladder.Joins+`
		WHERE c.group_id = $1 AND `+own+` IS NULL`, group)
	if err != nil {
		return err
	}
	now := s.clock()
	rows := make([]row, len(followers))
	for i, client := range followers {
		rows[i] = d.row(client, care.PlaceGroup, now, actor.Person(), door)
		rows[i].group = group
	}
	return remember(ctx, tx, actor.Org, rows)
}
