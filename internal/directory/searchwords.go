package directory

import (
	"context"
	"slices"
	"strings"

	"hearth/internal/care"
	"hearth/internal/db"
)

// A word of a name or an address begins behind one of these signs, and with an @. The
// migration that filled client_words first says the same.
const wordSigns = ` @._+-'(),/&"`

// maxWord is how much of a word is kept and looked at, in characters.
const maxWord = 64

// SearchWords gives the texts by whose beginnings a search finds a client: the name and
// the address, each from every of its words on, as [SortName] writes them.
func SearchWords(name, email string) []string {
	var words []string
	for _, line := range []string{plainLine(name), plainLine(email)} {
		before := ' '
		for at, sign := range line {
			if sign == '@' || sign != ' ' && strings.ContainsRune(wordSigns, before) {
				words = append(words, firstSigns(line[at:]))
			}
			before = sign
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// SearchLine is the name and the address with a | where a word begins, so that one look
// tells whether a client is found by a word: see [LinePattern].
func SearchLine(name, email string) string {
	return "|" + wordMarks.Replace(plainLine(name)+" "+plainLine(email))
}

// LinePattern is what a SearchLine is LIKE, with ESCAPE '\', where a word begins one of
// the SearchWords.
func LinePattern(word string) string {
	marked := wordMarks.Replace(word)
	if !strings.HasPrefix(marked, "|") {
		marked = "|" + marked
	}
	return like(marked)
}

var wordMarks = func() *strings.Replacer {
	var pairs []string
	for _, sign := range wordSigns {
		with := string(sign) + "|"
		if sign == '@' {
			with = "|" + with
		}
		pairs = append(pairs, string(sign), with)
	}
	return strings.NewReplacer(pairs...)
}()

// plainLine is a SortName without the sign that marks words.
func plainLine(text string) string { return strings.ReplaceAll(SortName(text), "|", "") }

// QueryWords gives what somebody looks for: a client is found where each of the words
// begins one of their SearchWords. Where one begins another, the longer one is enough.
func QueryWords(query string) []string {
	var words, asked []string
	for _, word := range strings.Fields(query) {
		if word = firstSigns(plainLine(word)); word != "" {
			words = append(words, word)
		}
	}
	slices.Sort(words)
	for i, word := range words { // what begins with a word comes right behind it
		if i+1 == len(words) || !strings.HasPrefix(words[i+1], word) {
			asked = append(asked, word)
		}
	}
	return asked
}

func firstSigns(text string) string {
	n := 0
	for at := range text {
		if n++; n > maxWord {
			return text[:at]
		}
	}
	return text
}

// BehindWords is behind every text that begins with the word, in the order of bytes.
func BehindWords(word string) string { return word + "\U0010FFFF" }

// indexClient writes what a search finds a client by, in place of what was there.
func indexClient(ctx context.Context, tx *db.Tx, org care.OrgID, client care.UserID, name, email string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM client_words WHERE client_id = $1`, client); err != nil {
		return err
	}
	for part := range slices.Chunk(SearchWords(name, email), 16) {
		values := make([]any, 0, 4*len(part))
		for _, word := range part {
			values = append(values, client, word, org, SortName(name))
		}
		if _, err := tx.Exec(ctx, `INSERT INTO client_words (client_id, word, org_id, sort_name) VALUES `+db.Rows(1, len(part), 4), values...); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE client_list SET line = $1 WHERE client_id = $2`, SearchLine(name, email), client)
	return err
}

// holdOrganization keeps the organization's row until the commit. Whoever changes what
// kind a client is takes it first, since clients of one kind are counted in one row.
func holdOrganization(ctx context.Context, tx *db.Tx, org care.OrgID) error {
	_, _, err := db.One(ctx, tx, scanText, `SELECT name FROM organizations WHERE id = $1`+tx.ForUpdate(), org)
	return err
}
