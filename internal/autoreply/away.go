package autoreply

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/jobs"
	"hearth/internal/outbox"
)

// Name is how the outbox knows the service.
func (s *Service) Name() string { return "autoreply" }

// Take leaves a job where an answer may be due to what a client wrote; it implements
// outbox.Consumer. Where nobody has rules it costs one small query.
func (s *Service) Take(ctx context.Context, tx *db.Tx, events []*outbox.Event) (after func(), err error) {
	var places []chat.Place
	for _, e := range events {
		if e.Kind == outbox.MessageCreated {
			places = append(places, chat.Place{Conversation: e.Conversation(), Seq: e.Seq})
		}
	}
	if len(places) == 0 {
		return nil, nil
	}
	var rules bool
	if err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM away_rules WHERE live)`).Scan(&rules); err != nil || !rules {
		return nil, err
	}
	heard, err := chat.HeardAt(ctx, tx, places)
	if err != nil || len(heard) == 0 {
		return nil, err
	}
	return s.wake, s.hear(ctx, tx, heard)
}

// hear leaves the jobs.
func (s *Service) hear(ctx context.Context, tx *db.Tx, heard []chat.Heard) error {
	now := s.clock()
	look, err := s.look(ctx, tx, heard)
	if err != nil {
		return err
	}
	for _, h := range heard {
		if !look.concerns(h) {
			continue
		}
		_, err := jobs.Enqueue(ctx, tx, now, jobs.Job{
			Kind: jobAway, Args: where{h.Conversation}, Dedupe: jobAway + " " + h.Conversation.String(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// glance is what decides whether there is a job: who is away, and who was answered already.
type glance struct {
	away     map[care.UserID]bool
	answered map[care.UserID]bool
}

func (g glance) concerns(h chat.Heard) bool {
	if g.answered[h.Client] {
		return false
	}
	for _, one := range h.Staff {
		if g.away[one] {
			return true
		}
	}
	return g.away[care.UserID(h.Org)]
}

// look reads the rules that may concern what was heard, and the newest replies to those
// who wrote.
func (s *Service) look(ctx context.Context, tx *db.Tx, heard []chat.Heard) (glance, error) {
	now, g := s.clock(), glance{away: map[care.UserID]bool{}, answered: map[care.UserID]bool{}}
	ids := append([]any{db.Millis(now.Add(-Quiet))}, concerned(heard)...)
	rows, err := tx.Query(ctx, `SELECT id, rules FROM (
			SELECT subject_id AS id, rules FROM away_rules WHERE live
			UNION ALL SELECT client_id, '' FROM away_replies WHERE at > $1) AS known
		WHERE id IN (`+tx.In(2, len(ids)-1)+`)`, ids...)
	if err != nil {
		return g, err
	}
	defer rows.Close()
	for rows.Next() {
		var id care.UserID
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return g, err
		}
		if text == "" {
			g.answered[id] = true
			continue
		}
		rules, err := parse(text)
		if err != nil {
			return g, err
		}
		_, g.away[id] = rules.At(now)
	}
	return g, rows.Err()
}

// concerned names everybody in what was heard, each once.
func concerned(heard []chat.Heard) (ids []any) {
	seen := make(map[care.UserID]struct{}, 3*len(heard))
	add := func(id care.UserID) {
		if _, twice := seen[id]; !twice {
			seen[id] = struct{}{}
			ids = append(ids, id)
		}
	}
	for _, h := range heard {
		add(care.UserID(h.Org))
		add(h.Client)
		for _, one := range h.Staff {
			add(one)
		}
	}
	return ids
}

// away decides whether a client is answered now, and with whose words.
func (s *Service) away(ctx context.Context, tx *db.Tx, room *chat.Room) (words, error) {
	subjects := []care.UserID{care.UserID(room.Org)}
	for _, one := range room.Staff {
		subjects = append(subjects, one.ID)
	}
	rules, err := loadRules(ctx, tx, subjects)
	if err != nil {
		return words{}, err
	}
	now := s.clock()
	states := map[care.UserID]State{}
	for id, r := range rules {
		if state, away := r.At(now); away {
			states[id] = state
		}
	}
	author, state, away := choose(room, states)
	if !away || room.LastHuman.After(state.Since) {
		return words{}, nil
	}
	first, err := s.first(ctx, tx, room.Client)
	if err != nil || !first {
		return words{}, err
	}
	return words{author: author, body: state.Text}, nil
}

// choose gives whose words count: a colleague's where all active staff of the conversation
// are away, else the organization's.
func choose(room *chat.Room, states map[care.UserID]State) (author care.Person, state State, away bool) {
	all := len(room.Staff) > 0
	for i, one := range room.Staff {
		own, is := states[one.ID]
		all = all && is
		if i == 0 || one.ID == room.Provider {
			author, state = one, own
		}
	}
	if all {
		return author, state, true
	}
	state, away = states[care.UserID(room.Org)]
	return care.System, state, away
}

// first takes the client's place for the next hours; false means that somebody else,
// perhaps on another node, has it. The row is the lock.
func (s *Service) first(ctx context.Context, tx *db.Tx, client care.UserID) (bool, error) {
	now := s.clock()
	n, err := tx.Exec(ctx, `INSERT INTO away_replies (client_id, at) VALUES ($1, $2)
		ON CONFLICT (client_id) DO UPDATE SET at = excluded.at WHERE away_replies.at <= $3`,
		client, db.Millis(now), db.Millis(now.Add(-Quiet)))
	return n == 1, err
}

func loadRules(ctx context.Context, tx *db.Tx, subjects []care.UserID) (map[care.UserID]Rules, error) {
	values := make([]any, len(subjects))
	for i, id := range subjects {
		values[i] = id
	}
	rows, err := tx.Query(ctx, `SELECT subject_id, rules FROM away_rules WHERE live AND subject_id IN (`+tx.In(1, len(values))+`)`, values...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	found := map[care.UserID]Rules{}
	for rows.Next() {
		var id care.UserID
		var text string
		if err := rows.Scan(&id, &text); err != nil {
			return nil, err
		}
		if found[id], err = parse(text); err != nil {
			return nil, err
		}
	}
	return found, rows.Err()
}
