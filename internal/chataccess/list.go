package chataccess

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// Page asks for a part of a list: up to Limit (at least 1) after where Cursor ended. The
// cursor is the id of the last item and so tells nothing about it.
type Page struct {
	Cursor string
	Limit  int
}

func cursorOf[T ~[16]byte](id T) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

// parseCursor gives the zero id for no cursor.
func parseCursor[T ~[16]byte](text string) (id T, err error) {
	if text == "" {
		return id, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != len(id) {
		return id, badCursor()
	}
	return T(raw), nil
}

func (p Page) change() (ChangeID, error)    { return parseCursor[ChangeID](p.Cursor) }
func (p Page) client() (care.UserID, error) { return parseCursor[care.UserID](p.Cursor) }
func badCursor() error {
	return care.BadField("cursor", "malformed", "Must be the next_cursor of the page before.")
}
func placeholder(n int) string { return "$" + strconv.Itoa(n) }

// Row is a client in the list of who may chat.
type Row struct {
	Client       care.UserID
	Name         string
	Email        string
	State        care.ClientState
	Group        care.GroupID
	GroupName    string
	Provider     care.UserID
	ProviderName string
	Version      int64
	CanChange    bool
	Direct       SwitchAccess // Mark is nil but for its time limit
	Community    SwitchAccess
	LastBy       care.Person
	LastAt       time.Time // zero where nobody changed anything since the client was added
}

// List gives a page of the clients whom the actor may see, by name, the cursor of the next
// page and how many there are on all pages together.
func (s *Service) List(ctx context.Context, actor care.Actor, f Filter, page Page) (list []Row, next string, total Total, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return nil, "", total, refusal
	}
	after, err := page.client()
	if err != nil {
		return nil, "", total, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var found []care.UserID
		if found, total, err = s.find(ctx, tx, actor, f, after, page.Limit+1); err != nil {
			return err
		}
		next = ""
		if len(found) > page.Limit {
			found = found[:page.Limit]
			next = cursorOf(found[page.Limit-1])
		}
		list, err = loadRows(ctx, tx, actor, found)
		return err
	})
	return list, next, total, err
}

// named is a client with the name they are ordered by.
type named struct {
	id   care.UserID
	name string
}

func (n named) compare(other named) int {
	return cmp.Or(strings.Compare(n.name, other.name), compareIDs(n.id, other.id))
}

// position gives where the page before ended; zero for none.
func position(ctx context.Context, tx *db.Tx, org care.OrgID, cursor care.UserID) (named, error) {
	after := named{id: cursor}
	if cursor.IsZero() {
		return after, nil
	}
	err := tx.QueryRow(ctx, `SELECT sort_name FROM people WHERE id = $1 AND org_id = $2 AND kind = 'client'`, cursor, org).Scan(&after.name)
	if errors.Is(err, db.ErrNoRows) {
		err = badCursor()
	}
	return after, err
}

// listed chooses the clients whom the actor may see.
func listed(actor care.Actor, f Filter, now time.Time) *conditions {
	q := reach(actor, !actor.Can(care.ViewAllClients))
	q.narrow(f, now)
	return q
}

// page gives the ids of a page, by name.
func (q *conditions) page(ctx context.Context, tx *db.Tx, after named, limit int) ([]care.UserID, error) {
	if !after.id.IsZero() {
		q.and("(p.sort_name, p.id) > ($%d, $%d)", after.name, after.id)
	}
	q.args = append(q.args, limit)
	return db.Many(ctx, tx, scanUser, `SELECT p.id FROM `+q.named()+` ORDER BY p.sort_name, p.id LIMIT `+placeholder(len(q.args)), q.args...)
}

const rowQuery = `SELECT p.name, p.email, c.state, c.group_id, g.name, c.primary_provider_id, pp.name,
		c.access_version + CASE WHEN w.client_id IS NULL OR w.place = 'group' THEN 0 ELSE 1 END, t.staff_id IS NOT NULL, ` + seenColumns + `
	FROM clients c JOIN people p ON p.id = c.user_id JOIN people pp ON pp.id = c.primary_provider_id
		LEFT JOIN care_team t ON t.client_id = c.user_id AND t.staff_id = $1` + joins

// loadRows gives the clients with these ids, by name, with who changed them last.
func loadRows(ctx context.Context, tx *db.Tx, actor care.Actor, clients []care.UserID) ([]Row, error) {
	list, err := readRows(ctx, tx, actor, clients)
	if err != nil {
		return nil, err
	}
	return list, lastChanges(ctx, tx, actor.Org, list)
}

func readRows(ctx context.Context, tx *db.Tx, actor care.Actor, clients []care.UserID) ([]Row, error) {
	rows, err := tx.Query(ctx, rowQuery+` WHERE c.user_id IN (`+tx.In(2, len(clients))+`) ORDER BY p.sort_name, p.id`, ids(clients, actor.User)...)
	if err != nil {
		return nil, err
	}
	list := make([]Row, 0, len(clients))
	err = eachRow(rows, func() error {
		r, err := scanRow(rows, actor)
		list = append(list, r)
		return err
	})
	return list, err
}

func scanRow(row db.Scanner, actor care.Actor) (r Row, err error) {
	var email, group, provider sql.NullString
	var onTeam bool
	var sw ladder.Switches
	var until [2]sql.NullInt64
	into := append([]any{&r.Name, &email, &r.State, &r.Group, &group, &r.Provider, &provider, &r.Version, &onTeam, &r.Client}, sw.Targets()...)
	err = row.Scan(append(into, &until[0], &until[1])...)
	r.Email, r.GroupName, r.ProviderName = email.String, group.String, provider.String
	r.CanChange = access.ChangeChatAccess(actor, r.Client, true, onTeam) == nil
	r.Direct, r.Community = switchOf(sw.Direct()), switchOf(sw.Community())
	for i, sw := range []*SwitchAccess{&r.Direct, &r.Community} {
		if sw.Source == care.PlaceClient && until[i].Valid {
			sw.Mark = &Mark{Until: moment(until[i])}
		}
	}
	return r, err
}

// lastChanges fills in who changed a client last: by the history, or by the bulk change
// that counts and is not written to them yet.
func lastChanges(ctx context.Context, tx *db.Tx, org care.OrgID, list []Row) error {
	at := make(map[care.UserID]*Row, len(list))
	clients := make([]care.UserID, len(list))
	for i := range list {
		clients[i] = list[i].Client
		at[list[i].Client] = &list[i]
	}
	rows, err := tx.Query(ctx, `SELECT h.subject_id, h.actor_id, h.actor_kind, p.name, h.at FROM chat_access_history h
			LEFT JOIN people p ON p.id = h.actor_id
		WHERE h.how <> 'created' AND h.subject_id IN (`+tx.In(1, len(clients))+`)
			AND h.id = (SELECT n.id FROM chat_access_history n WHERE n.subject_id = h.subject_id ORDER BY n.id DESC LIMIT 1)`, ids(clients)...)
	if err != nil {
		return err
	}
	if err := eachRow(rows, func() error { return scanLast(rows, at) }); err != nil {
		return err
	}
	rows, err = tx.Query(ctx, `SELECT w.client_id, NULLIF(x.actor_id, x.org_id), 'staff', p.name, x.applied_at FROM organizations o
			JOIN chat_access_changes x ON x.id = o.active_change LEFT JOIN people p ON p.id = x.actor_id
			JOIN chat_access_change_rows w ON w.change_id = x.id AND w.folded = FALSE
		WHERE o.id = $1 AND w.client_id IN (`+tx.In(2, len(clients))+`)`, ids(clients, org)...)
	if err != nil {
		return err
	}
	return eachRow(rows, func() error { return scanLast(rows, at) })
}

func scanLast(row db.Scanner, at map[care.UserID]*Row) error {
	var client care.UserID
	var by care.Person
	var name sql.NullString
	var when int64
	if err := row.Scan(&client, &by.ID, &by.Kind, &name, &when); err != nil {
		return err
	}
	r := at[client]
	r.LastBy, r.LastAt = person(by, name), db.FromMillis(when)
	return nil
}
