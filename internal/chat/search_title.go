package chat

import (
	"context"
	"fmt"
	"strings"

	"hearth/internal/care"
	"hearth/internal/db"
)

// titles gives what the conversations of results are called by the actor: by their
// subject; direct ones by their client, or for the client by the staff in them.
func (sc *scope) titles(ctx context.Context, tx *db.Tx, places []place) (map[care.ConversationID]string, error) {
	titles := map[care.ConversationID]string{}
	people := map[care.ConversationID][]care.Person{}
	var ids []care.ConversationID
	for _, p := range places {
		c := sc.seen[p.conversation]
		if _, known := titles[c.ID]; known {
			continue
		}
		if titles[c.ID] = c.Subject; c.Subject == "" || c.Kind == care.Direct {
			ids = append(ids, c.ID)
		}
	}
	style, err := nameStyle(ctx, tx, sc.actor.Org)
	if err != nil {
		return nil, err
	}
	ids = sorted(ids)
	err = eachPart(ids, func(part []care.ConversationID) error {
		_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
			var in care.ConversationID
			p, err := scanPerson(withMore{row, []any{&in}})
			c := sc.seen[in]
			if hidesNames(sc.actor, c.Kind) {
				p = p.ShownTo(sc.actor.User, style)
			}
			if p.Kind == care.KindStaff || !c.rules.hides(sc.actor) {
				people[in] = append(people[in], p)
			}
			return struct{}{}, err
		}, `SELECT p.id, p.name, p.kind, COALESCE(p.alias, ''), m.conversation_id
			FROM conversation_members m JOIN people p ON p.id = m.user_id
			WHERE m.left_at IS NULL AND m.conversation_id IN (`+tx.In(1, len(part))+`)
			ORDER BY m.conversation_id, m.joined_at, m.user_id`, args(part)...)
		return err
	})
	for _, id := range ids {
		if title := titleOf(people[id], sc.seen[id].Kind, sc.actor.User); title != "" {
			titles[id] = title
		}
	}
	return titles, err
}

// titleOf names the others in a conversation.
func titleOf(people []care.Person, kind care.ConversationKind, reader care.UserID) string {
	var others, clients []string
	for _, p := range people {
		if p.ID == reader {
			continue
		}
		others = append(others, p.Name)
		if p.Kind == care.KindClient {
			clients = append(clients, p.Name)
		}
	}
	if kind == care.Direct && len(clients) > 0 {
		others = clients
	}
	switch n := len(others); {
	case n < 2:
		return strings.Join(others, "")
	case n <= 3:
		return strings.Join(others[:n-1], ", ") + " and " + others[n-1]
	default:
		return fmt.Sprintf("%s and %d others", strings.Join(others[:2], ", "), n-2)
	}
}
