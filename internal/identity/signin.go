package identity

import (
	"context"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// SignIn is an attempt to come in.
type SignIn struct {
	Email    string
	Password string
	RemoteIP string // of the caller; "" when it is not known, then nothing is counted for it
	Bearer   bool   // a program that keeps the token itself, not a browser
}

// Session is a way in that was just opened. The token is told this once.
type Session struct {
	Token     string
	Email     string
	Actor     care.Actor
	ExpiresAt time.Time // absolute; it ends earlier when it is not used
}

// attempt is a sign-in, or the current password asked for again, on its way.
type attempt struct {
	email    string
	password string
	address  subject
	at       string // where the password was asked for, for the audit log
}

// SignIn opens a session. It fails with care.Unauthenticated for an unknown account, a
// wrong password and staff who are not active, all alike, with care.RateLimited while the
// account or the caller's address must wait, and with care.Unavailable when too many
// passwords wait to be hashed.
func (s *Service) SignIn(ctx context.Context, in SignIn) (Session, error) {
	email, refusal := care.CheckEmail("email", in.Email)
	if refusal != nil {
		return Session{}, refusal
	}
	if refusal := care.CheckText("password", in.Password, 1, care.MaxPassword); refusal != nil {
		return Session{}, refusal
	}
	try := attempt{email: email, password: in.Password, address: addressSubject("address", in.RemoteIP), at: "sign_in"}
	var session Session
	err := s.proven(ctx, try, func(ctx context.Context, tx *db.Tx, a account) (err error) {
		session, err = s.open(ctx, tx, a, in.Bearer, "password")
		return err
	})
	if err != nil {
		return Session{}, err
	}
	return session, nil
}

// proven checks the password of an attempt and, when it is right, runs then in a write
// transaction together with what every success does: the failures are forgiven and an old
// hash is renewed. A failure is counted and recorded.
func (s *Service) proven(ctx context.Context, try attempt, then func(context.Context, *db.Tx, account) error) error {
	if !s.cfg.Unlimited {
		end, err := s.turns.take(ctx, try.email)
		if err != nil {
			return err
		}
		defer end()
	}
	a, right, renewed, err := s.prove(ctx, try)
	if err != nil {
		return err
	}
	if !right {
		return s.failed(ctx, try, a)
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := forgive(ctx, tx, try.email); err != nil {
			return err
		}
		now, found, err := lockAccount(ctx, tx, a.actor.User)
		if err != nil {
			return err
		}
		if !found || !now.active || now.hash != a.hash { // changed while we were hashing
			return errWrongPassword()
		}
		if renewed != "" {
			_, err := tx.Exec(ctx, `UPDATE credentials SET password_hash = $2 WHERE user_id = $1`, now.actor.User, renewed)
			if err != nil {
				return err
			}
		}
		return then(ctx, tx, now)
	})
}

// prove looks the account up and compares the password. The turn to hash comes first, so
// that the counters are read when the attempt is really made.
func (s *Service) prove(ctx context.Context, try attempt) (a account, right bool, renewed string, err error) {
	if err := s.hasher.enter(ctx); err != nil {
		return account{}, false, "", err
	}
	defer s.hasher.leave()
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		if err := s.mayTry(ctx, tx, accountSubject(try.email), try.address); err != nil {
			return err
		}
		a, _, err = accountByEmail(ctx, tx, try.email)
		return err
	})
	if err != nil {
		return account{}, false, "", err
	}
	match, stale, err := s.hasher.verify(a.hash, try.password)
	if err != nil || !match || !a.active {
		return a, false, "", err
	}
	if stale {
		renewed = s.hasher.hash(try.password)
	}
	return a, true, renewed, nil
}

func errWrongPassword() *care.Error {
	return care.Fail(care.Unauthenticated, care.CodeUnauthenticated, "The e-mail address or the password is not right.")
}

// failed counts and records a failure; a is the zero account when there is none.
func (s *Service) failed(ctx context.Context, try attempt, a account) error {
	now := s.clock()
	err := s.db.Write(ctx, func(tx *db.Tx) error {
		// Locked before the account's own counter in every failure, so that no two wait for
		// each other.
		_, err := s.count(ctx, tx, try.address, func(c counter) counter { return c.leaked(now, addressLimit) })
		if err != nil {
			return err
		}
		c, err := s.count(ctx, tx, accountSubject(try.email), func(c counter) counter { return c.accountFailed(now) })
		if err != nil {
			return err
		}
		return audit.Append(ctx, tx, orInstallation(a.actor.Org), care.System, now, failures(try, a, c)...)
	})
	if err != nil {
		return err
	}
	return errWrongPassword()
}

func failures(try attempt, a account, c counter) []audit.Entry {
	why := "password"
	switch {
	case a.actor.User.IsZero():
		why = "unknown"
	case a.hash == "":
		why = "not_joined"
	case !a.active:
		why = "inactive"
	}
	about := audit.About("account", a.actor.User)
	entries := []audit.Entry{audit.Act("session.failed", about, map[string]any{"why": why, "at": try.at, "from": try.address.short()})}
	if c.failures == lockFailures {
		entries = append(entries, audit.Act("account.locked", about, map[string]any{"minutes": int(window / time.Minute)}))
	}
	return entries
}

func orInstallation(org care.OrgID) care.OrgID {
	if org.IsZero() {
		return care.Installation
	}
	return org
}
