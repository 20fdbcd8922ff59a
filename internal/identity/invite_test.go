package identity_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/identity"
	"hearth/internal/jobs"
	"hearth/internal/mail"
	"hearth/internal/mail/mailtest"
	"hearth/internal/testkit"
)

func (h *house) invite(actor care.Actor, user care.UserID) (made identity.Invitation) {
	h.Helper()
	h.write(func(ctx context.Context, tx *db.Tx) (err error) {
		made, err = h.Invite(ctx, tx, actor, user)
		return err
	})
	return made
}

func tokenOf(link string) string {
	_, token, _ := strings.Cut(link, "#")
	return token
}

var anyLink = regexp.MustCompile(`https://\S+`)

// linkIn finds the one link of a letter.
func linkIn(h *house, text string) string {
	h.Helper()
	links := anyLink.FindAllString(text, -1)
	if len(links) != 1 {
		h.Fatalf("%d links in %s", len(links), text)
	}
	return links[0]
}

// clinic is a practice with an owner and a client who was not invited yet.
func (h *house) clinic() (org care.OrgID, owner identity.Session, sam care.UserID) {
	org = h.practice("North")
	ann := h.staff(org, care.RoleOwner, "ann@example.org")
	owner = h.in("ann@example.org")
	return org, owner, h.client(org, ann, "sam@example.org")
}

func TestInvitationByHand(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		org, owner, sam := h.clinic()
		made := h.invite(owner.Actor, sam)
		if made.Mailed || !strings.HasPrefix(made.Link, "https://chat.example.org/invite#") || made.ExpiresAt.Sub(h.clock.Now()) != 7*24*time.Hour {
			h.Fatalf("%+v", made)
		}
		token := tokenOf(made.Link)
		offer, err := h.Lookup(h.Context(), token)
		want := identity.Offer{Organization: "North", Name: "Name of sam@example.org", Email: "sam@example.org", Kind: care.KindClient, Purpose: identity.PurposeInvitation}
		if err != nil || offer != want {
			h.Errorf("%+v %v", offer, err)
		}
		_, err = h.Accept(h.Context(), token, "short", false)
		h.want("too short", err, care.Invalid)
		session, err := h.Accept(h.Context(), token, fresh, false)
		h.want("accept", err, "")
		if h.who(session.Token) != sam || session.Email != "sam@example.org" {
			h.Errorf("%+v", session)
		}
		_, err = h.Accept(h.Context(), token, fresh, false)
		h.want("again", err, care.NotFound)
		_, err = h.try("sam@example.org", fresh)
		h.want("sign in", err, "")
		if got := h.since(org, 1); got != "[invitation.created password.changed invitation.accepted session.created session.created]" {
			h.Error(got)
		}
	})
}

func TestLinksThatCannotBeUsedAreNotFound(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		_, owner, sam := h.clinic()
		ben := h.staff(owner.Actor.Org, care.RoleProvider, "ben@example.org")
		older := h.invite(owner.Actor, sam)
		newer := h.invite(owner.Actor, sam)
		inactive := h.invite(owner.Actor, ben)
		h.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, ben)
		gone := func(what, token string) {
			h.Helper()
			_, err := h.Lookup(h.Context(), token)
			h.want("lookup "+what, err, care.NotFound)
			_, err = h.Accept(h.Context(), token, fresh, false)
			h.want("accept "+what, err, care.NotFound)
			h.want("confirm "+what, h.ConfirmReset(h.Context(), token, fresh), care.NotFound)
		}
		gone("nothing", "")
		gone("unknown", strings.Repeat("A", 43))
		gone("replaced", tokenOf(older.Link))
		gone("of inactive staff", tokenOf(inactive.Link))
		h.clock.Advance(7*24*time.Hour - time.Millisecond)
		_, err := h.Lookup(h.Context(), tokenOf(newer.Link))
		h.want("on the last day", err, "")
		h.clock.Advance(time.Millisecond)
		gone("expired", tokenOf(newer.Link))
	})
}

func TestInvitingSomebodyWithAPasswordHandsOverANewOne(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		org, owner, sam := h.clinic()
		h.password(sam, right)
		before := h.in("sam@example.org")
		token := tokenOf(h.invite(owner.Actor, sam).Link)
		offer, err := h.Lookup(h.Context(), token)
		if err != nil || offer.Purpose != identity.PurposeReset {
			h.Errorf("%+v %v", offer, err)
		}
		if h.who(before.Token) != sam {
			h.Error("an invitation alone ended a session")
		}
		session, err := h.Accept(h.Context(), token, fresh, true)
		h.want("accept", err, "")
		if h.who(before.Token) != (care.UserID{}) || h.who(session.Token) != sam {
			h.Error("accepting ends other sessions")
		}
		if len(h.events) != 1 || h.events[0].Session != before.Actor.Session || h.events[0].Org != org {
			h.Errorf("events %+v", h.events)
		}
		if left := session.ExpiresAt.Sub(h.clock.Now()); left != 90*24*time.Hour {
			h.Errorf("a bearer token for %v", left)
		}
	})
}

func TestInvitingAcrossPracticesFindsNobody(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		_, owner, _ := h.clinic()
		south := h.practice("South")
		eve := h.staff(south, care.RoleOwner, "eve@example.org")
		err := h.db.Write(h.Context(), func(tx *db.Tx) error {
			_, err := h.Invite(h.Context(), tx, owner.Actor, eve)
			return err
		})
		h.want("invite", err, care.NotFound)
		if n := h.number(`SELECT COUNT(*) FROM invitations`); n != 0 {
			h.Errorf("%d invitations", n)
		}
	})
}

func TestALinkIsUsedOnceAlsoAtTheSameMoment(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		_, owner, sam := h.clinic()
		token := tokenOf(h.invite(owner.Actor, sam).Link)
		var mu sync.Mutex
		var all sync.WaitGroup
		used := 0
		for i := range 8 {
			all.Go(func() {
				_, err := h.Accept(h.Context(), token, fmt.Sprint(fresh, i), false)
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					used++
				} else if !errors.Is(err, care.NotFound) {
					h.Error(err)
				}
			})
		}
		all.Wait()
		if n := h.number(`SELECT COUNT(*) FROM sessions WHERE user_id = $1`, sam); used != 1 || n != 1 {
			h.Errorf("used %d times, %d sessions", used, n)
		}
	})
}

func TestInvitationByMailOverSMTP(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{Auth: true, StartTLS: true})
	settings, err := mail.Parse("smtp://hearth:post%20office@"+server.Addr, "hearth@example.org")
	if err != nil {
		t.Fatal(err)
	}
	each(t, identity.Config{Mail: mail.NewSMTP(settings, server.Trust)}, func(h *house) {
		org, owner, sam := h.clinic()
		h.exec(`UPDATE organizations SET name_in_mail = 'The blue house', colour = '#20417a' WHERE id = $1`, org)
		made := h.invite(owner.Actor, sam)
		if !made.Mailed || made.Link != "" {
			h.Fatalf("%+v", made)
		}
		h.work()
		got := server.Next(h.T)
		if got.To[0] != "sam@example.org" || !strings.Contains(got.Data, "The blue house") || strings.Contains(got.Data, "North") {
			h.Errorf("to %v\n%s", got.To, got.Data)
		}
		text := strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(got.Data)
		links := anyLink.FindAllString(text, 1)
		if len(links) != 1 || strings.Count(text, "background:#20417a;color:#ffffff") != 1 {
			h.Fatal(text)
		}
		session, err := h.Accept(h.Context(), tokenOf(links[0]), fresh, false)
		h.want("accept", err, "")
		if h.who(session.Token) != sam {
			h.Errorf("%+v", session)
		}
	})
}

// While the job waits, nothing in the database opens the account, and the mail is sent
// again with another token until it goes out.
func TestTheTokenOfAMailIsInTheMailOnly(t *testing.T) {
	each(t, identity.Config{Mail: &postbox{}}, func(h *house) {
		_, owner, sam := h.clinic()
		h.invite(owner.Actor, sam)
		if n := h.number(`SELECT COUNT(*) FROM jobs WHERE kind = 'identity.invite' AND length(args) > 55`); n != 0 {
			h.Error("the job holds more than an id")
		}
		h.post.fail = errors.New("the server is away")
		h.work()
		h.post.fail = nil
		h.clock.Advance(24 * time.Hour)
		h.work()
		if len(h.post.mails) != 1 || !strings.Contains(h.post.mails[0].Text, "7 days") {
			h.Fatalf("mails %+v", h.post.mails)
		}
		_, err := h.Accept(h.Context(), tokenOf(linkIn(h, h.post.mails[0].Text)), fresh, false)
		h.want("accept", err, "")
	})
}

func TestAnInvitationThatWasReplacedSendsNothing(t *testing.T) {
	each(t, identity.Config{Mail: &postbox{}}, func(h *house) {
		_, owner, sam := h.clinic()
		h.invite(owner.Actor, sam)
		h.invite(owner.Actor, sam)
		if h.work(); len(h.post.mails) != 1 {
			h.Errorf("%d mails", len(h.post.mails))
		}
	})
}

func TestWithoutAnAddressTheLinkIsHandedOver(t *testing.T) {
	each(t, identity.Config{Mail: &postbox{}}, func(h *house) {
		org, owner, _ := h.clinic()
		kim := h.client(org, owner.Actor.User, "")
		if made := h.invite(owner.Actor, kim); made.Mailed || made.Link == "" {
			h.Errorf("%+v", made)
		}
	})
}

func TestARefusedRecipientIsNotTriedAgain(t *testing.T) {
	server := mailtest.Start(t, mailtest.Options{})
	settings, _ := mail.Parse("smtp://"+server.Addr+"?tls=none", "hearth@example.org")
	h := newHouse(t, testkit.SQLite(t), identity.Config{Mail: mail.NewSMTP(settings, nil)})
	_, owner, sam := h.clinic()
	h.invite(owner.Actor, sam)
	server.Refuse(1, 550)
	h.work()
	counts, err := jobs.Inspect(h.Context(), h.db, h.clock.Now())
	h.want("inspect", err, "")
	for _, c := range counts {
		if c.Kind == "identity.invite" && c.Dead != 1 {
			h.Errorf("%+v", c)
		}
	}
}

// Who was invited stays "invited" for the directory, however long ago; links of those who
// joined are swept.
func TestSweepKeepsThatSomebodyWasInvited(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		org, owner, sam := h.clinic()
		joined := h.client(org, owner.Actor.User, "kim@example.org")
		h.invite(owner.Actor, sam)
		_, err := h.Accept(h.Context(), tokenOf(h.invite(owner.Actor, joined).Link), fresh, false)
		h.want("accept", err, "")
		h.clock.Advance(31 * 24 * time.Hour)
		h.want("sweep", h.Sweep(h.Context()), "")
		if n := h.number(`SELECT COUNT(*) FROM invitations WHERE user_id = $1`, sam); n != 1 {
			h.Errorf("%d rows of who has not come yet", n)
		}
		if n := h.number(`SELECT COUNT(*) FROM invitations WHERE user_id = $1`, joined); n != 0 {
			h.Errorf("%d rows of who joined", n)
		}
	})
}
