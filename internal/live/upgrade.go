package live

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/coder/websocket"

	"hearth/internal/care"
	"hearth/internal/wire"
)

const (
	protocol     = "hearth.v1"
	bearerPrefix = "bearer."
)

// ServeHTTP makes a connection out of a request, or refuses it with a problem while it is
// still HTTP. It returns when the connection stands, so that what the HTTP server keeps
// for a request goes free.
func (h *Hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.sameOrigin(r) {
		h.refuse(w, care.Refused("The live connection is open to pages of Hearth itself only."))
		return
	}
	token := h.token(r)
	actor, err := h.Authenticate(r.Context(), token)
	if err != nil {
		h.refuse(w, err)
		return
	}
	if err := checkHandshake(r); err != nil {
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Connection", "Upgrade")
		h.refuse(w, err)
		return
	}
	c := h.newConn(actor, token)
	if err := h.add(c); err != nil {
		h.refuse(w, err)
		return
	}
	accepted := c.accept(w, r)
	go func() {
		defer h.open.Done()
		defer h.remove(c)
		if accepted {
			c.recheck() // the session may have ended before the connection was registered
			c.serve()
		}
	}()
}

// sameOrigin lets programs pass, which send no Origin, and pages of the server itself.
func (h *Hub) sameOrigin(r *http.Request) bool {
	origin := r.Header.Get("Origin")
	if origin == "" {
		site := r.Header.Get("Sec-Fetch-Site")
		return site == "" || site == "same-origin" || site == "none"
	}
	from, err := url.Parse(origin)
	if err != nil || from.Host == "" {
		return false
	}
	if h.PublicURL != nil && strings.EqualFold(from.Host, h.PublicURL.Host) {
		return strings.EqualFold(from.Scheme, h.PublicURL.Scheme)
	}
	return strings.EqualFold(from.Host, r.Host)
}

// token is that of the Authorization header, of the offered protocols, or of the cookie.
func (h *Hub) token(r *http.Request) string {
	if scheme, token, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(scheme, "bearer") {
		return strings.TrimSpace(token)
	}
	for _, line := range r.Header.Values("Sec-WebSocket-Protocol") {
		for offered := range strings.SplitSeq(line, ",") {
			if token, ok := strings.CutPrefix(strings.TrimSpace(offered), bearerPrefix); ok {
				return token
			}
		}
	}
	for _, name := range h.Cookies {
		if cookie, err := r.Cookie(name); err == nil {
			return cookie.Value
		}
	}
	return ""
}

// checkHandshake answers requests that are no WebSocket handshake as the API answers.
func checkHandshake(r *http.Request) error {
	upgrade := strings.EqualFold(r.Header.Get("Upgrade"), "websocket") &&
		strings.Contains(strings.ToLower(r.Header.Get("Connection")), "upgrade")
	if !upgrade || r.Header.Get("Sec-WebSocket-Version") != "13" || r.Header.Get("Sec-WebSocket-Key") == "" {
		return care.Fail(care.Malformed, care.CodeMalformed, "This address speaks WebSocket (RFC 6455, version 13).")
	}
	return nil
}

// accept answers the handshake.
func (c *conn) accept(w http.ResponseWriter, r *http.Request) bool {
	unread := c.hub.unreadOf(r.Context(), c.user)
	taking := &hijacker{ResponseWriter: w, clock: c.hub.Clock}
	ws, err := websocket.Accept(taking, r, &websocket.AcceptOptions{
		Subprotocols:       []string{protocol},
		InsecureSkipVerify: true, // sameOrigin has judged, and knows the public address
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return false // the library has answered
	}
	ws.SetReadLimit(-1) // serve has its own, which answers
	c.opened(ws, taking.taken, unread)
	return true
}

// refuse answers with a problem; a fault of the program is logged.
func (h *Hub) refuse(w http.ResponseWriter, err error) {
	p := h.problem(err)
	for name, values := range p.Headers {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // nobody is left to tell
}

func (h *Hub) problem(err error) *wire.Problem {
	p, known := wire.ProblemOf(err)
	if !known {
		h.Logger.LogAttrs(h.running, slog.LevelError, "a live request failed", slog.Any("error", err))
	}
	return p
}
