package chataccess

import (
	"cmp"
	"context"
	"errors"
	"slices"

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
	return g, g.count(ctx, tx, actor.Org, group)
}

// count counts the members by their kinds. While a bulk change is written, what is stored of
// them is not what they are, and each is looked at.
func (g *GroupAccess) count(ctx context.Context, tx *db.Tx, org care.OrgID, group care.GroupID) error {
	pending, err := ladder.BeingWritten(ctx, tx, org)
	if err != nil {
		return err
	}
	query, args := `SELECT COALESCE(SUM(n), 0), COALESCE(SUM(CASE WHEN own_direct IS NULL THEN 0 ELSE n END), 0),
			COALESCE(SUM(CASE WHEN own_community IS NULL THEN 0 ELSE n END), 0)
		FROM client_kinds WHERE group_id = $1 AND org_id = $2`, []any{group, org}
	if pending {
		query, args = `SELECT COUNT(*), COUNT(`+ladder.OwnDirect+`), COUNT(`+ladder.OwnCommunity+`)
			FROM clients c`+ladder.Joins+` WHERE c.group_id = $1`, args[:1]
	}
	return tx.QueryRow(ctx, query, args...).Scan(&g.Members, &g.OwnDirect, &g.OwnCommunity)
}

// SetGroup changes the settings of a client group. Members without an own setting follow
// at once (SEMANTICS 24).
func (s *Service) SetGroup(ctx context.Context, actor care.Actor, group care.GroupID, e Edit, notice *NoticeEdit) (g GroupAccess, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return g, refusal
	}
	t := groupTarget(group)
	reader := func(ctx context.Context, tx *db.Tx) func() (any, error) {
		return func() (any, error) { return readGroup(ctx, tx, actor, group) }
	}
	err = s.changeGroup(ctx, groupChange{
		target: t, group: group, actor: actor, door: how(actor, HowGroup),
		plan: func(ctx context.Context, tx *db.Tx) ([]delta, error) {
			if _, _, err := t.read(ctx, tx, actor.Org); err != nil {
				return nil, err
			}
			if refusal := access.ChangeGroupAccess(actor); refusal != nil {
				return nil, refusal
			}
			return s.planWithNotice(ctx, tx, t, actor, e, notice, reader(ctx, tx))
		},
		write: func(ctx context.Context, tx *db.Tx) (list []delta, err error) {
			if list, err = s.editWithNotice(ctx, tx, t, actor, e, notice, reader(ctx, tx)); err == nil {
				g, err = readGroup(ctx, tx, actor, group)
			}
			return list, err
		},
	})
	return g, err
}

// groupChange is a change of the settings of a group, by somebody or by the time.
type groupChange struct {
	target
	group care.GroupID
	actor care.Actor
	door  string // how it was made
	// plan says what it would do to the switches of the group as it is, or refuses.
	plan func(ctx context.Context, tx *db.Tx) ([]delta, error)
	// write does it to the group, which is locked, and gives the same.
	write func(ctx context.Context, tx *db.Tx) ([]delta, error)
}

// smallGroup is how many members a group has at most whose change is written to them with
// it. What is written to the members of a larger one follows: see changeLarge.
const smallGroup = 256

// changeGroup makes a change of a group count, with what follows for its members.
func (s *Service) changeGroup(ctx context.Context, c groupChange) error {
	members, err := s.membersUpTo(ctx, c.group, s.smallGroup+1)
	if err != nil {
		return err
	}
	for range flipTries {
		if members > s.smallGroup {
			err = s.changeLarge(ctx, c)
		} else {
			err = s.changeSmall(ctx, c)
		}
		if !errors.Is(err, errMoved) {
			return err
		}
	}
	return stale("Others are changing who is in this group at this moment. Try again.")
}

func (s *Service) membersUpTo(ctx context.Context, group care.GroupID, bound int) (n int, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM (SELECT user_id FROM clients WHERE group_id = $1 LIMIT $2) AS m`, group, bound).Scan(&n)
	})
	return n, err
}

// changeSmall changes a group with all that follows for its members in one transaction;
// errMoved where somebody joined or left meanwhile.
func (s *Service) changeSmall(ctx context.Context, c groupChange) error {
	return s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		if _, err := c.plan(ctx, tx); err != nil {
			return nil, err
		}
		members, err := membersOf(ctx, tx, c.group)
		if err != nil {
			return nil, err
		}
		return s.around(ctx, tx, c.actor.Org, members, func() error {
			// Whoever moves clients holds the organization, as this does now.
			if now, err := membersOf(ctx, tx, c.group); err != nil || !slices.Equal(now, members) {
				return cmp.Or(err, errMoved)
			}
			return s.writeSmall(ctx, tx, c)
		})
	})
}

func membersOf(ctx context.Context, tx *db.Tx, group care.GroupID) ([]care.UserID, error) {
	return db.Many(ctx, tx, scanUser, `SELECT user_id FROM clients WHERE group_id = $1 ORDER BY user_id`, group)
}

// writeSmall runs under the locks of the members.
func (s *Service) writeSmall(ctx context.Context, tx *db.Tx, c groupChange) error {
	if err := c.lock(ctx, tx); err != nil {
		return err
	}
	list, err := c.write(ctx, tx)
	if err != nil {
		return err
	}
	for _, d := range list {
		if d.old.setting == d.new.setting {
			continue
		}
		if err := s.rememberFollowers(ctx, tx, c.actor, c.group, d, c.door); err != nil {
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
