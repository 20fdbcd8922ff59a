package chat

import (
	"context"
	"errors"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Withholding (SEMANTICS 6): while a client's participation in community chats is off,
// each of their memberships in one keeps the place where it stops for them. Everything
// that reads conversations for a viewer goes through scanView, which stops there, or
// through readPage, which takes its bounds from it; everything that is told to members
// goes through thread.audience, which leaves them out.

// LockCommunities keeps the community chats of clients as they are until the transaction
// ends. It comes before the lock of the clients, as in a send.
func (s *Service) LockCommunities(ctx context.Context, tx *db.Tx, clients []care.UserID) error {
	if tx.ForUpdate() == "" {
		return nil
	}
	return eachPart(clients, func(part []care.UserID) error {
		_, err := db.Many(ctx, tx, scanID[care.ConversationID], `
			SELECT c.id FROM conversations c WHERE c.kind = 'community' AND c.id IN (
				SELECT m.conversation_id FROM conversation_members m WHERE m.user_id IN (`+tx.In(1, len(part))+`))
			ORDER BY c.id`+tx.ForUpdate(), args(part)...)
		return err
	})
}

// Withhold lets clients read their community chats up to the moment at, the zero time
// meaning everything that is stored, and no further. Where they are withheld already the
// earlier place stays.
func (s *Service) Withhold(ctx context.Context, tx *db.Tx, clients []care.UserID, at time.Time) error {
	last := `c.last_seq, c.countable, c.last_activity_at FROM conversations c WHERE c.id = conversation_id`
	if !at.IsZero() {
		last = `seq, countable, at FROM (
			SELECT * FROM (
				SELECT m.seq, m.countable, m.created_at AS at FROM messages m
				WHERE m.conversation_id = conversation_members.conversation_id AND m.created_at <= $1
				ORDER BY m.seq DESC LIMIT 1) AS newest
			UNION ALL SELECT 0, 0, c.created_at FROM conversations c WHERE c.id = conversation_members.conversation_id
			) AS places ORDER BY seq DESC LIMIT 1`
	}
	return eachPart(clients, func(part []care.UserID) error {
		_, err := tx.Exec(ctx, `UPDATE conversation_members
			SET (withheld_after_seq, withheld_countable, withheld_activity_at) = (SELECT `+last+`)
			WHERE withheld_after_seq IS NULL AND CAST($1 AS BIGINT) IS NOT NULL
				AND conversation_id IN (SELECT id FROM conversations WHERE kind = 'community')
				AND user_id IN (`+tx.In(2, len(part))+`)`, args(part, db.Millis(at))...)
		return err
	})
}

// Release lets clients read everything in their community chats again, and those come to
// them that are kept in step with their groups.
func (s *Service) Release(ctx context.Context, tx *db.Tx, clients []care.UserID) error {
	return eachPart(clients, func(part []care.UserID) error {
		_, err := tx.Exec(ctx, `UPDATE conversation_members
			SET withheld_after_seq = NULL, withheld_countable = NULL, withheld_activity_at = NULL
			WHERE withheld_after_seq IS NOT NULL AND user_id IN (`+tx.In(1, len(part))+`)`, args(part)...)
		if err != nil {
			return err
		}
		return s.FollowGroups(ctx, tx, part)
	})
}

func eachPart[T any](list []T, visit func([]T) error) error {
	for start := 0; start < len(list); start += 256 {
		if err := visit(list[start:min(start+256, len(list))]); err != nil {
			return err
		}
	}
	return nil
}

// Settler writes what a bulk change of chat access did to one client, if that has not
// been written yet. Until then the client's memberships do not say where they stop.
type Settler func(ctx context.Context, org care.OrgID, client care.UserID) error

// SettleBy gives the service what it calls before a client reads while a bulk change is
// being written. It is called once, before the service is used.
func (s *Service) SettleBy(settle Settler) { s.settle = settle }

var errPending = errors.New("a change of this client's chat access is being written")

// read runs a read for an actor. A client for whom a bulk change is pending is settled
// first.
func (s *Service) read(ctx context.Context, actor care.Actor, fn func(tx *db.Tx) error) error {
	err := s.readSettled(ctx, actor, fn)
	if errors.Is(err, errPending) {
		if err := s.settle(ctx, actor.Org, actor.User); err != nil {
			return err
		}
		err = s.readSettled(ctx, actor, fn)
	}
	return err
}

func (s *Service) readSettled(ctx context.Context, actor care.Actor, fn func(tx *db.Tx) error) error {
	return s.db.Read(ctx, func(tx *db.Tx) error {
		if actor.IsClient() && s.settle != nil {
			pending, err := isPending(ctx, tx, actor)
			if err != nil {
				return err
			}
			if pending {
				return errPending
			}
		}
		return fn(tx)
	})
}

func isPending(ctx context.Context, tx *db.Tx, actor care.Actor) (bool, error) {
	_, found, err := db.One(ctx, tx, scanID[care.UserID], `
		SELECT w.client_id FROM organizations o JOIN chat_access_change_rows w ON w.change_id = o.active_change
		WHERE o.id = $1 AND w.client_id = $2 AND w.folded = FALSE`, actor.Org, actor.User)
	return found, err
}

// loadPending marks the members for whom a bulk change turned participation off that has
// not been written to their memberships yet.
func (f *facts) loadPending(ctx context.Context, tx *db.Tx) (err error) {
	var orgs []care.OrgID
	seen := map[care.OrgID]bool{}
	for _, t := range f.threads {
		if t.kind == care.Community && !seen[t.org] {
			seen[t.org] = true
			orgs = append(orgs, t.org)
		}
	}
	if len(orgs) == 0 {
		return nil
	}
	if f.floors, err = loadFloors(ctx, tx, orgs); err != nil {
		return err
	}
	if f.styles, err = loadStyles(ctx, tx, orgs); err != nil {
		return err
	}
	for _, t := range f.threads {
		if _, active := f.floors[t.org]; active && t.kind == care.Community {
			if err := t.readPending(ctx, tx); err != nil {
				return err
			}
		}
	}
	return nil
}

// loadFloors gives, for organizations with a bulk change that counts now, the first
// moment after it.
func loadFloors(ctx context.Context, tx *db.Tx, orgs []care.OrgID) (map[care.OrgID]int64, error) {
	floors := map[care.OrgID]int64{}
	rows, err := tx.Query(ctx, `SELECT o.id, x.applied_at FROM organizations o
		JOIN chat_access_changes x ON x.id = o.active_change
		WHERE x.applied_at IS NOT NULL AND o.id IN (`+tx.In(1, len(orgs))+`)`, args(orgs)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id care.OrgID
		var at int64
		if err := rows.Scan(&id, &at); err != nil {
			return nil, err
		}
		floors[id] = at + 1
	}
	return floors, rows.Err()
}

// readPending does the same for one thread.
func (t *thread) readPending(ctx context.Context, tx *db.Tx) error {
	if t.kind != care.Community {
		return nil
	}
	off, err := db.Many(ctx, tx, scanID[care.UserID], `
		SELECT w.client_id FROM conversation_members m
		JOIN organizations o ON o.id = $2
		JOIN chat_access_change_rows w ON w.change_id = o.active_change AND w.client_id = m.user_id
		WHERE m.conversation_id = $1 AND m.left_at IS NULL AND w.folded = FALSE AND w.sets_community`, t.id, t.org)
	if err != nil || len(off) == 0 {
		return err
	}
	clients, err := readClients(ctx, tx, off)
	if err != nil {
		return err
	}
	for i := range t.members {
		if c, pending := clients[t.members[i].id]; pending {
			t.members[i].withheld = !c.Community.On()
		}
	}
	return nil
}
