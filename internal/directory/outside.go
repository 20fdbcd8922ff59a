package directory

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// What the directory reads of other rooms: whether people have an account (identity),
// and which conversations people share (chat). Each is one query for a whole page.

type account struct {
	user    care.UserID
	joined  bool
	invited bool
}

// inviteStates fills in how far people are on the way to their account.
func inviteStates[T any](ctx context.Context, tx *db.Tx, people []*T, of func(*T) (care.UserID, *care.InvitedState)) error {
	states := make(map[care.UserID]*care.InvitedState, len(people))
	ids := make([]care.UserID, 0, len(people))
	for _, p := range people {
		id, state := of(p)
		*state = care.InvitedNever
		states[id] = state
		ids = append(ids, id)
	}
	found, err := db.Many(ctx, tx, scanAccount, `
		SELECT p.id,
			EXISTS (SELECT 1 FROM credentials k WHERE k.user_id = p.id),
			EXISTS (SELECT 1 FROM invitations i WHERE i.user_id = p.id)
		FROM people p WHERE p.id IN (`+tx.In(1, len(ids))+`)`, args(nil, ids)...)
	for _, a := range found {
		switch {
		case a.joined:
			*states[a.user] = care.InvitedJoined
		case a.invited:
			*states[a.user] = care.InvitedPending
		}
	}
	return err
}

func scanAccount(row db.Scanner) (a account, err error) {
	err = row.Scan(&a.user, &a.joined, &a.invited)
	return a, err
}

// directConversations fills in, for each client, the open direct conversation with their
// primary provider in which something happened last.
func directConversations(ctx context.Context, tx *db.Tx, clients map[care.UserID]*Client, ids []care.UserID) error {
	type thread struct {
		client care.UserID
		id     care.ConversationID
	}
	threads, err := db.Many(ctx, tx, func(row db.Scanner) (t thread, err error) {
		err = row.Scan(&t.client, &t.id)
		return t, err
	}, `
		SELECT v.client_id, v.id FROM conversations v
		JOIN clients c ON c.user_id = v.client_id
		JOIN conversation_members m ON m.conversation_id = v.id AND m.user_id = c.primary_provider_id
		WHERE v.kind = 'direct' AND v.closed_at IS NULL AND v.quiet = FALSE AND m.left_at IS NULL
			AND v.client_id IN (`+tx.In(1, len(ids))+`)
		ORDER BY v.last_activity_at, v.id`, args(nil, ids)...)
	for _, t := range threads {
		clients[t.client].DirectConversation = t.id
	}
	return err
}

// knownStaff is a subquery for the staff whom the client in the placeholder knows.
func knownStaff(client string) string {
	return `
		SELECT staff_id FROM care_team WHERE client_id = ` + client + `
		UNION
		SELECT o.user_id FROM conversation_members m
		JOIN conversation_members o ON o.conversation_id = m.conversation_id
		WHERE m.user_id = ` + client + ` AND m.left_at IS NULL AND o.left_at IS NULL AND o.kind = 'staff'`
}

func knownTo(ctx context.Context, tx *db.Tx, client, staff care.UserID) (bool, error) {
	var n int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM staff WHERE user_id = $2 AND user_id IN (`+knownStaff("$1")+`)`,
		client, staff).Scan(&n)
	return n > 0, err
}
