package chataccess

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// PreviewFor is how long a preview can be applied.
const PreviewFor = 15 * time.Minute

// Bounds of a bulk change.
const (
	MaxNamed   = 20_000 // clients named one by one
	sampleSize = 20     // clients shown of each outcome
)

// BulkRequest asks for one change of many clients (SEMANTICS 23).
type BulkRequest struct {
	Filter Filter
	// Place is PlaceOwn, each client's own setting, or PlaceDefault, the default when added.
	Place     string
	Direct    *care.Setting
	Community *care.Setting
	// IncludeOwn also changes clients who have an own setting; for PlaceOwn.
	IncludeOwn bool
	// Until is when what is set goes back to not set by itself; for PlaceOwn.
	Until time.Time
}

func (r BulkRequest) wanted(s Switch) *care.Setting {
	if s == Direct {
		return r.Direct
	}
	return r.Community
}

// Outcome is what a bulk change does to one client, counted once.
type Outcome string

// The outcomes, in the order in which they count for a client with two switches.
const (
	Changed    Outcome = "changed"
	KeepsOwn   Outcome = "keeps_own"   // an own value stays and decides
	KeepsGroup Outcome = "keeps_group" // the group's value still decides
	Unchanged  Outcome = "unchanged"   // it is so already
)

var outcomes = []Outcome{Changed, KeepsOwn, KeepsGroup, Unchanged}

// Sample is a client shown in a preview.
type Sample struct {
	Client  care.UserID
	Name    string
	Outcome Outcome
}

// Preview is what a bulk change would do now.
type Preview struct {
	Matched int
	Counts  map[Outcome]int
	Sample  []Sample // up to 20 of each outcome
	Token   string   // applies it, once, by whoever asked for it
	Expires time.Time
}

// check refuses what no organization could do.
func (r BulkRequest) check(now time.Time) error {
	if r.Direct == nil && r.Community == nil {
		return care.BadField("direct", "required", "Name at least one switch.")
	}
	if r.Place != PlaceOwn && r.Place != PlaceDefault {
		return care.BadField("place", "unknown", "Must be own or default.")
	}
	allUnset := true
	for _, of := range switches {
		wanted := r.wanted(of)
		if wanted == nil {
			continue
		}
		if err := r.checkSetting(of, *wanted); err != nil {
			return err
		}
		allUnset = allUnset && *wanted == care.Unset
	}
	switch {
	case r.Place == PlaceDefault && r.IncludeOwn:
		return care.BadField("include_own", "place", "The default when added never replaces own settings: leave include_own away.")
	case r.Until.IsZero():
		return r.Filter.checkBulk()
	case r.Place == PlaceDefault:
		return care.BadField("until", "place", "The default when added has no time limit: leave until away.")
	case allUnset:
		return care.BadField("until", "unset", "What is cleared has no time limit: leave until away.")
	case !r.Until.After(now):
		return care.BadField("until", "past", "Must be a time in the future.")
	}
	return r.Filter.checkBulk()
}

func (r BulkRequest) checkSetting(of Switch, wanted care.Setting) error {
	switch {
	case wanted != care.On && wanted != care.Off && wanted != care.Unset:
		return care.BadField(string(of), "unknown", "Must be on, off or unset.")
	case wanted == care.Unset && r.Place == PlaceDefault:
		return care.BadField(string(of), "place", "The default when added must be on or off.")
	}
	return nil
}

// mayChangeMany decides that the actor may change chat access at all; whose is decided for
// each client.
func mayChangeMany(actor care.Actor) error {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return refusal
	}
	if !actor.Can(care.ManageChatAccess) {
		return care.Refused("This needs the permission “manage chat access”.")
	}
	return nil
}

// Preview works out what a bulk change would do, among the clients whom the actor may
// change, and keeps it for [Service.Apply]. Archived clients are among them only when
// they are named or asked for. Refusals: forbidden, invalid.
func (s *Service) Preview(ctx context.Context, actor care.Actor, r BulkRequest) (Preview, error) {
	if err := mayChangeMany(actor); err != nil {
		return Preview{}, err
	}
	now := s.clock()
	if err := r.check(now); err != nil {
		return Preview{}, err
	}
	var p Preview
	var found survey
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if err = r.Filter.checkNamed(ctx, tx, actor); err != nil {
			return err
		}
		if found, err = takeSurvey(ctx, tx, actor, r, now); err != nil {
			return err
		}
		p.Sample, err = found.sample(ctx, tx)
		return err
	})
	if err != nil {
		return p, err
	}
	request, err := json.Marshal(r)
	if err != nil {
		return p, err
	}
	p.Matched, p.Counts = found.matched, found.counts
	kept := keptPreview{
		request: string(request), fingerprint: found.fingerprint(), how: how(actor, doorOf(r.Place)), place: r.Place,
		direct: word(r.Direct), community: word(r.Community), until: r.Until, matched: found.matched, changed: found.counts[Changed],
	}
	p.Token, p.Expires, err = s.keep(ctx, actor, care.NewID[ChangeID](now), now, kept)
	return p, err
}

func doorOf(place string) string {
	if place == PlaceDefault {
		return HowSettings
	}
	return HowBulk
}

func word(s *care.Setting) string {
	if s == nil {
		return ""
	}
	return string(*s)
}

// keptPreview is what is stored of a preview.
type keptPreview struct {
	request          string
	fingerprint      []byte
	how, place       string
	direct           string
	community        string
	until            time.Time
	matched, changed int
	undoes           ChangeID
	state            string // previewed unless another is named
}

// keep stores a preview and gives the token that applies it, of which only a hash is kept.
func (s *Service) keep(ctx context.Context, actor care.Actor, id ChangeID, now time.Time, p keptPreview) (token string, expires time.Time, err error) {
	token, expires = rand.Text(), now.Add(PreviewFor).UTC().Truncate(time.Millisecond)
	by := actor.User
	if by.IsZero() { // the organization stands for the system
		by = care.UserID(actor.Org)
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO chat_access_changes (id, org_id, actor_id, state, token_hash, request, fingerprint,
				how, place, direct, community, until, matched, changed, created_at, expires_at, undoes)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
			id, actor.Org, by, cmp.Or(p.state, statePreviewed), tokenHash(token), p.request, p.fingerprint,
			p.how, p.place, text(p.direct), text(p.community), millis(p.until), p.matched, p.changed, db.Millis(now), db.Millis(expires), p.undoes)
		return err
	})
	return token, expires, err
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte("chat access preview " + token))
	return sum[:]
}

// sample names some clients of each outcome.
func (f survey) sample(ctx context.Context, tx *db.Tx) ([]Sample, error) {
	list := make([]Sample, 0, len(outcomes)*sampleSize)
	for _, o := range outcomes {
		for _, id := range f.shown[o] {
			list = append(list, Sample{Client: id, Outcome: o})
		}
	}
	clients := make([]care.UserID, len(list))
	for i := range list {
		clients[i] = list[i].Client
	}
	names, err := namesOf(ctx, tx, clients)
	for i := range list {
		list[i].Name = names[list[i].Client]
	}
	return list, err
}

// namesOf gives the names of people.
func namesOf(ctx context.Context, tx *db.Tx, people []care.UserID) (map[care.UserID]string, error) {
	names := make(map[care.UserID]string, len(people))
	for start := 0; start < len(people); start += 256 {
		part := people[start:min(start+256, len(people))]
		rows, err := tx.Query(ctx, `SELECT id, name FROM people WHERE id IN (`+tx.In(1, len(part))+`)`, ids(part)...)
		if err != nil {
			return nil, err
		}
		err = eachRow(rows, func() error {
			var id care.UserID
			var name string
			err := rows.Scan(&id, &name)
			names[id] = name
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return names, nil
}

func unknownNamed(i int) *care.Error {
	return care.BadField(fmt.Sprintf("filter.client_ids[%d]", i), "unknown", "There is no such client.")
}
