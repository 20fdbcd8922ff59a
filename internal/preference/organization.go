package preference

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Defaults is what new clients get, and what notifications may name. Existing clients keep
// what they have.
type Defaults struct {
	Version   int64
	On        Mask
	Names     Names
	CanChange bool
}

// DefaultsEdit is a change of defaults. What is nil stays, and so do the cells that the change
// does not name.
type DefaultsEdit struct {
	Version  int64
	Change   Change
	Practice *bool
	ForStaff *bool
}

// Organization gives the defaults for new clients, to staff.
func (s *Service) Organization(ctx context.Context, actor care.Actor) (d Defaults, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return d, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		d, err = readDefaults(ctx, tx, actor.Org)
		return err
	})
	d.CanChange = access.ManageSettings(actor) == nil
	return d, err
}

func readDefaults(ctx context.Context, tx *db.Tx, org care.OrgID) (Defaults, error) {
	d, found, err := db.One(ctx, tx, func(row db.Scanner) (d Defaults, err error) {
		var on int64
		err = row.Scan(&d.Version, &on, &d.Names.Practice, &d.Names.ForStaff)
		d.On = Mask(on)
		return d, err
	}, `SELECT version, is_on, names_practice, names_for_staff FROM notification_defaults WHERE org_id = $1`, org)
	if err == nil && !found {
		return Defaults{Version: 1, On: ClientCells}, nil
	}
	return d, err
}

// SetOrganization changes the defaults for new clients, with the permission to manage
// settings. Refusals: forbidden, invalid, version_conflict with the current state.
func (s *Service) SetOrganization(ctx context.Context, actor care.Actor, e DefaultsEdit) (d Defaults, err error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return d, refusal
	}
	if err := e.check(); err != nil {
		return d, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if d, err = readDefaults(ctx, tx, actor.Org); err != nil {
			return err
		}
		d.CanChange = true
		return s.setDefaults(ctx, tx, actor, e, &d)
	})
	return d, err
}

func (e DefaultsEdit) check() error {
	if err := seen(e.Version); err != nil {
		return err
	}
	if e.Change.Named == 0 && (e.Practice != nil || e.ForStaff != nil) {
		return nil
	}
	if e.Change.Set != e.Change.Named {
		return care.BadField("defaults", "unknown", "The default for new clients must be on or off.")
	}
	return e.Change.check("defaults", ClientCells)
}

func (s *Service) setDefaults(ctx context.Context, tx *db.Tx, actor care.Actor, e DefaultsEdit, d *Defaults) error {
	if e.Version != d.Version {
		return conflict(*d)
	}
	after := *d
	after.On = e.Change.apply(Settings{Set: ClientCells, On: d.On}).On
	replace(&after.Names.Practice, e.Practice)
	replace(&after.Names.ForStaff, e.ForStaff)
	if after == *d {
		return nil
	}
	after.Version++
	n, err := tx.Exec(ctx, `INSERT INTO notification_defaults (org_id, is_on, names_practice, names_for_staff, version)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (org_id) DO UPDATE
		SET is_on = excluded.is_on, names_practice = excluded.names_practice, names_for_staff = excluded.names_for_staff,
			version = excluded.version
		WHERE notification_defaults.version = excluded.version - 1`,
		actor.Org, int64(after.On), after.Names.Practice, after.Names.ForStaff, after.Version)
	if err != nil {
		return err
	}
	if n == 0 {
		current, err := readDefaults(ctx, tx, actor.Org)
		if err != nil {
			return err
		}
		current.CanChange = true
		return conflict(current)
	}
	entry := d.changed(actor, after)
	*d = after
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), entry)
}

func (d Defaults) changed(actor care.Actor, after Defaults) audit.Entry {
	entry := changed(audit.About("organization", actor.Org), care.PlaceDefault, how(actor, HowSettings),
		Settings{Set: ClientCells, On: d.On}, Settings{Set: ClientCells, On: after.On})
	for name, values := range map[string][2]bool{
		"name_in_notifications": {d.Names.Practice, after.Names.Practice},
		"names_for_staff":       {d.Names.ForStaff, after.Names.ForStaff},
	} {
		if values[0] != values[1] {
			entry.Details[name] = map[string]bool{"old": values[0], "new": values[1]}
		}
	}
	return entry
}

func replace[T any](value, wanted *T) {
	if wanted != nil {
		*value = *wanted
	}
}
