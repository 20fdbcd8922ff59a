package directory

import (
	"context"
	"fmt"
	"strings"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
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
		list, err = db.Many(ctx, tx, scanClient, q.page(page.Limit+1), q.args...)
		if err != nil {
			return err
		}
		list, next = cut(list, page.Limit, func(c Client) care.UserID { return c.ID })
		return complete(ctx, tx, pointers(list))
	})
	return list, next, total, err
}

// clientQuery is a list of clients as it grows. CROSS JOIN fixes for SQLite which table
// is walked first; PostgreSQL chooses by itself.
type clientQuery struct {
	from  string
	where []string
	args  []any
}

// newClientQuery begins with what narrows most: one's own care team, a group, a provider,
// and otherwise all people by name, of whom a page reads only the first few.
func newClientQuery(actor care.Actor, f ClientFilter) *clientQuery {
	q := &clientQuery{}
	q.and("c.org_id = $%d", actor.Org)
	switch {
	case !actor.Can(care.ViewAllClients):
		q.from = `care_team v CROSS JOIN clients c CROSS JOIN people p`
		q.and("v.staff_id = $%d AND c.user_id = v.client_id", actor.User)
	case !f.Group.IsZero() || !f.Provider.IsZero():
		q.from = `clients c CROSS JOIN people p`
	default:
		q.from = `people p CROSS JOIN clients c`
		q.and("p.org_id = $%d AND p.kind = 'client'", actor.Org)
	}
	q.where = append(q.where, "p.id = c.user_id")
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
	if f.Direct == care.On || f.Direct == care.Off {
		q.and("COALESCE(c.own_direct, g.direct, c.default_direct) = $%d", f.Direct == care.On)
	}
	if f.Community == care.On || f.Community == care.Off {
		q.and("COALESCE(c.own_community, g.community, c.default_community) = $%d", f.Community == care.On)
	}
	for _, word := range strings.Fields(f.Query) {
		q.and(`(p.sort_name LIKE $%d ESCAPE '\' OR p.email LIKE $%d ESCAPE '\')`, like(SortName(word)), like(strings.ToLower(word)))
	}
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

func (q *clientQuery) tables() string {
	return ` FROM ` + q.from + ` LEFT JOIN client_groups g ON g.id = c.group_id`
}

func (q *clientQuery) count() string {
	return `SELECT COUNT(*)` + q.tables() + ` WHERE ` + strings.Join(q.where, " AND ")
}

func (q *clientQuery) page(limit int) string {
	q.args = append(q.args, limit)
	return `SELECT ` + clientColumns + q.tables() + `
		JOIN people d ON d.id = c.primary_provider_id
		WHERE ` + strings.Join(q.where, " AND ") + fmt.Sprintf(` ORDER BY p.sort_name, p.id LIMIT $%d`, len(q.args))
}
