package preference

import (
	"cmp"
	"context"
	"database/sql"
	"sync"
	"time"
	_ "time/tzdata" // machines without zone files keep quiet hours too

	"hearth/internal/care"
	"hearth/internal/db"
)

// loadChunk is how many people one statement reads.
const loadChunk = 1024

// Load reads what decides about the notifications of people of an organization, in one
// statement for every 1024 of them. Who is not of the organization is not in the answer.
func Load(ctx context.Context, tx *db.Tx, org care.OrgID, people []care.UserID) (map[care.UserID]Preferences, error) {
	all := make(map[care.UserID]Preferences, len(people))
	for start := 0; start < len(people); start += loadChunk {
		part := people[start:min(start+loadChunk, len(people))]
		args := append(make([]any, 0, len(part)+1), org)
		for _, id := range part {
			args = append(args, id)
		}
		list, err := db.Many(ctx, tx, func(row db.Scanner) (Preferences, error) {
			one, _, err := scanOne(row)
			return one, err
		}, selectPreferences+`
			WHERE p.org_id = $1 AND p.id IN (`+tx.In(2, len(part))+`)`, args...)
		if err != nil {
			return nil, err
		}
		for _, one := range list {
			all[one.User] = one
		}
	}
	return all, nil
}

const selectPreferences = `SELECT p.id, p.kind, o.time_zone, d.names_practice, d.names_for_staff,
		nc.own_set, nc.own_on, nc.default_on, ng.is_set, ng.is_on, ` + personColumns + `
	FROM people p JOIN organizations o ON o.id = p.org_id
	LEFT JOIN notification_defaults d ON d.org_id = p.org_id
	LEFT JOIN notification_people np ON np.user_id = p.id
	LEFT JOIN clients c ON c.user_id = p.id
	LEFT JOIN notification_clients nc ON nc.client_id = p.id
	LEFT JOIN notification_groups ng ON ng.group_id = c.group_id`

// scanOne reads what decides about a person, and their own part of it.
func scanOne(row db.Scanner) (p Preferences, own Person, err error) {
	var zone string
	var practice, staff sql.NullBool
	var rungs ladderScan
	var person personScan
	into := append([]any{&p.User, &p.Kind, &zone, &practice, &staff}, rungs.targets()...)
	if err = row.Scan(append(into, person.targets()...)...); err != nil {
		return p, own, err
	}
	own = person.person()
	return Preferences{
		User: p.User, Kind: p.Kind, Zone: zoneOf(cmp.Or(own.Zone, zone)), Quiet: own.Quiet, Digest: own.Digest, Daily: own.Daily,
		Sound: own.Sound, Names: Names{Practice: practice.Bool, ForStaff: staff.Bool},
		allowed: allowed(p.Kind, rungs.ladder()), off: own.off, mentions: own.mentions,
	}, own, nil
}

// allowed gives the cells that are open to somebody.
func allowed(kind care.PersonKind, l Ladder) Mask {
	if kind == care.KindClient {
		return l.On() & ClientCells
	}
	return CellsFor(kind)
}

// ladderScan collects the places of a client's cells; without rows nothing is set and
// everything is on by default.
type ladderScan struct{ ownSet, ownOn, defaultOn, groupSet, groupOn sql.NullInt64 }

func (l *ladderScan) targets() []any {
	return []any{&l.ownSet, &l.ownOn, &l.defaultOn, &l.groupSet, &l.groupOn}
}

func (l *ladderScan) ladder() Ladder {
	rungs := Ladder{
		Own:     Settings{Set: Mask(l.ownSet.Int64), On: Mask(l.ownOn.Int64)},
		Group:   Settings{Set: Mask(l.groupSet.Int64), On: Mask(l.groupOn.Int64)},
		Default: ClientCells,
	}
	if l.defaultOn.Valid {
		rungs.Default = Mask(l.defaultOn.Int64)
	}
	return rungs
}

// zones keeps the zones that were read: reading one takes longer than a query.
var zones sync.Map

// zoneOf gives a zone by a name that was checked when it was saved; UTC where this program
// does not know it.
func zoneOf(name string) *time.Location {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location)
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	zones.Store(name, zone)
	return zone
}
