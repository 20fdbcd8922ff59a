package waiting

import (
	"bytes"
	"context"
	"slices"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// Name is how the outbox knows this consumer.
func (s *Service) Name() string { return "waiting" }

// Take looks at the conversations in which something was written or deleted, or that were
// closed or opened again. See [outbox.Consumer].
func (s *Service) Take(ctx context.Context, tx *db.Tx, events []*outbox.Event) (after func(), err error) {
	var ids []care.ConversationID
	deleted := map[place]bool{}
	for _, e := range events {
		switch e.Kind {
		case outbox.MessageDeleted:
			deleted[place{e.Conversation(), e.Seq}] = true
			ids = append(ids, e.Conversation())
		case outbox.MessageCreated, outbox.ConversationClosed, outbox.ConversationReopened:
			ids = append(ids, e.Conversation())
		}
	}
	talks, err := s.follow(ctx, tx, ids, deleted)
	if err != nil {
		return nil, err
	}
	return s.tellOf(ctx, tx, talks)
}

// place is where a text stands.
type place struct {
	conversation care.ConversationID
	seq          int64
}

// follow finds the questions of direct conversations up to now and writes them. A question
// whose text was deleted is looked for anew.
func (s *Service) follow(ctx context.Context, tx *db.Tx, ids []care.ConversationID, deleted map[place]bool) ([]*talk, error) {
	talks, err := s.hold(ctx, tx, inOrder(ids))
	if err != nil || len(talks) == 0 {
		return nil, err
	}
	orgs := make([]care.OrgID, len(talks))
	for i, t := range talks {
		orgs[i] = t.org
	}
	all, err := s.loadRules(ctx, tx, orgs)
	if err != nil {
		return nil, err
	}
	for _, t := range talks {
		t.reopen(all[t.org])
		if q := t.last; q != nil && q.answeredSeq == 0 && deleted[place{t.id, q.seq}] {
			t.again(q)
		}
	}
	if err := hearAll(ctx, tx, talks, all); err != nil {
		return nil, err
	}
	for _, t := range talks {
		if !t.behind {
			t.settle(all[t.org].now)
		}
	}
	return talks, write(ctx, tx, talks)
}

// hearAll reads what was written since somebody last looked. A conversation of which there
// may be more is noted as behind.
func hearAll(ctx context.Context, tx *db.Tx, talks []*talk, all map[care.OrgID]rules) error {
	behind, err := passOver(ctx, tx, talks)
	if err != nil {
		return err
	}
	byID := make(map[care.ConversationID]*talk, len(talks))
	for _, t := range talks {
		byID[t.id] = t
	}
	turns, err := chat.Turns(ctx, tx, behind, mostTurns)
	if err != nil {
		return err
	}
	for _, turn := range turns {
		t := byID[turn.Conversation]
		t.hear(turn, all[t.org])
	}
	if len(turns) < mostTurns {
		return nil
	}
	last := turns[len(turns)-1].Conversation
	for _, t := range talks {
		if _, read := behind[t.id]; read && bytes.Compare(t.id[:], last[:]) >= 0 {
			t.behind = true
			t.stand()
		}
	}
	return nil
}

// passOver takes talks with an open question to the next text of staff: what clients write
// meanwhile changes nothing, and is not read. It gives behind which numbers to read on, of
// those where there is something to read.
func passOver(ctx context.Context, tx *db.Tx, talks []*talk) (behind map[care.ConversationID]int64, err error) {
	behind, open := make(map[care.ConversationID]int64, len(talks)), map[care.ConversationID]int64{}
	for _, t := range talks {
		if t.open() != nil {
			open[t.id] = t.seen
		} else {
			behind[t.id] = t.seen
		}
	}
	silences, err := chat.Silences(ctx, tx, open, mostPassed)
	for _, t := range talks {
		switch silence, is := silences[t.id]; {
		case is && silence.Ended:
			behind[t.id] = silence.Until - 1
		case is:
			t.seen, t.behind = max(t.seen, silence.Until), silence.More
		}
	}
	return behind, err
}

// stand leaves a question that is being looked at again as it was, while not all of what
// follows it was read.
func (t *talk) stand() {
	if t.before != nil && t.last == nil {
		t.last, t.seen, t.before = t.before, t.before.seq, nil
	}
}

// hold locks the places of the direct conversations among those named, and reads what
// questions there are. A conversation that nobody has looked at begins with the last answer
// before the time that is looked back at.
func (s *Service) hold(ctx context.Context, tx *db.Tx, ids []care.ConversationID) ([]*talk, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	talks, err := db.Many(ctx, tx, scanTalk, `SELECT c.id, c.org_id, c.client_id, k.primary_provider_id, c.closed_at
		FROM conversations c JOIN clients k ON k.user_id = c.client_id
		WHERE c.kind = 'direct' AND c.quiet = FALSE AND c.id IN (`+tx.In(1, len(ids))+`) ORDER BY c.id`, values(ids)...)
	if err != nil || len(talks) == 0 {
		return nil, err
	}
	ids = ids[:0]
	for _, t := range talks {
		ids = append(ids, t.id)
	}
	places, err := s.settleDown(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	last, err := latest(ctx, tx, ids)
	for _, t := range talks {
		t.seen, t.last = places[t.id], last[t.id]
	}
	return talks, err
}

func scanTalk(row db.Scanner) (*talk, error) {
	var t talk
	var closed *int64
	err := row.Scan(&t.id, &t.org, &t.client, &t.provider, &closed)
	if closed != nil {
		t.closed = db.FromMillis(*closed)
	}
	return &t, err
}

// settleDown makes the places that are missing, and locks and reads them all in the order of
// their ids.
func (s *Service) settleDown(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (places map[care.ConversationID]int64, err error) {
	if places, err = lockPlaces(ctx, tx, ids); err != nil || len(places) == len(ids) {
		return places, err
	}
	missing := slices.DeleteFunc(slices.Clone(ids), func(id care.ConversationID) bool { _, is := places[id]; return is })
	since, err := s.begin(ctx, tx)
	if err != nil {
		return nil, err
	}
	from, err := chat.LastTurnsOfStaff(ctx, tx, missing, since.Add(-history))
	if err != nil {
		return nil, err
	}
	rows := make([]any, 0, 3*len(missing))
	for _, id := range missing {
		rows = append(rows, id, from[id], false)
	}
	_, err = tx.Exec(ctx, `INSERT INTO waiting_places (conversation_id, seen_seq, behind)
		VALUES `+db.Rows(1, len(missing), 3)+` ON CONFLICT (conversation_id) DO NOTHING`, rows...)
	if err != nil {
		return nil, err
	}
	return lockPlaces(ctx, tx, ids)
}

func lockPlaces(ctx context.Context, tx *db.Tx, ids []care.ConversationID) (map[care.ConversationID]int64, error) {
	places := make(map[care.ConversationID]int64, len(ids))
	_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var id care.ConversationID
		var seen int64
		err := row.Scan(&id, &seen)
		places[id] = seen
		return struct{}{}, err
	}, `SELECT conversation_id, seen_seq FROM waiting_places WHERE conversation_id IN (`+tx.In(1, len(ids))+`)
		ORDER BY conversation_id`+tx.ForUpdate(), values(ids)...)
	return places, err
}

// write keeps what was found, and how far somebody has looked.
func write(ctx context.Context, tx *db.Tx, talks []*talk) error {
	var changed []*question
	rows := make([]any, 0, 3*len(talks))
	for _, t := range talks {
		changed = append(changed, t.changed...)
		rows = append(rows, t.id, t.seen, t.behind)
	}
	if err := store(ctx, tx, changed); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE waiting_places SET seen_seq = v.column2, behind = v.column3
		FROM (VALUES `+tx.Values(len(talks), "id", "int", "bool")+`) AS v WHERE conversation_id = v.column1`, rows...)
	return err
}

// changedOf gives the conversations in which something is different now.
func changedOf(talks []*talk) (ids []news) {
	for _, t := range talks {
		if len(t.changed) > 0 {
			ids = append(ids, news{t.id, t.org})
		}
	}
	return ids
}

// news is a conversation that staff see differently now.
type news struct {
	conversation care.ConversationID
	org          care.OrgID
}

// tell has the devices of staff told, behind the commit, that a conversation waits for an
// answer, or no longer does, or for too long.
func (s *Service) tell(ctx context.Context, tx *db.Tx, about []news) (after func(), err error) {
	if len(about) == 0 {
		return nil, nil
	}
	ids := make([]care.ConversationID, len(about))
	for i, n := range about {
		ids[i] = n.conversation
	}
	staff, err := chat.StaffOf(ctx, tx, ids)
	events := make([]care.Event, len(about))
	for i, n := range about {
		events[i] = care.Event{Type: care.EventWaitingUpdated, Org: n.org, To: staff[n.conversation], Conversation: n.conversation, Queue: true}
	}
	return func() { s.events.Publish(events...) }, err
}

func inOrder(ids []care.ConversationID) []care.ConversationID {
	ids = slices.Clone(ids)
	slices.SortFunc(ids, func(a, b care.ConversationID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids)
}

func values[T any](ids []T) []any {
	all := make([]any, len(ids))
	for i, id := range ids {
		all[i] = id
	}
	return all
}
