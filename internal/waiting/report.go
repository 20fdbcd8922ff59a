package waiting

import (
	"context"
	"database/sql"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// MaxWeeks bounds a report.
const MaxWeeks = 53

// Week is how long clients waited whose questions were asked in a week. The durations are
// opening time, in minutes.
type Week struct {
	Name     string // of ISO 8601, "2026-W47"
	From     time.Time
	Answered int64
	Open     int64
	Needless int64 // needed no answer, as staff said; not counted among the others
	// Median and P90 are of what was answered, nil where nothing was.
	Median, P90 *int64
	// Within is the share answered within the goal, of what was answered and what is open
	// for longer than the goal; nil where there is neither.
	Within *float64
}

// Report is first answers by week, the oldest first.
type Report struct {
	Weeks    []Week
	Goal     int64 // hours of opening time
	TimeZone string
}

// Asked is which report somebody wants.
type Asked struct {
	Weeks    int         // this one and those before it, 1 to [MaxWeeks]
	Provider care.UserID // whose clients, by who was their primary provider then; zero for all
}

// FirstResponse tells how long first answers took. Refusals: forbidden (see
// [access.FirstResponse]) and invalid.
func (s *Service) FirstResponse(ctx context.Context, actor care.Actor, asked Asked) (out Report, err error) {
	if refusal := access.FirstResponse(actor, asked.Provider); refusal != nil {
		return out, refusal
	}
	if asked.Weeks < 1 || asked.Weeks > MaxWeeks {
		return out, care.BadField("weeks", "range", fmt.Sprintf("Must be 1 to %d.", MaxWeeks))
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := s.rulesOf(ctx, tx, actor.Org, "")
		if err != nil {
			return err
		}
		weeks := r.weeks(asked.Weeks)
		if err := weeks.read(ctx, tx, actor.Org, asked.Provider); err != nil {
			return err
		}
		out = Report{Weeks: weeks.finish(r), Goal: r.Hours, TimeZone: r.Opening.TimeZone}
		return nil
	})
	return out, err
}

// bin gathers a week.
type bin struct {
	from    time.Time
	answers []int64     // milliseconds
	open    []time.Time // when those were asked that are open

	needless int64
}

type bins []*bin

// weeks gives the weeks up to now, empty.
func (r rules) weeks(n int) bins {
	today := r.now.In(r.calendar.Zone())
	monday := today.Day() - (int(today.Weekday())+6)%7
	list := make(bins, n)
	for i := range list {
		list[i] = &bin{from: time.Date(today.Year(), today.Month(), monday-7*(n-1-i), 0, 0, 0, 0, r.calendar.Zone())}
	}
	return list
}

// read puts what was asked since the first of the weeks where it belongs.
func (b bins) read(ctx context.Context, tx *db.Tx, org care.OrgID, provider care.UserID) error {
	query := `SELECT asked_at, state, open_ms FROM waiting_questions
		WHERE org_id = $1 AND asked_at >= $2 AND state IN ('open', 'answered', 'needs_no_answer')`
	args := []any{org, db.Millis(b[0].from)}
	if !provider.IsZero() {
		query, args = query+` AND provider_id = $3`, append(args, provider)
	}
	rows, err := tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var at int64
		var state string
		var took sql.NullInt64
		if err := rows.Scan(&at, &state, &took); err != nil {
			return err
		}
		asked := db.FromMillis(at)
		switch in := b.of(asked); state {
		case stateAnswered:
			in.answers = append(in.answers, took.Int64)
		case stateNeedless:
			in.needless++
		default:
			in.open = append(in.open, asked)
		}
	}
	return rows.Err()
}

// of gives the week of a moment that is not before the first.
func (b bins) of(at time.Time) *bin {
	i, exact := slices.BinarySearchFunc(b, at, func(week *bin, at time.Time) int { return week.from.Compare(at) })
	if !exact {
		i--
	}
	return b[i]
}

func (b bins) finish(r rules) []Week {
	weeks := make([]Week, len(b))
	for i, in := range b {
		weeks[i] = in.finish(r)
	}
	return weeks
}

func (b *bin) finish(r rules) Week {
	year, week := b.from.ISOWeek()
	w := Week{
		Name: fmt.Sprintf("%04d-W%02d", year, week), From: b.from,
		Answered: int64(len(b.answers)), Open: int64(len(b.open)), Needless: b.needless,
	}
	goal := time.Duration(r.Hours) * time.Hour
	slices.Sort(b.answers)
	within, late := 0, 0
	for _, ms := range b.answers {
		if ms <= goal.Milliseconds() {
			within++
		}
	}
	for _, asked := range b.open {
		if r.calendar.Between(asked, r.now) > goal {
			late++
		}
	}
	if n := len(b.answers); n > 0 {
		w.Median, w.P90 = minutes(b.answers[(n-1)/2]), minutes(b.answers[(9*n+9)/10-1])
	}
	if of := len(b.answers) + late; of > 0 {
		share := float64(within) / float64(of)
		w.Within = &share
	}
	return w
}

// minutes rounds milliseconds.
func minutes(ms int64) *int64 {
	m := (ms + 30_000) / 60_000
	return &m
}

// WriteCSV writes a report as a table for other programs.
func (r Report) WriteCSV(to io.Writer) error {
	w := csv.NewWriter(to)
	rows := [][]string{{"week", "from", "answered", "open", "needs_no_answer", "median_minutes", "p90_minutes", "within_goal", "goal_hours"}}
	number := func(n *int64) string {
		if n == nil {
			return ""
		}
		return strconv.FormatInt(*n, 10)
	}
	for _, week := range r.Weeks {
		share := ""
		if week.Within != nil {
			share = strconv.FormatFloat(*week.Within, 'f', 3, 64)
		}
		rows = append(rows, []string{
			week.Name, week.From.Format(time.DateOnly), strconv.FormatInt(week.Answered, 10), strconv.FormatInt(week.Open, 10),
			strconv.FormatInt(week.Needless, 10), number(week.Median), number(week.P90), share, strconv.FormatInt(r.Goal, 10),
		})
	}
	return w.WriteAll(rows)
}
