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
// is decided by [access.Read] and the bounds of [scanView], as everywhere.
type scope struct {
	actor care.Actor
	// inbox is true where all of the organization's conversations but the internal ones
	// are looked through, also those that are not in seen yet.
	inbox bool
	seen  map[care.ConversationID]*Conversation
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

// loadScope finds the conversations to look through.
func (s *Search) loadScope(ctx context.Context, tx *db.Tx, actor care.Actor, ask Asking, q searchQuery) (*scope, error) {
	sc := &scope{actor: actor, seen: map[care.ConversationID]*Conversation{}}
	whole := actor.Can(care.OrganizationInbox) && ask.Inbox != InboxOwn
	if !ask.Conversation.IsZero() {
		if _, err := lookIn(ctx, tx, actor, ask.Conversation); err != nil {
			return nil, err
		}
		return sc, sc.load(ctx, tx, sc.named(q, actor, whole, ask.Conversation))
	}
	if whole && len(q.in) > 0 {
		return sc, sc.load(ctx, tx, sc.named(q, actor, whole, care.ConversationID{}))
	}
	if err := sc.load(ctx, tx, sc.named(q, actor, false, care.ConversationID{})); err != nil || !whole {
		return sc, err
	}
	sc.inbox = true
	grown := ownConversations(actor, true)
	grown.and(`c.last_activity_at >= ` + grown.arg(s.complete.Load()))
	grown.and(`c.last_seq > c.indexed_seq`)
	return sc, sc.load(ctx, tx, grown)
}

// ownConversations begins the question for conversations: the actor's own or, with
// whole, also the organization's.
func ownConversations(actor care.Actor, whole bool) *conditions {
	q := &conditions{values: []any{actor.User, actor.Org}}
	q.and(`c.org_id = $2`)
	if whole {
		q.and(`(c.kind <> 'internal' OR m.user_id IS NOT NULL)`)
	} else {
		q.and(`m.user_id = $1`)
	}
	return q
}

// named narrows the question to one conversation and to those that in: names.
func (sc *scope) named(q searchQuery, actor care.Actor, whole bool, id care.ConversationID) *conditions {
	c := ownConversations(actor, whole)
	if !id.IsZero() {
		c.and(`c.id = ` + c.arg(id))
	}
	for _, name := range q.in {
		if err := id.UnmarshalText([]byte(name)); err == nil {
			c.and(`c.id = ` + c.arg(id))
			continue
		}
		for word := range strings.FieldsSeq(name) {
			c.and(nameCondition(actor, c.arg(contains(word))))
		}
	}
	return c
}

// load reads views of conversations, as lookIn does, and what of them is not indexed.
func (sc *scope) load(ctx context.Context, tx *db.Tx, q *conditions) error {
	var to int64
	_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
		c, err := scanView(withMore{row, []any{&to}})
		if err == nil {
			sc.take(c, to)
		}
		return struct{}{}, err
	}, viewQuery+strings.Join(q.where, ` AND `), q.values...)
	return err
}

const viewQuery = `SELECT ` + viewColumns + `, c.indexed_seq
	FROM conversations c LEFT JOIN conversation_members m ON m.conversation_id = c.id AND m.user_id = $1 AND m.left_at IS NULL
	WHERE `

// take adds a conversation that the actor may read.
func (sc *scope) take(c *Conversation, indexedTo int64) {
	if _, refusal := access.Read(sc.actor, c.subject(sc.actor, access.Words{})); refusal != nil || sc.seen[c.ID] != nil {
		return
	}
	sc.seen[c.ID] = c
	if first := max(indexedTo, c.joinedSeq) + 1; first <= c.LastSeq {
		sc.tails = append(sc.tails, span{conversation: c.ID, first: first, last: c.LastSeq, newest: db.Millis(c.LastActivityAt)})
	}
}

// meet loads the conversations of blocks that were found in the organization's inbox and
// are not known yet.
func (sc *scope) meet(ctx context.Context, tx *db.Tx, blocks []block) error {
	var ids []care.ConversationID
	for i := range blocks {
		if _, known := sc.seen[blocks[i].conversation]; sc.inbox && !known {
			ids = append(ids, blocks[i].conversation)
		}
	}
	return eachPart(sorted(ids), func(part []care.ConversationID) error {
		_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var to int64
			c, err := scanView(withMore{row, []any{&to}})
			if err == nil {
				sc.take(c, c.LastSeq) // its tail is among the tails already
			}
			return struct{}{}, err
		}, viewQuery+`c.org_id = $2 AND c.id IN (`+tx.In(3, len(part))+`)`, args(part, sc.actor.User, sc.actor.Org)...)
		return err
	})
}

// marks gives the marks of which a block must have one to be of the scope. Where there
// are too many conversations to ask for each, whose a block is is seen later.
func (sc *scope) marks() []db.Word {
	whole := sc.inbox || len(sc.seen) > maxScope
	var marks []db.Word
	if whole {
		marks = append(marks, db.Word{Text: orgMark(sc.actor.Org)})
	}
	for id, c := range sc.seen {
		if !whole || c.Kind == care.Internal {
			marks = append(marks, db.Word{Text: conversationMark(id)})
		}
	}
	return marks
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
