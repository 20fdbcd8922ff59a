package blast

import (
	"context"
	"database/sql"
	"encoding/json"
	"math"
	"time"

	"hearth/internal/access"
	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
)

// State is how far a blast is.
type State string

// The states of a blast.
const (
	staging   State = "staging" // its recipients are being written; nobody sees it
	Scheduled State = "scheduled"
	Sending   State = "sending"
	Paused    State = "paused"
	Sent      State = "sent"
	Cancelled State = "cancelled"
)

// Blast is one text to many, as whoever may see it does.
type Blast struct {
	ID         care.BlastID
	State      State
	Title      string // told to staff only
	Body       string // with fields
	Files      []care.Attachment
	Sender     care.Person
	OnBehalfOf *care.Person
	Staff      []care.Person // who gets the replies beside the sender
	Recipients Recipients    // as they were asked for
	Chosen     string        // the same in words
	Version    int64

	Total, Sent, Skipped int64
	Read, Replied        int64
	SkippedWhy           map[string]int64

	CreatedAt time.Time
	SendAt    time.Time // zero for at once
	HeldUntil time.Time // end of the time in which it can be taken back whole; zero without
	StartedAt time.Time
	EndedAt   time.Time
	StoppedBy *care.Person
	Left      time.Duration // about how long sending still takes; 0 when it does not
	May       May

	org       care.OrgID
	due       int64
	list      int64
	place     int64 // how many were judged
	files     bool
	staff     []care.UserID
	hash      []byte
	stoppedBy care.UserID
	behalf    care.UserID
}

// May is what the viewer can do with a blast now.
type May struct{ Edit, Pause, Resume, Cancel bool }

// Pending is how many recipients were not judged yet.
func (b *Blast) Pending() int64 { return b.Total - b.Sent - b.Skipped }

func (b *Blast) subject(actor care.Actor) access.Blast {
	return access.Blast{SameOrganization: b.org == actor.Org, Sender: b.Sender.ID}
}

// holder is under which id attach keeps the files of a blast.
func holder(id care.BlastID) care.MessageID { return care.MessageID(id) }

var columns = `b.id, b.org_id, b.sender_id, p.name, b.on_behalf_of, b.state, b.title, b.body, b.files, b.staff, b.request, b.chosen,
	b.content_hash, b.version, b.list, b.place + ` + laneSum("judged") + `, b.total, b.sent + ` + laneSum("sent") + `, b.skipped + ` + laneSum("judged - l.sent") + `,
	b.created_at, b.send_at, b.held_until, b.due_at, b.started_at, b.finished_at, b.stopped_by`

// laneSum adds what the lanes of a blast b have counted.
func laneSum(what string) string {
	return `COALESCE((SELECT SUM(l.` + what + `) FROM blast_lanes l WHERE l.blast_id = b.id), 0)`
}

const from = ` FROM blasts b JOIN people p ON p.id = b.sender_id `

func scanBlast(row db.Scanner) (*Blast, error) {
	b := Blast{Sender: care.Person{Kind: care.KindStaff}}
	var files, created int64
	var staff, request string
	var sendAt, held, started, ended sql.NullInt64
	err := row.Scan(&b.ID, &b.org, &b.Sender.ID, &b.Sender.Name, &b.behalf, &b.State, &b.Title, &b.Body, &files, &staff, &request, &b.Chosen,
		&b.hash, &b.Version, &b.list, &b.place, &b.Total, &b.Sent, &b.Skipped,
		&created, &sendAt, &held, &b.due, &started, &ended, &b.stoppedBy)
	if err != nil {
		return nil, err
	}
	b.files = files > 0
	b.CreatedAt, b.SendAt, b.HeldUntil = db.FromMillis(created), db.TimeOf(sendAt), db.TimeOf(held)
	b.StartedAt, b.EndedAt = db.TimeOf(started), db.TimeOf(ended)
	if err := json.Unmarshal([]byte(staff), &b.staff); err != nil {
		return nil, err
	}
	return &b, json.Unmarshal([]byte(request), &b.Recipients)
}

// find reads a blast that the actor may see, with a lock on its row when it is to change.
func find(ctx context.Context, tx *db.Tx, actor care.Actor, id care.BlastID, lock string) (*Blast, error) {
	b, found, err := db.One(ctx, tx, scanBlast, `SELECT `+columns+from+`WHERE b.id = $1`+lock, id)
	if err != nil {
		return nil, err
	}
	if !found || b.State == staging {
		return nil, care.Missing("message blast")
	}
	if refusal := access.SeeBlast(actor, b.subject(actor)); refusal != nil {
		return nil, refusal
	}
	return b, nil
}

// complete adds to blasts what stands in other rows, and what the actor may do.
func (s *Service) complete(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Blast) error {
	holders, people := make([]care.MessageID, 0, len(list)), map[care.UserID]care.Person{}
	for _, b := range list {
		if b.files {
			holders = append(holders, holder(b.ID))
		}
		for _, id := range append([]care.UserID{b.behalf, b.stoppedBy}, b.staff...) {
			people[id] = care.Person{}
		}
	}
	files, err := attach.Of(ctx, tx, holders)
	if err != nil {
		return err
	}
	if err := nameStaff(ctx, tx, actor.Org, people); err != nil {
		return err
	}
	for _, b := range list {
		b.Files, b.Staff = files[holder(b.ID)], nil
		for _, id := range b.staff {
			b.Staff = append(b.Staff, people[id])
		}
		b.OnBehalfOf, b.StoppedBy = personIn(people, b.behalf), personIn(people, b.stoppedBy)
		b.May = s.may(actor, b)
		if b.State == Sending {
			b.Left = s.pace.left(b.Pending())
		}
		if err := countOutcome(ctx, tx, b); err != nil {
			return err
		}
	}
	return nil
}

func personIn(people map[care.UserID]care.Person, id care.UserID) *care.Person {
	if id.IsZero() {
		return nil
	}
	p := people[id]
	return &p
}

// nameStaff fills in the people whose ids are the keys.
func nameStaff(ctx context.Context, tx *db.Tx, org care.OrgID, people map[care.UserID]care.Person) error {
	delete(people, care.UserID{})
	if len(people) == 0 {
		return nil
	}
	args := []any{org}
	for id := range people {
		args = append(args, id)
	}
	found, err := db.Many(ctx, tx, func(row db.Scanner) (p care.Person, err error) {
		p.Kind = care.KindStaff
		return p, row.Scan(&p.ID, &p.Name)
	}, `SELECT id, name FROM people WHERE org_id = $1 AND kind = 'staff' AND id IN (`+tx.In(2, len(people))+`)`, args...)
	for _, p := range found {
		people[p.ID] = p
	}
	return err
}

// countOutcome counts what became of the recipients, each by an index of just those.
func countOutcome(ctx context.Context, tx *db.Tx, b *Blast) error {
	err := tx.QueryRow(ctx, `SELECT
		(SELECT COUNT(*) FROM blast_recipients WHERE blast_id = $1 AND list = $2 AND read_at > 0),
		(SELECT COUNT(*) FROM blast_recipients WHERE blast_id = $1 AND list = $2 AND replied_at > 0)`,
		b.ID, b.list).Scan(&b.Read, &b.Replied)
	if err != nil {
		return err
	}
	type count struct {
		why string
		n   int64
	}
	counts, err := db.Many(ctx, tx, func(row db.Scanner) (c count, err error) {
		return c, row.Scan(&c.why, &c.n)
	}, `SELECT why, COUNT(*) FROM blast_recipients WHERE blast_id = $1 AND list = $2 AND why > '' GROUP BY why`, b.ID, b.list)
	b.SkippedWhy = map[string]int64{}
	for _, c := range counts {
		b.SkippedWhy[c.why] = c.n
	}
	if rest := b.Total - b.place; b.State == Cancelled && rest > 0 {
		b.SkippedWhy[access.WhyCancelled] = rest
	}
	return err
}

func (s *Service) may(actor care.Actor, b *Blast) May {
	if access.SteerBlast(actor, b.subject(actor)) != nil {
		return May{}
	}
	return May{
		Edit:   b.State == Scheduled && actor.User == b.Sender.ID && access.SendBlasts(actor) == nil,
		Pause:  b.State == Sending,
		Resume: b.State == Paused,
		Cancel: b.State == Scheduled || b.State == Sending || b.State == Paused,
	}
}

// Get gives a blast that the actor may see; not_found otherwise.
func (s *Service) Get(ctx context.Context, actor care.Actor, id care.BlastID) (b *Blast, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if b, err = find(ctx, tx, actor, id, ""); err != nil {
			return err
		}
		return s.complete(ctx, tx, actor, []*Blast{b})
	})
	return b, err
}

// At gives how far a blast is, whoever asks.
func (s *Service) At(ctx context.Context, org care.OrgID, id care.BlastID) (b *Blast, found bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		b, found, err = db.One(ctx, tx, scanBlast, `SELECT `+columns+from+`WHERE b.id = $1 AND b.org_id = $2 AND b.state <> 'staging'`, id, org)
		if err != nil || !found {
			return err
		}
		if b.State == Sending {
			b.Left = s.pace.left(b.Pending())
		}
		return countOutcome(ctx, tx, b)
	})
	return b, found, err
}

// Filter narrows [Service.List].
type Filter struct {
	State State  // any when empty
	Query string // words in the title, letter case aside
}

// Cursor is where the next page of blasts begins: behind this one.
type Cursor struct {
	CreatedAt int64 // Unix milliseconds
	ID        care.BlastID
}

// List gives blasts, the newest first, at most limit: one's own, and with the permission
// organization inbox those of all colleagues. next is nil on the last page.
func (s *Service) List(ctx context.Context, actor care.Actor, f Filter, after *Cursor, limit int) (list []*Blast, next *Cursor, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return nil, nil, refusal
	}
	q := &query{where: []string{`b.state <> 'staging'`}}
	q.and(`b.org_id = `, actor.Org)
	if !actor.Can(care.OrganizationInbox) {
		q.and(`b.sender_id = `, actor.User)
	}
	if f.State != "" {
		q.and(`b.state = `, string(f.State))
	}
	for _, word := range words(f.Query) {
		q.and(`b.sort_title LIKE `, db.Containing(word))
		q.where[len(q.where)-1] += ` ESCAPE '\'`
	}
	if after != nil {
		at := q.arg(after.CreatedAt)
		q.and(`b.created_at <= `+at+` AND (b.created_at < `+at+` OR b.id < `, after.ID)
		q.where[len(q.where)-1] += `)`
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = db.Many(ctx, tx, scanBlast, `SELECT `+columns+from+q.text()+` ORDER BY b.created_at DESC, b.id DESC LIMIT `+q.arg(limit+1), q.args...)
		if err != nil {
			return err
		}
		if len(list) > limit {
			list = list[:limit]
			next = &Cursor{CreatedAt: db.Millis(list[limit-1].CreatedAt), ID: list[limit-1].ID}
		}
		return s.complete(ctx, tx, actor, list)
	})
	return list, next, err
}

// whole rounds a time up to seconds.
func whole(seconds float64) time.Duration {
	return time.Duration(math.Ceil(seconds)) * time.Second
}
