package preference

import (
	"context"
	"slices"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Mine is somebody's own preferences with what is open to them.
type Mine struct {
	Person
	Cells    Mask   // those there are for them: all for staff, fewer for clients
	Allowed  Mask   // what the practice allows
	TimeZone string // theirs, else the organization's
}

// Wanted gives the cells that the person wants, allowed or not.
func (m Mine) Wanted() Mask { return m.Cells &^ m.off }

// MentionsOnly reports whether the person wants only mentions of a kind.
func (m Mine) MentionsOnly(k Kind) bool { return m.mentions.Has(k, Channels[0]) }

// MineEdit is a change of one's own preferences. What is nil stays.
type MineEdit struct {
	Version int64
	// Wanted turns cells on or off; none can be unset.
	Wanted Change
	// Mentions says of kinds whether only mentions are wanted.
	Mentions map[Kind]bool
	Quiet    *Quiet
	// Zone "" is the organization's.
	Zone   *string
	Digest *Digest
	Daily  *int
	Sound  *Sound
}

// Mine gives the actor's own preferences.
func (s *Service) Mine(ctx context.Context, actor care.Actor) (m Mine, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		m, err = readMine(ctx, tx, actor)
		return err
	})
	return m, err
}

func readMine(ctx context.Context, tx *db.Tx, actor care.Actor) (Mine, error) {
	m, found, err := db.One(ctx, tx, func(row db.Scanner) (m Mine, err error) {
		p, own, err := scanOne(row)
		m.Person, m.Cells, m.Allowed, m.TimeZone = own, CellsFor(p.Kind), p.allowed, p.Zone.String()
		return m, err
	}, selectPreferences+` WHERE p.org_id = $1 AND p.id = $2`, actor.Org, actor.User)
	if err == nil && !found {
		err = care.Missing("person")
	}
	return m, err
}

// CellsFor gives the cells that there are for a kind of person.
func CellsFor(kind care.PersonKind) Mask {
	switch kind {
	case care.KindStaff:
		return AllCells
	case care.KindClient:
		return ClientCells
	default:
		return 0
	}
}

// SetMine changes the actor's own preferences, tells their devices, and gives what holds
// then. Refusals: invalid, version_conflict with the current state.
func (s *Service) SetMine(ctx context.Context, actor care.Actor, e MineEdit) (m Mine, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if m, err = readMine(ctx, tx, actor); err != nil {
			return err
		}
		if err := e.check(m.Cells); err != nil {
			return err
		}
		if e.Version != m.Version {
			return conflict(m)
		}
		after := e.apply(m.Person)
		if after == m.Person {
			return nil
		}
		after.Version++
		if err := saveMine(ctx, tx, actor, after); err != nil {
			return err
		}
		entry := m.narrowed(actor, after)
		if err := audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), entry); err != nil {
			return err
		}
		m, err = readMine(ctx, tx, actor)
		return err
	})
	if err == nil && m.Version != e.Version {
		s.tell(actor.Org, actor.User)
	}
	return m, err
}

func (e MineEdit) apply(p Person) Person {
	p.off = p.off&^e.Wanted.Named | e.Wanted.Named&^e.Wanted.On
	for k, only := range e.Mentions {
		cell := Cell(k, Channels[0])
		if p.mentions &^= cell; only {
			p.mentions |= cell
		}
	}
	replace(&p.Quiet, e.Quiet)
	replace(&p.Zone, e.Zone)
	replace(&p.Digest, e.Digest)
	replace(&p.Daily, e.Daily)
	replace(&p.Sound, e.Sound)
	return p
}

// saveMine stores a person's preferences of the next version.
func saveMine(ctx context.Context, tx *db.Tx, actor care.Actor, p Person) error {
	var zone any
	if p.Zone != "" {
		zone = p.Zone
	}
	n, err := tx.Exec(ctx, `INSERT INTO notification_people (user_id, org_id, off, mentions, quiet, quiet_from, quiet_to, quiet_days,
			time_zone, digest, daily_at, sound, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (user_id) DO UPDATE
		SET off = excluded.off, mentions = excluded.mentions, quiet = excluded.quiet, quiet_from = excluded.quiet_from,
			quiet_to = excluded.quiet_to, quiet_days = excluded.quiet_days, time_zone = excluded.time_zone,
			digest = excluded.digest, daily_at = excluded.daily_at, sound = excluded.sound, version = excluded.version
		WHERE notification_people.version = excluded.version - 1`,
		actor.User, actor.Org, int64(p.off), int64(p.mentions), p.Quiet.On, p.Quiet.From, p.Quiet.To, int64(p.Quiet.Days),
		zone, string(p.Digest), p.Daily, string(p.Sound), p.Version)
	if err != nil || n > 0 {
		return err
	}
	current, err := readMine(ctx, tx, actor)
	if err != nil {
		return err
	}
	return conflict(current)
}

// narrowed is the record of a change by the person: which cells, and which else by name.
func (m Mine) narrowed(actor care.Actor, after Person) audit.Entry {
	details := map[string]any{"how": how(actor, HowOwn)}
	if cells := differing(Settings{m.Cells, m.Cells &^ m.off}, Settings{m.Cells, m.Cells &^ after.off}); len(cells) > 0 {
		details["cells"] = cells
	}
	var others []string
	for name, differs := range map[string]bool{
		"mentions_only": m.mentions != after.mentions, "quiet": m.Quiet != after.Quiet, "time_zone": m.Zone != after.Zone,
		"digest": m.Digest != after.Digest || m.Daily != after.Daily, "sound": m.Sound != after.Sound,
	} {
		if differs {
			others = append(others, name)
		}
	}
	if slices.Sort(others); len(others) > 0 {
		details["settings"] = others
	}
	return audit.Act("notifications.narrowed", audit.About(string(actor.Kind), actor.User), details)
}
