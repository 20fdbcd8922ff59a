package chataccess

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Change is a bulk change that counted, with what became of it.
type Change struct {
	ID        ChangeID
	At        time.Time
	Actor     care.Person
	How       string
	Place     string
	Direct    care.Setting // "" where it says nothing, or a file says it for each client
	Community care.Setting
	Reason    string
	Until     time.Time
	Changed   int
	UndoneAt  time.Time
	UndoneBy  care.Person
	UndoUntil time.Time
	CanUndo   bool
}

// Changes gives the bulk changes of the organization, newest first, and the cursor of the
// next page. Those who may change the clients of their care team only see their own.
func (s *Service) Changes(ctx context.Context, actor care.Actor, page Page) (list []Change, next string, err error) {
	if err := mayChangeMany(actor); err != nil {
		return nil, "", err
	}
	after, err := page.change()
	if err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = readChanges(ctx, tx, actor, after, page.Limit+1)
		return err
	})
	if len(list) > page.Limit {
		list = list[:page.Limit]
		next = cursorOf(list[page.Limit-1].ID)
	}
	now := s.clock()
	for i := range list {
		list[i].CanUndo = list[i].UndoneAt.IsZero() && now.Before(list[i].UndoUntil)
	}
	return list, next, err
}

func readChanges(ctx context.Context, tx *db.Tx, actor care.Actor, after ChangeID, limit int) ([]Change, error) {
	where := `x.org_id = $1 AND x.applied_at IS NOT NULL AND x.undoes IS NULL AND x.place <> 'group'`
	args := []any{actor.Org, limit}
	if changesTeamOnly(actor) {
		where += ` AND x.actor_id = $3`
		args = append(args, actor.User)
	}
	if !after.IsZero() {
		var at int64
		err := tx.QueryRow(ctx, `SELECT applied_at FROM chat_access_changes WHERE id = $1 AND org_id = $2 AND applied_at IS NOT NULL`,
			after, actor.Org).Scan(&at)
		if err == db.ErrNoRows {
			return nil, badCursor()
		}
		if err != nil {
			return nil, err
		}
		where += ` AND x.applied_at < ` + placeholder(len(args)+1)
		args = append(args, at)
	}
	return db.Many(ctx, tx, scanOneChange, `SELECT x.id, x.applied_at, x.actor_id, p.name, x.how, x.place, x.direct, x.community,
			x.reason, x.until, x.changed, x.undone_at, x.undone_by, u.name
		FROM chat_access_changes x LEFT JOIN people p ON p.id = x.actor_id LEFT JOIN people u ON u.id = x.undone_by
		WHERE `+where+` ORDER BY x.applied_at DESC LIMIT $2`, args...)
}

func scanOneChange(r db.Scanner) (c Change, err error) {
	var at int64
	var name, direct, community, reason, undoer sql.NullString
	var until, undone sql.NullInt64
	err = r.Scan(&c.ID, &at, &c.Actor.ID, &name, &c.How, &c.Place, &direct, &community,
		&reason, &until, &c.Changed, &undone, &c.UndoneBy.ID, &undoer)
	c.At, c.UndoUntil = db.FromMillis(at), db.FromMillis(at).Add(UndoFor)
	c.Actor.Kind, c.Actor.Name = care.KindStaff, name.String
	c.UndoneBy.Kind, c.UndoneBy.Name = care.KindStaff, undoer.String
	c.Direct, c.Community, c.Reason = care.Setting(direct.String), care.Setting(community.String), reason.String
	c.Until, c.UndoneAt = moment(until), moment(undone)
	return c, err
}
