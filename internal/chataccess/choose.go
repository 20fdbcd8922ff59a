package chataccess

import (
	"context"
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
	return visitMeant(ctx, tx, actor, f, now, func(c *seen) { note(c.id) })
}

// ChangesTeamOnly reports whether the actor may change the clients of their care team only.
func ChangesTeamOnly(actor care.Actor) bool { return changesTeamOnly(actor) }
