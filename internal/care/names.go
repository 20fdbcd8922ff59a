package care

import (
	"strings"
	"unicode/utf8"
)

// NameStyle is how clients see fellow clients in community chats; the organization
// chooses. Staff see whole names always.
type NameStyle string

// The styles. Where somebody has no alias they are shown with first name and initial.
const (
	NamesFull    NameStyle = "full"
	NamesInitial NameStyle = "initial"
	NamesAlias   NameStyle = "alias"
)

// Valid reports whether the style is one of the three.
func (s NameStyle) Valid() bool { return s == NamesFull || s == NamesInitial || s == NamesAlias }

// ShownTo gives a person as a client sees them in a community chat. Staff, and the
// reader themself, keep their names; an unknown style hides as much as the default does.
func (p Person) ShownTo(reader UserID, style NameStyle) Person {
	if p.Kind != KindClient || p.ID == reader {
		return p
	}
	switch {
	case style == NamesFull:
	case style == NamesAlias && p.Alias != "":
		p.Name = p.Alias
	default:
		p.Name = FirstAndInitial(p.Name)
	}
	p.Alias = ""
	return p
}

// FirstAndInitial shortens a name to its first word and the first letter of its last one:
// "Maya Sofia Lindqvist" becomes "Maya L.". A single word stays.
func FirstAndInitial(name string) string {
	words := strings.Fields(name)
	if len(words) < 2 {
		return strings.Join(words, " ")
	}
	initial, size := utf8.DecodeRuneInString(words[len(words)-1])
	if initial == utf8.RuneError && size <= 1 {
		return words[0]
	}
	return words[0] + " " + strings.ToUpper(string(initial)) + "."
}
