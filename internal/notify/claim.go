package notify

import (
	"bytes"
	"context"
	"database/sql"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/preference"
	"hearth/internal/push"
)

// lease is after how long another node takes what one has claimed and not settled. Sending a
// batch takes less: see pushTimeout and mailTimeout.
const lease = 5 * time.Minute

// claim is a delivery that this node is about to send, with the facts of now.
type claim struct {
	id      care.DeliveryID
	attempt int
	held    int64 // until when, as it is stored: whoever settles must still hold it

	seat
	channel  preference.Channel
	kind     preference.Kind
	mention  bool
	reminder bool
	seq      int64
	at       time.Time

	notice       care.NoticeID
	noticeSeq    int64
	closed       int64
	inbox        bool // staff with the permission organization inbox
	answered     bool
	subscription care.SubscriptionID
	device       push.Subscription
	stopped      bool   // mails to their address are not tried any more
	returned     string // what a report says of the mail in which it went out before

	outcome outcome
}

// outcome is what becomes of a claim.
type outcome struct {
	state State
	why   Why
	due   time.Time // of Waiting
	tried bool      // it was handed over, and that counts as an attempt
}

// take claims due deliveries of a channel, each with its attempt counted.
func (s *Service) take(ctx context.Context, tx *db.Tx, where string, values ...any) ([]*claim, error) {
	until := db.Millis(s.clock().Add(lease))
	return db.Many(ctx, tx, func(row db.Scanner) (*claim, error) {
		c := &claim{held: until}
		return c, row.Scan(&c.id, &c.attempt, &c.user)
	}, `UPDATE deliveries SET attempt = attempt + 1, due_at = $1 WHERE `+where+` RETURNING id, attempt, user_id`, append([]any{until}, values...)...)
}

// load reads what decides about claims now. One whose conversation or person is gone has no
// facts and stays without access.
func (s *Service) load(ctx context.Context, claims []*claim) (map[care.UserID]preference.Preferences, error) {
	byID := make(map[care.DeliveryID]*claim, len(claims))
	ids := make([]care.DeliveryID, len(claims))
	for i, c := range claims {
		ids[i], byID[c.id] = c.id, c
	}
	var rules map[care.UserID]preference.Preferences
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		_, err := db.Many(ctx, tx, func(row db.Scanner) (struct{}, error) { return struct{}{}, scanClaim(row, byID) }, `
			SELECT `+seatColumns+`, d.id, d.channel, d.kind, d.mention, d.reminder, d.seq, d.at, d.subscription_id,
				n.id, COALESCE(n.seq, 0), COALESCE(n.closed_seq, 0), COALESCE(n.mention, FALSE), s.role, s.permissions, ps.endpoint, ps.p256dh, ps.auth,
				COALESCE(d.returned, ''), CASE WHEN ms.stopped_at IS NOT NULL THEN ms.address END
			FROM deliveries d JOIN conversations k ON k.id = d.conversation_id JOIN people p ON p.id = d.user_id
			LEFT JOIN conversation_members m ON m.conversation_id = d.conversation_id AND m.user_id = d.user_id
			LEFT JOIN notices n ON n.conversation_id = d.conversation_id AND n.user_id = d.user_id AND n.reminder = d.reminder
			LEFT JOIN push_subscriptions ps ON ps.id = d.subscription_id AND ps.user_id = d.user_id
			LEFT JOIN mail_stops ms ON ms.user_id = d.user_id`+seatJoins+`
			WHERE d.id IN (`+tx.In(1, len(ids))+`)`, args(ids)...)
		if err != nil {
			return err
		}
		byOrg, questions := map[care.OrgID][]care.UserID{}, []chat.Place{}
		for _, c := range claims {
			byOrg[c.org] = append(byOrg[c.org], c.user)
			if c.reminder {
				questions = append(questions, chat.Place{Conversation: c.conversation, Seq: c.seq})
			}
		}
		answered, err := chat.AnsweredSince(ctx, tx, questions)
		if err != nil {
			return err
		}
		for _, c := range claims {
			c.answered = c.reminder && answered[c.conversation]
		}
		rules, err = preferencesOf(ctx, tx, byOrg)
		return err
	})
	return rules, err
}

func scanClaim(row db.Scanner, byID map[care.DeliveryID]*claim) error {
	var s seatScan
	var c claim
	var at int64
	var role, permissions, endpoint, p256dh, auth sql.NullString
	var mentioned bool
	var stopped []byte
	err := row.Scan(append(s.targets(), &c.id, &c.channel, &c.kind, &c.mention, &c.reminder, &c.seq, &at, &c.subscription,
		&c.notice, &c.noticeSeq, &c.closed, &mentioned, &role, &permissions, &endpoint, &p256dh, &auth, &c.returned, &stopped)...)
	if err != nil {
		return err
	}
	into := byID[c.id]
	c.attempt, c.held = into.attempt, into.held
	c.seat, c.at, c.mention = s.read(), db.FromMillis(at), c.mention || mentioned
	c.inbox = permissionsOf(role, permissions).Has(care.OrganizationInbox)
	c.stopped = stopped != nil && bytes.Equal(stopped, addressHash(c.email))
	c.device = deviceOf(endpoint.String, p256dh.String, auth.String)
	*into = c
	return nil
}

// facts gives what is known of a claim now.
func (s *Service) facts(c *claim, now time.Time) Facts {
	f := Facts{
		Kind: c.kind, Off: c.off, Muted: c.muted.After(now), Mentioned: c.mention, At: c.at,
		Gone: !c.active || !c.member, Read: !c.unread || c.closed >= c.seq || c.noticeSeq > c.seq,
		NoWay:   c.channel == preference.Email && c.email == "" || c.channel == preference.Push && c.device.Endpoint == "",
		Looking: s.looks(c.conversation, c.user), Stopped: c.stopped,
	}
	if c.reminder {
		f.Gone, f.Read = !c.active || !c.member && !c.inbox, c.answered || c.closed >= c.seq
	}
	return f
}

// judge decides about claims once more and gives those that are to be sent. The others have
// their outcome.
func (s *Service) judge(ctx context.Context, claims []*claim) (send []*claim, rules map[care.UserID]preference.Preferences, err error) {
	if rules, err = s.load(ctx, claims); err != nil {
		return nil, nil, err
	}
	now := s.clock()
	for _, c := range claims {
		p, known := rules[c.user]
		if !known {
			c.outcome = outcome{state: Dropped, why: WhyAccess}
			continue
		}
		if c.returned != "" { // it went out before, though nobody noted that
			c.outcome = outcome{state: Bounced, why: whyReturned(c.returned)}
			continue
		}
		switch v := decide(s.facts(c, now), p, c.channel, s.delays(), now); v.Act {
		case Tell:
			send = append(send, c)
		case Wait:
			c.outcome = outcome{state: Waiting, why: v.Why, due: v.At}
		case Drop:
			c.outcome = outcome{state: Dropped, why: v.Why}
		}
	}
	return send, rules, nil
}

// failed is the outcome of an attempt that may go better later: tried again after longer and
// longer times, an hour at most unless the server asks for more, until patience ends.
func (c *claim) failed(now time.Time, patience, atLeast time.Duration) outcome {
	wait := max(min(30*time.Second<<min(c.attempt-1, 7), time.Hour), atLeast)
	if now.Add(wait).Sub(c.at) > patience {
		return outcome{state: Failed, why: WhyGivenUp}
	}
	return outcome{state: Waiting, due: now.Add(wait), tried: true}
}

// settle stores what became of claims, where they are still this node's.
func (s *Service) settle(ctx context.Context, claims []*claim) error {
	now := s.clock()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		for start := 0; start < len(claims); start += rowsMost {
			if err := settleRows(ctx, tx, claims[start:min(start+rowsMost, len(claims))], now); err != nil {
				return err
			}
		}
		return s.settleDevices(ctx, tx, claims, now)
	})
	if err == nil {
		s.observe(claims)
	}
	return err
}

func settleRows(ctx context.Context, tx *db.Tx, part []*claim, now time.Time) error {
	const columns = 7
	values := make([]any, 0, columns*len(part))
	for _, c := range part {
		attempt := c.attempt
		due, settled := db.Millis(now), any(db.Millis(now))
		if c.outcome.state == Waiting {
			due, settled = db.Millis(c.outcome.due), nil
			if !c.outcome.tried {
				attempt--
			}
		}
		values = append(values, c.id, c.held, string(c.outcome.state), whyOrNull(c.outcome.why), attempt, due, settled)
	}
	// A report may have come before the server had answered for the last of a batch.
	const back = `CASE WHEN v.column3 = 'sent' AND returned IS NOT NULL THEN `
	_, err := tx.Exec(ctx, `UPDATE deliveries SET state = `+back+`'bounced' ELSE v.column3 END,
		why = `+back+`(CASE WHEN returned LIKE '5.%' THEN 'returned' ELSE 'given_up' END) ELSE v.column4 END, attempt = v.column5, due_at = v.column6, settled_at = v.column7
		FROM (VALUES `+tx.Values(len(part), "id", "int", "text", "text", "int", "int", "int")+`) AS v
		WHERE id = v.column1 AND settled_at IS NULL AND due_at = v.column2`, values...) // by id, not by the index of what waits
	return err
}

// observe counts what was settled.
func (s *Service) observe(claims []*claim) {
	type key struct {
		channel preference.Channel
		state   State
		why     Why
	}
	by := map[key]int{}
	for _, c := range claims {
		state := c.outcome.state
		if state == Waiting {
			if state = "put_off"; c.outcome.tried {
				state = "retried"
			}
		}
		by[key{c.channel, state, c.outcome.why}]++
	}
	for k, n := range by {
		s.cfg.Observe(string(k.channel), k.state, k.why, n)
	}
}

// permissionsOf reads what a member of staff may do.
func permissionsOf(role, chosen sql.NullString) care.Permissions {
	if !role.Valid {
		return 0
	}
	var text *string
	if chosen.Valid {
		text = &chosen.String
	}
	return care.StoredPermissions(care.Role(role.String), text)
}
