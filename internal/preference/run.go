package preference

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// The kinds of jobs.
const (
	jobChange = "notifications.change"
	jobSweep  = "notifications.sweep"
)

// sweepEvery is how often what nobody can undo any more is removed.
const sweepEvery = time.Hour

// extendEvery is how often a job that goes on says so.
const extendEvery = 10 * time.Second

type changeJob struct {
	Change ChangeID `json:"change"`
}

// Register adds the handlers of this package's jobs to a runner.
func (s *Service) Register(r *jobs.Runner) {
	r.Handle(jobChange, s.run)
	r.Every(jobSweep, sweepEvery, func(ctx context.Context, _ *jobs.Claim) error { return s.Sweep(ctx) })
}

// run writes a change to its clients, or takes it back, in short transactions. What it did is
// done when it is interrupted; whoever comes next goes on behind it.
func (s *Service) run(ctx context.Context, claim *jobs.Claim) error {
	var in changeJob
	if err := claim.Bind(&in); err != nil {
		return err
	}
	extended := s.clock()
	for p, steps := new(db.Pace), 1; ; steps++ {
		more, err := s.step(ctx, in.Change, p)
		if err != nil || !more {
			return err
		}
		if err := s.measure(ctx, steps); err != nil {
			return err
		}
		if now := s.clock(); now.Sub(extended) >= extendEvery {
			if err := claim.Extend(ctx); err != nil {
				return err
			}
			extended = now
		}
	}
}

// measure lets the database see that tables grow by many rows at once: a plan that was made
// while they were small reads all of them in every step. Where there is one writer it would
// wait for that, and tables are read by their keys anyway.
func (s *Service) measure(ctx context.Context, steps int) error {
	if s.db.OneWriter() || !slices.Contains(measureAfter, steps) {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		for _, table := range []string{"notification_clients", "notification_change_rows"} {
			if _, err := tx.Exec(ctx, `ANALYZE `+table); err != nil {
				return err
			}
		}
		return nil
	})
}

// measureAfter is behind which steps of a change the tables are measured.
var measureAfter = []int{16, 64, 256, 1024}

// errTurned means that a change was turned while a step of it was written: somebody undoes it,
// or another node works on it. Nothing of the step remains.
var errTurned = errors.New("preference: the change was turned meanwhile")

// step does the next part of the work on a change, and tells whether there is more.
func (s *Service) step(ctx context.Context, id ChangeID, p *db.Pace) (more bool, err error) {
	err = s.write(ctx, p, func(tx *db.Tx) (n int, err error) {
		w, err := readWork(ctx, tx, id)
		if err != nil {
			return 0, err
		}
		more = true
		switch w.state {
		case Applying:
			return s.applySome(ctx, tx, w, p.Next())
		case Undoing:
			return s.undoSome(ctx, tx, w, p.Next())
		default:
			more = false
			return 0, nil
		}
	})
	if errors.Is(err, errTurned) {
		return true, nil
	}
	return more, err
}

// pause is left between two transactions for those who wait to write.
const pause = 3 * time.Millisecond

// write runs one transaction of many, and leaves others their turn.
func (s *Service) write(ctx context.Context, p *db.Pace, fn func(tx *db.Tx) (int, error)) error {
	if err := p.Write(ctx, s.db, s.clock, fn); err != nil {
		return err
	}
	if err := s.db.Relieve(ctx); err != nil {
		return err
	}
	select {
	case <-ctx.Done():
	case <-time.After(pause):
	}
	return nil
}

// work is a change that is being written.
type work struct {
	id             ChangeID
	org            care.OrgID
	state          string
	request        Request
	clients, at    int
	by             care.UserID // who undoes it
	teamOnly       bool
	behind         care.UserID
	restored, kept int
}

func readWork(ctx context.Context, tx *db.Tx, id ChangeID) (w work, err error) {
	var named, sets, on int64
	var team sql.NullBool
	err = tx.QueryRow(ctx, `SELECT id, org_id, state, place, include_own, named, sets, turns_on, clients, at,
			undone_by, undo_team, undo_behind, restored, kept
		FROM notification_changes WHERE id = $1`, id).
		Scan(&w.id, &w.org, &w.state, &w.request.Place, &w.request.IncludeOwn, &named, &sets, &on, &w.clients, &w.at,
			&w.by, &team, &w.behind, &w.restored, &w.kept)
	w.request.Change, w.teamOnly = Change{Mask(named), Mask(sets), Mask(on)}, team.Bool
	if errors.Is(err, db.ErrNoRows) {
		return work{}, nil // it was swept
	}
	return w, err
}

// applySome writes the change to the next clients, as they are now.
func (s *Service) applySome(ctx context.Context, tx *db.Tx, w work, n int) (int, error) {
	part, offset := w.at/partSize, w.at%partSize
	var text []byte
	err := tx.QueryRow(ctx, `SELECT clients FROM notification_change_parts WHERE change_id = $1 AND part = $2`, w.id, part).Scan(&text)
	if errors.Is(err, db.ErrNoRows) {
		return 0, errTurned
	}
	if err != nil {
		return 0, err
	}
	clients := unpacked(text)
	some := clients[offset:min(len(clients), offset+n)]
	changed := 0
	err = replaceSome(ctx, tx, w, some, func(c rungs) judgement { return w.request.judge(c.ladder) }, func(list []replacement) error {
		for _, r := range list {
			if r.outcome == Changed {
				changed++
			}
		}
		return remember(ctx, tx, w.id, list)
	})
	if err != nil {
		return 0, err
	}
	if offset+len(some) == len(clients) {
		if _, err := tx.Exec(ctx, `DELETE FROM notification_change_parts WHERE change_id = $1 AND part = $2`, w.id, part); err != nil {
			return 0, err
		}
	}
	at := w.at + len(some)
	state, finished := Applying, any(nil)
	if at >= w.clients {
		state, finished = Applied, db.Millis(s.clock())
	}
	return len(some), only(tx.Exec(ctx, `UPDATE notification_changes SET at = $3, changed = changed + $4, state = $5, finished_at = $6
		WHERE id = $1 AND state = 'applying' AND at = $2`, w.id, w.at, at, changed, state, finished))
}

// only turns the change of no row into errTurned.
func only(n int64, err error) error {
	if err == nil && n == 0 {
		return errTurned
	}
	return err
}

// replacement is what is written for one client.
type replacement struct {
	rungs
	judgement
}

// replaceSome writes what judge says of clients, and calls done with those that were written.
// Whom somebody else changed in between is judged again.
func replaceSome(ctx context.Context, tx *db.Tx, w work, clients []care.UserID, judge func(rungs) judgement, done func([]replacement) error) error {
	for range 3 {
		if len(clients) == 0 {
			return nil
		}
		found, err := readRungsFor(ctx, tx, w.by, clients)
		if err != nil {
			return err
		}
		var list []replacement
		for _, c := range found {
			if j := judge(c); j.writes() {
				list = append(list, replacement{c, j})
			}
		}
		written, missed, err := store(ctx, tx, w, list)
		if err != nil {
			return err
		}
		if err := done(written); err != nil {
			return err
		}
		clients = missed
	}
	return errTurned // the rows are held now, and yet they changed: look at all of it again
}

// store writes clients that are still of the version that was read, and gives the others too.
func store(ctx context.Context, tx *db.Tx, w work, list []replacement) (written []replacement, missed []care.UserID, err error) {
	if len(list) == 0 {
		return nil, nil, nil
	}
	const columns = 6
	values := make([]any, 0, columns*len(list))
	for _, r := range list {
		l := r.ladder.put(w.request.Place, r.new)
		values = append(values, r.client, w.org, int64(l.Own.Set), int64(l.Own.On), int64(l.Default), r.version+1)
	}
	stored, err := db.Many(ctx, tx, scanUser, `INSERT INTO notification_clients (client_id, org_id, own_set, own_on, default_on, version)
		VALUES `+db.Rows(1, len(list), columns)+` ON CONFLICT (client_id) DO UPDATE
		SET own_set = excluded.own_set, own_on = excluded.own_on, default_on = excluded.default_on, version = excluded.version
		WHERE notification_clients.version = excluded.version - 1 RETURNING client_id`, values...)
	if err != nil {
		return nil, nil, err
	}
	if len(stored) == len(list) {
		return list, nil, nil
	}
	for _, r := range list {
		if slices.Contains(stored, r.client) {
			written = append(written, r)
		} else {
			missed = append(missed, r.client)
		}
	}
	return written, missed, nil
}

func scanUser(row db.Scanner) (id care.UserID, err error) {
	err = row.Scan(&id)
	return id, err
}

// remember notes what was there before, for an undo.
func remember(ctx context.Context, tx *db.Tx, id ChangeID, list []replacement) error {
	if len(list) == 0 {
		return nil
	}
	const columns = 6
	values := make([]any, 0, columns*len(list))
	for _, r := range list {
		values = append(values, id, r.client, int64(r.old.Set), int64(r.old.On), int64(r.new.Set), int64(r.new.On))
	}
	_, err := tx.Exec(ctx, `INSERT INTO notification_change_rows (change_id, client_id, old_set, old_on, new_set, new_on)
		VALUES `+db.Rows(1, len(list), columns), values...)
	return err
}
