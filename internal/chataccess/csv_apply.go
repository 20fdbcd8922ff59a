package chataccess

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// surveyFile looks at the rows that a file asked for. Where a client is not as they were
// when the file was read, or the actor may not change them any more, the fingerprint
// differs and the preview does not hold.
func surveyFile(ctx context.Context, tx *db.Tx, actor care.Actor, id ChangeID) (survey, error) {
	f := survey{counts: map[Outcome]int{}}
	err := tx.QueryRow(ctx, `SELECT access_epoch FROM organizations WHERE id = $1`, actor.Org).Scan(&f.epoch)
	if err != nil {
		return f, err
	}
	err = visitRows(ctx, tx, actor, id, func(w *written) {
		f.matched++
		if !w.holds(PlaceOwn, w.old, w.oldUntil) || (changesTeamOnly(actor) && !w.onTeam) {
			f.sum[0]++
		}
		f.steps = append(f.steps, w.step(PlaceOwn, w.new))
	})
	return f, err
}
