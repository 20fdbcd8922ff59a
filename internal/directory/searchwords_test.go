package directory_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"hearth/internal/directory"
)

func TestQueryWords(t *testing.T) {
	for query, want := range map[string][]string{
		"":                       nil,
		" | ":                    nil,
		"Ana  KELLER":            {"ana", "keller"},
		"keller k ana kell":      {"ana", "keller"},
		"Zoë a|b":                {"ab", "zoe"},
		strings.Repeat("x", 100): {strings.Repeat("x", 64)},
	} {
		if got := directory.QueryWords(query); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", query, got, want)
		}
	}
}

// TestLineSaysWhatWordsSay holds the two ways together in which a client is found by a word.
func TestLineSaysWhatWordsSay(t *testing.T) {
	text := rapid.StringOfN(rapid.SampledFrom([]rune(`aabbé @._+-'(),/&"|%\ `)), 0, 12, -1)
	found := 0
	rapid.Check(t, func(t *rapid.T) {
		name, email := text.Draw(t, "name"), text.Draw(t, "email")
		for _, word := range directory.QueryWords(text.Draw(t, "query")) {
			byWord := slices.ContainsFunc(directory.SearchWords(name, email), func(w string) bool { return strings.HasPrefix(w, word) })
			pattern := strings.NewReplacer(`\\`, `\`, `\%`, `%`, `\_`, `_`).Replace(strings.TrimSuffix(strings.TrimPrefix(directory.LinePattern(word), "%"), "%"))
			if byLine := strings.Contains(directory.SearchLine(name, email), pattern); byLine != byWord {
				t.Fatalf("%q: by the line %v, by words %v", word, byLine, byWord)
			}
			if byWord {
				found++
			}
		}
	})
	if found == 0 {
		t.Error("no word was ever found")
	}
}
