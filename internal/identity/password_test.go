package identity_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/identity"
	"hearth/internal/testkit"
)

const fresh = "a new and long one"

func TestChangingThePasswordEndsOtherSessions(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		org := h.practice("North")
		ann := h.staff(org, care.RoleOwner, "ann@example.org")
		here, there := h.in("ann@example.org"), h.in("ann@example.org")
		h.who(there.Token)
		change := func(current, next string) error {
			return h.ChangePassword(h.Context(), here.Actor, current, next, home)
		}
		h.want("a wrong one", change(wrong, fresh), care.Invalid)
		h.want("too short", change(right, "short"), care.Invalid)
		h.want("too long", change(right, strings.Repeat("x", 201)), care.Invalid)
		if len(h.events) != 0 || h.who(there.Token) != ann {
			h.Error("a refusal ended a session")
		}
		h.want("right", change(right, fresh), "")
		if h.who(there.Token) != (care.UserID{}) || h.who(here.Token) != ann {
			h.Error("the other session ends, this one stays")
		}
		if len(h.events) != 1 || h.events[0].Session != there.Actor.Session || h.events[0].Text != identity.EndPassword {
			h.Errorf("events %+v", h.events)
		}
		_, err := h.try("ann@example.org", right)
		h.want("the old password", err, care.Unauthenticated)
		_, err = h.try("ann@example.org", fresh)
		h.want("the new password", err, "")
		want := "[session.created session.created session.failed password session.ended password_changed password.changed session.failed password session.created]"
		if got := h.since(org, 0); got != want {
			h.Error(got)
		}
	})
}

func TestGuessingTheCurrentPasswordIsCounted(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		session := h.in("ann@example.org")
		for range 5 {
			h.want("guess", h.ChangePassword(h.Context(), session.Actor, wrong, fresh, home), care.Invalid)
		}
		if err := h.ChangePassword(h.Context(), session.Actor, right, fresh, home); retryAfter(err) != 2 {
			h.Errorf("after five: %v", err)
		}
	})
}

func TestAnOldHashIsRenewedAtSignIn(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		ann := h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		stored := func() (hash string, changed int64) {
			err := h.db.Read(h.Context(), func(tx *db.Tx) error {
				return tx.QueryRow(h.Context(), `SELECT password_hash, changed_at FROM credentials WHERE user_id = $1`, ann).Scan(&hash, &changed)
			})
			h.want("read", err, "")
			return hash, changed
		}
		old, changed := stored()
		h.in("ann@example.org")
		if same, _ := stored(); same != old {
			h.Error("a hash of today's costs was renewed")
		}
		dearer := identity.New(h.db, h.clock.Now, identity.Config{Hash: identity.HashParams{Passes: 2, MemoryKiB: 128, Threads: 1}, Bus: h.bus})
		defer dearer.Close()
		h.clock.Advance(time.Hour)
		_, err := dearer.SignIn(h.Context(), identity.SignIn{Email: "ann@example.org", Password: right})
		h.want("sign in", err, "")
		renewed, at := stored()
		if !strings.HasPrefix(renewed, "$argon2id$v=19$m=128,t=2,p=1$") || at != changed {
			h.Errorf("stored %s, changed at %d, before %d", renewed, at, changed)
		}
		h.in("ann@example.org") // and back again
	})
}

// An unused link must not outlive a password that was chosen after it.
func TestAPasswordWithdrawsOpenLinks(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		org := h.practice("North")
		ann := h.staff(org, care.RoleOwner, "ann@example.org")
		session := h.in("ann@example.org")
		link := h.invite(session.Actor, ann).Link
		h.want("change", h.ChangePassword(h.Context(), session.Actor, right, fresh, home), "")
		_, err := h.Lookup(h.Context(), tokenOf(link))
		h.want("lookup", err, care.NotFound)
	})
}

func TestResetByMail(t *testing.T) {
	each(t, identity.Config{Mail: &postbox{}}, func(h *house) {
		org := h.practice("North")
		ann := h.staff(org, care.RoleOwner, "ann@example.org")
		session := h.in("ann@example.org")
		h.want("request", h.RequestReset(h.Context(), " Ann@example.org", home), "")
		h.work()
		if len(h.post.mails) != 1 || h.post.mails[0].To != "ann@example.org" || h.post.mails[0].SenderName != "North" {
			h.Fatalf("mails %+v", h.post.mails)
		}
		link := linkIn(h, h.post.mails[0].Text)
		if !strings.HasPrefix(link, "https://chat.example.org/reset#") || !strings.Contains(h.post.mails[0].Text, "1 hour") {
			h.Error(h.post.mails[0].Text)
		}
		h.in("ann@example.org") // the old password works until another is chosen
		h.want("too short", h.ConfirmReset(h.Context(), tokenOf(link), "short"), care.Invalid)
		h.want("confirm", h.ConfirmReset(h.Context(), tokenOf(link), fresh), "")
		h.want("again", h.ConfirmReset(h.Context(), tokenOf(link), fresh), care.NotFound)
		if h.who(session.Token) != (care.UserID{}) || len(h.events) != 2 {
			h.Errorf("the sessions go on; events %+v", h.events)
		}
		if s, err := h.try("ann@example.org", fresh); err != nil || s.Actor.User != ann {
			h.Error(err)
		}
	})
}

func TestAResetLocksNobodyOutAndOpensALockedAccount(t *testing.T) {
	each(t, identity.Config{Mail: &postbox{}}, func(h *house) {
		h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		for range 5 {
			_, _ = h.try("ann@example.org", wrong)
		}
		if _, err := h.try("ann@example.org", right); retryAfter(err) < 1 {
			h.Fatal("not slowed down")
		}
		h.want("request", h.RequestReset(h.Context(), "ann@example.org", home), "")
		h.work()
		h.want("confirm", h.ConfirmReset(h.Context(), tokenOf(linkIn(h, h.post.mails[0].Text)), fresh), "")
		_, err := h.try("ann@example.org", fresh)
		h.want("at once", err, "")
	})
}

func TestResetTellsNothingAndSendsNothingToOthers(t *testing.T) {
	each(t, identity.Config{Mail: &postbox{}}, func(h *house) {
		org := h.practice("North")
		ann := h.staff(org, care.RoleOwner, "ann@example.org")
		gone := h.staff(org, care.RoleProvider, "gone@example.org")
		h.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, gone)
		h.client(org, ann, "listed@example.org") // an address on file, never invited
		for _, email := range []string{"nobody@example.org", "gone@example.org", "listed@example.org"} {
			h.want(email, h.RequestReset(h.Context(), email, home), "")
		}
		h.want("no address", h.RequestReset(h.Context(), "nobody", home), care.Invalid)
		h.work()
		if len(h.post.mails) != 0 {
			h.Errorf("mails %+v", h.post.mails)
		}
		if n := h.number(`SELECT COUNT(*) FROM jobs WHERE kind = 'identity.reset'`); n != 3 {
			h.Errorf("%d jobs: the work tells who has an account", n)
		}
		if got := h.since(care.Installation, 0) + h.since(org, 0); got != "[password.reset_requested][password.reset_requested password.reset_requested]" {
			h.Error(got)
		}
	})
}

func TestResetsAreFew(t *testing.T) {
	each(t, identity.Config{Mail: &postbox{}}, func(h *house) {
		h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		for i := range 6 {
			h.want(fmt.Sprint(i), h.RequestReset(h.Context(), "ann@example.org", ""), "")
			if i > 0 { // the first two are one mail
				h.work()
			}
		}
		if len(h.post.mails) != 2 {
			h.Errorf("%d mails to one person", len(h.post.mails))
		}
		h.clock.Advance(time.Hour)
		h.want("an hour later", h.RequestReset(h.Context(), "ann@example.org", ""), "")
		if h.work(); len(h.post.mails) != 3 {
			h.Errorf("%d mails", len(h.post.mails))
		}
		for i := range 20 {
			h.want(fmt.Sprint("caller ", i), h.RequestReset(h.Context(), fmt.Sprintf("p%d@example.org", i), home), "")
		}
		if err := h.RequestReset(h.Context(), "ann@example.org", home); retryAfter(err) < 1 {
			h.Errorf("the 21st of one caller: %v", err)
		}
	})
}

// Two sign-ins race a change of the password: afterwards only sessions of the new one, or
// of before the change and ended with it, were ever opened.
func TestASignInThatRacesAChangeDoesNotSurvive(t *testing.T) {
	for range 5 {
		h := newHouse(t, testkit.SQLite(t), identity.Config{Unlimited: true})
		h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		here := h.in("ann@example.org")
		opened := make(chan string, 100)
		done := make(chan struct{})
		for range 4 {
			go func() {
				for range 10 {
					s, _ := h.try("ann@example.org", right)
					opened <- s.Token
				}
				done <- struct{}{}
			}()
		}
		h.want("change", h.ChangePassword(h.Context(), here.Actor, right, fresh, home), "")
		for range 4 {
			<-done
		}
		close(opened)
		for token := range opened {
			if token != "" && h.who(token) != (care.UserID{}) {
				t.Fatal("a session of the old password lives on")
			}
		}
	}
}
