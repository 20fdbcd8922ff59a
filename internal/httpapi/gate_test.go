package httpapi

import (
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
	"time"
)

var proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("127.0.0.1/32")}

func TestForwardingCountsFromTrustedProxiesOnly(t *testing.T) {
	g := NewGate(nil, proxies)
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.1:1000", "", "192.0.2.1"},
		{"192.0.2.1:1000", "198.51.100.7", "192.0.2.1"},
		{"10.1.2.3:1000", "198.51.100.7", "198.51.100.7"},
		{"10.1.2.3:1000", "203.0.113.9, 198.51.100.7", "198.51.100.7"},
		{"127.0.0.1:1000", "198.51.100.7, 10.9.9.9", "198.51.100.7"},
		{"10.1.2.3:1000", "nonsense", "10.1.2.3"},
		{"10.1.2.3:1000", "", "10.1.2.3"},
		{"10.1.2.3:1000", "10.4.4.4", "10.4.4.4"},
		{"[::ffff:10.1.2.3]:1000", "2001:db8::7", "2001:db8::7"},
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := g.Remote(r).String(); got != c.want {
			t.Errorf("%s forwarding %q is %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}

func TestSecureCookiesWhereTheBrowserUsesHTTPS(t *testing.T) {
	plain := func() *http.Request { return httptest.NewRequest("GET", "http://hearth.test/", nil) }
	encrypted := plain()
	encrypted.TLS = &tls.ConnectionState{}
	behind := plain()
	behind.RemoteAddr = "10.1.1.1:1"
	behind.Header.Set("X-Forwarded-Proto", "https")
	claimed := plain()
	claimed.Header.Set("X-Forwarded-Proto", "https")
	public, _ := url.Parse("https://chat.example.org")
	for name, c := range map[string]struct {
		gate *Gate
		r    *http.Request
		want bool
	}{
		"plain":             {NewGate(nil, proxies), plain(), false},
		"a TLS listener":    {NewGate(nil, nil), encrypted, true},
		"a trusted proxy":   {NewGate(nil, proxies), behind, true},
		"anybody's word":    {NewGate(nil, proxies), claimed, false},
		"the public URL":    {NewGate(public, nil), plain(), true},
		"an untrusted peer": {NewGate(nil, nil), behind, false},
	} {
		if got := c.gate.Secure(c.r); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	now := time.Unix(1000, 0)
	line := sessionCookie(true, "abc", now.Add(time.Hour), now)
	for _, part := range []string{"__Host-hearth_session=abc", "Path=/", "Max-Age=3600", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(line, part) {
			t.Errorf("%q lacks %s", line, part)
		}
	}
	if line := sessionCookie(false, "", time.Time{}, now); !strings.Contains(line, "Max-Age=0") || strings.Contains(line, "Secure") {
		t.Errorf("signing out is %q", line)
	}
}

func TestTheSameOriginIsThePublicURLOrTheHost(t *testing.T) {
	public, _ := url.Parse("https://chat.example.org")
	for origin, want := range map[string]bool{
		"https://chat.example.org": true, "http://chat.example.org": false, "https://hearth.test": true,
		"https://example.org": false, "https://chat.example.org.evil.test": false, "null": false, "": false,
	} {
		r := httptest.NewRequest("POST", "http://hearth.test/", nil)
		r.Header.Set("Origin", origin)
		if got := NewGate(public, nil).SameOrigin(r); got != want {
			t.Errorf("%q: %v", origin, got)
		}
	}
}

func TestCookieOfAnHTTPSServerHasItsPrefix(t *testing.T) {
	public, _ := url.Parse("https://chat.example.org")
	r := httptest.NewRequest("GET", "/", nil)
	r.Header.Set("Cookie", "hearth_session=planted; __Host-hearth_session=real")
	if token := NewGate(public, nil).Token(r); token.Value != "real" || !token.Cookie {
		t.Errorf("%+v", token)
	}
	if token := NewGate(nil, nil).Token(r); token.Value != "planted" {
		t.Errorf("%+v", token)
	}
}
