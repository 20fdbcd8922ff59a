package autoreply

import (
	"encoding/json"
	"time"

	"hearth/internal/care"
	"hearth/internal/opening"
)

// Bounds of rules.
const (
	MaxText  = 2000 // characters
	maxRange = 366 * 24 * time.Hour
)

// Quiet is how long after an automatic reply to a client, or a person's reply in the
// conversation, no away reply is sent.
const Quiet = 12 * time.Hour

// Once is being away for a range of time.
type Once struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	Text  string    `json:"text"`
}

// Weekly is the hours of every week. Outside of them, and on holidays, one is away.
type Weekly struct {
	Enabled bool `json:"enabled"`
	opening.Week
	Text string `json:"text"`
}

// Rules is when somebody is away. Once is nil while there is no range.
type Rules struct {
	Once   *Once  `json:"once"`
	Weekly Weekly `json:"weekly"`
}

// live reports whether there may be anything to answer with from now on.
func (r Rules) live(now time.Time) bool {
	return r.Weekly.Enabled || (r.Once != nil && r.Once.Until.After(now))
}

// State is being away: with which words, and since when at most [Quiet] back.
type State struct {
	Text  string
	Since time.Time
}

// At gives the state at a moment; away is false when one answers.
func (r Rules) At(now time.Time) (state State, away bool) {
	floor := now.Add(-Quiet)
	if o := r.Once; o != nil && !now.Before(o.From) && now.Before(o.Until) {
		return State{Text: o.Text, Since: later(o.From, floor)}, true
	}
	if !r.Weekly.Enabled {
		return State{}, false
	}
	return r.Weekly.at(now, floor)
}

// at looks at the hours around a moment: in them is not away, and where they last ended
// tells since when one is.
func (w Weekly) at(now, floor time.Time) (State, bool) {
	calendar, err := w.Calendar()
	if err != nil {
		return State{}, false // was checked when it was saved
	}
	since := floor
	for from, to := range calendar.Spans(floor) {
		if from.After(now) {
			break
		}
		if to.After(now) {
			return State{}, false
		}
		since = to
	}
	return State{Text: w.Text, Since: since}, true
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// checks gathers what is wrong with rules, so that the caller hears of all of it.
type checks struct{ failure *care.Error }

func (c *checks) bad(field, code, detail string) { c.add(care.BadField(field, code, detail)) }

func (c *checks) add(failure *care.Error) {
	switch {
	case failure == nil:
	case c.failure == nil:
		c.failure = failure
	default:
		c.failure.Fields = append(c.failure.Fields, failure.Fields...)
	}
}

// check refuses rules that cannot be kept, and puts hours and holidays in order. A range
// that is over stays as it was.
func (r *Rules) check() error {
	var c checks
	if r.Once != nil {
		c.once(r.Once)
	}
	c.weekly(&r.Weekly)
	if c.failure == nil {
		return nil
	}
	return c.failure
}

func (c *checks) once(o *Once) {
	c.add(care.CheckText("once.text", o.Text, 1, MaxText))
	switch {
	case !o.Until.After(o.From):
		c.bad("once.until", "order", "Must be later than from.")
	case o.Until.Sub(o.From) > maxRange:
		c.bad("once.until", "too_long", "Must be at most a year after from.")
	}
}

func (c *checks) weekly(w *Weekly) {
	least := 0
	if w.Enabled {
		least = 1
	}
	c.add(care.CheckText("weekly.text", w.Text, least, MaxText))
	for _, field := range w.Check("weekly", "hours") {
		c.bad(field.Field, field.Code, field.Detail)
	}
}

// stored is the JSON of rules; reading it back cannot fail but for tampering.
func (r Rules) stored() (string, error) {
	text, err := json.Marshal(r)
	return string(text), err
}

func parse(text string) (r Rules, err error) {
	err = json.Unmarshal([]byte(text), &r)
	return r, err
}
