package blast

import (
	"context"
	"database/sql"
	"encoding/csv"
	"io"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Outcome is what became of one recipient.
type Outcome struct {
	Client       care.UserID
	Name         string
	State        string // pending, sent, skipped
	Why          string // of skipped ones
	Source       care.Place
	Until        time.Time
	Conversation care.ConversationID
	SettledAt    time.Time
	ReadAt       time.Time
	RepliedAt    time.Time

	place int64
}

// OutcomeFilter narrows [Service.Recipients]; the zero filter lists everybody.
type OutcomeFilter struct {
	State         string
	Why           string
	Read, Replied *bool
	Query         string // words in the name
}

// Recipients gives what became of the recipients of a blast, in the order in which they
// are written to, from behind a place on, at most limit; next is 0 on the last page.
func (s *Service) Recipients(ctx context.Context, actor care.Actor, id care.BlastID, f OutcomeFilter, after int64, limit int) (list []Outcome, next int64, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		b, err := find(ctx, tx, actor, id, "")
		if err != nil {
			return err
		}
		q := f.query(b)
		q.and(`r.place > `, after)
		list, err = db.Many(ctx, tx, scanOutcome(b), `SELECT r.place, r.client_id, p.name, r.state, r.why, r.source, r.until, r.conversation_id,
				r.settled_at, r.read_at, r.replied_at
			FROM blast_recipients r CROSS JOIN people p `+q.text()+` AND p.id = r.client_id ORDER BY r.place LIMIT `+q.arg(limit+1), q.args...)
		if len(list) > limit {
			list = list[:limit]
			next = list[limit-1].place
		}
		return err
	})
	return list, next, err
}

// query builds the conditions. Of a cancelled blast those are skipped whose turn never came.
func (f OutcomeFilter) query(b *Blast) *query {
	q := &query{}
	q.and(`r.blast_id = `, b.ID)
	q.and(`r.list = `, b.list)
	cancelled := b.State == Cancelled
	switch {
	case cancelled && f.State == "pending":
		q.where = append(q.where, `FALSE`)
	case cancelled && f.Why == access.WhyCancelled:
		q.and(`r.state = `, "pending")
	case f.Why != "":
		q.and(`r.why = `, f.Why)
	case cancelled && f.State == "skipped":
		q.where = append(q.where, `r.state IN ('skipped', 'pending')`)
	case f.State == "skipped": // by the index of just those
		q.where = append(q.where, `r.why > ''`)
	case f.State != "":
		q.and(`r.state = `, f.State)
	}
	for column, wanted := range map[string]*bool{`r.read_at`: f.Read, `r.replied_at`: f.Replied} {
		switch {
		case wanted == nil:
		case *wanted:
			q.where = append(q.where, column+` > 0`)
		default:
			q.where = append(q.where, `r.state = 'sent' AND `+column+` IS NULL`)
		}
	}
	for _, word := range words(f.Query) {
		q.and(`p.sort_name LIKE `, db.Containing(word))
		q.where[len(q.where)-1] += ` ESCAPE '\'`
	}
	return q
}

func scanOutcome(b *Blast) func(db.Scanner) (Outcome, error) {
	return func(row db.Scanner) (o Outcome, err error) {
		var why, source sql.NullString
		var until, settled, read, replied sql.NullInt64
		err = row.Scan(&o.place, &o.Client, &o.Name, &o.State, &why, &source, &until, &o.Conversation, &settled, &read, &replied)
		o.Why, o.Source, o.Until = why.String, care.Place(source.String), db.TimeOf(until)
		o.SettledAt, o.ReadAt, o.RepliedAt = db.TimeOf(settled), db.TimeOf(read), db.TimeOf(replied)
		if b.State == Cancelled && o.State == "pending" {
			o.State, o.Why = "skipped", access.WhyCancelled
		}
		return o, err
	}
}

// outcomePage is how many recipients of a file are read at a time, so that a slow reader
// holds nothing.
const outcomePage = 500

// Export records that the actor takes the outcome of a blast out of the program, and gives
// what writes it as CSV.
func (s *Service) Export(ctx context.Context, actor care.Actor, id care.BlastID) (write func(ctx context.Context, w io.Writer) error, err error) {
	b, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		return s.record(ctx, tx, b.org, actor.Person(), id, "blast.exported", map[string]any{"recipients": b.Total})
	})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, w io.Writer) error { return s.export(ctx, actor, id, w) }, nil
}

func (s *Service) export(ctx context.Context, actor care.Actor, id care.BlastID, w io.Writer) error {
	out := csv.NewWriter(w)
	_ = out.Write([]string{"client_id", "name", "state", "why", "setting_from", "until", "at", "read_at", "replied_at"}) // what fails is told by Flush
	var after int64
	for {
		list, next, err := s.Recipients(ctx, actor, id, OutcomeFilter{}, after, outcomePage)
		if err != nil {
			return err
		}
		for _, o := range list {
			_ = out.Write([]string{
				o.Client.String(), care.Cell(o.Name), o.State, o.Why, string(o.Source),
				moment(o.Until), moment(o.SettledAt), moment(o.ReadAt), moment(o.RepliedAt),
			})
		}
		out.Flush()
		if err := out.Error(); err != nil || next == 0 {
			return err
		}
		after = next
	}
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
