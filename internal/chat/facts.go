package chat

import (
	"context"
	"database/sql"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// thread is a conversation as the sender needs it.
type thread struct {
	id        care.ConversationID
	org       care.OrgID
	kind      care.ConversationKind
	client    care.UserID
	closed    bool
	lastSeq   int64
	countable int64
	members   []member
}

type member struct {
	id     care.UserID
	kind   care.PersonKind
	joined int64
}

func (t *thread) has(user care.UserID) (member, bool) {
	for _, m := range t.members {
		if m.id == user {
			return m, true
		}
	}
	return member{}, false
}

func (t *thread) ids() []care.UserID {
	ids := make([]care.UserID, len(t.members))
	for i, m := range t.members {
		ids[i] = m.id
	}
	return ids
}

// stored is a message that already has an id which a send asks for.
type stored struct {
	message care.Message
	hash    []byte
}

// facts is everything that the decisions of a batch read, loaded set-wise and, on
// PostgreSQL, locked until the commit: conversations first, then clients, then groups,
// each in the order of their ids.
type facts struct {
	threads map[care.ConversationID]*thread
	clients map[care.UserID]access.Client
	used    map[care.MessageID]stored
	replies map[care.MessageID]care.ConversationID
	names   map[care.UserID]string
	notices map[care.OrgID]care.Notice
}

func loadFacts(ctx context.Context, tx *db.Tx, batch []*pending) (*facts, error) {
	f := &facts{}
	var err error
	if f.threads, err = loadThreads(ctx, tx, conversationsOf(batch)); err != nil {
		return nil, err
	}
	if f.clients, err = lockClients(ctx, tx, f.clientsOf(batch)); err != nil {
		return nil, err
	}
	if f.used, err = loadUsed(ctx, tx, batch); err != nil {
		return nil, err
	}
	if f.replies, err = loadReplies(ctx, tx, batch); err != nil {
		return nil, err
	}
	if f.notices, err = f.loadNotices(ctx, tx); err != nil {
		return nil, err
	}
	f.names, err = f.loadNames(ctx, tx, batch)
	return f, err
}

func conversationsOf(batch []*pending) []care.ConversationID {
	ids := make([]care.ConversationID, 0, len(batch))
	seen := make(map[care.ConversationID]struct{}, len(batch))
	for _, p := range batch {
		if _, twice := seen[p.draft.Conversation]; !twice {
			seen[p.draft.Conversation] = struct{}{}
			ids = append(ids, p.draft.Conversation)
		}
	}
	return ids
}

// loadThreads locks the conversations and reads them with their members.
func loadThreads(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (map[care.ConversationID]*thread, error) {
	threads := make(map[care.ConversationID]*thread, len(ids))
	found, err := db.Many(ctx, tx, scanThread, `
		SELECT id, org_id, kind, client_id, closed_at, last_seq, countable
		FROM conversations WHERE id IN (`+tx.In(1, len(ids))+`) ORDER BY id`+tx.ForUpdate(), args(ids)...)
	if err != nil || len(found) == 0 {
		return threads, err
	}
	for _, t := range found {
		threads[t.id] = t
	}
	rows, err := tx.Query(ctx, `
		SELECT conversation_id, user_id, kind, joined_at FROM conversation_members
		WHERE left_at IS NULL AND conversation_id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id care.ConversationID
		var m member
		if err := rows.Scan(&id, &m.id, &m.kind, &m.joined); err != nil {
			return nil, err
		}
		threads[id].members = append(threads[id].members, m)
	}
	return threads, rows.Err()
}

func scanThread(row db.Scanner) (*thread, error) {
	var t thread
	var closed sql.NullInt64
	err := row.Scan(&t.id, &t.org, &t.kind, &t.client, &closed, &t.lastSeq, &t.countable)
	t.closed = closed.Valid
	return &t, err
}

// clientsOf names the clients whose switches decide: the client of each direct
// conversation, and a client who writes in a community chat.
func (f *facts) clientsOf(batch []*pending) []care.UserID {
	var ids []care.UserID
	seen := make(map[care.UserID]struct{}, len(batch))
	add := func(id care.UserID) {
		if _, twice := seen[id]; !twice && !id.IsZero() {
			seen[id] = struct{}{}
			ids = append(ids, id)
		}
	}
	for _, p := range batch {
		t := f.threads[p.draft.Conversation]
		if t == nil {
			continue
		}
		add(t.client)
		if t.kind == care.Community && p.actor.IsClient() {
			add(p.actor.User)
		}
	}
	return ids
}

// lockClients reads the state and the switches of clients and keeps them from changing
// until the transaction ends (SEMANTICS 30).
func lockClients(ctx context.Context, tx *db.Tx, ids []care.UserID) (map[care.UserID]access.Client, error) {
	clients := make(map[care.UserID]access.Client, len(ids))
	if len(ids) == 0 {
		return clients, nil
	}
	if err := lockSwitches(ctx, tx, ids); err != nil {
		return nil, err
	}
	rows, err := tx.Query(ctx, `SELECT `+clientColumns+`
		FROM clients c JOIN people p ON p.id = c.user_id LEFT JOIN client_groups g ON g.id = c.group_id
		WHERE c.user_id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var scan clientScan
		if err := rows.Scan(scan.targets()...); err != nil {
			return nil, err
		}
		clients[scan.id] = scan.client()
	}
	return clients, rows.Err()
}

// lockSwitches holds the rows that the ladders read. An outer join cannot be locked, so
// clients and their groups are locked by statements of their own; SQLite has one writer
// and needs none.
func lockSwitches(ctx context.Context, tx *db.Tx, ids []care.UserID) error {
	if tx.ForShare() == "" {
		return nil
	}
	groups, err := db.Many(ctx, tx, scanID[care.GroupID], `
		SELECT group_id FROM clients WHERE user_id IN (`+tx.In(1, len(ids))+`) ORDER BY user_id`+tx.ForShare(), args(ids)...)
	if err != nil {
		return err
	}
	if groups = withoutZero(groups); len(groups) == 0 {
		return nil
	}
	_, err = db.Many(ctx, tx, scanID[care.GroupID], `
		SELECT id FROM client_groups WHERE id IN (`+tx.In(1, len(groups))+`) ORDER BY id`+tx.ForShare(), args(groups)...)
	return err
}

func scanID[T any](row db.Scanner) (id T, err error) { return id, row.Scan(&id) }

func withoutZero[K any](ids []care.ID[K]) []care.ID[K] {
	kept := ids[:0]
	for _, id := range ids {
		if !id.IsZero() {
			kept = append(kept, id)
		}
	}
	return kept
}

// loadUsed finds the messages that exist under the ids of the batch. Nearly always there
// are none, so the first look touches the index only.
func loadUsed(ctx context.Context, tx *db.Tx, batch []*pending) (map[care.MessageID]stored, error) {
	ids := make([]care.MessageID, len(batch))
	for i, p := range batch {
		ids[i] = p.draft.ID
	}
	found, err := db.Many(ctx, tx, scanID[care.MessageID],
		`SELECT id FROM messages WHERE id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	all, err := db.Many(ctx, tx, scanStored, `SELECT `+messageColumns+`, m.content_hash
		FROM messages m`+messageJoins+` WHERE m.id IN (`+tx.In(1, len(found))+`)`, args(found)...)
	if err != nil {
		return nil, err
	}
	used := make(map[care.MessageID]stored, len(all))
	for _, one := range all {
		used[one.message.ID] = one
	}
	return used, nil
}

func scanStored(row db.Scanner) (one stored, err error) {
	one.message, err = scanMessage(withMore{row, []any{&one.hash}})
	return one, err
}

// withMore scans columns that stand behind those of another scan function.
type withMore struct {
	row  db.Scanner
	more []any
}

func (w withMore) Scan(dest ...any) error { return w.row.Scan(append(dest, w.more...)...) }

func loadReplies(ctx context.Context, tx *db.Tx, batch []*pending) (map[care.MessageID]care.ConversationID, error) {
	var ids []care.MessageID
	for _, p := range batch {
		if !p.draft.ReplyTo.IsZero() {
			ids = append(ids, p.draft.ReplyTo)
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	replies := make(map[care.MessageID]care.ConversationID, len(ids))
	rows, err := tx.Query(ctx, `SELECT id, conversation_id FROM messages WHERE id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var id care.MessageID
		var in care.ConversationID
		if err := rows.Scan(&id, &in); err != nil {
			return nil, err
		}
		replies[id] = in
	}
	return replies, rows.Err()
}
