package preference

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// PreviewFor is how long a preview can be applied.
const PreviewFor = 15 * time.Minute

// ChangeID is the id of a change of many clients.
type ChangeID = care.ID[changeKind]

type changeKind struct{}

// Sample is a client shown in a preview.
type Sample struct {
	Client  care.UserID
	Name    string
	Outcome Outcome
}

// Preview is what a change of many would do now.
type Preview struct {
	Matched int
	Counts  map[Outcome]int
	Sample  []Sample // up to 20 of each outcome
	Token   string   // applies it, once, by whoever asked for it
	Expires time.Time
}

// Preview works out what a change of many clients would do, among those whose chat access the
// actor may change, and keeps it for [Service.Apply]. Archived clients are among them only
// when they are named or asked for. Refusals: forbidden, invalid.
func (s *Service) Preview(ctx context.Context, actor care.Actor, r Request) (p Preview, err error) {
	if err := mayChangeMany(actor); err != nil {
		return p, err
	}
	if err := r.check(); err != nil {
		return p, err
	}
	now := s.clock()
	var found survey
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if found, err = takeSurvey(ctx, tx, actor, r, now); err != nil {
			return err
		}
		p.Sample, err = found.sample(ctx, tx)
		return err
	})
	if err != nil {
		return p, err
	}
	p.Matched, p.Counts = found.matched, found.counts
	p.Token, p.Expires = rand.Text(), now.Add(PreviewFor).UTC().Truncate(time.Millisecond)
	return p, s.keep(ctx, actor, r, found, p, now)
}

// keep stores a preview, with a hash of its token only.
func (s *Service) keep(ctx context.Context, actor care.Actor, r Request, found survey, p Preview, now time.Time) error {
	request, err := json.Marshal(r)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO notification_changes (id, org_id, actor_id, state, token_hash, request, fingerprint, how, place,
				include_own, named, sets, turns_on, matched, clients, at, changed, created_at, expires_at, restored, kept)
			VALUES ($1, $2, $3, 'previewed', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, $15, $16, 0, 0)`,
			care.NewID[ChangeID](now), actor.Org, actor.User, tokenHash(p.Token), string(request), found.fingerprint(), how(actor, HowBulk), r.Place,
			r.IncludeOwn, int64(r.Change.Named), int64(r.Change.Set), int64(r.Change.On), found.matched, len(found.writes),
			db.Millis(now), db.Millis(p.Expires))
		return err
	})
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte("notifications preview " + token))
	return sum[:]
}

// mayChangeMany decides that the actor may change settings of clients at all; whose is decided
// for each client.
func mayChangeMany(actor care.Actor) error {
	if !actor.Can(care.ManageChatAccess) {
		return care.Refused("This needs the permission “manage chat access”.")
	}
	return nil
}

// sample names some clients of each outcome.
func (f survey) sample(ctx context.Context, tx *db.Tx) ([]Sample, error) {
	list := make([]Sample, 0, len(outcomes)*sampleSize)
	clients := make([]care.UserID, 0, cap(list))
	for _, o := range outcomes {
		for _, id := range f.shown[o] {
			list, clients = append(list, Sample{Client: id, Outcome: o}), append(clients, id)
		}
	}
	names, err := namesOf(ctx, tx, clients)
	for i := range list {
		list[i].Name = names[list[i].Client]
	}
	return list, err
}

// namesOf gives the names of a few people.
func namesOf(ctx context.Context, tx *db.Tx, people []care.UserID) (map[care.UserID]string, error) {
	list, err := db.Many(ctx, tx, func(row db.Scanner) (p care.Person, err error) {
		err = row.Scan(&p.ID, &p.Name)
		return p, err
	}, `SELECT id, name FROM people WHERE id IN (`+tx.In(1, len(people))+`)`, ids(people)...)
	names := make(map[care.UserID]string, len(list))
	for _, p := range list {
		names[p.ID] = p.Name
	}
	return names, err
}
