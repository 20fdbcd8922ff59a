package chat

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"strings"
	"time"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// Opening is a conversation that somebody wants to start.
type Opening struct {
	// ID makes opening safe to repeat; a zero ID is filled by the server.
	ID      care.ConversationID
	Kind    care.ConversationKind
	Members []care.UserID // the actor need not be named
	// Groups adds the active clients of these groups to a community chat.
	Groups  []care.GroupID
	Subject string
	// Separate opens a new direct conversation even where one with the same people is open.
	Separate bool
	// HistoryAll lets those who join a community chat later read what came before.
	HistoryAll bool
	// KeepInStep has a community chat follow its Groups from now on.
	KeepInStep bool
}

// LeftOut is a client who was named but not put in a community chat.
type LeftOut struct {
	ClientID care.UserID
	Name     string
	Why      string
}

// Opened is the answer to an opening.
type Opened struct {
	Conversation Conversation
	Created      bool
	LeftOut      []LeftOut
}

// requestHash tells a repeated request from another one with the same id.
func (o Opening) requestHash(actor care.UserID) []byte {
	h := sha256.New()
	write := func(parts ...string) {
		for _, p := range parts {
			h.Write([]byte(p))
			h.Write([]byte{0})
		}
	}
	write(actor.String(), string(o.Kind), o.Subject)
	for _, id := range sorted(o.Members) {
		write(id.String())
	}
	for _, id := range sorted(o.Groups) {
		write("group", id.String())
	}
	if o.Separate {
		write("separate")
	}
	if o.HistoryAll {
		write("history")
	}
	if o.KeepInStep {
		write("in step")
	}
	return h.Sum(nil)[:16]
}

func sorted[K any](ids []care.ID[K]) []care.ID[K] {
	copied := slices.Clone(ids)
	slices.SortFunc(copied, func(a, b care.ID[K]) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(copied)
}

// peopleKey names exactly the people of a direct conversation.
func peopleKey(ids []care.UserID) []byte {
	h := sha256.New()
	for _, id := range sorted(ids) {
		h.Write(id[:])
	}
	return h.Sum(nil)[:16]
}

// Open starts a conversation. A direct one with exactly the same people that is open is
// given instead unless Separate is set; the decision whether the actor may start comes
// first. Refusals: invalid, not_found, forbidden, chat_unavailable, client_archived,
// no_reachable_recipients, conversation_full, id_reused.
func (s *Service) Open(ctx context.Context, actor care.Actor, o Opening) (opened Opened, err error) {
	if err := o.check(); err != nil {
		return Opened{}, err
	}
	if o.ID.IsZero() {
		o.ID = care.NewID[care.ConversationID](s.clock())
	}
	o.Subject = strings.TrimSpace(o.Subject)
	act := func(tx *db.Tx) (events []care.Event, err error) {
		opened = Opened{}
		id, created, err := s.open(ctx, tx, actor, o, &opened)
		if err != nil {
			return nil, err
		}
		if opened.Conversation, err = view(ctx, tx, actor, id); err != nil || !created {
			return nil, err
		}
		opened.Created = true
		return []care.Event{createdEvent(actor.Org, opened.Conversation)}, nil
	}
	// The same request at the same moment: once the other has committed, it is found.
	if err = s.write(ctx, act); errors.Is(err, errRaced) {
		err = s.write(ctx, act)
	}
	if errors.Is(err, errRaced) {
		err = reused()
	}
	return opened, err
}

var errRaced = errors.New("the id was taken meanwhile")

func (o Opening) check() error {
	if !o.Kind.Valid() {
		return care.BadField("kind", "unknown", "Must be direct, community or internal.")
	}
	if err := care.CheckText("subject", o.Subject, 0, care.MaxSubject); err != nil {
		return err
	}
	if o.Kind != care.Community && len(o.Groups) > 0 {
		return care.BadField("group_ids", "community_only", "Groups can be added to community chats only.")
	}
	if o.KeepInStep && len(o.Groups) == 0 {
		return care.BadField("keep_in_step", "no_groups", "Name the groups to keep the chat in step with.")
	}
	return nil
}

func (s *Service) open(ctx context.Context, tx *db.Tx, actor care.Actor, o Opening, opened *Opened) (id care.ConversationID, created bool, err error) {
	hash := o.requestHash(actor.User)
	if existing, found, err := repeatedOpening(ctx, tx, o.ID, hash); found || err != nil {
		return existing, false, err
	}
	party, err := loadParty(ctx, tx, actor, o, s.communityLimit())
	if err != nil {
		return id, false, err
	}
	if refusal := access.Start(actor, o.Kind, party.words, party.self, party.invitees); refusal != nil {
		return id, false, refusal
	}
	members, leftOut := party.choose(actor, o.Kind)
	if opened.LeftOut = leftOut; len(leftOut) > 0 && !members.anyClient {
		return id, false, care.Fail(care.Invalid, care.CodeNoReachableRecipients, "None of these clients can take part in community chats now.")
	}
	if refusal := access.Full(o.Kind, 0, len(members.ids), s.communityLimit()); refusal != nil {
		return id, false, refusal
	}
	if o.Kind == care.Direct && !o.Separate {
		if existing, found, err := findOpen(ctx, tx, actor.Org, members.ids); found || err != nil {
			return existing, false, err
		}
	}
	if err := s.create(ctx, tx, actor, o, members, hash); err != nil || !o.KeepInStep {
		return o.ID, true, err
	}
	return o.ID, true, s.openInStep(ctx, tx, actor, o)
}

// repeatedOpening finds a conversation that this very request made before.
func repeatedOpening(ctx context.Context, tx *db.Tx, id care.ConversationID, hash []byte) (care.ConversationID, bool, error) {
	old, found, err := db.One(ctx, tx, func(row db.Scanner) (h []byte, err error) { return h, row.Scan(&h) },
		`SELECT request_hash FROM conversations WHERE id = $1`, id)
	if err != nil || !found {
		return id, false, err
	}
	if !bytes.Equal(old, hash) {
		return id, false, reused()
	}
	return id, true, nil
}

// findOpen finds the oldest open direct conversation of exactly these people.
func findOpen(ctx context.Context, tx *db.Tx, org care.OrgID, people []care.UserID) (care.ConversationID, bool, error) {
	return db.One(ctx, tx, scanID[care.ConversationID], `
		SELECT id FROM conversations
		WHERE people_key = $1 AND org_id = $2 AND kind = 'direct' AND closed_at IS NULL
		ORDER BY created_at, id LIMIT 1`, peopleKey(people), org)
}

// create writes a conversation with its members and the record of it.
func (s *Service) create(ctx context.Context, tx *db.Tx, actor care.Actor, o Opening, chosen chosen, hash []byte) error {
	now := s.clock()
	var key any
	if o.Kind == care.Direct {
		key = peopleKey(chosen.ids)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO conversations (id, org_id, kind, subject, client_id, people_key, history_all, request_hash,
			created_by, created_at, last_seq, countable, last_activity_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $10)`,
		o.ID, actor.Org, string(o.Kind), o.Subject, chosen.client, key, o.HistoryAll, hash, actor.User, db.Millis(now))
	if db.IsUnique(err) {
		return errRaced
	}
	if err != nil {
		return err
	}
	if err := insertMembers(ctx, tx, o.ID, chosen, now); err != nil {
		return err
	}
	if err := tellOf(ctx, tx, outbox.ConversationCreated, actor.Org, o.ID, now); err != nil {
		return err
	}
	return audit.Append(ctx, tx, actor.Org, actor.Person(), now,
		audit.Act("conversation.created", audit.About("conversation", o.ID), map[string]any{
			"kind": string(o.Kind), "members": len(chosen.ids),
		}))
}

func insertMembers(ctx context.Context, tx *db.Tx, id care.ConversationID, chosen chosen, now time.Time) error {
	for start := 0; start < len(chosen.ids); start += 64 {
		part := chosen.ids[start:min(start+64, len(chosen.ids))]
		values := make([]any, 0, 4*len(part))
		for i, user := range part {
			values = append(values, id, user, string(chosen.kinds[start+i]), db.Millis(now), 0, 0, 0, false, false, false)
		}
		_, err := tx.Exec(ctx, `
			INSERT INTO conversation_members (conversation_id, user_id, kind, joined_at, joined_seq, read_seq,
				read_countable, marked_unread, pinned, archived)
			VALUES `+db.Rows(1, len(part), 10), values...)
		if err != nil {
			return err
		}
	}
	return nil
}

// EnsureDirect gives the open direct conversation of exactly one client and one member
// of staff, and makes it where there is none. It belongs to the transaction of the
// caller, who publishes the events after the commit. It sends nothing, so it is made
// whatever the client's switches say.
func (s *Service) EnsureDirect(ctx context.Context, tx *db.Tx, actor care.Actor, client, staff care.UserID) (care.ConversationID, []care.Event, error) {
	people := []care.UserID{client, staff}
	if id, found, err := findOpen(ctx, tx, actor.Org, people); found || err != nil {
		return id, nil, err
	}
	o := Opening{ID: care.NewID[care.ConversationID](s.clock()), Kind: care.Direct, Members: people}
	both := chosen{ids: people, kinds: []care.PersonKind{care.KindClient, care.KindStaff}, client: client, anyClient: true}
	if err := s.create(ctx, tx, actor, o, both, o.requestHash(actor.User)); err != nil {
		return care.ConversationID{}, nil, err
	}
	return o.ID, []care.Event{{Type: care.EventConversationCreated, Org: actor.Org, To: people, Conversation: o.ID, Queue: true}}, nil
}

func createdEvent(org care.OrgID, c Conversation) care.Event {
	return care.Event{
		Type: care.EventConversationCreated, Org: org, To: c.memberIDs(), Conversation: c.ID, Queue: c.Kind != care.Internal,
	}
}

func (c *Conversation) memberIDs() []care.UserID {
	ids := make([]care.UserID, len(c.Members))
	for i, m := range c.Members {
		ids[i] = m.Person.ID
	}
	return ids
}

// OpenForOneself makes an internal conversation of one member of staff alone, in which the
// program puts what is for nobody else. It belongs to the transaction of the caller, who
// publishes the events after the commit.
func (s *Service) OpenForOneself(ctx context.Context, tx *db.Tx, actor care.Actor, subject string) (care.ConversationID, []care.Event, error) {
	o := Opening{ID: care.NewID[care.ConversationID](s.clock()), Kind: care.Internal, Subject: subject}
	alone := chosen{ids: []care.UserID{actor.User}, kinds: []care.PersonKind{care.KindStaff}}
	err := s.create(ctx, tx, actor, o, alone, o.requestHash(actor.User))
	return o.ID, []care.Event{{Type: care.EventConversationCreated, Org: actor.Org, To: alone.ids, Conversation: o.ID}}, err
}
