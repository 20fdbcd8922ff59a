package chat

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Search finds messages. Make it with [NewSearch]; it is safe for concurrent use.
type Search struct {
	chat *Service
	// complete is a moment, in Unix milliseconds: conversations in which nobody wrote since
	// then are in the index. 0 is before the first look.
	complete atomic.Int64
	// erased is when the index last forgot what was taken out of it, likewise.
	erased atomic.Int64
}

// NewSearch makes the search over a service's messages. It finds everything at once;
// [Search.Run] makes it fast.
func NewSearch(chat *Service) *Search { return &Search{chat: chat} }

// Asking is what somebody looks for. What is left zero does not narrow.
type Asking struct {
	// Words is in the language of docs/guide/search.md: words, "phrases", from: in: before:
	// after: on: has:file.
	Words        string
	Conversation care.ConversationID
	// From is an author's id, a name, or "me".
	From string
	// Before and After are moments (RFC 3339) or days as in Words, both exclusive.
	Before, After string
	HasFile       bool
	// Inbox is InboxOwn to leave out what one sees only through the organization inbox.
	Inbox string
	// Zone is that of the days; nil is the organization's.
	Zone *time.Location
}

// SearchCursor is where the next page of results begins: behind this message.
type SearchCursor struct {
	At           int64 // Unix milliseconds
	Conversation care.ConversationID
	Seq          int64
}

// Found is a message that was looked for, as the reader sees it.
type Found struct {
	Message care.Message
	Where   FoundWhere
	Snippet []Fragment
}

// FoundWhere is the conversation of a message that was found.
type FoundWhere struct {
	ID       care.ConversationID
	Kind     care.ConversationKind
	Title    string
	ClientID care.UserID
}

// Find gives the messages that the actor may read and that are what they look for, the
// newest first, at most limit. next is nil on the last page; a page may hold fewer than
// limit and have a next one, where looking through everything at once would take long.
// Deleted messages and notices are never found. What staff find through the organization
// inbox is recorded as their reading of that conversation. Refusals: invalid (field q),
// not_found (the conversation), forbidden (the inbox).
func (s *Search) Find(ctx context.Context, actor care.Actor, ask Asking, after *SearchCursor, limit int) (found []Found, next *SearchCursor, err error) {
	if ask.Inbox == InboxOrganization && !actor.Can(care.OrganizationInbox) {
		return nil, nil, care.Refused("Searching everybody’s conversations needs the permission “organization inbox”.")
	}
	if ask.Zone == nil {
		if ask.Zone, err = s.zone(ctx, actor.Org); err != nil {
			return nil, nil, err
		}
	}
	query, err := s.query(ask)
	if err != nil {
		return nil, nil, err
	}
	var outside []care.ConversationID
	err = s.chat.read(ctx, actor, func(tx *db.Tx) error {
		sc, err := s.loadScope(ctx, tx, actor, ask, query)
		if err != nil {
			return err
		}
		var places []place
		m := &matcher{query: query}
		if places, next, err = sc.find(ctx, tx, m, after, limit); err != nil {
			return err
		}
		if found, err = sc.show(ctx, tx, m, places); err != nil {
			return err
		}
		outside, err = s.unrecorded(ctx, tx, sc, found)
		return err
	})
	if err == nil && len(outside) > 0 {
		err = s.record(ctx, actor, sorted(outside))
	}
	if err != nil {
		return nil, nil, err
	}
	return found, next, nil
}

// query joins what was written with what was asked for beside it.
func (s *Search) query(ask Asking) (searchQuery, error) {
	q, err := parseSearch(ask.Words, ask.Zone, s.chat.clock())
	if err != nil {
		return q, err
	}
	if ask.From != "" {
		q.from = append(q.from, ask.From)
	}
	for operator, text := range map[string]string{"before": ask.Before, "after": ask.After} {
		if err := s.bound(&q, operator, text, ask.Zone); err != nil {
			return q, err
		}
	}
	q.hasFile = q.hasFile || ask.HasFile
	narrows := len(q.terms)+len(q.from)+len(q.in) > 0 || q.hasFile || !q.since.IsZero() || !q.until.IsZero()
	if !narrows && ask.Conversation.IsZero() {
		return q, badSearch("required", "Write a word to look for.")
	}
	return q, nil
}

// bound narrows the time by a parameter of its own.
func (s *Search) bound(q *searchQuery, operator, text string, zone *time.Location) error {
	if text == "" {
		return nil
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		q.bound(operator, at, at.Truncate(time.Millisecond).Add(time.Millisecond))
		return nil
	}
	start, end, ok := parseDay(text, zone, s.chat.clock())
	if !ok {
		return care.BadField(operator, "date", "Must be an RFC 3339 time, or a date such as 2026-03-02.")
	}
	q.bound(operator, start, end)
	return nil
}

// zone is the organization's.
func (s *Search) zone(ctx context.Context, org care.OrgID) (zone *time.Location, err error) {
	var name string
	err = s.chat.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT time_zone FROM organizations WHERE id = $1`, org).Scan(&name)
	})
	if err != nil {
		return nil, err
	}
	return time.LoadLocation(name)
}

// find gives the places of a page of results.
func (sc *scope) find(ctx context.Context, tx *db.Tx, m *matcher, after *SearchCursor, limit int) ([]place, *SearchCursor, error) {
	var err error
	if m.authors, err = sc.authorsNamed(ctx, tx, m.query.from); err != nil {
		return nil, nil, err
	}
	if m.authors != nil && len(m.authors) == 0 {
		return nil, nil, nil
	}
	w := &walk{tx: tx, scope: sc, match: m, limit: limit, before: oldestAt(math.MaxInt64)}
	if after != nil {
		w.before = place{at: after.At, conversation: after.Conversation, seq: after.Seq}
	}
	w.index = newBlockStream(asks(m), sinceOf(m.query))
	next, err := w.run(ctx)
	if err != nil || next == nil {
		return w.found, nil, err
	}
	return w.found, &SearchCursor{At: next.at, Conversation: next.conversation, Seq: next.seq}, nil
}

func sinceOf(q searchQuery) int64 {
	if q.since.IsZero() {
		return math.MinInt64
	}
	return q.since.UnixMilli()
}

// asks gives what a block must have for a result to be in it.
func asks(m *matcher) (all [][]db.Word) {
	for _, t := range m.query.terms {
		for i, word := range t.words {
			all = append(all, []db.Word{{Text: word, Prefix: t.prefix && i == len(t.words)-1}})
		}
	}
	if m.query.hasFile {
		all = append(all, []db.Word{{Text: fileMark}})
	}
	if m.authors != nil && len(m.authors) <= maxAuthors {
		var authors []db.Word
		for id := range m.authors {
			authors = append(authors, db.Word{Text: authorMark(id)})
		}
		all = append(all, authors)
	}
	return all
}

// show reads the messages of a page as the actor sees them.
func (sc *scope) show(ctx context.Context, tx *db.Tx, m *matcher, places []place) ([]Found, error) {
	if len(places) == 0 {
		return nil, nil
	}
	where := func(id care.ConversationID) *Conversation { return sc.seen[id] }
	byPlace := make(map[place]care.Message, len(places))
	var all []care.Message
	for part := range chunks(places) {
		messages, err := readPlaces(ctx, tx, part)
		if err != nil {
			return nil, err
		}
		all = append(all, messages...)
	}
	if err := decorate(ctx, tx, sc.actor, where, pointers(all)); err != nil {
		return nil, err
	}
	for _, message := range all {
		byPlace[place{db.Millis(message.CreatedAt), message.Conversation, message.Seq}] = message
	}
	titles, err := sc.titles(ctx, tx, places)
	if err != nil {
		return nil, err
	}
	found := make([]Found, 0, len(places))
	for _, p := range places {
		message, c := byPlace[p], sc.seen[p.conversation]
		if !c.shows(message) {
			continue
		}
		found = append(found, Found{
			Message: message, Where: FoundWhere{ID: c.ID, Kind: c.Kind, Title: titles[c.ID], ClientID: c.ClientID},
			Snippet: m.snippet(plainBody(message)),
		})
	}
	return found, nil
}

// plainBody is what a message says, with the names that its reader sees.
func plainBody(m care.Message) string {
	return care.PlainMentions(m.Body, func(id care.UserID) string {
		for _, p := range m.Mentions {
			if p.ID == id {
				return p.Name
			}
		}
		return ""
	})
}

// readPlaces reads the messages that a search found; whoever shows them asks
// Conversation.shows once more.
func readPlaces(ctx context.Context, tx *db.Tx, places []place) ([]care.Message, error) {
	values := make([]any, 0, 2*len(places))
	for _, p := range places {
		values = append(values, p.conversation, p.seq)
	}
	return db.Many(ctx, tx, scanMessage, `SELECT `+messageColumns+` FROM (VALUES `+tx.Values(len(places), "id", "int")+`) AS v
		JOIN messages m ON m.conversation_id = v.column1 AND m.seq = v.column2`+messageJoins, values...)
}

// unrecorded gives the conversations of results that the actor sees through the
// organization inbox and whose reading is not in the audit log yet.
func (s *Search) unrecorded(ctx context.Context, tx *db.Tx, sc *scope, found []Found) ([]care.ConversationID, error) {
	var outside []care.ConversationID
	asked := map[care.ConversationID]bool{}
	for i := range found {
		c := sc.seen[found[i].Where.ID]
		if !c.Outsider || asked[c.ID] {
			continue
		}
		asked[c.ID] = true
		record, err := s.chat.mustRecord(ctx, tx, sc.actor, *c)
		if err != nil {
			return nil, err
		}
		if record {
			outside = append(outside, c.ID)
		}
	}
	return outside, nil
}

// record writes the readings of a page into the audit log. The answer waits for it: what
// is not recorded is not shown.
func (s *Search) record(ctx context.Context, actor care.Actor, ids []care.ConversationID) error {
	now := s.chat.clock()
	return s.chat.db.Write(ctx, func(tx *db.Tx) error {
		var entries []audit.Entry
		for _, id := range ids {
			about := audit.About("conversation", id)
			first, err := audit.Once(ctx, tx, actor.User, about, now)
			if err != nil {
				return err
			}
			if first {
				entries = append(entries, audit.Act("conversation.read_by_outsider", about, nil))
			}
		}
		return audit.Append(ctx, tx, actor.Org, actor.Person(), now, entries...)
	})
}
