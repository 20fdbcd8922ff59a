package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Subject is the thing an act was about: its kind in a word ("client", "staff", "group",
// "conversation", "organization", "account") and its id; the zero id is none.
type Subject struct {
	Kind string
	ID   care.UserID
}

// About makes the subject of a thing of any kind.
func About[T ~[16]byte](kind string, id T) Subject {
	return Subject{Kind: kind, ID: care.UserID(id)}
}

// Entry is one act to record. Details hold ids and words of the program, never free text.
type Entry struct {
	Action      string
	SubjectKind string
	SubjectID   care.UserID
	Details     map[string]any
}

// Act makes an entry about a subject.
func Act(action string, about Subject, details map[string]any) Entry {
	return Entry{Action: action, SubjectKind: about.Kind, SubjectID: about.ID, Details: details}
}

// Append records acts of one actor, in their order, within the caller's transaction.
// The actor is care.System for what the program does by itself. It locks the chain of
// the organization until the transaction ends, so call it after the other locks.
func Append(ctx context.Context, tx *db.Tx, org care.OrgID, actor care.Person, at time.Time, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	n, hash, err := lockHead(ctx, tx, org)
	if err != nil {
		return err
	}
	rows := make([]record, len(entries))
	for i, e := range entries {
		details, err := encode(e.Details)
		if err != nil {
			return fmt.Errorf("details of %s: %w", e.Action, err)
		}
		n++
		row := record{
			N: n, ID: care.NewID[care.AuditID](at), At: db.Millis(at), Actor: actor.ID, Kind: actor.Kind,
			Action: e.Action, Subject: Subject{e.SubjectKind, e.SubjectID}, Details: details,
		}
		hash = row.sum(org, hash)
		row.Hash = hash
		rows[i] = row
	}
	for part := range slices.Chunk(rows, 64) {
		if err := insert(ctx, tx, org, part); err != nil {
			return err
		}
	}
	_, err = tx.Exec(ctx, `UPDATE audit_heads SET n = $1, hash = $2 WHERE org_id = $3`, n, hash, org)
	return err
}

func encode(details map[string]any) (string, error) {
	if len(details) == 0 {
		return "{}", nil
	}
	text, err := json.Marshal(details)
	return string(text), err
}

func insert(ctx context.Context, tx *db.Tx, org care.OrgID, rows []record) error {
	const columns = 11
	values := make([]any, 0, columns*len(rows))
	for _, r := range rows {
		values = append(values, org, r.N, r.ID, r.At, r.Actor, string(r.Kind), r.Action, r.Subject.Kind, r.Subject.ID, r.Details, r.Hash)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO audit_log (org_id, n, id, at, actor_id, actor_kind, action, subject_kind, subject_id, details, hash)
		VALUES `+db.Rows(1, len(rows), columns), values...)
	return err
}

// lockHead gives where the chain stands and holds it; the first call begins the chain.
func lockHead(ctx context.Context, tx *db.Tx, org care.OrgID) (n int64, hash []byte, err error) {
	query := `SELECT n, hash FROM audit_heads WHERE org_id = $1` + tx.ForUpdate()
	err = tx.QueryRow(ctx, query, org).Scan(&n, &hash)
	if !errors.Is(err, db.ErrNoRows) {
		return n, hash, err
	}
	_, err = tx.Exec(ctx, `INSERT INTO audit_heads (org_id, n, hash) VALUES ($1, 0, $2) ON CONFLICT DO NOTHING`, org, start())
	if err != nil {
		return 0, nil, err
	}
	err = tx.QueryRow(ctx, query, org).Scan(&n, &hash)
	return n, hash, err
}

// Once reports whether this is the first time in this hour that the actor did something
// repeated to the subject, such as reading a thread, and remembers it. The caller then
// appends an entry or leaves it. Marks of earlier hours are forgotten on the way.
func Once(ctx context.Context, tx *db.Tx, actor care.UserID, about Subject, at time.Time) (first bool, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO audit_marks (actor_id, subject_id, hour) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		actor, about.ID, hour(at))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = tx.Exec(ctx, `DELETE FROM audit_marks WHERE actor_id = $1 AND hour < $2`, actor, hour(at))
	return true, err
}

// Seen reports whether Once has marked this hour already; it needs no write transaction.
func Seen(ctx context.Context, tx *db.Tx, actor care.UserID, about Subject, at time.Time) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM audit_marks WHERE actor_id = $1 AND subject_id = $2 AND hour = $3`,
		actor, about.ID, hour(at)).Scan(&n)
	return n > 0, err
}

func hour(at time.Time) int64 { return at.UnixMilli() / time.Hour.Milliseconds() }
