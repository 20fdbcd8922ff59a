package directory

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// Total is how many clients a list has on all pages together. With More it has at least
// Count: to count them all would take longer than the page.
type Total struct {
	Count int
	More  bool
}

// search finds the clients of a filter by what is stored of them: a few kinds, whose
// clients are counted already, narrowed by what kinds do not tell.
type search struct {
	org   care.OrgID
	kinds []int64
	total int // of all clients of these kinds
	parts []part
	after named
	limit int

	reading Reading
	clause  []string // what is asked of client_list l
	args    []any
}

// part narrows a search to a set of clients: from gives their ids, and is asks whether
// client_list l is among them. size is how many there are, or more than were counted.
type part struct {
	from, is   string // with %d for the places of args and of test
	args, test []any  // test is args where it is nil
	word       bool
	size       int
}

// named is a client with the name they are ordered by.
type named struct {
	id   care.UserID
	name string
}

func (n named) compare(other named) int {
	return cmp.Or(strings.Compare(n.name, other.name), slices.Compare(n.id[:], other.id[:]))
}

// place gives where the page before ended; zero for none.
func place(ctx context.Context, tx *db.Tx, org care.OrgID, client care.UserID) (named, error) {
	if client.IsZero() {
		return named{}, nil
	}
	name, found, err := db.One(ctx, tx, scanText, `SELECT sort_name FROM people WHERE id = $1 AND org_id = $2 AND kind = 'client'`, client, org)
	if err == nil && !found {
		err = badCursor()
	}
	return named{client, name}, err
}

// FindClients gives the ids of a page of the clients whom the actor may see, by name, and how
// many there are on all pages, from what is stored of them. It looks at few of many clients.
// after is where the page before ended, or zero. Where [ByWhatIsStored] says no, what is
// stored of the switches is not what they are.
func FindClients(ctx context.Context, tx *db.Tx, actor care.Actor, f ClientFilter, after care.UserID, limit int, r Reading) (found []care.UserID, total Total, err error) {
	q := &search{org: actor.Org, limit: limit, reading: r.orDefault()}
	if q.after, err = place(ctx, tx, actor.Org, after); err != nil {
		return nil, total, err
	}
	if err := q.takeKinds(ctx, tx, f); err != nil || len(q.kinds) == 0 {
		return nil, total, err
	}
	if q.parts = partsOf(actor, f); len(q.parts) == 0 {
		return q.byKinds(ctx, tx)
	}
	return q.byParts(ctx, tx)
}

// ByWhatIsStored reports whether the clients of a filter can be found by what is stored of
// them: unless it asks for what a bulk change sets while that is being written.
func ByWhatIsStored(ctx context.Context, tx *db.Tx, org care.OrgID, f ClientFilter) (bool, error) {
	if f.Direct == "" && f.Community == "" && f.Source == "" && f.EndingBefore.IsZero() {
		return true, nil
	}
	pending, err := ladder.BeingWritten(ctx, tx, org)
	return !pending, err
}

// partsOf gives what narrows beside the kinds: the care team, words, an end that is near.
func partsOf(actor care.Actor, f ClientFilter) (parts []part) {
	if !actor.Can(care.ViewAllClients) {
		parts = append(parts, part{
			from: `SELECT v.client_id FROM care_team v WHERE v.staff_id = $%[1]d`,
			is:   `EXISTS (SELECT 1 FROM care_team v WHERE v.client_id = l.client_id AND v.staff_id = $%[1]d)`,
			args: []any{actor.User},
		})
	}
	for _, word := range QueryWords(f.Query) {
		parts = append(parts, part{
			from: `SELECT x.client_id FROM client_words x WHERE x.org_id = $%[3]d AND x.word >= $%[1]d AND x.word < $%[2]d`,
			is:   `l.line LIKE $%[1]d ESCAPE '\'`,
			args: []any{word, BehindWords(word), actor.Org},
			test: []any{LinePattern(word)},
			word: true,
		})
	}
	if !f.EndingBefore.IsZero() {
		parts = append(parts, part{
			from: `SELECT e.user_id AS client_id FROM clients e WHERE e.own_direct_until < $%[1]d
				UNION ALL SELECT e.user_id FROM clients e WHERE e.own_community_until < $%[1]d`,
			is:   `EXISTS (SELECT 1 FROM clients e WHERE e.user_id = l.client_id AND (e.own_direct_until < $%[1]d OR e.own_community_until < $%[1]d))`,
			args: []any{db.Millis(f.EndingBefore)},
		})
	}
	return parts
}

// measure puts the smallest part first, counting each up to a bound or to one that is
// smaller.
func (q *search) measure(ctx context.Context, tx *db.Tx, bound int) error {
	least := bound
	for i := range q.parts {
		p := &q.parts[i]
		from := fmt.Sprintf(p.from, placesFrom(1, len(p.args))...)
		query := fmt.Sprintf(`SELECT COUNT(*) FROM (%s LIMIT %d) AS n`, from, least+1)
		if err := tx.QueryRow(ctx, query, p.args...).Scan(&p.size); err != nil {
			return err
		}
		least = min(least, p.size)
	}
	slices.SortStableFunc(q.parts, func(a, b part) int { return a.size - b.size })
	return nil
}

func placesFrom(first, n int) []any {
	places := make([]any, n)
	for i := range places {
		places[i] = first + i
	}
	return places
}

// byKinds takes the clients of the kinds, which are counted already.
func (q *search) byKinds(ctx context.Context, tx *db.Tx) (found []care.UserID, total Total, err error) {
	switch q.reading.ofKinds(len(q.kinds), q.total) {
	case merged:
		found, err = q.merge(ctx, tx)
	case gathered:
		found, err = q.page(ctx, tx, `client_list l`, `l.kind`)
	default:
		found, err = q.walk(ctx, tx)
	}
	return found, Total{Count: q.total}, err
}

// byParts begins with the kinds or the part that are few. Where all are many, the next
// names probably fill the page; where they do not, the rarest word leads to it.
func (q *search) byParts(ctx context.Context, tx *db.Tx) (found []care.UserID, total Total, err error) {
	if err = q.measure(ctx, tx, q.reading.Few); err != nil {
		return nil, total, err
	}
	switch q.reading.ofParts(q.total, q.parts[0]) {
	case gathered:
		return q.gather(ctx, tx)
	case lookedUp:
		return q.lookUp(ctx, tx)
	}
	if found, total, err = q.window(ctx, tx); err != nil || len(found) == q.limit {
		return found, total, err
	}
	if err = q.measure(ctx, tx, q.reading.Many); err != nil {
		return nil, total, err
	}
	switch q.reading.onward(q.parts[0]) {
	case blocks:
		return q.inBlocks(ctx, tx)
	default:
		found, err = q.walk(ctx, tx)
		return found, Total{Count: max(total.Count, len(found)), More: true}, err
	}
}

// put adds arguments and gives a text with their places.
func (q *search) put(text string, args []any) string {
	text = fmt.Sprintf(text, placesFrom(len(q.args)+1, len(args))...)
	q.args = append(q.args, args...)
	return text
}

// narrowed adds parts to the clause.
func (q *search) narrowed(parts []part) {
	for _, p := range parts {
		if p.test == nil {
			p.test = p.args
		}
		q.clause = append(q.clause, q.put(p.is, p.test))
	}
}

// gather reads the clients of few kinds.
func (q *search) gather(ctx context.Context, tx *db.Tx) (found []care.UserID, total Total, err error) {
	q.narrowed(q.parts)
	where, args := q.where(tx, q.clause, q.args, `l.kind`)
	return q.sorted(ctx, tx, `SELECT l.client_id, l.sort_name FROM client_list l`+where, args)
}

// lookUp reads the clients of the first part, one by one: of a join PostgreSQL thinks that
// to read everybody is cheaper.
func (q *search) lookUp(ctx context.Context, tx *db.Tx) (found []care.UserID, total Total, err error) {
	first := q.put(q.parts[0].from, q.parts[0].args)
	q.narrowed(q.parts[1:])
	where, args := q.where(tx, append(q.clause, `l.client_id = s.client_id`), q.args, `l.kind`)
	return q.sorted(ctx, tx, `SELECT s.client_id, (SELECT l.sort_name FROM client_list l`+where+`) FROM (SELECT DISTINCT m.client_id FROM (`+first+`) AS m) AS s`, args)
}

// sorted takes the page from few clients, who are counted by reading them all.
func (q *search) sorted(ctx context.Context, tx *db.Tx, query string, args []any) (found []care.UserID, total Total, err error) {
	all, err := db.Many(ctx, tx, scanMeant, query, args...)
	all = slices.DeleteFunc(all, func(c named) bool { return c.id.IsZero() })
	slices.SortFunc(all, named.compare)
	for _, c := range all {
		if len(found) < q.limit && c.compare(q.after) > 0 {
			found = append(found, c.id)
		}
	}
	return found, Total{Count: len(all)}, err
}
