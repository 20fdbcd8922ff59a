package chat

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// newest gives the newest messages that a viewer may read, at most limit, from what is
// remembered as far as that goes. c comes from [lookIn], whose bounds are kept.
func (s *Service) newest(ctx context.Context, tx *db.Tx, actor care.Actor, c *Conversation, limit int) (list []care.Message, more bool, err error) {
	after := max(c.joinedSeq, c.LastSeq-int64(limit))
	t := s.memory.at(c.ID, c.stamp)
	part, complete := t.between(after, c.LastSeq)
	if !complete {
		if t, err = extended(ctx, tx, actor.Org, t, c.LastSeq); err != nil {
			return nil, false, err
		}
		s.memory.keep(t)
		if part, complete = t.between(after, c.LastSeq); !complete { // more is asked for than is kept
			if list, more, err = readPage(ctx, tx, *c, Page{Limit: limit}); err != nil {
				return nil, false, err
			}
			return list, more, decorate(ctx, tx, actor, c.only, pointers(list))
		}
	}
	list = make([]care.Message, len(part))
	for i := range part {
		list[i] = part[i]
		c.hideQuote(&list[i])
	}
	return list, after > c.joinedSeq, personalize(ctx, tx, actor, c.only, pointers(list))
}

// hideQuote takes away what a reply quotes where the viewer may not read that.
func (c *Conversation) hideQuote(m *care.Message) {
	if q := m.Quoted; q != nil && (q.Seq <= c.joinedSeq || q.Seq > c.LastSeq) {
		unquote(m)
	}
}

// unquote takes the quote from a message, and from whom it names those whom only the
// quote names. The list of these is shared and stays as it is.
func unquote(m *care.Message) {
	if m.Quoted == nil {
		return
	}
	people := make(map[care.UserID]care.Person, len(m.Mentions))
	for _, p := range m.Mentions {
		people[p.ID] = p
	}
	m.Quoted, m.Mentions = nil, known(care.MentionsIn(m.Body), people)
}

// extended reads the messages behind those that are remembered up to last, as staff who
// were there from the beginning would.
func extended(ctx context.Context, tx *db.Tx, org care.OrgID, t remembered, last int64) (remembered, error) {
	all := &Conversation{ID: t.id, org: org, LastSeq: last, joinedSeq: max(0, last-maxTail)}
	if t.last() >= all.joinedSeq && t.last() <= last {
		all.joinedSeq = t.last()
	} else {
		t.tail = nil
	}
	fresh, _, err := readPage(ctx, tx, *all, Page{Limit: maxTail})
	if err != nil {
		return t, err
	}
	all.joinedSeq = 0 // quotes may come from anywhere; each reader's are looked at again
	if err := adorn(ctx, tx, org, all.only, pointers(fresh)); err != nil {
		return t, err
	}
	tail := append(t.tail[:len(t.tail):len(t.tail)], fresh...)
	t.tail = tail[max(0, len(tail)-maxTail):]
	return t, nil
}
