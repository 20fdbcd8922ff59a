package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"hearth/internal/care"
	"hearth/internal/wire"
)

const (
	jsonType = "application/json"
	maxDepth = 32
)

// readBody reads the body into memory, checks it, and puts it back for huma to decode. A
// call that takes no body may be sent an empty object.
func (c *call) readBody(r *http.Request) error {
	if c.hasBody && c.body == nil { // not JSON: the handler reads it, and huma must not
		tripOf(r.Context()).body, r.Body = r.Body, http.NoBody
		return nil
	}
	if r.ContentLength > c.bound {
		return tooLarge(c.bound)
	}
	data, err := io.ReadAll(io.LimitReader(r.Body, c.bound+1))
	switch {
	case err != nil:
		return malformed("The body did not arrive whole.")
	case int64(len(data)) > c.bound:
		return tooLarge(c.bound)
	case len(data) == 0 && c.needed:
		return malformed("A body in JSON is needed.")
	case len(data) == 0:
		return nil
	}
	if err := checkMediaType(r.Header.Get("Content-Type")); err != nil {
		return err
	}
	value, err := strictJSON(data)
	if err != nil {
		return err
	}
	if fields := c.checkValue(value); len(fields) > 0 {
		return &care.Error{
			Kind: care.Invalid, Code: care.CodeInvalid,
			Message: "Some of what was sent cannot be used.", Fields: fields,
		}
	}
	r.Body = io.NopCloser(bytes.NewReader(data))
	return nil
}

func (c *call) checkValue(value any) []care.FieldError {
	if c.body != nil {
		return c.checkBody(value)
	}
	object, is := value.(map[string]any)
	if !is {
		return []care.FieldError{{Code: "type", Detail: "This call takes no body, or an empty object."}}
	}
	var fields []care.FieldError
	for key := range object {
		fields = append(fields, fieldError(key, "unexpected property"))
	}
	return fields
}

func checkMediaType(header string) error {
	if header == "" {
		return nil
	}
	media, params, err := mime.ParseMediaType(header)
	charset, named := params["charset"]
	if err != nil || media != jsonType || (named && !strings.EqualFold(charset, "utf-8")) {
		return wire.NewProblem(care.CodeUnsupportedMediaType, "Send application/json in UTF-8.")
	}
	return nil
}

// strictJSON decodes a JSON text and refuses what encoding/json lets pass: invalid UTF-8,
// half surrogate pairs, duplicate keys, and nesting deeper than maxDepth.
func strictJSON(data []byte) (any, error) {
	if !utf8.Valid(data) {
		return nil, malformed("The body is not valid UTF-8.")
	}
	keys, err := scan(data)
	if err != nil {
		return nil, err
	}
	var value any
	if err := json.Unmarshal(data, &value); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, malformed(fmt.Sprintf("The body is not JSON: it goes wrong at byte %d.", syntax.Offset))
		}
		return nil, malformed("The body has a number that is too large.")
	}
	if countKeys(value) != keys {
		return nil, malformed("An object in the body has the same key twice.")
	}
	return value, nil
}

// scan goes over the bytes once and counts the keys of all objects, which are as many as
// there are colons outside of strings.
func scan(data []byte) (keys int, err error) {
	depth, inString := 0, false
	for i := 0; i < len(data); i++ {
		switch b := data[i]; {
		case b == '\\' && inString:
			size, whole := escape(data[i:])
			if !whole {
				return 0, malformed(`The body has half a surrogate pair: a \u escape that stands for no character.`)
			}
			i += size - 1
		case b == '"':
			inString = !inString
		case inString:
		case b == ':':
			keys++
		case b == '{' || b == '[':
			if depth++; depth > maxDepth {
				return 0, malformed(fmt.Sprintf("The body is nested deeper than %d levels.", maxDepth))
			}
		case b == '}' || b == ']':
			depth--
		}
	}
	return keys, nil
}

// escape gives the length of the escape that data begins with, and whether it stands for
// a whole character. Escapes that are no JSON are left to encoding/json.
func escape(data []byte) (size int, whole bool) {
	high, is := unicodeEscape(data)
	switch {
	case !is:
		return 2, true
	case high < 0xD800 || high > 0xDFFF:
		return 6, true
	case high > 0xDBFF:
		return 6, false
	}
	low, is := unicodeEscape(data[6:])
	return 12, is && low >= 0xDC00 && low <= 0xDFFF
}

func unicodeEscape(data []byte) (unit uint32, is bool) {
	if len(data) < 6 || data[0] != '\\' || data[1] != 'u' {
		return 0, false
	}
	for _, c := range data[2:6] {
		digit := strings.IndexByte("0123456789abcdef", c|0x20)
		if digit < 0 {
			return 0, false
		}
		unit = unit<<4 | uint32(digit)
	}
	return unit, true
}

func countKeys(value any) int {
	count := 0
	switch v := value.(type) {
	case map[string]any:
		count = len(v)
		for _, item := range v {
			count += countKeys(item)
		}
	case []any:
		for _, item := range v {
			count += countKeys(item)
		}
	}
	return count
}

// checkQuery refuses query strings that are not UTF-8 or carry NUL.
func checkQuery(r *http.Request) error {
	if r.URL.RawQuery == "" {
		return nil
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return malformed("The query string cannot be read.")
	}
	for name, list := range values {
		for _, text := range append(list, name) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return malformed("The query string has NUL or is not valid UTF-8.")
			}
		}
	}
	return nil
}

func malformed(detail string) error { return wire.NewProblem(care.CodeMalformed, detail) }

func tooLarge(bound int64) error {
	return wire.NewProblem(care.CodeTooLarge, fmt.Sprintf("The body may have at most %d bytes.", bound))
}
