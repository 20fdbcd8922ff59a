package chat

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hearth/internal/care"
)

// Bounds of what one search may ask for.
const (
	maxSearch      = 400 // characters
	maxSearchTerms = 24
)

// searchTerm is words that must stand next to each other in a message, in this order.
// With prefix the last one may also begin a longer word.
type searchTerm struct {
	words  []string
	prefix bool
}

// searchQuery is what somebody looks for. Everything in it must hold.
type searchQuery struct {
	terms   []searchTerm
	from    []string // names, each must fit the author
	in      []string // names, each must fit the conversation
	since   time.Time
	until   time.Time // exclusive
	hasFile bool
}

// parseSearch reads the language of searching (docs/guide/search.md): words, "phrases",
// from: in: before: after: on: has:. Days are those of the zone; now says which is today.
func parseSearch(text string, zone *time.Location, now time.Time) (searchQuery, error) {
	var q searchQuery
	if err := care.CheckText("q", text, 0, maxSearch); err != nil {
		return q, err
	}
	last := -1 // the last bare word
	for rest := skipSpace(text); rest != ""; rest = skipSpace(rest) {
		part, after, err := nextPart(rest)
		if err != nil {
			return q, err
		}
		rest = after
		if part.operator != "" {
			if err := q.operate(part, zone, now); err != nil {
				return q, err
			}
			continue
		}
		words := wordsOf(part.text)
		if len(words) == 0 {
			continue
		}
		if !part.quoted {
			last = len(q.terms)
		}
		q.terms = append(q.terms, searchTerm{words: words})
	}
	if last >= 0 {
		q.terms[last].prefix = mayBegin(q.terms[last].words)
	}
	if len(q.terms)+len(q.from)+len(q.in) > maxSearchTerms {
		return q, badSearch("too_many", fmt.Sprintf("Looks for too much at once: at most %d words.", maxSearchTerms))
	}
	return q, nil
}

// mayBegin reports whether the last word may be the beginning of a longer one: from two
// characters on.
func mayBegin(words []string) bool { return utf8.RuneCountInString(words[len(words)-1]) > 1 }

// wordsOf gives the words of a text.
func wordsOf(text string) []string {
	var list wordList
	list.read(text)
	words := make([]string, list.len())
	for i := range words {
		words[i] = string(list.at(i))
	}
	return words
}

// searchPart is one piece of a query: a word, a phrase, or an operator with its value.
type searchPart struct {
	operator string // "" for words
	text     string
	quoted   bool
}

var searchOperators = []string{"from", "in", "before", "after", "on", "has"}

func nextPart(rest string) (part searchPart, after string, err error) {
	if name, value, found := strings.Cut(rest, ":"); found {
		for _, operator := range searchOperators {
			if strings.EqualFold(name, operator) {
				part.operator, rest = operator, value
			}
		}
	}
	if closing, size := quoteAt(rest); size > 0 {
		part.quoted = true
		inside, behind, closed := strings.Cut(rest[size:], closing)
		if closing == `”` && !closed { // somebody's keyboard closes it otherwise
			inside, behind, closed = strings.Cut(rest[size:], `"`)
		}
		if !closed {
			return part, "", badSearch("unclosed", "Has an opening quotation mark without a closing one.")
		}
		part.text, after = inside, behind
	} else {
		end := strings.IndexFunc(rest, unicode.IsSpace)
		if end < 0 {
			end = len(rest)
		}
		part.text, after = rest[:end], rest[end:]
	}
	if part.operator != "" && strings.TrimSpace(part.text) == "" {
		return part, "", badSearch("value", fmt.Sprintf("Has %s: with nothing behind it.", part.operator))
	}
	return part, after, nil
}

// quoteAt gives the sign that closes the quotation which begins here, and how long the
// sign that opens it is; 0 where none begins.
func quoteAt(text string) (closing string, size int) {
	switch {
	case strings.HasPrefix(text, `"`):
		return `"`, 1
	case strings.HasPrefix(text, `“`), strings.HasPrefix(text, `„`):
		return `”`, len(`“`)
	}
	return "", 0
}

func skipSpace(text string) string { return strings.TrimLeftFunc(text, unicode.IsSpace) }

func (q *searchQuery) operate(part searchPart, zone *time.Location, now time.Time) error {
	switch part.operator {
	case "from":
		q.from = append(q.from, part.text)
	case "in":
		q.in = append(q.in, part.text)
	case "has":
		switch strings.ToLower(part.text) {
		case "file", "files", "attachment", "attachments":
			q.hasFile = true
		default:
			return badSearch("has", "Has has: with something else than file behind it.")
		}
	default:
		start, end, ok := parseDay(part.text, zone, now)
		if !ok {
			return badSearch("date", fmt.Sprintf("Has %s: without a date such as 2026-03-02, 2026-03, 2026, today or yesterday.", part.operator))
		}
		q.bound(part.operator, start, end)
	}
	return nil
}

// bound narrows the time: before a day, after it, or on it.
func (q *searchQuery) bound(operator string, start, end time.Time) {
	if operator != "before" {
		if operator == "after" {
			start = end
		}
		if start.After(q.since) {
			q.since = start
		}
	}
	if operator != "after" {
		if operator == "before" {
			end = start
		}
		if q.until.IsZero() || end.Before(q.until) {
			q.until = end
		}
	}
}

// parseDay reads a day, a month or a year and gives its beginning and its end.
func parseDay(text string, zone *time.Location, now time.Time) (start, end time.Time, ok bool) {
	year, month, day := now.In(zone).Date()
	switch strings.ToLower(text) {
	case "today":
		return time.Date(year, month, day, 0, 0, 0, 0, zone), time.Date(year, month, day+1, 0, 0, 0, 0, zone), true
	case "yesterday":
		return time.Date(year, month, day-1, 0, 0, 0, 0, zone), time.Date(year, month, day, 0, 0, 0, 0, zone), true
	}
	for i, layout := range []string{"2006-01-02", "2006-01", "2006"} {
		start, err := time.ParseInLocation(layout, text, zone)
		if err != nil || start.Year() < 1 {
			continue
		}
		return start, start.AddDate([3]int{0, 0, 1}[i], [3]int{0, 1, 0}[i], [3]int{1, 0, 0}[i]), true
	}
	return start, end, false
}

func badSearch(code, detail string) error { return care.BadField("q", code, detail) }
