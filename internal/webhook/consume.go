package webhook

import (
	"context"
	"slices"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// Name is how the outbox knows the service.
func (s *Service) Name() string { return "webhook" }

// Take writes a delivery for each webhook that wants an event. Where nobody wants one it
// costs one small read for all the events.
func (s *Service) Take(ctx context.Context, tx *db.Tx, events []*outbox.Event) (func(), error) {
	var mine []*outbox.Event
	for _, e := range events {
		if _, is := told(e.Kind); is {
			mine = append(mine, e)
		}
	}
	if len(mine) == 0 {
		return nil, nil
	}
	wishes, err := wishesOf(ctx, tx, mine)
	if err != nil {
		return nil, err
	}
	rows := deliveriesOf(mine, wishes)
	if len(rows) == 0 {
		return nil, nil
	}
	return s.Wake, insert(ctx, tx, rows)
}

// wish is what a webhook wants to be told.
type wish struct {
	id     care.WebhookID
	org    care.OrgID
	events []Event
}

func wishesOf(ctx context.Context, tx *db.Tx, events []*outbox.Event) ([]wish, error) {
	var orgs []any
	for _, e := range events {
		if !slices.Contains(orgs, any(e.Org)) {
			orgs = append(orgs, e.Org)
		}
	}
	return db.Many(ctx, tx, func(row db.Scanner) (w wish, err error) {
		var stored string
		err = row.Scan(&w.id, &w.org, &stored)
		w.events = split(stored)
		return w, err
	}, `SELECT id, org_id, events FROM webhooks WHERE active AND deleted_at IS NULL AND org_id IN (`+tx.In(1, len(orgs))+`)`, orgs...)
}

func deliveriesOf(events []*outbox.Event, wishes []wish) (rows []*Delivery) {
	for _, e := range events {
		for _, w := range wishes {
			if event, _ := told(e.Kind); w.org == e.Org && slices.Contains(w.events, event) {
				rows = append(rows, &Delivery{
					ID: care.DeliveryID(e.ID), Webhook: w.id, Event: event, At: e.At, State: Waiting, DueAt: e.At,
					subject: e.Subject, seq: e.Seq, began: e.At,
				})
			}
		}
	}
	return rows
}

// insert writes deliveries; one that is there already stays as it is.
func insert(ctx context.Context, tx *db.Tx, rows []*Delivery) error {
	const columns = 13
	for part := range slices.Chunk(rows, 64) {
		values := make([]any, 0, columns*len(part))
		for _, d := range part {
			values = append(values, d.Webhook, d.ID, string(d.Event), care.OutboxID(d.subject), d.seq, db.Millis(d.At), string(d.State),
				db.MillisOrNull(d.DueAt), db.Millis(d.began), d.Attempts, numberOrNull(d.Status), db.TextOrNull(d.Why), db.MillisOrNull(d.TriedAt))
		}
		_, err := tx.Exec(ctx, `INSERT INTO webhook_deliveries (webhook_id, id, kind, subject_id, seq, at, state, due_at, began_at, attempts, status, why, tried_at)
			VALUES `+db.Rows(1, len(part), columns)+` ON CONFLICT DO NOTHING`, values...)
		if err != nil {
			return err
		}
	}
	return nil
}

func numberOrNull(n int) any {
	if n == 0 {
		return nil
	}
	return n
}
