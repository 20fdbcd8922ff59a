package identity_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/identity"
)

// retryAfter gives the seconds of a rate_limited refusal, -1 for anything else.
func retryAfter(err error) int {
	var refusal *care.Error
	if errors.As(err, &refusal) && refusal.Code == care.CodeRateLimited {
		return refusal.RetryAfter
	}
	return -1
}

// The same story for an account that exists and for one that does not.
func TestFailuresSlowDownAndThenLock(t *testing.T) {
	for _, email := range []string{"ann@example.org", "nobody@example.org"} {
		t.Run(email, func(t *testing.T) {
			each(t, identity.Config{}, func(h *house) {
				org := h.practice("North")
				h.staff(org, care.RoleOwner, "ann@example.org")
				for i := range 5 {
					_, err := h.try(email, wrong)
					h.want(fmt.Sprint("failure ", i+1), err, care.Unauthenticated)
				}
				for _, seconds := range []int{2, 4, 8, 16, 32} {
					for _, password := range []string{wrong, right} {
						if _, err := h.try(email, password); retryAfter(err) != seconds {
							h.Fatalf("%v, want a pause of %d s", err, seconds)
						}
					}
					h.clock.Advance(time.Duration(seconds) * time.Second)
					_, err := h.try(email, wrong)
					h.want("after the pause", err, care.Unauthenticated)
				}
				if _, err := h.try(email, right); retryAfter(err) != 15*60 {
					h.Errorf("the lock: %v", err)
				}
				if _, err := h.try("Ann@Example.org", right); (retryAfter(err) > 0) != (email == "ann@example.org") {
					h.Errorf("another spelling, or another account: %v", err)
				}
				h.clock.Advance(15 * time.Minute)
				if _, err := h.try("ann@example.org", right); err != nil {
					h.Errorf("after the lock: %v", err)
				}
				if email == "ann@example.org" {
					rows := h.audited(org)
					if len(rows) != 12 || rows[9] != "session.failed password" || rows[10] != "account.locked" {
						h.Errorf("audit %v", rows)
					}
				} else if rows := h.audited(care.Installation); len(rows) != 11 || rows[10] != "account.locked" {
					h.Errorf("audit %v", rows)
				}
			})
		})
	}
}

func TestSuccessForgivesTheAccount(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		for range 6 {
			for range 4 {
				_, err := h.try("ann@example.org", wrong)
				h.want("failure", err, care.Unauthenticated)
			}
			h.in("ann@example.org")
		}
	})
}

func TestOneAddressCannotTryManyAccounts(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		from := func(ip string) error {
			_, err := h.SignIn(h.Context(), identity.SignIn{Email: "ann@example.org", Password: right, RemoteIP: ip})
			return err
		}
		for i := range 50 {
			_, err := h.SignIn(h.Context(), identity.SignIn{Email: fmt.Sprintf("p%d@example.org", i), Password: wrong, RemoteIP: fmt.Sprintf("2001:db8:1:2::%x", i)})
			h.want(fmt.Sprint("failure ", i+1), err, care.Unauthenticated)
		}
		if err := from("2001:db8:1:2:ffff::1"); retryAfter(err) != 15*60 {
			h.Errorf("the same network: %v", err)
		}
		h.want("another network", from("2001:db8:1:3::1"), "")
		h.want("no address known", from(""), "")
		h.clock.Advance(15 * time.Minute)
		h.want("after the lock", from("2001:db8:1:2::1"), "")
	})
}

// A practice behind one address: somebody mistypes every minute, all day.
func TestNowAndThenAFailureIsNoFlood(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		for i := range 8 * 60 {
			_, err := h.try(fmt.Sprintf("p%d@example.org", i%60), wrong)
			h.want("mistyped", err, care.Unauthenticated)
			h.clock.Advance(time.Minute)
		}
	})
}

func TestRateLimitsCanBeSwitchedOff(t *testing.T) {
	each(t, identity.Config{Unlimited: true}, func(h *house) {
		h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		for range 60 {
			_, err := h.try("ann@example.org", wrong)
			h.want("failure", err, care.Unauthenticated)
		}
		h.in("ann@example.org")
	})
}

// Passwords cannot be tried faster than they are counted by trying them all at once.
func TestAttemptsAtOnceAreCountedOneByOne(t *testing.T) {
	each(t, identity.Config{}, func(h *house) {
		h.staff(h.practice("North"), care.RoleOwner, "ann@example.org")
		var compared atomic.Int64
		var all sync.WaitGroup
		for range 60 {
			all.Go(func() {
				if _, err := h.try("ann@example.org", wrong); errors.Is(err, care.Unauthenticated) {
					compared.Add(1)
				} else if retryAfter(err) < 1 {
					h.Error(err)
				}
			})
		}
		all.Wait()
		if compared.Load() != 5 {
			h.Errorf("%d passwords were compared, want 5", compared.Load())
		}
	})
}
