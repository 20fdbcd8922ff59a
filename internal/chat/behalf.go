package chat

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// loadWords reads what clients are told, for those who write where a switch is off.
func (f *facts) loadWords(ctx context.Context, tx *db.Tx, batch []*pending) (map[care.UserID]access.Words, error) {
	words := map[care.UserID]access.Words{}
	for _, p := range batch {
		c, known := f.clients[p.actor.User]
		if _, done := words[p.actor.User]; done || !known || (c.Direct.On() && c.Community.On()) {
			continue
		}
		own, err := ladder.Words(ctx, tx, p.actor.Org, p.actor.User)
		if err != nil {
			return nil, err
		}
		words[p.actor.User] = own
	}
	return words, nil
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
