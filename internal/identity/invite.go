package identity

import (
	"context"
	"database/sql"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/jobs"
)

// Purpose says what a link is for.
type Purpose string

// The purposes of a link: the first password, or another one.
const (
	PurposeInvitation Purpose = "invitation"
	PurposeReset      Purpose = "reset"
)

// Invitation is what an inviter is told. Link is "" when it goes out by mail; otherwise it
// is told this once, to be handed over.
type Invitation struct {
	Mailed    bool
	Link      string
	ExpiresAt time.Time
}

// invitation is a row of invitations.
type invitation struct {
	id      care.InvitationID
	user    care.UserID
	purpose Purpose
	by      care.UserID // zero when the person asked for it themselves
	expires time.Time
}

// Invite makes a link with which a person of the actor's organization chooses a password:
// the first one, or another when they have one. A newer link replaces the older. It is
// mailed when mail is configured and the person has an address; the mail's own token is
// made when it is sent. Whether the actor may invite is the caller's to decide; after the
// commit the caller calls [Service.Wake].
//
// It fails with care.NotFound for a person of another organization, and with care.Conflict
// for staff who are not active.
func (s *Service) Invite(ctx context.Context, tx *db.Tx, actor care.Actor, user care.UserID) (Invitation, error) {
	a, found, err := lockAccount(ctx, tx, user)
	switch {
	case err != nil:
		return Invitation{}, err
	case !found || a.actor.Org != actor.Org:
		return Invitation{}, care.Missing("person")
	case !a.active:
		return Invitation{}, care.BadField("id", "inactive", "This member of staff is not active. Activate them first.")
	}
	purpose := PurposeInvitation
	if a.hash != "" {
		purpose = PurposeReset
	}
	made, token, err := s.invite(ctx, tx, a, purpose, actor.User, s.cfg.InvitationLife)
	if err != nil {
		return Invitation{}, err
	}
	return s.deliver(ctx, tx, actor, a, made, token)
}

// deliver hands the link to a mail job or, where no mail can go, to the inviter.
func (s *Service) deliver(ctx context.Context, tx *db.Tx, actor care.Actor, a account, made invitation, token string) (Invitation, error) {
	now, mailed := s.clock(), s.cfg.Mail != nil && a.email != ""
	out := Invitation{Mailed: mailed, ExpiresAt: made.expires}
	if mailed {
		if _, err := jobs.Enqueue(ctx, tx, now, jobs.Job{Kind: jobInvite, Args: inviteArgs{Invitation: made.id}}); err != nil {
			return Invitation{}, err
		}
	} else {
		out.Link = s.link(made, token)
	}
	about := audit.About("account", a.actor.User)
	return out, audit.Append(ctx, tx, a.actor.Org, actor.Person(), now,
		audit.Act("invitation.created", about, map[string]any{"purpose": made.purpose, "mailed": mailed}))
}

// Wake asks for the jobs that were enqueued to be done soon; call it after the commit.
func (s *Service) Wake() { s.cfg.Wake() }

// link puts the token into the fragment, which browsers keep to themselves.
func (s *Service) link(i invitation, token string) string {
	page := "/invite#"
	if i.by.IsZero() {
		page = "/reset#"
	}
	return s.cfg.PublicURL + page + token
}

// invite stores a new link in the place of all earlier ones.
func (s *Service) invite(ctx context.Context, tx *db.Tx, a account, purpose Purpose, by care.UserID, life time.Duration) (invitation, string, error) {
	now := s.clock()
	token, stored := newToken()
	made := invitation{id: care.NewID[care.InvitationID](now), user: a.actor.User, purpose: purpose, by: by, expires: now.Add(life)}
	if err := withdraw(ctx, tx, a.actor.User); err != nil {
		return invitation{}, "", err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO invitations (id, token_hash, user_id, purpose, created_by, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		made.id, stored, made.user, string(made.purpose), made.by, db.Millis(now), db.Millis(made.expires))
	return made, token, err
}

// withdraw ends every open link of a person. The rows stay: they tell that the person was
// invited.
func withdraw(ctx context.Context, tx *db.Tx, user care.UserID) error {
	_, err := tx.Exec(ctx, `UPDATE invitations SET expires_at = 0 WHERE user_id = $1 AND used_at IS NULL AND expires_at > 0`, user)
	return err
}

// Offer is what a link says before it is used.
type Offer struct {
	Organization string
	Name         string
	Email        string // "" when the person has none
	Kind         care.PersonKind
	Purpose      Purpose
}

// Lookup tells what a link is for. Unknown, used, replaced and expired ones are
// care.NotFound, alike, and so are those of staff who are not active.
func (s *Service) Lookup(ctx context.Context, token string) (offer Offer, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		i, a, err := s.offered(ctx, tx, token)
		if err != nil {
			return err
		}
		offer = Offer{Name: a.actor.Name, Email: a.email, Kind: a.actor.Kind, Purpose: i.purpose}
		shown, err := letterheadOf(ctx, tx, a.actor.Org)
		offer.Organization = shown.name
		return err
	})
	return offer, err
}

// offered finds what an open link stands for.
func (s *Service) offered(ctx context.Context, tx *db.Tx, token string) (invitation, account, error) {
	gone := care.Missing("link, or it was used, replaced or has expired")
	sum, ok := tokenSum(token)
	if !ok {
		return invitation{}, account{}, gone
	}
	i, found, err := db.One(ctx, tx, scanInvitation, invitationColumns+` WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2`,
		sum[:], db.Millis(s.clock()))
	if err != nil || !found {
		return invitation{}, account{}, orError(err, gone)
	}
	a, found, err := accountByID(ctx, tx, i.user)
	if err != nil || !found || !a.active {
		return invitation{}, account{}, orError(err, gone)
	}
	return i, a, nil
}

func orError(err error, otherwise *care.Error) error {
	if err != nil {
		return err
	}
	return otherwise
}

const invitationColumns = `SELECT id, user_id, purpose, created_by, expires_at FROM invitations`

func scanInvitation(row db.Scanner) (i invitation, err error) {
	var expires int64
	err = row.Scan(&i.id, &i.user, &i.purpose, &i.by, &expires)
	i.expires = db.FromMillis(expires)
	return i, err
}

// letterhead is how the practice shows itself in mail; its name stands also on the pages of
// links.
type letterhead struct{ name, colour string }

func letterheadOf(ctx context.Context, tx *db.Tx, org care.OrgID) (p letterhead, err error) {
	var inMail, colour sql.NullString
	err = tx.QueryRow(ctx, `SELECT name, name_in_mail, colour FROM organizations WHERE id = $1`, org).Scan(&p.name, &inMail, &colour)
	if inMail.String != "" {
		p.name = inMail.String
	}
	p.colour = colour.String
	return p, err
}

// Accept uses a link: it sets the password, ends the person's sessions and opens a new one.
// Links that cannot be used are care.NotFound as with [Service.Lookup].
func (s *Service) Accept(ctx context.Context, token, password string, bearer bool) (session Session, err error) {
	err = s.accept(ctx, token, password, func(ctx context.Context, tx *db.Tx, a account) error {
		session, err = s.open(ctx, tx, a, bearer, "invitation")
		return err
	})
	return session, err
}

// ConfirmReset is Accept without opening a session.
func (s *Service) ConfirmReset(ctx context.Context, token, password string) error {
	return s.accept(ctx, token, password, func(context.Context, *db.Tx, account) error { return nil })
}

func (s *Service) accept(ctx context.Context, token, password string, then func(context.Context, *db.Tx, account) error) error {
	if _, err := s.Lookup(ctx, token); err != nil { // before the work of hashing
		return err
	}
	made, err := s.newHash(ctx, password)
	if err != nil {
		return err
	}
	var events []care.Event
	err = s.db.Write(ctx, func(tx *db.Tx) (err error) {
		i, a, err := s.offered(ctx, tx, token)
		if err != nil {
			return err
		}
		events, err = s.take(ctx, tx, i, a, made)
		if err != nil {
			return err
		}
		return then(ctx, tx, a)
	})
	if err == nil {
		s.cfg.Bus.Publish(events...)
	}
	return err
}

// take marks the link used, once, and stores the password. Locks are taken in the package's
// order, so the link is judged again under them.
func (s *Service) take(ctx context.Context, tx *db.Tx, i invitation, a account, made string) ([]care.Event, error) {
	if err := forgive(ctx, tx, a.email); err != nil {
		return nil, err
	}
	if _, _, err := lockAccount(ctx, tx, a.actor.User); err != nil {
		return nil, err
	}
	now := db.Millis(s.clock())
	n, err := tx.Exec(ctx, `UPDATE invitations SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $3`, i.id, now, now)
	if err != nil {
		return nil, err
	}
	if n == 0 {
		return nil, care.Missing("link, or it was used, replaced or has expired")
	}
	events, err := s.replacePassword(ctx, tx, a, care.SessionID{}, made)
	if err != nil {
		return nil, err
	}
	about := audit.About("account", a.actor.User)
	return events, audit.Append(ctx, tx, a.actor.Org, a.actor.Person(), s.clock(),
		audit.Act("invitation.accepted", about, map[string]any{"purpose": i.purpose}))
}
