package bench

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"time"
)

const (
	body      = "Good morning! The oats worked well today, and I walked twenty minutes after lunch."
	frameTime = 30 * time.Second // for one answer
)

// httpClient writes the same request again and again over one connection.
type httpClient struct {
	conn    net.Conn
	in      *bufio.Reader
	request []byte
}

func dialHTTP(address string, as sender) (client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	content := fmt.Sprintf(`{"body":%q}`, body)
	request := fmt.Sprintf("POST /api/v1/conversations/%s/messages HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", as.conversation, address, as.token, len(content), content)
	return &httpClient{conn, bufio.NewReader(conn), []byte(request)}, nil
}

func (c *httpClient) close() { _ = c.conn.Close() }

func (c *httpClient) send() error {
	if err := exchange(c.conn, c.request); err != nil {
		return err
	}
	status, err := c.in.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(status, []byte("HTTP/1.1 201 ")) {
		return fmt.Errorf("the server answered %q", status)
	}
	length, err := c.contentLength()
	if err != nil {
		return err
	}
	_, err = c.in.Discard(length)
	return err
}

// contentLength reads the header to its end.
func (c *httpClient) contentLength() (length int, err error) {
	length = -1
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(":"))
		if bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, fmt.Errorf("the answer has no Content-Length")
	}
	return length, nil
}

func exchange(conn net.Conn, request []byte) error {
	if err := conn.SetDeadline(time.Now().Add(frameTime)); err != nil {
		return err
	}
	_, err := conn.Write(request)
	return err
}

// liveClient writes the same frame again and again.
type liveClient struct {
	conn  net.Conn
	in    *bufio.Reader
	frame []byte
	text  []byte
}

func dialLive(address string, as sender) (client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	c := &liveClient{conn: conn, in: bufio.NewReader(conn)}
	if err := c.shakeHands(address, as.token); err != nil {
		c.close()
		return nil, err
	}
	c.frame = textFrame(fmt.Sprintf(`{"type":"send","ref":"1","conversation_id":%q,"message":{"body":%q}}`, as.conversation, body))
	return c, nil
}

func (c *liveClient) close() { _ = c.conn.Close() }

func (c *liveClient) shakeHands(address, token string) error {
	err := exchange(c.conn, fmt.Appendf(nil, "GET /api/v1/live HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"+
		"Sec-WebSocket-Protocol: hearth.v1, bearer.%s\r\n\r\n", address, token))
	if err != nil {
		return err
	}
	for first := true; ; first = false {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return err
		}
		if first && line[:min(12, len(line))] != "HTTP/1.1 101" {
			return fmt.Errorf("the server answered %q to the handshake", line)
		}
		if line == "\r\n" {
			return c.expect("hello")
		}
	}
}

func (c *liveClient) send() error {
	if err := exchange(c.conn, c.frame); err != nil {
		return err
	}
	return c.expect("ack")
}

// expect reads frames until one is of this type. Events are passed over: the message of
// an earlier round reaches the next connection of its sender.
func (c *liveClient) expect(kind string) error {
	for {
		if err := c.read(); err != nil {
			return err
		}
		switch {
		case bytes.HasPrefix(c.text, []byte(`{"type":"`+kind+`"`)):
			return nil
		case bytes.HasPrefix(c.text, []byte(`{"type":"error"`)):
			return fmt.Errorf("the server sent %.200s", c.text)
		}
	}
}

func isMessage(frame []byte) bool { return bytes.HasPrefix(frame, []byte(`{"type":"message.created"`)) }

// read reads one frame, which is text and whole.
func (c *liveClient) read() error {
	head, err := c.in.Peek(2)
	if err != nil {
		return err
	}
	const wholeText = 0x81
	if head[0] != wholeText {
		return fmt.Errorf("the server sent a frame of the kind %#x", head[0])
	}
	length := int(head[1])
	_, _ = c.in.Discard(2)
	if length == 126 {
		var long [2]byte
		if _, err := io.ReadFull(c.in, long[:]); err != nil {
			return err
		}
		length = int(binary.BigEndian.Uint16(long[:]))
	}
	c.text = slices.Grow(c.text[:0], length)[:length]
	_, err = io.ReadFull(c.in, c.text)
	return err
}

// textFrame masks with zero, which leaves the text as it is: between two programs of one
// machine there is no proxy that masking would protect.
func textFrame(text string) []byte {
	const wholeText, masked = 0x81, 0x80
	frame := []byte{wholeText, masked | 126}
	frame = binary.BigEndian.AppendUint16(frame, uint16(len(text)))
	frame = append(frame, 0, 0, 0, 0)
	return append(frame, text...)
}
