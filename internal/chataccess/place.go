package chataccess

import (
	"context"
	"database/sql"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
	"hearth/internal/outbox"
)

// PlaceAccess is the settings of a place that is not one client: a group's, the
// organization's defaults, or a provider's defaults for their new clients.
type PlaceAccess struct {
	Version       int64
	Direct        care.Setting
	Community     care.Setting
	DirectMark    *Mark
	CommunityMark *Mark
}

// target is a place with what its changes need.
type target struct {
	table, key string // where its columns are
	prefix     string // of its value columns
	id         care.UserID
	subject    audit.Subject
	place      care.Place
	how        string
	until      bool // whether it has time limits
}

func groupTarget(id care.GroupID) target {
	return target{"client_groups", "id", "", care.UserID(id), audit.About("group", id), care.PlaceGroup, HowGroup, true}
}

func organizationTarget(id care.OrgID) target {
	return target{"organizations", "id", "default_", care.UserID(id), audit.About("organization", id), care.PlaceDefault, HowSettings, false}
}

func staffTarget(id care.UserID) target {
	return target{"staff", "user_id", "default_", id, audit.About("staff", id), care.PlaceDefault, HowSettings, false}
}

// read loads the settings of a place; org is the organization it must belong to.
func (t target) read(ctx context.Context, tx *db.Tx, org care.OrgID) (p PlaceAccess, old map[Switch]value, err error) {
	owner, limits := "org_id", "NULL, NULL"
	if t.table == "organizations" {
		owner = "id"
	}
	if t.until {
		limits = "direct_until, community_until"
	}
	var direct, community sql.NullBool
	var directUntil, communityUntil sql.NullInt64
	row := tx.QueryRow(ctx, `SELECT access_version, `+t.prefix+`direct, `+t.prefix+`community, `+limits+`
		FROM `+t.table+` WHERE `+t.key+` = $1 AND `+owner+` = $2`, t.id, org)
	if err = row.Scan(&p.Version, &direct, &community, &directUntil, &communityUntil); err == db.ErrNoRows {
		return p, nil, care.Missing(t.subject.Kind)
	}
	if err != nil {
		return p, nil, err
	}
	p.Direct, p.Community = ladder.Setting(direct), ladder.Setting(community)
	old = map[Switch]value{Direct: {p.Direct, moment(directUntil)}, Community: {p.Community, moment(communityUntil)}}
	if p.DirectMark, err = t.mark(ctx, tx, Direct, old); err != nil {
		return p, nil, err
	}
	p.CommunityMark, err = t.mark(ctx, tx, Community, old)
	return p, old, err
}

func (t target) mark(ctx context.Context, tx *db.Tx, of Switch, old map[Switch]value) (*Mark, error) {
	mark, err := lastMark(ctx, tx, t.id, t.place, of)
	if mark != nil {
		mark.Until = old[of].until
	}
	return mark, err
}

// write stores what an edit does to a place, with its history and record.
func (t target) write(ctx context.Context, tx *db.Tx, org care.OrgID, actor care.Actor, s *Service, list []delta) error {
	now, door := s.clock(), how(actor, t.how)
	rows := make([]row, len(list))
	for i, d := range list {
		column := t.prefix + string(d.of)
		if _, err := tx.Exec(ctx, `UPDATE `+t.table+` SET `+column+` = $2 WHERE `+t.key+` = $1`, t.id, ladder.Stored(d.new.setting)); err != nil {
			return err
		}
		if t.until {
			if _, err := tx.Exec(ctx, `UPDATE `+t.table+` SET `+column+`_until = $2 WHERE `+t.key+` = $1`, t.id, millis(d.new.until)); err != nil {
				return err
			}
		}
		rows[i] = d.row(t.id, t.place, now, actor.Person(), door)
	}
	if err := t.bump(ctx, tx); err != nil {
		return err
	}
	if err := remember(ctx, tx, org, rows); err != nil {
		return err
	}
	if t.place == care.PlaceGroup { // defaults change nobody's access
		if err := tell(ctx, tx, org, now, outbox.OfGroup, t.id); err != nil {
			return err
		}
	}
	return recordChange(ctx, tx, org, actor.Person(), now, t.subject, t.place, door, list)
}

func (t target) bump(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE `+t.table+` SET access_version = access_version + 1 WHERE `+t.key+` = $1`, t.id)
	return err
}

// lock keeps the place as it is until the transaction ends.
func (t target) lock(ctx context.Context, tx *db.Tx) error {
	_, err := db.Many(ctx, tx, scanUser, `SELECT `+t.key+` FROM `+t.table+` WHERE `+t.key+` = $1`+tx.ForUpdate(), t.id)
	return err
}

// edit checks and writes an edit of a place that is locked; see plan.
func (t target) edit(ctx context.Context, tx *db.Tx, s *Service, actor care.Actor, e Edit, current func() (any, error)) ([]delta, error) {
	list, err := t.plan(ctx, tx, s, actor, e, current)
	if err != nil || len(list) == 0 {
		return list, err
	}
	return list, t.write(ctx, tx, actor.Org, actor, s, list)
}

// plan checks an edit of a place and works out what it does. current is what a conflict
// shows; it is asked for after the check of the version failed.
func (t target) plan(ctx context.Context, tx *db.Tx, s *Service, actor care.Actor, e Edit, current func() (any, error)) ([]delta, error) {
	p, old, err := t.read(ctx, tx, actor.Org)
	if err != nil {
		return nil, err
	}
	list, err := e.changes(s.clock(), old)
	if err != nil {
		return nil, err
	}
	if e.Version != p.Version {
		now, err := current()
		if err != nil {
			return nil, err
		}
		return nil, conflict(now, newest(p.DirectMark, p.CommunityMark))
	}
	return list, nil
}

func newest(marks ...*Mark) (by care.Person) {
	var last *Mark
	for _, m := range marks {
		if m != nil && (last == nil || m.At.After(last.At)) {
			last, by = m, m.By
		}
	}
	return by
}

// Organization gives the defaults for new clients, to staff.
func (s *Service) Organization(ctx context.Context, actor care.Actor) (o OrganizationAccess, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return o, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		o, err = readOrganization(ctx, tx, actor)
		return err
	})
	return o, err
}

// OrganizationAccess is the defaults for new clients and the notice.
type OrganizationAccess struct {
	PlaceAccess
	Notice  care.Notice // as written; empty parts use Default
	Default care.Notice
}

func readOrganization(ctx context.Context, tx *db.Tx, actor care.Actor) (o OrganizationAccess, err error) {
	if o.PlaceAccess, _, err = organizationTarget(actor.Org).read(ctx, tx, actor.Org); err != nil {
		return o, err
	}
	o.Notice, o.Default, err = ladder.OrganizationNotice(ctx, tx, actor.Org)
	return o, err
}

// SetOrganization changes the defaults for new clients and the notice. Existing clients
// keep what they have (SEMANTICS 22). notice replaces the parts that are not nil.
func (s *Service) SetOrganization(ctx context.Context, actor care.Actor, e Edit, notice *NoticeEdit) (o OrganizationAccess, err error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return o, refusal
	}
	for _, of := range switches {
		if w := e.wanted(of); w != nil && *w == care.Unset {
			return o, care.BadField(string(of), "unknown", "Must be on or off.")
		}
	}
	t := organizationTarget(actor.Org)
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		if err := t.lock(ctx, tx); err != nil {
			return nil, err
		}
		current := func() (any, error) { return readOrganization(ctx, tx, actor) }
		if _, err := s.editWithNotice(ctx, tx, t, actor, e, notice, current); err != nil {
			return nil, err
		}
		if err := touch(ctx, tx, actor.Org); err != nil {
			return nil, err
		}
		o, err = readOrganization(ctx, tx, actor)
		return nil, err
	})
	return o, err
}

// Staff gives a provider's defaults for their new clients, to staff.
func (s *Service) Staff(ctx context.Context, actor care.Actor, provider care.UserID) (p PlaceAccess, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return p, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		p, _, err = staffTarget(provider).read(ctx, tx, actor.Org)
		return err
	})
	return p, err
}

// SetStaff changes a provider's defaults for their new clients; unset follows the
// organization's.
func (s *Service) SetStaff(ctx context.Context, actor care.Actor, provider care.UserID, e Edit) (p PlaceAccess, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return p, refusal
	}
	t := staffTarget(provider)
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		if err := t.lock(ctx, tx); err != nil {
			return nil, err
		}
		if _, _, err := t.read(ctx, tx, actor.Org); err != nil {
			return nil, err
		}
		if refusal := access.ChangeStaffDefaults(actor, provider, true); refusal != nil {
			return nil, refusal
		}
		current := func() (any, error) {
			now, _, err := t.read(ctx, tx, actor.Org)
			return now, err
		}
		if _, err := t.edit(ctx, tx, s, actor, e, current); err != nil {
			return nil, err
		}
		p, _, err = t.read(ctx, tx, actor.Org)
		return nil, err
	})
	return p, err
}
