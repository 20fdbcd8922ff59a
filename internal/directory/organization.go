package directory

import (
	"context"
	"strings"
	"time"
	_ "time/tzdata" // time zones are checked also where the machine has no list of them

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Organization is one practice, the tenant.
type Organization struct {
	ID           care.OrgID
	Name         string
	NameInMail   string // what mail says instead of Name; "" is Name itself
	Colour       string // of the practice in mails, #rrggbb in lower case; "" is Hearth's own
	TimeZone     string // of the IANA database, such as Europe/Berlin
	SecondFactor string // who needs one: optional, staff or all
	Version      int64
}

// MailName is the name that invitations and password mail carry.
func (o Organization) MailName() string {
	if o.NameInMail != "" {
		return o.NameInMail
	}
	return o.Name
}

// NewOrganization is what an organization is made from. TimeZone is UTC and SecondFactor
// optional unless given.
type NewOrganization struct {
	Name         string
	TimeZone     string
	SecondFactor string
}

// OrganizationChange names what is to change; nil leaves it. NameInMail and Colour "" remove
// theirs.
type OrganizationChange struct {
	Name       *string
	NameInMail *string
	Colour     *string
	TimeZone   *string
}

// CreateOrganization makes an organization with both chat switches on for new clients.
// Whether anybody may is the caller's to know: it belongs to setting up.
func (s *Service) CreateOrganization(ctx context.Context, tx *db.Tx, n NewOrganization) (Organization, error) {
	now := s.clock()
	o := Organization{ID: care.NewID[care.OrgID](now), Name: n.Name, TimeZone: n.TimeZone, SecondFactor: n.SecondFactor, Version: 1}
	if o.TimeZone == "" {
		o.TimeZone = "UTC"
	}
	if o.SecondFactor == "" {
		o.SecondFactor = "optional"
	}
	if err := o.check("organization"); err != nil {
		return o, err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO organizations (id, name, time_zone, second_factor, default_direct, default_community, version, created_at)
		VALUES ($1, $2, $3, $4, $5, $5, $6, $7)`,
		o.ID, o.Name, o.TimeZone, o.SecondFactor, true, o.Version, db.Millis(now))
	if err != nil {
		return o, err
	}
	return o, audit.Append(ctx, tx, o.ID, care.System, now, audit.Act("organization.created", audit.About("organization", o.ID), nil))
}

// check normalises the texts; nameField is what the caller calls the name.
func (o *Organization) check(nameField string) error {
	var c checks
	c.name(nameField, &o.Name)
	c.line("name_in_mail", &o.NameInMail)
	c.colour("colour", &o.Colour)
	if !isTimeZone(o.TimeZone) {
		c.add(care.BadField("time_zone", "time_zone", "Must be a time zone such as Europe/Berlin."))
	}
	if o.SecondFactor != "optional" && o.SecondFactor != "staff" && o.SecondFactor != "all" {
		c.add(care.BadField("second_factor", "unknown", "Must be optional, staff or all."))
	}
	return c.result()
}

// isTimeZone refuses also "Local", which is wherever the server stands.
func isTimeZone(name string) bool {
	_, err := time.LoadLocation(name)
	return err == nil && name != "" && !strings.EqualFold(name, "local")
}

// Organization gives the actor's own organization.
func (s *Service) Organization(ctx context.Context, actor care.Actor) (Organization, error) {
	var o Organization
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		o, err = loadOrganization(ctx, tx, actor.Org, "")
		return err
	})
	return o, err
}

// HasOrganization reports whether there is any organization: whether setting up is done.
func (s *Service) HasOrganization(ctx context.Context, tx *db.Tx) (bool, error) {
	_, found, err := db.One(ctx, tx, scanText, `SELECT name FROM organizations LIMIT 1`)
	return found, err
}

func loadOrganization(ctx context.Context, tx *db.Tx, id care.OrgID, lock string) (Organization, error) {
	o, found, err := db.One(ctx, tx, func(row db.Scanner) (o Organization, err error) {
		var nameInMail, colour *string
		err = row.Scan(&o.ID, &o.Name, &nameInMail, &colour, &o.TimeZone, &o.SecondFactor, &o.Version)
		o.NameInMail, o.Colour = text(nameInMail), text(colour)
		return o, err
	}, `SELECT id, name, name_in_mail, colour, time_zone, second_factor, version FROM organizations WHERE id = $1`+lock, id)
	if err == nil && !found {
		err = care.Missing("organization")
	}
	return o, err
}

// ChangeOrganization changes the actor's own organization.
func (s *Service) ChangeOrganization(ctx context.Context, tx *db.Tx, actor care.Actor, change OrganizationChange) (Organization, error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return Organization{}, refusal
	}
	before, err := loadOrganization(ctx, tx, actor.Org, tx.ForUpdate())
	if err != nil {
		return before, err
	}
	after := before
	set(&after.Name, change.Name)
	set(&after.NameInMail, change.NameInMail)
	set(&after.Colour, change.Colour)
	set(&after.TimeZone, change.TimeZone)
	if err := after.check("name"); err != nil {
		return before, err
	}
	details := organizationChanges(before, after)
	if len(details) == 0 {
		return before, nil
	}
	after.Version++
	_, err = tx.Exec(ctx, `UPDATE organizations SET name = $1, name_in_mail = $2, colour = $3, time_zone = $4, version = $5 WHERE id = $6`,
		after.Name, db.TextOrNull(after.NameInMail), db.TextOrNull(after.Colour), after.TimeZone, after.Version, after.ID)
	if err != nil {
		return before, err
	}
	entry := audit.Act("organization.changed", audit.About("organization", after.ID), details)
	return after, audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), entry)
}

func organizationChanges(before, after Organization) changes {
	c := changes{}
	private(c, "name", before.Name, after.Name)
	private(c, "name_in_mail", before.NameInMail, after.NameInMail)
	change(c, "colour", before.Colour, after.Colour)
	change(c, "time_zone", before.TimeZone, after.TimeZone)
	return c
}

// set overwrites a value that a change carries.
func set[T any](value, wanted *T) {
	if wanted != nil {
		*value = *wanted
	}
}
