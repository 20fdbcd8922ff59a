package notify

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/push"
)

// Subscription is a device that gets pushes, as its person sees it.
type Subscription struct {
	ID         care.SubscriptionID
	Device     string // what the person calls it
	CreatedAt  time.Time
	LastSentAt time.Time // zero before the first push
}

const (
	// maxDevices bounds the devices of one person; the oldest goes.
	maxDevices  = 20
	maxEndpoint = 1000
	maxDevice   = 100
)

// PublicKey gives what browsers subscribe with; empty where no push is configured.
func (s *Service) PublicKey() string {
	if s.cfg.Push == nil {
		return ""
	}
	return s.cfg.Push.PublicKey()
}

// Subscriptions lists the actor's devices, the oldest first.
func (s *Service) Subscriptions(ctx context.Context, actor care.Actor) (list []Subscription, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = db.Many(ctx, tx, scanSubscription, `SELECT id, device, created_at, last_sent_at FROM push_subscriptions WHERE user_id = $1 ORDER BY id`, actor.User)
		return err
	})
	return list, err
}

func scanSubscription(row db.Scanner) (one Subscription, err error) {
	var created int64
	var sent sql.NullInt64
	err = row.Scan(&one.ID, &one.Device, &created, &sent)
	one.CreatedAt, one.LastSentAt = db.FromMillis(created), db.TimeOf(sent)
	return one, err
}

// Subscribe lets a device have the actor's pushes, as long as the session lasts in which it
// asks. An endpoint is one browser: that of somebody else moves to who is signed in there
// now, and the same again is the same subscription.
func (s *Service) Subscribe(ctx context.Context, actor care.Actor, d push.Subscription, name string) (one Subscription, existed bool, err error) {
	if s.cfg.Push == nil {
		return one, false, care.Fail(care.Unavailable, care.CodeUnavailable, "Push notifications are not set up here.")
	}
	name = strings.Join(strings.Fields(name), " ")
	if utf8.RuneCountInString(name) > maxDevice || strings.ContainsFunc(name, unicode.IsControl) {
		return one, false, care.BadField("device", "too_long", "Has at most 100 characters.")
	}
	if len(d.Endpoint) > maxEndpoint {
		return one, false, care.BadField("endpoint", "too_long", "Has at most 1,000 characters.")
	}
	if err := s.cfg.Push.Check(d); err != nil {
		return one, false, err
	}
	now := s.clock()
	hash := sha256.Sum256([]byte(d.Endpoint))
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		before, found, err := db.One(ctx, tx, scanID[care.UserID], `SELECT user_id FROM push_subscriptions WHERE endpoint_hash = $1`, hash[:])
		if err != nil {
			return err
		}
		if existed = found && before == actor.User; found && !existed {
			// A new id: what still waits for the one before must not go to this one.
			if _, err := tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE endpoint_hash = $1`, hash[:]); err != nil {
				return err
			}
		}
		one, _, err = db.One(ctx, tx, scanSubscription, `
			INSERT INTO push_subscriptions (id, org_id, user_id, session_id, endpoint, endpoint_hash, p256dh, auth, device, created_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
			ON CONFLICT (endpoint_hash) DO UPDATE SET session_id = excluded.session_id, p256dh = excluded.p256dh, auth = excluded.auth, device = excluded.device
			WHERE push_subscriptions.user_id = excluded.user_id
			RETURNING id, device, created_at, last_sent_at`,
			care.NewID[care.SubscriptionID](now), actor.Org, actor.User, actor.Session, d.Endpoint, hash[:], d.P256dh, d.Auth, name, db.Millis(now))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE user_id = $1 AND id NOT IN (
			SELECT id FROM push_subscriptions WHERE user_id = $1 ORDER BY id DESC LIMIT CAST($2 AS BIGINT))`, actor.User, maxDevices)
		return err
	})
	return one, existed, err
}

// Unsubscribed takes one of the actor's devices out; not_found where it is none of theirs.
func (s *Service) Unsubscribed(ctx context.Context, actor care.Actor, id care.SubscriptionID) error {
	return s.forget(ctx, `id = $1 AND user_id = $2`, id, actor.User)
}

// UnsubscribedAt is that by the endpoint, for a browser that knows no id.
func (s *Service) UnsubscribedAt(ctx context.Context, actor care.Actor, endpoint string) error {
	hash := sha256.Sum256([]byte(endpoint))
	return s.forget(ctx, `endpoint_hash = $1 AND user_id = $2`, hash[:], actor.User)
}

func (s *Service) forget(ctx context.Context, where string, values ...any) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE `+where, values...)
		if err == nil && n == 0 {
			return care.Missing("device")
		}
		return err
	})
}

// SessionsEnded takes the devices of sessions out that somebody ended, within the
// transaction that ends them.
func SessionsEnded(ctx context.Context, tx *db.Tx, sessions []care.SessionID) error {
	if len(sessions) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE session_id IN (`+tx.In(1, len(sessions))+`)`, args(sessions)...)
	return err
}

// devicesOf finds the devices of candidates.
func (s *Service) devicesOf(ctx context.Context, tx *db.Tx, list []*candidate) (map[care.UserID][]care.SubscriptionID, error) {
	if s.cfg.Push == nil {
		return nil, nil
	}
	ids := make([]care.UserID, len(list))
	for i, c := range list {
		ids[i] = c.user
	}
	devices := map[care.UserID][]care.SubscriptionID{}
	_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) {
		var user care.UserID
		var id care.SubscriptionID
		err := row.Scan(&user, &id)
		devices[user] = append(devices[user], id)
		return struct{}{}, err
	}, `SELECT user_id, id FROM push_subscriptions WHERE user_id IN (`+tx.In(1, len(ids))+`) ORDER BY id`, args(ids)...)
	return devices, err
}

// TestPush sends a push to each of the actor's devices at once and tells how many took it.
// One that its push service knows no more is taken out.
func (s *Service) TestPush(ctx context.Context, actor care.Actor) (devices, took int, err error) {
	if s.cfg.Push == nil {
		return 0, 0, care.Fail(care.Unavailable, care.CodeUnavailable, "Push notifications are not set up here.")
	}
	claims, err := s.testClaims(ctx, actor)
	if err != nil {
		return 0, 0, err
	}
	var all sync.WaitGroup
	for _, c := range claims {
		all.Go(func() { c.outcome = s.testOne(ctx, c) })
	}
	all.Wait()
	for _, c := range claims {
		if c.outcome.state == Sent {
			took++
		}
	}
	return len(claims), took, s.db.Write(ctx, func(tx *db.Tx) error { return s.settleDevices(ctx, tx, claims, s.clock()) })
}

func (s *Service) testOne(ctx context.Context, c *claim) outcome {
	payload, _ := json.Marshal(pushPayload{Text: pushText}) // a constant
	ctx, cancel := context.WithTimeout(ctx, pushTimeout)
	defer cancel()
	switch err := s.cfg.Push.Send(ctx, c.device, payload, push.Options{TTL: time.Hour, Topic: "test"}); {
	case err == nil:
		return outcome{state: Sent}
	case errors.Is(err, push.Gone):
		return outcome{state: Failed, why: WhyGone}
	}
	return outcome{state: Failed}
}

func (s *Service) testClaims(ctx context.Context, actor care.Actor) (claims []*claim, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		claims, err = db.Many(ctx, tx, func(row db.Scanner) (*claim, error) {
			c := &claim{channel: "push"}
			return c, row.Scan(&c.subscription, &c.device.Endpoint, &c.device.P256dh, &c.device.Auth)
		}, `SELECT id, endpoint, p256dh, auth FROM push_subscriptions WHERE user_id = $1 ORDER BY id`, actor.User)
		return err
	})
	return claims, err
}
