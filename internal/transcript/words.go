package transcript

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"hearth/internal/care"
	"hearth/internal/transcript/markdown"
)

// The words that are the same in every format.

// maxTitleNames is how many names make a title.
const maxTitleNames = 4

// title names the conversation as its requester knows it.
func (h head) title() string {
	c := h.Conversation
	if c.Subject != "" {
		return c.Subject
	}
	var names []string
	for _, m := range c.Members {
		if m.Person.ID == h.reader || c.Kind == care.Direct && h.By.Kind == care.KindStaff && m.Person.Kind != care.KindClient {
			continue
		}
		names = append(names, m.Person.Name)
	}
	switch n := len(names); {
	case n == 0:
		return kindWords[c.Kind]
	case n > maxTitleNames:
		return fmt.Sprintf("%s and %d others", strings.Join(names[:maxTitleNames], ", "), n-maxTitleNames)
	default:
		return strings.Join(names, ", ")
	}
}

var kindWords = map[care.ConversationKind]string{
	care.Direct: "Direct conversation", care.Community: "Community chat", care.Internal: "Staff conversation",
}

// facts are the lines under the title: what stands left of a colon, and right.
func (h head) facts() [][2]string {
	c := h.Conversation
	list := [][2]string{{"Practice", h.Practice}, {"Kind", kindWords[c.Kind]}, {"Members", h.members()}}
	list = append(list, [2]string{"Started", h.moment(c.CreatedAt)})
	if !c.ClosedAt.IsZero() {
		list = append(list, [2]string{"Closed", h.moment(c.ClosedAt)})
	}
	return append(list, [2]string{"Exported", h.moment(h.At) + " by " + h.By.Name}, [2]string{"Times", "as in " + h.ZoneName})
}

func (h head) members() string {
	names := make([]string, len(h.Conversation.Members))
	for i, m := range h.Conversation.Members {
		names[i] = m.Person.Name
		if m.Title != "" {
			names[i] += " (" + m.Title + ")"
		}
	}
	if c := h.Conversation.Community; c != nil && c.Members < 0 {
		names = append(names, "and others whose names are not shown")
	}
	return strings.Join(names, ", ")
}

func (h head) day(t time.Time) string   { return t.In(h.Zone).Format("Monday, 2 January 2006") }
func (h head) clock(t time.Time) string { return t.In(h.Zone).Format("15:04") }
func (h head) moment(t time.Time) string {
	return t.In(h.Zone).Format("2 January 2006, 15:04")
}

// author is who wrote, and for whom.
func (e entry) author() string {
	name := e.Author.Name
	if e.OnBehalfOf != nil {
		name += " on behalf of " + e.OnBehalfOf.Name
	}
	return name
}

// remark is what is to be said of a message beside when it was written.
func (e entry) remark(h head) string {
	var remarks []string
	if e.Kind == care.AutoReply {
		remarks = append(remarks, "automatic reply")
	}
	if e.deleted() {
		return strings.Join(remarks, ", ")
	}
	if !e.EditedAt.IsZero() {
		remarks = append(remarks, "edited "+h.moment(e.EditedAt))
	}
	return strings.Join(remarks, ", ")
}

func (e entry) deleted() bool { return !e.DeletedAt.IsZero() }

// gone is what stands in the place of a deleted text.
func (e entry) gone(h head) string { return "Message deleted " + h.moment(e.DeletedAt) }

// nameOf gives the name of somebody whom the text names.
func (e entry) nameOf(user care.UserID) string {
	for _, p := range e.Mentions {
		if p.ID == user {
			return p.Name
		}
	}
	return "someone"
}

// notice is the text of a message of the program.
func (e entry) notice() string {
	text := e.Body
	for _, user := range care.MentionsIn(e.Body) {
		text = strings.ReplaceAll(text, care.Mention(user), e.nameOf(user))
	}
	return text
}

// quote is what a reply answers, in one line.
func (e entry) quote() (author, text string, found bool) {
	switch q := e.Quoted; {
	case e.deleted() || e.ReplyTo.IsZero():
		return "", "", false
	case q == nil:
		return "", "In reply to a message that is not shown here", true
	case q.Deleted:
		return q.Author.Name, "Message deleted", true
	default:
		return q.Author.Name, e.plain(q.Body), true
	}
}

// plain is a text without its marks, in one line.
func (e entry) plain(body string) string {
	var b strings.Builder
	add := func(spans []markdown.Span) {
		for _, s := range spans {
			b.WriteString(e.words(s))
		}
		b.WriteByte(' ')
	}
	for _, block := range markdown.Read(body) {
		b.WriteString(block.Code)
		add(block.Spans)
		for _, item := range block.Items {
			add(item.Spans)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// words are what stands for a span.
func (e entry) words(s markdown.Span) string {
	if s.Mention.IsZero() {
		return s.Text
	}
	return "@" + e.nameOf(s.Mention)
}

// target is what is to be printed behind a link whose text does not say where it leads.
func target(spans []markdown.Span, i int) string {
	href := spans[i].Href
	if href == "" || i+1 < len(spans) && spans[i+1].Href == href {
		return ""
	}
	shown := ""
	for at := i; at >= 0 && spans[at].Href == href; at-- {
		shown = spans[at].Text + shown
	}
	bare := func(address string) string {
		for _, start := range []string{"mailto:", "tel:", "https://", "http://", "www."} {
			address = strings.TrimPrefix(address, start)
		}
		return strings.TrimSuffix(address, "/")
	}
	if strings.EqualFold(bare(shown), bare(href)) {
		return ""
	}
	return " (" + href + ")"
}

// size is how large a file is, for people.
func size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1_000_000:
		return fmt.Sprintf("%.0f kB", float64(bytes)/1000)
	default:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1_000_000)
	}
}

// safeName makes the name of a file one that every system can unpack, and that leads
// nowhere else.
func safeName(name string) string {
	name = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || strings.ContainsRune(`/\:*?"<>|`, c) {
			return '_'
		}
		return c
	}, name)
	signs := []rune(strings.Trim(name, " ."))
	if len(signs) > 100 { // the ending says what it is
		signs = append(signs[:80:80], signs[len(signs)-20:]...)
	}
	if len(signs) == 0 {
		return "file"
	}
	return string(signs)
}
