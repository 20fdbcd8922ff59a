package preference

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
)

// UndoFor is how long a change of many clients can be undone.
const UndoFor = 24 * time.Hour

// Undo begins to take a change back, within 24 hours and once, also one that is still being
// written: each client gets back what they had in the cells that it changed, unless these are
// not any more as it left them. Refusals: not_found, forbidden, version_conflict when it was
// undone already or is too old.
func (s *Service) Undo(ctx context.Context, actor care.Actor, id ChangeID) (c BulkChange, err error) {
	if err := mayChangeMany(actor); err != nil {
		return c, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.undoable(ctx, tx, actor, id); err != nil {
			return err
		}
		now := s.clock()
		n, err := tx.Exec(ctx, `UPDATE notification_changes SET state = 'undoing', finished_at = NULL, undone_at = $2, undone_by = $3, undo_team = $4
			WHERE id = $1 AND state IN ('applying', 'applied')`, id, db.Millis(now), actor.User, chataccess.ChangesTeamOnly(actor))
		if err != nil {
			return err
		}
		if n == 0 {
			return errUndone()
		}
		if err := enqueue(ctx, tx, now, id); err != nil {
			return err
		}
		return audit.Append(ctx, tx, actor.Org, actor.Person(), now, audit.Act("notifications.bulk_undone",
			audit.About("organization", actor.Org), map[string]any{"undoes": id.String()}))
	})
	if err != nil {
		return c, err
	}
	s.wake()
	return s.Change(ctx, actor, id)
}

func errUndone() error { return stale("This change was undone already.") }

// undoable decides whether the actor may undo a change now.
func (s *Service) undoable(ctx context.Context, tx *db.Tx, actor care.Actor, id ChangeID) error {
	var by care.UserID
	var at int64
	var undone sql.NullInt64
	err := tx.QueryRow(ctx, `SELECT actor_id, applied_at, undone_at FROM notification_changes
		WHERE id = $1 AND org_id = $2 AND applied_at IS NOT NULL`, id, actor.Org).Scan(&by, &at, &undone)
	switch {
	case errors.Is(err, db.ErrNoRows):
		return care.Missing("change")
	case err != nil:
		return err
	case chataccess.ChangesTeamOnly(actor) && by != actor.User:
		return care.Refused("Only who made this change, or somebody who may change all clients, can undo it.")
	case undone.Valid:
		return errUndone()
	case !s.clock().Before(db.FromMillis(at).Add(UndoFor)):
		return stale("A change can be undone for 24 hours.")
	}
	return nil
}

// before is what a change found and wrote for one client.
type before struct {
	client   care.UserID
	old, new Settings
}

// restores gives what the client's place is to be again; nothing is written where its cells
// are not as the change left them.
func (b before) restores(place string, l Ladder) judgement {
	is := l.Own
	if place == PlaceDefault {
		is = Settings{Set: ClientCells, On: l.Default}
	}
	cells := b.old.differs(b.new)
	if is.differs(b.new)&cells != 0 {
		return judgement{old: is, new: is}
	}
	return judgement{old: is, new: Change{cells, b.old.Set & cells, b.old.On & cells}.apply(is)}
}

// undoSome gives the next clients back what they had. The rows of those who are left stay,
// so that they can be named.
func (s *Service) undoSome(ctx context.Context, tx *db.Tx, w work, n int) (int, error) {
	rows, err := readBefore(ctx, tx, w, n)
	if err != nil {
		return 0, err
	}
	if len(rows) == 0 {
		return 0, s.undone(ctx, tx, w)
	}
	was, clients := make(map[care.UserID]before, len(rows)), make([]care.UserID, len(rows))
	for i, b := range rows {
		was[b.client], clients[i] = b, b.client
	}
	var restored []care.UserID
	err = replaceSome(ctx, tx, w, clients, func(c rungs) judgement {
		if w.teamOnly && !c.onTeam {
			return judgement{}
		}
		return was[c.client].restores(w.request.Place, c.ladder)
	}, func(list []replacement) error {
		for _, r := range list {
			restored = append(restored, r.client)
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM notification_change_rows WHERE change_id = $1 AND client_id IN (`+tx.In(2, len(restored))+`)`, ids(restored, w.id)...)
	if err != nil {
		return 0, err
	}
	return len(rows), only(tx.Exec(ctx, `UPDATE notification_changes SET undo_behind = $3, restored = restored + $4, kept = kept + $5
		WHERE id = $1 AND state = 'undoing' AND restored + kept = $2`,
		w.id, w.restored+w.kept, clients[len(clients)-1], len(restored), len(rows)-len(restored)))
}

func readBefore(ctx context.Context, tx *db.Tx, w work, n int) ([]before, error) {
	behind, args := ``, []any{w.id, n}
	if !w.behind.IsZero() {
		behind, args = ` AND client_id > $3`, append(args, w.behind)
	}
	return db.Many(ctx, tx, func(row db.Scanner) (b before, err error) {
		var masks [4]int64
		err = row.Scan(&b.client, &masks[0], &masks[1], &masks[2], &masks[3])
		b.old, b.new = Settings{Mask(masks[0]), Mask(masks[1])}, Settings{Mask(masks[2]), Mask(masks[3])}
		return b, err
	}, `SELECT client_id, old_set, old_on, new_set, new_on FROM notification_change_rows
		WHERE change_id = $1`+behind+` ORDER BY client_id LIMIT $2`, args...)
}

// undone ends the taking back, with what was not written yet of the change.
func (s *Service) undone(ctx context.Context, tx *db.Tx, w work) error {
	if _, err := tx.Exec(ctx, `DELETE FROM notification_change_parts WHERE change_id = $1`, w.id); err != nil {
		return err
	}
	return only(tx.Exec(ctx, `UPDATE notification_changes SET state = 'undone', finished_at = $2 WHERE id = $1 AND state = 'undoing'`,
		w.id, db.Millis(s.clock())))
}
