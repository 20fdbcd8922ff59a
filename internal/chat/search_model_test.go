package chat

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/care"
)

// TestSearchIsWhatReadingFinds compares what a search finds with what somebody would find
// who reads everything they may, whatever happened to the messages, indexed or not. The
// reader goes through Service.Messages and knows nothing of the index, and the comparison
// is written in another way than the search's.
func TestSearchIsWhatReadingFinds(t *testing.T) {
	if err := flag.Set("rapid.checks", "25"); err != nil { // each is a story of some thirty acts
		t.Fatal(err)
	}
	engines(t, func(w *world) {
		n := 0
		rapid.Check(w.t.(*testing.T), func(rt *rapid.T) {
			n++
			m := newSearchModel(w, n)
			rt.Repeat(map[string]func(*rapid.T){
				"":       func(*rapid.T) {},
				"say":    m.say,
				"edit":   m.edit,
				"delete": m.delete,
				"turn":   m.turn,
				"close":  m.close,
				"index":  func(*rapid.T) { w.index() },
				"search": m.search,
			})
			m.search(rt)
		})
	})
}

type searchModel struct {
	*world
	people []care.Actor
	chats  []Conversation
	said   []care.Message
	off    map[care.UserID]bool
}

var modelWords = []string{"oats", "oatmeal", "slow", "soup", "Salt", "so"}

// newSearchModel makes a practice of its own in the same store, so that there is much
// that must not be found.
func newSearchModel(w *world, n int) *searchModel {
	m := &searchModel{world: w, off: map[care.UserID]bool{}}
	org := w.organization(fmt.Sprint("Practice ", n))
	ann := w.staff(org, "Ann Amber", care.RoleProvider)
	bob := w.staff(org, "Bob Amber", care.RoleSupport)
	cleo := w.client(org, "Cleo Cedar", ann)
	dan := w.client(org, "Dan Amber", ann)
	m.people = []care.Actor{ann, bob, cleo, dan, w.noor}
	m.chats = []Conversation{
		w.open(ann, care.Direct, cleo), w.open(ann, care.Direct, dan),
		w.open(ann, care.Community, cleo, dan), w.open(ann, care.Internal, bob), w.open(ann, care.Internal, bob, ann),
	}
	return m
}

func (m *searchModel) say(rt *rapid.T) {
	for range rapid.SampledFrom([]int{1, 1, 3, 40}).Draw(rt, "messages") {
		m.now = m.now.Add(time.Duration(rapid.IntRange(0, 2).Draw(rt, "seconds")) * time.Second)
		said, _, err := m.trySay(m.people[rapid.IntRange(0, 4).Draw(rt, "author")], m.chats[rapid.IntRange(0, len(m.chats)-1).Draw(rt, "chat")], m.text(rt))
		if err == nil {
			m.said = append(m.said, said)
		}
	}
}

func (m *searchModel) text(rt *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(modelWords), 1, 4).Draw(rt, "words"), " ")
}

func (m *searchModel) edit(rt *rapid.T) {
	if len(m.said) > 0 {
		one := m.said[rapid.IntRange(0, len(m.said)-1).Draw(rt, "message")]
		for _, p := range m.people {
			_ = m.world.edit(p, one, "edited "+m.text(rt)) // its author may, mostly
		}
	}
}

func (m *searchModel) delete(rt *rapid.T) {
	if len(m.said) > 0 {
		one := m.said[rapid.IntRange(0, len(m.said)-1).Draw(rt, "message")]
		for _, p := range m.people {
			_ = m.world.remove(p, one)
		}
	}
}

func (m *searchModel) turn(rt *rapid.T) {
	client := m.people[rapid.IntRange(2, 3).Draw(rt, "client")]
	m.off[client.User] = !m.off[client.User]
	m.world.turn(client, !m.off[client.User], time.Time{})
}

func (m *searchModel) close(rt *rapid.T) {
	_, err := m.chat.SetClosed(ctx, m.people[0], m.chats[3].ID, rapid.Bool().Draw(rt, "closed"))
	m.must(err)
}

func (m *searchModel) search(rt *rapid.T) {
	who := m.people[rapid.IntRange(0, 3).Draw(rt, "reader")]
	ask, is := m.question(rt, who)
	got := m.seekBy(who, ask)
	var want []care.Message
	for _, c := range m.chats {
		if !ask.Conversation.IsZero() && ask.Conversation != c.ID {
			continue
		}
		want = append(want, m.reads(who, c, is)...)
	}
	slices.SortStableFunc(want, func(a, b care.Message) int { return b.CreatedAt.Compare(a.CreatedAt) })
	if len(got) != len(want) {
		rt.Fatalf("%s looks for %q and finds %d of %d:\n%q\n%v", who.Name, ask.Words, len(got), len(want), got, bodies(want))
	}
	// Of what was said at the same moment the order is not the reader's.
	if a, b := slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(bodies(want))); !slices.Equal(a, b) {
		rt.Fatalf("%s looks for %q and finds\n%q, want\n%q", who.Name, ask.Words, got, bodies(want))
	}
}

func bodies(list []care.Message) []string {
	texts := make([]string, len(list))
	for i := range list {
		texts[i] = list[i].Body
	}
	return texts
}

// reads gives what somebody may read in a conversation that is so.
func (m *searchModel) reads(who care.Actor, c Conversation, is func(care.Message) bool) (list []care.Message) {
	from := int64(0)
	for {
		page, more, err := m.chat.Messages(ctx, who, c.ID, Page{After: &from, Limit: 200})
		if err != nil {
			return nil // not theirs to read
		}
		for _, one := range page {
			from = one.Seq
			if one.DeletedAt.IsZero() && one.Kind == care.TextMessage && is(one) {
				list = append(list, one)
			}
		}
		if !more {
			return list
		}
	}
}

// question draws a search, and what it means.
func (m *searchModel) question(rt *rapid.T, who care.Actor) (Asking, func(care.Message) bool) {
	var ask Asking
	var parts, patterns []string // a pattern stands in " a body with spaces around it "
	if rapid.Bool().Draw(rt, "with a phrase") {
		phrase := rapid.SampledFrom([]string{"slow oats", "oats slow", "soup soup"}).Draw(rt, "phrase")
		parts, patterns = append(parts, `"`+phrase+`"`), append(patterns, " "+phrase+" ")
	}
	for range rapid.IntRange(0, 3).Draw(rt, "words") {
		word := rapid.SampledFrom([]string{"oats", "OAT", "slow", "soup", "salt", "so", "s", "edited"}).Draw(rt, "word")
		parts, patterns = append(parts, word), append(patterns, " "+strings.ToLower(word)+" ")
	}
	if n := len(parts); n > 0 && len(parts[n-1]) > 1 && parts[n-1][0] != '"' {
		patterns[n-1] = strings.TrimRight(patterns[n-1], " ") // the last word may go on
	}
	from := rapid.SampledFrom([]string{"", "", "cleo", "amber", "ced", "me"}).Draw(rt, "from")
	if from != "" {
		parts = append(parts, "from:"+from)
	}
	if len(parts) == 0 || rapid.Bool().Draw(rt, "in one conversation") {
		ask.Conversation = m.chats[rapid.IntRange(0, len(m.chats)-1).Draw(rt, "conversation")].ID
		if _, err := m.chat.Conversation(ctx, who, ask.Conversation); err != nil {
			ask.Conversation = m.chats[2].ID // the one that everybody reads
		}
	}
	ask.Words = strings.Join(parts, " ")
	return ask, func(one care.Message) bool {
		body := " " + strings.ToLower(one.Body) + " "
		for _, pattern := range patterns {
			if !strings.Contains(body, pattern) {
				return false
			}
		}
		if from == "me" {
			return one.Author.ID == who.User
		}
		return strings.Contains(" "+strings.ToLower(one.Author.Name), " "+from)
	}
}
