package push

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"hearth/internal/outward"
)

// Somebody may give endpoints of as many invented push services as they like.
func TestInventedPushServicesTakeNoRoom(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	made, err := newTokens(key, "", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	most := 0
	for i := range 2*mostTokens + 1 {
		at := &url.URL{Scheme: "https", Host: fmt.Sprintf("push%d.example", i)}
		first, err := made.header(at)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := made.header(at); err != nil || again != first {
			t.Errorf("the token of the last one is not kept: %v", err)
		}
		most = max(most, len(made.kept))
	}
	if most != mostTokens {
		t.Errorf("%d tokens were kept, want %d", most, mostTokens)
	}
}

func TestAnErrorSaysWhatWasAnsweredOrWhyNothing(t *testing.T) {
	answered := &Error{Failure: Later, Status: 503}
	if text := answered.Error(); !strings.Contains(text, "later") || !strings.Contains(text, "503") {
		t.Errorf("%q", text)
	}
	silent := &Error{Failure: Later, Cause: outward.ErrTimeout}
	if text := silent.Error(); !strings.Contains(text, outward.ErrTimeout.Error()) || strings.Contains(text, "answered") {
		t.Errorf("%q", text)
	}
	if errors.Is(answered, outward.ErrTimeout) || !errors.Is(silent, outward.ErrTimeout) || !errors.Is(silent, Later) {
		t.Error("the causes are mixed up")
	}
}
