package webhook

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Delivery is one event for one webhook. ID is the webhook-id of its calls.
type Delivery struct {
	ID       care.DeliveryID
	Webhook  care.WebhookID
	Event    Event
	Data     Data
	At       time.Time // when it happened
	State    State
	DueAt    time.Time // when it is sent (again); zero when that is settled
	Attempts int       // since it was made or sent again by hand
	Status   int       // of the last answer; 0 without one
	Why      string    // why the last call was no success
	TriedAt  time.Time // when the last call ended

	subject [16]byte
	seq     int64
	began   time.Time
}

const deliveryColumns = `webhook_id, id, kind, subject_id, seq, at, state, due_at, began_at, attempts, status, why, tried_at`

func scanDelivery(row db.Scanner) (*Delivery, error) {
	var d Delivery
	var subject care.OutboxID
	var at, began int64
	var due, status, tried sql.NullInt64
	var why sql.NullString
	err := row.Scan(&d.Webhook, &d.ID, &d.Event, &subject, &d.seq, &at, &d.State, &due, &began, &d.Attempts, &status, &why, &tried)
	d.subject, d.At, d.DueAt, d.began = [16]byte(subject), db.FromMillis(at), db.TimeOf(due), db.FromMillis(began)
	d.Status, d.Why, d.TriedAt = int(status.Int64), why.String, db.TimeOf(tried)
	d.Data = dataOf(d.Event, d.subject, d.seq)
	return &d, err
}

// Filter says which deliveries are asked for. Before is the id of the last one of the page
// before; State "" is all of them.
type Filter struct {
	State  State
	Before care.DeliveryID
	Limit  int
}

// stateIs are the conditions of the states, as texts that the indexes know.
var stateIs = map[State]string{
	"": "", Waiting: ` AND due_at IS NOT NULL`, Failed: ` AND state = 'failed'`, Delivered: ` AND state = 'delivered'`,
}

// Deliveries gives what was and is to be sent to a webhook, newest first, as far back as it
// is kept; more tells whether there are older ones. What is being sent counts as waiting.
func (s *Service) Deliveries(ctx context.Context, actor care.Actor, id care.WebhookID, f Filter) (list []*Delivery, more bool, err error) {
	where, known := stateIs[f.State]
	if !known {
		return nil, false, care.BadField("state", "unknown", "Must be waiting, delivered or failed.")
	}
	args := []any{id, f.Limit + 1}
	if !f.Before.IsZero() {
		where, args = where+` AND id < $3`, append(args, f.Before)
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if _, err := s.load(ctx, tx, actor, id, ""); err != nil {
			return err
		}
		list, err = db.Many(ctx, tx, scanDelivery, `SELECT `+deliveryColumns+` FROM webhook_deliveries
			WHERE webhook_id = $1`+where+` ORDER BY id DESC LIMIT $2`, args...)
		return err
	})
	if err == nil && len(list) > f.Limit {
		list, more = list[:f.Limit], true
	}
	return list, more, err
}

// Replay sends a delivery again, with the same id, as if it had just been made; one that is
// being sent at this moment stays as it is. A webhook that rests is woken. Where the webhook
// is off that is refused as invalid.
func (s *Service) Replay(ctx context.Context, actor care.Actor, webhook care.WebhookID, id care.DeliveryID) (d *Delivery, err error) {
	err = s.write(ctx, func(tx *db.Tx) error {
		e, err := s.hold(ctx, tx, actor, webhook)
		if err != nil {
			return err
		}
		if !e.Active {
			return care.Fail(care.Invalid, care.CodeInvalid, "This webhook is switched off. Switch it on first.")
		}
		if d, err = holdDelivery(ctx, tx, webhook, id); err != nil {
			return err
		}
		now := s.clock()
		if d.State == Sending && d.DueAt.After(now) {
			return nil
		}
		return s.replay(ctx, tx, actor, e, d, now)
	})
	return d, err
}

func holdDelivery(ctx context.Context, tx *db.Tx, webhook care.WebhookID, id care.DeliveryID) (*Delivery, error) {
	d, found, err := db.One(ctx, tx, scanDelivery, `SELECT `+deliveryColumns+` FROM webhook_deliveries WHERE webhook_id = $1 AND id = $2`+tx.ForUpdate(), webhook, id)
	if err == nil && !found {
		err = care.Missing("delivery")
	}
	return d, err
}

func (s *Service) replay(ctx context.Context, tx *db.Tx, actor care.Actor, e *Endpoint, d *Delivery, now time.Time) error {
	d.State, d.DueAt, d.began, d.Attempts = Waiting, now.UTC().Truncate(time.Millisecond), now, 0
	_, err := tx.Exec(ctx, `UPDATE webhook_deliveries SET state = 'waiting', due_at = $3, began_at = $4, attempts = 0 WHERE webhook_id = $1 AND id = $2`,
		e.ID, d.ID, db.Millis(now), db.Millis(now))
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE webhooks SET rest_until = 0 WHERE id = $1`, e.ID); err != nil {
		return err
	}
	return s.record(ctx, tx, actor.Person(), e, "webhook.replayed", map[string]any{"delivery": d.ID.String()})
}

// Test calls a webhook now, whether or not it is on, with an event of its own, and tells how
// it was answered. It is not tried again. It takes as long as the other side does, at most
// [outward.Timeout].
func (s *Service) Test(ctx context.Context, actor care.Actor, id care.WebhookID) (*Delivery, error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return nil, refusal
	}
	var e *Endpoint
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		e, err = s.load(ctx, tx, actor, id, "")
		return err
	})
	if err != nil {
		return nil, err
	}
	now := s.clock()
	d := &Delivery{
		ID: care.NewID[care.DeliveryID](now), Webhook: id, Event: EventTest, Data: Data{Webhook: id}, At: now.UTC().Truncate(time.Millisecond),
		State: Failed, Attempts: 1, subject: id, began: now,
	}
	// It goes on, and is kept, whether or not the caller waits for the answer.
	ctx = context.WithoutCancel(ctx)
	v, err := s.call(ctx, e, d)
	if err != nil {
		return nil, err
	}
	d.TriedAt = s.clock().UTC().Truncate(time.Millisecond)
	if d.Status, d.Why = v.status, v.why; v.ok {
		d.State = Delivered
	}
	return d, s.keepTest(ctx, actor, d, v)
}

func (s *Service) keepTest(ctx context.Context, actor care.Actor, d *Delivery, v verdict) error {
	return s.write(ctx, func(tx *db.Tx) error {
		e, err := s.hold(ctx, tx, actor, d.Webhook)
		if err != nil {
			return err
		}
		acts, err := e.took(ctx, tx, s.clock(), []verdict{v})
		if err != nil {
			return err
		}
		if err := insert(ctx, tx, []*Delivery{d}); err != nil {
			return err
		}
		details := map[string]any{"state": string(d.State), "status": d.Status}
		if err := s.record(ctx, tx, actor.Person(), e, "webhook.tested", details); err != nil {
			return err
		}
		return audit.Append(ctx, tx, e.org, care.System, s.clock(), acts...)
	})
}
