package notify

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/push"
)

// Here tells which of the actor's devices a browser is that has this endpoint, and ties it
// to the session that it is in now, so that it goes when they sign out there. Where it is
// none of theirs found is false, and the subscription of whoever used that browser before is
// taken out: their pushes must not come to the actor.
func (s *Service) Here(ctx context.Context, actor care.Actor, endpoint string) (one Subscription, found bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE endpoint_hash = $1 AND user_id <> $2`, hashOf(endpoint), actor.User); err != nil {
			return err
		}
		one, found, err = db.One(ctx, tx, scanSubscription, `UPDATE push_subscriptions SET session_id = $3
			WHERE endpoint_hash = $1 AND user_id = $2 RETURNING `+subscriptionColumns, hashOf(endpoint), actor.User, actor.Session)
		return err
	})
	return one, found, err
}

// Rename calls one of the actor's devices something else, 1 to 60 characters. Refusals:
// not_found where it is none of theirs, invalid where another device of theirs has the name.
func (s *Service) Rename(ctx context.Context, actor care.Actor, id care.SubscriptionID, name string) (one Subscription, err error) {
	if name, err = deviceName(name); err != nil {
		return one, err
	}
	if name == "" {
		return one, care.BadField("device", "required", "Give it a name.")
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		var found bool
		one, found, err = db.One(ctx, tx, scanSubscription, `UPDATE push_subscriptions SET device = $3
			WHERE id = $1 AND user_id = $2 RETURNING `+subscriptionColumns, id, actor.User, name)
		if err == nil && !found {
			err = care.Missing("device")
		}
		if err != nil {
			return err
		}
		taken, err := devicesNamed(ctx, tx, actor.User)
		if err == nil && len(slices.DeleteFunc(taken, func(other string) bool { return other != name })) > 1 {
			err = care.BadField("device", "taken", "Another of your devices has this name.")
		}
		return err
	})
	return one, err
}

func devicesNamed(ctx context.Context, tx *db.Tx, user care.UserID) ([]string, error) {
	return db.Many(ctx, tx, scanID[string], `SELECT device FROM push_subscriptions WHERE user_id = $1`, user)
}

// unlike gives the name, with a number where it is taken, within maxDevice characters.
func unlike(name string, taken []string) string {
	made := name
	for n := 2; slices.Contains(taken, made); n++ {
		number := " (" + strconv.Itoa(n) + ")"
		letters := []rune(name)
		made = string(letters[:min(len(letters), maxDevice-len(number))]) + number
	}
	return made
}

// TestPush sends a push to each of the actor's devices at once, or to the one with this id
// unless it is zero, and tells how many took it. One that its push service knows no more is
// taken out. Refusals: not_found where the device is none of theirs.
func (s *Service) TestPush(ctx context.Context, actor care.Actor, only care.SubscriptionID) (devices, took int, err error) {
	if s.cfg.Push == nil {
		return 0, 0, notSetUp()
	}
	claims, err := s.testClaims(ctx, actor, only)
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

func (s *Service) testClaims(ctx context.Context, actor care.Actor, only care.SubscriptionID) (claims []*claim, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		where, values := `user_id = $1`, []any{actor.User}
		if !only.IsZero() {
			where, values = where+` AND id = $2`, append(values, only)
		}
		claims, err = db.Many(ctx, tx, func(row db.Scanner) (*claim, error) {
			c := &claim{channel: "push"}
			return c, row.Scan(&c.subscription, &c.device.Endpoint, &c.device.P256dh, &c.device.Auth)
		}, `SELECT id, endpoint, p256dh, auth FROM push_subscriptions WHERE `+where+` ORDER BY id`, values...)
		if err == nil && len(claims) == 0 && !only.IsZero() {
			err = care.Missing("device")
		}
		return err
	})
	return claims, err
}
