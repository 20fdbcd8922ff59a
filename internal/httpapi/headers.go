package httpapi

import (
	"net/http"
	"regexp"
	"sync/atomic"
)

// plainHost is what a Host header may look like to be repeated in a header of ours.
var plainHost = regexp.MustCompile(`^[A-Za-z0-9.\-]+(:[0-9]+)?$|^\[[0-9A-Fa-f:.]+\](:[0-9]+)?$`)

// contentSecurity is the policy of every page: nothing but the server itself. 'self' in
// connect-src covers the WebSocket of the same host in current browsers; older ones want
// it named.
func contentSecurity(secure bool, host string) string {
	socket := "ws://" + host
	if secure {
		socket = "wss://" + host
	}
	if !plainHost.MatchString(host) {
		socket = ""
	}
	return "default-src 'self'; connect-src 'self' " + socket + "; img-src 'self' data: blob:; media-src 'self' blob:; " +
		"style-src 'self' 'unsafe-inline'; worker-src 'self'; manifest-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

// policies keeps the policy of the host that was asked for last: there is hardly ever
// more than one, and making it costs more than the rest of a small answer's headers.
type policies struct{ last atomic.Pointer[policy] }

type policy struct {
	secure bool
	host   string
	line   []string
}

func (p *policies) of(secure bool, host string) []string {
	if last := p.last.Load(); last != nil && last.secure == secure && last.host == host {
		return last.line
	}
	made := &policy{secure, host, []string{contentSecurity(secure, host)}}
	p.last.Store(made)
	return made.line
}

// The values of headers that never change; shared, so nobody may append to them.
var (
	noSniff       = []string{"nosniff"}
	deny          = []string{"DENY"}
	noReferrer    = []string{"no-referrer"}
	sameOrigin    = []string{"same-origin"}
	noPermissions = []string{"camera=(), geolocation=(), microphone=(self), payment=(), usb=()"}
	onlyHTTPS     = []string{"max-age=31536000; includeSubDomains"}
	noStore       = []string{"no-store"}
)

// setSecurityHeaders writes into the map directly, under canonical names: it runs for
// every request.
func (p *policies) setSecurityHeaders(h http.Header, t *trip, host string) {
	h["Content-Security-Policy"] = p.of(t.secure, host)
	h["X-Content-Type-Options"] = noSniff
	h["X-Frame-Options"] = deny
	h["Referrer-Policy"] = noReferrer
	h["Cross-Origin-Opener-Policy"] = sameOrigin
	h["Cross-Origin-Resource-Policy"] = sameOrigin
	h["Permissions-Policy"] = noPermissions
	h["X-Request-Id"] = []string{t.id}
	if t.secure {
		h["Strict-Transport-Security"] = onlyHTTPS
	}
}
