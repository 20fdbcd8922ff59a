package chat

import (
	"context"
	"slices"
	"sync/atomic"

	"hearth/internal/care"
	"hearth/internal/db"
)

// maxPages bounds what the remembered pages take, in bytes, roughly.
const maxPages = 32 << 20

// pages remember the first pages of people's own inboxes. As with [memory] nothing depends
// on being told of changes: which conversations a page has, and in which state, is read
// each time, and only those are read whole that are not remembered in it.
type pages = lately[pageName, ownPage]

type pageName struct {
	user  care.UserID
	state string
	limit int
}

// ownPage is what is remembered of one page. It is never changed.
type ownPage struct {
	actor           care.Actor // as they were, whatever the session
	epoch, switches int64
	found           lines
	views           map[line]*Conversation
}

func newPages() *pages {
	return newLately[pageName](maxPages, func(p ownPage) int { return 1024 + 4096*len(p.views) })
}

// ownPage gives the first page of the actor's own inbox; next is nil where it is the last.
func (s *Service) ownPage(ctx context.Context, tx *db.Tx, actor care.Actor, filter Filter, limit int) (list []*Conversation, next *Cursor, err error) {
	name := pageName{actor.User, filter.State, limit}
	p, drafted, err := s.pageNow(ctx, tx, actor, name)
	if err != nil {
		return nil, nil, err
	}
	var before *lines
	if p.views != nil {
		before = &p.found
	}
	if p.found, err = readLines(ctx, tx, actor, filter, limit, before); err != nil {
		return nil, nil, err
	}
	shown := p.found.list[:min(limit, len(p.found.list))]
	list, missing := p.remembered(shown, drafted)
	if err := s.readViews(ctx, tx, actor, list, shown, missing); err != nil {
		return nil, nil, err
	}
	if len(missing) > 0 || before == nil {
		s.pages.put(name, p.with(shown, list, drafted), func(_, fresh ownPage) ownPage { return fresh })
	}
	if len(p.found.list) > limit {
		next = cursorBehind(list[limit-1])
	}
	return list, next, nil
}

// pageNow gives what is remembered of a page at the counts of now, without views where
// that is nothing, and where the actor is writing something.
func (s *Service) pageNow(ctx context.Context, tx *db.Tx, actor care.Actor, name pageName) (ownPage, []care.ConversationID, error) {
	now := ownPage{actor: actor}
	now.actor.Session = care.SessionID{}
	err := tx.QueryRow(ctx, `SELECT o.people_epoch, e.epoch FROM organizations o JOIN switch_epochs e ON e.org_id = o.id
		WHERE o.id = $1`, actor.Org).Scan(&now.epoch, &now.switches)
	if err != nil {
		return now, nil, err
	}
	if p, found := s.pages.get(name); found && p.actor == now.actor && p.epoch == now.epoch && p.switches == now.switches {
		now = p
	}
	drafted, err := db.Many(ctx, tx, scanID[care.ConversationID], `SELECT conversation_id FROM drafts WHERE user_id = $1`, actor.User)
	return now, drafted, err
}

// remembered gives the views of lines that are remembered, and the ids of the others.
func (p *ownPage) remembered(shown []line, drafted []care.ConversationID) (list []*Conversation, missing []care.ConversationID) {
	list = make([]*Conversation, len(shown))
	for i, l := range shown {
		if c := p.views[l]; c != nil && !slices.Contains(drafted, l.id) {
			list[i] = c
		} else {
			missing = append(missing, l.id)
		}
	}
	return list, missing
}

// readViews reads the views of lines that were missing and puts them where they belong.
func (s *Service) readViews(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Conversation, shown []line, missing []care.ConversationID) error {
	if len(missing) == 0 {
		return nil
	}
	fresh, err := db.Many(ctx, tx, scanView, `SELECT `+viewColumns+`
		FROM conversations c JOIN conversation_members m ON m.conversation_id = c.id
		WHERE m.user_id = $1 AND m.left_at IS NULL AND c.id IN (`+tx.In(2, len(missing))+`)`, args(missing, actor.User)...)
	if err != nil {
		return err
	}
	if err := s.fillPage(ctx, tx, actor, fresh); err != nil {
		return err
	}
	byID := make(map[care.ConversationID]*Conversation, len(fresh))
	for _, c := range fresh {
		byID[c.ID] = c
	}
	for i, l := range shown {
		if list[i] == nil {
			list[i] = byID[l.id]
		}
	}
	return nil
}

// with gives the page with other lines and their views. Not remembered are community chats,
// conversations that tell why their client cannot be written to, and those where the actor
// is writing something: they say more than the numbers of a line count.
func (p *ownPage) with(shown []line, list []*Conversation, drafted []care.ConversationID) ownPage {
	fresh := *p
	fresh.views = make(map[line]*Conversation, len(list))
	for i, c := range list {
		if c.Kind != care.Community && c.Unavailable == nil && !slices.Contains(drafted, c.ID) {
			if c.written == nil {
				c.written = &written{}
			}
			fresh.views[shown[i]] = c
		}
	}
	return fresh
}

// written keeps how a view that is not changed any more was written for an answer.
type written struct{ text atomic.Pointer[[]byte] }

// Written gives what write makes of a conversation. A conversation that is remembered is
// written once; the text is shared and must not be changed. It is safe for concurrent use.
func (c *Conversation) Written(write func(*Conversation) []byte) []byte {
	if c.written == nil {
		return write(c)
	}
	if text := c.written.text.Load(); text != nil {
		return *text
	}
	text := write(c)
	c.written.text.Store(&text)
	return text
}
