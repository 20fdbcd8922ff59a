package chat

import (
	"context"
	"database/sql"
	"slices"

	"hearth/internal/access"
	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// thread is a conversation as the sender needs it.
type thread struct {
	id        care.ConversationID
	org       care.OrgID
	kind      care.ConversationKind
	client    care.UserID
	closed    bool
	rules     rules
	blast     care.BlastID // which made it, or zero
	place     int64        // of its client among the recipients
	quiet     bool
	revision  int64 // moves with the members
	lastSeq   int64
	countable int64
	active    int64 // when the newest message was stored, in Unix milliseconds
	members   []member
}

type member struct {
	id     care.UserID
	kind   care.PersonKind
	joined int64
	// withheld is true for a client whose participation in community chats is off: they
	// are told nothing of what happens here (SEMANTICS 6).
	withheld bool
}

func (t *thread) has(user care.UserID) (member, bool) {
	for _, m := range t.members {
		if m.id == user {
			return m, true
		}
	}
	return member{}, false
}

// audience gives who is told of what happens in the thread.
func (t *thread) audience() []care.UserID {
	ids := make([]care.UserID, 0, len(t.members)+1)
	for _, m := range t.members {
		if !m.withheld {
			ids = append(ids, m.id)
		}
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
	words   map[care.UserID]access.Words
	floors  map[care.OrgID]int64
	files   attach.Files
	// uploaders tells whose files are kept already under the ids of sends with files.
	uploaders map[care.MessageID]care.UserID
	// mentioned are the people whom the messages name, styles how clients see fellow
	// clients in the organizations of the community chats.
	mentioned map[care.UserID]care.Person
	styles    map[care.OrgID]care.NameStyle
	posts     posts
}

func loadFacts(ctx context.Context, tx *db.Tx, batch []*pending) (*facts, error) {
	return loadFactsBeside(ctx, tx, nil, batch)
}

// loadFactsBeside reads the members of conversations only where known does not have them.
func loadFactsBeside(ctx context.Context, tx *db.Tx, known *rosters, batch []*pending) (*facts, error) {
	f := &facts{}
	var err error
	if f.threads, err = known.threads(ctx, tx, conversationsOf(batch)); err != nil {
		return nil, err
	}
	clients := f.clientsOf(batch)
	if err := lockSwitches(ctx, tx, clients, f.organizations()); err != nil {
		return nil, err
	}
	if f.clients, err = readClients(ctx, tx, clients); err != nil {
		return nil, err
	}
	if err := f.loadPending(ctx, tx); err != nil {
		return nil, err
	}
	if f.used, err = loadUsed(ctx, tx, batch); err != nil {
		return nil, err
	}
	if f.replies, err = loadReplies(ctx, tx, batch); err != nil {
		return nil, err
	}
	if f.files, err = attach.Load(ctx, tx, attachmentsOf(batch)); err != nil {
		return nil, err
	}
	if f.uploaders, err = attach.Uploaders(ctx, tx, withAttachments(batch)); err != nil {
		return nil, err
	}
	if err := f.loadMentioned(ctx, tx, batch); err != nil {
		return nil, err
	}
	if f.words, err = f.loadWords(ctx, tx, batch); err != nil {
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
	return readThreads(ctx, tx, ids, tx.ForUpdate())
}

func readThreads(ctx context.Context, tx *db.Tx, ids []care.ConversationID, lock string) (map[care.ConversationID]*thread, error) {
	threads, err := readHeads(ctx, tx, ids, lock)
	if err != nil || len(threads) == 0 {
		return threads, err
	}
	return threads, readMembers(ctx, tx, threads, ids)
}

// readHeads reads conversations without their members.
func readHeads(ctx context.Context, tx *db.Tx, ids []care.ConversationID, lock string) (map[care.ConversationID]*thread, error) {
	threads := make(map[care.ConversationID]*thread, len(ids))
	found, err := db.Many(ctx, tx, scanThread, `
		SELECT id, org_id, kind, client_id, closed_at, last_seq, countable, last_activity_at, `+rulesColumns+`, blast_id, blast_place, quiet, revision
		FROM conversations WHERE id IN (`+tx.In(1, len(ids))+`) ORDER BY id`+lock, args(ids)...)
	for _, t := range found {
		threads[t.id] = t
	}
	return threads, err
}

func readMembers(ctx context.Context, tx *db.Tx, threads map[care.ConversationID]*thread, ids []care.ConversationID) error {
	rows, err := tx.Query(ctx, `
		SELECT conversation_id, user_id, kind, joined_at, withheld_after_seq IS NOT NULL FROM conversation_members
		WHERE left_at IS NULL AND conversation_id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id care.ConversationID
		var m member
		if err := rows.Scan(&id, &m.id, &m.kind, &m.joined, &m.withheld); err != nil {
			return err
		}
		threads[id].members = append(threads[id].members, m)
	}
	return rows.Err()
}

func scanThread(row db.Scanner) (*thread, error) {
	var t thread
	var closed, place sql.NullInt64
	err := row.Scan(&t.id, &t.org, &t.kind, &t.client, &closed, &t.lastSeq, &t.countable, &t.active,
		&t.rules.locked, &t.rules.perHour, &t.rules.hidden, &t.blast, &place, &t.quiet, &t.revision)
	t.closed, t.place = closed.Valid, place.Int64
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

func (f *facts) organizations() []care.OrgID {
	var orgs []care.OrgID
	for _, t := range f.threads {
		if !slices.Contains(orgs, t.org) {
			orgs = append(orgs, t.org)
		}
	}
	return orgs
}

// readClients reads the state and the switches of clients.
func readClients(ctx context.Context, tx *db.Tx, ids []care.UserID) (map[care.UserID]access.Client, error) {
	clients := make(map[care.UserID]access.Client, len(ids))
	if len(ids) == 0 {
		return clients, nil
	}
	list, err := db.Many(ctx, tx, ladder.ScanClient, `SELECT `+ladder.ClientColumns+`
		FROM clients c JOIN people p ON p.id = c.user_id`+ladder.Joins+`
		WHERE c.user_id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
	for _, c := range list {
		clients[c.ID] = c
	}
	return clients, err
}

// lockSwitches holds the rows that the ladders of these clients read, until the
// transaction ends (SEMANTICS 30): the organizations, whose row says which bulk change
// counts, the clients, and their groups, in the order in which a change takes them (see
// package chataccess). An outer join cannot be locked, so these are statements of their
// own; SQLite has one writer and needs none.
func lockSwitches(ctx context.Context, tx *db.Tx, clients []care.UserID, orgs []care.OrgID) error {
	if tx.ForShare() == "" {
		return nil
	}
	if _, err := lockRows(ctx, tx, `SELECT id FROM organizations WHERE id`, orgs); err != nil {
		return err
	}
	groups, err := lockGroupsOf(ctx, tx, clients)
	if err != nil {
		return err
	}
	_, err = lockRows(ctx, tx, `SELECT id FROM client_groups WHERE id`, groups)
	return err
}

// lockGroupsOf holds clients and gives the groups they are in.
func lockGroupsOf(ctx context.Context, tx *db.Tx, clients []care.UserID) ([]care.GroupID, error) {
	if len(clients) == 0 {
		return nil, nil
	}
	groups, err := db.Many(ctx, tx, scanID[care.GroupID],
		`SELECT group_id FROM clients WHERE user_id IN (`+tx.In(1, len(clients))+`) ORDER BY user_id`+tx.ForShare(), args(clients)...)
	return withoutZero(groups), err
}

// lockRows holds the rows that a query finds by ids, in their order.
func lockRows[K any](ctx context.Context, tx *db.Tx, query string, ids []care.ID[K]) ([]care.ID[K], error) {
	if len(ids) == 0 {
		return nil, nil
	}
	return db.Many(ctx, tx, scanID[care.ID[K]], query+` IN (`+tx.In(1, len(ids))+`) ORDER BY id`+tx.ForShare(), args(ids)...)
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
	ids := make([]care.MessageID, 0, len(batch))
	for _, p := range batch {
		if !p.fresh && !p.draft.ID.IsZero() {
			ids = append(ids, p.draft.ID)
		}
	}
	if len(ids) == 0 {
		return nil, nil
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
	if err := completeStored(ctx, tx, batch[0].actor.Org, all); err != nil {
		return nil, err
	}
	used := make(map[care.MessageID]stored, len(all))
	for _, one := range all {
		used[one.message.ID] = one
	}
	return used, nil
}

// completeStored adds to messages that exist what their answer carries.
func completeStored(ctx context.Context, tx *db.Tx, org care.OrgID, all []stored) error {
	list := make([]*care.Message, len(all))
	for i := range all {
		list[i] = &all[i].message
	}
	return complete(ctx, tx, org, list)
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
