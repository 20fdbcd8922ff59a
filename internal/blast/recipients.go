package blast

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// Everybody at once.
const (
	MyActive           = "my_active"           // the active clients on whose care team one is
	OrganizationActive = "organization_active" // all active clients
)

// MaxNamed is how many clients can be named one by one, and how many be taken out.
const MaxNamed = 100_000

// Recipients is who is chosen: everybody that one of the parts brings, without those taken
// out. It is stored as JSON, in this form.
type Recipients struct {
	Clients []care.UserID  `json:"client_ids,omitempty"`
	Groups  []care.GroupID `json:"group_ids,omitempty"`
	All     string         `json:"all,omitempty"`
	Filter  *ClientFilter  `json:"filter,omitempty"`
	Exclude []care.UserID  `json:"exclude_ids,omitempty"`
}

// ClientFilter chooses the active clients for whom everything that is set holds.
type ClientFilter struct {
	Group      care.GroupID `json:"group_id,omitzero"`
	Provider   care.UserID  `json:"provider_id,omitzero"` // on the care team
	Direct     care.Setting `json:"direct,omitempty"`     // effective: on or off
	Community  care.Setting `json:"community,omitempty"`
	SeenAfter  *time.Time   `json:"seen_after,omitempty"`
	SeenBefore *time.Time   `json:"seen_before,omitempty"` // also who was never here
}

func (r Recipients) check() *care.Error {
	switch {
	case len(r.Clients) > MaxNamed:
		return care.BadField("client_ids", "too_many", "Must be at most 100,000 clients.")
	case len(r.Exclude) > MaxNamed:
		return care.BadField("exclude_ids", "too_many", "Must be at most 100,000 clients.")
	case r.All != "" && r.All != MyActive && r.All != OrganizationActive:
		return care.BadField("all", "unknown", "Must be my_active or organization_active.")
	case len(r.Clients)+len(r.Groups) == 0 && r.All == "" && r.Filter == nil:
		return care.BadField("recipients", "required", "Choose at least one client, group or filter.")
	}
	return nil
}

// target is a client who was chosen.
type target struct {
	id        care.UserID
	name      string
	sortName  string
	why       string // "" for who can be reached
	source    care.Place
	community bool
}

// resolved is who was chosen, by name, at one moment.
type resolved struct {
	targets   []target
	reachable int
	community int
	why       map[string]int64
}

// resolve finds everybody who is chosen and judges them. What the actor may not see does
// not exist: clients that were named so are told as unknown.
func resolve(ctx context.Context, tx *db.Tx, actor care.Actor, r Recipients) (*resolved, error) {
	if refusal := r.check(); refusal != nil {
		return nil, refusal
	}
	found := map[care.UserID]target{}
	keep := func(t target) { found[t.id] = t }
	if err := resolveNamed(ctx, tx, actor, r.Clients, keep); err != nil {
		return nil, err
	}
	if err := resolveGroups(ctx, tx, actor, r.Groups, keep); err != nil {
		return nil, err
	}
	if err := resolveAll(ctx, tx, actor, r.All, keep); err != nil {
		return nil, err
	}
	if r.Filter != nil {
		q, refusal := r.Filter.query(actor)
		if refusal != nil {
			return nil, refusal
		}
		if err := visit(ctx, tx, q, keep); err != nil {
			return nil, err
		}
	}
	for _, id := range r.Exclude {
		delete(found, id)
	}
	return sortedByName(found), nil
}

func sortedByName(found map[care.UserID]target) *resolved {
	out := &resolved{targets: make([]target, 0, len(found)), why: map[string]int64{}}
	for _, t := range found {
		out.targets = append(out.targets, t)
		if t.why == "" {
			out.reachable++
		} else {
			out.why[t.why]++
		}
		if t.community {
			out.community++
		}
	}
	slices.SortFunc(out.targets, func(a, b target) int {
		return cmp.Or(strings.Compare(a.sortName, b.sortName), slices.Compare(a.id[:], b.id[:]))
	})
	return out
}

// clientsOf begins a question for clients whom the actor may see.
func clientsOf(actor care.Actor) *query {
	q := &query{}
	q.and(`c.org_id = `, actor.Org)
	if !actor.Can(care.ViewAllClients) {
		q.onTeamOf(actor.User)
	}
	return q
}

func (q *query) onTeamOf(staff care.UserID) {
	q.where = append(q.where, `EXISTS (SELECT 1 FROM care_team t WHERE t.client_id = c.user_id AND t.staff_id = `+q.arg(staff)+`)`)
}

func (q *query) active() { q.and(`c.state = `, string(care.ClientActive)) }

func resolveNamed(ctx context.Context, tx *db.Tx, actor care.Actor, ids []care.UserID, keep func(target)) error {
	known := make(map[care.UserID]bool, len(ids))
	for part := range slices.Chunk(ids, 500) {
		q := clientsOf(actor)
		in := tx.In(len(q.args)+1, len(part))
		for _, id := range part {
			q.args = append(q.args, id)
		}
		q.where = append(q.where, `c.user_id IN (`+in+`)`)
		err := visit(ctx, tx, q, func(t target) { known[t.id] = true; keep(t) })
		if err != nil {
			return err
		}
	}
	return unknownClients(ids, known)
}

// unknownClients names, in the answer of its kind, the ids that were not found.
func unknownClients(ids []care.UserID, known map[care.UserID]bool) error {
	var missing []string
	for _, id := range ids {
		if !known[id] {
			missing = append(missing, id.String())
		}
	}
	if len(missing) == 0 {
		return nil
	}
	refusal := care.Missing("client")
	if n := len(missing); n > 20 {
		missing = append(missing[:20:20], fmt.Sprintf("and %d more", n-20))
	}
	refusal.Fields = []care.FieldError{{Field: "client_ids", Code: "unknown", Detail: "There are no such clients: " + strings.Join(missing, ", ") + "."}}
	return refusal
}

func resolveGroups(ctx context.Context, tx *db.Tx, actor care.Actor, groups []care.GroupID, keep func(target)) error {
	for _, g := range groups {
		_, found, err := db.One(ctx, tx, scanText, `SELECT name FROM client_groups WHERE id = $1 AND org_id = $2`, g, actor.Org)
		if err != nil {
			return err
		}
		if !found {
			return care.Missing("group")
		}
		q := clientsOf(actor)
		q.and(`c.group_id = `, g)
		if err := visit(ctx, tx, q, keep); err != nil {
			return err
		}
	}
	return nil
}

func scanText(row db.Scanner) (text string, err error) { return text, row.Scan(&text) }

func resolveAll(ctx context.Context, tx *db.Tx, actor care.Actor, all string, keep func(target)) error {
	if all == "" {
		return nil
	}
	q := clientsOf(actor)
	q.active()
	if all == MyActive {
		q.onTeamOf(actor.User)
	} else if refusal := access.BlastEverybody(actor); refusal != nil {
		return refusal
	}
	return visit(ctx, tx, q, keep)
}

func (f ClientFilter) query(actor care.Actor) (*query, *care.Error) {
	q := clientsOf(actor)
	q.active()
	if !f.Group.IsZero() {
		q.and(`c.group_id = `, f.Group)
	}
	if !f.Provider.IsZero() {
		q.onTeamOf(f.Provider)
	}
	for _, by := range []struct {
		field, column string
		wanted        care.Setting
	}{{"filter.direct", ladder.Direct, f.Direct}, {"filter.community", ladder.Community, f.Community}} {
		switch by.wanted {
		case "":
		case care.On, care.Off:
			q.and(by.column+` = `, by.wanted == care.On)
		default:
			return nil, care.BadField(by.field, "unknown", "Must be on or off.")
		}
	}
	if f.SeenAfter != nil {
		q.and(`p.last_seen_at >= `, db.Millis(*f.SeenAfter))
	}
	if f.SeenBefore != nil {
		q.and(`COALESCE(p.last_seen_at, 0) < `, db.Millis(*f.SeenBefore))
	}
	return q, nil
}

// account is whether a client has a way to read what is written to them. It counts, where
// EXISTS would do, because PostgreSQL would read the whole table for a few clients then.
const account = `(p.email IS NOT NULL OR (SELECT COUNT(*) FROM invitations i WHERE i.user_id = p.id) > 0
	OR (SELECT COUNT(*) FROM credentials k WHERE k.user_id = p.id) > 0)`

// visit calls keep for each client that a question finds.
func visit(ctx context.Context, tx *db.Tx, q *query, keep func(target)) error {
	rows, err := tx.Query(ctx, `SELECT p.sort_name, `+account+`, `+ladder.ClientColumns+`
		FROM clients c JOIN people p ON p.id = c.user_id`+ladder.Joins+q.text(), q.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	var t target
	var reads sql.NullBool
	var c ladder.ClientScan
	into := append([]any{&t.sortName, &reads}, c.Targets()...)
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		client := c.Client()
		t.id, t.name, t.source = client.ID, client.Name, ""
		t.why, _ = access.BlastReaches(client, reads.Bool)
		if t.why == access.WhyDirectOff {
			_, t.source = client.Direct.Resolve()
		}
		_, t.community = access.Reachable(client)
		keep(t)
	}
	return rows.Err()
}

// inWords says who was chosen, for lists and records.
func inWords(ctx context.Context, tx *db.Tx, actor care.Actor, r Recipients, who *resolved) (string, error) {
	var parts []string
	switch r.All {
	case MyActive:
		parts = append(parts, "All my active clients")
	case OrganizationActive:
		parts = append(parts, "All active clients in the organization")
	}
	for _, g := range r.Groups {
		name, _, err := db.One(ctx, tx, scanText, `SELECT name FROM client_groups WHERE id = $1 AND org_id = $2`, g, actor.Org)
		if err != nil {
			return "", err
		}
		parts = append(parts, name)
	}
	if r.Filter != nil {
		parts = append(parts, "Clients found by a filter")
	}
	if named := namedIn(r, who); named != "" {
		parts = append(parts, named)
	}
	return strings.Join(parts, ", "), nil
}

// namedIn says who of those who were named one by one was not taken out again.
func namedIn(r Recipients, who *resolved) string {
	named := make(map[care.UserID]bool, len(r.Clients))
	for _, id := range r.Clients {
		named[id] = true
	}
	first, n := "", 0
	for i := range who.targets {
		if !named[who.targets[i].id] {
			continue
		}
		if n++; n == 1 {
			first = who.targets[i].name
		}
	}
	switch n {
	case 0, 1:
		return first
	case 2:
		return first + " and one other"
	default:
		return fmt.Sprintf("%s and %d others", first, n-1)
	}
}
