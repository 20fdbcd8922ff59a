package outward

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

func TestNamesThatLeadInsideAreRefusedEachTime(t *testing.T) {
	var calls atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer server.Close()
	inside, outside := netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("127.9.9.9")
	names(t, map[string][]netip.Addr{"hook.example.": {outside, inside}})
	at := "http://hook.example:" + strings.TrimPrefix(server.URL, "http://127.0.0.1:")
	c := New(prefixes("127.9.9.9/32"))
	if err := c.Check(at); err != nil {
		t.Fatalf("when it is entered: %v", err)
	}
	if _, err := c.Do(get(t, at)); !errors.Is(err, ErrConnect) { // allowed, and nobody listens there
		t.Errorf("while the name leads to an allowed address: %v", err)
	}
	if _, err := c.Do(get(t, at)); !errors.Is(err, ErrPrivate) {
		t.Errorf("when the name leads inside: %v", err)
	}
	if calls.Load() > 0 {
		t.Error("the server inside was called")
	}
}

func TestNoProxyOfTheEnvironmentIsUsed(t *testing.T) {
	names(t, map[string][]netip.Addr{"hook.example.": {netip.MustParseAddr("127.0.0.1")}})
	c, address := loopback(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	r := get(t, strings.Replace(address, "127.0.0.1", "hook.example", 1))
	if through, err := http.ProxyFromEnvironment(r); err != nil || through == nil {
		t.Fatalf("the environment names no proxy: %v %v", through, err)
	}
	answer, err := c.Do(r)
	if err != nil || answer.Status != http.StatusNoContent || proxied.Load() != 0 {
		t.Errorf("%d, %v, %d calls of the proxy", answer.Status, err, proxied.Load())
	}
}

func TestRedirectsAreAnswers(t *testing.T) {
	_, secret := loopback(t, func(http.ResponseWriter, *http.Request) { t.Error("the redirect was followed") })
	for _, status := range []int{301, 302, 303, 307, 308} {
		c, address := loopback(t, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, secret, status) })
		if answer, err := c.Do(get(t, address)); err != nil || answer.Status != status {
			t.Errorf("%d: %d %v", status, answer.Status, err)
		}
	}
}

func TestAnswersAreBounded(t *testing.T) {
	c, address := loopback(t, func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, strings.NewReader(strings.Repeat("long ", 1<<20)))
	})
	answer, err := c.Do(get(t, address))
	if err != nil || len(answer.Body) != MaxBody {
		t.Errorf("%d bytes, %v", len(answer.Body), err)
	}
	c, address = loopback(t, func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("X", strings.Repeat("x", 2*maxHeaders)) })
	if _, err := c.Do(get(t, address)); !errors.Is(err, ErrAnswer) {
		t.Errorf("with long headers: %v", err)
	}
	c, address = loopback(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100")
		_, _ = w.Write([]byte("begun"))
	})
	if answer, err := c.Do(get(t, address)); err != nil || answer.Status != http.StatusOK || string(answer.Body) != "begun" {
		t.Errorf("an answer that breaks off: %+v %v", answer, err)
	}
}

func secured(t *testing.T) (*httptest.Server, *x509.CertPool) {
	t.Helper()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Proto) }))
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return server, roots
}

func TestTLS(t *testing.T) {
	server, roots := secured(t)
	if answer, err := NewTrusting(prefixes("127.0.0.1/32"), roots).Do(get(t, server.URL)); err != nil || string(answer.Body) != "HTTP/2.0" {
		t.Errorf("trusted: %q %v", answer.Body, err)
	}
	if _, err := New(prefixes("127.0.0.1/32")).Do(get(t, server.URL)); !errors.Is(err, ErrTLS) {
		t.Errorf("not trusted: %v", err)
	}
	if _, err := NewTrusting(nil, roots).Do(get(t, server.URL)); !errors.Is(err, ErrPrivate) {
		t.Errorf("not allowed: %v", err)
	}
	wrong := strings.Replace(server.URL, "127.0.0.1", "127.0.0.2", 1)
	if _, err := NewTrusting(prefixes("127.0.0.0/8"), roots).Do(get(t, wrong)); !errors.Is(err, ErrTLS) && !errors.Is(err, ErrConnect) {
		t.Errorf("somebody else's certificate: %v", err)
	}
}

func TestWhatGoesWrongIsToldApartAndNamesNothing(t *testing.T) {
	names(t, map[string][]netip.Addr{"inside.example.": {netip.MustParseAddr("192.168.1.1")}})
	free := func(network string) string {
		l, err := net.Listen("tcp", network)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		return l.Addr().String()
	}
	_, plain := loopback(t, hang(t))
	rude, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { rude.Close() })
	go func() {
		for conn, err := rude.Accept(); err == nil; conn, err = rude.Accept() {
			_, _ = conn.Write([]byte("220 rude.example ESMTP\r\n"))
			_ = conn.Close()
		}
	}()
	hasty := tlsThatRefuses(t)
	c := New(prefixes("127.0.0.0/8"))
	for address, want := range map[string]error{
		"https://canary.invalid/canary":             ErrName,
		"https://inside.example/canary":             ErrPrivate,
		"https://169.254.169.254/canary":            ErrPrivate,
		"https://[::ffff:10.0.0.1]/canary":          ErrPrivate,
		"http://" + free("127.0.0.1:0"):             ErrConnect,
		"http://" + rude.Addr().String():            ErrAnswer,
		"https://" + rude.Addr().String():           ErrTLS,
		"https://" + hasty:                          ErrTLS,
		strings.Replace(plain, "http", "ftp", 1):    ErrAddress,
		strings.Replace(plain, "://", "://a:b@", 1): ErrAddress,
	} {
		_, err := c.Do(get(t, address))
		if !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", address, err, want)
			continue
		}
		u, _ := url.Parse(address)
		if strings.Contains(err.Error(), u.Hostname()) || strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "rude") {
			t.Errorf("%s is named: %v", address, err)
		}
	}
}

// tlsThatRefuses ends each handshake with an alert.
func tlsThatRefuses(t *testing.T) string {
	t.Helper()
	l, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{GetCertificate: func(*tls.ClientHelloInfo) (*tls.Certificate, error) { return nil, errors.New("none") }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			_ = conn.(*tls.Conn).Handshake()
			_ = conn.Close()
		}
	}()
	return l.Addr().String()
}

func TestTheCallersContextEndsACall(t *testing.T) {
	came := make(chan struct{})
	wait := hang(t)
	c, address := loopback(t, func(w http.ResponseWriter, r *http.Request) { close(came); wait(w, r) })
	ctx, cancel := context.WithCancel(t.Context())
	go func() { <-came; cancel() }()
	if _, err := c.Do(get(t, address).WithContext(ctx)); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
}

func TestConnectionsAreKept(t *testing.T) {
	const calls, atOnce = 400, 8
	var conns atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "thanks") }))
	server.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			conns.Add(1)
		}
	}
	server.Start()
	defer server.Close()
	c := New(prefixes("127.0.0.1/32"))
	var work sync.WaitGroup
	for range atOnce {
		work.Go(func() {
			for range calls / atOnce {
				if _, err := c.Do(get(t, server.URL)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	work.Wait()
	if conns.Load() > 4*atOnce {
		t.Errorf("%d connections for %d calls, %d at once", conns.Load(), calls, atOnce)
	}
}
