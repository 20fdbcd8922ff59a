package blast

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/fields"
	"hearth/internal/ladder"
)

// maxShown is how many clients who cannot be reached a preview names; the rest is asked
// for with [Service.Unavailable].
const maxShown = 1000

// Unreachable is a client who gets nothing, and why.
type Unreachable struct {
	Client care.UserID
	Name   string
	Why    string
	Source care.Place // which place turned direct messaging off; "" for another reason
	Until  time.Time  // zero for no end
}

// Example is a recipient for whom a text can be shown filled.
type Example struct {
	Client   care.UserID
	Name     string
	First    string
	Provider string
}

// Preview is who would be reached now.
type Preview struct {
	Chosen, Reachable, Community int
	Why                          map[string]int64
	Unavailable                  []Unreachable // at most 1,000, by name
	Example                      *Example      // nil when nobody is reached
	Settings                     Settings
	Used                         int64 // recipients of the sender on this day so far
	Token                        string
}

// Preview tells who would be reached, and who not and why. It changes nothing. Refusals:
// forbidden, not_found, invalid.
func (s *Service) Preview(ctx context.Context, actor care.Actor, r Recipients) (out Preview, err error) {
	if refusal := access.SendBlasts(actor); refusal != nil {
		return out, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		who, err := resolve(ctx, tx, actor, r)
		if err != nil {
			return err
		}
		out = Preview{
			Chosen: len(who.targets), Reachable: who.reachable, Community: who.community, Why: who.why, Token: token(actor, r, who),
		}
		if out.Unavailable, _, err = unreachable(ctx, tx, who, 0); err != nil {
			return err
		}
		if out.Example, err = example(ctx, tx, who); err != nil {
			return err
		}
		if out.Settings, err = settings(ctx, tx, actor.Org); err != nil {
			return err
		}
		out.Used, err = s.used(ctx, tx, actor, s.clock())
		return err
	})
	return out, err
}

// Unavailable gives those whom [Service.Preview] does not name any more, by name, from the
// one at a place on; next is 0 on the last page.
func (s *Service) Unavailable(ctx context.Context, actor care.Actor, r Recipients, after int) (list []Unreachable, next int, err error) {
	if refusal := access.SendBlasts(actor); refusal != nil {
		return nil, 0, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		who, err := resolve(ctx, tx, actor, r)
		if err != nil {
			return err
		}
		list, next, err = unreachable(ctx, tx, who, after)
		return err
	})
	return list, next, err
}

// unreachable gives a page of those who cannot be reached.
func unreachable(ctx context.Context, tx *db.Tx, who *resolved, after int) (list []Unreachable, next int, err error) {
	list = []Unreachable{}
	at := 0
	for _, t := range who.targets {
		if t.why == "" {
			continue
		}
		if at++; at <= after {
			continue
		}
		if len(list) == maxShown {
			next = at - 1
			break
		}
		list = append(list, Unreachable{Client: t.id, Name: t.name, Why: t.why, Source: t.source})
	}
	return list, next, addEnds(ctx, tx, list)
}

// directUntil is when the setting that decides goes back to not set, over ladder.Joins.
const directUntil = `CASE
	WHEN (` + ladder.OwnDirect + `) IS NULL THEN g.direct_until
	WHEN w.sets_direct AND w.place = 'own' THEN w.new_direct_until ELSE c.own_direct_until END`

// addEnds says until when the switches are off, of those that have an end.
func addEnds(ctx context.Context, tx *db.Tx, list []Unreachable) error {
	at := map[care.UserID]int{}
	var args []any
	for i, u := range list {
		if u.Source == care.PlaceClient || u.Source == care.PlaceGroup {
			at[u.Client] = i
			args = append(args, u.Client)
		}
	}
	if len(args) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, `SELECT c.user_id, `+directUntil+` FROM clients c`+ladder.Joins+`
		WHERE c.user_id IN (`+tx.In(1, len(args))+`)`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id care.UserID
		var until sql.NullInt64
		if err := rows.Scan(&id, &until); err != nil {
			return err
		}
		list[at[id]].Until = db.TimeOf(until)
	}
	return rows.Err()
}

// example gives the first by name who is reached.
func example(ctx context.Context, tx *db.Tx, who *resolved) (*Example, error) {
	for _, t := range who.targets {
		if t.why != "" {
			continue
		}
		e := Example{Client: t.id, Name: t.name, First: fields.First(t.name)}
		err := tx.QueryRow(ctx, `SELECT d.name FROM clients c JOIN people d ON d.id = c.primary_provider_id WHERE c.user_id = $1`, t.id).Scan(&e.Provider)
		e.Provider = fields.Plain(e.Provider)
		return &e, err
	}
	return nil, nil
}

// A token says what a preview showed: whom for, of what, and what came out. It keeps no
// secret and allows nothing; whoever sends it with a blast learns when something changed
// since. The sum at its end tells one that was spoiled on its way from one that is old.
const (
	tokenAsked = 12 // bytes about what was asked
	tokenFound = 18 // bytes about what was found
	tokenSum   = 6  // bytes about those
)

func token(actor care.Actor, r Recipients, who *resolved) string {
	asked := sha256.New()
	asked.Write(actor.User[:])
	text, _ := json.Marshal(r) // ids and times, which can always be written
	asked.Write(text)
	found := sha256.New()
	for i := range who.targets {
		found.Write(who.targets[i].id[:])
		found.Write([]byte(who.targets[i].why + "\n"))
	}
	return base64.RawURLEncoding.EncodeToString(summed(append(asked.Sum(nil)[:tokenAsked], found.Sum(nil)[:tokenFound]...)))
}

// summed adds the sum of what a token says.
func summed(says []byte) []byte {
	sum := sha256.Sum256(says)
	return append(says, sum[:tokenSum]...)
}

// checkToken compares what a preview showed with what is so now.
func checkToken(given string, actor care.Actor, r Recipients, who *resolved) *care.Error {
	now := token(actor, r, who)
	if given == "" || given == now {
		return nil
	}
	old, err := base64.RawURLEncoding.DecodeString(given)
	asked := base64.RawURLEncoding.EncodedLen(tokenAsked)
	const says = tokenAsked + tokenFound
	if err != nil || len(old) != says+tokenSum || !bytes.Equal(old, summed(old[:says:says])) || given[:asked] != now[:asked] {
		return care.BadField("token", "unknown", "Must be the token of your own preview of these very recipients.")
	}
	return care.Fail(care.Conflict, care.CodeVersionConflict,
		"Who can be reached has changed since the preview. Look at it again before you send.")
}
