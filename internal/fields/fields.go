package fields

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"hearth/internal/care"
)

// Field is a place in a text that the program fills.
type Field string

// The fields.
const (
	FirstName Field = "first_name" // of the client
	Provider  Field = "provider"   // the client's primary provider
	Practice  Field = "practice"   // the organization's name
	NextStep  Field = "next_step"  // what comes next for the client
)

// All lists every field, in the order they are shown.
var All = []Field{FirstName, Provider, Practice, NextStep}

// inBraces finds "{{ word }}", well-formed or not, so that a mistyped field is noticed.
var inBraces = regexp.MustCompile(`\{\{([^{}\n]*)\}\}`)

// Check refuses a text with a field that is not one of those allowed, and names it.
func Check(body string, allowed ...Field) *care.Error {
	for _, match := range inBraces.FindAllStringSubmatch(body, -1) {
		if field, known := fieldOf(match[1]); !known || !slices.Contains(allowed, field) {
			return care.BadField("body", "unknown_field",
				"Has the field "+shortened(match[0])+", which does not exist here. There are "+list(allowed)+".")
		}
	}
	return nil
}

// shortened keeps what somebody mistyped from filling an error.
func shortened(place string) string {
	if runes := []rune(place); len(runes) > 40 {
		return string(runes[:39]) + "…"
	}
	return place
}

func list(fields []Field) string {
	words := make([]string, len(fields))
	for i, f := range fields {
		words[i] = "{{" + string(f) + "}}"
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " and " + words[last]
}

// Any reports whether a text has a place to fill.
func Any(body string) bool { return inBraces.MatchString(body) }

// Blank puts the same word in every place that a text has to fill, for where it stands for
// nobody in particular.
func Blank(body, word string) string { return inBraces.ReplaceAllLiteralString(body, word) }

func fieldOf(inside string) (Field, bool) {
	name := Field(strings.TrimSpace(inside))
	for _, known := range All {
		if name == known {
			return known, true
		}
	}
	return "", false
}

// Fill puts values in the places of fields, each once and without reading it again. A
// field without a value stays as its words in brackets and is given back in missing.
func Fill(body string, values map[Field]string) (text string, missing []Field) {
	gaps := map[Field]bool{}
	text = inBraces.ReplaceAllStringFunc(body, func(place string) string {
		field, known := fieldOf(place[2 : len(place)-2])
		if !known {
			return place
		}
		if value := values[field]; value != "" {
			return value
		}
		gaps[field] = true
		return "[" + strings.ReplaceAll(string(field), "_", " ") + "]"
	})
	for _, field := range All {
		if gaps[field] {
			missing = append(missing, field)
		}
	}
	return text, missing
}

// Plain takes from a name what would be read as more than a name: marks of formatting,
// links and mentions, and control characters.
func Plain(name string) string {
	kept := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune("*_`~[]<>\\|#{}", r):
			return -1
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return ' '
		}
		return r
	}, name)
	return strings.Join(strings.Fields(kept), " ")
}

// titles stand before names and are no first names.
var titles = map[string]bool{"dr": true, "prof": true, "mr": true, "mrs": true, "ms": true, "mx": true, "miss": true}

// First is the first word of a name that is no title.
func First(name string) string {
	words := strings.Fields(Plain(name))
	for len(words) > 1 && titles[strings.ToLower(strings.TrimSuffix(words[0], "."))] {
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
