package preference

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// The states of a change of many clients that was applied.
const (
	Applying = "applying"
	Applied  = "applied"
	Undoing  = "undoing"
	Undone   = "undone"
)

// partSize is how many clients one part of a change names, partsAtOnce how many parts one
// transaction stores.
const (
	partSize    = 1024
	partsAtOnce = 8
)

// claimed is a preview on its way to be applied.
type claimed struct {
	id          ChangeID
	request     Request
	fingerprint []byte
}

// Apply begins to do what a preview showed. It returns when the change is on record and will
// be written, also when the program stops in between; [Service.Change] tells how far it is.
//
// A token is used up by trying. Refusals: not_found for a token that is unknown, altered or
// another person's; version_conflict for one that was used or is too old, and where the
// preview does not hold any more because something changed since.
func (s *Service) Apply(ctx context.Context, actor care.Actor, token string) (c BulkChange, err error) {
	if err := mayChangeMany(actor); err != nil {
		return c, err
	}
	claim, err := s.claim(ctx, actor, token)
	if err != nil {
		return c, err
	}
	// It is on record or refused from here on, whether or not the caller waits for the answer.
	ctx = context.WithoutCancel(ctx)
	if err := s.begin(ctx, actor, claim); err != nil {
		_ = s.drop(ctx, claim.id) // what stays is swept
		return c, err
	}
	s.wake()
	return s.Change(ctx, actor, claim.id)
}

// claim uses a token up.
func (s *Service) claim(ctx context.Context, actor care.Actor, token string) (c claimed, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		var request, state string
		var expires int64
		c = claimed{}
		err := tx.QueryRow(ctx, `SELECT id, request, fingerprint, state, expires_at FROM notification_changes
			WHERE token_hash = $1 AND org_id = $2 AND actor_id = $3`, tokenHash(token), actor.Org, actor.User).
			Scan(&c.id, &request, &c.fingerprint, &state, &expires)
		switch {
		case errors.Is(err, db.ErrNoRows):
			return care.Missing("preview")
		case err != nil:
			return err
		case state == "previewed" && db.Millis(s.clock()) >= expires:
			return stale("This preview is too old. Look at a new one.")
		}
		c.fingerprint = slices.Clone(c.fingerprint)
		if err := json.Unmarshal([]byte(request), &c.request); err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE notification_changes SET state = 'staging' WHERE id = $1 AND state = 'previewed'`, c.id)
		if err == nil && n == 0 {
			return stale("This preview was used. Look at a new one.")
		}
		return err
	})
	return c, err
}

func stale(words string) error { return care.Fail(care.Conflict, care.CodeVersionConflict, words) }

// begin looks again, notes the clients and puts the change on record.
func (s *Service) begin(ctx context.Context, actor care.Actor, c claimed) error {
	var found survey
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = takeSurvey(ctx, tx, actor, c.request, s.clock())
		return err
	})
	if err != nil {
		return err
	}
	if !bytes.Equal(found.fingerprint(), c.fingerprint) {
		return stale("Something changed since this preview, so nothing was done. Look at a new one.")
	}
	if err := s.note(ctx, c.id, found.writes); err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error { return s.record(ctx, tx, actor, c, found) })
}

// note stores which clients are written, in parts.
func (s *Service) note(ctx context.Context, id ChangeID, clients []care.UserID) error {
	part := 0
	for some := range slices.Chunk(clients, partSize*partsAtOnce) {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			at := part
			for list := range slices.Chunk(some, partSize) {
				_, err := tx.Exec(ctx, `INSERT INTO notification_change_parts (change_id, part, clients) VALUES ($1, $2, $3)`, id, at, packed(list))
				if err != nil {
					return err
				}
				at++
			}
			return nil
		})
		if err != nil {
			return err
		}
		part += partsAtOnce
	}
	return nil
}

func packed(clients []care.UserID) []byte {
	out := make([]byte, 0, len(clients)*len(care.UserID{}))
	for _, id := range clients {
		out = append(out, id[:]...)
	}
	return out
}

func unpacked(text []byte) (clients []care.UserID) {
	for id := range slices.Chunk(text, len(care.UserID{})) {
		clients = append(clients, care.UserID(id))
	}
	return clients
}

// record makes the change count, with the job that writes it.
func (s *Service) record(ctx context.Context, tx *db.Tx, actor care.Actor, c claimed, found survey) error {
	now := s.clock()
	state, finished := Applying, any(nil)
	if len(found.writes) == 0 {
		state, finished = Applied, db.Millis(now)
	}
	n, err := tx.Exec(ctx, `UPDATE notification_changes SET state = $2, applied_at = $3, finished_at = $4, clients = $5
		WHERE id = $1 AND state = 'staging'`, c.id, state, db.Millis(now), finished, len(found.writes))
	if err != nil {
		return err
	}
	if n == 0 {
		return stale("This preview was used. Look at a new one.")
	}
	if len(found.writes) > 0 {
		if err := enqueue(ctx, tx, now, c.id); err != nil {
			return err
		}
	}
	cells := map[string]string{}
	c.request.Change.Named.each(func(k Kind, ch Channel) { cells[string(k)+"."+string(ch)] = string(c.request.Change.Of(k, ch)) })
	return audit.Append(ctx, tx, actor.Org, actor.Person(), now, audit.Act("notifications.bulk_changed", audit.About("organization", actor.Org), map[string]any{
		"change": c.id.String(), "how": how(actor, HowBulk), "place": c.request.Place, "cells": cells,
		"matched": found.matched, "changed": found.counts[Changed],
	}))
}

func enqueue(ctx context.Context, tx *db.Tx, now time.Time, id ChangeID) error {
	_, err := jobs.Enqueue(ctx, tx, now, jobs.Job{Kind: jobChange, Args: changeJob{id}, Dedupe: jobChange + " " + id.String()})
	return err
}

// drop ends a change that does not come to count.
func (s *Service) drop(ctx context.Context, id ChangeID) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE notification_changes SET state = 'refused' WHERE id = $1 AND state = 'staging'`, id); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `DELETE FROM notification_change_parts WHERE change_id = $1`, id)
		return err
	})
}
