package outward

import (
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
)

// inside is a server that nobody is to reach, and its port.
func inside(t *testing.T) (port string, calls *atomic.Int64) {
	t.Helper()
	calls = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://127.0.0.1"), calls
}

// TestEveryWayToWriteAnAddressInside calls, as if nothing had been checked when it was
// entered, or it had passed then.
func TestEveryWayToWriteAnAddressInside(t *testing.T) {
	port, calls := inside(t)
	names(t, map[string][]netip.Addr{
		"localhost.": {netip.MustParseAddr("127.0.0.1")}, "a.localhost.": {netip.MustParseAddr("127.0.0.1")},
		"inside.example.": {netip.MustParseAddr("127.0.0.1")}, "mapped.example.": {netip.MustParseAddr("::ffff:127.0.0.1")},
		"loop6.example.": {netip.MustParseAddr("::1")}, "carried.example.": {netip.MustParseAddr("64:ff9b::7f00:1")},
		"metadata.example.": {netip.MustParseAddr("169.254.169.254")}, "nothing.example.": {netip.MustParseAddr("0.0.0.0")},
	})
	c := New(nil)
	t.Cleanup(c.Close)
	for _, host := range []string{
		"127.0.0.1", "127.0.0.1.", "127.255.255.254", "0.0.0.0", "[::]", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
		"[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[64:ff9b:1::127.0.0.1]", "[2002:7f00:1::]", "[fe80::1%25lo]", "[::1%25lo]", "[fec0::1]", "[fd00:ec2::254]",
		"127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "0", "00000000.0.0.0",
		"１２７.０.０.１", "①②⑦.⓪.⓪.①", "127。0。0。1", "ⓛocalhost",
		"localhost", "LOCALHOST", "localhost.", "a.localhost", "169.254.169.254", "10.0.0.1", "172.31.0.1", "192.168.0.1", "100.64.0.1", "224.0.0.1", "255.255.255.255",
		"inside.example", "mapped.example", "loop6.example", "carried.example", "metadata.example", "nothing.example",
	} {
		for _, scheme := range []string{"http", "https"} {
			r := get(t, "http://placeholder.example/")
			r.URL.Scheme, r.URL.Host = scheme, strings.ReplaceAll(host, "%25", "%")+port
			r.Host = ""
			if _, err := c.Do(r); !errors.Is(err, ErrPrivate) && !errors.Is(err, ErrName) && !errors.Is(err, ErrAnswer) {
				t.Errorf("%s://%s: %v", scheme, host, err)
			}
		}
	}
	if n := calls.Load(); n > 0 {
		t.Errorf("%d calls arrived inside", n)
	}
}

// TestANameWithAnAddressOfEachKind is tried at the public one alone.
func TestANameWithAnAddressOfEachKind(t *testing.T) {
	port, calls := inside(t)
	both := []netip.Addr{netip.MustParseAddr("127.9.9.9"), netip.MustParseAddr("127.0.0.1")}
	manyNames(t, map[string][]netip.Addr{"both.example.": both})
	c := New(prefixes("127.9.9.9/32"))
	t.Cleanup(c.Close)
	if _, err := c.Do(get(t, "http://both.example"+port)); err == nil {
		t.Error("it was answered")
	}
	if n := calls.Load(); n > 0 {
		t.Errorf("%d calls arrived inside", n)
	}
}

// TestAKeptConnectionServesNoOtherName: a name that shares a server with one that leads to an allowed place
// is judged by itself.
func TestAKeptConnectionServesNoOtherName(t *testing.T) {
	port, calls := inside(t)
	allowed := netip.MustParseAddr("127.0.0.1")
	names(t, map[string][]netip.Addr{"good.example.": {allowed}, "bad.example.": {netip.MustParseAddr("127.0.0.2")}})
	c := New(prefixes("127.0.0.1/32"))
	t.Cleanup(c.Close)
	if _, err := c.Do(get(t, "http://good.example"+port)); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(get(t, "http://bad.example"+port)); !errors.Is(err, ErrPrivate) {
		t.Errorf("%v", err)
	}
	if n := calls.Load(); n != 1 {
		t.Errorf("%d calls", n)
	}
}

// TestWhyThereIsNoConnection keeps of a failed connection what the system says, which names
// nobody; a connection that breaks later is an answer that did.
func TestWhyThereIsNoConnection(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	c := New(prefixes("127.0.0.0/8"))
	t.Cleanup(c.Close)
	if _, err := c.Do(get(t, "http://"+closed.Addr().String())); !errors.Is(err, ErrConnect) || !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("nobody listens: %v", err)
	}
	if _, err := c.Do(get(t, "http://"+resets(t))); !errors.Is(err, ErrAnswer) || errors.Is(err, ErrConnect) {
		t.Errorf("it is reset: %v", err)
	}
}

// resets takes connections and breaks them off as soon as something comes.
func resets(t *testing.T) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for conn, err := l.Accept(); err == nil; conn, err = l.Accept() {
			_, _ = conn.Read(make([]byte, 1))
			_ = conn.(*net.TCPConn).SetLinger(0)
			_ = conn.Close()
		}
	}()
	return l.Addr().String()
}
