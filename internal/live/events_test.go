package live

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
)

func TestEventsReachTheirPeopleOnly(t *testing.T) {
	r := newRig(t)
	noor, leilani := r.person("noor"), r.person("leilani")
	r.person("mallory")
	phone, desk, hers, other := r.connect("noor"), r.connect("noor"), r.connect("leilani"), r.connect("mallory")
	for _, kind := range []care.EventType{care.EventMessageCreated, care.EventMessageUpdated, care.EventMessageDeleted} {
		e := posted(4, "Oats & honey", noor, leilani)
		e.Type = kind
		r.bus.Publish(e)
		for _, d := range []*device{phone, desk, hers} {
			f := d.next()
			if at(f, "type") != string(kind) || at(f, "data.seq") != "4" || at(f, "data.body") != "Oats & honey" ||
				at(f, "data.conversation_id") != thread.String() || at(f, "data.author.name") != "Hearth" {
				t.Errorf("the event is %v", f)
			}
		}
	}
	other.nothing()
}

func TestTheConnectionThatSentIsNotTold(t *testing.T) {
	r := newRig(t)
	noor := r.person("noor")
	r.chat.submit = func(_ care.Actor, draft chat.Draft) <-chan chat.Sent {
		e := posted(1, draft.Body, noor)
		e.Origin = draft.Origin
		r.bus.Publish(e)
		return answered(chat.Sent{Message: *e.Message})
	}
	desk, phone := r.connect("noor"), r.connect("noor")
	desk.write(sendFrame("a", "From my desk"))
	if f := phone.next(); at(f, "type") != "message.created" || at(f, "data.body") != "From my desk" {
		t.Errorf("the phone got %v", f)
	}
	if f := desk.next(); at(f, "type") != "ack" {
		t.Errorf("the desk got %v", f)
	}
	desk.nothing()
	r.bus.Publish(posted(2, "Over HTTP", noor))
	for _, d := range []*device{desk, phone} {
		if f := d.next(); at(f, "data.body") != "Over HTTP" {
			t.Errorf("over HTTP came %v", f)
		}
	}
}

func TestOrder(t *testing.T) {
	r := newRig(t)
	noor := r.person("noor")
	d := r.connect("noor")
	r.chat.conversation = func(care.Actor) (chat.Conversation, error) {
		time.Sleep(time.Millisecond) // reading takes longer than nothing
		return chat.Conversation{ID: thread}, nil
	}
	const n = 400
	go func() {
		for seq := int64(1); seq <= n; seq++ {
			if seq%10 == 0 {
				r.bus.Publish(care.Event{Type: care.EventConversationUpdated, Conversation: thread, To: []care.UserID{noor.User}})
				continue
			}
			r.bus.Publish(posted(seq, "x", noor))
		}
	}()
	for seq := 1; seq <= n; seq++ {
		f := d.next()
		if want := fmt.Sprint(seq); seq%10 == 0 && at(f, "type") != "conversation.updated" || seq%10 != 0 && at(f, "data.seq") != want {
			t.Fatalf("in place %d came %v", seq, f)
		}
	}
}

func TestEachSeesTheConversationTheirWay(t *testing.T) {
	r := newRig(t)
	noor, leilani, gone := r.person("noor"), r.person("leilani"), r.person("gone")
	r.chat.conversation = func(actor care.Actor) (chat.Conversation, error) {
		switch actor.User {
		case noor.User:
			files := []care.Attachment{{ID: care.NewID[care.AttachmentID](time.Now()), Name: "plan.pdf"}}
			return chat.Conversation{ID: thread, Unread: 3, Draft: "Dear Leilani", DraftReply: care.MessageID(thread), DraftFiles: files}, nil
		case leilani.User:
			return chat.Conversation{ID: thread}, nil
		default:
			return chat.Conversation{}, care.Missing("conversation")
		}
	}
	his, hers, theirs := r.connect("noor"), r.connect("leilani"), r.connect("gone")
	to := []care.UserID{noor.User, gone.User, leilani.User}
	r.bus.Publish(care.Event{Type: care.EventConversationCreated, Conversation: thread, To: to})
	if f := his.next(); at(f, "type") != "conversation.created" || at(f, "data.unread") != "3" {
		t.Errorf("he sees %v", f)
	}
	if f := hers.next(); at(f, "data.unread") != "0" || at(f, "data.draft") != "" {
		t.Errorf("she sees %v", f)
	}
	r.bus.Publish(care.Event{Type: care.EventReadUpdated, Conversation: thread, Seq: 9, Person: noor.Person(), To: to})
	if f := his.next(); at(f, "type") != "read.updated" || at(f, "data.unread") != "3" || at(f, "data.seq") != "9" {
		t.Errorf("his own read mark came as %v", f)
	}
	for _, d := range []*device{hers, theirs} {
		if f := d.next(); at(f, "data.user_id") != noor.User.String() || at(f, "data.seq") != "9" || at(f, "data.unread") != "" {
			t.Errorf("his read mark came to others as %v", f)
		}
	}
	theirs.nothing()
	draft := care.Event{Type: care.EventDraftUpdated, Conversation: thread, To: []care.UserID{noor.User}, Text: "Dear L"}
	r.bus.Publish(draft)
	if f := his.next(); at(f, "type") != "draft.updated" || at(f, "data.body") != "Dear L" || at(f, "data.attachments") != "[]" {
		t.Errorf("the draft came as %v", f)
	}
	draft.Text = "" // as from another node, or with more than a text
	r.bus.Publish(draft)
	if f := his.next(); at(f, "data.body") != "Dear Leilani" || at(f, "data.reply_to") != thread.String() || !strings.Contains(at(f, "data.attachments"), "plan.pdf") {
		t.Errorf("the draft of another node came as %v", f)
	}
	hers.nothing()
}

func TestTyping(t *testing.T) {
	r := newRig(t)
	noor, leilani, sam := r.person("noor"), r.person("leilani"), r.person("sam")
	r.chat.members = func(actor care.Actor) ([]care.UserID, error) {
		if actor.Name == "mallory" {
			return nil, care.Missing("conversation")
		}
		return []care.UserID{noor.User, leilani.User}, nil
	}
	r.person("mallory")
	frame := `{"type":"typing","conversation_id":"` + thread.String() + `"}`
	his, hers, onlooker, outsider := r.connect("noor"), r.connect("leilani"), r.connect("sam"), r.connect("mallory")
	his.write(frame)
	if f := hers.next(); at(f, "type") != "typing" || at(f, "data.conversation_id") != thread.String() ||
		at(f, "data.user.id") != noor.User.String() || at(f, "data.user.name") != "noor" {
		t.Errorf("she sees %v", f)
	}
	outsider.write(frame)
	if f := outsider.next(); at(f, "problem.code") != "not_found" {
		t.Errorf("who is not in it gets %v", f)
	}
	onlooker.write(frame) // allowed to look, not in it
	his.nothing()
	hers.nothing()
	// As from another node: without the name.
	r.chat.conversation = func(care.Actor) (chat.Conversation, error) {
		return chat.Conversation{ID: thread, Members: []chat.Member{{Person: noor.Person()}}}, nil
	}
	r.bus.Publish(care.Event{
		Type: care.EventTyping, Conversation: thread, To: []care.UserID{leilani.User, sam.User}, Person: care.Person{ID: noor.User},
	})
	if f := hers.next(); at(f, "data.user.name") != "noor" {
		t.Errorf("from another node comes %v", f)
	}
}

func TestTypingIsBounded(t *testing.T) {
	r := newRig(t)
	noor, leilani := r.person("noor"), r.person("leilani")
	var asked atomic.Int64
	r.chat.members = func(care.Actor) ([]care.UserID, error) {
		asked.Add(1)
		return []care.UserID{noor.User, leilani.User}, nil
	}
	d := r.connect("noor")
	for range 200 {
		d.write(`{"type":"typing","conversation_id":"` + thread.String() + `"}`)
	}
	d.nothing()
	eventually(t, "some are told", func() bool { return asked.Load() > 0 })
	time.Sleep(20 * time.Millisecond)
	if n := asked.Load(); n > typingBurs+2 {
		t.Errorf("200 frames asked %d times", n)
	}
}

func TestMessagesOfOtherNodesAreRead(t *testing.T) {
	r := newRig(t)
	noor := r.person("noor")
	var reads atomic.Int64
	r.chat.message = func(seq int64) (care.Message, bool, error) {
		reads.Add(1)
		switch seq {
		case 1:
			return care.Message{}, false, nil // of another database, or gone
		case 2:
			return care.Message{}, false, errors.New("the database is away")
		}
		return care.Message{Seq: seq, Body: "Read"}, true, nil
	}
	e := posted(3, "", noor)
	e.Message = nil
	r.bus.Publish(e) // nobody is here: nothing is read
	first, second := r.connect("noor"), r.connect("noor")
	for seq := int64(1); seq <= 3; seq++ {
		e.Seq = seq
		r.bus.Publish(e)
	}
	for _, d := range []*device{first, second} {
		if f := d.next(); at(f, "data.seq") != "3" || at(f, "data.body") != "Read" {
			t.Errorf("came %v", f)
		}
	}
	if n := reads.Load(); n != 3 {
		t.Errorf("read %d times, want once for each event", n)
	}
}

func TestWhatMayBeMissedIsCaughtUp(t *testing.T) {
	r := newRig(t)
	r.person("noor")
	d := r.connect("noor")
	r.bus.Publish(care.Event{Type: bus.EventMissed})
	if code := d.closed(); code != codeTooSlow {
		t.Errorf("closed with %d", code)
	}
}

func TestSessionEnd(t *testing.T) {
	r := newRig(t)
	noor := r.person("noor")
	desk, phone := r.connect("noor"), r.connect("noor")
	ended := care.Event{Type: care.EventSessionEnded, To: []care.UserID{noor.User}, Session: care.NewID[care.SessionID](time.Now()), Text: "signed_out"}
	r.bus.Publish(ended)
	desk.nothing() // it was another session
	for _, session := range []care.SessionID{noor.Session, {}} {
		ended.Session = session
		r.bus.Publish(ended)
		for _, d := range []*device{desk, phone} {
			if f := d.next(); at(f, "type") != "session.ended" || at(f, "data.reason") != "signed_out" {
				t.Errorf("first comes %v", f)
			}
			if code := d.closed(); code != codeSessionEnded {
				t.Errorf("closed with %d", code)
			}
		}
		desk, phone = r.connect("noor"), r.connect("noor")
	}
}

func TestExpiryIsNoticed(t *testing.T) {
	var later atomic.Int64
	r := newRig(t, func(c *Config) {
		c.Clock = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	r.person("noor")
	sam := r.person("sam")
	d, stays := r.connect("noor"), r.connect("sam")
	r.hub.recheck()
	r.forget("noor")
	r.hub.recheck() // not asked again so soon
	d.nothing()
	sam.Role = care.RoleAdmin
	r.mu.Lock()
	r.people["sam"] = sam
	r.mu.Unlock()
	later.Store(int64(recheckAfter))
	r.hub.recheck()
	if f := d.next(); at(f, "type") != "session.ended" || at(f, "data.reason") != "expired" {
		t.Errorf("first comes %v", f)
	}
	if code := d.closed(); code != codeSessionEnded {
		t.Errorf("closed with %d", code)
	}
	stays.nothing()
	if got := r.hub.all()[0].actor.Load().Role; got != care.RoleAdmin {
		t.Errorf("what changed about sam was not noticed: %q", got)
	}
}

// An open page that nobody touches must not keep a session alive: only what its person
// does counts as use, and not every frame of it.
func TestOnlyWhatPeopleDoIsUse(t *testing.T) {
	var later atomic.Int64
	r := newRig(t, func(c *Config) {
		c.Clock = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	noor := r.person("noor")
	uses := func() int {
		r.mu.Lock()
		defer r.mu.Unlock()
		return len(r.used)
	}
	d := r.connect("noor")
	later.Store(int64(recheckAfter))
	r.hub.recheck()
	r.bus.Publish(posted(1, "Good morning", noor))
	d.next()
	if n := uses(); n != 0 {
		t.Errorf("used %d times although nobody did anything", n)
	}
	for minute := range 3 {
		later.Store(int64(time.Duration(minute+1) * usedEvery))
		for range 5 {
			d.write(sendFrame("a", "Here I am"))
			d.next()
		}
		if n := uses(); n != minute+1 {
			t.Errorf("used %d times in minute %d", n, minute+1)
		}
	}
}

func TestDeadConnectionsAreCutOff(t *testing.T) {
	var later atomic.Int64
	r := newRig(t, func(c *Config) {
		c.Clock = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	})
	r.person("noor")
	r.person("sam")
	answers := r.connect("noor")
	r.connect("sam") // reads nothing, so it answers no ping
	heard := make(chan map[string]any, 1)
	go func() {
		f, _ := answers.read()
		heard <- f
	}()
	later.Store(int64(pingAfter + time.Second))
	r.hub.sweep()
	eventually(t, "the pong", func() bool {
		for _, c := range r.hub.all() {
			if c.socket.lastRead.Load() > time.Now().Add(pingAfter).UnixMilli() {
				return true
			}
		}
		return false
	})
	later.Store(int64(deadAfter + 2*time.Second))
	r.hub.sweep()
	eventually(t, "the silent one is gone", func() bool { return r.hub.Stats().Connections == 1 })
	r.bus.Publish(posted(1, "Still there?", r.people["noor"]))
	if f := <-heard; at(f, "data.body") != "Still there?" {
		t.Errorf("the one that answers got %v", f)
	}
}

// A connection that takes nothing is closed with 4008, and meanwhile fifty others miss
// nothing.
func TestSlowConnectionsDisturbNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	noor, sam := r.person("noor"), r.person("sam")
	r.hub.MaxPerPerson = 100
	slow := r.connect("sam", smallWindow)
	const others, n = 50, 150
	body := strings.Repeat("Long words about breakfast. ", 600)
	published, code := make(chan struct{}), make(chan websocket.StatusCode, 1)
	go func() { // it reads again when it is too late
		for r.hub.Stats().Dropped == 0 && !isClosed(published) {
			time.Sleep(time.Millisecond)
		}
		code <- slow.closed()
	}()
	var read, failed atomic.Int64
	for range others {
		d := r.connect("noor")
		go func() {
			for seq := 1; seq <= n; seq++ {
				_, text, err := d.ws.Read(t.Context())
				if err != nil || !bytes.Contains(text, fmt.Appendf(nil, `"seq":%d,`, seq)) {
					t.Errorf("instead of %d came %.80s, %v", seq, text, err)
					failed.Add(1)
					return
				}
				read.Add(1)
			}
		}()
	}
	for seq := int64(1); seq <= n; seq++ {
		r.bus.Publish(posted(seq, body, noor, sam))
		// They keep up, so whatever they miss is somebody else's fault.
		eventually(t, "the others have read it", func() bool { return read.Load() == seq*others || failed.Load() > 0 })
	}
	close(published)
	if code := <-code; code != codeTooSlow {
		t.Errorf("the slow one was closed with %d", code)
	}
	if got := r.hub.Stats().Dropped; got != 1 {
		t.Errorf("%d were dropped, want the slow one", got)
	}
	eventually(t, "it is gone", func() bool { return r.hub.Stats().Connections == others })
}

func isClosed(c chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// One that never reads again cannot be told; it is cut off within seconds.
func TestStuckConnectionsAreCutOff(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	sam := r.person("sam")
	r.connect("sam", smallWindow)
	body := strings.Repeat("x", 60_000)
	for seq := int64(1); seq <= 60; seq++ {
		r.bus.Publish(posted(seq, body, sam))
	}
	eventually(t, "it is dropped", func() bool { return r.hub.Stats().Dropped == 1 })
	eventually(t, "it is gone", func() bool { return r.hub.Stats().Connections == 0 })
}

// What waits leaves together: a burst costs far fewer system calls than frames.
func TestBurstsArriveWhole(t *testing.T) {
	r := newRig(t)
	noor := r.person("noor")
	d := r.connect("noor")
	events := make([]care.Event, 256) // what one commit makes at most
	for i := range events {
		events[i] = posted(int64(i+1), "burst", noor)
	}
	r.bus.Publish(events...)
	for i := range events {
		if f := d.next(); at(f, "data.seq") != fmt.Sprint(i+1) {
			t.Fatalf("in place %d came %v", i+1, f)
		}
	}
	_ = d.ws.Close(websocket.StatusNormalClosure, "")
	eventually(t, "it is gone", func() bool { return r.hub.Stats().Connections == 0 })
}
