package directory

import (
	"encoding/base64"
	"slices"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Service is the use cases of the directory. It is safe for concurrent use.
type Service struct {
	db    *db.DB
	clock care.Clock
}

// New makes the service.
func New(d *db.DB, clock care.Clock) *Service { return &Service{db: d, clock: clock} }

// Page asks for a part of a list: up to Limit (at least 1) after where Cursor ended.
// The cursor is the id of the last item and so tells nothing about it.
type Page struct {
	Cursor string
	Limit  int
}

func cursor[T ~[16]byte](id T) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

func parseCursor[T ~[16]byte](text string) (id T, err error) {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != len(id) {
		return id, badCursor()
	}
	return T(raw), nil
}

func badCursor() error {
	return care.BadField("cursor", "malformed", "Must be the next_cursor of the page before.")
}

// cut drops the one row that was read too many and gives the cursor of the page after.
func cut[T any, ID ~[16]byte](items []T, limit int, id func(T) ID) ([]T, string) {
	if len(items) <= limit {
		return items, ""
	}
	return items[:limit], cursor(id(items[limit-1]))
}

// SortName is the form in which names are ordered and searched: small letters without
// accents, one space between words.
func SortName(name string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(name))
	return strings.Join(strings.Fields(plain), " ")
}

// checks gathers what is wrong with a request, so that the caller hears of all of it.
type checks struct{ failure *care.Error }

func (c *checks) add(failure *care.Error) {
	switch {
	case failure == nil:
	case c.failure == nil:
		c.failure = failure
	default:
		c.failure.Fields = append(c.failure.Fields, failure.Fields...)
	}
}

func (c *checks) name(field string, name *string) {
	trimmed, failure := care.CheckName(field, *name)
	c.add(failure)
	*name = trimmed
}

func (c *checks) email(field string, email *string) {
	normal, failure := care.CheckEmail(field, *email)
	c.add(failure)
	*email = normal
}

// line checks an optional text of one line.
func (c *checks) line(field string, text *string) {
	if *text = strings.TrimSpace(*text); *text != "" {
		c.name(field, text)
	}
}

// colour checks an optional colour.
func (c *checks) colour(field string, colour *string) {
	if *colour = strings.TrimSpace(*colour); *colour == "" {
		return
	}
	normal, failure := care.CheckColour(field, *colour)
	c.add(failure)
	*colour = normal
}

func (c *checks) result() error {
	if c.failure == nil {
		return nil
	}
	return c.failure
}

// changes is what an audit row tells about a change: which fields, and for those that
// people do not write, the values before and after.
type changes map[string]any

func (c changes) field(name string) {
	fields, _ := c["fields"].([]string)
	c["fields"] = append(fields, name)
}

func (c changes) value(name string, before, after any) {
	c.field(name)
	c[name] = map[string]any{"old": before, "new": after}
}

// change notes a difference and reports whether there is one.
func change[T comparable](c changes, name string, before, after T) bool {
	if before == after {
		return false
	}
	c.value(name, before, after)
	return true
}

// private notes that a text which somebody wrote differs, without its values.
func private(c changes, name, before, after string) bool {
	if before == after {
		return false
	}
	c.field(name)
	return true
}

func idReused() error {
	return care.Fail(care.Conflict, care.CodeIDReused, "This id was used for something else. Make a new one.")
}

func args[K any](first []any, ids []care.ID[K]) []any {
	all := slices.Clone(first)
	for _, id := range ids {
		all = append(all, id)
	}
	return all
}

func timeOf(ms *int64) time.Time {
	if ms == nil {
		return time.Time{}
	}
	return db.FromMillis(*ms)
}

func text(stored *string) string {
	if stored == nil {
		return ""
	}
	return *stored
}

// setting reads a switch that may be unset.
func setting(stored *bool) care.Setting {
	if stored == nil {
		return care.Unset
	}
	return care.SettingOf(*stored)
}
