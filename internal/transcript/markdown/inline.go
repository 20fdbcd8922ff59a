package markdown

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"hearth/internal/care"
)

// piece is a part of a line: a mark is text until what it opens is closed.
type piece struct {
	text string
	done *Span  // what stands here for good: code, a mention, an address
	mark string // *, _, **, __ or [
	role role
	href string
}

type role int

const (
	closes role = iota - 1
	none
	opens
)

// Inline reads bold, italic, code, links, addresses and mentions.
func Inline(text string) []Span {
	r := &pieces{text: text, counts: map[string]int{}, code: codeIn(text)}
	for r.at < len(text) {
		if !r.step() {
			r.at += r.width()
		}
	}
	r.flush()
	return flatten(r.out)
}

// flatten puts the marks into the spans; bold in bold is just bold, and a link holds no
// link.
func flatten(list []piece) []Span {
	var j joiner
	var bold, italic int
	href := ""
	for _, p := range list {
		switch {
		case p.role == none:
			j.add(p.span(bold > 0, italic > 0, href))
		case p.mark == "[":
			href = p.href // none at the end
		case len(p.mark) == 2:
			bold += int(p.role)
		default:
			italic += int(p.role)
		}
	}
	j.flush()
	return j.spans
}

func (p piece) span(bold, italic bool, href string) Span {
	s := Span{Text: p.text}
	if p.done != nil && (href == "" || p.done.Href == "") {
		s = *p.done
	}
	if href != "" {
		s.Href = href
	}
	s.Bold, s.Italic = bold, italic
	return s
}

// joiner joins neighbours that look the same.
type joiner struct {
	spans []Span
	look  Span // of the text that is being joined, without it
	text  strings.Builder
}

func (j *joiner) add(s Span) {
	look := s
	look.Text = ""
	if look != j.look || look.Href != "" || !look.Mention.IsZero() {
		j.flush()
	}
	j.look = look
	j.text.WriteString(s.Text)
}

func (j *joiner) flush() {
	if j.text.Len() > 0 {
		j.look.Text = j.text.String()
		j.spans = append(j.spans, j.look)
		j.text.Reset()
	}
}

// pieces cuts a line. Every mark is put on the stack and taken off it at most once.
type pieces struct {
	text   string
	out    []piece
	open   []int // open marks as places in out, the newest last
	counts map[string]int
	code   map[int]run
	at     int
	plain  int // where the text begins that is in no piece yet
	// wordEnd is behind the word of which untilSpace was asked last.
	wordEnd int
}

const escapable = "\\*_`[]"

// step takes what begins here; false when it is plain text.
func (r *pieces) step() bool {
	switch c := r.text[r.at]; c {
	case '\\':
		return r.escape()
	case '`':
		return r.takeCode()
	case '<':
		return r.takeMention()
	case '*', '_':
		return r.takeMarks(c)
	case '[':
		return r.takeOpen("[")
	case ']':
		return r.takeLabelEnd()
	}
	return r.takeAddress()
}

func (r *pieces) width() int {
	_, n := utf8.DecodeRuneInString(r.text[r.at:])
	return n
}

func (r *pieces) flush() {
	if r.at > r.plain {
		r.out = append(r.out, piece{text: r.text[r.plain:r.at]})
	}
}

func (r *pieces) take(length int, p piece) bool {
	r.flush()
	p.text = r.text[r.at : r.at+length]
	r.out = append(r.out, p)
	r.at += length
	r.plain = r.at
	return true
}

func (r *pieces) escape() bool {
	if r.at+1 >= len(r.text) || strings.IndexByte(escapable, r.text[r.at+1]) < 0 {
		return false
	}
	r.flush()
	r.plain = r.at + 1
	r.at += 2
	return true
}

func (r *pieces) takeCode() bool {
	if c, is := r.code[r.at]; is {
		return r.take(c.length, piece{done: &Span{Text: c.inside, Code: true}})
	}
	end := r.at
	for end < len(r.text) && r.text[end] == '`' {
		end++
	}
	return r.take(end-r.at, piece{})
}

const tokenLength = len("<@>") + 36

func (r *pieces) takeMention() bool {
	if len(r.text) < r.at+tokenLength {
		return false
	}
	token := r.text[r.at : r.at+tokenLength]
	if !strings.HasPrefix(token, "<@") {
		return false
	}
	who := care.MentionsIn(token)
	if len(who) != 1 {
		return false
	}
	return r.take(tokenLength, piece{done: &Span{Text: token, Mention: who[0]}})
}

// inAddress reports whether a sign may stand within an address.
func inAddress(c rune) bool {
	return unicode.IsLetter(c) || unicode.IsNumber(c) || strings.ContainsRune("._%+@/-", c)
}

func (r *pieces) takeAddress() bool {
	if before := r.before(r.at); !wordy(r.after(r.at)) || inAddress(before) {
		return false
	}
	text, href := addressAt(r.text[r.at:], r.untilSpace())
	if href == "" {
		return false
	}
	return r.take(len(text), piece{done: &Span{Text: text, Href: href}})
}

// untilSpace gives what stands here up to a sign that no address has; where that is, is
// looked for once.
func (r *pieces) untilSpace() string {
	if r.at >= r.wordEnd {
		r.wordEnd = len(r.text)
		if i := strings.IndexFunc(r.text[r.at:], noAddress); i >= 0 {
			r.wordEnd = r.at + i
		}
	}
	return r.text[r.at:min(r.wordEnd, r.at+longest+len("https://"))]
}

func (r *pieces) takeOpen(mark string) bool {
	r.take(len(mark), piece{mark: mark})
	r.open = append(r.open, len(r.out)-1)
	r.counts[mark]++
	return true
}

// takeMarks reads a run of * or _: one makes italic, two bold, three both; it opens
// before a word and closes after one. More than three are a line, not a mark.
func (r *pieces) takeMarks(c byte) bool {
	end := r.at
	for end < len(r.text) && r.text[end] == c {
		end++
	}
	length := end - r.at
	if length > 3 {
		return r.take(length, piece{})
	}
	before, after := r.before(r.at), r.after(end)
	mayOpen := after != 0 && !unicode.IsSpace(after) && !wordy(before)
	mayClose := before != 0 && !unicode.IsSpace(before) && !wordy(after)
	marks := marksOf[c][length-1]
	closing := false
	for _, m := range marks {
		closing = closing || mayClose && r.counts[m] > 0
	}
	switch {
	case closing:
		for i := range marks {
			r.takeClose(marks[len(marks)-1-i])
		}
	default:
		for _, m := range marks {
			if mayOpen {
				r.takeOpen(m)
			} else {
				r.take(len(m), piece{})
			}
		}
	}
	return true
}

// marksOf are the marks of one, two and three signs in a row.
var marksOf = map[byte][3][]string{
	'*': {{"*"}, {"**"}, {"**", "*"}},
	'_': {{"_"}, {"__"}, {"__", "_"}},
}

func (r *pieces) takeClose(mark string) {
	opener := -1
	if r.counts[mark] > 0 {
		opener = r.pop(mark)
	}
	r.take(len(mark), piece{})
	if opener >= 0 {
		r.pair(opener, mark, "")
	}
}

// pair joins an opener and the newest piece.
func (r *pieces) pair(opener int, mark, href string) {
	last := len(r.out) - 1
	r.out[opener].role, r.out[opener].href = opens, href
	r.out[last].role, r.out[last].mark = closes, mark
}

// pop takes the newest opener of that kind off the stack, with everything above it.
func (r *pieces) pop(mark string) int {
	for {
		at := r.open[len(r.open)-1]
		r.open = r.open[:len(r.open)-1]
		found := r.out[at].mark
		r.counts[found]--
		if found == mark {
			return at
		}
	}
}

func (r *pieces) takeLabelEnd() bool {
	if r.counts["["] == 0 {
		return r.take(1, piece{})
	}
	opener := r.pop("[")
	href, length := linkEnd(r.text[r.at:])
	if href == "" {
		return r.take(1, piece{})
	}
	if label := r.label(opener); strings.TrimSpace(label) == "" || misleads(label, href) {
		return r.take(1, piece{})
	}
	r.take(length, piece{})
	r.pair(opener, "[", href)
	for r.counts["["] > 0 { // no link holds another one
		r.pop("[")
	}
	return true
}

func (r *pieces) label(opener int) string {
	var b strings.Builder
	for _, p := range r.out[opener+1:] {
		b.WriteString(p.text)
	}
	return b.String() + r.text[r.plain:r.at]
}

// before and after give the signs around a place, 0 at the ends.
func (r *pieces) before(at int) rune {
	if at == 0 {
		return 0
	}
	c, _ := utf8.DecodeLastRuneInString(r.text[:at])
	return c
}

func (r *pieces) after(at int) rune {
	if at >= len(r.text) {
		return 0
	}
	c, _ := utf8.DecodeRuneInString(r.text[at:])
	return c
}

// wordy reports whether marks beside a sign stand at no edge of a word; scripts without
// spaces between words have no such edges.
func wordy(c rune) bool {
	return (unicode.IsLetter(c) || unicode.IsNumber(c)) && c != 'ー' &&
		!unicode.In(c, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai)
}

// run is code that begins at a run of backticks.
type run struct {
	inside string
	length int
}

var backticks = regexp.MustCompile("`+")

// codeIn finds code by where it begins: it goes up to the next run of backticks as long as
// the one that opens it.
func codeIn(text string) map[int]run {
	runs := backticks.FindAllStringIndex(text, -1)
	next, found := map[int]int{}, map[int]run{}
	for i := len(runs) - 1; i >= 0; i-- {
		at, length := runs[i][0], runs[i][1]-runs[i][0]
		if end, is := next[length]; is {
			found[at] = run{inside: text[at+length : end], length: end + length - at}
		}
		next[length] = at
	}
	return found
}
