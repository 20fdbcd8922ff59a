package chataccess

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// row is one entry of the history: one switch of one place, changed once.
type row struct {
	subject care.UserID // or a group's, staff's or organization's id
	change  care.AuditID
	at      time.Time
	actor   care.Person
	how     string
	place   care.Place
	of      Switch
	old     care.Setting // "" for none, when it was created
	new     care.Setting
	reason  string
	until   time.Time
	group   care.GroupID
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func millis(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return db.Millis(t)
}

// remember writes entries of the history, all of one organization.
func remember(ctx context.Context, tx *db.Tx, org care.OrgID, rows []row) error {
	const columns = 15
	for start := 0; start < len(rows); start += 64 {
		part := rows[start:min(start+64, len(rows))]
		values := make([]any, 0, columns*len(part))
		for _, r := range part {
			values = append(values, r.subject, care.NewOrderedID[care.AuditID](r.at), org, r.change, db.Millis(r.at),
				r.actor.ID, string(r.actor.Kind), r.how, string(r.place), string(r.of),
				text(string(r.old)), string(r.new), text(r.reason), millis(r.until), r.group)
		}
		_, err := tx.Exec(ctx, `INSERT INTO chat_access_history (subject_id, id, org_id, change_id, at, actor_id,
			actor_kind, how, place, switch, old_value, new_value, reason, until, group_id)
			VALUES `+db.Rows(1, len(part), columns), values...)
		if err != nil {
			return err
		}
	}
	return nil
}

// tell notes for other programs whose chat access was changed.
func tell[T ~[16]byte](ctx context.Context, tx *db.Tx, org care.OrgID, at time.Time, of int64, subjects ...T) error {
	events := make([]outbox.Event, len(subjects))
	for i, id := range subjects {
		events[i] = outbox.Event{Org: org, Kind: outbox.ChatAccessChanged, Subject: id, Seq: of, At: at}
	}
	return outbox.Append(ctx, tx, events...)
}

// recordChange writes a change of one place into the audit log, one entry per switch
// (SEMANTICS 27).
func recordChange(ctx context.Context, tx *db.Tx, org care.OrgID, actor care.Person, at time.Time, about audit.Subject, place care.Place, how string, list []delta) error {
	entries := make([]audit.Entry, len(list))
	for i, d := range list {
		entries[i] = d.entry(about, place, how)
	}
	return audit.Append(ctx, tx, org, actor, at, entries...)
}

// entry is the record of a delta.
func (d delta) entry(about audit.Subject, place care.Place, how string) audit.Entry {
	details := map[string]any{
		"place": string(place), "switch": string(d.of), "old": string(d.old.setting), "new": string(d.new.setting), "how": how,
	}
	if d.reason != "" {
		details["reason"] = d.reason
	}
	if !d.new.until.IsZero() {
		details["until"] = d.new.until.UTC().Format(time.RFC3339)
	}
	return audit.Act("chat_access.changed", about, details)
}

// row is the entry of a delta in the history of its subject.
func (d delta) row(subject care.UserID, place care.Place, at time.Time, actor care.Person, how string) row {
	return row{
		subject: subject, at: at, actor: actor, how: how, place: place, of: d.of,
		old: d.old.setting, new: d.new.setting, reason: d.reason, until: d.new.until,
	}
}

// Mark is who changed a place last, when, why and until when.
type Mark struct {
	By     care.Person
	At     time.Time
	Reason string
	Until  time.Time
}

// lastMark gives the newest entry about a switch of a place, without an end, which the
// place itself knows; nil when there is none.
func lastMark(ctx context.Context, tx *db.Tx, subject care.UserID, place care.Place, of Switch) (*Mark, error) {
	mark, found, err := db.One(ctx, tx, scanMark, `
		SELECT h.actor_id, h.actor_kind, p.name, h.at, h.reason
		FROM chat_access_history h LEFT JOIN people p ON p.id = h.actor_id
		WHERE h.subject_id = $1 AND h.place = $2 AND h.switch = $3 ORDER BY h.id DESC LIMIT 1`,
		subject, string(place), string(of))
	if err != nil || !found {
		return nil, err
	}
	return &mark, nil
}

func scanMark(r db.Scanner) (m Mark, err error) {
	var name, reason sql.NullString
	var at int64
	err = r.Scan(&m.By.ID, &m.By.Kind, &name, &at, &reason)
	m.By = person(m.By, name)
	m.At, m.Reason = db.FromMillis(at), reason.String
	return m, err
}

func person(p care.Person, name sql.NullString) care.Person {
	if p.ID.IsZero() {
		return care.System
	}
	p.Name = name.String
	return p
}
