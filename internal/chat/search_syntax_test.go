package chat

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"hearth/internal/care"
)

var searchNow = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

func TestWordsOfTexts(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "",
		"Slow oats, again!":       "slow oats again",
		"don't":                   "don t",
		"Crème brûlée":            "creme brulee",
		"cre\u0301me":             "creme", // the accent as a sign of its own
		"Straße ŁÓDŹ Øre":         "strasse lodz ore",
		"at 10:30, 2.5mg":         "at 10 30 2 5mg",
		"睡眠ok":                    "睡 眠 ok",
		"well👍🏽done":              "well 👍 done",
		"İstanbul":                "istanbul",
		"½ ﬁne":                   "12 fine",
		"Привет, МИР":             "привет мир",
		"**bold**_x_":             "bold x",
		strings.Repeat("ä", 5000): strings.Repeat("a", maxWordBytes),
		strings.Repeat("щ", 5000): strings.Repeat("щ", maxWordBytes/2),
	} {
		if got := strings.Join(wordsOf(text), " "); got != want {
			t.Errorf("%.20q: words %q, want %q", text, got, want)
		}
	}
}

func TestSearchSyntax(t *testing.T) {
	for text, want := range map[string]string{
		"oats":                         "oats*",
		"Slow OATS":                    "slow, oats*",
		"slow oats ":                   "slow, oats*",
		`"slow oats"`:                  "slow oats",
		`“Slow oats” again`:            "slow oats, again*",
		`„slow oats” x`:                "slow oats, x",
		`“slow oats" more`:             "slow oats, more*",
		"again \"slow oats\"":          "again*, slow oats",
		"oats from:maya":               "oats* from=maya",
		`from:"Maya L." oats`:          "oats* from=Maya L.",
		"FROM:me In:huddle":            " from=me in=huddle",
		"has:file":                     " file",
		"x has:Attachment":             "x file",
		"before:2026-03-01":            " <03-01",
		"after:2026-03-01":             " >=03-02",
		"on:2026-03-01 a b":            "a, b >=03-01 <03-02",
		"after:2026-01 before:2026-03": " >=02-01 <03-01",
		"on:2026-02 on:2026-02-03":     " >=02-03 <02-04",
		"on:today":                     " >=03-02 <03-03",
		"after:yesterday":              " >=03-02",
		"10:30 foo:bar":                "10 30, foo bar*",
		"... !? ":                      "",
		"":                             "",
		"睡":                            "睡",
	} {
		q, err := parseSearch(text, time.UTC, searchNow)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if got := q.text(); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// text writes a query down, for comparing.
func (q searchQuery) text() string {
	var terms []string
	for _, term := range q.terms {
		text := strings.Join(term.words, " ")
		if term.prefix {
			text += "*"
		}
		terms = append(terms, text)
	}
	text := strings.Join(terms, ", ")
	for _, name := range q.from {
		text += " from=" + name
	}
	for _, name := range q.in {
		text += " in=" + name
	}
	if q.hasFile {
		text += " file"
	}
	if !q.since.IsZero() {
		text += " >=" + q.since.Format("01-02")
	}
	if !q.until.IsZero() {
		text += " <" + q.until.Format("01-02")
	}
	return text
}

func TestBadSearches(t *testing.T) {
	for _, text := range []string{
		`"slow oats`, "from:", "from: maya", `in:""`, `from:"maya`, "before:soon", "after:2026-13-01", "on:",
		"has:cat", "has:", "a\x00b", "\xff", strings.Repeat("a", maxSearch+1), strings.Repeat("a ", maxSearchTerms+1),
	} {
		_, err := parseSearch(text, time.UTC, searchNow)
		var refusal *care.Error
		if !errors.As(err, &refusal) || refusal.Code != care.CodeInvalid || len(refusal.Fields) != 1 || refusal.Fields[0].Field != "q" {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

func TestDaysAreThoseOfTheZone(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	q, err := parseSearch("on:2026-03-08", zone, searchNow) // clocks go forward on that day
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(q.since.UTC(), q.until.Sub(q.since)); got != "2026-03-08 08:00:00 +0000 UTC 23h0m0s" {
		t.Error(got)
	}
}

func FuzzSearchSyntax(f *testing.F) {
	for _, text := range []string{`from:"Maya L." "slow oats" in:huddle before:2026-01 has:file x`, `“„"`, "from:\"", "on:9999", "睡眠 İ ½ 👍🏽", "a:b:c:"} {
		f.Add(text, "Slow oats at 10:30, <@019a0b6e-0000-7000-8000-000000000001> and İstanbul")
	}
	f.Fuzz(func(t *testing.T, text, body string) {
		q, err := parseSearch(text, time.UTC, searchNow)
		if err != nil {
			var refusal *care.Error
			if !errors.As(err, &refusal) || refusal.Code != care.CodeInvalid {
				t.Fatalf("%v", err)
			}
			return
		}
		m := &matcher{query: q}
		for _, term := range q.terms {
			for _, word := range term.words {
				if word == "" || strings.ContainsAny(word, `"'* §`) || len(word) > maxWordBytes || !utf8.ValidString(word) {
					t.Fatalf("the word %q would be syntax to an engine", word)
				}
			}
		}
		if !utf8.ValidString(body) {
			return
		}
		shown := ""
		for _, part := range m.snippet(body) {
			if shown += part.Text; !utf8.ValidString(part.Text) || part.Text == "" {
				t.Fatalf("the fragment %q", part.Text)
			}
		}
		if len(shown) > 2*snippetLength+2*len("…") {
			t.Fatalf("a snippet of %d bytes", len(shown))
		}
		// What a text says is found in it, unless it is an operator.
		for _, word := range wordsOf(searchable(body)) {
			found := &matcher{query: searchQuery{terms: []searchTerm{{words: []string{word}}}}}
			if !found.finds(&scanned{body: body, kind: care.TextMessage}) {
				t.Fatalf("%q is not found", word)
			}
		}
	})
}

func TestSnippets(t *testing.T) {
	long := strings.Repeat("before that ", 40) + "slow oats" + strings.Repeat(" after it", 60)
	for _, c := range []struct{ query, text, want string }{
		{"oats", "Slow oats, and oatmeal.", "Slow [oats], and oatmeal."},
		{"oat", "Slow oats\nand **oatmeal**", "Slow [oats] and [oatmeal]"},
		{`"slow oats"`, "so slow oats are slow", "so [slow oats] are slow"},
		{"brulee creme", "Crème brûlée!", "[Crème brûlée]!"},
		{"oats", long, "…that before that before that before that slow [oats]" + strings.Repeat(" after it", 16) + " after …"},
		{"has:file", "no words", "no words"},
		{"has:file", strings.Repeat("é!", 400), strings.Repeat("é!", 67) + "…"},
		{"has:file", strings.Repeat("!", 400), strings.Repeat("!", snippetLength) + "…"},
	} {
		q, err := parseSearch(c.query, time.UTC, searchNow)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, part := range (&matcher{query: q}).snippet(c.text) {
			if part.Hit {
				part.Text = "[" + part.Text + "]"
			}
			got += part.Text
		}
		if got != c.want {
			t.Errorf("%s in %.30q: %q, want %q", c.query, c.text, got, c.want)
		}
	}
}
