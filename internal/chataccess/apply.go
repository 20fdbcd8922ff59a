package chataccess

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// The states of a bulk change.
const (
	statePreviewed = "previewed"
	stateStaging   = "staging"
	stateApplied   = "applied"
	stateUndone    = "undone"
	stateRefused   = "refused"
)

const (
	// UndoFor is how long a bulk change can be undone.
	UndoFor = 24 * time.Hour
	// applyTimeout bounds one bulk change, with the writing of the one before.
	applyTimeout = 2 * time.Minute
	// flipTries is how often somebody else may come in between.
	flipTries = 10
)

// Applied is a bulk change that counts.
type Applied struct {
	ID        ChangeID
	Changed   int
	UndoUntil time.Time
}

// claimed is a preview on its way to count.
type claimed struct {
	id          ChangeID
	request     BulkRequest
	fromFile    bool
	fingerprint []byte
	how         string
	reason      string
	matched     int
	changed     int
}

// Apply makes what a preview showed count, as one act: every reader sees the clients as
// they were, or all of them changed, and every send is judged by one or the other. It
// returns when that is so. Writing the values to the clients follows in the background.
//
// A token is used up by trying. Refusals: not_found for a token that is unknown, altered
// or another person's; version_conflict for one that was used or is too old, and where
// the preview does not hold any more because something changed since.
func (s *Service) Apply(ctx context.Context, actor care.Actor, token, reason string) (Applied, error) {
	if err := mayChangeMany(actor); err != nil {
		return Applied{}, err
	}
	if err := care.CheckText("reason", reason, 0, MaxReason); err != nil {
		return Applied{}, err
	}
	c, err := s.claim(ctx, actor, token)
	if err != nil {
		return Applied{}, err
	}
	c.reason = reason
	// It is done or refused from here on, whether or not the caller waits for the answer.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), applyTimeout)
	defer cancel()
	at, err := s.applyClaimed(ctx, actor, c)
	if err != nil {
		return Applied{}, s.refuse(ctx, c.id, err)
	}
	return Applied{ID: c.id, Changed: c.changed, UndoUntil: at.Add(UndoFor)}, nil
}

// refuse ends a change that does not come to count. What it cannot remove now is removed
// by [Service.Resume].
func (s *Service) refuse(ctx context.Context, id ChangeID, because error) error {
	_ = s.drop(context.WithoutCancel(ctx), id)
	return because
}

// claim uses a token up.
func (s *Service) claim(ctx context.Context, actor care.Actor, token string) (c claimed, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		c = claimed{}
		var request, state string
		var expires int64
		err := tx.QueryRow(ctx, `SELECT id, request, fingerprint, how, matched, changed, state, expires_at FROM chat_access_changes
			WHERE token_hash = $1 AND org_id = $2 AND actor_id = $3 AND undoes IS NULL`, tokenHash(token), actor.Org, actor.User).
			Scan(&c.id, &request, &c.fingerprint, &c.how, &c.matched, &c.changed, &state, &expires)
		switch {
		case errors.Is(err, db.ErrNoRows):
			return care.Missing("preview")
		case err != nil:
			return err
		case state != statePreviewed:
			return used()
		case db.Millis(s.clock()) >= expires:
			return stale("This preview is too old. Look at a new one.")
		}
		c.fromFile = c.how == HowImport || request == fromFile
		if err := json.Unmarshal([]byte(request), &c.request); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE chat_access_changes SET state = 'staging' WHERE id = $1 AND state = 'previewed'`, c.id)
		if err == nil && n == 0 {
			return used()
		}
		return err
	})
	return c, err
}

// fromFile stands in the place of the request of an import, whose rows are kept.
const fromFile = `{"from_file":true}`

func used() error { return stale("This preview was used. Look at a new one.") }

func stale(words string) error { return care.Fail(care.Conflict, care.CodeVersionConflict, words) }

func moved() error {
	return stale("Something changed since this preview, so nothing was done. Look at a new one.")
}

// errMoved means that somebody else changed something before the flip.
var errMoved = errors.New("chataccess: something changed before the flip")

// applyClaimed prepares the rows of a change and makes them count. When somebody else
// changes something meanwhile it looks again whether the preview holds.
func (s *Service) applyClaimed(ctx context.Context, actor care.Actor, c claimed) (at time.Time, err error) {
	staged := c.fromFile
	if until := c.request.Until; !until.IsZero() && !until.After(s.clock()) {
		return at, stale("The time until which this was to hold has passed. Look at a new preview.")
	}
	for range flipTries {
		if err := s.awaitFold(ctx, actor.Org); err != nil {
			return at, err
		}
		found, err := s.survey(ctx, actor, c)
		if err != nil {
			return at, err
		}
		if !bytes.Equal(found.fingerprint(), c.fingerprint) {
			return at, moved()
		}
		if !staged {
			err := s.stage(ctx, found.steps, func(ctx context.Context, tx *db.Tx, kind stepKind, clients []care.UserID) error {
				return stageRows(ctx, tx, c.id, c.request, kind, clients)
			})
			if err != nil {
				return at, err
			}
			staged = true
		}
		at, err = s.flip(ctx, actor, c.flip(found))
		if !errors.Is(err, errMoved) {
			if err == nil {
				s.follows(ctx, actor, found.steps)
			}
			return at, err
		}
	}
	return at, moved()
}

// survey looks again at what a preview was about.
func (s *Service) survey(ctx context.Context, actor care.Actor, c claimed) (found survey, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if c.fromFile {
			found, err = surveyFile(ctx, tx, actor, c.id)
		} else {
			found, err = takeSurvey(ctx, tx, actor, c.request, s.clock())
		}
		return err
	})
	return found, err
}

// flipping is what makes a change count.
type flipping struct {
	id      ChangeID
	epoch   int64
	rows    int
	matched int
	changed int
	reason  string
	undoes  ChangeID
	left    int
}

func (c claimed) flip(found survey) flipping {
	return flipping{id: c.id, epoch: found.epoch, rows: len(found.steps), matched: c.matched, changed: c.changed, reason: c.reason}
}

// flip is the moment of a bulk change: one short transaction that names it, under the
// organization's lock, which every send holds while it is judged.
func (s *Service) flip(ctx context.Context, actor care.Actor, f flipping) (at time.Time, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		var active ChangeID
		if f.rows > 0 {
			active = f.id
		}
		if at, err = s.begins(ctx, tx, actor.Org, f.epoch, active); err != nil {
			return err
		}
		if err := f.count(ctx, tx, at); err != nil {
			return err
		}
		if !f.undoes.IsZero() {
			if err := markUndone(ctx, tx, actor, f.undoes, at); err != nil {
				return err
			}
		}
		return f.record(ctx, tx, actor, at)
	})
	return at, err
}

// begins names the change that counts from now on, zero where nothing is to be written, and
// gives the moment; errMoved where something changed since the epoch.
func (s *Service) begins(ctx context.Context, tx *db.Tx, org care.OrgID, epoch int64, active ChangeID) (at time.Time, err error) {
	n, err := tx.Exec(ctx, `UPDATE organizations SET access_epoch = access_epoch + 1, active_change = $3
		WHERE id = $1 AND access_epoch = $2 AND active_change IS NULL`, org, epoch, active)
	if err != nil {
		return at, err
	}
	if n == 0 {
		return at, errMoved
	}
	return s.flipTime(ctx, tx, org)
}

// flipTime gives the moment of a change: later than that of every change before.
func (s *Service) flipTime(ctx context.Context, tx *db.Tx, org care.OrgID) (time.Time, error) {
	var last sql.NullInt64
	err := tx.QueryRow(ctx, `SELECT MAX(applied_at) FROM chat_access_changes WHERE org_id = $1`, org).Scan(&last)
	return db.FromMillis(max(db.Millis(s.clock()), last.Int64+1)), err
}

// count marks a prepared change as applied.
func (f flipping) count(ctx context.Context, tx *db.Tx, at time.Time) error {
	var folded any
	if f.rows == 0 {
		folded = db.Millis(at)
	}
	n, err := tx.Exec(ctx, `UPDATE chat_access_changes SET state = 'applied', applied_at = $2, reason = $3, folded_at = $4
		WHERE id = $1 AND state = 'staging'`, f.id, db.Millis(at), text(f.reason), folded)
	if err == nil && n == 0 {
		return used()
	}
	return err
}

// record writes a change into the audit log; each client's history follows when it is
// written to them.
func (f flipping) record(ctx context.Context, tx *db.Tx, actor care.Actor, at time.Time) error {
	details := map[string]any{"change": f.id.String()}
	action := "chat_access.bulk_changed"
	if f.undoes.IsZero() {
		if err := f.describe(ctx, tx, details); err != nil {
			return err
		}
	} else {
		action = "chat_access.bulk_undone"
		details["undoes"], details["restored"], details["left"] = f.undoes.String(), f.changed, f.left
	}
	if err := tell(ctx, tx, actor.Org, at, outbox.OfChange, f.id); err != nil {
		return err
	}
	return audit.Append(ctx, tx, actor.Org, actor.Person(), at, audit.Act(action, audit.About("organization", actor.Org), details))
}

func (f flipping) describe(ctx context.Context, tx *db.Tx, details map[string]any) error {
	var how, place string
	var direct, community sql.NullString
	var until sql.NullInt64
	err := tx.QueryRow(ctx, `SELECT how, place, direct, community, until FROM chat_access_changes WHERE id = $1`, f.id).
		Scan(&how, &place, &direct, &community, &until)
	details["how"], details["place"], details["matched"], details["changed"] = how, place, f.matched, f.changed
	for of, value := range map[Switch]sql.NullString{Direct: direct, Community: community} {
		if value.Valid {
			details[string(of)] = value.String
		}
	}
	if f.reason != "" {
		details["reason"] = f.reason
	}
	if until.Valid {
		details["until"] = moment(until).Format(time.RFC3339)
	}
	return err
}

// eventBatch is how many events are handed over at once.
const eventBatch = 10_000

// follows tells connected devices of a change that counts and begins to write it to the
// clients.
func (s *Service) follows(ctx context.Context, actor care.Actor, steps []step) {
	var events []care.Event
	for _, st := range steps {
		if st.differs {
			events = append(events, care.Event{
				Type: care.EventChatAccessChanged, Org: actor.Org, To: []care.UserID{st.client},
				Client: st.client, Direct: st.effect.direct, Community: st.effect.community,
			})
		}
	}
	// Telling is a hint: without it staff see the change when they look.
	_ = s.db.Read(ctx, func(tx *db.Tx) error { return tellStaff(ctx, tx, actor.Org, events) })
	_ = chunked(events, eventBatch, func(part []care.Event) error {
		s.events.Publish(part...)
		return nil
	})
	if len(steps) > 0 {
		s.foldSoon(actor.Org)
	}
}
