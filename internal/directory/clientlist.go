package directory

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

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
	// Source is the place that one of the two switches comes from. It and EndingBefore are
	// for FindClients.
	Source care.Place
	// EndingBefore chooses clients with an own setting that ends before it.
	EndingBefore time.Time
	State        care.ClientState
}

// Clients gives a page of the clients whom the actor may see, by name, the cursor of the
// next page and how many there are on all pages together.
func (s *Service) Clients(ctx context.Context, actor care.Actor, f ClientFilter, page Page) (list []Client, next string, total Total, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return nil, "", total, refusal
	}
	var after care.UserID
	if page.Cursor != "" {
		if after, err = parseCursor[care.UserID](page.Cursor); err != nil {
			return nil, "", total, err
		}
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		ids, n, err := findOrLook(ctx, tx, actor, f, after, page.Limit+1)
		if err != nil {
			return err
		}
		total = n
		ids, next = cut(ids, page.Limit, func(id care.UserID) care.UserID { return id })
		list, err = loadClients(ctx, tx, ids)
		return err
	})
	return list, next, total, err
}

// listReading is how much lists look at; the zero value but for tests.
var listReading Reading

func findOrLook(ctx context.Context, tx *db.Tx, actor care.Actor, f ClientFilter, after care.UserID, limit int) (found []care.UserID, total Total, err error) {
	stored, err := ByWhatIsStored(ctx, tx, actor.Org, f)
	if err != nil {
		return nil, total, err
	}
	if stored {
		return FindClients(ctx, tx, actor, f, after, limit, listReading)
	}
	from, err := place(ctx, tx, actor.Org, after)
	if err != nil {
		return nil, total, err
	}
	q := newClientQuery(actor, f)
	if err := tx.QueryRow(ctx, q.count(), q.args...).Scan(&total.Count); err != nil {
		return nil, total, err
	}
	found, err = db.Many(ctx, tx, scanUser, q.page(from, limit), q.args...)
	return found, total, err
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

// clientQuery looks at each client, also at those of a bulk change that is not written to
// them: CROSS JOIN fixes for SQLite which table is walked first; PostgreSQL chooses by
// itself.
type clientQuery struct {
	clients string // the tables
	where   []string
	args    []any
}

// newClientQuery begins with one's own care team, or with all clients.
func newClientQuery(actor care.Actor, f ClientFilter) *clientQuery {
	q := &clientQuery{clients: `clients c`}
	q.and("c.org_id = $%d", actor.Org)
	if !actor.Can(care.ViewAllClients) {
		q.clients = `care_team v CROSS JOIN ` + q.clients
		q.and("v.staff_id = $%d AND c.user_id = v.client_id", actor.User)
	}
	q.clients += ladder.Joins + ` CROSS JOIN client_list l`
	q.and("c.state = $%d", string(cmp.Or(f.State, care.ClientActive)))
	if !f.Group.IsZero() {
		q.and("c.group_id = $%d", f.Group)
	}
	if !f.Provider.IsZero() {
		q.and("c.primary_provider_id = $%d", f.Provider)
	}
	if f.Direct != "" {
		q.and(ladder.Direct+" = $%d", f.Direct == care.On)
	}
	if f.Community != "" {
		q.and(ladder.Community+" = $%d", f.Community == care.On)
	}
	q.where = append(q.where, `l.client_id = c.user_id`)
	for _, word := range QueryWords(f.Query) {
		q.and(`l.line LIKE $%d ESCAPE '\'`, LinePattern(word))
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

func (q *clientQuery) from() string { return q.clients + ` WHERE ` + strings.Join(q.where, " AND ") }

func (q *clientQuery) count() string { return `SELECT COUNT(*) FROM ` + q.from() }

// page goes on behind the client at whom the page before ended.
func (q *clientQuery) page(after named, limit int) string {
	if !after.id.IsZero() {
		q.and("(l.sort_name, l.client_id) > ($%d, $%d)", after.name, after.id)
	}
	return `SELECT l.client_id FROM ` + q.from() + fmt.Sprintf(` ORDER BY l.sort_name, l.client_id LIMIT %d`, limit)
}

// like finds a text anywhere; what LIKE would understand as a pattern is taken literally.
func like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(text) + "%"
}
