package chat

import (
	"context"
	"slices"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// mayMention refuses a text that names somebody who is not here: the names of tokens are
// given to whoever reads the text, so a token must not ask for a stranger's.
func (t *thread) mayMention(actor care.Actor, body string) *care.Error {
	for _, user := range care.MentionsIn(body) {
		if m, member := t.has(user); !member || !access.Mention(actor, t.rules.hidden, user, m.kind) {
			return care.BadField("body", "unknown_mention", "Mentions somebody who is not in this conversation. Take the mention out.")
		}
	}
	return nil
}

// loadMentioned finds the names of the people whom the waiting messages mention: mostly
// none does, and nothing is asked.
func (f *facts) loadMentioned(ctx context.Context, tx *db.Tx, batch []*pending) (err error) {
	byOrg := map[care.OrgID][]care.UserID{}
	for _, p := range batch {
		t := f.threads[p.draft.Conversation]
		if t == nil {
			continue
		}
		for _, user := range care.MentionsIn(p.draft.Body) {
			if !slices.Contains(byOrg[t.org], user) {
				byOrg[t.org] = append(byOrg[t.org], user)
			}
		}
	}
	for org, ids := range byOrg {
		people, err := peopleNamed(ctx, tx, org, ids)
		if err != nil {
			return err
		}
		if f.mentioned == nil {
			f.mentioned = people
			continue
		}
		for id, p := range people {
			f.mentioned[id] = p
		}
	}
	return nil
}
