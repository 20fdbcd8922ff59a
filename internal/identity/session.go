package identity

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// The reasons for which a session ends, as session.ended and the audit log say them.
const (
	EndSignedOut = "signed_out"
	EndPassword  = "password_changed"
	EndExpired   = "expired"
	EndAccount   = "account_changed"
)

// open stores a new session and records it. how says what proved the person.
func (s *Service) open(ctx context.Context, tx *db.Tx, a account, bearer bool, how string) (Session, error) {
	now := s.clock()
	token, stored := newToken()
	session := Session{Token: token, Email: a.email, Actor: a.actor, ExpiresAt: now.Add(s.life(bearer))}
	session.Actor.Session = care.NewID[care.SessionID](now)
	_, err := tx.Exec(ctx, `
		INSERT INTO sessions (id, token_hash, user_id, created_at, used_at, expires_at, bearer) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		session.Actor.Session, stored, a.actor.User, db.Millis(now), db.Millis(now), db.Millis(session.ExpiresAt), bearer)
	if err != nil {
		return Session{}, err
	}
	if err := s.cfg.Seen(ctx, tx, []care.UserID{a.actor.User}, now); err != nil {
		return Session{}, err
	}
	about := audit.About("session", session.Actor.Session)
	err = audit.Append(ctx, tx, a.actor.Org, a.actor.Person(), now,
		audit.Act("session.created", about, map[string]any{"how": how, "bearer": bearer}))
	return session, err
}

// live is a session that is not over, as the cache keeps it.
type live struct {
	actor   care.Actor
	bearer  bool
	used    time.Time // as it is stored
	expires time.Time
	active  bool
	loaded  time.Time
}

// Authenticate finds who a token belongs to. It fails with care.Unauthenticated when the
// session is unknown, over, or its person is no longer active staff. This is asked with
// every request.
func (s *Service) Authenticate(ctx context.Context, token string) (care.Actor, error) {
	session, err := s.find(ctx, token)
	if err == nil && s.clock().Sub(session.used) >= usedEvery {
		s.used.add(session.actor.Session, session.actor.User)
	}
	return session.actor, err
}

// Check is Authenticate for a live connection that asks again whose it is: that alone is
// no use of the session, or an open page would keep it alive for ever. See [Service.Used].
func (s *Service) Check(ctx context.Context, token string) (care.Actor, error) {
	session, err := s.find(ctx, token)
	return session.actor, err
}

func (s *Service) find(ctx context.Context, token string) (live, error) {
	sum, ok := tokenSum(token)
	if !ok {
		return live{}, errUnauthenticated()
	}
	now := s.clock()
	session, era, ok := s.cache.get(sum, now)
	if !ok {
		var err error
		if session, ok, err = s.load(ctx, sum[:]); err != nil {
			return live{}, err
		}
		session.loaded = now
		if ok {
			s.cache.put(sum, session, era)
		}
	}
	if !ok || !session.active || s.over(session, now) {
		return live{}, errUnauthenticated()
	}
	return session, nil
}

func (s *Service) over(l live, now time.Time) bool {
	return !now.Before(l.expires) || now.Sub(l.used) >= s.idle(l.bearer)
}

func (s *Service) load(ctx context.Context, sum []byte) (l live, found bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) (err error) {
		l, found, err = db.One(ctx, tx, scanLive, `
			SELECT s.id, s.bearer, s.used_at, s.expires_at, p.id, p.org_id, p.kind, p.name, COALESCE(p.alias, ''), st.role, st.permissions, COALESCE(st.active, TRUE)
			FROM sessions s JOIN people p ON p.id = s.user_id LEFT JOIN staff st ON st.user_id = p.id
			WHERE s.token_hash = $1`, sum)
		return err
	})
	return l, found, err
}

func scanLive(row db.Scanner) (l live, err error) {
	var used, expires int64
	var role, permissions sql.NullString
	err = row.Scan(&l.actor.Session, &l.bearer, &used, &expires, &l.actor.User, &l.actor.Org,
		&l.actor.Kind, &l.actor.Name, &l.actor.Alias, &role, &permissions, &l.active)
	l.used, l.expires = db.FromMillis(used), db.FromMillis(expires)
	setRole(&l.actor, role, permissions)
	return l, err
}

// SignOut ends the actor's own session.
func (s *Service) SignOut(ctx context.Context, actor care.Actor) error {
	var events []care.Event
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		events = nil
		n, err := tx.Exec(ctx, `DELETE FROM sessions WHERE id = $1 AND user_id = $2`, actor.Session, actor.User)
		if err != nil || n == 0 {
			return err
		}
		events = endings(actor.Org, actor.User, EndSignedOut, actor.Session)
		if err := s.cfg.Ended(ctx, tx, []care.SessionID{actor.Session}); err != nil {
			return err
		}
		return s.recordEnded(ctx, tx, actor.Org, actor.Person(), EndSignedOut, actor.Session)
	})
	if err != nil {
		return err
	}
	s.cfg.Bus.Publish(events...)
	return nil
}

// EndSessions ends every session of a person but except (the zero id ends all), because
// something about the person changed, and gives the events to publish after the commit.
// The row in the audit log says that the program did it; who changed the person stands in
// the row of that change.
func (s *Service) EndSessions(ctx context.Context, tx *db.Tx, user care.UserID, except care.SessionID) ([]care.Event, error) {
	a, found, err := accountByID(ctx, tx, user)
	if err != nil || !found {
		return nil, err
	}
	return s.endOthers(ctx, tx, a.actor.Org, care.System, user, except, EndAccount)
}

func (s *Service) endOthers(ctx context.Context, tx *db.Tx, org care.OrgID, by care.Person, user care.UserID, except care.SessionID, why string) ([]care.Event, error) {
	if except.IsZero() {
		except = care.SessionID{0xff} // no session has it; NULL would match nothing
	}
	ended, err := db.Many(ctx, tx, scanID[care.SessionID], `DELETE FROM sessions WHERE user_id = $1 AND id <> $2 RETURNING id`, user, except)
	if err != nil || len(ended) == 0 {
		return nil, err
	}
	if err := s.cfg.Ended(ctx, tx, ended); err != nil {
		return nil, err
	}
	return endings(org, user, why, ended...), s.recordEnded(ctx, tx, org, by, why, ended...)
}

func scanID[T any](row db.Scanner) (id T, err error) {
	err = row.Scan(&id)
	return id, err
}

func (s *Service) recordEnded(ctx context.Context, tx *db.Tx, org care.OrgID, by care.Person, why string, ended ...care.SessionID) error {
	entries := make([]audit.Entry, len(ended))
	for i, id := range ended {
		entries[i] = audit.Act("session.ended", audit.About("session", id), map[string]any{"why": why})
	}
	return audit.Append(ctx, tx, org, by, s.clock(), entries...)
}

func endings(org care.OrgID, user care.UserID, why string, ended ...care.SessionID) []care.Event {
	events := make([]care.Event, len(ended))
	for i, id := range ended {
		events[i] = care.Event{Type: care.EventSessionEnded, Org: org, To: []care.UserID{user}, Session: id, Text: why}
	}
	return events
}
