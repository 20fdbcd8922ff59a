package notify

import (
	"bytes"
	"context"
	"database/sql"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/mail"
)

const (
	// bouncesMost is how many mails come back in a row before no more are tried.
	bouncesMost = 3
	// arrivedAfter is how long after it was handed over a mail that did not come back counts
	// as arrived.
	arrivedAfter = 24 * time.Hour
	// lookedAt bounds the mails that are looked at to count those in a row.
	lookedAt = 50
)

// stopRow is what is known of how mails reach somebody.
type stopRow struct{ since, retried sql.NullInt64 }

// lockStop holds the row of a person, made if there is none. What it said of another
// address than the person's own now is forgotten.
func lockStop(ctx context.Context, tx *db.Tx, m sentMail) (r stopRow, err error) {
	const same = `CASE WHEN mail_stops.address = excluded.address THEN mail_stops.`
	err = tx.QueryRow(ctx, `INSERT INTO mail_stops (user_id, org_id, address) VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE SET address = excluded.address, stopped_at = `+same+`stopped_at END, why = `+same+`why END, retried_at = `+same+`retried_at END
		RETURNING stopped_at, retried_at`, m.user, m.org, addressHash(m.email)).Scan(&r.since, &r.retried)
	return r, err
}

// judge has no more mails tried to a person if what came back says that their address is
// none, or several in a row came back.
func (m sentMail) judge(ctx context.Context, tx *db.Tx, report mail.Report, since int64, now time.Time) (err error) {
	if !bytes.Equal(m.address, addressHash(m.email)) {
		return nil // they have another one by now
	}
	why, count := WhyNoMailbox, 1
	if !report.NoMailbox() {
		why = WhyReturned
		if count, err = m.cameBack(ctx, tx, since, now); err != nil || count < bouncesMost {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE mail_stops SET stopped_at = $2, why = $3 WHERE user_id = $1`, m.user, db.Millis(now), string(why)); err != nil {
		return err
	}
	entry := audit.Act("mail.stopped", audit.About(string(m.kind), m.user), map[string]any{"why": string(why), "returned": count})
	return audit.Append(ctx, tx, m.org, care.System, now, entry)
}

// cameBack counts the mails to an address that came back for good since the last that
// arrived. One of which it is too early to say, or that was given up, counts as neither.
func (m sentMail) cameBack(ctx context.Context, tx *db.Tx, since int64, now time.Time) (n int, err error) {
	arrived := db.Millis(now.Add(-arrivedAfter))
	mails, err := db.Many(ctx, tx, func(row db.Scanner) (state int, err error) { return state, row.Scan(&state) }, `
		SELECT CASE WHEN MAX(returned) LIKE '5.%' THEN 1 WHEN MAX(returned) IS NULL AND MAX(state) = 'sent' AND MAX(handed_at) < $4 THEN 2 ELSE 0 END
		FROM deliveries WHERE user_id = $1 AND address = $2 AND handed_at > $3
		GROUP BY mail_id ORDER BY MAX(handed_at) DESC LIMIT CAST($5 AS BIGINT)`, m.user, m.address, since, arrived, lookedAt)
	for _, state := range mails {
		switch state {
		case 1:
			n++
		case 2:
			return n, err
		}
	}
	return n, err
}

// Reach is whether mails are tried to somebody's address.
type Reach struct {
	Stopped bool
	Since   time.Time // of Stopped
	Why     Why       // no_mailbox: it does not exist; returned: several mails in a row came back
}

// Reach tells whether mails reach a person: oneself, or a client whom staff may see.
func (s *Service) Reach(ctx context.Context, actor care.Actor, user care.UserID) (r Reach, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := maySeeHistory(ctx, tx, actor, user); err != nil {
			return err
		}
		r, _, err = reachOf(ctx, tx, user)
		return err
	})
	return r, err
}

// reachOf reads it, and what kind of person it is.
func reachOf(ctx context.Context, tx *db.Tx, user care.UserID) (r Reach, kind care.PersonKind, err error) {
	var email string
	var address []byte
	var since int64
	_, found, err := db.One(ctx, tx, func(row db.Scanner) (struct{}, error) {
		return struct{}{}, row.Scan(&kind, &email, &address, &since, &r.Why)
	}, `SELECT p.kind, COALESCE(p.email, ''), ms.address, ms.stopped_at, ms.why FROM mail_stops ms JOIN people p ON p.id = ms.user_id
		WHERE ms.user_id = $1 AND ms.stopped_at IS NOT NULL`, user)
	if err != nil || !found || !bytes.Equal(address, addressHash(email)) {
		return Reach{}, kind, err
	}
	r.Stopped, r.Since = true, db.FromMillis(since)
	return r, kind, nil
}

// TryAgain has mails tried to somebody's address again, and counts anew what comes back.
// Whoever may ask for Reach may. Where they are tried it changes nothing.
func (s *Service) TryAgain(ctx context.Context, actor care.Actor, user care.UserID) error {
	now := s.clock()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := maySeeHistory(ctx, tx, actor, user); err != nil {
			return err
		}
		r, kind, err := reachOf(ctx, tx, user)
		if err != nil || !r.Stopped {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE mail_stops SET stopped_at = NULL, why = NULL, retried_at = $2 WHERE user_id = $1 AND stopped_at IS NOT NULL`, user, db.Millis(now))
		if err != nil || n == 0 {
			return err
		}
		return audit.Append(ctx, tx, actor.Org, actor.Person(), now, audit.Act("mail.retried", audit.About(string(kind), user), nil))
	})
}
