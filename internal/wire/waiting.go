package wire

import (
	"time"

	"hearth/internal/opening"
	"hearth/internal/waiting"
)

// Opening is when a practice is open. Waiting is counted in this time.
type Opening struct {
	TimeZone string      `json:"time_zone"`
	Weekly   []AwayHours `json:"weekly"`
	Holidays []string    `json:"holidays" doc:"Dates on which nobody answers, such as 2026-12-25"`
}

// Unanswered is when staff are reminded of a client's message that nobody has answered.
type Unanswered struct {
	Version    int64   `json:"version" doc:"Give it back with a change; 0 while it was never set"`
	On         bool    `json:"on"`
	Hours      int64   `json:"hours" doc:"Of opening time, after which the client's care team is told"`
	QueueAfter int64   `json:"queue_after_hours" doc:"Of opening time, how much later everybody who sees the queue is told"`
	Opening    Opening `json:"opening"`
	Since      *Time   `json:"on_since" doc:"When reminders were switched on; null while they are off"`
	Before     int64   `json:"overdue_before" doc:"Conversations that still wait and were overdue when reminders were switched on: nobody is reminded of them"`
}

// UnansweredOf shows settings.
func UnansweredOf(s waiting.Settings) Unanswered {
	return Unanswered{Version: s.Version, On: s.On, Hours: s.Hours, QueueAfter: s.QueueAfter, Since: TimeOrNull(s.Since), Before: s.Before, Opening: Opening{
		TimeZone: s.Opening.TimeZone,
		Weekly:   Map(s.Opening.Hours, func(h opening.Hours) AwayHours { return AwayHours(h) }),
		Holidays: append([]string{}, s.Opening.Holidays...),
	}}
}

// OpenTimes is when a practice is open around now.
type OpenTimes struct {
	From     Time       `json:"from" doc:"Nothing is said of what was before"`
	To       Time       `json:"to" doc:"Nothing is said of what comes after"`
	TimeZone string     `json:"time_zone"`
	ByClock  bool       `json:"by_clock" doc:"Nobody has said when the practice is open: waiting is the time on the clock"`
	Spans    []OpenSpan `json:"spans" doc:"In order and apart from each other; those at the ends may reach further than from and to"`
}

// OpenSpan is a time in which a practice is open.
type OpenSpan struct {
	From Time `json:"from"`
	To   Time `json:"to"`
}

// OpenTimesOf shows when a practice is open.
func OpenTimesOf(o waiting.Open) OpenTimes {
	return OpenTimes{
		From: TimeOf(o.From), To: TimeOf(o.To), TimeZone: o.TimeZone, ByClock: o.ByClock,
		Spans: Map(o.Spans, func(s waiting.Span) OpenSpan { return OpenSpan{TimeOf(s.From), TimeOf(s.To)} }),
	}
}

// ResponseWeek is how long clients waited for first answers to what they asked in a week.
type ResponseWeek struct {
	Week     string   `json:"week" doc:"Of ISO 8601, such as 2026-W47"`
	From     string   `json:"from" doc:"Its Monday, such as 2026-11-16"`
	Answered int64    `json:"answered"`
	Open     int64    `json:"open" doc:"Still waits"`
	Needless int64    `json:"needs_no_answer" doc:"Staff said that no answer was needed; counted nowhere else"`
	Median   *int64   `json:"median_minutes" doc:"Of opening time; null where nothing was answered"`
	P90      *int64   `json:"p90_minutes" doc:"Nine in ten were answered within"`
	Within   *float64 `json:"within_goal" doc:"The share answered within the goal, 0 to 1, of what was answered and what is open for longer than the goal"`
}

// FirstResponse is the report of first answers by week, the oldest first.
type FirstResponse struct {
	Weeks     []ResponseWeek `json:"weeks"`
	GoalHours int64          `json:"goal_hours" doc:"Of opening time, after which the care team is told"`
	TimeZone  string         `json:"time_zone"`
}

// FirstResponseOf shows a report.
func FirstResponseOf(r waiting.Report) FirstResponse {
	return FirstResponse{GoalHours: r.Goal, TimeZone: r.TimeZone, Weeks: Map(r.Weeks, func(w waiting.Week) ResponseWeek {
		return ResponseWeek{
			Week: w.Name, From: w.From.Format(time.DateOnly), Answered: w.Answered, Open: w.Open, Needless: w.Needless, Median: w.Median, P90: w.P90, Within: w.Within,
		}
	})}
}
