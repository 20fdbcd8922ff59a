package chat

import (
	"context"
	"slices"

	"hearth/internal/care"
	"hearth/internal/db"
)

// decorate completes messages that were read for one reader: what the bits of
// care.Extras say is there, whom they mention, what they answer, and in community chats
// the names that a client may see. where gives the reader's view of a message's
// conversation, whose bounds also bound the quotes.
func decorate(ctx context.Context, tx *db.Tx, actor care.Actor, where func(care.ConversationID) *Conversation, list []*care.Message) error {
	if err := adorn(ctx, tx, actor.Org, where, list); err != nil {
		return err
	}
	return personalize(ctx, tx, actor, where, list)
}

// adorn adds to messages what staff see of them who have the bounds that where gives.
func adorn(ctx context.Context, tx *db.Tx, org care.OrgID, where func(care.ConversationID) *Conversation, list []*care.Message) error {
	if err := addExtras(ctx, tx, list); err != nil {
		return err
	}
	if err := addQuotes(ctx, tx, where, list); err != nil {
		return err
	}
	return addMentions(ctx, tx, org, list)
}

// personalize gives messages as a client sees them: of community chats the names that they
// may see, and of blasts no sign.
func personalize(ctx context.Context, tx *db.Tx, actor care.Actor, where func(care.ConversationID) *Conversation, list []*care.Message) error {
	if !actor.IsClient() {
		return nil
	}
	var style care.NameStyle
	for _, m := range list {
		m.Blast = care.BlastID{}
		if !hidesNames(actor, where(m.Conversation).Kind) {
			continue
		}
		if style == "" {
			var err error
			if style, err = nameStyle(ctx, tx, actor.Org); err != nil {
				return err
			}
		}
		*m = m.ShownTo(actor.User, style)
		where(m.Conversation).rules.maskNotice(actor, m)
	}
	return nil
}

// addExtras reads reactions and attachments of the messages whose bits say so: mostly
// none has any, and nothing is asked.
func addExtras(ctx context.Context, tx *db.Tx, list []*care.Message) error {
	if err := addReactions(ctx, tx, having(care.HasReactions, list)); err != nil {
		return err
	}
	return addAttachments(ctx, tx, having(care.HasAttachments, list))
}

func having(bit care.Extras, list []*care.Message) map[care.MessageID]*care.Message {
	var found map[care.MessageID]*care.Message
	for _, m := range list {
		if m.Extras&bit != 0 && m.DeletedAt.IsZero() {
			if found == nil {
				found = map[care.MessageID]*care.Message{}
			}
			found[m.ID] = m
		}
	}
	return found
}

// keysOf gives the ids of a set of messages in one order, so that the same statement is
// used again.
func keysOf(messages map[care.MessageID]*care.Message) []care.MessageID {
	ids := make([]care.MessageID, 0, len(messages))
	for id := range messages {
		ids = append(ids, id)
	}
	return sorted(ids)
}

// addMentions names the people whom bodies and quotes name by tokens.
func addMentions(ctx context.Context, tx *db.Tx, org care.OrgID, list []*care.Message) error {
	var ids []care.UserID
	for _, m := range list {
		for _, user := range mentionsOf(m) {
			if !slices.Contains(ids, user) {
				ids = append(ids, user)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	people, err := peopleNamed(ctx, tx, org, ids)
	if err != nil {
		return err
	}
	for _, m := range list {
		m.Mentions = known(mentionsOf(m), people)
	}
	return nil
}

// mentionsOf gives whom a message and its quote name.
func mentionsOf(m *care.Message) []care.UserID {
	ids := care.MentionsIn(m.Body)
	if m.Quoted != nil {
		for _, user := range care.MentionsIn(m.Quoted.Body) {
			if !slices.Contains(ids, user) {
				ids = append(ids, user)
			}
		}
	}
	return ids
}

func known(ids []care.UserID, people map[care.UserID]care.Person) []care.Person {
	var found []care.Person
	for _, id := range ids {
		if p, is := people[id]; is {
			found = append(found, p)
		}
	}
	return found
}

func pointers(list []care.Message) []*care.Message {
	all := make([]*care.Message, len(list))
	for i := range list {
		all[i] = &list[i]
	}
	return all
}
