package autoreply

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/jobs"
)

// The kinds of jobs.
const (
	jobAway    = "away.answer"
	jobWelcome = "welcome.send"
)

// Service is the use cases of automatic replies.
type Service struct {
	db        *db.DB
	clock     care.Clock
	chat      *chat.Service
	directory *directory.Service
	events    chat.Publisher
	wake      func() // has jobs done soon
}

// New makes the service. Give it to the outbox as a consumer, and connect it with
// [Service.Register], and [Service.Greet] where clients are made.
func New(d *db.DB, clock care.Clock, chats *chat.Service, people *directory.Service, events chat.Publisher) *Service {
	return &Service{db: d, clock: clock, chat: chats, directory: people, events: events, wake: func() {}}
}

// Register adds the handlers of this package's jobs to a runner.
func (s *Service) Register(r *jobs.Runner) {
	s.wake = r.Wake
	r.Handle(jobAway, s.handler(s.away))
	r.Handle(jobWelcome, s.handler(s.greet))
}

// where is the arguments of both jobs.
type where struct {
	Conversation care.ConversationID `json:"conversation"`
}

// words is an automatic message: whose and what. The zero words are none.
type words struct {
	author care.Person
	body   string
}

// handler makes a job of a decision about what to write in a conversation. Message, marks
// and the end of the job commit together.
func (s *Service) handler(decide func(ctx context.Context, tx *db.Tx, room *chat.Room) (words, error)) jobs.Handler {
	return func(ctx context.Context, claim *jobs.Claim) error {
		var in where
		if err := claim.Bind(&in); err != nil {
			return err
		}
		var events []care.Event
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			if events, err = s.answer(ctx, tx, in.Conversation, decide); err != nil {
				return err
			}
			return claim.Finish(ctx, tx)
		})
		if err == nil && len(events) > 0 {
			s.events.Publish(events...)
		}
		return err
	}
}

func (s *Service) answer(ctx context.Context, tx *db.Tx, id care.ConversationID, decide func(context.Context, *db.Tx, *chat.Room) (words, error)) ([]care.Event, error) {
	room, err := s.chat.Room(ctx, tx, id)
	if err != nil || room == nil || room.Refusal != nil {
		return nil, err
	}
	w, err := decide(ctx, tx, room)
	if err != nil || w.body == "" {
		return nil, err
	}
	event, err := s.chat.AppendAutomatic(ctx, tx, room, w.author, w.body)
	return []care.Event{event}, err
}
