package identity_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/identity"
)

func TestSignInAndOut(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		org := h.practice("North")
		ann := h.staff(org, care.RoleProvider, "ann@example.org")
		session := h.in("ann@example.org")
		actor, err := h.Authenticate(h.Context(), session.Token)
		h.want("authenticate", err, "")
		want := care.Actor{Org: org, User: ann, Kind: care.KindStaff, Name: "Name of ann@example.org", Role: care.RoleProvider,
			Permissions: care.DefaultPermissions(care.RoleProvider), Session: session.Actor.Session}
		if actor != want || session.Actor != want || session.Email != "ann@example.org" {
			h.Errorf("actor %+v\nwant %+v", actor, want)
		}
		if h.number(`SELECT COUNT(*) FROM sessions WHERE token_hash = $1`, []byte(session.Token)) != 0 {
			h.Error("the token itself is stored")
		}
		other := h.in("ann@example.org")
		h.want("sign out", h.SignOut(h.Context(), actor), "")
		if h.who(session.Token) != (care.UserID{}) || h.who(other.Token) != ann {
			h.Error("signing out ends one session, at once")
		}
		if len(h.events) != 1 || h.events[0].Type != care.EventSessionEnded || h.events[0].Session != session.Actor.Session || h.events[0].To[0] != ann {
			h.Errorf("events %+v", h.events)
		}
		h.want("sign out twice", h.SignOut(h.Context(), actor), "")
		if got := h.since(org, 0); got != "[session.created session.created session.ended signed_out]" {
			h.Error(got)
		}
	})
}

func TestLetterCaseOfTheAddressDoesNotCount(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		ann := h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		for _, typed := range []string{"Ann@Example.ORG", "  ANN@EXAMPLE.ORG "} {
			if session, err := h.try(typed, right); err != nil || session.Actor.User != ann {
				h.Errorf("%q: %v", typed, err)
			}
		}
		for _, typed := range []string{right + " ", strings.ToUpper(right)} {
			_, err := h.try("ann@example.org", typed)
			h.want("another password", err, care.Unauthenticated)
		}
	})
}

func TestSignInRefusesAlike(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		org := h.practice("North")
		ann := h.staff(org, care.RoleOwner, "ann@example.org")
		gone := h.staff(org, care.RoleProvider, "gone@example.org")
		h.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, gone)
		h.client(org, ann, "new@example.org")
		_, wanted := h.try("ann@example.org", wrong)
		for _, c := range [][2]string{{"nobody@example.org", right}, {"gone@example.org", right}, {"gone@example.org", wrong}, {"new@example.org", right}} {
			if _, err := h.try(c[0], c[1]); err == nil || err.Error() != wanted.Error() || message(err) != message(wanted) {
				h.Errorf("%s: %v, want %v", c[0], err, wanted)
			}
		}
		if got := h.since(org, 0); got != "[session.failed password session.failed inactive session.failed inactive session.failed not_joined]" {
			h.Error(got)
		}
		if got := h.since(care.Installation, 0); got != "[session.failed unknown]" {
			h.Error(got)
		}
		for _, c := range [][2]string{{"", right}, {"no address", right}, {"ann@example.org", ""}, {"ann@example.org", "a\x00b"}, {"ann@example.org", strings.Repeat("x", 201)}} {
			_, err := h.try(c[0], c[1])
			h.want(fmt.Sprintf("%q", c), err, care.Invalid)
		}
	})
}

func message(err error) string {
	var refusal *care.Error
	errors.As(err, &refusal)
	return refusal.Message
}

func TestArchivedClientsMayComeIn(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		org := h.practice("North")
		sam := h.client(org, h.staff(org, care.RoleOwner, "ann@example.org"), "sam@example.org")
		h.password(sam, right)
		h.exec(`UPDATE clients SET state = 'archived' WHERE user_id = $1`, sam)
		if actor, err := h.Authenticate(h.Context(), h.in("sam@example.org").Token); err != nil || actor.User != sam || actor.Permissions != 0 {
			h.Errorf("%+v %v", actor, err)
		}
	})
}

func TestSessionsEndIdleAndAbsolute(t *testing.T) {
	cfg := identity.Config{CookieIdle: 12 * time.Hour, CookieLife: 48 * time.Hour, BearerIdle: 36 * time.Hour, BearerLife: 96 * time.Hour}
	each(t, cfg, func(h *house) {
		ann := h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		for _, c := range []struct {
			bearer     bool
			idle, life time.Duration
		}{{false, 12 * time.Hour, 48 * time.Hour}, {true, 36 * time.Hour, 96 * time.Hour}} {
			open := func() string {
				s, err := h.SignIn(h.Context(), identity.SignIn{Email: "ann@example.org", Password: right, Bearer: c.bearer})
				h.want("sign in", err, "")
				return s.Token
			}
			idle := open()
			h.clock.Advance(c.idle - time.Millisecond)
			if h.who(idle) != ann {
				h.Error("ended before it was idle for long")
			}
			h.clock.Advance(time.Millisecond) // its use was not flushed
			if h.who(idle) != (care.UserID{}) {
				h.Error("idle and still in")
			}
			used, began := open(), h.clock.Now()
			for h.clock.Now().Sub(began) < c.life {
				if h.who(used) != ann {
					h.Fatalf("in use and ended after %v", h.clock.Now().Sub(began))
				}
				h.want("flush", h.FlushUsed(h.Context()), "")
				h.clock.Advance(time.Hour)
			}
			if h.who(used) != (care.UserID{}) {
				h.Error("in use beyond its life")
			}
		}
	})
}

func TestUseIsWrittenAtMostOnceAMinute(t *testing.T) {
	seen := 0
	cfg := identity.Config{Seen: func(context.Context, *db.Tx, []care.UserID, time.Time) error { seen++; return nil }}
	each(t, cfg, func(h *house) {
		seen = 0
		h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		token, start := h.in("ann@example.org").Token, h.clock.Now()
		for range 5 * 60 {
			h.clock.Advance(time.Second)
			h.who(token)
			h.want("flush", h.FlushUsed(h.Context()), "")
		}
		used := db.FromMillis(int64(h.number(`SELECT used_at FROM sessions`)))
		if age := h.clock.Now().Sub(used); age > 61*time.Second || !used.After(start) {
			h.Errorf("stored use is %v old", age)
		}
		if seen < 5 || seen > 16 { // once when it began; a load of the cache may be 2 s old
			h.Errorf("%d writes in five minutes", seen)
		}
	})
}

// A page that stays open asks again and again whose it is; that is no use of the session.
func TestCheckingIsNoUse(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		token, began := h.in("ann@example.org").Token, h.clock.Now()
		for {
			actor, err := h.Check(h.Context(), token)
			if errors.Is(err, care.Unauthenticated) {
				break
			}
			h.want("check", err, "")
			if age := h.clock.Now().Sub(began); actor.Session.IsZero() || age > 90*24*time.Hour {
				h.Fatalf("still in after %v of doing nothing", age)
			}
			h.want("flush", h.FlushUsed(h.Context()), "")
			h.clock.Advance(time.Hour)
		}
		if used := db.FromMillis(int64(h.number(`SELECT used_at FROM sessions`))); !used.Equal(began) {
			h.Errorf("used at %v, but it was opened at %v and only checked", used, began)
		}
	})
}

func TestForgettingIsImmediateAndOtherwiseTwoSeconds(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		ann := h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		token := h.in("ann@example.org").Token
		h.who(token)
		h.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, ann)
		h.clock.Advance(1999 * time.Millisecond)
		if h.who(token) != ann {
			h.Error("not cached at all")
		}
		h.clock.Advance(time.Millisecond)
		if h.who(token) != (care.UserID{}) {
			h.Error("cached beyond two seconds")
		}
		h.exec(`UPDATE staff SET active = TRUE, permissions = 'send_blasts' WHERE user_id = $1`, ann)
		h.clock.Advance(2 * time.Second)
		if actor, err := h.Authenticate(h.Context(), token); err != nil || actor.Permissions != care.PermissionsOf(care.SendBlasts) {
			h.Errorf("%+v %v", actor, err)
		}
		h.exec(`UPDATE staff SET permissions = '' WHERE user_id = $1`, ann)
		h.Forget(ann)
		if actor, err := h.Authenticate(h.Context(), token); err != nil || actor.Permissions != 0 {
			h.Errorf("%+v %v", actor, err)
		}
		h.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, ann)
		h.bus.Publish(care.Event{Type: care.EventSessionEnded, To: []care.UserID{ann}}) // as from another node
		if h.who(token) != (care.UserID{}) {
			h.Error("another node's word was not heard")
		}
	})
}

func TestEndSessionsLeavesOneAndTellsEach(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		org := h.practice("North")
		ann := h.staff(org, care.RoleOwner, "ann@example.org")
		h.staff(org, care.RoleAdmin, "ben@example.org")
		keep, one, two, ben := h.in("ann@example.org"), h.in("ann@example.org"), h.in("ann@example.org"), h.in("ben@example.org")
		for _, s := range []identity.Session{keep, one, two, ben} {
			h.who(s.Token)
		}
		end := func(except care.SessionID) (events []care.Event) {
			h.write(func(ctx context.Context, tx *db.Tx) (err error) {
				events, err = h.EndSessions(ctx, tx, ann, except)
				return err
			})
			h.bus.Publish(events...)
			return events
		}
		if got := end(keep.Actor.Session); len(got) != 2 || got[0].Session == got[1].Session || got[0].Org != org {
			h.Errorf("events %+v", got)
		}
		if h.who(keep.Token) != ann || h.who(one.Token) != (care.UserID{}) || h.who(two.Token) != (care.UserID{}) {
			h.Error("the wrong ones ended")
		}
		if got := end(care.SessionID{}); len(got) != 1 || h.who(keep.Token) != (care.UserID{}) || h.who(ben.Token) == (care.UserID{}) {
			h.Errorf("events %+v", got)
		}
	})
}

func TestSweepEndsWhatIsOver(t *testing.T) {
	cfg := identity.Config{CookieIdle: time.Hour, BearerIdle: 3 * time.Hour}
	each(t, cfg, func(h *house) {
		org := h.practice("North")
		h.staff(org, care.RoleOwner, "ann@example.org")
		cookie := h.in("ann@example.org")
		_, err := h.SignIn(h.Context(), identity.SignIn{Email: "ann@example.org", Password: right, Bearer: true})
		h.want("bearer", err, "")
		_, _ = h.try("nobody@example.org", wrong)
		h.clock.Advance(time.Hour)
		h.work()
		if len(h.events) != 1 || h.events[0].Session != cookie.Actor.Session || h.events[0].Text != identity.EndExpired {
			h.Errorf("events %+v", h.events)
		}
		if n := h.number(`SELECT COUNT(*) FROM sessions`); n != 1 {
			h.Errorf("%d sessions left", n)
		}
		h.clock.Advance(25 * time.Hour)
		h.work()
		if n := h.number(`SELECT (SELECT COUNT(*) FROM sessions) + (SELECT COUNT(*) FROM sign_in_failures)`); n != 0 {
			h.Errorf("%d rows left", n)
		}
		if got := h.since(org, 2); got != "[session.ended expired session.ended expired]" {
			h.Error(got)
		}
	})
}

// Whatever sessions there are in however many practices: a token gives the one person it
// was made for, in that person's practice, and no text that is not a token gives anybody.
func TestATokenStaysWithinItsPractice(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		type member struct {
			org  care.OrgID
			user care.UserID
		}
		owners := map[string]member{}
		var tokens []string
		var emails []string
		people := map[string]member{}
		for o := range 3 {
			org := h.practice(fmt.Sprint("Practice ", o))
			for p := range 2 {
				email := fmt.Sprintf("p%d@o%d.example.org", p, o)
				people[email] = member{org, h.staff(org, care.RoleAdmin, email)}
				emails = append(emails, email)
			}
		}
		rapid.Check(h.T, func(rt *rapid.T) {
			email := rapid.SampledFrom(emails).Draw(rt, "email")
			session, err := h.try(email, right)
			if err != nil {
				rt.Fatal(err)
			}
			owners[session.Token] = people[email]
			tokens = append(tokens, session.Token)
			token := rapid.SampledFrom(tokens).Draw(rt, "token")
			actor, err := h.Authenticate(h.Context(), token)
			if err != nil || (member{actor.Org, actor.User}) != owners[token] {
				rt.Fatalf("%+v %v", actor, err)
			}
			at := rapid.IntRange(0, len(token)-1).Draw(rt, "at")
			forged := token[:at] + rapid.StringMatching(`[A-Za-z0-9_-]`).Draw(rt, "letter") + token[at+1:]
			if actor, err := h.Authenticate(h.Context(), forged); forged != token && err == nil {
				rt.Fatalf("a forged token gave %+v", actor)
			}
		})
		for _, text := range []string{"", "x", strings.Repeat("A", 43), strings.Repeat("A", 10_000), "é" + strings.Repeat("A", 41)} {
			if _, err := h.Authenticate(h.Context(), text); !errors.Is(err, care.Unauthenticated) {
				h.Errorf("%.20q: %v", text, err)
			}
		}
	})
}
