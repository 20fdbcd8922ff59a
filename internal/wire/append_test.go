package wire

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/chataccess"
	"hearth/internal/waiting"
)

// What is encoded by hand is what encoding/json makes of the wire shape, byte for byte.
func TestMessagesAreEncodedAsTheirShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := someMessage(t)
		want, err := json.Marshal(MessageOf(m))
		if err != nil {
			t.Fatal(err)
		}
		if got := AppendMessage(nil, &m); string(got) != string(want) {
			t.Fatalf("by hand %s\nwant    %s", got, want)
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
	if rapid.Bool().Draw(t, "a reply") {
		m.Quoted = &care.Quote{ID: id("quoted"), Seq: 3, Author: m.Author, Body: text("quote"), Deleted: true}
	}
	m.Blast = id("blast")
	if rapid.Bool().Draw(t, "on behalf") {
		m.OnBehalfOf = &care.Person{ID: id("colleague"), Name: text("colleague's name")}
	}
	return m
}

// A field that is added to the shape must be added to the encoding: this fails until then.
func TestTheShapeHasTheFieldsThatAreEncoded(t *testing.T) {
	if n := reflect.TypeFor[Message]().NumField(); n != 16 {
		t.Errorf("Message has %d fields, AppendMessage writes 16", n)
	}
	if n := reflect.TypeFor[care.Message]().NumField(); n != 17 {
		t.Errorf("care.Message has %d fields, AppendMessage knows 17", n)
	}
}

// A conversation is written as its shape is.
func TestConversationsAreWrittenAsTheirShape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := someConversation(t)
		var w waiting.Wait
		if rapid.Bool().Draw(t, "somebody waits") {
			w = waiting.Wait{Since: time.UnixMilli(rapid.Int64Range(0, 4e12).Draw(t, "since")), Overdue: rapid.Bool().Draw(t, "overdue")}
		}
		want, err := json.Marshal(ConversationOf(c).Waits(w))
		if err != nil {
			t.Fatal(err)
		}
		if got := AppendConversation(nil, &c, w); string(got) != string(want) {
			t.Fatalf("by hand %s\nwant    %s", got, want)
		}
	})
}

func someConversation(t *rapid.T) chat.Conversation {
	flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
	m := someMessage(t)
	c := chat.Conversation{
		ID: m.Conversation, Kind: rapid.SampledFrom([]care.ConversationKind{care.Direct, care.Community, care.Internal}).Draw(t, "kind"),
		Subject: m.Body, LastSeq: m.Seq, ReadSeq: m.Seq - 1, Unread: 1, MarkedUnread: flag("marked"), MutedUntil: m.EditedAt,
		Pinned: flag("pinned"), Archived: flag("archived"), Draft: m.Author.Name, DraftReply: m.ReplyTo, DraftFiles: m.Attachments, Outsider: flag("outsider"),
		ClosedAt: m.DeletedAt, CreatedAt: m.CreatedAt, LastActivityAt: m.CreatedAt, Blast: m.Blast,
	}
	people := []chat.Member{
		{Person: care.Person{ID: m.Author.ID, Name: m.Author.Name, Kind: care.KindClient}, Chat: &chat.ClientChat{Direct: flag("direct")}, ReadSeq: 3},
		{Person: m.Author, Role: care.RoleProvider, Title: m.Body},
	}
	c.Members = people[:rapid.IntRange(0, 2).Draw(t, "members")]
	if flag("with a message") {
		c.LastMessage = &m
	}
	if flag("of a client") {
		c.ClientID, c.ClientState, c.OnBehalfOf = m.Author.ID, care.ClientActive, []care.UserID{{1}, {2}}
	}
	if flag("refused") {
		c.CannotSend = &care.Error{Code: care.CodeChatUnavailable}
		c.Unavailable = &chataccess.Why{Source: care.PlaceGroup}
	}
	if flag("community") {
		c.Community, c.Assignee = &chat.Community{Locked: true, Members: 3, ShownAs: "Maya L."}, &m.Author
	}
	return c
}

// A field that is added to the shape must be added to the writing: this fails until then.
func TestTheShapeOfConversationsIsWritten(t *testing.T) {
	if n := reflect.TypeFor[Conversation]().NumField(); n != 30 {
		t.Errorf("Conversation has %d fields, AppendConversation writes 30", n)
	}
	if n := reflect.TypeFor[Member]().NumField(); n != 7 {
		t.Errorf("Member has %d fields, appendMember writes 7", n)
	}
}
