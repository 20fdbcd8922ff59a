package push_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"

	"hearth/internal/care"
	"hearth/internal/outward"
	"hearth/internal/push"
	"hearth/internal/testkit"
)

const (
	goodKey  = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
	goodAuth = "BTBZMqHH6r4Tts7J_aSIgg"
	goodAt   = "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"
)

func TestSubscriptionsAreCheckedWhenGiven(t *testing.T) {
	clock := testkit.NewClock(start)
	sender := openSender(t, clock.Now, outward.New([]netip.Prefix{netip.MustParsePrefix("10.1.0.0/16")}))
	off := goodKey[:50] + "AAAA" + goodKey[54:] // the right length, and not on the curve
	compressed := "AyVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcx"
	for _, v := range []struct{ endpoint, key, auth, field string }{
		{goodAt, goodKey, goodAuth, ""},
		{goodAt, goodKey + "=", goodAuth + "==", ""},
		{"http://10.1.2.3/push", goodKey, goodAuth, ""},
		{"http://push.example.net/push", goodKey, goodAuth, ""}, // may lead to the network that is allowed
		{"", goodKey, goodAuth, "endpoint"},
		{"http://93.184.216.34/push", goodKey, goodAuth, "endpoint"},
		{"https://127.0.0.1/push", goodKey, goodAuth, "endpoint"},
		{"https://me:pw@push.example.net/push", goodKey, goodAuth, "endpoint"},
		{goodAt + strings.Repeat("x", 3000), goodKey, goodAuth, "endpoint"},
		{goodAt, "", goodAuth, "keys.p256dh"},
		{goodAt, off, goodAuth, "keys.p256dh"},
		{goodAt, compressed, goodAuth, "keys.p256dh"},
		{goodAt, "AA", goodAuth, "keys.p256dh"}, // infinity
		{goodAt, goodKey[:80], goodAuth, "keys.p256dh"},
		{goodAt, goodKey[:40] + "\n" + goodKey[40:], goodAuth, "keys.p256dh"},
		{goodAt, strings.Replace(goodKey, "_", "/", 1), goodAuth, "keys.p256dh"},
		{goodAt, strings.Repeat("A", 1<<20), goodAuth, "keys.p256dh"},
		{goodAt, goodKey, "", "keys.auth"},
		{goodAt, goodKey, goodAuth[:20], "keys.auth"},
		{goodAt, goodKey, goodAuth + "AA", "keys.auth"},
		{goodAt, goodKey, goodAuth[:11] + "\r\n" + goodAuth[11:], "keys.auth"},
		{goodAt, goodKey, "BTBZMqHH6r4Tts7J_aSIgh", "keys.auth"}, // bits behind the end
	} {
		err := sender.Check(push.Subscription{Endpoint: v.endpoint, P256dh: v.key, Auth: v.auth})
		refused, _ := errors.AsType[*care.Error](err)
		switch {
		case v.field == "" && err != nil:
			t.Errorf("%.60q %.60q %q: %v", v.endpoint, v.key, v.auth, err)
		case v.field != "" && (refused == nil || refused.Kind != care.Invalid || refused.Fields[0].Field != v.field):
			t.Errorf("%.60q %.60q %q: %v, want a fault of %s", v.endpoint, v.key, v.auth, err, v.field)
		}
	}
}

// FuzzSubscription looks for a subscription that passes and cannot be sent to.
func FuzzSubscription(f *testing.F) {
	f.Add(goodAt, goodKey, goodAuth)
	f.Add("https://a.example:8443/?b=%20", goodKey+"=", goodAuth+"==")
	f.Add("https://[::1]/", "BAAA", "\r\n")
	clock := testkit.NewClock(start)
	sender := openSender(f, clock.Now, outward.New(nil))
	f.Fuzz(func(t *testing.T, endpoint, key, auth string) {
		given := push.Subscription{Endpoint: endpoint, P256dh: key, Auth: auth}
		err := sender.Check(given)
		if err != nil {
			if refused, _ := errors.AsType[*care.Error](err); refused == nil || refused.Kind != care.Invalid {
				t.Fatalf("%q %q %q: %v", endpoint, key, auth, err)
			}
			return
		}
		body, header, err := push.Request(sender, given, []byte("text"))
		if err != nil || len(body) != 358 || !strings.HasPrefix(header.Get("Authorization"), "vapid t=") {
			t.Fatalf("%q %q %q passes: %d bytes, %v", endpoint, key, auth, len(body), err)
		}
	})
}
