package outbox

import "time"

const (
	// gather is how long Run waits at least: of many messages in one moment it makes one
	// transaction, and those who write are not disturbed more often than that.
	gather = 40 * time.Millisecond
	// busyFrom is from how many wakes a second on people write so much that Run leaves the
	// store to them: it works one busyShare of the time then, one lateShare where events have
	// waited for longer than lateAfter.
	busyFrom  = 100
	busyShare = 32
	lateShare = 8
	lateAfter = 2 * time.Minute
)

// round is what the last transaction showed.
type round struct {
	full bool          // there may be more
	took time.Duration // from its first statement to the commit
	late time.Duration // how long its oldest event had waited
}

// tempo says how long Run rests between its transactions. Sends come first: what tells of
// them may be some seconds late where thousands come in a second, and catches up when they
// end.
type tempo struct {
	last  round
	at    time.Time // when it was asked before, and how many wakes there were
	wakes int64
}

func (t *tempo) worked(r round) { t.last = r }

// next gives how long to rest from now on, when Run was woken so many times since it began.
func (t *tempo) next(now time.Time, wakes int64) time.Duration {
	passed, woken := now.Sub(t.at), wakes-t.wakes
	t.at, t.wakes = now, wakes
	switch busy := float64(woken) > busyFrom*passed.Seconds(); {
	case busy && t.last.late > lateAfter:
		return max(gather, lateShare*t.last.took)
	case busy:
		return max(gather, busyShare*t.last.took)
	case t.last.full:
		return max(time.Millisecond, t.last.took)
	}
	return gather
}
