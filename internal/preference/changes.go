package preference

import (
	"context"
	"database/sql"
	"encoding/base64"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
)

// BulkChange is a change of many clients that was applied, and how far it is.
type BulkChange struct {
	ID         ChangeID
	State      string
	Place      string
	Change     Change
	IncludeOwn bool
	How        string
	Matched    int // clients it was about
	Total      int // clients it writes
	Done       int // of those, so far
	Changed    int // clients for whom something changed, so far
	Restored   int // clients who have been given back what they had
	Kept       int // clients whom the undo left as they are
	Left       []Sample
	At         time.Time
	By         care.Person
	Finished   time.Time
	UndoneAt   time.Time
	UndoneBy   care.Person
	UndoUntil  time.Time
	CanUndo    bool
}

// Page asks for a part of a list: up to Limit after where Cursor ended.
type Page struct {
	Cursor string
	Limit  int
}

func badCursor() error {
	return care.BadField("cursor", "malformed", "Must be the next_cursor of the page before.")
}

func (p Page) after() (id ChangeID, err error) {
	if p.Cursor == "" {
		return id, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil || len(raw) != len(id) {
		return id, badCursor()
	}
	return ChangeID(raw), nil
}

const selectChange = `SELECT x.id, x.state, x.place, x.named, x.sets, x.turns_on, x.include_own, x.how, x.matched, x.clients, x.at, x.changed,
		x.restored, x.kept, x.applied_at, x.actor_id, p.name, x.finished_at, x.undone_at, x.undone_by, u.name
	FROM notification_changes x LEFT JOIN people p ON p.id = x.actor_id LEFT JOIN people u ON u.id = x.undone_by
	WHERE x.org_id = $1 AND x.applied_at IS NOT NULL`

func (s *Service) scanChange(row db.Scanner) (c BulkChange, err error) {
	var named, sets, on, at int64
	var by, undoer sql.NullString
	var finished, undone sql.NullInt64
	err = row.Scan(&c.ID, &c.State, &c.Place, &named, &sets, &on, &c.IncludeOwn, &c.How, &c.Matched, &c.Total, &c.Done, &c.Changed,
		&c.Restored, &c.Kept, &at, &c.By.ID, &by, &finished, &undone, &c.UndoneBy.ID, &undoer)
	c.Change, c.At = Change{Mask(named), Mask(sets), Mask(on)}, db.FromMillis(at)
	c.By.Kind, c.By.Name, c.UndoneBy.Kind, c.UndoneBy.Name = care.KindStaff, by.String, care.KindStaff, undoer.String
	c.Finished, c.UndoneAt, c.UndoUntil = db.TimeOf(finished), db.TimeOf(undone), c.At.Add(UndoFor)
	c.CanUndo = !undone.Valid && s.clock().Before(c.UndoUntil)
	return c, err
}

// Changes gives the changes of many clients, newest first, and the cursor of the next page.
// Those who may change the clients of their care team only see their own.
func (s *Service) Changes(ctx context.Context, actor care.Actor, page Page) (list []BulkChange, next string, err error) {
	if err := mayChangeMany(actor); err != nil {
		return nil, "", err
	}
	after, err := page.after()
	if err != nil {
		return nil, "", err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = s.readChanges(ctx, tx, actor, after, page.Limit+1)
		return err
	})
	if len(list) > page.Limit {
		list = list[:page.Limit]
		last := list[page.Limit-1].ID
		next = base64.RawURLEncoding.EncodeToString(last[:])
	}
	return list, next, err
}

func (s *Service) readChanges(ctx context.Context, tx *db.Tx, actor care.Actor, after ChangeID, limit int) ([]BulkChange, error) {
	// Two places of the list stand for whatever narrows it, so that there is one statement.
	whose, at := actor.User, db.Millis(s.clock().Add(UndoFor))
	if !after.IsZero() {
		err := tx.QueryRow(ctx, `SELECT applied_at FROM notification_changes WHERE id = $1 AND org_id = $2 AND applied_at IS NOT NULL`,
			after, actor.Org).Scan(&at)
		if err == db.ErrNoRows {
			return nil, badCursor()
		}
		if err != nil {
			return nil, err
		}
	} else {
		after = ChangeID(care.Installation)
	}
	return db.Many(ctx, tx, s.scanChange, selectChange+` AND ($2 = FALSE OR x.actor_id = $3) AND (x.applied_at, x.id) < ($4, $5)
		ORDER BY x.applied_at DESC, x.id DESC LIMIT $6`, actor.Org, chataccess.ChangesTeamOnly(actor), whose, at, after, limit)
}

// Change gives one change of many clients, with some of those whom its undo left as they are.
func (s *Service) Change(ctx context.Context, actor care.Actor, id ChangeID) (c BulkChange, err error) {
	if err := mayChangeMany(actor); err != nil {
		return c, err
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		found, exists, err := db.One(ctx, tx, s.scanChange, selectChange+` AND x.id = $2`, actor.Org, id)
		if err != nil {
			return err
		}
		if !exists || (chataccess.ChangesTeamOnly(actor) && found.By.ID != actor.User) {
			return care.Missing("change")
		}
		if c = found; c.Kept == 0 {
			return nil
		}
		c.Left, err = readLeft(ctx, tx, id)
		return err
	})
	return c, err
}

// readLeft names some of the clients whom an undo left as they are, by id.
func readLeft(ctx context.Context, tx *db.Tx, id ChangeID) ([]Sample, error) {
	return db.Many(ctx, tx, func(row db.Scanner) (one Sample, err error) {
		err = row.Scan(&one.Client, &one.Name)
		return one, err
	}, `SELECT r.client_id, p.name FROM notification_changes x JOIN notification_change_rows r ON r.change_id = x.id AND r.client_id <= x.undo_behind
			JOIN people p ON p.id = r.client_id
		WHERE x.id = $1 ORDER BY r.client_id LIMIT $2`, id, sampleSize)
}
