package preference

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"slices"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
)

// Where a change of many clients writes.
const (
	PlaceOwn     = "own"     // each client's own setting
	PlaceDefault = "default" // the default when added
)

// Request asks for one change of many clients.
type Request struct {
	Filter chataccess.Filter
	Place  string
	Change Change
	// IncludeOwn also changes cells that have an own setting; for PlaceOwn.
	IncludeOwn bool
}

// Outcome is what a change of many does to one client, counted once.
type Outcome string

// The outcomes, in the order in which they count for a client with several cells.
const (
	Changed    Outcome = "changed"
	KeepsOwn   Outcome = "keeps_own"   // an own value stays and decides
	KeepsGroup Outcome = "keeps_group" // the group's value still decides
	Unchanged  Outcome = "unchanged"   // it is so already
)

var outcomes = []Outcome{Changed, KeepsOwn, KeepsGroup, Unchanged}

func (r Request) check() error {
	switch {
	case r.Place != PlaceOwn && r.Place != PlaceDefault:
		return care.BadField("place", "unknown", "Must be own or default.")
	case r.Place == PlaceDefault && r.IncludeOwn:
		return care.BadField("include_own", "place", "The default when added never replaces own settings: leave include_own away.")
	case r.Place == PlaceDefault && r.Change.Set != r.Change.Named:
		return care.BadField("set", "place", "The default when added must be on or off.")
	}
	return r.Change.check("set", ClientCells)
}

// judgement is what a request does to one client: the settings of its place before and after.
type judgement struct {
	outcome  Outcome
	old, new Settings
}

func (j judgement) writes() bool { return j.old != j.new }

func (r Request) judge(l Ladder) judgement {
	if r.Place == PlaceDefault {
		return r.judgeDefault(l)
	}
	keeps := r.Change.Named & l.Own.Set
	if r.IncludeOwn {
		keeps = 0
	}
	free := r.Change.Named &^ keeps
	j := judgement{old: l.Own, new: Change{free, r.Change.Set & free, r.Change.On & free}.apply(l.Own), outcome: Unchanged}
	switch {
	case j.writes():
		j.outcome = Changed
	case keeps != 0:
		j.outcome = KeepsOwn
	}
	return j
}

// judgeDefault is about the default when added, which is written also where another place
// decides.
func (r Request) judgeDefault(l Ladder) judgement {
	old := Settings{Set: ClientCells, On: l.Default}
	j := judgement{old: old, new: r.Change.apply(old), outcome: Unchanged}
	own, group := r.Change.Named&l.Own.Set, r.Change.Named&l.Group.Set
	switch {
	case (j.old.On^j.new.On)&^own&^group != 0:
		j.outcome = Changed
	case own != 0:
		j.outcome = KeepsOwn
	case group != 0:
		j.outcome = KeepsGroup
	}
	return j
}

// put gives the ladder with other settings at the place of the request.
func (l Ladder) put(place string, s Settings) Ladder {
	if place == PlaceDefault {
		l.Default = s.On
	} else {
		l.Own = s
	}
	return l
}

// survey is what a request does to every client it is about, at one moment.
type survey struct {
	matched int
	counts  map[Outcome]int
	shown   map[Outcome][]care.UserID
	writes  []care.UserID // the clients that are written, by id
	sum     [4]uint64
}

// sampleSize is how many clients are shown of each outcome.
const sampleSize = 20

// takeSurvey reads every client that a request is about within one snapshot.
func takeSurvey(ctx context.Context, tx *db.Tx, actor care.Actor, r Request, now time.Time) (survey, error) {
	f := survey{counts: map[Outcome]int{}, shown: map[Outcome][]care.UserID{}}
	var chosen []care.UserID
	err := chataccess.Choose(ctx, tx, actor, r.Filter, now, func(id care.UserID) { chosen = append(chosen, id) })
	if err != nil {
		return f, err
	}
	slices.SortFunc(chosen, compareIDs)
	for part := range slices.Chunk(chosen, loadChunk) {
		list, err := readRungs(ctx, tx, part)
		if err != nil {
			return f, err
		}
		for _, c := range list {
			f.add(c, r.judge(c.ladder))
		}
	}
	return f, nil
}

func compareIDs(a, b care.UserID) int { return bytes.Compare(a[:], b[:]) }

// add counts one client, and adds them to the fingerprint: who, what becomes of them and what
// is replaced. It does not depend on the order of the clients.
func (f *survey) add(c rungs, j judgement) {
	f.matched++
	f.counts[j.outcome]++
	if shown := f.shown[j.outcome]; len(shown) < sampleSize {
		f.shown[j.outcome] = append(shown, c.client)
	}
	if j.writes() {
		f.writes = append(f.writes, c.client)
	}
	text := append(make([]byte, 0, 40), c.client[:]...)
	for _, m := range []Mask{j.old.Set, j.old.On, j.new.Set, j.new.On, Mask(slices.Index(outcomes, j.outcome))} {
		text = binary.BigEndian.AppendUint16(text, uint16(m))
	}
	hash := sha256.Sum256(text)
	for i := range f.sum {
		f.sum[i] += binary.BigEndian.Uint64(hash[8*i:])
	}
}

func (f survey) fingerprint() []byte {
	out := binary.BigEndian.AppendUint64(nil, uint64(f.matched))
	for _, part := range f.sum {
		out = binary.BigEndian.AppendUint64(out, part)
	}
	return out
}

// rungs is the places of one client, with the version of their own.
type rungs struct {
	client  care.UserID
	version int64
	onTeam  bool // of the member of staff asked about
	ladder  Ladder
}

// readRungs reads the places of clients, in the order of their ids.
func readRungs(ctx context.Context, tx *db.Tx, clients []care.UserID) ([]rungs, error) {
	return readRungsFor(ctx, tx, care.UserID{}, clients)
}

// readRungsFor also tells whether a member of staff is on their care teams.
func readRungsFor(ctx context.Context, tx *db.Tx, staff care.UserID, clients []care.UserID) ([]rungs, error) {
	if staff.IsZero() { // would be NULL, whose type PostgreSQL would have to guess
		staff = care.UserID(care.Installation)
	}
	return db.Many(ctx, tx, scanRungs, `SELECT c.user_id, nc.version, t.staff_id IS NOT NULL,
			nc.own_set, nc.own_on, nc.default_on, ng.is_set, ng.is_on
		FROM clients c LEFT JOIN notification_clients nc ON nc.client_id = c.user_id
		LEFT JOIN notification_groups ng ON ng.group_id = c.group_id
		LEFT JOIN care_team t ON t.client_id = c.user_id AND t.staff_id = $1
		WHERE c.user_id IN (`+tx.In(2, len(clients))+`) ORDER BY c.user_id`, ids(clients, staff)...)
}

func scanRungs(row db.Scanner) (c rungs, err error) {
	var version sql.NullInt64
	var l ladderScan
	err = row.Scan(append([]any{&c.client, &version, &c.onTeam}, l.targets()...)...)
	c.version, c.ladder = cmp.Or(version.Int64, 1), l.ladder()
	return c, err
}

func ids[K any](list []care.ID[K], before ...any) []any {
	all := append(make([]any, 0, len(before)+len(list)), before...)
	for _, id := range list {
		all = append(all, id)
	}
	return all
}
