package chat

import (
	"context"
	"fmt"
	"strings"

	"hearth/internal/care"
	"hearth/internal/db"
)

// maxNamed is how many people a notice names; more are counted.
const maxNamed = 3

// toldOfMembers records that people came or left, and tells it. A notice names them, but
// for clients where the roster is hidden: fellow clients then see no difference, not even
// an event.
func (s *Service) toldOfMembers(ctx context.Context, tx *db.Tx, actor care.Actor, t *thread, who []member, words, action string, details map[string]any) ([]care.Event, error) {
	told, err := s.recorded(ctx, tx, actor, t.id, action, details)
	if err != nil {
		return nil, err
	}
	if t.rules.hidden && onlyClients(who) {
		told[0].To = t.staff()
		for _, m := range who {
			told[0].To = append(told[0].To, m.id)
		}
		return told, nil
	}
	notice, err := s.appendNotice(ctx, tx, t, nameAll(who)+words)
	return append(told, notice), err
}

func onlyClients(who []member) bool {
	for _, m := range who {
		if m.kind != care.KindClient {
			return false
		}
	}
	return true
}

// nameAll names people by tokens: "A", "A and B", "A, B and C", or their number.
func nameAll(who []member) string {
	if len(who) > maxNamed {
		return fmt.Sprintf("%d people", len(who))
	}
	names := make([]string, len(who))
	for i, m := range who {
		names[i] = care.Mention(m.id)
	}
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
