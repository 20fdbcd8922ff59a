package chat

import (
	"context"
	"sync"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Publisher takes the events of what was committed. It must not block for long.
type Publisher interface{ Publish(events ...care.Event) }

// Service is the use cases of chat. Make it with [New] and end it with [Service.Close].
type Service struct {
	db     *db.DB
	clock  care.Clock
	events Publisher
	settle Settler // nil where there are no bulk changes
	// blasts keeps who has read and answered a blast; nil where nobody does.
	blasts   BlastListener
	maxFiles int // of one message; 0 is attach's default
	limit    int // of people in a community chat; 0 is the default
	memory   *memory
	rosters  *rosters
	pages    *pages

	queue   chan *pending
	closing chan struct{}
	close   sync.Once
	idle    chan struct{}
}

// New makes the service and starts its sender.
func New(d *db.DB, clock care.Clock, events Publisher) *Service {
	s := &Service{
		db: d, clock: clock, events: events, memory: newMemory(), rosters: newRosters(), pages: newPages(),
		queue:   make(chan *pending, maxBatch),
		closing: make(chan struct{}),
		idle:    make(chan struct{}),
	}
	go s.runSender()
	return s
}

// Close refuses further sends, waits for those that are under way, and returns when all
// were answered.
func (s *Service) Close() {
	s.close.Do(func() { close(s.closing) })
	<-s.idle
}

// write runs a transaction and publishes the events it made after the commit.
func (s *Service) write(ctx context.Context, fn func(tx *db.Tx) ([]care.Event, error)) error {
	var events []care.Event
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		events, err = fn(tx)
		return err
	})
	if err == nil && len(events) > 0 {
		s.events.Publish(events...)
	}
	return err
}
