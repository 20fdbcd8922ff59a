package templates

import (
	"regexp"
	"strings"
	"unicode"

	"hearth/internal/care"
)

// Field is a place in a template that the program fills.
type Field string

// The fields.
const (
	FirstName Field = "first_name" // of the client
	Provider  Field = "provider"   // the client's primary provider
	Practice  Field = "practice"   // the organization's name
	NextStep  Field = "next_step"  // what comes next for the client
)

// Fields lists every field, in the order they are shown.
var Fields = []Field{FirstName, Provider, Practice, NextStep}

// inBraces finds "{{ word }}", well-formed or not, so that a mistyped field is noticed.
var inBraces = regexp.MustCompile(`\{\{([^{}\n]*)\}\}`)

// checkFields refuses a text with a field that does not exist.
func checkFields(body string) *care.Error {
	for _, match := range inBraces.FindAllStringSubmatch(body, -1) {
		if _, known := fieldOf(match[1]); !known {
			return care.BadField("body", "unknown_field",
				"Has a field that does not exist. There are {{first_name}}, {{provider}}, {{practice}} and {{next_step}}.")
		}
	}
	return nil
}

func fieldOf(inside string) (Field, bool) {
	name := Field(strings.TrimSpace(inside))
	for _, known := range Fields {
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
	for _, field := range Fields {
		if gaps[field] {
			missing = append(missing, field)
		}
	}
	return text, missing
}

// plain takes from a name what would be read as more than a name: marks of formatting,
// links and mentions, and control characters.
func plain(name string) string {
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

// firstName is the first word of a name that is no title.
func firstName(name string) string {
	words := strings.Fields(plain(name))
	for len(words) > 1 && titles[strings.ToLower(strings.TrimSuffix(words[0], "."))] {
		words = words[1:]
	}
	if len(words) == 0 {
		return ""
	}
	return words[0]
}
