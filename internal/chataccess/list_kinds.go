package chataccess

import (
	"context"
	"fmt"
	"strings"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// The effective values of a kind k with its group g, where no bulk change is being
// written. Package ladder has the same for a client.
const (
	kindDirect    = `COALESCE(k.own_direct, g.direct, k.default_direct)`
	kindCommunity = `COALESCE(k.own_community, g.community, k.default_community)`
	kindsOf       = ` FROM client_kinds k LEFT JOIN client_groups g ON g.id = k.group_id`
)

// kindFrom asks that one of the switches of a kind comes from a place.
var kindFrom = map[care.Place]string{
	care.PlaceClient: `(k.own_direct IS NOT NULL OR k.own_community IS NOT NULL)`,
	care.PlaceGroup: `((k.own_direct IS NULL AND g.direct IS NOT NULL)
		OR (k.own_community IS NULL AND g.community IS NOT NULL))`,
	care.PlaceDefault: `((k.own_direct IS NULL AND g.direct IS NULL)
		OR (k.own_community IS NULL AND g.community IS NULL))`,
}

// bySwitches reports whether a filter asks for what a bulk change writes.
func (f Filter) bySwitches() bool {
	return f.Direct != "" || f.Community != "" || f.Source != "" || f.Ending
}

func (f Filter) state() care.ClientState {
	if f.State == "" {
		return care.ClientActive
	}
	return f.State
}

// beingWritten reports whether a bulk change counts whose values are not written to every
// client. What follows the change of a group holds no values.
func beingWritten(ctx context.Context, tx *db.Tx, org care.OrgID) (bool, error) {
	_, found, err := db.One(ctx, tx, scanChange, `SELECT x.id FROM organizations o
		JOIN chat_access_changes x ON x.id = o.active_change WHERE o.id = $1 AND x.place <> 'group'`, org)
	return found, err
}

// takeKinds finds the kinds of clients that a filter asks for.
func (q *search) takeKinds(ctx context.Context, tx *db.Tx, f Filter) error {
	where, args := `k.org_id = $1 AND k.state = $2 AND k.n > 0`, []any{q.org, string(f.state())}
	and := func(condition string, value any) {
		args = append(args, value)
		where += fmt.Sprintf(" AND %s = $%d", condition, len(args))
	}
	if !f.Group.IsZero() {
		and("k.group_id", f.Group)
	}
	if !f.Provider.IsZero() {
		and("k.primary_provider_id", f.Provider)
	}
	if f.Direct != "" {
		and(kindDirect, f.Direct == care.On)
	}
	if f.Community != "" {
		and(kindCommunity, f.Community == care.On)
	}
	if from := kindFrom[f.Source]; from != "" {
		where += ` AND ` + from
	}
	rows, err := tx.Query(ctx, `SELECT k.id, k.n`+kindsOf+` WHERE `+where, args...)
	if err != nil {
		return err
	}
	return eachRow(rows, func() error {
		var id int64
		var n int
		err := rows.Scan(&id, &n)
		q.kinds, q.total = append(q.kinds, id), q.total+n
		return err
	})
}

// Counts is how many clients whom the actor may see are in the parts of the list.
// EndingMore says that at least Ending end: to count them all would take longer.
type Counts struct {
	All, DirectOff, CommunityOff, Own, Ending int
	EndingMore                                bool
}

// counted sums clients with the values at x.
func counted(n, direct, community, own string) string {
	sum := func(condition string) string {
		return `COALESCE(SUM(CASE WHEN ` + condition + ` THEN ` + n + ` ELSE 0 END), 0)`
	}
	return strings.Join([]string{`COALESCE(SUM(` + n + `), 0)`, sum(direct + ` = FALSE`), sum(community + ` = FALSE`), sum(own)}, ", ")
}

// takeCounts counts the active clients whom the actor may see, but those that end.
func takeCounts(ctx context.Context, tx *db.Tx, actor care.Actor) (n Counts, err error) {
	pending, err := beingWritten(ctx, tx, actor.Org)
	if err != nil {
		return n, err
	}
	query, args := ``, []any{actor.Org, string(care.ClientActive)}
	switch all := actor.Can(care.ViewAllClients); {
	case pending:
		q := reach(actor, !all)
		q.and("c.state = $%d", string(care.ClientActive))
		query, args = `SELECT `+counted(`1`, ladder.Direct, ladder.Community, sourceIs[care.PlaceClient])+` FROM `+q.from+joins+` WHERE `+q.text(), q.args
	case all:
		query = `SELECT ` + counted(`k.n`, kindDirect, kindCommunity, kindFrom[care.PlaceClient]) + kindsOf + ` WHERE k.org_id = $1 AND k.state = $2`
	default:
		args = append(args, actor.User)
		query = `SELECT ` + counted(`m.n`, kindDirect, kindCommunity, kindFrom[care.PlaceClient]) + `
			FROM (SELECT l.kind, COUNT(*) AS n FROM care_team v CROSS JOIN client_list l WHERE v.staff_id = $3 AND l.client_id = v.client_id GROUP BY l.kind) AS m
			CROSS JOIN client_kinds k LEFT JOIN client_groups g ON g.id = k.group_id WHERE k.id = m.kind AND k.org_id = $1 AND k.state = $2`
	}
	err = tx.QueryRow(ctx, query, args...).Scan(&n.All, &n.DirectOff, &n.CommunityOff, &n.Own)
	return n, err
}

// Counts counts the active clients whom the actor may see.
func (s *Service) Counts(ctx context.Context, actor care.Actor) (n Counts, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return n, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if n, err = takeCounts(ctx, tx, actor); err != nil {
			return err
		}
		_, ending, err := s.find(ctx, tx, actor, Filter{Ending: true}, care.UserID{}, 1)
		n.Ending, n.EndingMore = ending.Count, ending.More
		return err
	})
	return n, err
}
