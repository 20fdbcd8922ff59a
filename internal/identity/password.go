package identity

import (
	"context"
	"errors"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// SetPassword stores the hash that [Service.HashPassword] made. The caller records the
// act and ends sessions where that is due; links for choosing a password stop working.
func (s *Service) SetPassword(ctx context.Context, tx *db.Tx, user care.UserID, hash string) error {
	if _, err := parseHash(hash); err != nil {
		return err
	}
	if err := withdraw(ctx, tx, user); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO credentials (user_id, password_hash, changed_at) VALUES ($1, $2, $3)
		ON CONFLICT (user_id) DO UPDATE SET password_hash = excluded.password_hash, changed_at = excluded.changed_at`,
		user, hash, db.Millis(s.clock()))
	return err
}

// ChangePassword sets a new password for the actor, who proves the current one, and ends
// their other sessions. A wrong current password is counted like a failed sign-in.
func (s *Service) ChangePassword(ctx context.Context, actor care.Actor, current, next, remoteIP string) error {
	if refusal := care.CheckText("current_password", current, 1, care.MaxPassword); refusal != nil {
		return refusal
	}
	a, err := s.me(ctx, actor)
	if err != nil {
		return err
	}
	made, err := s.newHash(ctx, next)
	if err != nil {
		return err
	}
	var events []care.Event
	try := attempt{email: a.email, password: current, address: addressSubject("address", remoteIP), at: "password_change"}
	err = s.proven(ctx, try, func(ctx context.Context, tx *db.Tx, a account) (err error) {
		if a.actor.User != actor.User {
			return errUnauthenticated()
		}
		events, err = s.replacePassword(ctx, tx, a, actor.Session, made)
		return err
	})
	if errors.Is(err, care.Unauthenticated) {
		return care.BadField("current_password", "wrong", "Is not your current password.")
	}
	if err != nil {
		return err
	}
	s.cfg.Bus.Publish(events...)
	return nil
}

// me finds the actor's account; one without an address has no password to change.
func (s *Service) me(ctx context.Context, actor care.Actor) (a account, err error) {
	var found bool
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		a, found, err = accountByID(ctx, tx, actor.User)
		return err
	})
	if err == nil && !found {
		err = errUnauthenticated()
	}
	return a, err
}

// replacePassword stores a new password, ends the person's sessions but one, and records
// both.
func (s *Service) replacePassword(ctx context.Context, tx *db.Tx, a account, keep care.SessionID, made string) ([]care.Event, error) {
	if err := s.SetPassword(ctx, tx, a.actor.User, made); err != nil {
		return nil, err
	}
	events, err := s.endOthers(ctx, tx, a.actor.Org, a.actor.Person(), a.actor.User, keep, EndPassword)
	if err != nil {
		return nil, err
	}
	about := audit.About("account", a.actor.User)
	return events, audit.Append(ctx, tx, a.actor.Org, a.actor.Person(), s.clock(), audit.Act("password.changed", about, nil))
}

// RequestReset sends a link for a new password to the address, if somebody who was invited
// has it and mail is configured. Its answer and its work do not tell whether that is so:
// everything that differs happens in a job. It fails for what is no address and with
// care.RateLimited when one caller asks too often.
func (s *Service) RequestReset(ctx context.Context, email, remoteIP string) error {
	email, refusal := care.CheckEmail("email", email)
	if refusal != nil {
		return refusal
	}
	now := s.clock()
	address := addressSubject("reset address", remoteIP)
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		if err := s.mayTry(ctx, tx, address); err != nil {
			return err
		}
		if _, err := s.count(ctx, tx, address, func(c counter) counter { return c.leaked(now, resetsPerAddress) }); err != nil {
			return err
		}
		asked, err := s.count(ctx, tx, subjectOf("reset", email), func(c counter) counter { return c.hourly(now) })
		if err != nil {
			return err
		}
		a, _, err := accountByEmail(ctx, tx, email)
		if err != nil {
			return err
		}
		return s.enqueueReset(ctx, tx, a, asked.failures <= resetsPerAccount)
	})
	if err == nil {
		s.cfg.Wake()
	}
	return err
}

// enqueueReset does the same for everybody: a job that may find nothing to do. Who asks
// again before the mail went out gets one mail.
func (s *Service) enqueueReset(ctx context.Context, tx *db.Tx, a account, wanted bool) error {
	now := s.clock()
	job := jobs.Job{Kind: jobReset, Args: resetArgs{}}
	if wanted && !a.actor.User.IsZero() {
		job.Args, job.Dedupe = resetArgs{User: a.actor.User}, "identity.reset "+a.actor.User.String()
	}
	if _, err := jobs.Enqueue(ctx, tx, now, job); err != nil {
		return err
	}
	about := audit.About("account", a.actor.User)
	return audit.Append(ctx, tx, orInstallation(a.actor.Org), care.System, now,
		audit.Act("password.reset_requested", about, map[string]any{"sent": wanted && s.CanMail() && !a.actor.User.IsZero()}))
}
