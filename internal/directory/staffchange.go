package directory

import (
	"context"
	"strconv"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// NewStaff is what a member of staff is made from. ID is made unless given; Permissions
// nil follows the role. Whether clients may start is true and Active is true unless said.
type NewStaff struct {
	ID              care.UserID
	Name            string
	Email           string
	Title           string
	Role            care.Role
	Permissions     *care.Permissions
	ClientsMayStart *bool
	Active          *bool
}

// StaffChange names what is to change; nil leaves it. Title "" removes it.
type StaffChange struct {
	Name            *string
	Email           *string
	Title           *string
	Role            *care.Role
	Permissions     *Choice
	ClientsMayStart *bool
	Active          *bool
}

// Choice is permissions chosen for somebody, or nil to follow the role.
type Choice struct{ Permissions *care.Permissions }

// StaffEffect says what a change means for the account.
type StaffEffect struct {
	Deactivated  bool
	EmailChanged bool
	Rights       bool // role, permissions or active changed
}

// CreateStaff adds a member of staff. existed is true when the same request came before;
// nothing is written then.
func (s *Service) CreateStaff(ctx context.Context, tx *db.Tx, actor care.Actor, n NewStaff) (added Staff, existed bool, err error) {
	staff, asked, err := n.staff()
	if refusal := access.CreateStaff(actor, staff.Facts()); refusal != nil {
		return Staff{}, false, refusal
	}
	if err != nil {
		return Staff{}, false, err
	}
	return s.addStaff(ctx, tx, actor.Org, actor.Person(), staff, asked)
}

// CreateOwner adds the first owner of an organization; the program itself does it.
func (s *Service) CreateOwner(ctx context.Context, tx *db.Tx, org care.OrgID, n NewStaff) (Staff, error) {
	n.Role = care.RoleOwner
	staff, asked, err := n.staff()
	if err != nil {
		return Staff{}, err
	}
	owner, _, err := s.addStaff(ctx, tx, org, care.System, staff, asked)
	return owner, err
}

// staff checks and normalises the request, and gives the hash of its content.
func (n NewStaff) staff() (Staff, []byte, error) {
	s := Staff{
		ID: n.ID, Name: n.Name, Email: n.Email, Title: n.Title, Role: n.Role,
		Chosen: n.Permissions != nil, ClientsMayStart: true, Active: true, Version: 1,
	}
	set(&s.Permissions, n.Permissions)
	set(&s.ClientsMayStart, n.ClientsMayStart)
	set(&s.Active, n.Active)
	err := s.check()
	s.choose(s.stored())
	return s, requestHash("staff", s.Name, s.Email, s.Title, string(s.Role), strconv.FormatBool(s.Chosen),
		s.Permissions.Text(), strconv.FormatBool(s.ClientsMayStart), strconv.FormatBool(s.Active)), err
}

func (s *Staff) check() error {
	var c checks
	c.name("name", &s.Name)
	c.email("email", &s.Email)
	c.line("title", &s.Title)
	if !s.Role.Valid() {
		c.add(care.BadField("role", "unknown", "Must be owner, admin, provider or support."))
	}
	return c.result()
}

func (s *Service) addStaff(ctx context.Context, tx *db.Tx, org care.OrgID, by care.Person, staff Staff, asked []byte) (Staff, bool, error) {
	now := s.clock()
	if staff.ID.IsZero() {
		staff.ID = care.NewID[care.UserID](now)
	}
	existed, err := insertPerson(ctx, tx, person{staff.ID, org, care.KindStaff, staff.Name, staff.Email, asked, now})
	if err == nil && !existed {
		err = insertStaff(ctx, tx, org, staff)
	}
	if err == nil && !existed {
		err = audit.Append(ctx, tx, org, by, now, audit.Act("staff.created", audit.About("staff", staff.ID), map[string]any{
			"role": staff.Role, "permissions": staff.Permissions.List(), "active": staff.Active,
		}))
	}
	if err != nil {
		return Staff{}, false, err
	}
	staff, err = loadStaff(ctx, tx, org, staff.ID)
	return staff, existed, err
}

func insertStaff(ctx context.Context, tx *db.Tx, org care.OrgID, s Staff) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO staff (user_id, org_id, role, permissions, title, clients_may_start, active, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		s.ID, org, string(s.Role), s.stored(), db.TextOrNull(s.Title), s.ClientsMayStart, s.Active, s.Version)
	return err
}

// ChangeStaff changes a member of staff. A change that changes nothing writes nothing.
func (s *Service) ChangeStaff(ctx context.Context, tx *db.Tx, actor care.Actor, id care.UserID, change StaffChange) (Staff, StaffEffect, error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return Staff{}, StaffEffect{}, refusal
	}
	otherOwner, err := lockStaff(ctx, tx, actor.Org, id)
	if err != nil {
		return Staff{}, StaffEffect{}, err
	}
	before, err := loadStaff(ctx, tx, actor.Org, id)
	if err != nil {
		return Staff{}, StaffEffect{}, err
	}
	after, invalid := change.applied(before)
	asked := access.StaffChange{After: after.Facts(), Email: after.Email != before.Email, OtherOwner: otherOwner}
	if refusal := access.ChangeStaff(actor, before.Facts(), asked); refusal != nil {
		return Staff{}, StaffEffect{}, refusal
	}
	if invalid != nil {
		return Staff{}, StaffEffect{}, invalid
	}
	return s.writeStaff(ctx, tx, actor, before, after)
}

// lockStaff locks the member of staff and all active owners, in the order of their ids,
// and reports whether somebody else is one: two owners cannot step down at once.
func lockStaff(ctx context.Context, tx *db.Tx, org care.OrgID, id care.UserID) (otherOwner bool, err error) {
	type row struct {
		id     care.UserID
		role   care.Role
		active bool
	}
	rows, err := db.Many(ctx, tx, func(s db.Scanner) (r row, err error) {
		err = s.Scan(&r.id, &r.role, &r.active)
		return r, err
	}, `SELECT user_id, role, active FROM staff WHERE org_id = $1 AND (user_id = $2 OR role = 'owner')
		ORDER BY user_id`+tx.ForUpdate(), org, id)
	for _, r := range rows {
		otherOwner = otherOwner || (r.id != id && r.role == care.RoleOwner && r.active)
	}
	return otherOwner, err
}

func (c StaffChange) applied(before Staff) (Staff, error) {
	after := before
	set(&after.Name, c.Name)
	set(&after.Email, c.Email)
	set(&after.Title, c.Title)
	set(&after.Role, c.Role)
	set(&after.ClientsMayStart, c.ClientsMayStart)
	set(&after.Active, c.Active)
	if c.Permissions != nil {
		after.Chosen = c.Permissions.Permissions != nil
		set(&after.Permissions, c.Permissions.Permissions)
	}
	after.choose(after.stored())
	return after, after.check()
}

func (s *Service) writeStaff(ctx context.Context, tx *db.Tx, actor care.Actor, before, after Staff) (Staff, StaffEffect, error) {
	effect := StaffEffect{
		Deactivated:  before.Active && !after.Active,
		EmailChanged: before.Email != after.Email,
		Rights:       before.Facts() != after.Facts(),
	}
	details := staffChanges(before, after)
	if len(details) == 0 {
		return before, StaffEffect{}, nil
	}
	if err := updatePerson(ctx, tx, after.ID, after.Name, after.Email); err != nil {
		return Staff{}, StaffEffect{}, err
	}
	after.Version++
	_, err := tx.Exec(ctx, `
		UPDATE staff SET role = $1, permissions = $2, title = $3, clients_may_start = $4, active = $5, version = $6
		WHERE user_id = $7`,
		string(after.Role), after.stored(), db.TextOrNull(after.Title), after.ClientsMayStart, after.Active, after.Version, after.ID)
	if err != nil {
		return Staff{}, StaffEffect{}, err
	}
	action := "staff.changed"
	if effect.Deactivated {
		action = "staff.deactivated"
	}
	entry := audit.Act(action, audit.About("staff", after.ID), details)
	return after, effect, audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), entry)
}

func staffChanges(before, after Staff) changes {
	c := changes{}
	private(c, "name", before.Name, after.Name)
	private(c, "email", before.Email, after.Email)
	private(c, "title", before.Title, after.Title)
	change(c, "role", before.Role, after.Role)
	change(c, "active", before.Active, after.Active)
	change(c, "clients_may_start", before.ClientsMayStart, after.ClientsMayStart)
	if before.Permissions != after.Permissions || before.Chosen != after.Chosen {
		c.value("permissions", before.Permissions.List(), after.Permissions.List())
	}
	return c
}
