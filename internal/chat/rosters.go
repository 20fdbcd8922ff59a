package chat

import (
	"context"
	"slices"

	"hearth/internal/care"
	"hearth/internal/db"
)

// maxRosters bounds what rosters take, in bytes, roughly.
const maxRosters = 16 << 20

// rosters remember who is in conversations, so that a message to hundreds does not read
// hundreds of rows. As with [memory] nothing depends on being told of changes: the sender
// reads the revision of each conversation, which it holds, and what is remembered counts
// at that revision only. For whom a conversation is withheld does not move its revision
// and is read each time. The nil rosters remember nothing.
type rosters struct {
	*lately[care.ConversationID, roster]
}

type roster struct {
	revision int64
	members  []member // withheld is not set in any
}

func newRosters() *rosters {
	return &rosters{newLately[care.ConversationID](maxRosters, func(r roster) int { return 256 + 64*len(r.members) })}
}

// threads locks conversations and reads them with their members, from what is remembered
// as far as that goes.
func (k *rosters) threads(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (map[care.ConversationID]*thread, error) {
	if k == nil {
		return loadThreads(ctx, tx, ids)
	}
	threads, err := readHeads(ctx, tx, ids, tx.ForUpdate())
	if err != nil || len(threads) == 0 {
		return threads, err
	}
	var missing, communities []care.ConversationID
	for _, id := range ids {
		t := threads[id]
		if t == nil {
			continue
		}
		if r, found := k.get(id); !found || r.revision != t.revision {
			missing = append(missing, id)
		} else if t.members = slices.Clone(r.members); t.kind == care.Community {
			communities = append(communities, id)
		}
	}
	if err := k.readMissing(ctx, tx, threads, missing); err != nil {
		return nil, err
	}
	return threads, markWithheld(ctx, tx, threads, communities)
}

// readMissing reads the members of some threads and remembers them.
func (k *rosters) readMissing(ctx context.Context, tx *db.Tx, threads map[care.ConversationID]*thread, ids []care.ConversationID) error {
	if len(ids) == 0 {
		return nil
	}
	if err := readMembers(ctx, tx, threads, ids); err != nil {
		return err
	}
	for _, id := range ids {
		r := roster{revision: threads[id].revision, members: slices.Clone(threads[id].members)}
		for i := range r.members {
			r.members[i].withheld = false
		}
		k.put(id, r, laterRoster)
	}
	return nil
}

func laterRoster(old, fresh roster) roster {
	if old.revision > fresh.revision {
		return old
	}
	return fresh
}

// markWithheld marks the members of community chats for whom these are withheld.
func markWithheld(ctx context.Context, tx *db.Tx, threads map[care.ConversationID]*thread, ids []care.ConversationID) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.Query(ctx, withheldMembers(tx, len(ids)), args(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id care.ConversationID
		var user care.UserID
		if err := rows.Scan(&id, &user); err != nil {
			return err
		}
		members := threads[id].members
		if i := slices.IndexFunc(members, func(m member) bool { return m.id == user }); i >= 0 {
			members[i].withheld = true
		}
	}
	return rows.Err()
}

// withheldMembers is the statement that finds those for whom so many conversations are
// withheld, by an index of them alone.
func withheldMembers(tx *db.Tx, conversations int) string {
	return `SELECT conversation_id, user_id FROM conversation_members
		WHERE withheld_after_seq IS NOT NULL AND conversation_id IN (` + tx.In(1, conversations) + `)`
}
