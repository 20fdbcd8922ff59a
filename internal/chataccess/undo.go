package chataccess

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// Why an undo leaves a client as they are.
const (
	ChangedSince = "changed_since"
	NotAllowed   = "not_allowed" // the actor may not change this client any more
)

// Left is a client whom an undo leaves as they are.
type Left struct {
	Client care.UserID
	Name   string
	Why    string
}

// Undone is what an undo did.
type Undone struct {
	Restored int
	Left     []Left
}

// Undo takes a bulk change back, within 24 hours and once: each client gets exactly the
// values they had, with their time limits, unless somebody changed them since; those are
// left and named. Like the change it is one act to every reader. Refusals: not_found,
// forbidden, version_conflict when it was undone already or is too old.
func (s *Service) Undo(ctx context.Context, actor care.Actor, id ChangeID) (Undone, error) {
	if err := mayChangeMany(actor); err != nil {
		return Undone{}, err
	}
	original, err := s.undoable(ctx, actor, id)
	if err != nil {
		return Undone{}, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), applyTimeout)
	defer cancel()
	for range flipTries {
		undone, err := s.undoOnce(ctx, actor, original)
		if !errors.Is(err, errMoved) {
			return undone, err
		}
	}
	return Undone{}, stale("Others are changing chat access at this moment. Try again.")
}

// original is the change that an undo takes back.
type original struct {
	id                ChangeID
	place             string
	direct, community string
	at                time.Time
}

func (s *Service) undoable(ctx context.Context, actor care.Actor, id ChangeID) (o original, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var by care.UserID
		var at int64
		var undone sql.NullInt64
		var direct, community sql.NullString
		err := tx.QueryRow(ctx, `SELECT id, actor_id, place, direct, community, applied_at, undone_at FROM chat_access_changes
			WHERE id = $1 AND org_id = $2 AND applied_at IS NOT NULL AND undoes IS NULL AND place <> 'group'`, id, actor.Org).
			Scan(&o.id, &by, &o.place, &direct, &community, &at, &undone)
		o.at, o.direct, o.community = db.FromMillis(at), direct.String, community.String
		switch {
		case errors.Is(err, db.ErrNoRows):
			return care.Missing("change")
		case err != nil:
			return err
		case changesTeamOnly(actor) && by != actor.User:
			return care.Refused("Only who made this change, or somebody who may change all clients, can undo it.")
		case undone.Valid:
			return errUndone()
		case !s.clock().Before(o.at.Add(UndoFor)):
			return stale("A change can be undone for 24 hours.")
		}
		return nil
	})
	return o, err
}

func errUndone() error { return stale("This change was undone already.") }

func markUndone(ctx context.Context, tx *db.Tx, actor care.Actor, id ChangeID, at time.Time) error {
	n, err := tx.Exec(ctx, `UPDATE chat_access_changes SET state = 'undone', undone_at = $2, undone_by = $3
		WHERE id = $1 AND undone_at IS NULL`, id, db.Millis(at), actor.User)
	if err == nil && n == 0 {
		return errUndone()
	}
	return err
}

func (s *Service) undoOnce(ctx context.Context, actor care.Actor, o original) (Undone, error) {
	if err := s.awaitFold(ctx, actor.Org); err != nil {
		return Undone{}, err
	}
	var found survey
	var out Undone
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		found, out, err = surveyUndo(ctx, tx, actor, o)
		return err
	})
	if err != nil {
		return out, err
	}
	now := s.clock()
	id := care.NewID[ChangeID](now)
	_, _, err = s.keep(ctx, actor, id, now, keptPreview{
		request: "{}", fingerprint: found.fingerprint(), how: HowUndo, place: o.place, direct: o.direct, community: o.community,
		matched: found.matched, changed: out.Restored, undoes: o.id, state: stateStaging,
	})
	if err != nil {
		return out, err
	}
	err = s.stageUndo(ctx, id, o.id, found.steps)
	if err == nil {
		_, err = s.flip(ctx, actor, flipping{
			id: id, epoch: found.epoch, rows: len(found.steps), changed: out.Restored, undoes: o.id, left: len(out.Left),
		})
	}
	if err != nil {
		return out, s.refuse(ctx, id, err)
	}
	s.follows(ctx, actor, found.steps)
	return out, nil
}

// stageUndo prepares the rows that put back what a change replaced.
func (s *Service) stageUndo(ctx context.Context, id, undoes ChangeID, steps []step) error {
	err := chunked(steps, stageChunk, func(part []step) error {
		clients := make([]care.UserID, len(part))
		for i, st := range part {
			clients[i] = st.client
		}
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO chat_access_change_rows (`+rowColumns+`)
				SELECT v.column1, r.client_id, r.place, r.counted, FALSE,
					r.sets_direct, r.new_direct, r.old_direct, r.new_direct_until, r.old_direct_until,
					r.sets_community, r.new_community, r.old_community, r.new_community_until, r.old_community_until
				FROM (VALUES `+tx.Values(1, "id", "id")+`) AS v CROSS JOIN chat_access_change_rows r
				WHERE r.change_id = v.column2 AND r.client_id IN (`+tx.In(3, len(clients))+`)`, ids(clients, id, undoes)...)
			return err
		})
		return cmp.Or(err, s.db.Relieve(ctx))
	})
	if err != nil {
		return err
	}
	return s.measure(ctx, len(steps))
}

// written is a row of a change beside its client as they are now.
type written struct {
	seen
	onTeam   bool
	counted  bool
	sets     [2]bool
	old, new [2]sql.NullBool
	oldUntil [2]sql.NullInt64
	newUntil [2]sql.NullInt64
	version  sql.NullInt64 // of the client when the row was written to them
	now      int64         // of the client
}

const joins = ladder.Joins

// visitRows calls note for each row of a change, in the order of the clients.
func visitRows(ctx context.Context, tx *db.Tx, actor care.Actor, id ChangeID, note func(*written)) error {
	rows, err := tx.Query(ctx, `SELECT `+seenColumns+`, t.staff_id IS NOT NULL, r.counted,
			r.sets_direct, r.old_direct, r.new_direct, r.old_direct_until, r.new_direct_until,
			r.sets_community, r.old_community, r.new_community, r.old_community_until, r.new_community_until,
			r.version, c.access_version
		FROM chat_access_change_rows r JOIN clients c ON c.user_id = r.client_id
			LEFT JOIN care_team t ON t.client_id = r.client_id AND t.staff_id = $2`+joins+`
		WHERE r.change_id = $1 ORDER BY r.client_id`, id, actor.User)
	if err != nil {
		return err
	}
	var w written
	var sw ladder.Switches
	into := append(append([]any{&w.id}, sw.Targets()...), &w.until[0], &w.until[1], &w.onTeam, &w.counted)
	for i := range switches {
		into = append(into, &w.sets[i], &w.old[i], &w.new[i], &w.oldUntil[i], &w.newUntil[i])
	}
	into = append(into, &w.version, &w.now)
	return eachRow(rows, func() error {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		w.is = [2]access.Ladder{sw.Direct(), sw.Community()}
		note(&w)
		return nil
	})
}

// holds reports whether the client has these values at the place, wherever the row sets.
func (w *written) holds(place string, values [2]sql.NullBool, until [2]sql.NullInt64) bool {
	for i := range switches {
		if !w.sets[i] {
			continue
		}
		if place == PlaceDefault {
			if w.is[i].Default != values[i].Bool {
				return false
			}
		} else if w.is[i].Own != ladder.Setting(values[i]) || w.until[i] != until[i] {
			return false
		}
	}
	return true
}

// step is what it means to give the client these values at the place.
func (w *written) step(place string, values [2]sql.NullBool) step {
	before, after := state{w.is[0].On(), w.is[1].On()}, w.is
	for i := range switches {
		switch {
		case !w.sets[i]:
		case place == PlaceDefault:
			after[i].Default = values[i].Bool
		default:
			after[i].Own = ladder.Setting(values[i])
		}
	}
	effect := state{after[0].On(), after[1].On()}
	return step{client: w.id, effect: effect, differs: before != effect, kind: stepKind{w.sets[0], w.sets[1], w.counted}}
}

// surveyUndo finds the clients who can be given back what they had, and those who cannot.
func surveyUndo(ctx context.Context, tx *db.Tx, actor care.Actor, o original) (found survey, out Undone, err error) {
	out.Left = []Left{}
	err = tx.QueryRow(ctx, `SELECT access_epoch FROM organizations WHERE id = $1`, actor.Org).Scan(&found.epoch)
	if err != nil {
		return found, out, err
	}
	var doubtful []step
	err = visitRows(ctx, tx, actor, o.id, func(w *written) {
		st := w.step(o.place, w.old)
		switch {
		case changesTeamOnly(actor) && !w.onTeam:
			out.Left = append(out.Left, Left{Client: w.id, Why: NotAllowed})
		case !w.holds(o.place, w.new, w.newUntil):
			out.Left = append(out.Left, Left{Client: w.id, Why: ChangedSince})
		case w.version.Int64 != w.now:
			doubtful = append(doubtful, st)
		default:
			found.steps = append(found.steps, st)
		}
	})
	if err != nil {
		return found, out, err
	}
	if err := found.decide(ctx, tx, o, doubtful, &out); err != nil {
		return found, out, err
	}
	for _, st := range found.steps {
		if st.kind.counted {
			out.Restored++
		}
	}
	return found, out, out.name(ctx, tx)
}

// decide looks into the history of clients of whom something changed since: whether it was
// a switch and place that the change wrote.
func (f *survey) decide(ctx context.Context, tx *db.Tx, o original, doubtful []step, out *Undone) error {
	since, err := changedSince(ctx, tx, o, doubtful)
	if err != nil {
		return err
	}
	for _, st := range doubtful {
		is := since[st.client]
		if (st.kind.direct && is.direct) || (st.kind.community && is.community) {
			out.Left = append(out.Left, Left{Client: st.client, Why: ChangedSince})
		} else {
			f.steps = append(f.steps, st)
		}
	}
	slices.SortFunc(f.steps, func(a, b step) int { return compareIDs(a.client, b.client) })
	return nil
}

// changedSince tells which switches of clients were changed at the place after the change.
func changedSince(ctx context.Context, tx *db.Tx, o original, steps []step) (map[care.UserID]state, error) {
	place := care.PlaceClient
	if o.place == PlaceDefault {
		place = care.PlaceDefault
	}
	since := map[care.UserID]state{}
	err := chunked(steps, 256, func(part []step) error {
		clients := make([]care.UserID, len(part))
		for i, st := range part {
			clients[i] = st.client
		}
		rows, err := tx.Query(ctx, `SELECT subject_id, switch FROM chat_access_history
			WHERE place = $1 AND at >= $2 AND (change_id IS NULL OR change_id <> $3) AND subject_id IN (`+tx.In(4, len(clients))+`)`,
			ids(clients, string(place), db.Millis(o.at), o.id)...)
		if err != nil {
			return err
		}
		return eachRow(rows, func() error {
			var id care.UserID
			var of Switch
			err := rows.Scan(&id, &of)
			is := since[id]
			is.direct, is.community = is.direct || of == Direct, is.community || of == Community
			since[id] = is
			return err
		})
	})
	return since, err
}

// name fills in the names of those who are left, and orders them by it.
func (u *Undone) name(ctx context.Context, tx *db.Tx) error {
	clients := make([]care.UserID, len(u.Left))
	for i := range u.Left {
		clients[i] = u.Left[i].Client
	}
	names, err := namesOf(ctx, tx, clients)
	for i := range u.Left {
		u.Left[i].Name = names[u.Left[i].Client]
	}
	slices.SortFunc(u.Left, func(a, b Left) int {
		if a.Name != b.Name {
			if a.Name < b.Name {
				return -1
			}
			return 1
		}
		return compareIDs(a.Client, b.Client)
	})
	return err
}
