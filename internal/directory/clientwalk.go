package directory

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"hearth/internal/care"
	"hearth/internal/db"
)

// inBlocks takes the clients with the rarest word in the order of their names, some at a
// time, and keeps those who are meant, until the page is full. There are more than it saw.
func (q *search) inBlocks(ctx context.Context, tx *db.Tx) (found []care.UserID, total Total, err error) {
	rare := q.parts[0]
	q.narrowed(q.parts[1:])
	after, asked := q.after, q.limit
	for block := q.reading.Block; len(found) < asked; block *= 4 {
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
		list[i] = "$" + strconv.Itoa(first+i)
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
		ORDER BY l.sort_name, l.client_id LIMIT %d) AS l`, names, q.reading.Sample)
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
