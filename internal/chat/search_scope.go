package chat

import (
	"context"
	"strings"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// maxScope is up to how many conversations the index is asked for each by its mark.
const maxScope = 1000

// scope is which conversations one search looks through. What of them the actor may read
// is decided by [access.Read] and the bounds of [scanView], as everywhere; views are read
// when they are needed.
type scope struct {
	actor care.Actor
	// whole is true where also the organization's inbox is looked through: all
	// conversations but the internal ones of others.
	whole bool
	// quiet is true where also a blast's conversations are looked through in which nobody
	// has written since; for staff only the one that they name.
	quiet bool
	// named is the only conversations to look through; nil where nothing narrows them.
	named map[care.ConversationID]bool
	// seen is the conversations that were asked for; nil those that are not in the scope.
	seen map[care.ConversationID]*Conversation
	// tails are the parts of conversations that the index does not know yet.
	tails []span
}

// span is consecutive messages of a conversation that a search has to look at. None was
// written after newest, and none before oldest where that is known.
type span struct {
	conversation   care.ConversationID
	first, last    int64
	oldest, newest int64 // Unix milliseconds
}

// loadScope finds out where to look.
func (s *Search) loadScope(ctx context.Context, tx *db.Tx, actor care.Actor, ask Asking, q searchQuery) (*scope, error) {
	sc := &scope{
		actor: actor, whole: actor.Can(care.OrganizationInbox) && ask.Inbox != InboxOwn,
		seen: map[care.ConversationID]*Conversation{}, quiet: actor.IsClient() || !ask.Conversation.IsZero(),
	}
	if !ask.Conversation.IsZero() {
		if _, err := lookIn(ctx, tx, actor, ask.Conversation); err != nil {
			return nil, err
		}
		sc.named = map[care.ConversationID]bool{ask.Conversation: true}
	}
	for _, name := range q.in {
		if err := sc.narrow(ctx, tx, name); err != nil {
			return nil, err
		}
	}
	if sc.named == nil && !sc.whole {
		if err := sc.own(ctx, tx); err != nil {
			return nil, err
		}
	}
	return sc, sc.loadTails(ctx, tx, s.complete.Load())
}

// own names the actor's own conversations, so that nobody asks for others.
func (sc *scope) own(ctx context.Context, tx *db.Tx) error {
	ids, err := db.Many(ctx, tx, scanID[care.ConversationID],
		`SELECT conversation_id FROM conversation_members WHERE user_id = $1 AND quiet = FALSE AND left_at IS NULL`, sc.actor.User)
	sc.named = make(map[care.ConversationID]bool, len(ids))
	for _, id := range ids {
		sc.named[id] = true
	}
	return err
}

// conditions begins a question for conversations of the scope.
func (sc *scope) conditions() *conditions {
	q := &conditions{values: []any{sc.actor.User, sc.actor.Org}}
	q.and(`c.org_id = $2`)
	if !sc.quiet {
		q.and(`c.quiet = FALSE`)
	}
	if sc.whole {
		q.and(`(c.kind <> 'internal' OR m.user_id IS NOT NULL)`)
	} else {
		q.and(`m.user_id = $1`)
	}
	return q
}

// from is where a question for all conversations of the scope begins: one's own are found by
// one's memberships, of which there are far fewer than conversations.
func (sc *scope) from() string {
	if sc.whole {
		return scopeFrom
	}
	return ` FROM conversation_members m CROSS JOIN conversations c
		WHERE c.id = m.conversation_id AND m.left_at IS NULL AND `
}

const scopeFrom = ` FROM conversations c LEFT JOIN conversation_members m
	ON m.conversation_id = c.id AND m.user_id = $1 AND m.left_at IS NULL WHERE `

// ids asks for the ids of conversations.
func (sc *scope) ids(ctx context.Context, tx *db.Tx, q *conditions) ([]care.ConversationID, error) {
	return db.Many(ctx, tx, scanID[care.ConversationID], `SELECT c.id`+sc.from()+strings.Join(q.where, ` AND `), q.values...)
}

// narrow keeps the conversations that a name fits: an id, or words that each stand in the
// subject or in a member's name. As in the inbox, clients find by names of staff only.
func (sc *scope) narrow(ctx context.Context, tx *db.Tx, name string) error {
	q := sc.conditions()
	var id care.ConversationID
	if id.UnmarshalText([]byte(name)) == nil {
		q.and(`c.id = ` + q.arg(id))
	} else {
		for word := range strings.FieldsSeq(name) {
			q.and(sc.nameCondition(q.arg(db.Containing(word))))
		}
	}
	ids, err := sc.ids(ctx, tx, q)
	fit := make(map[care.ConversationID]bool, len(ids))
	for _, id := range ids {
		fit[id] = sc.named == nil || sc.named[id]
	}
	sc.named = fit
	return err
}

// nameCondition is that of the inbox; for all conversations of an organization it goes by
// the people instead of by the conversations.
func (sc *scope) nameCondition(pattern string) string {
	if !sc.whole {
		return nameCondition(sc.actor, pattern)
	}
	return `(LOWER(c.subject) LIKE ` + pattern + ` ESCAPE '\' OR c.id IN (
		SELECT o.conversation_id FROM people p JOIN conversation_members o ON o.user_id = p.id
		WHERE p.org_id = $2 AND p.sort_name LIKE ` + pattern + ` ESCAPE '\' AND o.left_at IS NULL))`
}

// loadTails finds what the index does not know yet. Everything in conversations in which
// nobody wrote since complete, it does.
func (sc *scope) loadTails(ctx context.Context, tx *db.Tx, complete int64) error {
	q := sc.conditions()
	q.and(`c.last_seq > c.indexed_seq`)
	if sc.whole {
		q.and(`c.last_activity_at >= ` + q.arg(complete))
	}
	return sc.load(ctx, tx, sc.from(), q, func(c *Conversation, indexedTo int64) {
		if first := max(indexedTo, c.joinedSeq) + 1; first <= c.LastSeq {
			sc.tails = append(sc.tails, span{conversation: c.ID, first: first, last: c.LastSeq, newest: db.Millis(c.LastActivityAt)})
		}
	})
}

// load reads views of conversations, as lookIn does.
func (sc *scope) load(ctx context.Context, tx *db.Tx, from string, q *conditions, visit func(c *Conversation, indexedTo int64)) error {
	_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var to int64
		c, err := scanView(withMore{row, []any{&to}})
		if err != nil || (sc.named != nil && !sc.named[c.ID]) {
			return struct{}{}, err
		}
		if _, refusal := access.Read(sc.actor, c.subject(sc.actor, access.Words{})); refusal == nil {
			sc.seen[c.ID] = c
			visit(c, to)
		}
		return struct{}{}, nil
	}, `SELECT `+viewColumns+`, c.indexed_seq`+from+strings.Join(q.where, ` AND `), q.values...)
	return err
}

// meet loads the conversations of blocks that are not known yet.
func (sc *scope) meet(ctx context.Context, tx *db.Tx, blocks []block) error {
	var ids []care.ConversationID
	for i := range blocks {
		id := blocks[i].conversation
		if _, known := sc.seen[id]; !known && (sc.named == nil || sc.named[id]) {
			sc.seen[id] = nil
			ids = append(ids, id)
		}
	}
	return eachPart(sorted(ids), func(part []care.ConversationID) error {
		q := sc.conditions()
		q.and(`c.id IN (` + tx.In(len(q.values)+1, len(part)) + `)`)
		for _, id := range part {
			q.values = append(q.values, id)
		}
		return sc.load(ctx, tx, scopeFrom, q, func(*Conversation, int64) {})
	})
}

// marks gives the marks of which a block must have one to be of the scope. Where there
// are too many conversations to ask for each, whose a block is is seen later.
func (sc *scope) marks(ctx context.Context, tx *db.Tx) ([]db.Word, error) {
	ids := make([]care.ConversationID, 0, len(sc.named))
	for id, fits := range sc.named {
		if fits {
			ids = append(ids, id)
		}
	}
	var marks []db.Word
	var err error
	if sc.named == nil || len(ids) > maxScope {
		q := sc.conditions()
		if sc.whole || len(ids) > maxScope {
			marks = append(marks, db.Word{Text: orgMark(sc.actor.Org)})
			q.and(`c.kind = 'internal'`)
		}
		ids, err = sc.ids(ctx, tx, q)
	}
	for _, id := range ids {
		marks = append(marks, db.Word{Text: conversationMark(id)})
	}
	return marks, err
}

// clip gives the part of a block that the actor may read.
func (sc *scope) clip(b block) (s span, some bool) {
	c := sc.seen[b.conversation]
	if c == nil {
		return s, false
	}
	s = span{
		conversation: b.conversation, first: max(b.first, c.joinedSeq+1), last: min(b.last, c.LastSeq),
		oldest: b.firstAt, newest: b.lastAt,
	}
	return s, s.first <= s.last
}

// authorsNamed gives the people whom names fit, as the actor sees them: every word of a
// name must begin a word of theirs. "me" is the actor. nil is anybody.
func (sc *scope) authorsNamed(ctx context.Context, tx *db.Tx, names []string) (map[care.UserID]bool, error) {
	var authors map[care.UserID]bool
	for _, name := range names {
		fit, err := sc.peopleNamed(ctx, tx, name)
		if err != nil {
			return nil, err
		}
		for id := range authors { // several names: who fits them all
			if !fit[id] {
				delete(authors, id)
			}
		}
		if authors == nil {
			authors = fit
		}
	}
	return authors, nil
}

func (sc *scope) peopleNamed(ctx context.Context, tx *db.Tx, name string) (map[care.UserID]bool, error) {
	fit := map[care.UserID]bool{}
	var id care.UserID
	words := wordsOf(name)
	switch {
	case strings.EqualFold(name, "me"):
		fit[sc.actor.User] = true
		return fit, nil
	case id.UnmarshalText([]byte(name)) == nil:
		fit[id] = true
		return fit, nil
	case len(words) == 0:
		return fit, nil
	}
	people, err := sc.knownPeople(ctx, tx)
	for _, p := range people {
		if beginsAll(wordsOf(p.Name), words) {
			fit[p.ID] = true
		}
	}
	return fit, err
}

// knownPeople lists whom the actor can have met, with the names that they see.
func (sc *scope) knownPeople(ctx context.Context, tx *db.Tx) ([]care.Person, error) {
	if !sc.actor.IsClient() {
		return db.Many(ctx, tx, scanPerson, `SELECT id, name, kind, '' FROM people WHERE org_id = $1`, sc.actor.Org)
	}
	style, err := nameStyle(ctx, tx, sc.actor.Org)
	if err != nil {
		return nil, err
	}
	// Staff also write where they are no members, on behalf of others.
	people, err := db.Many(ctx, tx, scanPerson, `SELECT id, name, kind, COALESCE(alias, '') FROM people
		WHERE org_id = $2 AND (kind = 'staff' OR id IN (
			SELECT o.user_id FROM conversation_members m JOIN conversation_members o ON o.conversation_id = m.conversation_id
			WHERE m.user_id = $1 AND m.left_at IS NULL))`, sc.actor.User, sc.actor.Org)
	for i := range people {
		people[i] = people[i].ShownTo(sc.actor.User, style)
	}
	return people, err
}

// beginsAll reports whether each of the words begins one of a name's.
func beginsAll(name, words []string) bool {
	for _, word := range words {
		found := false
		for _, part := range name {
			found = found || strings.HasPrefix(part, word)
		}
		if !found {
			return false
		}
	}
	return true
}
