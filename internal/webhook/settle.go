package webhook

import (
	"cmp"
	"context"
	"slices"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// post is a delivery in the hands of a worker. lease and attempt are the fence: who does
// not find them in the row any more has lost it.
type post struct {
	*Delivery
	endpoint *Endpoint
	lease    int64
	attempt  int
}

// outcome is a post with how its call ended.
type outcome struct {
	*post
	verdict
}

// settle writes down how calls ended: of the webhooks first, which are locked in order, then
// of the deliveries, then what is on record.
func (s *Service) settle(ctx context.Context, tx *db.Tx, now time.Time, done []outcome) error {
	if len(done) == 0 {
		return nil
	}
	byEndpoint := map[care.WebhookID][]verdict{}
	for _, o := range done {
		if !o.given {
			byEndpoint[o.Webhook] = append(byEndpoint[o.Webhook], o.verdict)
		}
	}
	type act struct {
		org     care.OrgID
		entries []audit.Entry
	}
	var acts []act
	for _, id := range sortedIDs(byEndpoint) {
		e, found, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM webhooks WHERE id = $1 AND deleted_at IS NULL`+tx.ForUpdate(), id)
		if err != nil {
			return err
		}
		if !found {
			continue
		}
		entries, err := e.took(ctx, tx, now, byEndpoint[id])
		if err != nil {
			return err
		}
		acts = append(acts, act{e.org, entries})
	}
	if err := settleRows(ctx, tx, now, done); err != nil {
		return err
	}
	slices.SortFunc(acts, func(a, b act) int { return slices.Compare(a.org[:], b.org[:]) })
	for _, a := range acts {
		if err := audit.Append(ctx, tx, a.org, care.System, now, a.entries...); err != nil {
			return err
		}
	}
	return nil
}

func sortedIDs[V any](m map[care.WebhookID]V) []care.WebhookID {
	ids := make([]care.WebhookID, 0, len(m))
	for id := range m {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b care.WebhookID) int { return slices.Compare(a[:], b[:]) })
	return ids
}

// took stores what calls mean for their webhook, which is held, and gives what the program
// did about it. One success is enough to be well again.
func (e *Endpoint) took(ctx context.Context, tx *db.Tx, now time.Time, calls []verdict) (acts []audit.Entry, err error) {
	well, gone, wait := false, false, time.Duration(0)
	for _, v := range calls {
		well, gone, wait = well || v.ok, gone || v.gone(), max(wait, v.retryAfter)
	}
	before := e.LastAt
	e.LastState, e.LastAt = Failed, now
	if well {
		e.LastState = Delivered
		e.recovered()
	} else {
		acts = e.failed(now, before, len(calls))
	}
	if wait = max(wait, rest(e.failures)); wait > 0 {
		e.restUntil = now.Add(wait)
	}
	if gone && e.Active {
		acts = append(acts, e.switchOff(WhyGone))
	}
	return acts, e.save(ctx, tx)
}

// failed counts failures. Days on which nothing was called are no days of failures.
func (e *Endpoint) failed(now, before time.Time, n int) (acts []audit.Entry) {
	if e.failing.IsZero() || now.Sub(before) > warnAfter {
		e.failing = now
	}
	e.failures += n
	switch since := now.Sub(e.failing); {
	case since >= switchOffAfter && e.Active:
		return append(acts, e.switchOff(WhyFailing))
	case since >= warnAfter && e.warned.IsZero():
		e.warned = now
		return append(acts, audit.Act("webhook.failing", audit.About("webhook", e.ID), map[string]any{"since": e.failing.UTC().Format(time.RFC3339)}))
	}
	return nil
}

func (e *Endpoint) switchOff(why string) audit.Entry {
	e.Active, e.DisabledWhy = false, why
	e.Version++
	return audit.Act("webhook.disabled", audit.About("webhook", e.ID), map[string]any{"why": why})
}

// settleRows writes the deliveries whose lease still holds.
func settleRows(ctx context.Context, tx *db.Tx, now time.Time, done []outcome) error {
	slices.SortFunc(done, func(a, b outcome) int {
		return cmp.Or(slices.Compare(a.Webhook[:], b.Webhook[:]), slices.Compare(a.ID[:], b.ID[:]))
	})
	for part := range slices.Chunk(done, 64) {
		values := make([]any, 0, 10*len(part))
		for _, o := range part {
			values = append(values, o.Webhook, o.ID, o.lease, o.attempt)
			values = append(values, o.row(now)...)
		}
		_, err := tx.Exec(ctx, `UPDATE webhook_deliveries SET state = v.column5, due_at = v.column6, attempts = v.column7,
				status = v.column8, why = v.column9, tried_at = v.column10
			FROM (VALUES `+tx.Values(len(part), "id", "id", "int", "int", "text", "int", "int", "int", "text", "int")+`) AS v
			WHERE webhook_id = v.column1 AND id = v.column2 AND due_at = v.column3 AND attempts = v.column4`, values...)
		if err != nil {
			return err
		}
	}
	return nil
}

// row gives what becomes of a delivery: state, due_at, attempts, status, why, tried_at.
func (o outcome) row(now time.Time) []any {
	if o.given {
		return []any{string(Waiting), db.Millis(now), o.attempt - 1, numberOrNull(o.Status), db.TextOrNull(o.Why), db.MillisOrNull(o.TriedAt)}
	}
	state, due := Delivered, any(nil)
	if !o.ok {
		state = Failed
		if at, again := next(o.verdict, o.attempt, o.began, now); again {
			state, due = Waiting, db.Millis(at)
		}
	}
	return []any{string(state), due, o.attempt, numberOrNull(o.status), db.TextOrNull(o.why), db.Millis(now)}
}
