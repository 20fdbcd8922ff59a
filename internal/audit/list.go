package audit

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Row is one entry of the log as it is read. Names are those of today.
type Row struct {
	N           int64
	ID          care.AuditID
	At          time.Time
	Actor       care.Person
	Action      string
	Subject     Subject
	SubjectName string // "" for what has no name or is gone
	Details     json.RawMessage
	Hash        []byte
}

// Filter narrows a list; zero fields do not. From is inclusive, Until exclusive.
type Filter struct {
	Actor   care.UserID
	Subject care.UserID
	Action  string
	From    time.Time
	Until   time.Time
	Cursor  string // where the page before ended
	Limit   int
}

// List gives a page of the log of the actor's organization, newest first, and the cursor
// of the next page, "" at the end. It needs the permission to read the audit log.
func List(ctx context.Context, d *db.DB, actor care.Actor, f Filter) (rows []Row, next string, err error) {
	if !actor.Can(care.ReadAuditLog) {
		return nil, "", care.Refused("Reading the audit log needs the permission “read audit log”.")
	}
	query, args, err := listQuery(actor.Org, f)
	if err != nil {
		return nil, "", err
	}
	err = d.Read(ctx, func(tx *db.Tx) (err error) {
		rows, err = db.Many(ctx, tx, scanRow, query, args...)
		return err
	})
	if len(rows) > f.Limit {
		rows = rows[:f.Limit]
		next = cursor(rows[f.Limit-1].N)
	}
	return rows, next, err
}

func listQuery(org care.OrgID, f Filter) (string, []any, error) {
	where, args := []string{"l.org_id = $1"}, []any{org}
	narrow := func(condition string, value any) {
		args = append(args, value)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if f.Cursor != "" {
		n, err := parseCursor(f.Cursor)
		if err != nil {
			return "", nil, err
		}
		narrow("l.n < $%d", n)
	}
	if !f.Actor.IsZero() {
		narrow("l.actor_id = $%d", f.Actor)
	}
	if !f.Subject.IsZero() {
		narrow("l.subject_id = $%d", f.Subject)
	}
	if f.Action != "" {
		narrow("l.action = $%d", f.Action)
	}
	if !f.From.IsZero() {
		narrow("l.at >= $%d", db.Millis(f.From))
	}
	if !f.Until.IsZero() {
		narrow("l.at < $%d", db.Millis(f.Until))
	}
	args = append(args, f.Limit+1)
	return `
		SELECT l.n, l.id, l.at, l.actor_id, l.actor_kind, COALESCE(a.name, ''), l.action, l.subject_kind, l.subject_id,
			COALESCE(p.name, g.name, ''), l.details, l.hash
		FROM audit_log l
		LEFT JOIN people a ON a.id = l.actor_id
		LEFT JOIN people p ON p.id = l.subject_id
		LEFT JOIN client_groups g ON g.id = l.subject_id
		WHERE ` + strings.Join(where, " AND ") + `
		ORDER BY l.n DESC LIMIT $` + strconv.Itoa(len(args)), args, nil
}

func scanRow(row db.Scanner) (r Row, err error) {
	var at int64
	var details string
	err = row.Scan(&r.N, &r.ID, &at, &r.Actor.ID, &r.Actor.Kind, &r.Actor.Name, &r.Action,
		&r.Subject.Kind, &r.Subject.ID, &r.SubjectName, &details, &r.Hash)
	r.At, r.Details = db.FromMillis(at), json.RawMessage(details)
	if r.Actor.Kind == care.KindSystem {
		r.Actor = care.System
	}
	return r, err
}

func cursor(n int64) string {
	return base64.RawURLEncoding.EncodeToString(strconv.AppendInt(nil, n, 10))
}

func parseCursor(text string) (int64, error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		var n int64
		if n, err = strconv.ParseInt(string(raw), 10, 64); err == nil {
			return n, nil
		}
	}
	return 0, care.BadField("cursor", "malformed", "Must be the next_cursor of the page before.")
}
