package pushtest_test

import (
	"crypto/ecdh"
	"encoding/base64"
	"strings"
	"testing"

	"hearth/internal/push/pushtest"
)

const (
	receiver = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
	secret   = "BTBZMqHH6r4Tts7J_aSIgg"
	example  = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_" +
		"yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)

func data(t testing.TB, text string) []byte {
	t.Helper()
	d, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The example of RFC 8291, section 5, and what must not pass for it.
func TestDecrypt(t *testing.T) {
	private, err := ecdh.P256().NewPrivateKey(data(t, receiver))
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := pushtest.Decrypt(private, data(t, secret), data(t, example)); err != nil || string(plain) != "When I grow up, I want to be a watermelon" {
		t.Errorf("%q, %v", plain, err)
	}
	for name, spoil := range map[string]func(b []byte) []byte{
		"nothing":             func([]byte) []byte { return nil },
		"cut off":             func(b []byte) []byte { return b[:len(b)-1] },
		"the header alone":    func(b []byte) []byte { return b[:86] },
		"another salt":        func(b []byte) []byte { b[0]++; return b },
		"small records":       func(b []byte) []byte { b[18], b[19] = 0, 30; return b },
		"a short key":         func(b []byte) []byte { b[20] = 33; return b },
		"a key off the curve": func(b []byte) []byte { b[40]++; return b },
		"another text":        func(b []byte) []byte { b[90]++; return b },
		"more behind it":      func(b []byte) []byte { return append(b, 0) },
	} {
		if plain, err := pushtest.Decrypt(private, data(t, secret), spoil(data(t, example))); err == nil {
			t.Errorf("%s: read %q", name, plain)
		}
	}
	if _, err := pushtest.Decrypt(private, data(t, strings.Replace(secret, "B", "C", 1)), data(t, example)); err == nil {
		t.Error("read with another secret")
	}
}

func TestVerify(t *testing.T) {
	const token = "eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.eyJhdWQiOiJodHRwczovL3B1c2guZXhhbXBsZS5uZXQiLCJleHAiOjE0NTM1MjM3NjgsInN1YiI6Im1haWx0bzpwdXNoQGV4YW1wbGUuY29tIn0." +
		"i3CYb7t4xfxCDquptFOepC9GAu_HLGkMlMuCGSK2rpiUfnK9ojFwDXb1JrErtmysazNjjvW2L9OkSSHzvoD1oA"
	const key = "BA1Hxzyi1RUM1b5wjxsn7nGxAszw2u61m164i3MrAIxHF6YK5h4SDYic-dRuU_RCPCfA5aq9ojSwk5Y2EmClBPs"
	if c, by, err := pushtest.Verify("vapid t=" + token + ", k=" + key); err != nil || by != key || c.Subject != "mailto:push@example.com" {
		t.Errorf("%+v, %v", c, err)
	}
	for name, bad := range map[string]string{
		"nothing":          "",
		"another scheme":   "WebPush " + token,
		"no key":           "vapid t=" + token,
		"no token":         "vapid k=" + key,
		"two parts":        "vapid t=" + token[:strings.LastIndex(token, ".")] + ", k=" + key,
		"four parts":       "vapid t=" + token + ".AAAA, k=" + key,
		"another claim":    "vapid t=" + strings.Replace(token, "eyJhdWQi", "eyJhdWQj", 1) + ", k=" + key,
		"another key":      "vapid t=" + token + ", k=BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
		"no signature":     "vapid t=" + token[:strings.LastIndex(token, ".")+1] + ", k=" + key,
		"signed with none": "vapid t=eyJhbGciOiJub25lIn0.e30., k=" + key,
	} {
		if _, _, err := pushtest.Verify(bad); err == nil {
			t.Errorf("%s passes", name)
		}
	}
}
