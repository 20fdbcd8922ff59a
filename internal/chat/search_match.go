package chat

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"hearth/internal/care"
)

// matcher tells whether messages are what a query looks for. The index only says where
// to look; this decides, so that both engines, indexed or not, find the same. It belongs
// to one goroutine.
type matcher struct {
	query   searchQuery
	authors map[care.UserID]bool // nil: anybody
	words   wordList
}

// scanned is of a message what a search looks at.
type scanned struct {
	conversation care.ConversationID
	seq          int64
	kind         care.MessageKind
	author       care.UserID
	body         string
	at           int64 // Unix milliseconds
	deleted      bool
	extras       care.Extras
}

// finds reports whether a message is to be shown. Deleted messages and notices of the
// program never are.
func (m *matcher) finds(s *scanned) bool {
	switch {
	case s.deleted || s.kind == care.SystemMessage,
		m.query.hasFile && s.extras&care.HasAttachments == 0,
		m.authors != nil && !m.authors[s.author],
		!m.query.since.IsZero() && s.at < m.query.since.UnixMilli(),
		!m.query.until.IsZero() && s.at >= m.query.until.UnixMilli():
		return false
	case len(m.query.terms) == 0:
		return true
	}
	m.words.read(searchable(s.body))
	for i := range m.query.terms {
		if m.words.find(&m.query.terms[i], 0) < 0 {
			return false
		}
	}
	return true
}

// plainWords gives some of the words that every result has and that are plain ASCII, the
// longest first: a text of ASCII in which one of them does not stand is no result.
func (m *matcher) plainWords() (words []string) {
	for _, t := range m.query.terms {
		for _, word := range t.words {
			if !strings.ContainsFunc(word, func(r rune) bool { return r >= utf8.RuneSelf }) {
				words = append(words, word)
			}
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words[:min(len(words), 2)]
}

// find gives the place of a term at or behind a place, or -1.
func (w *wordList) find(t *searchTerm, from int) int {
	for i := from; i+len(t.words) <= w.len(); i++ {
		if w.stands(t, i) {
			return i
		}
	}
	return -1
}

func (w *wordList) stands(t *searchTerm, at int) bool {
	for k, word := range t.words {
		have := w.at(at + k)
		if len(have) == len(word) && string(have) == word {
			continue
		}
		if !t.prefix || k < len(t.words)-1 || !bytes.HasPrefix(have, []byte(word)) {
			return false
		}
	}
	return true
}

// Fragment is a piece of a snippet; Hit where it is what was looked for.
type Fragment struct {
	Text string
	Hit  bool
}

// Bounds of a snippet in bytes: how much stands before the first hit, and how long it is.
const (
	snippetLead   = 48
	snippetLength = 200
)

// snippet shows the place in a text where the query's words are, with every hit marked.
// The text has names in the place of mentions.
func (m *matcher) snippet(text string) []Fragment {
	text = plainSnippet.Replace(text)
	m.words.read(text)
	hits := m.hits()
	from, to := m.window(hits, text)
	var parts []Fragment
	add := func(text string, hit bool) {
		if text == "" {
			return
		}
		if n := len(parts); n > 0 && parts[n-1].Hit == hit {
			parts[n-1].Text += text
			return
		}
		parts = append(parts, Fragment{Text: text, Hit: hit})
	}
	if from > 0 {
		add("…", false)
	}
	at := from
	for i, mark := range m.words.marks {
		if !hits[i] || mark.start < from || mark.end > to {
			continue
		}
		joined := i > 0 && hits[i-1] && at > from && !strings.ContainsAny(text[at:mark.start], "\n\t")
		add(oneLine(text[at:mark.start]), joined)
		add(text[mark.start:mark.end], true)
		at = mark.end
	}
	add(oneLine(text[at:to]), false)
	if to < len(text) {
		add("…", false)
	}
	return parts
}

// plainSnippet takes the plainest marks of emphasis away.
var plainSnippet = strings.NewReplacer("**", "", "__", "", "`", "", "~~", "")

func oneLine(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || r == '\t' || r == '\r' {
			return ' '
		}
		return r
	}, text)
}

// hits tells of every word whether it is what was looked for.
func (m *matcher) hits() []bool {
	hits := make([]bool, m.words.len())
	for i := range m.query.terms {
		t := &m.query.terms[i]
		for at := m.words.find(t, 0); at >= 0; at = m.words.find(t, at+1) {
			for k := range t.words {
				hits[at+k] = true
			}
		}
	}
	return hits
}

// window gives the part of a text that is shown, cut between words where that is possible.
func (m *matcher) window(hits []bool, text string) (from, to int) {
	marks := m.words.marks
	if len(text) <= snippetLength {
		return 0, len(text)
	}
	if len(marks) == 0 {
		return 0, runeStart(text, snippetLength)
	}
	first := max(slices.Index(hits, true), 0)
	for i := first; i >= 0 && marks[first].start-marks[i].start <= snippetLead; i-- {
		from = marks[i].start
	}
	if from == marks[0].start && from <= snippetLead {
		from = 0
	}
	to = len(text)
	for _, mark := range marks[first:] {
		if mark.end-from > snippetLength {
			to = max(mark.start, marks[first].end)
			break
		}
	}
	return from, runeStart(text, min(to, from+2*snippetLength))
}

// runeStart gives the place at or before at where no character is cut.
func runeStart(text string, at int) int {
	for at < len(text) && at > 0 && !utf8.RuneStart(text[at]) {
		at--
	}
	return at
}
