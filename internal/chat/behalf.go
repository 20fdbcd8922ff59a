package chat

import (
	"context"
	"database/sql"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// loadNotices reads what a client is told, for organizations where a switch is off.
func (f *facts) loadNotices(ctx context.Context, tx *db.Tx) (map[care.OrgID]care.Notice, error) {
	notices := map[care.OrgID]care.Notice{}
	for _, t := range f.threads {
		if _, done := notices[t.org]; done || !f.somebodyOff(t) {
			continue
		}
		notice, err := loadNotice(ctx, tx, t.org)
		if err != nil {
			return nil, err
		}
		notices[t.org] = notice
	}
	return notices, nil
}

func (f *facts) somebodyOff(t *thread) bool {
	for _, m := range t.members {
		if c, known := f.clients[m.id]; known && (!c.Direct.On() || !c.Community.On()) {
			return true
		}
	}
	return false
}

// loadNotice gives the organization's notice with the defaults filled in.
func loadNotice(ctx context.Context, tx *db.Tx, org care.OrgID) (care.Notice, error) {
	var name string
	var title, body, phone sql.NullString
	row := tx.QueryRow(ctx, `SELECT name, notice_title, notice_body, notice_phone FROM organizations WHERE id = $1`, org)
	if err := row.Scan(&name, &title, &body, &phone); err != nil {
		return care.Notice{}, err
	}
	return access.Notice(name, care.Notice{Title: title.String, Body: body.String, Phone: phone.String}), nil
}

// loadNames finds the names of colleagues on whose behalf is answered: those who were
// named, and the staff of threads in which an outsider writes.
func (f *facts) loadNames(ctx context.Context, tx *db.Tx, batch []*pending) (map[care.UserID]string, error) {
	var ids []care.UserID
	for _, p := range batch {
		if t := f.threads[p.draft.Conversation]; t != nil && f.needsBehalf(t, p) {
			for _, m := range t.members {
				if m.kind == care.KindStaff {
					ids = append(ids, m.id)
				}
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	names := make(map[care.UserID]string, len(ids))
	rows, err := tx.Query(ctx, `SELECT id, name FROM people WHERE id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id care.UserID
		var name string
		if err := rows.Scan(&id, &name); err != nil {
			return nil, err
		}
		names[id] = name
	}
	return names, rows.Err()
}

func (f *facts) needsBehalf(t *thread, p *pending) bool {
	_, member := t.has(p.actor.User)
	return !member || !p.draft.OnBehalfOf.IsZero()
}

// fallback is the colleague for whom an outsider answers when none was named: the member
// of staff who has been in the thread for longest.
func (t *thread) fallback() care.UserID {
	var longest member
	for _, m := range t.members {
		if m.kind == care.KindStaff && (longest.id.IsZero() || m.joined < longest.joined) {
			longest = m
		}
	}
	return longest.id
}
