package webhook

import (
	"context"
	"net/http"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outward"
)

// Caller makes the calls; [outward.Client] is one. Check says with an [outward.Reason] why
// an address cannot be called.
type Caller interface {
	Do(r *http.Request) (outward.Answer, error)
	Check(address string) error
}

// Service is the use cases of webhooks, and sends.
type Service struct {
	db    *db.DB
	clock care.Clock
	out   Caller
	wake  chan struct{}
	// callTime bounds one call.
	callTime time.Duration
}

// New makes the service. It is a consumer of the outbox; [Service.Run] sends.
func New(d *db.DB, clock care.Clock, out Caller) *Service {
	return &Service{db: d, clock: clock, out: out, wake: make(chan struct{}, 1), callTime: outward.Timeout}
}

// Wake makes Run look soon. It never blocks.
func (s *Service) Wake() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// write runs a change and wakes Run behind it.
func (s *Service) write(ctx context.Context, act func(tx *db.Tx) error) error {
	err := s.db.Write(ctx, act)
	if err == nil {
		s.Wake()
	}
	return err
}
