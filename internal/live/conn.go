package live

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"

	"hearth/internal/care"
	"hearth/internal/chat"
)

// Codes with which a connection is closed.
const (
	codeGoingAway    = websocket.StatusGoingAway
	codeTooLarge     = websocket.StatusMessageTooBig
	codeMalformed    = websocket.StatusCode(4400) // three malformed frames in a row
	codeSessionEnded = websocket.StatusCode(4001) // sign in again
	codeTooSlow      = websocket.StatusCode(4008) // connect again and read what came meanwhile
)

// What may wait for a connection that does not take it. A burst of events that one commit
// makes (at most 256 messages) fits: that is no slowness.
const (
	maxQueue      = 512
	maxQueueBytes = 1 << 20
	maxTogether   = 64 << 10 // with one system call
	// maxUnanswered bounds the messages of a connection that are being stored; the next
	// frame is read when one was answered.
	maxUnanswered = 64
	slowGrace     = 5 * time.Second // for a slow connection to take its close frame
)

type closing struct {
	code   websocket.StatusCode
	reason string
}

// conn is one connection. Its reader lives as long as it; its writer and the goroutine
// that waits for answers run only while there is work for them.
type conn struct {
	hub   *Hub
	id    uint64
	user  care.UserID
	token string
	actor atomic.Pointer[care.Actor]

	ws      *websocket.Conn
	socket  *socket
	ready   atomic.Bool // ws and socket are set
	checked atomic.Int64
	pinging atomic.Bool
	limits  limits
	lastUse time.Time // the reader's
	looks   uint64    // the reader's: how many frames said what the person looks at

	// What the person looks at, and which frame said so; of the hub's presence.
	at     care.ConversationID
	looked uint64

	mu      sync.Mutex
	queue   [][]byte // frames as they go over the wire
	broken  bool     // the first of them has begun already
	bytes   int
	writing bool
	since   int64 // when the write that is under way began, Unix milliseconds; 0 none
	ending  *closing
	cut     bool     // without a word
	after   *closing // to end with when everything was answered
	sends   []unanswered
	waiting bool // somebody waits for the first of sends
	// submitting is set while a message is handed over and not yet among sends.
	submitting bool
	busy       int       // read and typing frames being served
	fewer      sync.Cond // of sends or busy; the reader alone waits for it
}

// unanswered is a message on its way through the sender of chat.
type unanswered struct {
	ref    ref
	answer <-chan chat.Sent
}

func (h *Hub) newConn(actor care.Actor, token string) *conn {
	c := &conn{hub: h, id: h.lastID.Add(1), user: actor.User, token: token}
	c.fewer.L = &c.mu
	c.actor.Store(&actor)
	c.checked.Store(h.Clock().UnixMilli())
	return c
}

// opened greets, with what was counted when events came already, so that none is missed.
func (c *conn) opened(ws *websocket.Conn, s *socket, unread *int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ws, c.socket = ws, s
	c.ready.Store(true)
	// Events may have come between registering and here.
	if c.cut {
		_ = s.Close()
		return
	}
	first := framed(hello(c.user, c.hub.Clock(), unread))
	c.queue = append([][]byte{first}, c.queue...)
	c.bytes += len(first)
	c.startWriting()
}

// send queues a text. It never blocks; a connection that has too much waiting is ended.
func (c *conn) send(text []byte) { c.queueFrame(framed(text)) }

func (c *conn) queueFrame(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.put(frame) {
		c.startWriting()
	}
}

// sendAtOnce writes a frame in the caller's goroutine where nothing waits and the other
// side takes it without waiting; otherwise it queues what is left. It never blocks.
func (c *conn) sendAtOnce(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ending == nil && !c.writing && len(c.queue) == 0 && c.ready.Load() {
		taken := c.socket.tryWrite(frame)
		if frame = frame[taken:]; len(frame) == 0 {
			return
		}
		c.broken = taken > 0
	}
	if c.put(frame) {
		c.startWriting()
	}
}

// put must be called with mu held; it reports whether somebody has to write now.
func (c *conn) put(frame []byte) bool {
	if c.ending != nil {
		return false
	}
	c.queue = append(c.queue, frame)
	c.bytes += len(frame)
	if len(c.queue) > maxQueue || c.bytes > maxQueueBytes {
		c.tooSlow()
	}
	return true
}

// sendNow queues a frame and writes what waits in the caller's goroutine, unless another
// does so already. It may block as long as the other side lets it.
func (c *conn) sendNow(text []byte) {
	c.mu.Lock()
	mine := c.put(framed(text)) && !c.writing && c.ready.Load()
	c.writing = c.writing || mine
	c.mu.Unlock()
	if mine {
		c.write()
	}
}

// startWriting must be called with mu held.
func (c *conn) startWriting() {
	if !c.writing && c.ready.Load() {
		c.writing = true
		go c.write()
	}
}

// tooSlow throws away what waits and leaves the connection a moment to take the frame that
// says so. It must be called with mu held.
func (c *conn) tooSlow() {
	c.hub.dropped.Add(1)
	c.queue, c.bytes = c.begun(), 0
	for _, frame := range c.queue {
		c.bytes += len(frame)
	}
	c.ending = &closing{codeTooSlow, "too slow: connect again and read what came meanwhile"}
	if c.ready.Load() {
		_ = c.socket.SetWriteDeadline(c.hub.Clock().Add(slowGrace))
	}
	c.startWriting()
}

// begun gives the frame of which a part was written already: it must end before another
// begins. It must be called with mu held.
func (c *conn) begun() [][]byte {
	if c.broken && len(c.queue) > 0 {
		return c.queue[:1:1]
	}
	return nil
}

// write writes what waits until nothing does, then closes the connection if that was asked.
func (c *conn) write() {
	for {
		frames, end := c.take()
		if len(frames) > 0 {
			if c.socket.writeFrames(frames) != nil {
				c.drop()
				return
			}
			continue
		}
		if end != nil {
			c.finish(*end)
		}
		return
	}
}

// take gives what waits, but not much more than maxTogether bytes: a slow connection that
// wakes up has little to take before it is told. With nothing left the writer ends;
// writing stays set when the connection is closed, so that none starts again.
func (c *conn) take() ([][]byte, *closing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since = 0
	if len(c.queue) == 0 {
		c.writing = c.ending != nil
		return nil, c.ending
	}
	c.since = c.hub.Clock().UnixMilli()
	n, size := 0, 0
	for n < len(c.queue) && size < maxTogether {
		size += len(c.queue[n])
		n++
	}
	frames := c.queue[:n]
	if c.queue = c.queue[n:]; len(c.queue) == 0 {
		c.queue = nil
	}
	c.bytes -= size
	c.broken = false
	return frames, nil
}

// end closes the connection after what waits was written. The first call counts.
func (c *conn) end(with closing) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ending == nil {
		c.ending = &with
		c.startWriting()
	}
}

// endWhenAnswered closes the connection when every message that came over it was answered.
func (c *conn) endWhenAnswered(with closing) {
	c.mu.Lock()
	idle := len(c.sends) == 0 && !c.submitting
	c.after = &with
	c.mu.Unlock()
	if idle {
		c.end(with)
	}
}

// ends reports whether frames that come are no longer served.
func (c *conn) ends() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.ending != nil || c.after != nil
}

// finish says goodbye and waits a few seconds for the other side to do so.
func (c *conn) finish(with closing) {
	c.hub.remove(c)
	_ = c.socket.SetWriteDeadline(c.hub.Clock().Add(slowGrace))
	_ = c.ws.Close(with.code, with.reason) // it is over in any case
}

// drop cuts the connection off without a word.
func (c *conn) drop() {
	c.mu.Lock()
	if c.ending == nil {
		c.ending = &closing{}
	}
	c.writing, c.cut = true, true
	ready := c.ready.Load()
	c.mu.Unlock()
	if ready {
		_ = c.socket.Close() // the reader sees it and leaves
	}
}
