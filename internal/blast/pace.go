package blast

import (
	"sync"
	"time"

	"hearth/internal/care"
)

// How long a transaction is meant to take. Where writers wait for each other, other
// people's messages wait for less than twice that; elsewhere only a change of the
// organization or of one of these clients does.
const (
	batchTime = 12 * time.Millisecond
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
	goal   time.Duration // of one transaction
	mu     sync.Mutex
	blasts map[care.BlastID]*stride
	second float64 // recipients in a second, lately
}

type stride struct{ size, failures int }

func newPace(goal time.Duration) *pace {
	return &pace{goal: goal, blasts: map[care.BlastID]*stride{}, second: 2000}
}

func (p *pace) of(id care.BlastID) *stride {
	if p.blasts[id] == nil {
		p.blasts[id] = &stride{size: firstBatch}
	}
	return p.blasts[id]
}

// size gives how many recipients to take next.
func (p *pace) size(id care.BlastID) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.of(id).size
}

// took notes how long a transaction with so many recipients took.
func (p *pace) took(id care.BlastID, n int, spent time.Duration, ended bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if ended {
		delete(p.blasts, id)
		return
	}
	b := p.of(id)
	b.failures = 0
	switch {
	case spent > p.goal*4/3:
		b.size = max(leastBatch, b.size*3/4)
	case spent < p.goal*3/4:
		b.size = min(mostBatch, b.size*5/4)
	}
	if spent > 0 && n > 0 {
		p.second += 0.2 * (float64(n)/spent.Seconds() - p.second)
	}
}

// failed notes that a transaction was undone, takes fewer the next time, and tells when
// one recipient alone has failed too often.
func (p *pace) failed(id care.BlastID) (givenUp bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.of(id)
	b.size = max(1, b.size/4)
	if b.size > 1 {
		return false
	}
	if b.failures++; b.failures < tries {
		return false
	}
	b.failures = 0
	return true
}

// left is about how long so many recipients take.
func (p *pace) left(n int64) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return whole(float64(n) / p.second)
}
