package db

import (
	"errors"
	"fmt"
	"strings"
)

// errPadPlace is the mistake of using a placeholder beyond the start of a padded list.
var errPadPlace = errors.New("db: the arguments of Tx.In must be the last of the statement")

// statement is a SQL text as SQLite shall see it.
type statement struct {
	text     string
	params   int // the highest placeholder
	padStart int // the first argument of a padded list; 0 without one
	padEnd   int // the last
}

// rebind turns $N into ?N outside of literals, quoted names and comments.
func rebind(query string) (statement, error) {
	var s statement
	var b strings.Builder
	b.Grow(len(query))
	var used []int
	for i := 0; i < len(query); {
		if end := skipQuoted(query, i); end > i {
			if strings.HasPrefix(query[i:end], padMark) {
				s.padStart, s.padEnd, _ = parsePad(query[i:end])
			}
			b.WriteString(query[i:end])
			i = end
			continue
		}
		n, end := placeholderAt(query, i)
		if n == 0 {
			b.WriteByte(query[i])
			i++
			continue
		}
		used = append(used, n)
		s.params = max(s.params, n)
		b.WriteByte('?')
		b.WriteString(query[i+1 : end])
		i = end
	}
	s.text = b.String()
	return s, s.checkPad(used)
}

// checkPad makes sure that the places which may be filled belong to the list alone.
func (s statement) checkPad(used []int) error {
	if s.padStart == 0 {
		return nil
	}
	beyond := 0
	for _, n := range used {
		if n >= s.padStart {
			beyond++
		}
	}
	if s.params != s.padEnd || beyond != s.padEnd-s.padStart+1 {
		return errPadPlace
	}
	return nil
}

// accepts checks the number of arguments.
func (s statement) accepts(n int) error {
	if n == s.params || s.padStart > 0 && n >= s.padStart && n <= s.params {
		return nil
	}
	return fmt.Errorf("db: the statement has %d placeholders, got %d arguments", s.params, n)
}

// skipQuoted gives the end of the literal, quoted name or comment that begins at i, or i
// when none does.
func skipQuoted(query string, i int) int {
	rest := query[i:]
	switch {
	case rest[0] == '\'' || rest[0] == '"' || rest[0] == '`':
		return i + 1 + through(rest[1:], rest[:1])
	case strings.HasPrefix(rest, "--"):
		return i + 2 + through(rest[2:], "\n")
	case strings.HasPrefix(rest, "/*"):
		return i + 2 + through(rest[2:], "*/")
	}
	return i
}

// through gives the length of s up to and with the first mark, or all of s. A doubled
// quote inside a literal reads as two literals, which comes to the same.
func through(s, mark string) int {
	if at := strings.Index(s, mark); at >= 0 {
		return at + len(mark)
	}
	return len(s)
}

// placeholderAt reads $N at i; n is 0 when there is none.
func placeholderAt(query string, i int) (n, end int) {
	if query[i] != '$' || i > 0 && isNameByte(query[i-1]) {
		return 0, i
	}
	for end = i + 1; end < len(query) && query[end] >= '0' && query[end] <= '9' && n < 1<<20; end++ {
		n = n*10 + int(query[end]-'0')
	}
	return n, end
}

func isNameByte(c byte) bool {
	return c == '_' || c == '$' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}
