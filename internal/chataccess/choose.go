package chataccess

import (
	"context"
	"slices"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Choose calls note for each client whom a filter means and whose chat access the actor may
// change, in no order: for changes of many clients that are about something else and reach
// the same people. Refusals: forbidden, invalid.
func Choose(ctx context.Context, tx *db.Tx, actor care.Actor, f Filter, now time.Time, note func(care.UserID)) error {
	if err := mayChangeMany(actor); err != nil {
		return err
	}
	if err := f.checkBulk(); err != nil {
		return err
	}
	if err := f.checkNamed(ctx, tx, actor); err != nil {
		return err
	}
	if len(f.Clients) == 0 {
		return chooseAmong(ctx, tx, actor, f, now, nil, note)
	}
	named := slices.Clone(f.Clients)
	slices.SortFunc(named, compareIDs)
	for part := range slices.Chunk(slices.Compact(named), 1024) {
		if err := chooseAmong(ctx, tx, actor, f, now, part, note); err != nil {
			return err
		}
	}
	return nil
}

// chooseAmong is Choose among the clients that are named, nil all.
func chooseAmong(ctx context.Context, tx *db.Tx, actor care.Actor, f Filter, now time.Time, named []care.UserID, note func(care.UserID)) error {
	q := reach(actor, changesTeamOnly(actor))
	q.narrow(f, now)
	args := q.args
	if named != nil {
		q.where = append(q.where, `c.user_id IN (`+tx.In(len(args)+1, len(named))+`)`)
		args = ids(named, args...)
	}
	rows, err := tx.Query(ctx, `SELECT c.user_id FROM `+q.tables(), args...)
	if err != nil {
		return err
	}
	var id care.UserID
	return eachRow(rows, func() error {
		err := rows.Scan(&id)
		note(id)
		return err
	})
}

// ChangesTeamOnly reports whether the actor may change the clients of their care team only.
func ChangesTeamOnly(actor care.Actor) bool { return changesTeamOnly(actor) }
