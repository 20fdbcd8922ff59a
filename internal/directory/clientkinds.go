package directory

import (
	"cmp"
	"context"
	"fmt"

	"hearth/internal/care"
	"hearth/internal/db"
)

// The effective values of a kind k with its group g, over Kinds, where no bulk change is
// being written. Package ladder has the same for a client.
const (
	KindDirect    = `COALESCE(k.own_direct, g.direct, k.default_direct)`
	KindCommunity = `COALESCE(k.own_community, g.community, k.default_community)`
	Kinds         = ` FROM client_kinds k LEFT JOIN client_groups g ON g.id = k.group_id`
)

// KindFrom asks that one of the switches of a kind comes from a place.
var KindFrom = map[care.Place]string{
	care.PlaceClient: `(k.own_direct IS NOT NULL OR k.own_community IS NOT NULL)`,
	care.PlaceGroup: `((k.own_direct IS NULL AND g.direct IS NOT NULL)
		OR (k.own_community IS NULL AND g.community IS NOT NULL))`,
	care.PlaceDefault: `((k.own_direct IS NULL AND g.direct IS NULL)
		OR (k.own_community IS NULL AND g.community IS NULL))`,
}

// takeKinds finds the kinds of clients that a filter asks for.
func (q *search) takeKinds(ctx context.Context, tx *db.Tx, f ClientFilter) error {
	where, args := `k.org_id = $1 AND k.state = $2 AND k.n > 0`, []any{q.org, string(cmp.Or(f.State, care.ClientActive))}
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
		and(KindDirect, f.Direct == care.On)
	}
	if f.Community != "" {
		and(KindCommunity, f.Community == care.On)
	}
	if from := KindFrom[f.Source]; from != "" {
		where += ` AND ` + from
	}
	type kind struct {
		id int64
		n  int
	}
	kinds, err := db.Many(ctx, tx, func(r db.Scanner) (k kind, err error) { err = r.Scan(&k.id, &k.n); return k, err },
		`SELECT k.id, k.n`+Kinds+` WHERE `+where, args...)
	for _, k := range kinds {
		q.kinds, q.total = append(q.kinds, k.id), q.total+k.n
	}
	return err
}
