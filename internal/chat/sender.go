package chat

import (
	"context"
	"crypto/sha256"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// maxBatch is how many sends one transaction takes at most.
const maxBatch = 256

// Draft is a message that somebody wants to send.
type Draft struct {
	// ID makes sending safe to repeat; a zero ID is filled by the server.
	ID           care.MessageID
	Conversation care.ConversationID
	// Body has 1 to 20,000 characters, or none beside attachments.
	Body string
	// Attachments are files that the author has sent, in this order.
	Attachments []care.AttachmentID
	// ReplyTo names an earlier message of the conversation, or is zero.
	ReplyTo care.MessageID
	// OnBehalfOf names the colleague for whom staff answer, or is zero.
	OnBehalfOf care.UserID
	// Origin is the live connection it came over, which needs no event; 0 none.
	Origin uint64
}

// contentHash tells a repeated request from another one with the same id.
func (d Draft) contentHash(author care.UserID) [16]byte {
	h := sha256.New()
	h.Write(d.Conversation[:])
	h.Write(author[:])
	h.Write(d.ReplyTo[:])
	h.Write(d.OnBehalfOf[:])
	h.Write([]byte(d.Body))
	if len(d.Attachments) > 0 {
		h.Write([]byte{0xff}) // which no text has
		for _, id := range d.Attachments {
			h.Write(id[:])
		}
	}
	return [16]byte(h.Sum(nil)[:16])
}

// Sent is the answer to a send: the stored message, and whether it was stored by this
// request rather than by an earlier one with the same id.
type Sent struct {
	Message care.Message
	Created bool
	Err     error
}

// pending is a send on its way through the sender. Its creator waits on done.
type pending struct {
	ctx   context.Context
	actor care.Actor
	draft Draft
	fresh bool // its id was made here, so that nothing can be stored under it
	hash  [16]byte
	done  chan Sent
	// scheduled: the row of that id says what is sent, and by whom (see takeScheduled).
	scheduled bool

	// What the sender works out.
	onBehalfOf care.UserID
	message    care.Message
	created    bool
	refusal    *care.Error
	// names is how the author sees fellow clients there; empty where as they are.
	names care.NameStyle
}

// Send stores a message and answers when it is durable. Refusals are *care.Error with
// the codes invalid, not_found, id_reused, forbidden, chat_unavailable, client_archived
// and conversation_closed. When ctx ends first the message may still be stored: repeat
// with the same id to learn.
func (s *Service) Send(ctx context.Context, actor care.Actor, draft Draft) (care.Message, bool, error) {
	select {
	case sent := <-s.Submit(ctx, actor, draft):
		return sent.Message, sent.Created, sent.Err
	case <-ctx.Done():
		return care.Message{}, false, ctx.Err()
	}
}

// Submit hands a message to the sender and does not wait: the channel gives the answer
// once. Messages of one caller are stored in the order in which they were submitted.
func (s *Service) Submit(ctx context.Context, actor care.Actor, draft Draft) <-chan Sent {
	done := make(chan Sent, 1)
	if err := s.checkContent(draft); err != nil {
		done <- Sent{Err: err}
		return done
	}
	fresh := draft.ID.IsZero()
	if fresh {
		draft.ID = care.NewID[care.MessageID](s.clock())
	}
	p := &pending{ctx: ctx, actor: actor, draft: draft, fresh: fresh, hash: draft.contentHash(actor.User), done: done}
	select {
	case <-s.closing:
		done <- Sent{Err: errClosing}
		return done
	default:
	}
	select {
	case s.queue <- p:
	case <-s.closing:
		done <- Sent{Err: errClosing}
	case <-ctx.Done():
		done <- Sent{Err: ctx.Err()}
	}
	return done
}

var errClosing = &care.Error{
	Kind: care.Unavailable, Code: care.CodeUnavailable, RetryAfter: 2,
	Message: "Hearth is restarting. Try again in a moment.",
}

// runSender gathers whatever is waiting, without a timer, and stores it in one
// transaction: while one commit runs, the next batch collects itself.
func (s *Service) runSender() {
	defer close(s.idle)
	for {
		select {
		case p := <-s.queue:
			s.deliver(s.gather(p))
		case <-s.closing:
			s.drain()
			return
		}
	}
}

// drain answers what was queued before closing. Submit may still put something in while
// this runs, so it goes on until the queue stays empty for a moment.
func (s *Service) drain() {
	for {
		select {
		case p := <-s.queue:
			s.deliver(s.gather(p))
		case <-time.After(50 * time.Millisecond):
			return
		}
	}
}

func (s *Service) gather(first *pending) []*pending {
	batch := append(make([]*pending, 0, 64), first)
	for len(batch) < maxBatch {
		select {
		case p := <-s.queue:
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// deliver stores a batch. An id that stands twice in it waits for the next round, where
// the first is found as stored. When the transaction fails as a whole, each send is
// tried alone, so that one cannot spoil another's.
func (s *Service) deliver(batch []*pending) {
	for len(batch) > 0 {
		var now, later []*pending
		seen := make(map[care.MessageID]struct{}, len(batch))
		for _, p := range batch {
			if _, twice := seen[p.draft.ID]; twice {
				later = append(later, p)
				continue
			}
			seen[p.draft.ID] = struct{}{}
			now = append(now, p)
		}
		s.deliverDistinct(now)
		batch = later
	}
}

func (s *Service) deliverDistinct(batch []*pending) {
	events, err := s.store(batch)
	if err != nil && len(batch) > 1 {
		for _, p := range batch {
			s.deliverDistinct([]*pending{p})
		}
		return
	}
	for _, p := range batch {
		p.answer(err)
	}
	if len(events) > 0 {
		s.events.Publish(events...)
	}
}

func (p *pending) answer(err error) {
	switch {
	case err != nil:
		p.done <- Sent{Err: err}
	case p.refusal != nil:
		p.done <- Sent{Err: p.refusal}
	case p.names != "":
		p.done <- Sent{Message: p.message.ShownTo(p.actor.User, p.names), Created: p.created}
	default:
		p.done <- Sent{Message: p.message, Created: p.created}
	}
}

// store runs the one write transaction of a batch: load the facts of all sends, decide
// each, append the allowed ones. It does not end with any caller's context: the batch
// belongs to many.
func (s *Service) store(batch []*pending) (events []care.Event, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		events = events[:0]
		going, err := s.takeScheduled(ctx, tx, batch)
		if err != nil || len(going) == 0 {
			return err
		}
		facts, err := loadFactsBeside(ctx, tx, s.rosters, going)
		if err != nil {
			return err
		}
		if events, err = s.storeAllowed(ctx, tx, facts, going); err != nil {
			return err
		}
		settled, err := s.settleScheduled(ctx, tx, going)
		events = append(events, settled...)
		return err
	})
	if err != nil {
		return nil, err
	}
	return events, nil
}

// storeAllowed decides each send and appends the allowed ones.
func (s *Service) storeAllowed(ctx context.Context, tx *db.Tx, facts *facts, batch []*pending) ([]care.Event, error) {
	var allowed []*pending
	if err := facts.loadPosts(ctx, tx, batch, s.clock()); err != nil {
		return nil, err
	}
	for _, p := range batch {
		p.refusal, p.created, p.onBehalfOf = nil, false, care.UserID{}
		if facts.decide(p) {
			facts.files.Take(p.draft.ID, p.draft.Attachments)
			allowed = append(allowed, p)
		}
	}
	if len(allowed) == 0 {
		return nil, nil
	}
	if err := appendSends(ctx, tx, s.clock(), facts, allowed); err != nil {
		return nil, err
	}
	if err := facts.keepPosts(ctx, tx, allowed); err != nil {
		return nil, err
	}
	if err := s.tellReplies(ctx, tx, facts, allowed); err != nil {
		return nil, err
	}
	return facts.events(allowed), nil
}
