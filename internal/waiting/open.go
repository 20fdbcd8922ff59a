package waiting

import (
	"context"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// around is how far back and ahead [Service.Open] looks.
const around = 14 * 24 * time.Hour

// Open is when a practice is open around now: what waiting is counted in.
type Open struct {
	From, To time.Time // what was looked at
	// Spans are in order and apart from each other; those at the ends may reach beyond From
	// and To.
	Spans    []Span
	TimeZone string
	// ByClock is true while nobody has said when the practice is open: then the time that
	// anybody waits is that on the clock.
	ByClock bool
}

// Span is a time in which a practice is open.
type Span struct{ From, To time.Time }

// Open tells staff when the practice is open from two weeks ago to two weeks from now.
func (s *Service) Open(ctx context.Context, actor care.Actor) (out Open, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return out, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		r, err := s.rulesOf(ctx, tx, actor.Org, "")
		if err == nil {
			out = r.open()
		}
		return err
	})
	return out, err
}

func (r rules) open() Open {
	out := Open{From: r.now.Add(-around), To: r.now.Add(around), TimeZone: r.Opening.TimeZone}
	if out.ByClock = r.Version == 0 || len(r.Opening.Hours) == 0; out.ByClock {
		return out
	}
	for from, to := range r.calendar.Spans(out.From) {
		if from.After(out.To) {
			break
		}
		out.Spans = append(out.Spans, Span{from, to})
	}
	return out
}
