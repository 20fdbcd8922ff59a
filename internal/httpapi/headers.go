package httpapi

import (
	"net/http"
	"regexp"
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
		"style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
}

func setSecurityHeaders(h http.Header, t *trip, host string) {
	h.Set("Content-Security-Policy", contentSecurity(t.secure, host))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set("X-Request-Id", t.id)
	if t.secure {
		h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
	}
}
