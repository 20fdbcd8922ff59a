package preference

import (
	"context"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Narrow turns one cell off for a person, as they ask for by the link in a mail, and records
// it as theirs. It reports whether that changed anything; a person who does not exist in the
// organization, and a cell that is none, change nothing.
func Narrow(ctx context.Context, tx *db.Tx, at time.Time, org care.OrgID, user care.UserID, k Kind, c Channel) (bool, error) {
	cell := Cell(k, c)
	who, found, err := db.One(ctx, tx, func(row db.Scanner) (p care.Person, err error) {
		err = row.Scan(&p.ID, &p.Kind)
		return p, err
	}, `SELECT id, kind FROM people WHERE id = $1 AND org_id = $2`, user, org)
	if err != nil || !found || cell == 0 {
		return false, err
	}
	u := untouched
	_, err = tx.Exec(ctx, `INSERT INTO notification_people (user_id, org_id, off, mentions, quiet, quiet_from, quiet_to, quiet_days,
			time_zone, digest, daily_at, sound, version)
		VALUES ($1, $2, 0, 0, $3, $4, $5, $6, NULL, $7, $8, $9, 1) ON CONFLICT DO NOTHING`,
		user, org, u.Quiet.On, u.Quiet.From, u.Quiet.To, int64(u.Quiet.Days), string(u.Digest), u.Daily, string(u.Sound))
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `UPDATE notification_people SET off = off + $2, version = version + 1
		WHERE user_id = $1 AND off & $2 = 0`, user, int64(cell))
	if err != nil || n == 0 {
		return false, err
	}
	details := map[string]any{"how": "unsubscribe", "cells": differing(Settings{cell, cell}, Settings{cell, 0})}
	entry := audit.Act("notifications.narrowed", audit.About(string(who.Kind), user), details)
	return true, audit.Append(ctx, tx, org, who, at, entry)
}
