package db

import (
	"context"
	"strconv"
	"strings"
)

// The full-text index: documents with a number and a set of words, FTS5 on SQLite,
// tsvector with GIN on PostgreSQL. Which words a text has is decided by whoever calls, so
// that both engines find the same; here a word is letters and digits in lower case, or a
// sign beyond ASCII in front of such. Nothing but the index is kept: the words cannot be
// read back, and taking a document out needs exactly the words it was put in with.

// Word is what a query looks for.
type Word struct {
	Text   string
	Prefix bool // also the words that begin so
}

// WordQuery finds documents that have, of every group, at least one word.
type WordQuery struct {
	All [][]Word
	// Above and Below bound the numbers: Above <= number < Below.
	Above, Below int64
	// Limit is how many documents at most.
	Limit int
}

// IndexWords puts a document into the index. Its number must be free.
func (t *Tx) IndexWords(ctx context.Context, id int64, words []string) error {
	insert := `INSERT INTO search_words (rowid, words) VALUES ($1, $2)`
	if t.engine == Postgres {
		insert = `INSERT INTO search_words (id, words) VALUES ($1, array_to_tsvector(string_to_array($2, ' ')))`
	}
	_, err := t.Exec(ctx, insert, id, strings.Join(words, " "))
	return err
}

// UnindexWords takes a document out; words are exactly those it was put in with. It is
// not found from then on; what SQLite has stored of it goes with the next [Tx.TidyWords]
// that joins everything.
func (t *Tx) UnindexWords(ctx context.Context, id int64, words []string) error {
	if t.engine == Postgres {
		_, err := t.Exec(ctx, `DELETE FROM search_words WHERE id = $1`, id)
		return err
	}
	_, err := t.Exec(ctx, `INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', $1, $2)`, id, strings.Join(words, " "))
	return err
}

// FindWords gives the numbers of the documents that a query finds, the highest first.
func (t *Tx) FindWords(ctx context.Context, q WordQuery) ([]int64, error) {
	find := `SELECT rowid FROM search_words WHERE search_words MATCH $1 AND rowid >= $2 AND rowid < $3 ORDER BY rowid DESC LIMIT $4`
	if t.engine == Postgres {
		// The planner takes walking over all documents for cheaper than the index where many
		// have the word, because it does not count what unpacking them costs; OFFSET 0 keeps
		// it from doing the same along the numbers.
		if _, err := t.Exec(ctx, `SELECT set_config('enable_seqscan', 'off', TRUE), set_config('jit', 'off', TRUE)`); err != nil {
			return nil, err
		}
		find = `SELECT id FROM (SELECT id FROM search_words WHERE words @@ CAST($1 AS tsquery) OFFSET 0) AS found
			WHERE id >= $2 AND id < $3 ORDER BY id DESC LIMIT $4`
	}
	return Many(ctx, t, func(row Scanner) (id int64, err error) { return id, row.Scan(&id) },
		find, t.matching(q.All), q.Above, q.Below, q.Limit)
}

// ClearWords empties the index.
func (t *Tx) ClearWords(ctx context.Context) error {
	clear := `INSERT INTO search_words (search_words) VALUES ('delete-all')`
	if t.engine == Postgres {
		clear = `DELETE FROM search_words`
	}
	_, err := t.Exec(ctx, clear)
	return err
}

// TidyWords does a bounded step of joining the parts in which SQLite writes the index:
// every word is looked for in each part. It reports whether there is more to do. With all
// it begins to join everything into one, which takes out for good what was unindexed;
// further steps without all go on. PostgreSQL does this by itself (VACUUM).
func (t *Tx) TidyWords(ctx context.Context, all bool) (more bool, err error) {
	if t.engine == Postgres {
		return false, nil
	}
	var before, after, least int64
	err = t.QueryRow(ctx, `SELECT COALESCE((SELECT v FROM search_words_config WHERE k = 'usermerge'), 0)`).Scan(&least)
	if err == nil && least != tidyParts {
		_, err = t.Exec(ctx, `INSERT INTO search_words (search_words, rank) VALUES ('usermerge', $1)`, tidyParts)
	}
	if err != nil {
		return false, err
	}
	if err = t.QueryRow(ctx, `SELECT total_changes()`).Scan(&before); err != nil {
		return false, err
	}
	pages := tidyPages
	if all {
		pages = -tidyPages
	}
	if _, err = t.Exec(ctx, `INSERT INTO search_words (search_words, rank) VALUES ('merge', $1)`, pages); err != nil {
		return false, err
	}
	err = t.QueryRow(ctx, `SELECT total_changes()`).Scan(&after)
	return after-before >= 2, err // as https://sqlite.org/fts5.html#the_merge_command says
}

// Parts of the same age are joined from two on; a step writes so many pages.
const (
	tidyParts = 2
	tidyPages = 128
)

// MayContain gives a condition that leaves out texts in which one of n patterns of LIKE,
// from $start on, cannot stand, letter case aside. Texts beyond ASCII, where letters have
// several forms, are never left out.
func (t *Tx) MayContain(column string, start, n int) string {
	like := ` LIKE `
	if t.engine == Postgres {
		like = ` ILIKE `
	}
	var all []string
	for i := range n {
		all = append(all, column+like+"$"+strconv.Itoa(start+i))
	}
	return "(octet_length(" + column + ") <> length(" + column + ") OR (" + strings.Join(all, " AND ") + "))"
}

// matching writes a query in the engine's own language.
func (t *Tx) matching(all [][]Word) string {
	quote, prefix, or, and := `"`, ` *`, ` OR `, ` AND `
	if t.engine == Postgres {
		quote, prefix, or, and = `'`, `:*`, ` | `, ` & `
	}
	var b strings.Builder
	for i, group := range all {
		if i > 0 {
			b.WriteString(and)
		}
		for j, word := range group {
			b.WriteString([]string{"(", or}[min(j, 1)])
			b.WriteString(quote + strings.ReplaceAll(word.Text, quote, quote+quote) + quote)
			if word.Prefix {
				b.WriteString(prefix)
			}
		}
		b.WriteByte(')')
	}
	return b.String()
}
