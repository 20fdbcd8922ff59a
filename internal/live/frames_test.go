package live

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"

	"hearth/internal/care"
	"hearth/internal/chat"
)

func sendFrame(ref, body string) string {
	return fmt.Sprintf(`{"type":"send","ref":%q,"conversation_id":%q,"message":{"body":%q}}`, ref, thread, body)
}

// slowSender tells of every submitted message and answers when proceed is closed.
func slowSender(r *rig) (sent chan chat.Draft, proceed chan struct{}) {
	sent, proceed = make(chan chat.Draft, 1000), make(chan struct{})
	r.chat.submit = func(actor care.Actor, draft chat.Draft) <-chan chat.Sent {
		sent <- draft
		done := make(chan chat.Sent, 1)
		go func() {
			<-proceed
			done <- chat.Sent{Message: care.Message{Conversation: draft.Conversation, Body: draft.Body, Author: actor.Person()}}
		}()
		return done
	}
	return sent, proceed
}

const anID = "0190b5a2-7c31-7e1f-9d5c-3a2b1c0d9e8f"

// The table of the protocol: a frame, and what answers it.
func TestFrames(t *testing.T) {
	r := newRig(t)
	noor := r.person("noor")
	r.chat.markRead = func(_ care.Actor, _ care.ConversationID, seq int64) error {
		if seq > 100 {
			return care.Missing("conversation")
		}
		return nil
	}
	r.chat.members = func(actor care.Actor) ([]care.UserID, error) { return []care.UserID{actor.User}, nil }
	c := thread.String()
	for _, one := range []struct {
		name, frame string
		want        map[string]string // by path; with an empty value: absent
	}{
		{"a message", `{"type":"send","ref":"a","conversation_id":"` + c + `","message":{"id":"` + anID + `","body":"Good morning"}}`,
			map[string]string{"type": "ack", "ref": "a", "message.body": "Good morning", "message.id": anID, "message.conversation_id": c, "message.author.id": noor.User.String()}},
		{"a number as ref", `{"type":"send","ref":17,"conversation_id":"` + c + `","message":{"body":"x"}}`,
			map[string]string{"type": "ack", "ref": "17", "message.body": "x"}},
		{"no ref", `{"type":"send","conversation_id":"` + c + `","message":{"body":"x"}}`,
			map[string]string{"type": "ack", "ref": "", "message.body": "x"}},
		{"read", `{"type":"read","ref":"r","conversation_id":"` + c + `","seq":3}`,
			map[string]string{"type": "ack", "ref": "r", "message": ""}},
		{"typing", `{"type":"typing","ref":"t","conversation_id":"` + c + `"}`,
			map[string]string{"type": "ack", "ref": "t", "message": ""}},
		{"read is refused", `{"type":"read","conversation_id":"` + c + `","seq":101}`,
			map[string]string{"type": "error", "ref": "", "problem.code": "not_found", "problem.status": "404"}},
		{"read of a negative seq", `{"type":"read","ref":"r","conversation_id":"` + c + `","seq":-1}`,
			map[string]string{"type": "error", "ref": "r", "problem.code": "invalid"}},
		{"no UUID", `{"type":"send","ref":"a","conversation_id":"7","message":{"body":"x"}}`,
			map[string]string{"type": "error", "ref": "a", "problem.code": "not_found"}},
		{"an unknown key in the message", `{"type":"send","ref":"a","conversation_id":"` + c + `","message":{"body":"x","colour":"red"}}`,
			map[string]string{"type": "error", "ref": "a", "problem.code": "invalid", "problem.errors": "[map[code:unknown detail:Is not a field of a message. field:colour]]"}},
		{"no body", `{"type":"send","ref":"a","conversation_id":"` + c + `","message":{}}`,
			map[string]string{"type": "error", "ref": "a", "problem.code": "invalid", "problem.errors": "[map[code:required detail:Must be given. field:body]]"}},
		{"a body that is no text", `{"type":"send","ref":"a","conversation_id":"` + c + `","message":{"body":["a private word"]}}`,
			map[string]string{"type": "error", "ref": "a", "problem.code": "invalid", "problem.errors": "[map[code:type detail:Must be a text. field:body]]"}},
		{"a message id that is none", `{"type":"send","ref":"a","conversation_id":"` + c + `","message":{"id":"1","body":"x"}}`,
			map[string]string{"type": "error", "ref": "a", "problem.code": "invalid", "problem.errors": "[map[code:type detail:Must be a UUID. field:id]]"}},
		{"no message", `{"type":"send","ref":"a","conversation_id":"` + c + `"}`, map[string]string{"type": "error", "ref": "a", "problem.code": "malformed"}},
		{"no conversation", `{"type":"typing","ref":"a"}`, map[string]string{"type": "error", "ref": "a", "problem.code": "malformed"}},
		{"no seq", `{"type":"read","ref":"a","conversation_id":"` + c + `"}`, map[string]string{"type": "error", "ref": "a", "problem.code": "malformed"}},
		{"no JSON", `hello`, map[string]string{"type": "error", "ref": "", "problem.code": "malformed", "problem.status": "400"}},
		{"a list", `[]`, map[string]string{"type": "error", "problem.code": "malformed"}},
		{"two values", `{"type":"typing","conversation_id":"` + c + `"} {}`, map[string]string{"type": "error", "problem.code": "malformed"}},
		{"a wrong type of value", `{"type":"read","conversation_id":"` + c + `","seq":"1"}`, map[string]string{"type": "error", "problem.code": "malformed"}},
		{"an unknown type", `{"type":"shout","ref":"a"}`, map[string]string{"type": "error", "ref": "a", "problem.code": "malformed"}},
		{"no type", `{"ref":"a"}`, map[string]string{"type": "error", "ref": "a", "problem.code": "malformed"}},
		{"an unknown key", `{"type":"typing","conversation_id":"` + c + `","loud":true}`, map[string]string{"type": "error", "problem.code": "malformed"}},
		{"a ref that is an object", `{"type":"typing","ref":{},"conversation_id":"` + c + `"}`, map[string]string{"type": "error", "ref": "", "problem.code": "malformed"}},
		{"a long ref", `{"type":"typing","ref":"` + strings.Repeat("x", 100) + `","conversation_id":"` + c + `"}`, map[string]string{"type": "error", "ref": "", "problem.code": "malformed"}},
		{"invalid UTF-8", "{\"type\":\"\xff\"}", map[string]string{"type": "error", "problem.code": "malformed"}},
	} {
		t.Run(one.name, func(t *testing.T) {
			d := r.connect("noor")
			d.write(one.frame)
			got := d.next()
			for path, want := range one.want {
				if at(got, path) != want {
					t.Errorf("%s is %q, want %q, in %v", path, at(got, path), want, got)
				}
			}
			if text, _ := json.Marshal(got["problem"]); strings.Contains(string(text), "private") {
				t.Errorf("the problem repeats what was sent: %s", text)
			}
			_ = d.ws.Close(websocket.StatusNormalClosure, "")
		})
	}
}

func TestThirdMalformedInARowCloses(t *testing.T) {
	r := newRig(t)
	r.person("noor")
	d := r.connect("noor")
	for _, frame := range []string{"x", "x", sendFrame("1", "well"), "x", "x"} {
		d.write(frame)
		d.next()
	}
	if err := d.ws.Write(t.Context(), websocket.MessageBinary, []byte(sendFrame("2", "frames are text"))); err != nil {
		t.Fatal(err)
	}
	if f := d.next(); at(f, "problem.code") != "malformed" {
		t.Errorf("the third was answered with %v", f)
	}
	if code := d.closed(); code != 4400 {
		t.Errorf("closed with %d", code)
	}
}

// A message of 20,000 characters fits with every character escaped; more is answered, and
// the connection goes on.
func TestLargeFrames(t *testing.T) {
	r := newRig(t)
	r.person("noor")
	d := r.connect("noor")
	body := strings.Repeat(`\ud83c\udf3b`, care.MaxMessage)
	d.write(`{"type":"send","ref":"a","conversation_id":"` + thread.String() + `","message":{"id":"` + anID + `","body":"` + body + `"}}`)
	if f := d.next(); at(f, "message.body") != strings.Repeat("🌻", care.MaxMessage) {
		t.Errorf("a long message was answered with %.200v", f)
	}
	d.write(strings.Repeat(" ", 10<<20))
	if f := d.next(); at(f, "problem.code") != "too_large" || at(f, "problem.status") != "413" {
		t.Errorf("10 MB were answered with %v", f)
	}
	d.write(sendFrame("b", "still here"))
	if f := d.next(); at(f, "message.body") != "still here" {
		t.Errorf("afterwards came %v", f)
	}
	_ = d.ws.Write(t.Context(), websocket.MessageText, make([]byte, maxThrownAway+maxFrame+1<<20))
	if code := d.closed(); code != websocket.StatusMessageTooBig {
		t.Errorf("17 MB closed with %d", code)
	}
}

// Messages are submitted in their order without waiting for answers, other frames are
// served meanwhile, and the answers come in the order of the messages.
func TestPipelining(t *testing.T) {
	r := newRig(t)
	r.person("noor")
	r.chat.markRead = func(care.Actor, care.ConversationID, int64) error { return nil }
	sent, proceed := slowSender(r)
	d := r.connect("noor")
	var want []string
	for i := range maxUnanswered {
		want = append(want, fmt.Sprint(i))
		d.write(sendFrame(want[i], want[i]))
	}
	var submitted []string
	for range want {
		submitted = append(submitted, (<-sent).Body)
	}
	if !slices.Equal(submitted, want) {
		t.Errorf("submitted %v", submitted)
	}
	d.write(`{"type":"read","ref":"meanwhile","conversation_id":"` + thread.String() + `","seq":1}`)
	if f := d.next(); at(f, "ref") != "meanwhile" {
		t.Errorf("meanwhile came %v", f)
	}
	d.write(sendFrame("one more", "waits"))
	select {
	case draft := <-sent:
		t.Errorf("%q was submitted although %d are unanswered", draft.Body, maxUnanswered)
	case <-time.After(50 * time.Millisecond):
	}
	close(proceed)
	for _, ref := range append(want, "one more") {
		if f := d.next(); at(f, "ref") != ref {
			t.Fatalf("answer to %v, want %s", f["ref"], ref)
		}
	}
}

func TestRefusedSend(t *testing.T) {
	r := newRig(t)
	r.person("leilani")
	r.chat.submit = func(care.Actor, chat.Draft) <-chan chat.Sent {
		return answered(chat.Sent{Err: &care.Error{
			Kind: care.Forbidden, Code: care.CodeChatUnavailable, Message: "Messaging is turned off.",
			Notice: &care.Notice{Title: "Messaging is off", Phone: "555 0100"},
		}})
	}
	d := r.connect("leilani")
	d.write(sendFrame("a", "Hello?"))
	f := d.next()
	if at(f, "type") != "error" || at(f, "ref") != "a" || at(f, "problem.code") != "chat_unavailable" ||
		at(f, "problem.status") != "403" || at(f, "problem.notice.phone") != "555 0100" {
		t.Errorf("refused with %v", f)
	}
	for range 5 { // a refusal is no malformed frame
		d.write(sendFrame("b", "Hello?"))
		d.next()
	}
}

func TestRateLimit(t *testing.T) {
	r := newRig(t, func(c *Config) { c.RateLimits = true })
	r.person("noor")
	d := r.connect("noor")
	var limited sync.Once
	for i := range sendBurst + 10 {
		d.write(sendFrame(fmt.Sprint(i), "again"))
	}
	refused := 0
	for range sendBurst + 10 {
		f := d.next()
		if at(f, "problem.code") == "rate_limited" {
			refused++
			limited.Do(func() {
				if at(f, "problem.status") != "429" {
					t.Errorf("limited with %v", f)
				}
			})
		}
	}
	if refused == 0 || refused > 10 {
		t.Errorf("%d of %d were refused", refused, sendBurst+10)
	}
}

func BenchmarkDecode(b *testing.B) {
	f := received{kind: websocket.MessageText, text: []byte(sendFrame("1", "Good morning! I walked twenty minutes after lunch."))}
	b.ReportAllocs()
	for b.Loop() {
		in, err := decode(f)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := in.draft(); err != nil {
			b.Fatal(err)
		}
	}
}
