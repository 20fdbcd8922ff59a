package autoreply

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/opening"
)

// Settings is the rules of a member of staff or of the organization. Version is 0 while
// they were never set. Away says whether they answer now.
type Settings struct {
	Rules
	Version int64
	Away    bool
}

// Edit is a change of rules. What is nil stays; Version is the one that was seen.
type Edit struct {
	Version   int64
	Once      *Once
	ClearOnce bool
	Enabled   *bool
	TimeZone  *string
	Hours     *[]opening.Hours
	Holidays  *[]string
	Text      *string
}

// apply makes the rules that an edit asks for.
func (e Edit) apply(r Rules) Rules {
	if e.Once != nil {
		r.Once = e.Once
	}
	if e.ClearOnce {
		r.Once = nil
	}
	set(&r.Weekly.Enabled, e.Enabled)
	set(&r.Weekly.TimeZone, e.TimeZone)
	set(&r.Weekly.Hours, e.Hours)
	set(&r.Weekly.Holidays, e.Holidays)
	set(&r.Weekly.Text, e.Text)
	return r
}

func set[T any](value, wanted *T) {
	if wanted != nil {
		*value = *wanted
	}
}

// owner is whose rules are read or changed.
type owner struct {
	id    care.UserID
	about audit.Subject
}

// Staff gives the rules of a member of staff: one's own, or with the permission to manage
// settings a colleague's.
func (s *Service) Staff(ctx context.Context, actor care.Actor, id care.UserID) (Settings, error) {
	return s.get(ctx, actor, func(tx *db.Tx) (owner, error) { return s.colleague(ctx, tx, actor, id) })
}

// SetStaff changes them.
func (s *Service) SetStaff(ctx context.Context, actor care.Actor, id care.UserID, e Edit) (Settings, error) {
	return s.put(ctx, actor, e, func(tx *db.Tx) (owner, error) { return s.colleague(ctx, tx, actor, id) })
}

// Organization gives the organization's rules, to staff.
func (s *Service) Organization(ctx context.Context, actor care.Actor) (Settings, error) {
	return s.get(ctx, actor, func(*db.Tx) (owner, error) { return practice(actor), nil })
}

// SetOrganization changes them, with the permission to manage settings.
func (s *Service) SetOrganization(ctx context.Context, actor care.Actor, e Edit) (Settings, error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return Settings{}, refusal
	}
	return s.put(ctx, actor, e, func(*db.Tx) (owner, error) { return practice(actor), nil })
}

func practice(actor care.Actor) owner {
	return owner{id: care.UserID(actor.Org), about: audit.About("organization", actor.Org)}
}

func (s *Service) colleague(ctx context.Context, tx *db.Tx, actor care.Actor, id care.UserID) (owner, error) {
	if _, err := s.directory.StaffIn(ctx, tx, actor, id); err != nil {
		return owner{}, err
	}
	if refusal := access.ManageSettings(actor); refusal != nil && actor.User != id {
		return owner{}, refusal
	}
	return owner{id: id, about: audit.About("staff", id)}, nil
}

func (s *Service) get(ctx context.Context, actor care.Actor, whose func(tx *db.Tx) (owner, error)) (out Settings, err error) {
	initial, err := s.initial(ctx, actor)
	if err != nil {
		return out, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		o, err := whose(tx)
		if err != nil {
			return err
		}
		out, err = s.load(ctx, tx, o, initial, "")
		return err
	})
	return out, err
}

// initial is the rules of who never chose any: none, with hours to begin from.
func (s *Service) initial(ctx context.Context, actor care.Actor) (Rules, error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return Rules{}, refusal
	}
	organization, err := s.directory.Organization(ctx, actor)
	return Rules{Weekly: Weekly{Week: opening.Workdays(organization.TimeZone)}}, err
}

func (s *Service) load(ctx context.Context, tx *db.Tx, o owner, initial Rules, lock string) (Settings, error) {
	out := Settings{Rules: initial}
	text, found, err := db.One(ctx, tx, func(row db.Scanner) (text string, err error) {
		err = row.Scan(&out.Version, &text)
		return text, err
	}, `SELECT version, rules FROM away_rules WHERE subject_id = $1`+lock, o.id)
	if err != nil || !found {
		return out, err
	}
	if out.Rules, err = parse(text); err != nil {
		return out, err
	}
	_, out.Away = out.At(s.clock())
	return out, nil
}

func (s *Service) put(ctx context.Context, actor care.Actor, e Edit, whose func(tx *db.Tx) (owner, error)) (out Settings, err error) {
	initial, err := s.initial(ctx, actor)
	if err != nil {
		return out, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		o, err := whose(tx)
		if err != nil {
			return err
		}
		if out, err = s.load(ctx, tx, o, initial, tx.ForUpdate()); err != nil {
			return err
		}
		if out.Version != e.Version {
			return conflict(out)
		}
		return s.save(ctx, tx, actor, o, e, &out)
	})
	return out, err
}

func (s *Service) save(ctx context.Context, tx *db.Tx, actor care.Actor, o owner, e Edit, out *Settings) error {
	after := e.apply(out.Rules)
	if err := after.check(); err != nil {
		return err
	}
	text, err := after.stored()
	if err != nil {
		return err
	}
	now := s.clock()
	n, err := tx.Exec(ctx, `INSERT INTO away_rules (subject_id, org_id, live, rules, version) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (subject_id) DO UPDATE SET live = excluded.live, rules = excluded.rules, version = excluded.version
		WHERE away_rules.version < excluded.version`, o.id, actor.Org, after.live(now), text, out.Version+1)
	if err != nil {
		return err
	}
	if n == 0 { // somebody else made the first rules at the same moment
		current, err := s.load(ctx, tx, o, after, "")
		if err != nil {
			return err
		}
		return conflict(current)
	}
	out.Rules, out.Version = after, out.Version+1
	_, out.Away = after.At(now)
	return audit.Append(ctx, tx, actor.Org, actor.Person(), now, audit.Act("away.changed", o.about, map[string]any{
		"once": after.Once != nil, "weekly": after.Weekly.Enabled,
	}))
}

func conflict(current any) *care.Error {
	failure := care.Fail(care.Conflict, care.CodeVersionConflict, "This was changed meanwhile. Look at it before you save.")
	failure.Current = current
	return failure
}
