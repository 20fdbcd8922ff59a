package pdf

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/unicode/runenames"
)

const (
	joiner   = '\u200d'
	box      = '□'
	skinFrom = 0x1f3fb
	skinTo   = 0x1f3ff
	flagFrom = 0x1f1e6
	flagTo   = 0x1f1ff
)

// printable gives a text as it can be printed in a style, and counts the letters for
// which □ stands.
func (t *typesetter) printable(s style, text string) (string, int) {
	if strings.IndexFunc(text, unusual) < 0 {
		return text, 0
	}
	var b strings.Builder
	missing := 0
	signs := []rune(norm.NFC.String(text))
	for i := 0; i < len(signs); i++ {
		c := signs[i]
		switch _, has := t.find(s, c); {
		case c == '\n':
			b.WriteByte('\n')
		case c == '\t':
			b.WriteString("    ")
		case unicode.IsSpace(c):
			b.WriteByte(' ')
		case unseen(c):
		case has && !emojiStyle(signs, i):
			b.WriteRune(c)
		case pictorial(c):
			end := sequence(signs, i)
			b.WriteString("[" + names(signs[i:end]) + "]")
			i = end - 1
		case unicode.In(c, unicode.Mn, unicode.Me): // goes with the letter before
		default:
			b.WriteRune(box)
			missing++
		}
	}
	return b.String(), missing
}

// unusual signs want a second look: all but those that every face has.
func unusual(c rune) bool { return c != '\n' && (c < ' ' || c > '~') }

// unseen signs steer how others look.
func unseen(c rune) bool {
	return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || unicode.Is(unicode.Variation_Selector, c) || c == unicode.ReplacementChar
}

// emojiStyle reports whether a sign that a font has is meant as a coloured picture.
func emojiStyle(signs []rune, at int) bool {
	return at+1 < len(signs) && signs[at+1] == '\ufe0f' && unicode.Is(unicode.So, signs[at])
}

func pictorial(c rune) bool {
	return unicode.In(c, unicode.So, unicode.Sk, unicode.Sm) || c >= skinFrom && c <= skinTo
}

// sequence gives where an emoji ends that is made of several signs.
func sequence(signs []rune, from int) int {
	end := from + 1
	for ; end < len(signs); end++ {
		switch c := signs[end]; {
		case unicode.Is(unicode.Variation_Selector, c), c == joiner, c >= skinFrom && c <= skinTo, signs[end-1] == joiner:
		case isFlag(c) && isFlag(signs[from]) && end == from+1:
		default:
			return end
		}
	}
	return end
}

func isFlag(c rune) bool { return c >= flagFrom && c <= flagTo }

// names puts the signs of an emoji into words.
func names(signs []rune) string {
	if isFlag(signs[0]) {
		letters := ""
		for _, c := range signs {
			if isFlag(c) {
				letters += string('A' + c - flagFrom)
			}
		}
		return "flag " + letters
	}
	var words []string
	for i, c := range signs {
		skin := i > 0 && c >= skinFrom && c <= skinTo
		if name := strings.ToLower(runenames.Name(c)); !skin && !unseen(c) && name != "" && name[0] != '<' {
			words = append(words, strings.TrimSuffix(name, " sign"))
		}
	}
	if len(words) == 0 {
		return "symbol"
	}
	return strings.Join(words, ", ")
}
