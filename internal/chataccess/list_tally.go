package chataccess

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// tally counts clients by what their switches are at every place and by their group: a few
// kinds of clients, however many clients there are. The database counts them in the index
// clients_by_access, or with the rows of a bulk change that is being written.
type tally []kind

// kind is clients with the same values and group.
type kind struct {
	is    [2]access.Ladder
	group care.GroupID
	count int
}

// bySwitches reports whether a filter asks for switches and groups only, of all clients of
// the organization, so that a tally answers it.
func (f Filter) bySwitches(actor care.Actor) bool {
	asked := f.Direct != "" || f.Community != "" || f.Source != "" || !f.Group.IsZero() || f.State == care.ClientArchived
	return asked && actor.Can(care.ViewAllClients) && f.Query == "" && f.Provider.IsZero() && !f.Ending && len(f.Clients) == 0
}

func (f Filter) state() care.ClientState {
	if f.State == "" {
		return care.ClientActive
	}
	return f.State
}

// takeTally counts the clients of an organization. stored is false while a bulk change is
// written, when what is stored of clients is not what they are.
func takeTally(ctx context.Context, tx *db.Tx, org care.OrgID, state care.ClientState) (t tally, stored bool, err error) {
	var active ChangeID
	if err := tx.QueryRow(ctx, `SELECT active_change FROM organizations WHERE id = $1`, org).Scan(&active); err != nil {
		return nil, false, err
	}
	const where = ` WHERE c.org_id = $1 AND c.state = $2`
	if !active.IsZero() {
		t, err = countKinds(ctx, tx, `SELECT `+ladder.Columns+`, c.group_id, COUNT(*) FROM clients c`+joins+where+` GROUP BY 1, 2, 3, 4, 5, 6, 7`, org, string(state))
		return t, false, err
	}
	t, err = countKinds(ctx, tx, `SELECT c.own_direct, g.direct, c.default_direct, c.own_community, g.community, c.default_community, c.group_id, c.n
		FROM (SELECT c.own_direct, c.own_community, c.default_direct, c.default_community, c.group_id, COUNT(*) AS n
			FROM clients c`+where+` GROUP BY c.own_direct, c.own_community, c.default_direct, c.default_community, c.group_id) AS c
		LEFT JOIN client_groups g ON g.id = c.group_id`, org, string(state))
	return t, true, err
}

// takeTallyFor counts the active clients whom the actor may see.
func takeTallyFor(ctx context.Context, tx *db.Tx, actor care.Actor) (tally, error) {
	if actor.Can(care.ViewAllClients) {
		t, _, err := takeTally(ctx, tx, actor.Org, care.ClientActive)
		return t, err
	}
	return countKinds(ctx, tx, `SELECT `+ladder.Columns+`, c.group_id, COUNT(*) FROM care_team v CROSS JOIN clients c`+joins+`
		WHERE v.staff_id = $3 AND c.user_id = v.client_id AND c.org_id = $1 AND c.state = $2 GROUP BY 1, 2, 3, 4, 5, 6, 7`,
		actor.Org, string(care.ClientActive), actor.User)
}

func countKinds(ctx context.Context, tx *db.Tx, query string, args ...any) (tally, error) {
	return db.Many(ctx, tx, func(r db.Scanner) (k kind, err error) {
		var sw ladder.Switches
		err = r.Scan(append(sw.Targets(), &k.group, &k.count)...)
		k.is = [2]access.Ladder{sw.Direct(), sw.Community()}
		return k, err
	}, query, args...)
}

func (t tally) total() (n int) {
	for _, k := range t {
		n += k.count
	}
	return n
}

// only keeps the kinds that a filter asks for.
func (t tally) only(f Filter) tally {
	var kept tally
	for _, k := range t {
		if k.matches(f) {
			kept = append(kept, k)
		}
	}
	return kept
}

func (k kind) matches(f Filter) bool {
	direct, from := k.is[0].Resolve()
	community, fromToo := k.is[1].Resolve()
	return (f.Group.IsZero() || f.Group == k.group) &&
		(f.Direct == "" || f.Direct == care.SettingOf(direct)) &&
		(f.Community == "" || f.Community == care.SettingOf(community)) &&
		(f.Source == "" || f.Source == from || f.Source == fromToo)
}

// What counts as few: clients, whose names are read and sorted, and kinds, each of which is
// looked up in the index.
const (
	fewClients = 1000
	fewKinds   = 30
)

func (t tally) few() bool { return t.total() <= fewClients && len(t) <= fewKinds }

// clients gives the ids of the clients of these kinds, going by what is stored of them.
func (t tally) clients(ctx context.Context, tx *db.Tx, org care.OrgID, state care.ClientState) ([]care.UserID, error) {
	if len(t) == 0 {
		return nil, nil
	}
	args := []any{org, string(state)}
	parts := make([]string, len(t))
	for i, k := range t {
		group := `group_id IS NULL`
		if !k.group.IsZero() {
			args = append(args, k.group)
			group = `group_id = ` + placeholder(len(args))
		}
		parts[i] = `SELECT user_id FROM clients WHERE org_id = $1 AND state = $2 AND ` + k.condition() + ` AND ` + group
	}
	return db.Many(ctx, tx, scanUser, strings.Join(parts, ` UNION ALL `), args...)
}

// condition asks for the stored values of a kind; group values follow from the group.
func (k kind) condition() string {
	is := func(column string, value care.Setting) string {
		switch value {
		case care.On:
			return column + ` = TRUE`
		case care.Off:
			return column + ` = FALSE`
		}
		return column + ` IS NULL`
	}
	return strings.Join([]string{
		is("own_direct", k.is[0].Own), is("own_community", k.is[1].Own),
		is("default_direct", care.SettingOf(k.is[0].Default)), is("default_community", care.SettingOf(k.is[1].Default)),
	}, " AND ")
}

// named is a client with the name they are ordered by.
type named struct {
	id   care.UserID
	name string
}

// byName gives a page of a few clients, by name as the database orders it.
func byName(ctx context.Context, tx *db.Tx, clients []care.UserID, after named, limit int) ([]care.UserID, error) {
	var list []named
	err := chunked(clients, 256, func(part []care.UserID) error {
		some, err := db.Many(ctx, tx, func(r db.Scanner) (n named, err error) { return n, r.Scan(&n.id, &n.name) },
			`SELECT id, sort_name FROM people WHERE id IN (`+tx.In(1, len(part))+`)`, ids(part)...)
		list = append(list, some...)
		return err
	})
	list = slices.DeleteFunc(list, func(n named) bool { return !after.id.IsZero() && n.compare(after) <= 0 })
	slices.SortFunc(list, named.compare)
	found := make([]care.UserID, 0, limit)
	for _, n := range list[:min(limit, len(list))] {
		found = append(found, n.id)
	}
	return found, err
}

func (n named) compare(other named) int {
	return cmp.Or(strings.Compare(n.name, other.name), compareIDs(n.id, other.id))
}
