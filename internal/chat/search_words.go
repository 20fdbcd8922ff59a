package chat

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"hearth/internal/care"
)

// wordsVersion changes when the rules of this file do: the index is then built anew.
const wordsVersion = 1

// maxWordBytes is how much of a word counts. What is longer is no word of a language.
const maxWordBytes = 96

// wordList is the words of a text in the form in which they are compared: lower case,
// without accents. A word is letters and digits; scripts that do not put spaces between
// words, and emoji, have a word per character. It is reused from text to text.
type wordList struct {
	folded []byte
	marks  []wordMark
}

// wordMark is where a word stands, in the folded text and in the text itself.
type wordMark struct{ from, to, start, end int }

func (w *wordList) len() int { return len(w.marks) }

func (w *wordList) at(i int) []byte { return w.folded[w.marks[i].from:w.marks[i].to] }

// read takes the words of a text.
func (w *wordList) read(text string) {
	w.folded, w.marks = w.folded[:0], w.marks[:0]
	start, from := -1, 0 // of the word that is being read
	end := func(at int) {
		if start >= 0 && len(w.folded) > from {
			w.cut(from)
			w.marks = append(w.marks, wordMark{from, len(w.folded), start, at})
		}
		start, from = -1, len(w.folded)
	}
	for i := 0; i < len(text); {
		c := text[i]
		if c < utf8.RuneSelf {
			if folded := asciiWord[c]; folded != 0 {
				if start < 0 {
					start = i
				}
				w.folded = append(w.folded, folded)
			} else {
				end(i)
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case standsAlone(r):
			end(i)
			start = i
			w.fold(r, text[i:i+size])
			end(i + size)
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			if start < 0 {
				start = i
			}
			w.fold(r, text[i:i+size])
		case !unicode.Is(unicode.M, r): // marks belong to the letter before
			end(i)
		}
		i += size
	}
	end(len(text))
}

// cut shortens the word that begins at from.
func (w *wordList) cut(from int) {
	if len(w.folded)-from <= maxWordBytes {
		return
	}
	end := from + maxWordBytes
	for !utf8.RuneStart(w.folded[end]) {
		end--
	}
	w.folded = w.folded[:end]
}

// fold adds a character beyond ASCII.
func (w *wordList) fold(r rune, text string) {
	if plain, ok := plainLetters[unicode.ToLower(r)]; ok {
		w.folded = append(w.folded, plain...)
		return
	}
	parts := norm.NFKD.PropertiesString(text).Decomposition()
	if parts == nil {
		w.folded = utf8.AppendRune(w.folded, unicode.ToLower(r))
		return
	}
	for len(parts) > 0 {
		r, size := utf8.DecodeRune(parts)
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			w.folded = utf8.AppendRune(w.folded, unicode.ToLower(r))
		}
		parts = parts[size:]
	}
}

// asciiWord gives the folded form of letters and digits, 0 for everything else.
var asciiWord = func() (table [utf8.RuneSelf]byte) {
	for c := range table {
		if r := rune(c); r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			table[c] = byte(unicode.ToLower(r))
		}
	}
	return table
}()

// plainLetters are letters whose sign is no accent to Unicode but one to those who type.
var plainLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'ı': "i", 'þ': "th",
}

// standsAlone reports whether a character is a word by itself.
func standsAlone(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer,
		unicode.Myanmar, unicode.So) && !unicode.Is(unicode.M, r)
}

// searchable is what is searched of a body: a mention has a name that differs from reader
// to reader and is no part of it.
func searchable(body string) string {
	if !strings.Contains(body, "<@") {
		return body
	}
	return care.PlainMentions(body, func(care.UserID) string { return noWord })
}

// noWord is not empty and has no word in it.
const noWord = "·"
