package live

import (
	"net"
	"sync"
	"testing"
	"time"
)

// connected gives both ends of a connection.
func connected(t *testing.T) (here *socket, there net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	there, err = net.Dial("tcp", listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	conn, err := listener.Accept()
	if err != nil {
		t.Fatal(err)
	}
	here = &socket{Conn: conn, clock: time.Now, fd: descriptor(conn)}
	t.Cleanup(func() { _, _ = here.Close(), there.Close() })
	return here, there
}

// What the other side does not take is left over, and nothing waits for it.
func TestTryWriteTakesWhatFits(t *testing.T) {
	here, there := connected(t)
	if n := here.tryWrite([]byte("hello")); n != 5 {
		t.Fatalf("%d bytes were taken", n)
	}
	text := make([]byte, 5)
	if _, err := there.Read(text); err != nil || string(text) != "hello" {
		t.Errorf("%q %v", text, err)
	}
	if n := here.tryWrite(nil); n != 0 {
		t.Errorf("%d bytes of nothing", n)
	}
	part, taken := make([]byte, 1<<20), 0
	for range 100 {
		taken += here.tryWrite(part)
	}
	if taken == 0 || taken == 100*len(part) {
		t.Errorf("%d bytes were taken from one who does not read", taken)
	}
}

// A connection that was closed takes nothing, though another may have got its number.
func TestClosedTakesNothing(t *testing.T) {
	here, _ := connected(t)
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for range 1000 {
				here.tryWrite([]byte("secret"))
			}
		})
	}
	_ = here.Close()
	_, other := connected(t)
	all.Wait()
	if n := here.tryWrite([]byte("secret")); n != 0 {
		t.Errorf("%d bytes were taken after the end", n)
	}
	_ = other.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
	if n, err := other.Read(make([]byte, 10)); n != 0 || err == nil {
		t.Errorf("somebody else got %d bytes", n)
	}
}

// A connection that cannot be reached past its wrapping takes nothing that way.
func TestDescriptorOfPlainConnectionsOnly(t *testing.T) {
	one, two := net.Pipe()
	defer one.Close()
	defer two.Close()
	if n := descriptor(one); n != -1 {
		t.Errorf("descriptor %d", n)
	}
}
