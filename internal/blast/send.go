package blast

import (
	"context"
	"errors"
	"slices"
	"time"

	"hearth/internal/access"
	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/fields"
	"hearth/internal/outbox"
)

// errBusy means that another node works on the blast now, or that it is not to be sent.
var errBusy = errors.New("somebody else has it")

// send writes to the next recipients of a blast in one transaction, and tells whether it
// did anything.
func (s *Service) send(ctx context.Context, id care.BlastID) (did bool, err error) {
	r := &round{service: s}
	var began time.Time
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		began = s.clock() // not while it waited for others, but with the commit
		*r = round{service: s}
		if err := r.next(ctx, tx, id, s.pace.size); err != nil {
			return err
		}
		return r.write(ctx, tx)
	})
	if errors.Is(err, errBusy) {
		return false, nil
	}
	if err != nil {
		if r.lane.n > 0 && s.pace.failed(id, r.lane.n) {
			return s.passOver(ctx, id)
		}
		return false, err
	}
	s.pace.took(id, r.lane.n, len(r.rows), s.clock().Sub(began), r.ended)
	s.events.Publish(r.events...)
	s.count(r.rows)
	s.tell(r.blast.org, r.blast.Sender.ID, id, r.ended)
	return true, nil
}

// round is one transaction's work.
type round struct {
	service *Service
	blast   *Blast
	lane    lane
	rows    []*recipient
	ended   bool // everybody was judged
	events  []care.Event
}

// recipient is one of a round, and what becomes of them.
type recipient struct {
	place  int64
	client care.UserID

	why          string
	source       care.Place
	until        time.Time
	conversation care.ConversationID
	values       map[fields.Field]string // nil where the text has no fields
	mayRead      bool                    // has a way to read what is written
	visible      bool                    // to the sender
}

// next holds a lane of a blast that is being sent, finds whose turn it is, at most as many
// as size says, and judges them.
func (r *round) next(ctx context.Context, tx *db.Tx, id care.BlastID, size func(care.BlastID, int64) int) error {
	lane, found, err := takeLane(ctx, tx, id)
	if err == nil && !found {
		if r.ended, err = r.service.part(ctx, tx, id); err == nil && !r.ended {
			lane, found, err = takeLane(ctx, tx, id)
		}
	}
	if err != nil {
		return err
	}
	r.lane = lane
	r.blast, found, err = db.One(ctx, tx, scanBlast, `SELECT `+columns+from+`WHERE b.id = $1`+tx.ForShare("b"), id)
	if err != nil {
		return err
	}
	if !found || r.blast.State != Sending {
		return errBusy
	}
	if r.ended {
		return nil
	}
	r.rows, err = db.Many(ctx, tx, func(row db.Scanner) (*recipient, error) {
		var one recipient
		return &one, row.Scan(&one.place, &one.client)
	}, `SELECT place, client_id FROM blast_recipients WHERE blast_id = $1 AND list = $2 AND place > $3 AND place <= $4 ORDER BY place LIMIT CAST($5 AS BIGINT)`,
		id, r.blast.list, lane.place, lane.upto, size(id, lane.n))
	if err != nil {
		return err
	}
	return r.judge(ctx, tx)
}

// judge decides for each recipient with what holds in this transaction (SEMANTICS 16).
func (r *round) judge(ctx context.Context, tx *db.Tx) error {
	sender, err := loadSender(ctx, tx, r.blast)
	if err != nil || len(r.rows) == 0 {
		return err
	}
	ids := make([]care.UserID, len(r.rows))
	for i, one := range r.rows {
		ids[i] = one.client
	}
	slices.SortFunc(ids, func(a, b care.UserID) int { return slices.Compare(a[:], b[:]) })
	clients, err := chat.HoldClients(ctx, tx, r.blast.org, ids)
	if err != nil {
		return err
	}
	if err := r.loadPeople(ctx, tx, sender, ids); err != nil {
		return err
	}
	allowed := access.SendBlasts(sender) == nil && (r.blast.behalf.IsZero() || sender.Can(care.OrganizationInbox))
	for _, one := range r.rows {
		client, known := clients[one.client]
		switch {
		case !known || !one.visible || !allowed:
			one.why = access.WhyForbidden
		default:
			one.why, _ = access.BlastReaches(client, one.mayRead)
			if one.why == access.WhyDirectOff {
				_, one.source = client.Direct.Resolve()
			}
		}
	}
	return r.addEnds(ctx, tx)
}

// loadSender reads what the sender may do now.
func loadSender(ctx context.Context, tx *db.Tx, b *Blast) (care.Actor, error) {
	actor := care.Actor{User: b.Sender.ID, Org: b.org, Kind: care.KindStaff, Name: b.Sender.Name}
	var chosen *string
	var active bool
	err := tx.QueryRow(ctx, `SELECT role, permissions, active FROM staff WHERE user_id = $1`, b.Sender.ID).Scan(&actor.Role, &chosen, &active)
	if active {
		actor.Permissions = care.StoredPermissions(actor.Role, chosen)
	}
	return actor, err
}

// loadPeople reads whether the recipients have a way to read, whether the sender may see
// them, and what the text's fields stand for.
func (r *round) loadPeople(ctx context.Context, tx *db.Tx, sender care.Actor, ids []care.UserID) error {
	at := make(map[care.UserID]*recipient, len(r.rows))
	for _, one := range r.rows {
		at[one.client] = one
	}
	practice, _, err := db.One(ctx, tx, scanText, `SELECT name FROM organizations WHERE id = $1`, r.blast.org)
	if err != nil {
		return err
	}
	practice = fields.Plain(practice)
	filled := fields.Any(r.blast.Body)
	args := []any{sender.User, sender.Can(care.ViewAllClients)}
	for _, id := range ids {
		args = append(args, id)
	}
	rows, err := tx.Query(ctx, `SELECT c.user_id, p.name, d.name, `+account+`,
			$2 OR (SELECT COUNT(*) FROM care_team t WHERE t.client_id = c.user_id AND t.staff_id = $1) > 0
		FROM clients c JOIN people p ON p.id = c.user_id JOIN people d ON d.id = c.primary_provider_id
		WHERE c.user_id IN (`+tx.In(3, len(ids))+`)`, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id care.UserID
		var name, provider string
		var reads, visible bool
		if err := rows.Scan(&id, &name, &provider, &reads, &visible); err != nil {
			return err
		}
		one := at[id]
		one.mayRead, one.visible = reads, visible
		if filled {
			one.values = map[fields.Field]string{
				fields.FirstName: fields.First(name), fields.Provider: fields.Plain(provider), fields.Practice: practice,
			}
		}
	}
	return rows.Err()
}

// addEnds notes until when the switches of those are off who are skipped for it.
func (r *round) addEnds(ctx context.Context, tx *db.Tx) error {
	var list []Unreachable
	var at []*recipient
	for _, one := range r.rows {
		if one.source != "" {
			list, at = append(list, Unreachable{Client: one.client, Source: one.source}), append(at, one)
		}
	}
	err := addEnds(ctx, tx, list)
	for i, one := range at {
		one.until = list[i].Until
	}
	return err
}

// write stores the messages, what became of each recipient, and behind whom the lane goes
// on, or that the blast has ended.
func (r *round) write(ctx context.Context, tx *db.Tx) error {
	if r.ended {
		return r.end(ctx, tx)
	}
	if err := r.deliver(ctx, tx); err != nil {
		return err
	}
	if err := r.note(ctx, tx); err != nil {
		return err
	}
	sent, place := 0, r.lane.upto // where nobody is left the lane is done
	for _, one := range r.rows {
		place = one.place
		if one.why == "" {
			sent++
		}
	}
	_, err := tx.Exec(ctx, `UPDATE blast_lanes SET place = $3, judged = judged + $4, sent = sent + $5 WHERE blast_id = $1 AND lane = $2`,
		r.blast.ID, r.lane.n, place, len(r.rows), sent)
	if r.ended = r.lane.alone && place >= r.lane.upto; err != nil || !r.ended {
		return err
	}
	return r.end(ctx, tx)
}

// end notes that everybody was judged. Nobody else works on the blast: its row was locked
// when that was found out, or its only lane is.
func (r *round) end(ctx context.Context, tx *db.Tx) error {
	if err := fold(ctx, tx, r.blast.ID); err != nil {
		return err
	}
	var sent, skipped int64
	ended := r.service.clock()
	err := tx.QueryRow(ctx, `UPDATE blasts SET state = $2, finished_at = $3 WHERE id = $1 RETURNING sent, skipped`,
		r.blast.ID, string(Sent), db.Millis(ended)).Scan(&sent, &skipped)
	if err != nil {
		return err
	}
	if err := tellFinished(ctx, tx, r.blast, ended); err != nil {
		return err
	}
	return r.service.record(ctx, tx, r.blast.org, r.blast.Sender, r.blast.ID, "blast.finished", map[string]any{
		"recipients": r.blast.Total, "sent": sent, "skipped": skipped,
	})
}

// tellFinished notes for other programs that nothing more of a blast will be sent.
func tellFinished(ctx context.Context, tx *db.Tx, b *Blast, at time.Time) error {
	return outbox.Append(ctx, tx, outbox.Event{Org: b.org, Kind: outbox.BlastFinished, Subject: b.ID, At: at})
}

// deliver stores the messages of those who are reached.
func (r *round) deliver(ctx context.Context, tx *db.Tx) error {
	b := r.blast
	var to []chat.Private
	var at []*recipient
	for _, one := range r.rows {
		if one.why != "" {
			continue
		}
		body := b.Body
		if one.values != nil {
			body, _ = fields.Fill(body, one.values)
		}
		to, at = append(to, chat.Private{Client: one.client, Place: one.place, Body: body}), append(at, one)
	}
	if len(to) == 0 {
		return nil
	}
	mailing, err := r.mailing(ctx, tx)
	if err != nil {
		return err
	}
	if r.events, err = r.service.chat.SendPrivately(ctx, tx, mailing, to); err != nil {
		return err
	}
	for i, one := range at {
		one.conversation = to[i].Conversation
	}
	return nil
}

func (r *round) mailing(ctx context.Context, tx *db.Tx) (chat.Mailing, error) {
	b := r.blast
	m := chat.Mailing{Blast: b.ID, Org: b.org, Author: b.Sender}
	people := map[care.UserID]care.Person{b.behalf: {}}
	if err := nameStaff(ctx, tx, b.org, people); err != nil {
		return m, err
	}
	m.OnBehalfOf = personIn(people, b.behalf)
	var err error
	if m.Staff, err = readers(ctx, tx, b); err != nil {
		return m, err
	}
	if !b.files {
		return m, nil
	}
	files, err := attach.Of(ctx, tx, []care.MessageID{holder(b.ID)})
	m.Files = files[holder(b.ID)]
	return m, err
}

// readers are who of the staff is in each conversation: the sender, who gets the replies
// too, and for whom it is written, without those who have left meanwhile.
func readers(ctx context.Context, tx *db.Tx, b *Blast) ([]care.UserID, error) {
	also := slices.Clone(b.staff)
	if !b.behalf.IsZero() && !slices.Contains(also, b.behalf) {
		also = append(also, b.behalf)
	}
	staff := []care.UserID{b.Sender.ID}
	if len(also) == 0 {
		return staff, nil
	}
	var args []any
	for _, id := range also {
		args = append(args, id)
	}
	there, err := db.Many(ctx, tx, func(row db.Scanner) (id care.UserID, err error) { return id, row.Scan(&id) },
		`SELECT user_id FROM staff WHERE active AND user_id IN (`+tx.In(1, len(also))+`) ORDER BY user_id`, args...)
	return append(staff, there...), err
}

// note writes what became of each recipient of the round.
func (r *round) note(ctx context.Context, tx *db.Tx) error {
	now := db.Millis(r.service.clock())
	for part := range slices.Chunk(r.rows, 64) {
		// The places bound what is looked through: PostgreSQL would read the whole list.
		values := []any{r.blast.ID, r.blast.list, now, part[0].place, part[len(part)-1].place}
		for _, one := range part {
			state := "sent"
			if one.why != "" {
				state = "skipped"
			}
			values = append(values, one.place, state, db.TextOrNull(one.why), db.TextOrNull(string(one.source)), db.MillisOrNull(one.until), one.conversation)
		}
		_, err := tx.Exec(ctx, `UPDATE blast_recipients SET state = v.column2, why = v.column3, source = v.column4, until = v.column5,
				conversation_id = v.column6, settled_at = $3
			FROM (VALUES `+tx.ValuesFrom(6, len(part), "int", "text", "text", "text", "int", "id")+`) AS v
			WHERE blast_id = $1 AND list = $2 AND place BETWEEN $4 AND $5 AND place = v.column1`, values...)
		if err != nil {
			return err
		}
	}
	return nil
}

// passOver puts the next recipient of a lane aside whose message failed again and again, so
// that one does not stop the others.
func (s *Service) passOver(ctx context.Context, id care.BlastID) (did bool, err error) {
	var r *round
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		r = &round{service: s}
		if err := r.next(ctx, tx, id, func(care.BlastID, int64) int { return 1 }); err != nil || len(r.rows) == 0 {
			return err
		}
		if !s.pace.stuck(id, r.lane.n) { // somebody else's turn came, whose lane goes well
			return errBusy
		}
		r.rows[0].why = access.WhyFailed
		return r.write(ctx, tx)
	})
	if errors.Is(err, errBusy) {
		return false, nil
	}
	if err == nil && len(r.rows) > 0 {
		did = true
		s.pace.passed(id, r.lane.n)
		s.count(r.rows)
	}
	return did, err
}
