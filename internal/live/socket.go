package live

import (
	"bufio"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"hearth/internal/care"
)

// Buffers of a connection. Frames are short; a larger one passes the buffers by.
const (
	readBuffer  = 1 << 10
	writeBuffer = 256
	sendBuffer  = 128 << 10 // of the kernel, per connection, so that a slow one shows soon
)

// socket is the connection below the WebSocket library. The library flushes after every
// frame; between hold and release what it writes is collected, so that all frames that
// wait for a connection leave with one system call.
type socket struct {
	net.Conn
	clock    care.Clock
	lastRead atomic.Int64 // Unix milliseconds: when bytes last came in

	mu        sync.Mutex
	held      bool
	collected []byte
}

// Read notes that the other side is alive.
func (s *socket) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	if n > 0 {
		s.lastRead.Store(s.clock().UnixMilli())
	}
	return n, err
}

// Write writes, or collects while the socket is held.
func (s *socket) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held {
		s.collected = append(s.collected, p...)
		return len(p), nil
	}
	return s.Conn.Write(p)
}

var collections = sync.Pool{New: func() any { return new([]byte) }}

// hold begins collecting.
func (s *socket) hold() {
	buffer := *collections.Get().(*[]byte)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held, s.collected = true, buffer[:0]
}

// release writes what was collected. It blocks until the other side took it, the write
// deadline passed, or the connection was closed.
func (s *socket) release() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.held = false
	_, err := s.Conn.Write(s.collected)
	if buffer := s.collected; cap(buffer) <= 64<<10 {
		collections.Put(&buffer)
	}
	s.collected = nil
	return err
}

// hijacker gives the WebSocket library the socket in place of the plain connection, with
// small buffers: those of the HTTP server stay with a connection for as long as it lives.
type hijacker struct {
	http.ResponseWriter
	clock care.Clock
	taken *socket
}

// Hijack takes the connection over from the HTTP server.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffered, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	_ = conn.SetDeadline(time.Time{}) // those of the HTTP server end here
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(sendBuffer) // a smaller bound, not a condition
	}
	h.taken = &socket{Conn: conn, clock: h.clock}
	h.taken.lastRead.Store(h.clock().UnixMilli())
	reader := buffered.Reader
	if reader.Buffered() == 0 { // else somebody did not wait for the answer: keep what came
		reader = bufio.NewReaderSize(h.taken, readBuffer)
	}
	return h.taken, bufio.NewReadWriter(reader, bufio.NewWriterSize(h.taken, writeBuffer)), nil
}
