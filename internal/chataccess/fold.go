package chataccess

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// A bulk change counts from the moment its organization names it as active_change, and
// every reader sees its rows through package ladder. Folding is what follows: it writes
// the rows to the clients and into their history, a few clients at a time, and at the end
// the organization names no change any more. docs/adr/0010 says why.

// ChangeID names a bulk change.
type ChangeID = care.AuditID

// The places a bulk change writes, as they are stored.
const (
	PlaceOwn     = "own"
	PlaceDefault = "default"
)

// folding is what a fold needs to know of the change.
type folding struct {
	id        ChangeID
	org       care.OrgID
	actor     care.Person
	how       string
	place     string
	reason    string
	at        time.Time
	community bool // whether it may change who takes part in community chats

	// Of the change of a group.
	group   care.GroupID
	reasons [2]string // of the switches
}

func loadFolding(ctx context.Context, tx *db.Tx, id ChangeID) (f folding, err error) {
	var reason, name sql.NullString
	var request string
	var at int64
	err = tx.QueryRow(ctx, `SELECT x.id, x.org_id, NULLIF(x.actor_id, x.org_id), p.name, x.how, x.place, x.reason, x.applied_at,
			x.direct IS NULL OR x.community IS NOT NULL, x.request
		FROM chat_access_changes x LEFT JOIN people p ON p.id = x.actor_id WHERE x.id = $1`, id).
		Scan(&f.id, &f.org, &f.actor.ID, &name, &f.how, &f.place, &reason, &at, &f.community, &request)
	if err != nil {
		return f, err
	}
	f.actor.Kind, f.reason, f.at = care.KindStaff, reason.String, db.FromMillis(at)
	f.actor = person(f.actor, name)
	if f.place == placeGroup {
		var of groupRequest
		err = json.Unmarshal([]byte(request), &of)
		f.group, f.reasons = of.Group, of.Reasons
	}
	return f, err
}

// settle writes what a bulk change that counts already did to these clients, and holds the
// organization, so that no other begins to count before the transaction ends. The caller
// holds the clients and their community chats.
func (s *Service) settle(ctx context.Context, tx *db.Tx, org care.OrgID, clients []care.UserID) error {
	var active ChangeID
	err := tx.QueryRow(ctx, `UPDATE organizations SET access_epoch = access_epoch + 1 WHERE id = $1 RETURNING active_change`, org).Scan(&active)
	if err != nil || active.IsZero() {
		return err
	}
	f, err := loadFolding(ctx, tx, active)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(clients, 256) {
		if err := s.foldRows(ctx, tx, f, part); err != nil {
			return err
		}
	}
	return nil
}

// SettleClient writes what a bulk change that counts already did to one client, unless
// that was done. It is for readers whose queries cannot see a change before it is written,
// such as what a client may read of a community chat.
func (s *Service) SettleClient(ctx context.Context, org care.OrgID, client care.UserID) error {
	active, err := s.pendingFor(ctx, org, client)
	if err != nil || active.IsZero() {
		return err
	}
	return s.foldPart(ctx, new(db.Pace), active, []care.UserID{client})
}

// pendingFor gives the change that counts for a client and is not written yet; zero when
// there is none.
func (s *Service) pendingFor(ctx context.Context, org care.OrgID, client care.UserID) (active ChangeID, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		active, _, err = db.One(ctx, tx, scanChange, `SELECT w.change_id FROM organizations o
			JOIN chat_access_change_rows w ON w.change_id = o.active_change
			WHERE o.id = $1 AND w.client_id = $2 AND w.folded = FALSE`, org, client)
		return err
	})
	return active, err
}

func scanChange(r db.Scanner) (id ChangeID, err error) { return id, r.Scan(&id) }

// foldPart writes the rows of some clients in a transaction of its own.
func (s *Service) foldPart(ctx context.Context, pace *db.Pace, change ChangeID, clients []care.UserID) error {
	return pace.Write(ctx, s.db, s.clock, func(tx *db.Tx) (int, error) {
		f, err := loadFolding(ctx, tx, change)
		if err != nil {
			return 0, err
		}
		if f.community {
			if err := s.chats.LockCommunities(ctx, tx, clients); err != nil {
				return 0, err
			}
		}
		if err := lockWriting(ctx, tx, f); err != nil {
			return 0, err
		}
		if err := lockClients(ctx, tx, clients); err != nil {
			return 0, err
		}
		return len(clients), s.foldRows(ctx, tx, f, clients)
	})
}

// lockWriting lets one at a time write a change, and none beside a change of single
// clients: clients of one kind are counted in one row, and two who take such rows in
// opposite orders would wait for each other. Sends share the organization with it.
func lockWriting(ctx context.Context, tx *db.Tx, f folding) error {
	_, _, err := db.One(ctx, tx, scanChange, `SELECT active_change FROM organizations WHERE id = $1`+tx.ForShare(), f.org)
	if err == nil {
		_, _, err = db.One(ctx, tx, scanChange, `SELECT id FROM chat_access_changes WHERE id = $1`+tx.ForUpdate(), f.id)
	}
	return err
}

func lockClients(ctx context.Context, tx *db.Tx, clients []care.UserID) error {
	for part := range slices.Chunk(clients, 256) {
		_, err := db.Many(ctx, tx, scanUser, `SELECT user_id FROM clients
			WHERE user_id IN (`+tx.In(1, len(part))+`) ORDER BY user_id`+tx.ForUpdate(), ids(part)...)
		if err != nil {
			return err
		}
	}
	return nil
}

// waiting is a row of a change that is not written yet, with what its client has beside it.
type waiting struct {
	client care.UserID
	sets   [2]bool
	before [2]sql.NullBool
	after  [2]sql.NullBool
	until  [2]sql.NullInt64
	limits bool // a time limit is there, before or after
	reason sql.NullString
	own    sql.NullBool // of C, as group and normal are
	group  sql.NullBool
	normal sql.NullBool
}

func scanWaiting(r db.Scanner) (w waiting, err error) {
	err = r.Scan(&w.client, &w.sets[0], &w.before[0], &w.after[0], &w.until[0],
		&w.sets[1], &w.before[1], &w.after[1], &w.until[1], &w.limits, &w.reason, &w.own, &w.group, &w.normal)
	return w, err
}

// foldRows writes the waiting rows of up to 256 clients, whom the caller holds: to the
// clients, their history, and what they may read of community chats, which ends where it
// stood when the change began to count.
func (s *Service) foldRows(ctx context.Context, tx *db.Tx, f folding, clients []care.UserID) error {
	list, err := db.Many(ctx, tx, scanWaiting, `
		SELECT w.client_id, w.sets_direct, w.old_direct, w.new_direct, w.new_direct_until,
			w.sets_community, w.old_community, w.new_community, w.new_community_until,
			COALESCE(w.old_direct_until, w.new_direct_until, w.old_community_until, w.new_community_until) IS NOT NULL,
			w.reason, c.own_community, g.community, c.default_community
		FROM chat_access_change_rows w JOIN clients c ON c.user_id = w.client_id
			LEFT JOIN client_groups g ON g.id = c.group_id
		WHERE w.change_id = $1 AND w.folded = FALSE AND w.client_id IN (`+tx.In(2, len(clients))+`)`, ids(clients, f.id)...)
	if err != nil || len(list) == 0 {
		return err
	}
	if err := writeClients(ctx, tx, f, list); err != nil {
		return err
	}
	if err := remember(ctx, tx, f.org, f.history(list)); err != nil {
		return err
	}
	off, on := f.crossing(list)
	if err := s.chats.Withhold(ctx, tx, off, f.at); err != nil {
		return err
	}
	return s.chats.Release(ctx, tx, on)
}

// writeClients moves the values of rows to the clients and marks the rows as written.
func writeClients(ctx context.Context, tx *db.Tx, f folding, list []waiting) error {
	clients := make([]care.UserID, len(list))
	limits := false
	for i, w := range list {
		clients[i] = w.client
		limits = limits || w.limits
	}
	if f.place != placeGroup { // whose value is the group's
		_, err := tx.Exec(ctx, `UPDATE clients SET access_version = access_version + 1`+assignments(f.place, limits)+`
			FROM chat_access_change_rows w WHERE w.change_id = $1 AND w.client_id = clients.user_id AND w.folded = FALSE
				AND clients.user_id IN (`+tx.In(2, len(clients))+`)`, ids(clients, f.id)...)
		if err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE chat_access_change_rows SET folded = TRUE,
			version = (SELECT c.access_version FROM clients c WHERE c.user_id = client_id)
		WHERE change_id = $1 AND folded = FALSE AND client_id IN (`+tx.In(2, len(clients))+`)`, ids(clients, f.id)...)
	return err
}

// assignments sets the columns of a place. Time limits are left alone where none is
// concerned, because each stands in an index.
func assignments(place string, limits bool) (text string) {
	for _, of := range switches {
		name := string(of)
		text += `, ` + place + `_` + name + ` = CASE WHEN w.sets_` + name + ` THEN w.new_` + name + ` ELSE clients.` + place + `_` + name + ` END`
		if limits && place == PlaceOwn {
			text += `, own_` + name + `_until = CASE WHEN w.sets_` + name + ` THEN w.new_` + name + `_until ELSE clients.own_` + name + `_until END`
		}
	}
	return text
}

// history gives the entries of rows, one for each switch.
func (f folding) history(list []waiting) []row {
	place := map[string]care.Place{PlaceOwn: care.PlaceClient, PlaceDefault: care.PlaceDefault, placeGroup: care.PlaceGroup}[f.place]
	rows := make([]row, 0, len(list))
	for _, w := range list {
		for i, of := range switches {
			if !w.sets[i] {
				continue
			}
			rows = append(rows, row{
				subject: w.client, change: f.id, at: f.at, actor: f.actor, how: f.how, place: place, of: of,
				old: ladder.Setting(w.before[i]), new: ladder.Setting(w.after[i]),
				reason: cmp.Or(w.reason.String, f.reasons[i], f.reason), until: moment(w.until[i]), group: f.group,
			})
		}
	}
	return rows
}

// crossing tells for whom participation in community chats goes off, and on.
func (f folding) crossing(list []waiting) (off, on []care.UserID) {
	const community = 1
	for _, w := range list {
		before := access.Ladder{Own: ladder.Setting(w.own), Group: ladder.Setting(w.group), Default: w.normal.Bool}
		after := before
		switch {
		case !w.sets[community]:
		case f.place == PlaceOwn:
			after.Own = ladder.Setting(w.after[community])
		case f.place == placeGroup:
			before.Group, after.Group = ladder.Setting(w.before[community]), ladder.Setting(w.after[community])
		default:
			after.Default = w.after[community].Bool
		}
		switch {
		case before.On() && !after.On():
			off = append(off, w.client)
		case !before.On() && after.On():
			on = append(on, w.client)
		}
	}
	return off, on
}
