package notify

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"sync"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/preference"
	"hearth/internal/push"
)

// Pusher hands messages to push services, encrypted for the device; *push.Sender does.
type Pusher interface {
	// Check tells what is wrong with what somebody gives as their device.
	Check(to push.Subscription) error
	// PublicKey is what browsers subscribe with.
	PublicKey() string
	// Send hands over one message; an error is a *push.Error.
	Send(ctx context.Context, to push.Subscription, message []byte, o push.Options) error
}

const (
	// pushBatch is how many pushes are claimed together, pushAtOnce how many are sent at the
	// same time.
	pushBatch  = 256
	pushAtOnce = 48
	// pushTimeout bounds one push, so that a whole batch of services that say nothing takes
	// less than the lease.
	pushTimeout = 15 * time.Second
	// pushPatience is how long a push is tried: later it is no news any more.
	pushPatience = 6 * time.Hour
	pushKept     = 24 * time.Hour // by a push service, for a device that is off
)

// pushText is all that a push says.
const pushText = "You have a new message"

// pushPayload is what a device gets: it asks for the notice, which only its person can read.
type pushPayload struct {
	Text string         `json:"text"`
	ID   *care.NoticeID `json:"id"`
}

// WorkPush sends the pushes that are due, one batch, and tells how many were claimed.
func (s *Service) WorkPush(ctx context.Context) (n int, err error) {
	if s.cfg.Push == nil {
		return 0, nil
	}
	due, err := s.anyDue(ctx, preference.Push)
	if err != nil || !due {
		return 0, err
	}
	var claims []*claim
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		claims, err = s.take(ctx, tx, `id IN (SELECT id FROM deliveries WHERE state = 'waiting' AND channel = 'push' AND due_at <= $2
			ORDER BY due_at, id LIMIT CAST($3 AS BIGINT)`+tx.SkipLocked()+`)`, db.Millis(s.clock()), pushBatch)
		return err
	})
	if err != nil || len(claims) == 0 {
		return 0, err
	}
	send, _, err := s.judge(ctx, claims)
	if err != nil {
		return len(claims), err
	}
	s.pushAll(ctx, send)
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx) // what was handed over is noted, also while the program ends
	}
	return len(claims), s.settle(ctx, claims)
}

// anyDue looks without writing, so that an idle program writes nothing.
func (s *Service) anyDue(ctx context.Context, c preference.Channel) (due bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		_, due, err = db.One(ctx, tx, scanID[care.DeliveryID],
			`SELECT id FROM deliveries WHERE state = 'waiting' AND channel = $1 AND due_at <= $2 ORDER BY due_at, id LIMIT 1`, string(c), db.Millis(s.clock()))
		return err
	})
	return due, err
}

// pushAll sends, several at the same time.
func (s *Service) pushAll(ctx context.Context, claims []*claim) {
	next := make(chan *claim)
	var all sync.WaitGroup
	for range min(pushAtOnce, len(claims)) {
		all.Go(func() {
			for c := range next {
				c.outcome = s.push(ctx, c)
			}
		})
	}
	for _, c := range claims {
		next <- c
	}
	close(next)
	all.Wait()
}

// push sends one.
func (s *Service) push(ctx context.Context, c *claim) outcome {
	id := c.notice
	payload, _ := json.Marshal(pushPayload{Text: pushText, ID: &id}) // ids and a constant
	ctx, cancel := context.WithTimeout(ctx, pushTimeout)
	defer cancel()
	err := s.cfg.Push.Send(ctx, c.device, payload, push.Options{TTL: pushKept, Urgency: push.High, Topic: topicOf(id, c.seq)})
	return c.pushed(err, s.clock())
}

// pushed is what becomes of a push that was handed over.
func (c *claim) pushed(err error, now time.Time) outcome {
	var failed *push.Error
	switch {
	case err == nil:
		return outcome{state: Sent}
	case errors.Is(err, push.Gone):
		return outcome{state: Failed, why: WhyGone}
	case errors.Is(err, push.Permanent):
		return outcome{state: Failed, why: WhyRefused}
	case errors.As(err, &failed):
		return c.failed(now, pushPatience, failed.RetryAfter)
	}
	return c.failed(now, pushPatience, 0)
}

// topicOf names what somebody is told of to a push service, for it to replace what it still
// keeps of the same: 22 characters, others for what is written in the conversation later, so
// that the service can't count conversations.
func topicOf(id care.NoticeID, seq int64) string {
	sum := sha256.Sum256(binary.BigEndian.AppendUint64(id[:], uint64(seq)))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// settleDevices forgets the devices that push services know no more, and notes which took
// something.
func (s *Service) settleDevices(ctx context.Context, tx *db.Tx, claims []*claim, now time.Time) error {
	var gone, took []care.SubscriptionID
	for _, c := range claims {
		switch {
		case c.channel != preference.Push:
		case c.outcome.why == WhyGone:
			gone = append(gone, c.subscription)
		case c.outcome.state == Sent:
			took = append(took, c.subscription)
		}
	}
	if len(took) > 0 {
		_, err := tx.Exec(ctx, `UPDATE push_subscriptions SET last_sent_at = $1 WHERE id IN (`+tx.In(2, len(took))+`)`, args(took, db.Millis(now))...)
		if err != nil {
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE id IN (`+tx.In(1, len(gone))+`)`, args(gone)...)
	return err
}

func deviceOf(endpoint, p256dh, auth string) push.Subscription {
	return push.Subscription{Endpoint: endpoint, P256dh: p256dh, Auth: auth}
}
