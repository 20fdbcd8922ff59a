package live

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/care"
	"hearth/internal/wire"
)

// What is encoded by hand is what encoding/json makes of the wire shape, byte for byte.
func TestMessagesAreEncodedAsTheirShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := someMessage(t)
		want, err := json.Marshal(wire.MessageOf(m))
		if err != nil {
			t.Fatal(err)
		}
		if got := appendMessage(nil, &m); string(got) != string(want) {
			t.Fatalf("by hand %s\nwant    %s", got, want)
		}
		var frame struct {
			Type string
			Ref  string
			Data wire.Message
		}
		if err := json.Unmarshal(messageFrame(care.EventMessageUpdated, &m), &frame); err != nil || frame.Type != "message.updated" {
			t.Fatal(frame.Type, err)
		}
		if err := json.Unmarshal(ackFrame(ref(`"a"`), &m), &frame); err != nil || frame.Type != "ack" || frame.Ref != "a" {
			t.Fatal(frame.Type, frame.Ref, err)
		}
	})
}

func someMessage(t *rapid.T) care.Message {
	id := func(name string) (id [16]byte) {
		if rapid.Bool().Draw(t, name+" is set") {
			copy(id[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, name))
		}
		return id
	}
	text := func(name string) string {
		return rapid.OneOf(rapid.String(), rapid.StringMatching(`[ -~]*`), rapid.Just("<b>&amp;\"\\\u2028\x00\xff")).Draw(t, name)
	}
	moment := func(name string) time.Time {
		if !rapid.Bool().Draw(t, name+" is set") {
			return time.Time{}
		}
		return time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, name)).In(time.FixedZone("", 3600))
	}
	m := care.Message{
		ID: id("id"), Conversation: id("conversation"), Seq: rapid.Int64().Draw(t, "seq"), Body: text("body"), ReplyTo: id("reply to"),
		Author:    care.Person{ID: id("author"), Name: text("name"), Kind: care.KindClient},
		CreatedAt: moment("created"), EditedAt: moment("edited"), DeletedAt: moment("deleted"), Kind: care.TextMessage,
	}
	if rapid.Bool().Draw(t, "with more") {
		m.Mentions = []care.Person{{ID: id("mentioned"), Name: text("mentioned name"), Kind: care.KindClient}}
		m.Reactions = []care.Reaction{{Emoji: "❤️", Users: []care.UserID{id("who reacted")}}}
		m.Attachments = []care.Attachment{{
			ID: id("file"), Name: text("file name"), Size: 12, MediaType: "image/png", Width: 3, Height: 4, Thumbnail: true,
		}}
	}
	if rapid.Bool().Draw(t, "on behalf") {
		m.OnBehalfOf = &care.Person{ID: id("colleague"), Name: text("colleague's name")}
	}
	return m
}

// A field that is added to the shape must be added to the encoding: this fails until then.
func TestTheShapeHasTheFieldsThatAreEncoded(t *testing.T) {
	if n := reflect.TypeFor[wire.Message]().NumField(); n != 15 {
		t.Errorf("wire.Message has %d fields, appendMessage writes 15", n)
	}
	if n := reflect.TypeFor[care.Message]().NumField(); n != 16 {
		t.Errorf("care.Message has %d fields, appendMessage knows 16", n)
	}
}

func BenchmarkAck(b *testing.B) {
	m := care.Message{
		ID: care.NewID[care.MessageID](time.Now()), Conversation: thread, Seq: 12, CreatedAt: time.Now(), Kind: care.TextMessage,
		Author: care.Person{ID: care.NewID[care.UserID](time.Now()), Name: "Leilani Kahale", Kind: care.KindClient},
		Body:   "Good morning! The oats worked well today, and I walked twenty minutes after lunch.",
	}
	b.ReportAllocs()
	for b.Loop() {
		ackFrame(ref(`"1"`), &m)
	}
}
