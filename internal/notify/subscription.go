package notify

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"strings"
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
	maxDevice   = 60 // characters of its name
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
		list, err = db.Many(ctx, tx, scanSubscription, `SELECT `+subscriptionColumns+` FROM push_subscriptions WHERE user_id = $1 ORDER BY id`, actor.User)
		return err
	})
	return list, err
}

const subscriptionColumns = `id, device, created_at, last_sent_at`

func scanSubscription(row db.Scanner) (one Subscription, err error) {
	var created int64
	var sent sql.NullInt64
	err = row.Scan(&one.ID, &one.Device, &created, &sent)
	one.CreatedAt, one.LastSentAt = db.FromMillis(created), db.TimeOf(sent)
	return one, err
}

// NewDevice is a device that somebody wants pushes on.
type NewDevice struct {
	push.Subscription
	// Name is what it is called until its person renames it; a number is added where another
	// device of theirs has it.
	Name string
	// Replaces is the endpoint that the same browser had until now, where the browser changed
	// it by itself. It must be one of the actor's.
	Replaces string
}

func (n *NewDevice) check() (err error) {
	if n.Name, err = deviceName(n.Name); err != nil {
		return err
	}
	if len(n.Endpoint) > maxEndpoint {
		return care.BadField("endpoint", "too_long", "Has at most 1,000 characters.")
	}
	return nil
}

// deviceName cleans what a person calls a device; it may be empty.
func deviceName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case utf8.RuneCountInString(name) > maxDevice:
		return "", care.BadField("device", "too_long", "Has at most 60 characters.")
	case strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "", care.BadField("device", "invalid", "Has only letters, digits, signs and spaces.")
	}
	return name, nil
}

// Subscribe lets a device have the actor's pushes until they sign out in the session in which
// it asks. An endpoint is one browser: that of somebody else moves to who is signed in there
// now, and the same again is the same subscription, under the name that it has.
func (s *Service) Subscribe(ctx context.Context, actor care.Actor, n NewDevice) (one Subscription, existed bool, err error) {
	if s.cfg.Push == nil {
		return one, false, notSetUp()
	}
	if err := n.check(); err != nil {
		return one, false, err
	}
	if err := s.cfg.Push.Check(n.Subscription); err != nil {
		return one, false, err
	}
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		if one, existed, err = s.moved(ctx, tx, actor, n); err != nil || existed {
			return err
		}
		return s.subscribe(ctx, tx, actor, n, &one)
	})
	return one, existed, err
}

// moved makes the endpoint that of a device which the actor has already: with this endpoint,
// or with the one that it replaces. What is somebody else's at this endpoint goes: what still
// waits for them must not come here.
func (s *Service) moved(ctx context.Context, tx *db.Tx, actor care.Actor, n NewDevice) (one Subscription, existed bool, err error) {
	before := hashOf(cmp.Or(n.Replaces, n.Endpoint))
	one, existed, err = db.One(ctx, tx, scanSubscription, `SELECT `+subscriptionColumns+` FROM push_subscriptions WHERE endpoint_hash = $1 AND user_id = $2`, before, actor.User)
	if err == nil && !existed && n.Replaces != "" {
		err = care.Missing("device")
	}
	if err != nil {
		return one, false, err
	}
	where, values := `endpoint_hash = $1`, []any{hashOf(n.Endpoint)}
	if existed {
		where, values = where+` AND id <> $2`, append(values, one.ID)
	}
	if _, err = tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE `+where, values...); err != nil || !existed {
		return one, false, err
	}
	rows, err := tx.Exec(ctx, `UPDATE push_subscriptions SET session_id = $3, endpoint = $4, endpoint_hash = $5, p256dh = $6, auth = $7
		WHERE id = $1 AND user_id = $2`, one.ID, actor.User, actor.Session, n.Endpoint, hashOf(n.Endpoint), n.P256dh, n.Auth)
	return one, rows == 1, err // else somebody took it meanwhile, and it is subscribed anew
}

// subscribe stores a device that is new, and lets the oldest go where there are too many.
// Of two people who ask for the same endpoint at the same moment the later has it.
func (s *Service) subscribe(ctx context.Context, tx *db.Tx, actor care.Actor, n NewDevice, one *Subscription) error {
	taken, err := devicesNamed(ctx, tx, actor.User)
	if err != nil {
		return err
	}
	now := s.clock()
	*one = Subscription{ID: care.NewID[care.SubscriptionID](now), Device: unlike(cmp.Or(n.Name, "Device"), taken), CreatedAt: now}
	_, err = tx.Exec(ctx, `
		INSERT INTO push_subscriptions (id, org_id, user_id, session_id, endpoint, endpoint_hash, p256dh, auth, device, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (endpoint_hash) DO UPDATE SET id = excluded.id, org_id = excluded.org_id, user_id = excluded.user_id, session_id = excluded.session_id,
			p256dh = excluded.p256dh, auth = excluded.auth, device = excluded.device, created_at = excluded.created_at, last_sent_at = NULL`,
		one.ID, actor.Org, actor.User, actor.Session, n.Endpoint, hashOf(n.Endpoint), n.P256dh, n.Auth, one.Device, db.Millis(now))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM push_subscriptions WHERE user_id = $1 AND id NOT IN (
		SELECT id FROM push_subscriptions WHERE user_id = $1 ORDER BY id DESC LIMIT CAST($2 AS BIGINT))`, actor.User, maxDevices)
	return err
}

func hashOf(endpoint string) []byte {
	hash := sha256.Sum256([]byte(endpoint))
	return hash[:]
}

func notSetUp() error {
	return care.Fail(care.Unavailable, care.CodeUnavailable, "Push notifications are not set up here.")
}

// Unsubscribed takes one of the actor's devices out; not_found where it is none of theirs.
func (s *Service) Unsubscribed(ctx context.Context, actor care.Actor, id care.SubscriptionID) error {
	return s.forget(ctx, `id = $1 AND user_id = $2`, id, actor.User)
}

// UnsubscribedAt is that by the endpoint, for a browser that knows no id.
func (s *Service) UnsubscribedAt(ctx context.Context, actor care.Actor, endpoint string) error {
	return s.forget(ctx, `endpoint_hash = $1 AND user_id = $2`, hashOf(endpoint), actor.User)
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
