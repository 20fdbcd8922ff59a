package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/care"
)

// Person is somebody as others see them. ID is null for the program itself.
type Person struct {
	ID   *care.UserID    `json:"id" doc:"Null for the program itself"`
	Name string          `json:"name"`
	Kind care.PersonKind `json:"kind" enum:"client,staff,system"`
}

// PersonOf shows a person.
func PersonOf(p care.Person) Person {
	return Person{ID: IDOrNull(p.ID), Name: p.Name, Kind: p.Kind}
}

// Page is one page of a list. NextCursor continues it and is null on the last page.
type Page[T any] struct {
	Items      []T     `json:"items"`
	NextCursor *string `json:"next_cursor" doc:"Give it as cursor to get the next page; null on the last"`

	write func(b []byte) []byte // what Items is written from instead; nil for Items
}

// PageOf makes a page; next is "" on the last one.
func PageOf[T any](items []T, next string) Page[T] {
	if items == nil {
		items = []T{}
	}
	return Page[T]{Items: items, NextCursor: StringOrNull(next)}
}

// Map converts every element; the result is never nil.
func Map[From, To any](list []From, convert func(From) To) []To {
	out := make([]To, len(list))
	for i := range list {
		out[i] = convert(list[i])
	}
	return out
}

// IDOrNull gives null for the zero id.
func IDOrNull[K any](id care.ID[K]) *care.ID[K] {
	if id.IsZero() {
		return nil
	}
	return &id
}

// StringOrNull gives null for "".
func StringOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

const timeLayout = "2006-01-02T15:04:05.000Z"

// Time is a moment as RFC 3339 in UTC with milliseconds. Reading accepts any offset and
// any fraction of a second, and cuts below the millisecond.
type Time struct{ time.Time }

// TimeOf shows a moment.
func TimeOf(t time.Time) Time { return Time{t} }

// TimeOrNull gives null for the zero moment.
func TimeOrNull(t time.Time) *Time {
	if t.IsZero() {
		return nil
	}
	return &Time{t}
}

// MarshalJSON writes UTC with milliseconds.
func (t Time) MarshalJSON() ([]byte, error) {
	return t.UTC().AppendFormat(make([]byte, 0, len(timeLayout)+2), `"`+timeLayout+`"`), nil
}

// UnmarshalJSON reads RFC 3339.
func (t *Time) UnmarshalJSON(data []byte) error {
	var text string
	if err := json.Unmarshal(data, &text); err != nil {
		return err
	}
	return t.UnmarshalText([]byte(text))
}

// UnmarshalText reads RFC 3339, as in a query parameter.
func (t *Time) UnmarshalText(text []byte) error {
	read, err := time.Parse(time.RFC3339Nano, string(text))
	if err != nil {
		return fmt.Errorf("not an RFC 3339 time")
	}
	t.Time = read.UTC().Truncate(time.Millisecond)
	return nil
}

// Schema describes the type in the OpenAPI document.
func (Time) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{
		Type: huma.TypeString, Format: "date-time",
		Examples: []any{"2026-03-02T09:30:00.000Z"},
	}
}

// Opt is a key that may be absent (Set is false), null (Null is true), or a value.
type Opt[T any] struct {
	Set   bool
	Null  bool
	Value T
}

// UnmarshalJSON is called for a key that is present, also with null.
func (o *Opt[T]) UnmarshalJSON(data []byte) error {
	o.Set = true
	if bytes.Equal(data, []byte("null")) {
		o.Null = true
		return nil
	}
	return json.Unmarshal(data, &o.Value)
}

// MarshalJSON writes null unless there is a value.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if !o.Set || o.Null {
		return []byte("null"), nil
	}
	return json.Marshal(o.Value)
}

// Pointer gives the value, or nil when it is absent or null.
func (o Opt[T]) Pointer() *T {
	if !o.Set || o.Null {
		return nil
	}
	return &o.Value
}

// Schema describes the type in the OpenAPI document: the value's, or null.
func (Opt[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[*T](), true, "")
}

// Maybe is a key that may be absent (Set is false); null is refused.
type Maybe[T any] struct {
	Set   bool
	Value T
}

// UnmarshalJSON is called for a key that is present.
func (m *Maybe[T]) UnmarshalJSON(data []byte) error {
	m.Set = true
	return json.Unmarshal(data, &m.Value)
}

// MarshalJSON writes the value.
func (m Maybe[T]) MarshalJSON() ([]byte, error) { return json.Marshal(m.Value) }

// Pointer gives the value, or nil when it is absent.
func (m Maybe[T]) Pointer() *T {
	if !m.Set {
		return nil
	}
	return &m.Value
}

// Schema describes the type in the OpenAPI document: the value's.
func (Maybe[T]) Schema(r huma.Registry) *huma.Schema {
	return r.Schema(reflect.TypeFor[T](), true, "")
}
