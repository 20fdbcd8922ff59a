package webhook

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestSignatureOfTheStandard is the example that Standard Webhooks' own libraries are tested
// with.
func TestSignatureOfTheStandard(t *testing.T) {
	secret, err := base64.StdEncoding.DecodeString("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
	if err != nil {
		t.Fatal(err)
	}
	const want = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	got := signature([]Secret{secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`))
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
	other := make([]byte, len(secret))
	if two := signature([]Secret{other, secret}, "msg_p5jXN8AQM9LWM0D4loKWxJek", time.Unix(1614265330, 0), []byte(`{"test": 2432232314}`)); !strings.HasSuffix(two, " "+want) {
		t.Errorf("two: %s", two)
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	secret := newSecret()
	for _, form := range []string{"%v", "%+v", "%#v", "%s"} {
		if text := fmt.Sprintf(form, struct{ S Secret }{secret}) + fmt.Sprintf(form, secret); strings.Contains(text, secret.Reveal()) || strings.Contains(text, string(secret)) {
			t.Errorf("%s: %s", form, text)
		}
	}
}

func TestRotation(t *testing.T) {
	engines(t, func(w *world) {
		r := w.receiver(nil)
		e, first := w.endpoint(r.URL)
		last := func() received {
			t.Helper()
			w.happens(message(1))
			w.work(1)
			calls := r.got()
			return calls[len(calls)-1]
		}
		c := last()
		if !genuine(first, c, w.clock.Now()) || strings.Contains(c.Header.Get("webhook-signature"), " ") {
			t.Errorf("%v", c.Header)
		}
		changed, secret, err := w.svc.Rotate(ctx, w.olga, e.ID)
		w.must(err)
		second := secret.Reveal()
		if second == first || !changed.OldSecretUntil.Equal(w.clock.Now().Add(24*time.Hour)) || !w.look(e.ID).OldSecretUntil.Equal(changed.OldSecretUntil) {
			t.Errorf("%+v", changed)
		}
		if c := last(); !genuine(first, c, w.clock.Now()) || !genuine(second, c, w.clock.Now()) {
			t.Error("both secrets sign after a change")
		}
		w.clock.Advance(24*time.Hour - time.Millisecond)
		if c := last(); !genuine(first, c, w.clock.Now()) || !genuine(second, c, w.clock.Now()) {
			t.Error("both secrets sign for a day")
		}
		w.clock.Advance(time.Millisecond)
		if c := last(); genuine(first, c, w.clock.Now()) || !genuine(second, c, w.clock.Now()) || !w.look(e.ID).OldSecretUntil.IsZero() {
			t.Error("after a day the new secret alone signs")
		}
		c = last()
		c.Body = strings.Replace(c.Body, `"seq":1`, `"seq":2`, 1)
		if genuine(second, c, w.clock.Now()) {
			t.Error("a body that was altered is genuine")
		}
		if stored := w.count(`SELECT COUNT(*) FROM audit_log WHERE details LIKE '%whsec%'`); stored != 0 || w.acts()[1] != "webhook.secret_changed" {
			t.Errorf("on record: %q", w.acts())
		}
	})
}
