package live

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/coder/websocket"
)

const (
	// maxFrame holds a message of 20,000 characters with every one of them escaped.
	maxFrame = 256 << 10
	// maxThrownAway is how much of a frame that is too large is read to answer it; a
	// larger one closes the connection.
	maxThrownAway = 16 << 20
	// maxMalformed in a row close the connection.
	maxMalformed = 3
)

var errFrameTooLarge = errors.New("the frame is too large")

// serve reads frames until the connection is gone.
func (c *conn) serve() {
	defer c.left()
	malformed := 0
	for {
		frame, err := c.read()
		switch {
		case errors.Is(err, errFrameTooLarge):
			c.end(closing{codeTooLarge, "a frame has at most 256 KiB"})
			return
		case err != nil:
			return
		case c.ends():
			continue // until the other side has said goodbye too
		}
		if c.handle(frame) {
			malformed = 0
			continue
		}
		if malformed++; malformed == maxMalformed {
			c.end(closing{codeMalformed, "three malformed frames in a row"})
		}
	}
}

// left is the end of the reader: the connection is gone, or is being closed by somebody
// who waits for the other side and must not be disturbed.
func (c *conn) left() {
	c.mu.Lock()
	closing := c.ending != nil && !c.cut
	c.mu.Unlock()
	if !closing {
		c.drop()
	}
}

// received is a frame as it came.
type received struct {
	kind  websocket.MessageType
	text  []byte
	large bool // and so not kept
	from  *[]byte
}

var frameBuffers = sync.Pool{New: func() any { b := make([]byte, 1024); return &b }}

// read waits for a frame. The buffer it is read into is taken when the frame has begun, so
// that a waiting connection holds none; handle gives it back.
func (c *conn) read() (received, error) {
	kind, r, err := c.ws.Reader(context.Background())
	if err != nil {
		return received{}, err
	}
	buffer := frameBuffers.Get().(*[]byte)
	n, err := readUpTo(r, buffer)
	if err != nil {
		return received{}, err
	}
	f := received{kind: kind, text: (*buffer)[:n], large: n > maxFrame, from: buffer}
	if f.large {
		rest, err := io.Copy(io.Discard, io.LimitReader(r, maxThrownAway+1))
		if err == nil && rest > maxThrownAway {
			err = errFrameTooLarge
		}
		return f, err
	}
	return f, nil
}

// readUpTo reads to the end, or one byte more than a frame may have.
func readUpTo(r io.Reader, buffer *[]byte) (int, error) {
	n := 0
	for n <= maxFrame {
		if n == len(*buffer) {
			*buffer = append(*buffer, make([]byte, len(*buffer))...)
		}
		m, err := r.Read((*buffer)[n:min(len(*buffer), maxFrame+1)])
		n += m
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
	return n, nil
}

// done gives the buffer back, unless it grew for a rare large frame.
func (f received) done() {
	if f.from != nil && len(*f.from) <= 8<<10 {
		frameBuffers.Put(f.from)
	}
}
