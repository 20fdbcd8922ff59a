package chat

import (
	"context"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

func (t *thread) staff() (ids []care.UserID) {
	for _, m := range t.members {
		if m.kind == care.KindStaff {
			ids = append(ids, m.id)
		}
	}
	return ids
}

// Room is a direct conversation in which the program may write, held until the transaction
// ends.
type Room struct {
	Org      care.OrgID
	Client   care.UserID
	Provider care.UserID   // the client's primary provider, who need not be in it
	Staff    []care.Person // the active members of staff, who has been in it for longest first
	// LastHuman is when a member of staff last wrote here themselves; zero while never.
	LastHuman time.Time
	// Refusal is why nothing can be written now: the client's chat is off (SEMANTICS 17), or
	// the conversation was closed.
	Refusal *care.Error

	facts  *facts
	thread *thread
}

// Room locks a direct conversation with everything that judges a message in it, and gives
// what decides about an automatic one; nil when there is no such direct conversation. It
// belongs to the caller's transaction and comes before other locks.
func (s *Service) Room(ctx context.Context, tx *db.Tx, id care.ConversationID) (*Room, error) {
	program := care.Actor{Kind: care.KindSystem, Name: care.System.Name}
	f, err := loadFacts(ctx, tx, []*pending{{actor: program, draft: Draft{Conversation: id}, fresh: true}})
	if err != nil || f.threads[id] == nil || f.threads[id].kind != care.Direct {
		return nil, err
	}
	t := f.threads[id]
	r := &Room{Org: t.org, Client: t.client, facts: f, thread: t}
	program.Org = t.org
	subject := f.subject(t, program)
	subject.Member = true
	r.Refusal = access.Send(program, subject)
	if err := r.loadStaff(ctx, tx); err != nil {
		return nil, err
	}
	r.LastHuman, err = lastHuman(ctx, tx, t)
	return r, err
}

func (r *Room) loadStaff(ctx context.Context, tx *db.Tx) (err error) {
	r.Staff, err = db.Many(ctx, tx, func(row db.Scanner) (care.Person, error) {
		p := care.Person{Kind: care.KindStaff}
		err := row.Scan(&p.ID, &p.Name)
		return p, err
	}, `SELECT p.id, p.name FROM conversation_members m JOIN people p ON p.id = m.user_id JOIN staff s ON s.user_id = m.user_id
		WHERE m.conversation_id = $1 AND m.left_at IS NULL AND s.active ORDER BY m.joined_at, m.user_id`, r.thread.id)
	if err != nil {
		return err
	}
	return tx.QueryRow(ctx, `SELECT primary_provider_id FROM clients WHERE user_id = $1`, r.Client).Scan(&r.Provider)
}

// lastHuman finds when somebody of staff last wrote in a thread, deleted or not. What they
// had scheduled does not say that they are there.
func lastHuman(ctx context.Context, tx *db.Tx, t *thread) (time.Time, error) {
	at, _, err := db.One(ctx, tx, func(row db.Scanner) (ms int64, err error) {
		err = row.Scan(&ms)
		return ms, err
	}, `SELECT created_at FROM messages WHERE conversation_id = $1 AND kind = $2 AND author_id <> $3
			AND NOT EXISTS (SELECT 1 FROM scheduled_messages s WHERE s.id = messages.id)
		ORDER BY seq DESC LIMIT 1`, t.id, string(care.TextMessage), t.client)
	if err != nil || at == 0 {
		return time.Time{}, err
	}
	return db.FromMillis(at), nil
}

// AppendAutomatic stores an automatic message in a room that refuses nothing. The client
// finds it unread; to staff it never is, and nobody's place of reading moves. The caller
// publishes the event after the commit.
func (s *Service) AppendAutomatic(ctx context.Context, tx *db.Tx, r *Room, author care.Person, body string) (care.Event, error) {
	if r.Refusal != nil {
		return care.Event{}, r.Refusal
	}
	now, t := s.clock(), r.thread
	m := care.Message{
		ID: care.NewID[care.MessageID](now), Author: author, Body: body, Kind: care.AutoReply,
		CreatedAt: t.moment(now, r.facts.floors[t.org]),
	}
	e := t.number(&m, [16]byte{})
	if err := appendEntries(ctx, tx, []*thread{t}, []entry{e}); err != nil {
		return care.Event{}, err
	}
	if err := outbox.Append(ctx, tx, t.written(&e.message)); err != nil {
		return care.Event{}, err
	}
	_, err := tx.Exec(ctx, `UPDATE conversation_members SET read_countable = read_countable + 1
		WHERE conversation_id = $1 AND kind = 'staff' AND left_at IS NULL`, t.id)
	return r.facts.messageEvent(t, &m), err
}

// automaticAfter counts the automatic messages behind a place, which are unread to nobody
// of staff. It is asked only where staff mark a part of what is new as read.
func automaticAfter(ctx context.Context, tx *db.Tx, actor care.Actor, c Conversation, seq int64) (n int64, err error) {
	if !actor.IsStaff() || c.Kind != care.Direct || seq >= c.LastSeq {
		return 0, nil
	}
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM messages WHERE conversation_id = $1 AND seq > $2 AND kind = $3`,
		c.ID, seq, string(care.AutoReply)).Scan(&n)
	return n, err
}
