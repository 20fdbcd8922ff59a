package identity

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/argon2"

	"hearth/internal/care"
)

func TestHashIsAPHCStringOfTheChosenCosts(t *testing.T) {
	h := newHasher(DefaultHash, 1)
	stored := h.hash("correct horse")
	if !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Error(stored)
	}
	parsed, err := parseHash(stored)
	if err != nil {
		t.Fatal(err)
	}
	want := argon2.IDKey([]byte("correct horse"), parsed.salt, 2, 19*1024, 1, 32)
	if string(parsed.key) != string(want) {
		t.Error("not the argon2id of the password")
	}
	if again := h.hash("correct horse"); again == stored {
		t.Error("two hashes of one password are the same: no salt")
	}
}

// Made by the reference implementation: argon2 somesalt -id -t 2 -m 16 -p 1 -l 32.
const reference = "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"

func TestVerify(t *testing.T) {
	h := newHasher(HashParams{1, 64, 1}, 1)
	own := h.hash("Zoë's password") // one letter with a mark
	for _, c := range []struct {
		stored, password string
		match, stale     bool
	}{
		{own, "Zoë's password", true, false},
		{own, "Zoe\u0308's password", true, false}, // letter and mark apart
		{own, "Zoe's password", false, false},
		{own, "", false, false},
		{reference, "password", true, true},
		{reference, "Password", false, true},
		{"", "", false, false},
		{"", "password", false, false},
	} {
		match, stale, err := h.verify(c.stored, c.password)
		if err != nil || match != c.match || (c.match && stale != c.stale) {
			t.Errorf("%q with %.20q: %v %v %v", c.password, c.stored, match, stale, err)
		}
	}
}

func TestParseRefusesWhatNobodyStored(t *testing.T) {
	for _, text := range []string{
		"", "password", "$argon2id$", "$2y$10$abcdefghijklmnopqrstuv",
		strings.Replace(reference, "argon2id", "argon2i", 1),
		strings.Replace(reference, "v=19", "v=16", 1),
		strings.Replace(reference, "m=65536", "m=4294967295", 1), // 4 TiB
		strings.Replace(reference, "t=2", "t=4000000", 1),
		strings.Replace(reference, "t=2", "t=0", 1),
		strings.Replace(reference, "p=1", "p=300", 1),
		strings.Replace(reference, "c29tZXNhbHQ", "YQ", 1),
		reference + "$", reference + "=",
	} {
		if _, err := parseHash(text); err == nil {
			t.Errorf("%q was read", text)
		}
	}
}

func FuzzParseHash(f *testing.F) {
	f.Add(reference)
	f.Fuzz(func(t *testing.T, text string) {
		if h, err := parseHash(text); err == nil && (h.String() != text || h.MemoryKiB > 1<<20) {
			t.Errorf("%q became %q", text, h)
		}
	})
}

func TestFewHashAtOnceAndTheRestWaitsInVainForALimitedTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHasher(HashParams{1, 64, 1}, 2)
		for range 2 {
			if err := h.enter(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := h.enter(gone); !errors.Is(err, context.Canceled) {
			t.Errorf("the caller went away: %v", err)
		}
		began := time.Now()
		var refusal *care.Error
		if err := h.enter(t.Context()); !errors.As(err, &refusal) || refusal.Code != care.CodeUnavailable || refusal.RetryAfter == 0 {
			t.Errorf("no turn: %v", err)
		}
		if waited := time.Since(began); waited != maxWait {
			t.Errorf("waited %v", waited)
		}
		var in atomic.Bool
		go func() { in.Store(h.enter(t.Context()) == nil) }()
		synctest.Wait()
		h.leave()
		synctest.Wait()
		if !in.Load() {
			t.Error("a turn that became free was not taken")
		}
	})
}

func TestAnUnknownAccountCostsTheSameWork(t *testing.T) {
	h := newHasher(HashParams{2, 8 * 1024, 1}, 1)
	stored := h.hash("correct horse")
	cost := func(stored string) time.Duration {
		best := time.Hour
		for range 15 {
			began := time.Now()
			if match, _, err := h.verify(stored, "incorrect horse"); match || err != nil {
				t.Fatal(match, err)
			}
			best = min(best, time.Since(began))
		}
		return best
	}
	known, unknown := cost(stored), cost("")
	if ratio := float64(unknown) / float64(known); ratio < 0.5 || ratio > 2 {
		t.Errorf("known %v, unknown %v", known, unknown)
	}
}
