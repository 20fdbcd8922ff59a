package preference

import (
	"cmp"
	"context"
	"database/sql"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// GroupSettings is the settings of a client group. Members without an own setting follow them.
type GroupSettings struct {
	Group   care.GroupID
	Version int64
	Settings
	Members   int64 // archived ones too
	CanChange bool
}

// Group gives the settings of a client group, to staff.
func (s *Service) Group(ctx context.Context, actor care.Actor, group care.GroupID) (g GroupSettings, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return g, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		g, err = readGroup(ctx, tx, actor, group)
		return err
	})
	return g, err
}

func readGroup(ctx context.Context, tx *db.Tx, actor care.Actor, group care.GroupID) (GroupSettings, error) {
	g, found, err := db.One(ctx, tx, scanGroup, `SELECT g.id, ng.version, ng.is_set, ng.is_on,
			(SELECT COALESCE(SUM(k.n), 0) FROM client_kinds k WHERE k.group_id = g.id AND k.org_id = g.org_id)
		FROM client_groups g LEFT JOIN notification_groups ng ON ng.group_id = g.id
		WHERE g.id = $1 AND g.org_id = $2`, group, actor.Org)
	if err == nil && !found {
		return g, care.Missing("group")
	}
	g.CanChange = access.ChangeGroupAccess(actor) == nil
	return g, err
}

func scanGroup(row db.Scanner) (g GroupSettings, err error) {
	var version, set, on sql.NullInt64
	err = row.Scan(&g.Group, &version, &set, &on, &g.Members)
	g.Version, g.Settings = cmp.Or(version.Int64, 1), Settings{Set: Mask(set.Int64), On: Mask(on.Int64)}
	return g, err
}

// SetGroup changes the settings of a client group. Members without an own setting follow at
// once. Refusals: not_found, forbidden, invalid, version_conflict with the current state.
func (s *Service) SetGroup(ctx context.Context, actor care.Actor, group care.GroupID, e Edit) (g GroupSettings, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return g, refusal
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if g, err = readGroup(ctx, tx, actor, group); err != nil {
			return err
		}
		if refusal := access.ChangeGroupAccess(actor); refusal != nil {
			return refusal
		}
		return s.setGroup(ctx, tx, actor, e, &g)
	})
	return g, err
}

func (s *Service) setGroup(ctx context.Context, tx *db.Tx, actor care.Actor, e Edit, g *GroupSettings) error {
	if err := cmp.Or(seen(e.Version), e.check("settings", ClientCells)); err != nil {
		return err
	}
	if e.Version != g.Version {
		return conflict(*g)
	}
	after := e.apply(g.Settings)
	if after == g.Settings {
		return nil
	}
	n, err := tx.Exec(ctx, `INSERT INTO notification_groups (group_id, org_id, is_set, is_on, version)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (group_id) DO UPDATE
		SET is_set = excluded.is_set, is_on = excluded.is_on, version = excluded.version
		WHERE notification_groups.version = excluded.version - 1`,
		g.Group, actor.Org, int64(after.Set), int64(after.On), g.Version+1)
	if err != nil {
		return err
	}
	if n == 0 {
		current, err := readGroup(ctx, tx, actor, g.Group)
		if err != nil {
			return err
		}
		return conflict(current)
	}
	entry := changed(audit.About("group", g.Group), care.PlaceGroup, how(actor, HowGroup), g.Settings, after)
	g.Settings, g.Version = after, g.Version+1
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), entry)
}
