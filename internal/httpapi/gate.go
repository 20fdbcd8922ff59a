package httpapi

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"hearth/internal/care"
)

// cookieName is the session cookie's name. Over HTTPS it has the prefix __Host-, which
// makes browsers refuse one that another host or an insecure page has set.
const (
	cookieName       = "hearth_session"
	secureCookieName = "__Host-" + cookieName
)

// Token is what a request shows to say who sends it. Cookie says that a browser may have
// added it by itself, so that the origin matters.
type Token struct {
	Value  string
	Cookie bool
}

// Gate answers what a request says about itself: where it comes from and whose it is. It
// is safe for concurrent use.
type Gate struct {
	public  *url.URL
	proxies []netip.Prefix
}

// NewGate makes a gate. public is where browsers reach the server, nil when that was not
// configured; forwarding headers count only from proxies.
func NewGate(public *url.URL, proxies []netip.Prefix) *Gate {
	return &Gate{public: public, proxies: proxies}
}

// Token reads a bearer token, else the session cookie.
func (g *Gate) Token(r *http.Request) Token {
	const scheme = "bearer "
	if header := r.Header.Get("Authorization"); len(header) > len(scheme) && strings.EqualFold(header[:len(scheme)], scheme) {
		return Token{Value: strings.TrimSpace(header[len(scheme):])}
	}
	if cookie, err := r.Cookie(cookieNameFor(g.Secure(r))); err == nil && cookie.Value != "" {
		return Token{Value: cookie.Value, Cookie: true}
	}
	return Token{}
}

// Secure reports whether the browser reaches the server over HTTPS.
func (g *Gate) Secure(r *http.Request) bool {
	if r.TLS != nil || (g.public != nil && g.public.Scheme == "https") {
		return true
	}
	return strings.EqualFold(r.Header.Get("X-Forwarded-Proto"), "https") && g.trusts(peerOf(r))
}

// SameOrigin reports whether a browser says that a page of this server sent the request.
// It is false when nothing is said.
func (g *Gate) SameOrigin(r *http.Request) bool {
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin" || site == "none"
	}
	origin, err := url.Parse(r.Header.Get("Origin"))
	if err != nil || origin.Host == "" {
		return false
	}
	if g.public != nil && strings.EqualFold(origin.Host, g.public.Host) && origin.Scheme == g.public.Scheme {
		return true
	}
	return strings.EqualFold(origin.Host, r.Host)
}

// Remote is the address that the request comes from: the peer's, or what trusted proxies
// say, read from the right until an address that is no trusted proxy.
func (g *Gate) Remote(r *http.Request) netip.Addr {
	addr := peerOf(r)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && g.trusts(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap()
	}
	return addr
}

// checkOrigin refuses what another site makes a browser send.
func (g *Gate) checkOrigin(r *http.Request, token Token) error {
	if token.Value != "" && !token.Cookie {
		return nil // no browser adds a bearer token by itself
	}
	said := r.Header.Get("Origin") != "" || r.Header.Get("Sec-Fetch-Site") != ""
	if (said || token.Cookie) && !g.SameOrigin(r) {
		return care.Refused("This request does not come from this server's own pages. Programs send a bearer token.")
	}
	return nil
}

func (g *Gate) trusts(addr netip.Addr) bool {
	for _, p := range g.proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

func peerOf(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr, _ := netip.ParseAddr(host)
	return addr.Unmap().WithZone("")
}

func cookieNameFor(secure bool) string {
	if secure {
		return secureCookieName
	}
	return cookieName
}

// sessionCookie is the Set-Cookie line for a session token; an empty token removes it.
func sessionCookie(secure bool, token string, expires, now time.Time) string {
	cookie := &http.Cookie{
		Name: cookieNameFor(secure), Value: token, Path: "/",
		HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode,
	}
	if token == "" {
		cookie.MaxAge = -1
	} else {
		cookie.MaxAge = max(1, int(expires.Sub(now)/time.Second))
	}
	return cookie.String()
}

// CookieNames are the names under which a browser may send the session cookie.
var CookieNames = []string{secureCookieName, cookieName}
