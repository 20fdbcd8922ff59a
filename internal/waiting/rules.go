package waiting

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/opening"
)

// MaxHours bounds both times after which staff are reminded, in hours of opening time.
const MaxHours = 240

// old is how long ago a reminder may have been due that comes back, with a conversation that
// is opened again: what is older is shown, and nobody is told.
const old = 7 * 24 * time.Hour

// Settings is when a practice reminds of what nobody has answered. Version is 0 while it
// was never set.
type Settings struct {
	On bool
	// Hours of opening time after which the care team is told, and how many later everybody
	// who sees the queue.
	Hours, QueueAfter int64
	Opening           opening.Week
	// Since is when reminders were switched on: nobody is reminded of what had fallen due
	// before. Zero while they are off, or were on before this was kept.
	Since   time.Time
	Version int64
	// Before is how many conversations still wait that were overdue then. It is not kept.
	Before int64
}

// initial is what counts while nobody has chosen: nobody is reminded, and the report counts
// workdays.
func initial(zone string) Settings {
	return Settings{Hours: 4, QueueAfter: 8, Opening: opening.Workdays(zone)}
}

// check refuses settings that cannot be kept, and puts the hours in order.
func (s *Settings) check() error {
	wrong := s.Opening.Check("opening", "weekly")
	for field, hours := range map[string]int64{"hours": s.Hours, "queue_after_hours": s.QueueAfter} {
		if hours < 1 || hours > MaxHours {
			wrong = append(wrong, care.FieldError{Field: field, Code: "range", Detail: fmt.Sprintf("Must be 1 to %d hours.", MaxHours)})
		}
	}
	if s.On && len(s.Opening.Hours) == 0 {
		wrong = append(wrong, care.FieldError{Field: "opening.weekly", Code: "required", Detail: "Say when somebody answers: waiting is counted in opening time."})
	}
	if len(wrong) == 0 {
		return nil
	}
	failure := care.BadField("", "", "")
	failure.Fields = wrong
	return failure
}

// rules are the settings of a practice, ready for reckoning at a moment.
type rules struct {
	Settings
	calendar *opening.Calendar
	now      time.Time
}

// reckon says when a question falls due: who was reminded already is not reminded again, and
// of what had fallen due before reminders were switched on nobody is. Else switching them on
// would remind of everything at once that was ever left open; it is marked as overdue, which
// everybody sees who looks.
func (r rules) reckon(q *question) {
	q.reckoned, q.overdue, q.due = r.Version, time.Time{}, time.Time{}
	if !r.On {
		return
	}
	q.overdue = r.after(q, r.Hours)
	q.due = r.next(q)
	if !q.due.IsZero() && (!q.due.After(r.Since) || r.now.Sub(q.due) > old) {
		q.due = time.Time{}
	}
}

// next is when the next reminder of a question is due; zero is never.
func (r rules) next(q *question) time.Time {
	switch q.stage {
	case 0:
		return r.after(q, r.Hours)
	case 1:
		return r.after(q, r.Hours+r.QueueAfter)
	default:
		return time.Time{}
	}
}

func (r rules) after(q *question, hours int64) time.Time {
	moment, _ := r.calendar.After(q.asked, time.Duration(hours)*time.Hour)
	return moment
}

// loadRules gives the rules of the organizations, each once.
func (s *Service) loadRules(ctx context.Context, tx *db.Tx, orgs []care.OrgID) (map[care.OrgID]rules, error) {
	found := make(map[care.OrgID]rules, 1)
	for _, org := range orgs {
		if _, known := found[org]; known {
			continue
		}
		r, err := s.rulesOf(ctx, tx, org, "")
		if err != nil {
			return nil, err
		}
		found[org] = r
	}
	return found, nil
}

// rulesOf gives the rules of one organization: those that nobody has chosen count in its
// time zone.
func (s *Service) rulesOf(ctx context.Context, tx *db.Tx, org care.OrgID, lock string) (r rules, err error) {
	var zone string
	if err = tx.QueryRow(ctx, `SELECT time_zone FROM organizations WHERE id = $1`, org).Scan(&zone); err != nil {
		return r, err
	}
	r.Settings, r.now = initial(zone), s.clock()
	var since sql.NullInt64
	text, found, err := db.One(ctx, tx, func(row db.Scanner) (text string, err error) {
		return text, row.Scan(&r.On, &r.Hours, &r.QueueAfter, &text, &since, &r.Version)
	}, `SELECT is_on, hours, queue_after_hours, opening, on_since, version FROM waiting_settings WHERE org_id = $1`+lock, org)
	if err != nil {
		return r, err
	}
	r.Since = db.TimeOf(since)
	if found {
		r.Opening = opening.Week{}
		if err = json.Unmarshal([]byte(text), &r.Opening); err != nil {
			return r, err
		}
	}
	r.calendar, err = r.Opening.Calendar()
	return r, err
}
