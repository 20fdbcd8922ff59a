package live

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"hearth/internal/care"
	"hearth/internal/chat"
)

// actTimeout bounds what a read or typing frame asks of the database.
const actTimeout = 10 * time.Second

// Bounds of one connection per second, with the burst that is let through at once. They
// are far above what people do, and keep a broken program from keeping the server busy.
const (
	sendsPerSecond, sendBurst   = 20, 60
	readsPerSecond, readBurst   = 10, 40
	typingPerSecond, typingBurs = 1, 4
)

// limits are made with the first frame that needs them.
type limits struct {
	once                sync.Once
	sends, reads, typed *rate.Limiter
}

func (l *limits) make() {
	l.sends = rate.NewLimiter(sendsPerSecond, sendBurst)
	l.reads = rate.NewLimiter(readsPerSecond, readBurst)
	l.typed = rate.NewLimiter(typingPerSecond, typingBurs)
}

// dispatch serves a frame that could be decoded.
func (c *conn) dispatch(in inbound) error {
	c.limits.once.Do(c.limits.make)
	now := c.hub.Clock()
	c.inUse(now)
	switch in.Type {
	case "send":
		if c.hub.RateLimits && !c.limits.sends.AllowN(now, 1) {
			return tooFast()
		}
		if in.Message != nil && in.Message.SendAt != nil {
			return c.schedule(in)
		}
		return c.submit(in)
	case "read":
		if c.hub.RateLimits && !c.limits.reads.AllowN(now, 1) {
			return tooFast()
		}
		return c.markRead(in)
	case "typing":
		return c.typing(in, now)
	case "viewing":
		if c.hub.RateLimits && !c.limits.reads.AllowN(now, 1) {
			return tooFast()
		}
		return c.look(in)
	case "":
		return malformed("type is missing.")
	default:
		return malformed("There is no such type of frame.")
	}
}

func tooFast() error {
	return &care.Error{
		Kind: care.RateLimited, Code: care.CodeRateLimited, RetryAfter: 1,
		Message: "Too many frames at once. Try again in a moment.",
	}
}

// submit hands a message to the sender of chat and goes on with the next frame. When too
// many are unanswered it waits, and with it the frames that follow.
func (c *conn) submit(in inbound) error {
	draft, err := in.draft()
	if err != nil {
		return err
	}
	draft.Origin = c.id
	c.mu.Lock()
	for len(c.sends) >= maxUnanswered {
		c.fewer.Wait()
	}
	c.submitting = true
	c.mu.Unlock()
	// The message is stored also when the connection breaks meanwhile, as with the POST.
	answer := c.hub.Chat.Submit(context.WithoutCancel(c.hub.running), *c.actor.Load(), draft)
	c.mu.Lock()
	defer c.mu.Unlock()
	// The frame's buffer is used again; the ref outlives it.
	c.sends = append(c.sends, unanswered{ref: slices.Clone(in.ref()), answer: answer})
	c.submitting = false
	if !c.waiting {
		c.waiting = true
		go c.answerSends()
	}
	return nil
}

// answerSends answers messages in their order, as long as any is unanswered. It writes the
// answers itself: those that are there already leave together.
func (c *conn) answerSends() {
	for {
		first, more := c.firstUnanswered()
		if !more {
			return
		}
		frame := c.answer(first.ref, <-first.answer)
		if c.answered() {
			c.send(frame)
		} else {
			c.sendNow(frame)
		}
		c.fewer.Signal()
	}
}

// firstUnanswered ends the answering when nothing is unanswered, and with it the
// connection where that was waited for.
func (c *conn) firstUnanswered() (first unanswered, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.sends) > 0 {
		return c.sends[0], true
	}
	c.waiting, c.sends = false, nil
	if c.after != nil && c.ending == nil {
		c.ending = c.after
		c.startWriting()
	}
	return first, false
}

// answered takes the first away and reports whether the next has its answer already.
func (c *conn) answered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sends = c.sends[1:]
	return len(c.sends) > 0 && len(c.sends[0].answer) > 0
}

func (c *conn) answer(r ref, sent chat.Sent) []byte {
	if sent.Err != nil {
		return failure(r, c.hub.problem(sent.Err))
	}
	return ackFrame(r, &sent.Message)
}

// fail answers a frame with the problem of err.
func (c *conn) fail(r ref, err error) { c.send(failure(r, c.hub.problem(err))) }

// maxBusy bounds the read and typing frames of a connection that are being served.
const maxBusy = 8

// meanwhile serves a frame while the next ones are read. With a ref the end is told.
func (c *conn) meanwhile(in inbound, serve func(ctx context.Context, actor care.Actor) error) {
	r := slices.Clone(in.ref()) // the frame's buffer is used again
	c.aside(func(ctx context.Context, actor care.Actor) []byte {
		if err := serve(ctx, actor); err != nil {
			return failure(r, c.hub.problem(err))
		}
		if len(r) == 0 {
			return nil
		}
		return done(r)
	})
}

// aside does something while the next frames are read, and sends the frame it gives.
func (c *conn) aside(serve func(ctx context.Context, actor care.Actor) []byte) {
	c.mu.Lock()
	for c.busy >= maxBusy {
		c.fewer.Wait()
	}
	c.busy++
	c.mu.Unlock()
	go func() {
		ctx, cancel := context.WithTimeout(c.hub.running, actTimeout)
		defer cancel()
		if frame := serve(ctx, *c.actor.Load()); frame != nil {
			c.send(frame)
		}
		c.mu.Lock()
		c.busy--
		c.mu.Unlock()
		c.fewer.Signal()
	}()
}

func (c *conn) markRead(in inbound) error {
	id, err := in.conversation()
	if err != nil {
		return err
	}
	if in.Seq == nil {
		return malformed("seq is missing.")
	}
	seq := *in.Seq
	if seq < 0 {
		return care.BadField("seq", "too_small", "Must be at least 0.")
	}
	c.meanwhile(in, func(ctx context.Context, actor care.Actor) error {
		_, err := c.hub.Chat.MarkRead(ctx, actor, id, seq)
		return err
	})
	return nil
}

// typing tells the others in the conversation. What comes too often is left out without a
// word: the next one comes in seconds.
func (c *conn) typing(in inbound, now time.Time) error {
	id, err := in.conversation()
	if err != nil || !c.limits.typed.AllowN(now, 1) {
		return err
	}
	c.meanwhile(in, func(ctx context.Context, actor care.Actor) error {
		members, err := c.hub.Chat.Members(ctx, actor, id)
		if err != nil {
			return err
		}
		c.hub.typingHere(c, id)
		others := slices.DeleteFunc(slices.Clone(members), func(user care.UserID) bool { return user == c.user })
		if len(others) < len(members) { // who looks on from outside is not seen typing
			c.hub.Bus.Publish(care.Event{
				Type: care.EventTyping, Org: actor.Org, To: others, Conversation: id, Person: actor.Person(),
			})
		}
		return nil
	})
	return nil
}
