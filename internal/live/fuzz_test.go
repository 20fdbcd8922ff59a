package live

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"unicode/utf8"

	"github.com/coder/websocket"

	"hearth/internal/care"
)

// Whatever comes: it is refused as malformed, or it is JSON whose message is a draft or a
// refusal that names a field or the conversation.
func FuzzFrame(f *testing.F) {
	f.Add([]byte(sendFrame("1", "Hello")))
	f.Add([]byte(`{"type":"send","ref":-1e9,"conversation_id":"x","message":{"body":null}}`))
	f.Add([]byte(`{"type":"send","conversation_id":"` + anID + `","message":{"id":7,"Body":"x"}}`))
	f.Add([]byte(`{"message":[]}`))
	f.Add([]byte(` {"type" : "read","seq":0,"seq":12, "ref":"é" } `))
	f.Fuzz(func(t *testing.T, text []byte) {
		sameAsTheLibrary(t, text)
		in, err := decode(received{kind: websocket.MessageText, text: text})
		if err != nil {
			if !errors.Is(err, care.Malformed) {
				t.Fatalf("refused as %v", err)
			}
			return
		}
		if !json.Valid(text) || !json.Valid(in.ref().json()) {
			t.Fatalf("%q was taken, with the ref %q", text, in.Ref)
		}
		draft, err := in.draft()
		var refusal *care.Error
		if err == nil && draft.Conversation.IsZero() && *in.Conversation != draft.Conversation.String() {
			t.Fatal("a draft for no conversation")
		}
		if err != nil && !errors.As(err, &refusal) {
			t.Fatalf("refused with %v, which nobody may read", err)
		}
	})
}

// sameAsTheLibrary holds what is read quickly to what encoding/json makes of it.
func sameAsTheLibrary(t *testing.T, text []byte) {
	quick, ok := quickly(text)
	if !ok || !utf8.Valid(text) {
		return
	}
	var slow inbound
	if err := strictly(text, &slow); err != nil {
		t.Fatalf("%q was read although: %v", text, err)
	}
	if !reflect.DeepEqual(quick, slow) {
		t.Fatalf("%q was read as %+v, want %+v", text, quick, slow)
	}
}
