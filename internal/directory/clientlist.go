package directory

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// ClientFilter narrows a list of clients; zero fields do not. State is active unless
// another is named.
type ClientFilter struct {
	Query     string // how words of the name or address begin, in any order: see QueryWords
	Group     care.GroupID
	Provider  care.UserID // the primary provider
	Direct    care.Setting
	Community care.Setting
	State     care.ClientState
}

// Clients gives a page of the clients whom the actor may see, by name, the cursor of the
// next page and how many there are on all pages together.
func (s *Service) Clients(ctx context.Context, actor care.Actor, f ClientFilter, page Page) (list []Client, next string, total int, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return nil, "", 0, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		q := newClientQuery(actor, f)
		if err := q.search(ctx, tx, actor.Org, QueryWords(f.Query)); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, q.count(), q.args...).Scan(&total); err != nil {
			return err
		}
		if err := q.after(ctx, tx, actor.Org, page.Cursor); err != nil {
			return err
		}
		ids, err := db.Many(ctx, tx, scanUser, q.page(page.Limit+1), q.args...)
		if err != nil {
			return err
		}
		ids, next = cut(ids, page.Limit, func(id care.UserID) care.UserID { return id })
		list, err = loadClients(ctx, tx, ids)
		return err
	})
	return list, next, total, err
}

func scanUser(row db.Scanner) (id care.UserID, err error) {
	err = row.Scan(&id)
	return id, err
}

// loadClients gives the clients with these ids by name.
func loadClients(ctx context.Context, tx *db.Tx, ids []care.UserID) ([]Client, error) {
	list, err := db.Many(ctx, tx, scanClient, selectClient+`
		WHERE c.user_id IN (`+tx.In(1, len(ids))+`) ORDER BY p.sort_name, p.id`, args(nil, ids)...)
	if err != nil {
		return nil, err
	}
	return list, complete(ctx, tx, pointers(list))
}

// clientQuery finds clients as it grows: which tables are walked, and the conditions.
// It reads narrow rows only; what a page shows is loaded by the ids it finds. CROSS JOIN
// fixes for SQLite which table is walked first; PostgreSQL chooses by itself.
type clientQuery struct {
	clients string // the tables but client_list l
	byName  bool   // client_list is walked first, by name
	where   []string
	lines   []string // what is asked of client_list, so that counting needs it
	// counted is where as it is asked of client_kinds k, whose clients are counted already;
	// nil where kinds do not tell.
	counted []string
	args    []any
}

// newClientQuery begins with what narrows most: one's own care team, a group, a provider,
// the archived, a switch that is off; otherwise with all clients by name, of whom a page
// reads the first few.
func newClientQuery(actor care.Actor, f ClientFilter) *clientQuery {
	q := &clientQuery{clients: `clients c`}
	q.and("c.org_id = $%d", actor.Org)
	switch {
	case !actor.Can(care.ViewAllClients):
		q.clients = `care_team v CROSS JOIN ` + q.clients
		q.and("v.staff_id = $%d AND c.user_id = v.client_id", actor.User)
	case f.Group.IsZero() && f.Provider.IsZero() && f.State != care.ClientArchived && f.Direct != care.Off && f.Community != care.Off:
		q.byName = true
	}
	q.filter(f)
	if actor.Can(care.ViewAllClients) && f.Direct == "" && f.Community == "" {
		for _, condition := range q.where {
			q.counted = append(q.counted, "k"+strings.TrimPrefix(condition, "c"))
		}
	}
	return q
}

func (q *clientQuery) and(condition string, values ...any) {
	at := make([]any, len(values))
	for i, v := range values {
		q.args = append(q.args, v)
		at[i] = len(q.args)
	}
	q.where = append(q.where, fmt.Sprintf(condition, at...))
}

func (q *clientQuery) filter(f ClientFilter) {
	if f.State == "" {
		f.State = care.ClientActive
	}
	q.and("c.state = $%d", string(f.State))
	if !f.Group.IsZero() {
		q.and("c.group_id = $%d", f.Group)
	}
	if !f.Provider.IsZero() {
		q.and("c.primary_provider_id = $%d", f.Provider)
	}
	q.switched(ladder.Direct, f.Direct)
	q.switched(ladder.Community, f.Community)
}

// fewWith is how many clients with a word are found by it; of more, a walk by name meets
// some soon enough.
var fewWith = 3000

// search asks for clients of whom each word begins a word. It begins with the rarest
// where few have it, and looks at the others' lines.
func (q *clientQuery) search(ctx context.Context, tx *db.Tx, org care.OrgID, words []string) error {
	rarest, least := "", fewWith+1
	for _, word := range words {
		n, _, err := db.One(ctx, tx, scanCount, `SELECT COUNT(*) FROM (SELECT client_id FROM client_words
			WHERE org_id = $1 AND word >= $2 AND word < $3 LIMIT $4) AS n`, org, word, BehindWords(word), fewWith+1)
		if err != nil {
			return err
		}
		if n < least {
			rarest, least = word, n
		}
	}
	for _, word := range words {
		if word == rarest {
			q.with(word)
		} else {
			q.args = append(q.args, LinePattern(word))
			q.lines = append(q.lines, fmt.Sprintf(`l.line LIKE $%d ESCAPE '\'`, len(q.args)))
		}
	}
	return nil
}

// with begins with those who have a word.
func (q *clientQuery) with(word string) {
	q.and(`c.user_id = x.client_id`)
	n := len(q.args)
	q.args = append(q.args, word, BehindWords(word))
	q.clients = fmt.Sprintf(`(SELECT DISTINCT client_id FROM client_words
		WHERE org_id = $1 AND word >= $%d AND word < $%d) AS x CROSS JOIN `, n+1, n+2) + q.clients
	q.byName, q.counted = false, nil
}

func scanCount(row db.Scanner) (n int, err error) {
	err = row.Scan(&n)
	return n, err
}

// switched asks for the value that a switch has by the first place where it is set.
func (q *clientQuery) switched(effective string, wanted care.Setting) {
	if wanted != care.On && wanted != care.Off {
		return
	}
	if !strings.HasSuffix(q.clients, ladder.Joins) {
		q.clients += ladder.Joins
	}
	q.and(effective+" = $%d", wanted == care.On)
}

// like finds a text anywhere; what LIKE would understand as a pattern is taken literally.
func like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}

// after goes on behind the client at whom the page before ended.
func (q *clientQuery) after(ctx context.Context, tx *db.Tx, org care.OrgID, cursor string) error {
	if cursor == "" {
		return nil
	}
	name, id, err := positionOf(ctx, tx, org, care.KindClient, cursor)
	if err != nil {
		return err
	}
	q.and("(l.sort_name, l.client_id) > ($%d, $%d)", name, id)
	return nil
}

func (q *clientQuery) count() string {
	kinds := ` FROM client_kinds k WHERE ` + strings.Join(q.counted, " AND ")
	switch {
	case len(q.counted) > 0 && len(q.lines) == 0:
		return `SELECT COALESCE(SUM(k.n), 0)` + kinds
	case len(q.counted) > 0:
		return `SELECT COUNT(*) FROM client_list l WHERE l.org_id = $1 AND l.kind IN (SELECT k.id` + kinds + `) AND ` + strings.Join(q.lines, " AND ")
	case len(q.lines) == 0:
		return `SELECT COUNT(*) FROM ` + q.clients + ` WHERE ` + strings.Join(q.where, " AND ")
	}
	from, where := q.withNames()
	return `SELECT COUNT(*) FROM ` + from + ` WHERE ` + strings.Join(where, " AND ")
}

func (q *clientQuery) page(limit int) string {
	from, where := q.withNames()
	q.args = append(q.args, limit)
	return `SELECT l.client_id FROM ` + from + ` WHERE ` + strings.Join(where, " AND ") +
		fmt.Sprintf(` ORDER BY l.sort_name, l.client_id LIMIT $%d`, len(q.args))
}

func (q *clientQuery) withNames() (from string, where []string) {
	where = append(slices.Concat(q.where, q.lines), `l.client_id = c.user_id`)
	if q.byName { // org_id is always the first argument
		return `client_list l CROSS JOIN ` + q.clients, append(where, `l.org_id = $1`)
	}
	return q.clients + ` CROSS JOIN client_list l`, where
}
