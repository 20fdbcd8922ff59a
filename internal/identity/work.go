package identity

import (
	"context"
	"errors"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
	"hearth/internal/mail"
)

// The kinds of this package's jobs.
const (
	jobInvite = "identity.invite"
	jobReset  = "identity.reset"
	jobSweep  = "identity.sweep"
)

type inviteArgs struct {
	Invitation care.InvitationID `json:"invitation"`
}

// resetArgs name who asked; the zero id means that there is nobody to send to.
type resetArgs struct {
	User care.UserID `json:"user"`
}

// Register adds the handlers of this package's jobs: mails and the sweeping of what is over.
func (s *Service) Register(r *jobs.Runner) {
	r.Handle(jobInvite, s.mailInvitation)
	r.Handle(jobReset, s.mailReset)
	r.Every(jobSweep, 15*time.Minute, func(ctx context.Context, _ *jobs.Claim) error { return s.Sweep(ctx) })
}

// mailInvitation gives the link a fresh token, of which only this mail knows, and sends it.
// When the sending is repeated the older mail's link stops working; the letter says so.
func (s *Service) mailInvitation(ctx context.Context, c *jobs.Claim) error {
	var args inviteArgs
	if err := c.Bind(&args); err != nil {
		return err
	}
	var letter *mail.Letter
	var purpose Purpose
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		letter = nil
		i, a, token, err := s.renew(ctx, tx, args.Invitation)
		if err != nil || token == "" {
			return err
		}
		purpose = i.purpose
		letter, err = s.letter(ctx, tx, i, a, token)
		return err
	})
	if err != nil || letter == nil {
		return err
	}
	return s.send(ctx, *letter, purpose)
}

// renew gives an open link another token and its whole time from now on; "" when the link
// was replaced or used meanwhile, or its person can no longer come in.
func (s *Service) renew(ctx context.Context, tx *db.Tx, id care.InvitationID) (i invitation, a account, token string, err error) {
	now := s.clock()
	i, found, err := db.One(ctx, tx, scanInvitation, invitationColumns+` WHERE id = $1`, id)
	if err != nil || !found {
		return i, a, "", err
	}
	if a, found, err = lockAccount(ctx, tx, i.user); err != nil || !found || !a.active || a.email == "" {
		return i, a, "", err
	}
	token, stored := newToken()
	i.expires = now.Add(s.cfg.InvitationLife)
	n, err := tx.Exec(ctx, `UPDATE invitations SET token_hash = $2, expires_at = $3 WHERE id = $1 AND used_at IS NULL AND expires_at > $4`,
		i.id, stored, db.Millis(i.expires), db.Millis(now))
	if err != nil || n == 0 {
		return i, a, "", err
	}
	return i, a, token, nil
}

// mailReset makes a link for who asked for one and sends it. Who was never invited gets
// none: having an address on file is no way in.
func (s *Service) mailReset(ctx context.Context, c *jobs.Claim) error {
	var args resetArgs
	if err := c.Bind(&args); err != nil || args.User.IsZero() || s.cfg.Mail == nil {
		return err
	}
	var letter *mail.Letter
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		letter = nil
		a, found, err := lockAccount(ctx, tx, args.User)
		if err != nil || !found || !a.active || a.email == "" || (a.hash == "" && !a.invited) {
			return err
		}
		made, token, err := s.invite(ctx, tx, a, PurposeReset, care.UserID{}, s.cfg.ResetLife)
		if err != nil {
			return err
		}
		letter, err = s.letter(ctx, tx, made, a, token)
		return err
	})
	if err != nil || letter == nil {
		return err
	}
	return s.send(ctx, *letter, PurposeReset)
}

func (s *Service) letter(ctx context.Context, tx *db.Tx, i invitation, a account, token string) (*mail.Letter, error) {
	shown, err := letterheadOf(ctx, tx, a.actor.Org)
	if err != nil {
		return nil, err
	}
	return &mail.Letter{To: a.email, Practice: shown.name, Colour: shown.colour, Link: s.link(i, token), Valid: i.expires.Sub(s.clock())}, nil
}

func (s *Service) send(ctx context.Context, l mail.Letter, purpose Purpose) error {
	if s.cfg.Mail == nil {
		return errors.New("identity: mail is no longer configured")
	}
	write := mail.Invitation
	if purpose == PurposeReset {
		write = mail.Reset
	}
	message, err := write(l)
	if err != nil {
		return jobs.Permanent(err)
	}
	err = s.cfg.Mail.Send(ctx, message)
	if mail.Permanent(err) {
		return jobs.Permanent(err)
	}
	return err
}

const (
	keepCounters = 24 * time.Hour
	keepLinks    = 30 * day
)

// Sweep removes what is over: sessions, counters of failures, and links of people who have
// a password by now. It ends the live connections of expired sessions.
func (s *Service) Sweep(ctx context.Context) error {
	events, err := s.sweepSessions(ctx)
	if err != nil {
		return err
	}
	s.cfg.Bus.Publish(events...)
	now := s.clock()
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `DELETE FROM sign_in_failures WHERE last_at < $1`, db.Millis(now.Add(-keepCounters))); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			DELETE FROM invitations WHERE created_at < $1
			AND EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = invitations.user_id)`, db.Millis(now.Add(-keepLinks)))
		return err
	})
}

// ended is a session that expired.
type ended struct {
	session care.SessionID
	user    care.UserID
}

func scanOver(row db.Scanner) (e ended, err error) {
	err = row.Scan(&e.session, &e.user)
	return e, err
}

func (s *Service) sweepSessions(ctx context.Context) (events []care.Event, err error) {
	now := s.clock()
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		events = nil
		over, err := db.Many(ctx, tx, scanOver, `
			DELETE FROM sessions WHERE expires_at <= $1 OR (bearer = TRUE AND used_at <= $2) OR (bearer = FALSE AND used_at <= $3)
			RETURNING id, user_id`,
			db.Millis(now), db.Millis(now.Add(-s.cfg.BearerIdle)), db.Millis(now.Add(-s.cfg.CookieIdle)))
		if err != nil {
			return err
		}
		events, err = s.recordExpired(ctx, tx, over)
		return err
	})
	return events, err
}

func (s *Service) recordExpired(ctx context.Context, tx *db.Tx, over []ended) ([]care.Event, error) {
	orgs := map[care.OrgID][]care.SessionID{}
	var events []care.Event
	for _, e := range over {
		a, _, err := accountByID(ctx, tx, e.user)
		if err != nil {
			return nil, err
		}
		orgs[a.actor.Org] = append(orgs[a.actor.Org], e.session)
		events = append(events, endings(a.actor.Org, e.user, EndExpired, e.session)...)
	}
	for _, org := range sortedOrgs(orgs) {
		if err := s.recordEnded(ctx, tx, org, care.System, EndExpired, orgs[org]...); err != nil {
			return nil, err
		}
	}
	return events, nil
}
