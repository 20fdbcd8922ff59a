package live

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
)

// patience is how long tests wait for what must come.
const patience = 30 * time.Second

// rig is a hub with invented people behind a real HTTP server.
type rig struct {
	t      testing.TB
	hub    *Hub
	bus    *bus.Local
	chat   *scriptedChat
	server *httptest.Server

	mu     sync.Mutex
	people map[string]care.Actor // by token
	used   []string              // who did something
}

var (
	practice = care.NewID[care.OrgID](time.Now())
	thread   = care.NewID[care.ConversationID](time.Now())
)

func newRig(t testing.TB, change ...func(*Config)) *rig {
	r := &rig{t: t, bus: bus.New(), chat: &scriptedChat{}, people: map[string]care.Actor{}}
	config := Config{
		Chat: r.chat, Bus: r.bus, Authenticate: r.authenticate, Check: r.authenticate, Used: r.use, Cookies: []string{"hearth"},
		Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&config)
	}
	r.hub = New(config)
	r.server = httptest.NewServer(r.hub)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		r.hub.Drain(ctx)
		r.server.Close()
	})
	return r
}

func (r *rig) authenticate(_ context.Context, token string) (care.Actor, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	actor, known := r.people[token]
	if !known {
		return actor, care.Fail(care.Unauthenticated, care.CodeUnauthenticated, "Sign in first.")
	}
	return actor, nil
}

func (r *rig) use(actor care.Actor) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.used = append(r.used, actor.Name)
}

// person invents somebody; their token is their name.
func (r *rig) person(name string) care.Actor {
	r.mu.Lock()
	defer r.mu.Unlock()
	actor := care.Actor{
		Org: practice, User: care.NewID[care.UserID](time.Now()), Kind: care.KindStaff, Name: name,
		Session: care.NewID[care.SessionID](time.Now()),
	}
	r.people[name] = actor
	return actor
}

func (r *rig) forget(token string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.people, token)
}

// device is a connection as a program at the other end has it.
type device struct {
	t  testing.TB
	ws *websocket.Conn
}

func (r *rig) dial(token string, change ...func(*websocket.DialOptions)) (*device, *http.Response, error) {
	options := &websocket.DialOptions{Subprotocols: []string{"hearth.v1", "bearer." + token}}
	for _, f := range change {
		f(options)
	}
	ctx, cancel := context.WithTimeout(r.t.Context(), patience)
	defer cancel()
	ws, response, err := websocket.Dial(ctx, r.server.URL, options)
	if err != nil {
		return nil, response, err
	}
	ws.SetReadLimit(-1)
	r.t.Cleanup(func() { _ = ws.CloseNow() })
	return &device{r.t, ws}, response, nil
}

// connect dials and reads the hello.
func (r *rig) connect(token string, change ...func(*websocket.DialOptions)) *device {
	r.t.Helper()
	d, _, err := r.dial(token, change...)
	if err != nil {
		r.t.Fatal(err)
	}
	if f := d.next(); f["type"] != "hello" {
		r.t.Fatalf("the first frame is %v", f)
	}
	return d
}

// smallWindow makes the other end take little before it reads.
func smallWindow(o *websocket.DialOptions) {
	o.HTTPClient = &http.Client{Transport: &http.Transport{
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
			if tcp, ok := conn.(*net.TCPConn); ok && err == nil {
				err = tcp.SetReadBuffer(64 << 10)
			}
			return conn, err
		},
	}}
}

func (d *device) write(frame string) {
	d.t.Helper()
	if err := d.ws.Write(d.t.Context(), websocket.MessageText, []byte(frame)); err != nil {
		d.t.Fatal(err)
	}
}

func (d *device) read() (map[string]any, error) {
	ctx, cancel := context.WithTimeout(d.t.Context(), patience)
	defer cancel()
	_, text, err := d.ws.Read(ctx)
	if err != nil {
		return nil, err
	}
	var frame map[string]any
	return frame, json.Unmarshal(text, &frame)
}

func (d *device) next() map[string]any {
	d.t.Helper()
	frame, err := d.read()
	if err != nil {
		d.t.Fatal(err)
	}
	return frame
}

// nothing makes sure that no frame comes before one that is asked for now.
func (d *device) nothing() {
	d.t.Helper()
	d.write(`{"type":"no such type"}`)
	if got := at(d.next(), "problem.code"); got != "malformed" {
		d.t.Errorf("a frame came: %v", got)
	}
}

// closed reads until the connection ends and gives the code.
func (d *device) closed() websocket.StatusCode {
	d.t.Helper()
	for {
		if _, _, err := d.ws.Read(d.t.Context()); err != nil {
			return websocket.CloseStatus(err)
		}
	}
}

// at reads a value by its path, such as "problem.code", as text.
func at(frame map[string]any, path string) string {
	var value any = frame
	for key := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		value = object[key]
	}
	if value == nil {
		return ""
	}
	return fmt.Sprint(value)
}

func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("in vain waited for: " + what)
		}
	}
}

// scriptedChat answers as it is told; what it is not told stores everything.
type scriptedChat struct {
	submit       func(care.Actor, chat.Draft) <-chan chat.Sent
	markRead     func(care.Actor, care.ConversationID, int64) error
	members      func(care.Actor) ([]care.UserID, error)
	conversation func(care.Actor) (chat.Conversation, error)
	message      func(seq int64) (care.Message, bool, error)

	mu  sync.Mutex
	seq int64
}

func (s *scriptedChat) Submit(_ context.Context, actor care.Actor, draft chat.Draft) <-chan chat.Sent {
	if s.submit != nil {
		return s.submit(actor, draft)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	return answered(chat.Sent{Created: true, Message: care.Message{
		ID: draft.ID, Conversation: draft.Conversation, Seq: s.seq, Author: actor.Person(), Body: draft.Body, Kind: care.TextMessage,
	}})
}

func answered(sent chat.Sent) <-chan chat.Sent {
	done := make(chan chat.Sent, 1)
	done <- sent
	return done
}

func (s *scriptedChat) MarkRead(_ context.Context, actor care.Actor, id care.ConversationID, seq int64) (chat.ReadState, error) {
	return chat.ReadState{}, s.markRead(actor, id, seq)
}

func (s *scriptedChat) Members(_ context.Context, actor care.Actor, _ care.ConversationID) ([]care.UserID, error) {
	return s.members(actor)
}

func (s *scriptedChat) Conversation(_ context.Context, actor care.Actor, _ care.ConversationID) (chat.Conversation, error) {
	return s.conversation(actor)
}

func (s *scriptedChat) Schedule(_ context.Context, actor care.Actor, draft chat.Draft, at time.Time) (chat.Scheduled, bool, error) {
	if draft.Body == "refused" {
		return chat.Scheduled{}, false, care.Fail(care.Forbidden, care.CodeChatUnavailable, "Chat is unavailable")
	}
	return chat.Scheduled{
		ID: draft.ID, Conversation: draft.Conversation, State: chat.ScheduleWaiting, Body: draft.Body + " by " + actor.Name, SendAt: at,
	}, true, nil
}

func (s *scriptedChat) ScheduledMessage(_ context.Context, actor care.Actor, id care.MessageID) (chat.Scheduled, error) {
	return chat.Scheduled{ID: id, State: chat.ScheduleSkipped, Why: care.CodeChatUnavailable, Body: "for " + actor.User.String()}, nil
}

func (s *scriptedChat) NameStyle(context.Context, care.OrgID) (care.NameStyle, error) {
	return care.NamesInitial, nil
}

func (s *scriptedChat) Person(_ context.Context, _ care.OrgID, id care.UserID) (care.Person, error) {
	return care.Person{ID: id, Kind: care.KindStaff, Name: "Somebody"}, nil
}

func (s *scriptedChat) MessageAt(_ context.Context, _ care.OrgID, _ care.ConversationID, seq int64) (care.Message, bool, error) {
	return s.message(seq)
}

// posted is the event of a message.
func posted(seq int64, body string, to ...care.Actor) care.Event {
	e := care.Event{
		Type: care.EventMessageCreated, Org: practice, Conversation: thread, Seq: seq,
		Message: &care.Message{Conversation: thread, Seq: seq, Body: body, Kind: care.TextMessage, Author: care.System},
	}
	for _, actor := range to {
		e.To = append(e.To, actor.User)
	}
	return e
}
