package directory

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// person is a row of people.
type person struct {
	id    care.UserID
	org   care.OrgID
	kind  care.PersonKind
	name  string
	email string
	asked []byte // the hash of the request that made it
	at    time.Time
}

// requestHash is of the content of a request; each part is preceded by its length.
func requestHash(parts ...string) []byte {
	h := sha256.New()
	for _, part := range parts {
		_, _ = h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		_, _ = h.Write([]byte(part))
	}
	return h.Sum(nil)
}

// insertPerson adds a person unless the id is taken by the same request, which is then
// reported as existed. A taken address is the error of field email.
func insertPerson(ctx context.Context, tx *db.Tx, p person) (existed bool, err error) {
	n, err := tx.Exec(ctx, `
		INSERT INTO people (id, org_id, kind, name, sort_name, email, request_hash, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING`,
		p.id, p.org, string(p.kind), p.name, SortName(p.name), db.TextOrNull(p.email), p.asked, db.Millis(p.at))
	if err != nil || n == 1 {
		return false, err
	}
	existed, err = repeated(ctx, tx, p)
	if err == nil && !existed {
		err = emailTaken()
	}
	return existed, err
}

// repeated reports whether the id was used by the same request before; used by another
// one it is refused.
func repeated(ctx context.Context, tx *db.Tx, p person) (bool, error) {
	found, exists, err := db.One(ctx, tx, func(row db.Scanner) (q person, err error) {
		err = row.Scan(&q.org, &q.kind, &q.asked)
		return q, err
	}, `SELECT org_id, kind, request_hash FROM people WHERE id = $1`, p.id)
	if err != nil || !exists {
		return false, err
	}
	if found.org != p.org || found.kind != p.kind || !bytes.Equal(found.asked, p.asked) {
		return false, idReused()
	}
	return true, nil
}

func updatePerson(ctx context.Context, tx *db.Tx, id care.UserID, name, email string) error {
	_, err := tx.Exec(ctx, `UPDATE people SET name = $1, sort_name = $2, email = $3 WHERE id = $4`,
		name, SortName(name), db.TextOrNull(email), id)
	if db.IsUnique(err) {
		return emailTaken()
	}
	return err
}

func emailTaken() error {
	return care.BadField("email", "taken", "This address already has an account. Each address belongs to one person.")
}

// positionOf gives the sort name of the person at whom a page ended.
func positionOf(ctx context.Context, tx *db.Tx, org care.OrgID, kind care.PersonKind, cursor string) (string, care.UserID, error) {
	id, err := parseCursor[care.UserID](cursor)
	if err != nil {
		return "", id, err
	}
	sortName, found, err := db.One(ctx, tx, scanText,
		`SELECT sort_name FROM people WHERE id = $1 AND org_id = $2 AND kind = $3`, id, org, string(kind))
	if err == nil && !found {
		err = badCursor()
	}
	return sortName, id, err
}

func scanText(row db.Scanner) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

// Seen notes when people were last seen, within the caller's transaction; a moment
// earlier than the one that is known changes nothing.
func (s *Service) Seen(ctx context.Context, tx *db.Tx, users []care.UserID, at time.Time) error {
	_, err := tx.Exec(ctx, `
		UPDATE people SET last_seen_at = $1 WHERE (last_seen_at IS NULL OR last_seen_at < $2) AND id IN (`+tx.In(3, len(users))+`)`,
		args([]any{db.Millis(at), db.Millis(at)}, users)...)
	return err
}
