package chat

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Place is a message's place in a conversation.
type Place struct {
	Conversation care.ConversationID
	Seq          int64
}

// Written is what those need to know of a message who tell people that something was
// written: never its text.
type Written struct {
	Place
	Author    care.UserID
	Kind      care.PersonKind // of the author
	Automatic bool            // a reply that the program gave for the author
	Mentions  []care.UserID
}

// WrittenAt reads what was written at these places. Deleted messages are left out.
func WrittenAt(ctx context.Context, tx *db.Tx, places []Place) (all []Written, err error) {
	err = eachPart(places, func(part []Place) error {
		list, err := db.Many(ctx, tx, scanWritten, `
			SELECT m.conversation_id, m.seq, m.author_id, COALESCE(p.kind, ''), m.kind = 'auto_reply', CASE WHEN m.body LIKE '%<@%' THEN m.body ELSE '' END
			FROM (VALUES `+tx.Values(len(part), "id", "int")+`) AS v
			JOIN messages m ON m.conversation_id = v.column1 AND m.seq = v.column2
			LEFT JOIN people p ON p.id = m.author_id
			WHERE m.deleted_at IS NULL`, placesOf(part)...)
		all = append(all, list...)
		return err
	})
	return all, err
}

func scanWritten(row db.Scanner) (w Written, err error) {
	var body string
	err = row.Scan(&w.Conversation, &w.Seq, &w.Author, &w.Kind, &w.Automatic, &body)
	w.Mentions = care.MentionsIn(body)
	return w, err
}

// Heard is a direct conversation in which its client has written.
type Heard struct {
	Org          care.OrgID
	Conversation care.ConversationID
	Client       care.UserID
	Staff        []care.UserID // the members of staff, active or not
}

// HeardAt gives the direct conversations in which the client wrote at one of these places.
// Deleted messages are left out.
func HeardAt(ctx context.Context, tx *db.Tx, places []Place) (all []Heard, err error) {
	err = eachPart(places, func(part []Place) error {
		list, err := db.Many(ctx, tx, scanHeard, `SELECT DISTINCT c.org_id, c.id, c.client_id
			FROM (VALUES `+tx.Values(len(part), "id", "int")+`) AS v
			JOIN conversations c ON c.id = v.column1 AND c.kind = 'direct'
			JOIN messages m ON m.conversation_id = v.column1 AND m.seq = v.column2
			WHERE m.author_id = c.client_id AND m.kind = 'text' AND m.deleted_at IS NULL`, placesOf(part)...)
		all = append(all, list...)
		return err
	})
	if err != nil || len(all) == 0 {
		return nil, err
	}
	ids := make([]care.ConversationID, len(all))
	for i, h := range all {
		ids[i] = h.Conversation
	}
	staff, err := StaffOf(ctx, tx, ids)
	for i := range all {
		all[i].Staff = staff[all[i].Conversation]
	}
	return all, err
}

func scanHeard(row db.Scanner) (h Heard, err error) {
	return h, row.Scan(&h.Org, &h.Conversation, &h.Client)
}

func placesOf(list []Place) []any {
	values := make([]any, 0, 2*len(list))
	for _, p := range list {
		values = append(values, p.Conversation, p.Seq)
	}
	return values
}

// AnsweredSince gives those of the conversations in which somebody of staff has written
// behind the place; an automatic reply is no answer, nor is what was planned before the
// message at the place was written.
func AnsweredSince(ctx context.Context, tx *db.Tx, places []Place) (map[care.ConversationID]bool, error) {
	answered := map[care.ConversationID]bool{}
	return answered, eachPart(places, func(part []Place) error {
		ids, err := db.Many(ctx, tx, scanID[care.ConversationID], `
			SELECT v.column1 FROM (VALUES `+tx.Values(len(part), "id", "int")+`) AS v
			WHERE EXISTS (SELECT 1 FROM messages m JOIN people p ON p.id = m.author_id
				WHERE m.conversation_id = v.column1 AND m.seq > v.column2 AND m.kind = 'text' AND p.kind = 'staff'
					AND NOT EXISTS (SELECT 1 FROM scheduled_messages s JOIN messages q ON q.conversation_id = v.column1 AND q.seq = v.column2
						WHERE s.id = m.id AND s.created_at < q.created_at))`, placesOf(part)...)
		for _, id := range ids {
			answered[id] = true
		}
		return err
	})
}

// Glimpse is a conversation in one line, as its reader sees it.
type Glimpse struct {
	Title  string // its subject, or who is in it
	Unread int64
	// Here is true where the message of the place is there, and the reader may read it.
	Here bool
}

// Glimpses gives the conversations of these places in a line each, those that the actor may
// read.
func (s *Service) Glimpses(ctx context.Context, actor care.Actor, places []Place) (map[Place]Glimpse, error) {
	glimpses := make(map[Place]Glimpse, len(places))
	if len(places) == 0 {
		return glimpses, nil
	}
	err := s.read(ctx, actor, func(tx *db.Tx) error {
		sc, err := seenAt(ctx, tx, actor, places)
		if err != nil {
			return err
		}
		var seen []place
		for _, c := range sc.seen {
			seen = append(seen, place{conversation: c.ID})
		}
		titles, err := sc.titles(ctx, tx, seen)
		if err != nil {
			return err
		}
		there, err := standing(ctx, tx, places)
		for _, p := range places {
			if c := sc.seen[p.Conversation]; c != nil {
				here := there[p] && p.Seq > c.joinedSeq && p.Seq <= c.LastSeq
				glimpses[p] = Glimpse{Title: titles[p.Conversation], Unread: c.Unread, Here: here}
			}
		}
		return err
	})
	return glimpses, err
}

// seenAt reads what the actor sees of the conversations of places.
func seenAt(ctx context.Context, tx *db.Tx, actor care.Actor, places []Place) (*scope, error) {
	sc := &scope{actor: actor, seen: map[care.ConversationID]*Conversation{}}
	ids := make([]care.ConversationID, len(places))
	for i, p := range places {
		ids[i] = p.Conversation
	}
	views, err := db.Many(ctx, tx, scanView, `SELECT `+viewColumns+`
		FROM conversations c LEFT JOIN conversation_members m ON m.conversation_id = c.id AND m.user_id = $1 AND m.left_at IS NULL
		WHERE c.id IN (`+tx.In(2, len(ids))+`)`, args(ids, actor.User)...)
	for _, c := range views {
		if _, refusal := access.Read(actor, c.subject(actor, access.Words{})); refusal == nil {
			sc.seen[c.ID] = c
		}
	}
	return sc, err
}

// standing gives those of the places whose message is there and was not deleted.
func standing(ctx context.Context, tx *db.Tx, places []Place) (map[Place]bool, error) {
	there := map[Place]bool{}
	return there, eachPart(places, func(part []Place) error {
		list, err := db.Many(ctx, tx, scanPlace, `SELECT m.conversation_id, m.seq FROM (VALUES `+tx.Values(len(part), "id", "int")+`) AS v
			JOIN messages m ON m.conversation_id = v.column1 AND m.seq = v.column2 WHERE m.deleted_at IS NULL`, placesOf(part)...)
		for _, p := range list {
			there[p] = true
		}
		return err
	})
}

func scanPlace(row db.Scanner) (p Place, err error) { return p, row.Scan(&p.Conversation, &p.Seq) }
