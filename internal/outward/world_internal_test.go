package outward

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// proxied counts who came to the proxy that the environment of these tests names.
var proxied atomic.Int64

func TestMain(m *testing.M) {
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		proxied.Add(1)
		w.WriteHeader(http.StatusBadGateway)
	}))
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"} {
		os.Setenv(name, proxy.URL)
	}
	os.Exit(m.Run())
}

// loopback serves without TLS and gives a client that may call it.
func loopback(t testing.TB, handler http.HandlerFunc) (*Client, string) {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c := New(prefixes("127.0.0.0/8"))
	t.Cleanup(c.Close)
	return c, server.URL
}

// hang answers nothing until the test ends.
func hang(t testing.TB) http.HandlerFunc {
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	return func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-ctx.Done():
		case <-r.Context().Done():
		}
	}
}

func get(t testing.TB, address string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// names has host names resolved to addresses, each time to the next one, as a name server
// of somebody who means harm may do; a name without addresses does not exist.
func names(t testing.TB, addresses map[string][]netip.Addr) {
	t.Helper()
	nameServer(t, func(name string, kind dnsmessage.Type) ([]netip.Addr, bool) {
		list, known := addresses[name]
		if !known {
			return nil, false
		}
		if kind == dnsmessage.TypeA {
			addresses[name] = append(list[1:], list[0])
		}
		return list[:1], true
	})
}

// manyNames has host names resolved to all of their addresses at once.
func manyNames(t testing.TB, addresses map[string][]netip.Addr) {
	t.Helper()
	nameServer(t, func(name string, _ dnsmessage.Type) ([]netip.Addr, bool) {
		return addresses[name], addresses[name] != nil
	})
}

type lookup func(name string, kind dnsmessage.Type) (list []netip.Addr, known bool)

func nameServer(t testing.TB, find lookup) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() { defer close(done); serveNames(conn, find) }()
	before := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	t.Cleanup(func() { net.DefaultResolver = before; conn.Close(); <-done })
}

func serveNames(conn net.PacketConn, find lookup) {
	buffer := make([]byte, 1500)
	for {
		n, from, err := conn.ReadFrom(buffer)
		if err != nil {
			return
		}
		var m dnsmessage.Message
		if m.Unpack(buffer[:n]) != nil || len(m.Questions) != 1 {
			continue
		}
		question := m.Questions[0]
		answer := dnsmessage.Message{Header: dnsmessage.Header{ID: m.ID, Response: true, RCode: dnsmessage.RCodeNameError}, Questions: m.Questions}
		if list, known := find(question.Name.String(), question.Type); known {
			answer.RCode = dnsmessage.RCodeSuccess
			answer.Answers = resources(question, list)
		}
		if packed, err := answer.Pack(); err == nil {
			_, _ = conn.WriteTo(packed, from)
		}
	}
}

// resources are the addresses of the kind that is asked for.
func resources(question dnsmessage.Question, list []netip.Addr) (all []dnsmessage.Resource) {
	header := dnsmessage.ResourceHeader{Name: question.Name, Class: dnsmessage.ClassINET, TTL: 0}
	for _, one := range list {
		switch {
		case question.Type == dnsmessage.TypeA && one.Is4():
			all = append(all, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: one.As4()}})
		case question.Type == dnsmessage.TypeAAAA && one.Is6():
			all = append(all, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: one.As16()}})
		}
	}
	return all
}
