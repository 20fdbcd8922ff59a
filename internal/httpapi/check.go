package httpapi

import (
	"errors"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/care"
)

// maxFieldName bounds the name of an unknown key, the one thing of a request that a
// problem repeats.
const maxFieldName = 100

// checkBody holds a decoded body against the schema of its call and names every field
// that does not fit.
func (c *call) checkBody(body any) []care.FieldError {
	result := &huma.ValidateResult{}
	huma.Validate(c.api.registry, c.body, huma.NewPathBuffer(nil, 0), huma.ModeWriteToServer, body, result)
	fields := make([]care.FieldError, 0, len(result.Errors))
	for _, err := range result.Errors {
		var detail *huma.ErrorDetail
		if errors.As(err, &detail) {
			fields = append(fields, fieldError(detail.Location, detail.Message))
		}
	}
	return distinct(c.checkValues(fields, "", c.body, body))
}

// checkValues finds what huma lets pass: NUL in texts, and null for a key that cannot be
// removed. Where something is made, null is the same as leaving the key away.
func (c *call) checkValues(found []care.FieldError, field string, s *huma.Schema, value any) []care.FieldError {
	for s != nil && s.Ref != "" {
		s = c.api.registry.SchemaFromRef(s.Ref)
	}
	switch v := value.(type) {
	case nil:
		if c.changes && s != nil && !s.Nullable && s.AnyOf == nil && s.Type != "" {
			found = append(found, care.FieldError{Field: field, Code: "null", Detail: "Must not be null."})
		}
	case string:
		if strings.ContainsRune(v, 0) {
			found = append(found, care.FieldError{
				Field: field, Code: "characters", Detail: "Has characters that cannot be stored: NUL.",
			})
		}
	case []any:
		for i, item := range v {
			found = c.checkValues(found, field+"["+strconv.Itoa(i)+"]", itemsOf(s), item)
		}
	case map[string]any:
		for key, item := range v {
			found = c.checkValues(found, join(field, key), propertyOf(s, key), item)
		}
	}
	return found
}

func itemsOf(s *huma.Schema) *huma.Schema {
	if s == nil {
		return nil
	}
	return s.Items
}

func propertyOf(s *huma.Schema, key string) *huma.Schema {
	if s == nil {
		return nil
	}
	return s.Properties[key]
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// distinct keeps the first complaint about each field and bounds the names.
func distinct(fields []care.FieldError) []care.FieldError {
	seen := make(map[string]bool, len(fields))
	kept := fields[:0]
	for _, f := range fields {
		if !seen[f.Field] {
			seen[f.Field] = true
			kept = append(kept, f)
		}
	}
	return kept
}

// fieldError says in our words what huma found. The words of huma stay out of the
// contract; TestFieldErrors holds the translation to the messages of the pinned version.
func fieldError(field, message string) care.FieldError {
	if name, missing := requiredName(message); missing {
		return care.FieldError{Field: join(field, name), Code: "required", Detail: "Must be given."}
	}
	if at, found := strings.CutPrefix(message, typeAt); found {
		return care.FieldError{Field: at, Code: "type", Detail: "Is out of range or of the wrong type."}
	}
	for _, w := range words {
		if rest, found := strings.CutPrefix(message, w.huma); found {
			return care.FieldError{Field: shortened(field), Code: w.code, Detail: strings.TrimSpace(w.detail+rest) + "."}
		}
	}
	return care.FieldError{Field: shortened(field), Code: "invalid", Detail: "Cannot be used."}
}

func requiredName(message string) (string, bool) {
	rest, found := strings.CutPrefix(message, "expected required property ")
	if !found {
		return "", strings.HasPrefix(message, "required ")
	}
	return strings.TrimSuffix(rest, " to be present"), true
}

func shortened(field string) string {
	if runes := []rune(field); len(runes) > maxFieldName {
		return string(runes[:maxFieldName]) + "…"
	}
	return field
}

// words translate huma's messages; what follows the prefix is a bound, never a value.
var words = []struct{ huma, code, detail string }{
	{"unexpected property", "unknown", "Is not known here"},
	{"expected boolean", "type", "Must be true or false"},
	{"expected integer", "type", "Must be a whole number"},
	{"expected number >= ", "too_small", "Must be at least "},
	{"expected number <= ", "too_large", "Must be at most "},
	{"expected number > ", "too_small", "Must be more than "},
	{"expected number < ", "too_large", "Must be less than "},
	{"expected number", "type", "Must be a number"},
	{"expected string to be a UUID", "type", "Must be a UUID"},
	{"expected string to be RFC 3339 date-time", "type", "Must be an RFC 3339 time such as 2026-03-02T09:30:00.000Z"},
	{"expected string to be RFC 3339 date", "type", "Must be a date such as 2026-03-02"},
	{"expected string to ", "format", "Must have the form that the API document gives"},
	{"expected string", "type", "Must be a text"},
	{"expected array length >= ", "too_few", "Items, at least: "},
	{"expected array length <= ", "too_many", "Items, at most: "},
	{"expected array items to be unique", "duplicate", "Must not name anything twice"},
	{"expected array", "type", "Must be a list"},
	{"expected object", "type", "Must be an object"},
	{"expected length >= ", "too_short", "Characters, at least: "},
	{"expected length <= ", "too_long", "Characters, at most: "},
	{"expected value to be one of ", "one_of", "Must be one of "},
	{"invalid integer", "type", "Must be a whole number"},
	{"invalid boolean", "type", "Must be true or false"},
	{"invalid value: not a UUID", "type", "Must be a UUID"},
	{"invalid value: not an RFC 3339 time", "type", "Must be an RFC 3339 time such as 2026-03-02T09:30:00.000Z"},
}
