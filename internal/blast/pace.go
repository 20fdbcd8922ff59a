package blast

import (
	"maps"
	"sync"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// How long a transaction is meant to take. Where writers wait for each other, other
// people's messages wait for less than twice that; elsewhere only a change of the
// organization or of one of these clients does.
const (
	batchTime = db.PaceGoal
	longBatch = 100 * time.Millisecond
)

// Bounds of how many recipients one transaction writes to.
const (
	leastBatch = 32
	firstBatch = 64
	mostBatch  = 512
)

// tries is how often the smallest batch may fail before its first recipient is passed over.
const tries = 8

// pace finds out how many recipients fit a transaction, and how long the rest takes. It
// is safe for concurrent use.
type pace struct {
	goal    time.Duration // of one transaction
	clock   care.Clock
	mu      sync.Mutex
	strides map[strip]*stride
	second  float64 // recipients in a second, lately
	since   time.Time
	counted int // since then
}

// strip is a lane of a blast.
type strip struct {
	blast care.BlastID
	lane  int64
}

type stride struct{ size, failures int }

func newPace(goal time.Duration, clock care.Clock) *pace {
	return &pace{goal: goal, clock: clock, strides: map[strip]*stride{}, second: 2000}
}

func (p *pace) of(id care.BlastID, lane int64) *stride {
	at := strip{id, lane}
	if p.strides[at] == nil {
		p.strides[at] = &stride{size: firstBatch}
	}
	return p.strides[at]
}

// size gives how many recipients of a lane to take next.
func (p *pace) size(id care.BlastID, lane int64) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.of(id, lane).size
}

// took notes how long a transaction with so many recipients took.
func (p *pace) took(id care.BlastID, lane int64, n int, spent time.Duration, ended bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ended {
		maps.DeleteFunc(p.strides, func(at strip, _ *stride) bool { return at.blast == id })
		p.since = time.Time{}
		return
	}
	b := p.of(id, lane)
	b.failures = 0
	switch {
	case spent > p.goal*4/3:
		b.size = max(leastBatch, b.size*3/4)
	case spent < p.goal*3/4:
		b.size = min(mostBatch, b.size*5/4)
	}
	p.gauge(n)
}

// gauge learns how many recipients are written to in a second, over all lanes of this node.
func (p *pace) gauge(n int) {
	now := p.clock()
	switch spent := now.Sub(p.since); {
	case p.since.IsZero() || spent > 10*time.Second: // it stood still
		p.since, p.counted = now, 0
	case spent < 200*time.Millisecond:
		p.counted += n
	default:
		p.second += 0.3 * (float64(p.counted+n)/spent.Seconds() - p.second)
		p.since, p.counted = now, 0
	}
}

// failed notes that a transaction was undone, takes fewer the next time, and tells when
// one recipient alone has failed too often.
func (p *pace) failed(id care.BlastID, lane int64) (givenUp bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.of(id, lane)
	b.size = max(1, b.size/4)
	if b.size > 1 {
		return false
	}
	b.failures++
	return b.failures >= tries
}

// stuck reports whether the next recipient of a lane has failed too often.
func (p *pace) stuck(id care.BlastID, lane int64) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.of(id, lane).failures >= tries
}

// passed notes that somebody was passed over.
func (p *pace) passed(id care.BlastID, lane int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.of(id, lane).failures = 0
}

// left is about how long so many recipients take.
func (p *pace) left(n int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return whole(float64(n) / max(p.second, 1))
}
