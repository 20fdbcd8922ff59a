package chat

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// AddMember puts somebody in a conversation; who is in it already stays. Staff who join
// a direct conversation read all of it; whoever joins a community chat or an internal
// conversation reads from then on, unless it was made with its whole history open.
func (s *Service) AddMember(ctx context.Context, actor care.Actor, id care.ConversationID, user care.UserID) (c Conversation, err error) {
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		threads, err := loadThreads(ctx, tx, []care.ConversationID{id})
		if err != nil {
			return nil, err
		}
		before, err := view(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		t := threads[id]
		var events []care.Event
		if _, member := t.has(user); !member {
			if events, err = s.addMember(ctx, tx, actor, before, t, user); err != nil {
				return nil, err
			}
		}
		c, err = view(ctx, tx, actor, id)
		return events, err
	})
	return c, err
}

func (s *Service) addMember(ctx context.Context, tx *db.Tx, actor care.Actor, c Conversation, t *thread, user care.UserID) ([]care.Event, error) {
	if err := lockNamed(ctx, tx, actor, []care.UserID{user}); err != nil {
		return nil, err
	}
	found, err := loadInvitees(ctx, tx, actor, []care.UserID{user})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 { // the actor looks on from outside and joins
		found = []access.Invitee{{ID: actor.User, Kind: actor.Kind, Visible: true, Active: true}}
	}
	who := found[0]
	if refusal := access.AddMember(actor, c.subject(actor, access.Words{}), who); refusal != nil {
		return nil, refusal
	}
	if refusal := access.Full(t.kind, len(t.members), 1, s.communityLimit()); refusal != nil {
		return nil, refusal
	}
	from, countable, err := readFrom(ctx, tx, t)
	if err != nil {
		return nil, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO conversation_members (conversation_id, user_id, kind, joined_at, joined_seq, read_seq,
			read_countable, marked_unread, pinned, archived)
		VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, FALSE, FALSE)
		ON CONFLICT (conversation_id, user_id) DO UPDATE SET left_at = NULL, joined_at = excluded.joined_at,
			joined_seq = excluded.joined_seq, read_seq = excluded.read_seq, read_countable = excluded.read_countable,
			marked_unread = FALSE, archived = FALSE, via = 'hand',
			withheld_after_seq = NULL, withheld_countable = NULL, withheld_activity_at = NULL`,
		t.id, user, string(who.Kind), db.Millis(s.clock()), from, t.lastSeq, countable)
	if err != nil {
		return nil, err
	}
	if err := takeUp(ctx, tx, t); err != nil {
		return nil, err
	}
	t.members = append(t.members, member{id: user, kind: who.Kind})
	return s.membersChanged(ctx, tx, actor, t, member{id: user, kind: who.Kind}, "conversation.member_added", " joined this conversation.")
}

// readFrom gives the last message that a new member does not read, and how many
// messages that can be unread precede their joining.
func readFrom(ctx context.Context, tx *db.Tx, t *thread) (joined, countable int64, err error) {
	var all bool
	if err := tx.QueryRow(ctx, `SELECT history_all FROM conversations WHERE id = $1`, t.id).Scan(&all); err != nil {
		return 0, 0, err
	}
	if all || t.kind == care.Direct {
		return 0, t.countable, nil
	}
	return t.lastSeq, t.countable, nil
}

// RemoveMember takes somebody out of a conversation: staff anyone but the client of a
// direct conversation, and oneself. They cannot see it any more.
func (s *Service) RemoveMember(ctx context.Context, actor care.Actor, id care.ConversationID, user care.UserID) error {
	return s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		threads, err := loadThreads(ctx, tx, []care.ConversationID{id})
		if err != nil {
			return nil, err
		}
		before, err := view(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		t := threads[id]
		who, member := t.has(user)
		if !member {
			return nil, care.Missing("member")
		}
		if refusal := access.RemoveMember(actor, before.subject(actor, access.Words{}), user, t.isLastStaff(user)); refusal != nil {
			return nil, refusal
		}
		_, err = tx.Exec(ctx, `UPDATE conversation_members SET left_at = $3, via = CASE kind WHEN 'client' THEN 'out' ELSE via END
			WHERE conversation_id = $1 AND user_id = $2`,
			id, user, db.Millis(s.clock()))
		if err != nil {
			return nil, err
		}
		t.remove(user)
		events, err := s.membersChanged(ctx, tx, actor, t, who, "conversation.member_removed", " left this conversation.")
		if err != nil {
			return nil, err
		}
		back, err := s.unassignLeaver(ctx, tx, actor, t, user, before.assignee)
		events = append(events, back...)
		// The one who was removed learns that it is gone.
		return append(events, care.Event{
			Type: care.EventConversationUpdated, Org: actor.Org, To: []care.UserID{user}, Conversation: id,
		}), err
	})
}

func (t *thread) isLastStaff(user care.UserID) bool {
	who, _ := t.has(user)
	for _, m := range t.members {
		if m.kind == care.KindStaff && m.id != user {
			return false
		}
	}
	return who.kind == care.KindStaff
}

func (t *thread) people() []care.UserID {
	ids := make([]care.UserID, len(t.members))
	for i, m := range t.members {
		ids[i] = m.id
	}
	return ids
}

func (t *thread) remove(user care.UserID) {
	kept := t.members[:0]
	for _, m := range t.members {
		if m.id != user {
			kept = append(kept, m)
		}
	}
	t.members = kept
}

// membersChanged writes what follows from a change of members: the key by which exactly
// these people are found again, the notice, the record.
func (s *Service) membersChanged(ctx context.Context, tx *db.Tx, actor care.Actor, t *thread, who member, action, words string) ([]care.Event, error) {
	if t.kind == care.Direct {
		if _, err := tx.Exec(ctx, `UPDATE conversations SET people_key = $2 WHERE id = $1`, t.id, peopleKey(t.people())); err != nil {
			return nil, err
		}
	}
	return s.toldOfMembers(ctx, tx, actor, t, []member{who}, words, action, map[string]any{"user_id": who.id.String()})
}
