package markdown

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"hearth/internal/care"
)

// Kind says what a [Block] is.
type Kind int

// The kinds of blocks.
const (
	Text Kind = iota
	Code
	List
)

// Block is a part of a message, from top to bottom.
type Block struct {
	Kind  Kind
	Spans []Span // of Text, may hold line breaks
	Code  string // of Code
	Items []Item // of List
}

// Item is a line of a list. Number is what was written, -1 without one.
type Item struct {
	Number int
	Spans  []Span
}

// Span is a stretch of text that looks the same throughout.
type Span struct {
	Text               string
	Bold, Italic, Code bool
	// Href is where it leads: an address of the web, of mail, or of a telephone.
	Href string
	// Mention is whom it names; Text is then the token.
	Mention care.UserID
}

var (
	bullet   = regexp.MustCompile(`^ {0,3}[-*•] +(\S)`)
	numbered = regexp.MustCompile(`^ {0,3}(0|[1-9][0-9]{0,5})[.)] +(\S)`)
	fence    = regexp.MustCompile("^ {0,3}```[\\w+-]{0,20} *$")
)

// Read takes a message apart.
func Read(body string) []Block {
	lines := strings.Split(strings.ReplaceAll(strings.ReplaceAll(body, "\r\n", "\n"), "\r", "\n"), "\n")
	lastFence := -1
	for i, line := range lines {
		if fence.MatchString(line) {
			lastFence = i
		}
	}
	r := reader{}
	for i := 0; i < len(lines); {
		switch line := lines[i]; {
		case fence.MatchString(line) && i < lastFence:
			i = r.code(lines, i)
		case bullet.MatchString(line) || numbered.MatchString(line):
			i = r.list(lines, i)
		default:
			r.text = append(r.text, line)
			i++
		}
	}
	r.flush()
	return r.blocks
}

type reader struct {
	blocks []Block
	text   []string
}

// flush ends a text; lines without words around a list or code are its margin.
func (r *reader) flush() {
	empty := func(line string) bool { return strings.TrimSpace(line) == "" }
	for len(r.text) > 0 && empty(r.text[0]) {
		r.text = r.text[1:]
	}
	for len(r.text) > 0 && empty(r.text[len(r.text)-1]) {
		r.text = r.text[:len(r.text)-1]
	}
	if len(r.text) > 0 {
		r.blocks = append(r.blocks, Block{Kind: Text, Spans: Inline(strings.Join(r.text, "\n"))})
	}
	r.text = nil
}

// code reads from a fence to the next, and gives the line behind it.
func (r *reader) code(lines []string, from int) int {
	end := from + 1 + slices.IndexFunc(lines[from+1:], fence.MatchString)
	r.flush()
	r.blocks = append(r.blocks, Block{Kind: Code, Code: strings.Join(lines[from+1:end], "\n")})
	return end + 1
}

// list reads the items that begin with the same kind of mark, and gives the line behind.
func (r *reader) list(lines []string, from int) int {
	r.flush()
	mark := bullet
	if numbered.MatchString(lines[from]) {
		mark = numbered
	}
	var items []Item
	for ; from < len(lines); from++ {
		at := mark.FindStringSubmatchIndex(lines[from])
		if at == nil {
			break
		}
		item := Item{Number: -1, Spans: Inline(lines[from][at[len(at)-2]:])}
		if mark == numbered {
			item.Number, _ = strconv.Atoi(lines[from][at[2]:at[3]])
		}
		items = append(items, item)
	}
	r.blocks = append(r.blocks, Block{Kind: List, Items: items})
	return from
}
