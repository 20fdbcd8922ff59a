package webhook

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outward"
)

// Bounds of what can be entered. The length of an address is bounded by package outward.
const (
	MaxEndpoints   = 20  // of an organization
	MaxDescription = 200 // characters
)

// Why the program switched a webhook off.
const (
	WhyGone    = "gone"    // it answered 410
	WhyFailing = "failing" // nothing but failures for five days
)

// Endpoint is a webhook: an address, and what it is told.
type Endpoint struct {
	ID          care.WebhookID
	URL         string
	Description string
	Events      []Event
	Active      bool
	DisabledWhy string // why the program switched it off; "" otherwise
	Version     int64
	CreatedAt   time.Time
	LastState   State // of the last call: Delivered, Failed, or "" before the first
	LastAt      time.Time
	// FailingSince is when the failures of a whole day or longer began; zero otherwise.
	FailingSince time.Time
	// OldSecretUntil is until when the secret before signs too; zero when none does.
	OldSecretUntil time.Time

	org       care.OrgID
	secret    Secret
	old       Secret
	failures  int
	failing   time.Time
	warned    time.Time
	restUntil time.Time
}

// NewEndpoint is a webhook to make.
type NewEndpoint struct {
	URL         string
	Description string
	Events      []Event
}

// Change names what is to change; nil leaves it. Version is the one that was seen.
type Change struct {
	Version     int64
	URL         *string
	Description *string
	Events      []Event
	Active      *bool
}

const columns = `id, org_id, url, description, events, active, disabled_why, version, created_at, secret, old_secret, old_until,
	failures, failing_since, warned_at, rest_until, last_state, last_at`

func scan(row db.Scanner) (*Endpoint, error) {
	var e Endpoint
	var events string
	var why, last sql.NullString
	var created, rest int64
	var oldUntil, failing, warned, lastAt sql.NullInt64
	err := row.Scan(&e.ID, &e.org, &e.URL, &e.Description, &events, &e.Active, &why, &e.Version, &created, (*[]byte)(&e.secret),
		(*[]byte)(&e.old), &oldUntil, &e.failures, &failing, &warned, &rest, &last, &lastAt)
	e.Events, e.DisabledWhy, e.CreatedAt, e.OldSecretUntil = split(events), why.String, db.FromMillis(created), db.TimeOf(oldUntil)
	e.LastState, e.LastAt, e.failing, e.warned, e.restUntil = State(last.String), db.TimeOf(lastAt), db.TimeOf(failing), db.TimeOf(warned), db.FromMillis(rest)
	if !e.warned.IsZero() {
		e.FailingSince = e.failing
	}
	return &e, err
}

// seenAt leaves away what is over at the moment.
func (e *Endpoint) seenAt(now time.Time) *Endpoint {
	if !e.OldSecretUntil.After(now) {
		e.OldSecretUntil = time.Time{}
	}
	return e
}

// secrets are those that sign at the moment, the newest first.
func (e *Endpoint) secrets(now time.Time) []Secret {
	if len(e.old) > 0 && e.OldSecretUntil.After(now) {
		return []Secret{e.secret, e.old}
	}
	return []Secret{e.secret}
}

// List gives the organization's webhooks in the order of their making, at most
// [MaxEndpoints].
func (s *Service) List(ctx context.Context, actor care.Actor) (list []*Endpoint, err error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return nil, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		list, err = db.Many(ctx, tx, scan, `SELECT `+columns+` FROM webhooks WHERE org_id = $1 AND deleted_at IS NULL ORDER BY created_at, id`, actor.Org)
		return err
	})
	for _, e := range list {
		e.seenAt(s.clock())
	}
	return list, err
}

// Create makes a webhook, which is switched on, and gives its secret, which is not shown
// again.
func (s *Service) Create(ctx context.Context, actor care.Actor, n NewEndpoint) (*Endpoint, Secret, error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return nil, nil, refusal
	}
	now := s.clock()
	e := &Endpoint{
		ID: care.NewID[care.WebhookID](now), URL: n.URL, Description: n.Description, Events: n.Events, Active: true, Version: 1,
		CreatedAt: now.UTC().Truncate(time.Millisecond), org: actor.Org, secret: newSecret(),
	}
	if err := s.check(e); err != nil {
		return nil, nil, err
	}
	err := s.write(ctx, func(tx *db.Tx) error {
		if err := roomForOne(ctx, tx, actor.Org); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `INSERT INTO webhooks (id, org_id, url, description, events, active, version, created_at, secret, failures, rest_until)
			VALUES ($1, $2, $3, $4, $5, TRUE, 1, $6, $7, 0, 0)`, e.ID, e.org, e.URL, e.Description, joined(e.Events, " "), db.Millis(now), []byte(e.secret))
		if err != nil {
			return err
		}
		return s.record(ctx, tx, actor.Person(), e, "webhook.created", map[string]any{"events": joined(e.Events, " ")})
	})
	return e, e.secret, err
}

// roomForOne holds the organization's webhooks, so that two made at once count each other.
func roomForOne(ctx context.Context, tx *db.Tx, org care.OrgID) error {
	const all = `SELECT id FROM webhooks WHERE org_id = $1 AND deleted_at IS NULL`
	scanID := func(row db.Scanner) (id care.WebhookID, err error) { return id, row.Scan(&id) }
	if _, err := db.Many(ctx, tx, scanID, all+` ORDER BY id`+tx.ForUpdate(), org); err != nil {
		return err
	}
	there, err := db.Many(ctx, tx, scanID, all, org)
	if err == nil && len(there) >= MaxEndpoints {
		return care.Fail(care.Invalid, care.CodeInvalid, "There are 20 webhooks already, and there can be no more. Delete one first.")
	}
	return err
}

// check brings what was entered into its form.
func (s *Service) check(e *Endpoint) (err error) {
	e.URL, e.Description = strings.TrimSpace(e.URL), strings.TrimSpace(e.Description)
	var reason outward.Reason
	if err := s.out.Check(e.URL); errors.As(err, &reason) {
		return care.BadField("url", "address", string(reason))
	} else if err != nil {
		return err
	}
	if err := care.CheckText("url", e.URL, 1, outward.MaxAddress); err != nil {
		return err
	}
	if err := care.CheckText("description", e.Description, 0, MaxDescription); err != nil {
		return err
	}
	if strings.ContainsFunc(e.Description, unicode.IsControl) {
		return care.BadField("description", "characters", "Must be one line without control characters.")
	}
	events, refusal := checkEvents(e.Events)
	if refusal != nil {
		return refusal
	}
	e.Events = events
	return nil
}

// Edit changes a webhook. With another version than the one that is, it fails as
// version_conflict with the webhook as Current. Switched on again it begins anew: what
// waits is sent.
func (s *Service) Edit(ctx context.Context, actor care.Actor, id care.WebhookID, c Change) (e *Endpoint, err error) {
	err = s.write(ctx, func(tx *db.Tx) error {
		if e, err = s.hold(ctx, tx, actor, id); err != nil {
			return err
		}
		if c.Version != e.Version {
			failure := care.Fail(care.Conflict, care.CodeVersionConflict, "This was changed meanwhile. Look at it before you save.")
			failure.Current = e
			return failure
		}
		changed, err := s.apply(e, c)
		if err != nil || len(changed) == 0 {
			return err
		}
		if err := e.save(ctx, tx); err != nil {
			return err
		}
		return s.record(ctx, tx, actor.Person(), e, "webhook.changed", map[string]any{
			"fields": changed, "active": e.Active, "events": joined(e.Events, " "),
		})
	})
	return e, err
}

// apply changes a webhook in memory and names the fields.
func (s *Service) apply(e *Endpoint, c Change) (changed []string, err error) {
	before := *e
	e.URL, e.Description = *cmp.Or(c.URL, &e.URL), *cmp.Or(c.Description, &e.Description)
	e.Active = *cmp.Or(c.Active, &e.Active)
	if c.Events != nil {
		e.Events = c.Events
	}
	if err := s.check(e); err != nil {
		return nil, err
	}
	for field, differs := range map[string]bool{
		"url": e.URL != before.URL, "description": e.Description != before.Description,
		"events": joined(e.Events, " ") != joined(before.Events, " "), "active": e.Active != before.Active,
	} {
		if differs {
			changed = append(changed, field)
		}
	}
	slices.Sort(changed)
	if e.URL != before.URL || e.Active != before.Active {
		e.recovered()
	}
	if e.Active != before.Active {
		e.DisabledWhy = ""
	}
	e.Version += int64(min(1, len(changed)))
	return changed, nil
}

// recovered forgets the failures.
func (e *Endpoint) recovered() {
	e.failures, e.failing, e.warned, e.restUntil, e.FailingSince = 0, time.Time{}, time.Time{}, time.Time{}, time.Time{}
}

// save stores all that can change but the secrets.
func (e *Endpoint) save(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE webhooks SET url = $2, description = $3, events = $4, active = $5, disabled_why = $6, version = $7,
			failures = $8, failing_since = $9, warned_at = $10, rest_until = $11, last_state = $12, last_at = $13 WHERE id = $1`,
		e.ID, e.URL, e.Description, joined(e.Events, " "), e.Active, db.TextOrNull(e.DisabledWhy), e.Version,
		e.failures, db.MillisOrNull(e.failing), db.MillisOrNull(e.warned), max(0, db.Millis(e.restUntil)), db.TextOrNull(string(e.LastState)), db.MillisOrNull(e.LastAt))
	return err
}

// Rotate gives a webhook a new secret, which is not shown again. For [OldSecretFor] the one
// before signs too.
func (s *Service) Rotate(ctx context.Context, actor care.Actor, id care.WebhookID) (e *Endpoint, secret Secret, err error) {
	err = s.write(ctx, func(tx *db.Tx) error {
		if e, err = s.hold(ctx, tx, actor, id); err != nil {
			return err
		}
		e.old, e.secret, e.OldSecretUntil = e.secret, newSecret(), s.clock().Add(OldSecretFor).UTC().Truncate(time.Millisecond)
		secret = e.secret
		_, err := tx.Exec(ctx, `UPDATE webhooks SET secret = $2, old_secret = $3, old_until = $4 WHERE id = $1`,
			e.ID, []byte(e.secret), []byte(e.old), db.Millis(e.OldSecretUntil))
		if err != nil {
			return err
		}
		return s.record(ctx, tx, actor.Person(), e, "webhook.secret_changed", nil)
	})
	return e, secret, err
}

// Delete takes a webhook away. Nothing is sent to it any more; what is being sent at this
// moment may still arrive.
func (s *Service) Delete(ctx context.Context, actor care.Actor, id care.WebhookID) error {
	return s.write(ctx, func(tx *db.Tx) error {
		e, err := s.hold(ctx, tx, actor, id)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE webhooks SET active = FALSE, deleted_at = $2, url = '', description = '', secret = $3, old_secret = NULL WHERE id = $1`,
			id, db.Millis(s.clock()), []byte{})
		if err != nil {
			return err
		}
		return s.record(ctx, tx, actor.Person(), e, "webhook.deleted", nil)
	})
}

// hold gives a webhook to somebody who may change it, and keeps it as it is.
func (s *Service) hold(ctx context.Context, tx *db.Tx, actor care.Actor, id care.WebhookID) (*Endpoint, error) {
	return s.load(ctx, tx, actor, id, tx.ForUpdate())
}

func (s *Service) load(ctx context.Context, tx *db.Tx, actor care.Actor, id care.WebhookID, lock string) (*Endpoint, error) {
	if refusal := access.ManageSettings(actor); refusal != nil {
		return nil, refusal
	}
	e, found, err := db.One(ctx, tx, scan, `SELECT `+columns+` FROM webhooks WHERE id = $1 AND org_id = $2 AND deleted_at IS NULL`+lock, id, actor.Org)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, care.Missing("webhook")
	}
	return e.seenAt(s.clock()), nil
}

func (s *Service) record(ctx context.Context, tx *db.Tx, who care.Person, e *Endpoint, action string, details map[string]any) error {
	return audit.Append(ctx, tx, e.org, who, s.clock(), audit.Act(action, audit.About("webhook", e.ID), details))
}
