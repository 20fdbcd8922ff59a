package chataccess

import (
	"context"
	"strings"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/ladder"
)

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
	pending, err := ladder.BeingWritten(ctx, tx, actor.Org)
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
		query = `SELECT ` + counted(`k.n`, directory.KindDirect, directory.KindCommunity, directory.KindFrom[care.PlaceClient]) + directory.Kinds + ` WHERE k.org_id = $1 AND k.state = $2`
	default:
		args = append(args, actor.User)
		query = `SELECT ` + counted(`m.n`, directory.KindDirect, directory.KindCommunity, directory.KindFrom[care.PlaceClient]) + `
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
