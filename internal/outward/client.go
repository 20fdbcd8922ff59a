package outward

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const (
	// Timeout bounds a call from looking up the name to the end of the answer.
	Timeout = 15 * time.Second
	// MaxBody is how many bytes of an answer are kept.
	MaxBody = 16 << 10

	connectTime   = 5 * time.Second
	handshakeTime = 5 * time.Second
	idleTime      = 90 * time.Second
	pingAfter     = 15 * time.Second // a connection for many calls is asked whether it lives
	maxHeaders    = 32 << 10
	idleConns     = 256
	idlePerHost   = 64 // most subscriptions are with two or three push services
)

// Client calls addresses that users gave. It is safe for concurrent use, and keeps
// connections for the next call, so a program has one.
type Client struct {
	allowed     []netip.Prefix
	secure      http.Client
	plain       http.Client
	idleClosers []func()
}

// Answer is what a call was answered with. A redirect is an answer like others.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte // its first [MaxBody] bytes, or what came of them before it broke off
}

// New makes a client that refuses private addresses other than in the allowed networks, and
// speaks without TLS with those networks alone.
func New(allowed []netip.Prefix) *Client { return NewTrusting(allowed, nil) }

// NewTrusting is New with other authorities than the system's; nil is the system's.
func NewTrusting(allowed []netip.Prefix, roots *x509.CertPool) *Client {
	c := &Client{allowed: unmapped(allowed)}
	c.secure = c.client(roots, false)
	c.plain = c.client(roots, true)
	return c
}

// client makes one of the two clients: which addresses it may connect to depends on whether
// TLS follows.
func (c *Client) client(roots *x509.CertPool, plain bool) http.Client {
	dialer := &net.Dialer{
		Timeout: connectTime,
		ControlContext: func(_ context.Context, _, address string, _ syscall.RawConn) error {
			return c.judge(address, plain)
		},
	}
	transport := &http.Transport{ // without Proxy, so that no proxy of the environment hides the address
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout:    handshakeTime,
		ForceAttemptHTTP2:      true,
		HTTP2:                  &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: connectTime},
		MaxIdleConns:           idleConns,
		MaxIdleConnsPerHost:    idlePerHost,
		IdleConnTimeout:        idleTime,
		MaxResponseHeaderBytes: maxHeaders,
		DisableCompression:     true, // a small answer could be large unpacked
	}
	c.idleClosers = append(c.idleClosers, transport.CloseIdleConnections)
	return http.Client{
		Transport:     transport,
		Timeout:       Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// Do makes a call. The request's context may end it earlier than [Timeout] does. An error is
// one of this package or the context's. With an answer there is none, even if its body broke
// off: the other side has decided by then.
func (c *Client) Do(r *http.Request) (Answer, error) {
	client := &c.secure
	switch {
	case r.URL == nil || r.URL.Host == "" || r.URL.User != nil:
		return Answer{}, ErrAddress
	case r.URL.Scheme == "http":
		client = &c.plain
	case r.URL.Scheme != "https":
		return Answer{}, ErrAddress
	}
	response, err := client.Do(r)
	if err != nil {
		return Answer{}, redact(r.Context(), err)
	}
	defer response.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(response.Body, MaxBody))
	return Answer{Status: response.StatusCode, Header: response.Header, Body: body}, nil
}

// Close gives up the connections that nobody uses at the moment.
func (c *Client) Close() {
	for _, closeIdle := range c.idleClosers {
		closeIdle()
	}
}
