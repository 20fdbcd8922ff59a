package chataccess

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
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
	org    care.OrgID
	kinds  []int64
	total  int // of all clients of these kinds
	parts  []part
	after  named
	limit  int
	clause []string // what is asked of client_list l
	args   []any
}

// part narrows a search to a set of clients: from gives their ids, and is asks whether
// client_list l is among them. size is how many there are, or more than were counted.
type part struct {
	from, is   string // with %d for the places of args and of test
	args, test []any  // test is args where it is nil
	word       bool
	size       int
}

// find gives the ids of a page and how many clients there are. While a bulk change is
// written, what is stored of clients is not what they are, and each is looked at.
func (s *Service) find(ctx context.Context, tx *db.Tx, actor care.Actor, f Filter, cursor care.UserID, limit int) (found []care.UserID, total Total, err error) {
	after, err := position(ctx, tx, actor.Org, cursor)
	if err != nil {
		return nil, total, err
	}
	if f.bySwitches() {
		pending, err := beingWritten(ctx, tx, actor.Org)
		if err != nil {
			return nil, total, err
		}
		if pending {
			return s.lookAtEach(ctx, tx, actor, f, after, limit)
		}
	}
	q := &search{org: actor.Org, after: after, limit: limit}
	if err := q.takeKinds(ctx, tx, f); err != nil || len(q.kinds) == 0 {
		return nil, total, err
	}
	if q.parts = s.partsOf(actor, f); len(q.parts) == 0 {
		return q.byKinds(ctx, tx)
	}
	return q.byParts(ctx, tx)
}

// lookAtEach finds by what clients are now, also those of a bulk change that is being
// written.
func (s *Service) lookAtEach(ctx context.Context, tx *db.Tx, actor care.Actor, f Filter, after named, limit int) (found []care.UserID, total Total, err error) {
	q := listed(actor, f, s.clock())
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM `+q.tables(), q.args...).Scan(&total.Count); err != nil {
		return nil, total, err
	}
	found, err = q.page(ctx, tx, after, limit)
	return found, total, err
}

// partsOf gives what narrows beside the kinds: the care team, words, an end that is near.
func (s *Service) partsOf(actor care.Actor, f Filter) (parts []part) {
	if !actor.Can(care.ViewAllClients) {
		parts = append(parts, part{
			from: `SELECT v.client_id FROM care_team v WHERE v.staff_id = $%[1]d`,
			is:   `EXISTS (SELECT 1 FROM care_team v WHERE v.client_id = l.client_id AND v.staff_id = $%[1]d)`,
			args: []any{actor.User},
		})
	}
	for _, word := range directory.QueryWords(f.Query) {
		parts = append(parts, part{
			from: `SELECT x.client_id FROM client_words x WHERE x.org_id = $%[3]d AND x.word >= $%[1]d AND x.word < $%[2]d`,
			is:   `l.line LIKE $%[1]d ESCAPE '\'`,
			args: []any{word, directory.BehindWords(word), actor.Org},
			test: []any{directory.LinePattern(word)},
			word: true,
		})
	}
	if f.Ending {
		parts = append(parts, part{
			from: `SELECT e.user_id AS client_id FROM clients e WHERE e.own_direct_until < $%[1]d
				UNION ALL SELECT e.user_id FROM clients e WHERE e.own_community_until < $%[1]d`,
			is:   `EXISTS (SELECT 1 FROM clients e WHERE e.user_id = l.client_id AND (e.own_direct_until < $%[1]d OR e.own_community_until < $%[1]d))`,
			args: []any{db.Millis(s.clock().Add(endingWithin))},
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
	switch listReading.ofKinds(len(q.kinds), q.total) {
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
	if err = q.measure(ctx, tx, listReading.few); err != nil {
		return nil, total, err
	}
	switch listReading.ofParts(q.total, q.parts[0]) {
	case gathered:
		return q.gather(ctx, tx)
	case lookedUp:
		return q.lookUp(ctx, tx)
	}
	if found, total, err = q.window(ctx, tx); err != nil || len(found) == q.limit {
		return found, total, err
	}
	if err = q.measure(ctx, tx, listReading.many); err != nil {
		return nil, total, err
	}
	switch listReading.onward(q.parts[0]) {
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

// inBlocks takes the clients with the rarest word in the order of their names, some at a
// time, and keeps those who are meant, until the page is full. There are more than it saw.
func (q *search) inBlocks(ctx context.Context, tx *db.Tx) (found []care.UserID, total Total, err error) {
	rare := q.parts[0]
	q.narrowed(q.parts[1:])
	after, asked := q.after, q.limit
	for block := listReading.block; len(found) < asked; block *= 4 {
		some, err := nextWith(ctx, tx, rare, after, block)
		if err != nil {
			return nil, total, err
		}
		if len(some) > 0 {
			after = some[len(some)-1]
		}
		full := len(some) == block
		meant, err := q.among(ctx, tx, slices.Compact(some))
		found = append(found, meant...)
		total = Total{Count: len(found), More: full}
		if err != nil || !total.More {
			break
		}
	}
	if !q.after.id.IsZero() { // who came before is not counted here
		total.More = true
	}
	return found[:min(asked, len(found))], total, err
}

// nextWith gives clients with a word, by name; one with several such words comes again.
func nextWith(ctx context.Context, tx *db.Tx, p part, after named, limit int) ([]named, error) {
	cursor, args := ``, slices.Clone(p.args)
	if !after.id.IsZero() {
		cursor, args = ` AND (x.sort_name, x.client_id) > ($4, $5)`, append(args, after.name, after.id)
	}
	return db.Many(ctx, tx, scanNamed, `
		SELECT x.client_id, x.sort_name FROM client_words x
		WHERE x.word >= $1 AND x.word < $2 AND x.org_id = $3`+cursor+`
		ORDER BY x.sort_name, x.client_id LIMIT `+fmt.Sprint(limit), args...)
}

func scanNamed(r db.Scanner) (n named, err error) {
	err = r.Scan(&n.id, &n.name)
	return n, err
}

// scanMeant gives a zero id where there is no name: the client is not meant.
func scanMeant(r db.Scanner) (n named, err error) {
	var name sql.NullString
	if err = r.Scan(&n.id, &name); !name.Valid {
		return named{}, err
	}
	n.name = name.String
	return n, err
}

// among gives those of some clients who are meant, by name.
func (q *search) among(ctx context.Context, tx *db.Tx, some []named) (meant []care.UserID, err error) {
	for block := range slices.Chunk(some, 256) {
		n := len(q.args)
		clause := append(slices.Clone(q.clause), `l.client_id IN (`+places(n+1, len(block))+`)`)
		args := slices.Clone(q.args)
		for _, c := range block {
			args = append(args, c.id)
		}
		where, args := q.where(tx, clause, args, `+l.kind`)
		list, err := db.Many(ctx, tx, scanUser, `SELECT l.client_id FROM client_list l`+where+` ORDER BY l.sort_name, l.client_id`, args...)
		if err != nil {
			return nil, err
		}
		meant = append(meant, list...)
	}
	return meant, nil
}

// places is a list of n placeholders from first on.
func places(first, n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = placeholder(first + i)
	}
	return strings.Join(list, ",")
}

// walk goes through the names in their order until the page is full.
func (q *search) walk(ctx context.Context, tx *db.Tx) ([]care.UserID, error) {
	q.narrowed(q.parts)
	q.clause = append(q.clause, q.put(`l.org_id = $%d`, []any{q.org}))
	return q.page(ctx, tx, `client_list l`, `+l.kind`) // + keeps the index by kind out
}

// window looks at the next names only, and counts there; all of a search stays as it was.
func (q *search) window(ctx context.Context, tx *db.Tx) (found []care.UserID, total Total, err error) {
	looking := *q
	looking.clause, looking.args = slices.Clone(q.clause), slices.Clone(q.args)
	looking.narrowed(q.parts)
	names := looking.put(`l.org_id = $%d`, []any{q.org})
	if !q.after.id.IsZero() {
		names += looking.put(` AND (l.sort_name, l.client_id) > ($%d, $%d)`, []any{q.after.name, q.after.id})
	}
	from := fmt.Sprintf(`(SELECT l.client_id, l.sort_name, l.kind, l.line FROM client_list l WHERE %s
		ORDER BY l.sort_name, l.client_id LIMIT %d) AS l`, names, listReading.sample)
	where, args := looking.where(tx, looking.clause, looking.args, `+l.kind`)
	found, err = db.Many(ctx, tx, scanUser, `SELECT l.client_id FROM `+from+where+` ORDER BY l.sort_name, l.client_id`, args...)
	return found[:min(q.limit, len(found))], Total{Count: len(found), More: true}, err
}

// page gives the ids of a page, by name.
func (q *search) page(ctx context.Context, tx *db.Tx, from, kind string) ([]care.UserID, error) {
	clause, args := slices.Clone(q.clause), slices.Clone(q.args)
	if !q.after.id.IsZero() {
		args = append(args, q.after.name, q.after.id)
		clause = append(clause, fmt.Sprintf(`(l.sort_name, l.client_id) > ($%d, $%d)`, len(args)-1, len(args)))
	}
	where, args := q.where(tx, clause, args, kind)
	return db.Many(ctx, tx, scanUser, `SELECT l.client_id FROM `+from+where+fmt.Sprintf(` ORDER BY l.sort_name, l.client_id LIMIT %d`, q.limit), args...)
}

func (q *search) where(tx *db.Tx, clause []string, args []any, kind string) (string, []any) {
	text := ` WHERE ` + strings.Join(append(slices.Clone(clause), kind+` IN (`+tx.In(len(args)+1, len(q.kinds))+`)`), " AND ")
	args = slices.Clone(args)
	for _, k := range q.kinds {
		args = append(args, k)
	}
	return text, args
}

// merge takes the first clients of each kind, and of those the first.
func (q *search) merge(ctx context.Context, tx *db.Tx) ([]care.UserID, error) {
	var args []any
	cursor := ""
	if !q.after.id.IsZero() {
		args, cursor = []any{q.after.name, q.after.id}, ` AND (l.sort_name, l.client_id) > ($1, $2)`
	}
	each := make([]string, len(q.kinds))
	for i, k := range q.kinds {
		args = append(args, k)
		each[i] = fmt.Sprintf(`SELECT * FROM (SELECT l.client_id, l.sort_name FROM client_list l WHERE l.kind = $%d%s
			ORDER BY l.sort_name, l.client_id LIMIT %d) AS a`, len(args), cursor, q.limit)
	}
	return db.Many(ctx, tx, scanUser, `SELECT client_id FROM (`+strings.Join(each, ` UNION ALL `)+`) AS u
		ORDER BY sort_name, client_id LIMIT `+fmt.Sprint(q.limit), args...)
}
