package push

import (
	"bytes"
	"crypto/ecdh"
	"net/url"
	"testing"

	"hearth/internal/push/pushtest"
)

func bytesOf(t *testing.T, text string) []byte {
	t.Helper()
	data, ok := fromBase64(text)
	if !ok {
		t.Fatalf("no base64url: %s", text)
	}
	return data
}

// The example of RFC 8291, section 5 and appendix A.
const (
	vectorPlain     = "When I grow up, I want to be a watermelon"
	vectorSender    = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
	vectorReceiver  = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
	vectorP256dh    = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
	vectorAuth      = "BTBZMqHH6r4Tts7J_aSIgg"
	vectorSalt      = "DGv6ra1nlYgDCS1FRnbzlw"
	vectorKey       = "oIhVW04MRdy2XN9CiKLxTg"
	vectorNonce     = "4h_95klXJ5E_qnoN"
	vectorEncrypted = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_" +
		"yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)

func TestTheExampleOfRFC8291(t *testing.T) {
	to, err := Subscription{Endpoint: "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV", P256dh: vectorP256dh, Auth: vectorAuth}.read()
	if err != nil {
		t.Fatal(err)
	}
	from, err := ecdh.P256().NewPrivateKey(bytesOf(t, vectorSender))
	if err != nil {
		t.Fatal(err)
	}
	key, nonce, err := derive(to, from, bytesOf(t, vectorSalt))
	if err != nil || !bytes.Equal(key, bytesOf(t, vectorKey)) || !bytes.Equal(nonce, bytesOf(t, vectorNonce)) {
		t.Errorf("key %s, nonce %s, %v", toBase64(key), toBase64(nonce), err)
	}
	body, err := seal(to, from, bytesOf(t, vectorSalt), append([]byte(vectorPlain), lastRecord))
	if err != nil || toBase64(body) != vectorEncrypted {
		t.Errorf("encrypted %s, %v", toBase64(body), err)
	}
	receiver, err := ecdh.P256().NewPrivateKey(bytesOf(t, vectorReceiver))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := pushtest.Decrypt(receiver, to.auth, body); err != nil || string(plain) != vectorPlain {
		t.Errorf("read %q, %v", plain, err)
	}
}

// The example of RFC 8292, section 2.4. A signature has a random part, so what is signed
// is compared, and the example's signature is verified.
func TestTheExampleOfRFC8292(t *testing.T) {
	const signed = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0"
	const signature = "i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
	const key = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
	endpoint, err := url.Parse("https://push.example.net/p/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV")
	if err != nil {
		t.Fatal(err)
	}
	text, err := claims{Audience: origin(endpoint), Expires: 1453523768, Subject: "mailto:push@example.com"}.unsigned()
	if err != nil || text != signed {
		t.Errorf("to be signed: %s, %v", text, err)
	}
	got, by, err := pushtest.Verify("vapid t=" + signed + "." + signature + ", k=" + key)
	if err != nil || by != key || got.Audience != "https://push.example.net" || got.Expires != 1453523768 {
		t.Errorf("verified %+v by %s, %v", got, by, err)
	}
	if _, _, err := pushtest.Verify("vapid t=" + signed + "." + signature[:85] + "Q, k=" + key); err == nil {
		t.Error("another signature is believed")
	}
}

func TestOriginsArePushServices(t *testing.T) {
	for address, want := range map[string]string{
		"https://Push.Example.net/a/b":       "https://push.example.net",
		"https://push.example.net:443/a":     "https://push.example.net",
		"https://push.example.net:8443/a":    "https://push.example.net:8443",
		"http://10.1.2.3:8080/a":             "http://10.1.2.3:8080",
		"https://[2606:4700::1111]:443/path": "https://[2606:4700::1111]",
	} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if got := origin(u); got != want {
			t.Errorf("%s: %s, want %s", address, got, want)
		}
	}
}

func TestLengthsAreToldInSteps(t *testing.T) {
	for length, want := range map[int]int{0: 256, 1: 256, 255: 256, 256: 512, 511: 512, 512: 768, MaxPayload - 1: MaxPayload + 1, MaxPayload: MaxPayload + 1} {
		if got := len(padded(make([]byte, length))); got != want {
			t.Errorf("%d bytes become %d, want %d", length, got, want)
		}
	}
	if MaxPayload != 3993 { // RFC 8291, section 4
		t.Errorf("at most %d bytes", MaxPayload)
	}
}
