package chataccess

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"slices"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// survey is what a bulk change does to every client it is about, at one moment.
type survey struct {
	epoch   int64
	matched int
	counts  map[Outcome]int
	shown   map[Outcome][]care.UserID
	steps   []step // the clients that are written, by id
	sum     [4]uint64
}

// step is what is written for one client.
type step struct {
	client  care.UserID
	kind    stepKind
	effect  state // what is effective afterwards
	differs bool  // from what is effective before
}

// stepKind is what the steps of one statement have in common.
type stepKind struct{ direct, community, counted bool }

// seen is a client as a survey finds them.
type seen struct {
	id    care.UserID
	is    [2]access.Ladder
	until [2]sql.NullInt64 // of the own settings
}

const seenColumns = `c.user_id, ` + ladder.Columns + `, ` + ownDirectUntil + `, ` + ownCommunityUntil

// takeSurvey reads every client that a request is about within one snapshot.
func takeSurvey(ctx context.Context, tx *db.Tx, actor care.Actor, r BulkRequest, now time.Time) (survey, error) {
	f := survey{counts: map[Outcome]int{}, shown: map[Outcome][]care.UserID{}}
	err := tx.QueryRow(ctx, `SELECT access_epoch FROM organizations WHERE id = $1`, actor.Org).Scan(&f.epoch)
	if err != nil {
		return f, err
	}
	err = visitMeant(ctx, tx, actor, r.Filter, now, func(c *seen) { f.add(c, r) })
	slices.SortFunc(f.steps, func(a, b step) int { return compareIDs(a.client, b.client) })
	return f, err
}

func compareIDs(a, b care.UserID) int { return bytes.Compare(a[:], b[:]) }

// visitMeant calls note for each client that the actor may change and the filter means, in no
// order.
func visitMeant(ctx context.Context, tx *db.Tx, actor care.Actor, f Filter, now time.Time, note func(*seen)) error {
	if len(f.Clients) == 0 {
		return visitClients(ctx, tx, actor, f, now, nil, note)
	}
	named := slices.Clone(f.Clients)
	slices.SortFunc(named, compareIDs)
	for part := range slices.Chunk(slices.Compact(named), 1024) {
		if err := visitClients(ctx, tx, actor, f, now, part, note); err != nil {
			return err
		}
	}
	return nil
}

// visitClients calls note for each client that the actor may change and the filter names;
// named are the clients among which it looks, nil all.
func visitClients(ctx context.Context, tx *db.Tx, actor care.Actor, f Filter, now time.Time, named []care.UserID, note func(*seen)) error {
	q := reach(actor, changesTeamOnly(actor))
	q.narrow(f, now)
	args := q.args
	if named != nil {
		q.where = append(q.where, `c.user_id IN (`+tx.In(len(args)+1, len(named))+`)`)
		args = ids(named, args...)
	}
	rows, err := tx.Query(ctx, `SELECT `+seenColumns+` FROM `+q.tables(), args...)
	if err != nil {
		return err
	}
	var c seen
	var sw ladder.Switches
	into := append(append([]any{&c.id}, sw.Targets()...), &c.until[0], &c.until[1])
	return eachRow(rows, func() error {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		c.is = [2]access.Ladder{sw.Direct(), sw.Community()}
		note(&c)
		return nil
	})
}

// add counts one client, adds them to the fingerprint and keeps what is written for them.
func (f *survey) add(c *seen, r BulkRequest) {
	j := r.judge(c)
	f.matched++
	f.counts[j.outcome]++
	if shown := f.shown[j.outcome]; len(shown) < sampleSize {
		f.shown[j.outcome] = append(shown, c.id)
	}
	f.fold(c, j, r.Place)
	if !j.writes[0] && !j.writes[1] {
		return
	}
	before := state{c.is[0].On(), c.is[1].On()}
	after := state{j.after[0].On(), j.after[1].On()}
	f.steps = append(f.steps, step{
		client: c.id, effect: after, differs: before != after,
		kind: stepKind{j.writes[0], j.writes[1], j.outcome == Changed},
	})
}

// judgement is what a request does to one client.
type judgement struct {
	outcome Outcome
	writes  [2]bool
	after   [2]access.Ladder
}

func (r BulkRequest) judge(c *seen) judgement {
	j := judgement{outcome: Unchanged, after: c.is}
	rank := len(outcomes)
	for i, of := range switches {
		wanted := r.wanted(of)
		if wanted == nil {
			continue
		}
		var o Outcome
		if r.Place == PlaceOwn {
			o, j.writes[i] = r.judgeOwn(c, i, *wanted)
		} else {
			o, j.writes[i] = judgeDefault(c.is[i], *wanted)
		}
		if at := slices.Index(outcomes, o); at < rank {
			rank, j.outcome = at, o
		}
		switch {
		case !j.writes[i]:
		case r.Place == PlaceOwn:
			j.after[i].Own = *wanted
		default:
			j.after[i].Default = *wanted == care.On
		}
	}
	return j
}

// judgeOwn is about a client's own setting of one switch. Who has one keeps it unless own
// settings are included.
func (r BulkRequest) judgeOwn(c *seen, i int, wanted care.Setting) (o Outcome, writes bool) {
	has := c.is[i].Own
	until := c.until[i]
	switch {
	case has != care.Unset && !r.IncludeOwn:
		return KeepsOwn, false
	case has != wanted:
		return Changed, true
	case wanted == care.Unset || r.Until.IsZero() || (until.Valid && until.Int64 == db.Millis(r.Until)):
		return Unchanged, false
	default:
		return Changed, true
	}
}

// judgeDefault is about the default when added of one switch. It is written also where
// another place decides.
func judgeDefault(is access.Ladder, wanted care.Setting) (o Outcome, writes bool) {
	writes = is.Default != (wanted == care.On)
	switch {
	case is.Own != care.Unset:
		return KeepsOwn, writes
	case is.Group != care.Unset:
		return KeepsGroup, writes
	case writes:
		return Changed, true
	default:
		return Unchanged, false
	}
}

// fold adds a client to the fingerprint: who, what becomes of them, and the values that a
// change replaces. It does not depend on the order of the clients.
func (f *survey) fold(c *seen, j judgement, place string) {
	var text [16 + 8 + 2*16]byte
	copy(text[:], c.id[:])
	text[16] = j.outcome[0]
	text[17] = j.outcome[len(j.outcome)-1]
	for i := range switches {
		at, old := text[24+16*i:], care.SettingOf(c.is[i].Default)
		if place == PlaceOwn {
			old = c.is[i].Own
			binary.BigEndian.PutUint64(at[8:], uint64(c.until[i].Int64))
		}
		at[0] = old[len(old)-1] // on, off, unset
	}
	hash := sha256.Sum256(text[:])
	for i := range f.sum {
		f.sum[i] += binary.BigEndian.Uint64(hash[8*i:])
	}
}

func (f survey) fingerprint() []byte {
	out := make([]byte, 0, 8*len(f.sum)+8)
	for _, part := range f.sum {
		out = binary.BigEndian.AppendUint64(out, part)
	}
	return binary.BigEndian.AppendUint64(out, uint64(f.matched))
}
