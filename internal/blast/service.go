package blast

import (
	"sync"

	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
)

// Publisher takes the events of what was committed. It must not block for long.
type Publisher interface{ Publish(events ...care.Event) }

// Service is the use cases of message blasts. Everything is safe for concurrent use.
type Service struct {
	db     *db.DB
	clock  care.Clock
	chat   *chat.Service
	attach *attach.Service
	events Publisher
	wake   chan struct{}
	pace   *pace
	// laneWorth is how many recipients a lane has at least; tests have smaller ones.
	laneWorth int64
	// unlimited is set for load tests: nobody has a limit per day then.
	unlimited bool
	counter   func(why string, n int) // nil, or told of what became of recipients

	mu   sync.Mutex
	told map[care.BlastID]int64 // when its progress was last told of, in Unix milliseconds
	// stirred are those that somebody has read or answered since Run looked last, settled
	// those of the time before, of which the commit is over.
	stirred, settled map[care.BlastID]bool
}

// New makes the service and has chat tell it of what clients read and answer. Call it
// before anything is sent; [Service.Run] does the sending.
func New(d *db.DB, clock care.Clock, c *chat.Service, files *attach.Service, events Publisher) *Service {
	goal := longBatch
	if d.OneWriter() {
		goal = batchTime
	}
	s := &Service{
		db: d, clock: clock, chat: c, attach: files, events: events,
		wake: make(chan struct{}, 1), pace: newPace(goal, clock), laneWorth: laneWorth, told: map[care.BlastID]int64{}, stirred: map[care.BlastID]bool{},
	}
	c.ListenForBlasts(s.hear)
	return s
}

// Unlimit takes the limit per day away, for load tests. Call it before anything is sent.
func (s *Service) Unlimit() { s.unlimited = true }

// Wake makes Run look for work now. It never blocks.
func (s *Service) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}
