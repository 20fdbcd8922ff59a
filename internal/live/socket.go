package live

import (
	"bufio"
	"encoding/binary"
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

// socket is the connection below the WebSocket library. What the hub tells is written here
// past the library: the same bytes go to everybody, and all frames that wait for a
// connection leave with one system call. The library writes its control frames, each with
// one call of Write.
type socket struct {
	mu sync.Mutex // one writer at a time, a whole frame at a time
	// open keeps the system's connection from being closed, and its number from being given
	// to another, while tryWrite writes to it. fd is -1 after Close, and where the system's
	// connection cannot be reached, as below TLS.
	open sync.Mutex
	fd   int

	net.Conn
	clock    care.Clock
	lastRead atomic.Int64 // Unix milliseconds: when bytes last came in
}

// Close closes the connection, whoever reads or writes.
func (s *socket) Close() error {
	s.open.Lock()
	s.fd = -1
	s.open.Unlock()
	return s.Conn.Close()
}

// Read notes that the other side is alive.
func (s *socket) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	if n > 0 {
		s.lastRead.Store(s.clock().UnixMilli())
	}
	return n, err
}

// Write writes. It blocks until the other side took it, the write deadline passed, or the
// connection was closed.
func (s *socket) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Conn.Write(p)
}

// writeFrames writes frames with one system call, and blocks as Write does.
func (s *socket) writeFrames(frames [][]byte) error {
	if len(frames) == 1 {
		_, err := s.Write(frames[0])
		return err
	}
	together := collections.Get().(*[]byte)
	defer collections.Put(together)
	*together = (*together)[:0]
	for _, frame := range frames {
		*together = append(*together, frame...)
	}
	_, err := s.Write(*together)
	if cap(*together) > 2*maxTogether {
		*together = nil
	}
	return err
}

var collections = sync.Pool{New: func() any { return new([]byte) }}

// tryWrite writes what the other side takes without waiting and gives how much that was.
// A connection that is broken takes nothing; the next write that may wait finds out.
func (s *socket) tryWrite(p []byte) int {
	if !s.mu.TryLock() {
		return 0
	}
	defer s.mu.Unlock()
	s.open.Lock()
	defer s.open.Unlock()
	if s.fd < 0 {
		return 0
	}
	return sendNow(s.fd, p)
}

// framed makes a text frame of a server (RFC 6455, 5.2): whole and not masked.
func framed(text []byte) []byte {
	const wholeText = 0x81
	frame := make([]byte, 1, 10+len(text))
	frame[0] = wholeText
	switch n := len(text); {
	case n < 126:
		frame = append(frame, byte(n))
	case n <= 0xffff:
		frame = binary.BigEndian.AppendUint16(append(frame, 126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 127), uint64(n))
	}
	return append(frame, text...)
}

// hijacker gives the WebSocket library the socket in place of the plain connection, with
// small buffers: those of the HTTP server stay with a connection for as long as it lives.
type hijacker struct {
	http.ResponseWriter
	clock care.Clock
	taken *socket
}

// descriptor gives the number of the system's connection below a plain one, else -1.
func descriptor(conn net.Conn) (number int) {
	tcp, plain := conn.(*net.TCPConn)
	if !plain {
		return -1
	}
	number = -1
	if raw, err := tcp.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { number = int(fd) }) // closed already: none
	}
	return number
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
	h.taken = &socket{Conn: conn, clock: h.clock, fd: descriptor(conn)}
	h.taken.lastRead.Store(h.clock().UnixMilli())
	reader := buffered.Reader
	if reader.Buffered() == 0 { // else somebody did not wait for the answer: keep what came
		reader = bufio.NewReaderSize(h.taken, readBuffer)
	}
	return h.taken, bufio.NewReadWriter(reader, bufio.NewWriterSize(h.taken, writeBuffer)), nil
}
