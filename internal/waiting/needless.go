package waiting

import (
	"context"
	"slices"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
)

// Reminders is what people were reminded of; *notify.Service has it.
type Reminders interface {
	// SettleReminders puts away the reminders of conversations in which nobody waits for an
	// answer any more, within the transaction in which that was found. after is for behind the
	// commit; nil where there were none.
	SettleReminders(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (after func(), err error)
}

// RemindersBy says who keeps the reminders that have to be put away. Call it before the
// service is used.
func (s *Service) RemindersBy(r Reminders) { s.reminders = r }

// NeedsNoAnswer ends the waiting of a direct conversation without an answer, such as behind a
// client's "thank you": staff who may read it say so, up to the text that they have seen (0
// for all there is). What the client writes behind that asks again. Where nobody waits it
// changes nothing. Refusals: not_found, forbidden, invalid for the other kinds.
func (s *Service) NeedsNoAnswer(ctx context.Context, actor care.Actor, id care.ConversationID, upTo int64) error {
	return s.mark(ctx, actor, id, "conversation.needs_no_answer", func(t *talk, r rules) bool {
		q := t.open()
		if q == nil || upTo != 0 && q.seq > upTo {
			return false
		}
		t.dismiss(q, actor.User, upTo, r)
		return true
	})
}

// NeedsAnswer takes back that a conversation needs no answer: its client waits as before,
// unless somebody has answered or the client has asked again. Else it changes nothing. Refusals as of
// [Service.NeedsNoAnswer].
func (s *Service) NeedsAnswer(ctx context.Context, actor care.Actor, id care.ConversationID) error {
	return s.mark(ctx, actor, id, "conversation.needs_answer", func(t *talk, _ rules) bool {
		if t.last == nil || t.last.state != stateNeedless {
			return false
		}
		t.again(t.last) // an answer may have come, or its text be deleted
		return true
	})
}

// mark looks at a conversation up to now, changes what is known of its newest question, and
// looks at what was written behind it once more.
func (s *Service) mark(ctx context.Context, actor care.Actor, id care.ConversationID, action string, change func(*talk, rules) bool) error {
	var after func()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		after = nil
		if err := chat.MayMarkAnswered(ctx, tx, actor, id); err != nil {
			return err
		}
		talks, err := s.follow(ctx, tx, []care.ConversationID{id}, nil)
		if err != nil || len(talks) == 0 {
			return err
		}
		t := talks[0]
		r, err := s.rulesOf(ctx, tx, t.org, "")
		if err != nil {
			return err
		}
		if change(t, r) {
			if err := t.goOn(ctx, tx, r); err != nil {
				return err
			}
			if err := s.recordMark(ctx, tx, actor, id, action); err != nil {
				return err
			}
		}
		after, err = s.tellOf(ctx, tx, talks)
		return err
	})
	if err == nil && after != nil {
		after()
	}
	return err
}

func (s *Service) recordMark(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID, action string) error {
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), audit.Act(action, audit.About("conversation", id), nil))
}

// goOn hears what follows the place to which a conversation was put back, and writes it.
func (t *talk) goOn(ctx context.Context, tx *db.Tx, r rules) error {
	talks := []*talk{t}
	if err := hearAll(ctx, tx, talks, map[care.OrgID]rules{t.org: r}); err != nil {
		return err
	}
	if !t.behind {
		t.settle(r.now)
	}
	return write(ctx, tx, talks)
}

// unreminded gives the conversations among those changed whose question ended without an
// answer. An answer puts its reminders away itself.
func unreminded(talks []*talk) (ids []care.ConversationID) {
	silent := func(q *question) bool { return q.state != stateAnswered }
	for _, t := range talks {
		if t.open() == nil && slices.ContainsFunc(t.changed, silent) {
			ids = append(ids, t.id)
		}
	}
	return ids
}

// tellOf has the devices of staff told of what is different now, there and in more, and
// reminders put away of what ended without an answer.
func (s *Service) tellOf(ctx context.Context, tx *db.Tx, talks []*talk, more ...news) (after func(), err error) {
	after, err = s.tell(ctx, tx, append(changedOf(talks), more...))
	ids := unreminded(talks)
	if err != nil || s.reminders == nil || len(ids) == 0 {
		return after, err
	}
	settled, err := s.reminders.SettleReminders(ctx, tx, ids)
	if err != nil || settled == nil {
		return after, err
	}
	told := after
	return func() { told(); settled() }, nil
}
