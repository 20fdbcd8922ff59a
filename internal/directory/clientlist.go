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
	Query     string // words of the name or address, in any order and letter case
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
	clients string // the tables but people
	byName  bool   // people are walked first, by name
	people  bool   // people are asked about, so that counting needs them
	where   []string
	args    []any
}

// newClientQuery begins with what narrows most: one's own care team, a group, a provider,
// the archived, a switch that is off; otherwise with all people by name, of whom a page
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
	for _, word := range strings.Fields(f.Query) {
		q.people = true
		q.and(`(p.sort_name LIKE $%d ESCAPE '\' OR p.email LIKE $%d ESCAPE '\')`, like(SortName(word)), like(strings.ToLower(word)))
	}
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
	q.and("(p.sort_name, p.id) > ($%d, $%d)", name, id)
	return nil
}

func (q *clientQuery) count() string {
	from, where := q.clients, q.where
	if q.people {
		from, where = q.withPeople()
	}
	return `SELECT COUNT(*) FROM ` + from + ` WHERE ` + strings.Join(where, " AND ")
}

func (q *clientQuery) page(limit int) string {
	from, where := q.withPeople()
	q.args = append(q.args, limit)
	return `SELECT p.id FROM ` + from + ` WHERE ` + strings.Join(where, " AND ") +
		fmt.Sprintf(` ORDER BY p.sort_name, p.id LIMIT $%d`, len(q.args))
}

func (q *clientQuery) withPeople() (from string, where []string) {
	where = append(slices.Clone(q.where), `p.id = c.user_id`)
	if q.byName { // org_id is always the first argument
		return `people p CROSS JOIN ` + q.clients, append(where, `p.org_id = $1 AND p.kind = 'client'`)
	}
	return q.clients + ` CROSS JOIN people p`, where
}
