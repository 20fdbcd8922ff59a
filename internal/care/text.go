package care

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Bounds of what people may write, in characters (Unicode code points).
const (
	MaxMessage  = 20_000
	MaxName     = 200
	MaxSubject  = 200
	MaxEmail    = 254
	MinPassword = 10
	MaxPassword = 200
	MaxQuery    = 200
)

// CheckText checks a text that somebody wrote: valid UTF-8, no NUL, between min and max
// characters. White space alone counts as nothing. Detail never repeats the text.
func CheckText(field, text string, min, max int) *Error {
	switch n := utf8.RuneCountInString(text); {
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		return BadField(field, "characters", "Has characters that cannot be stored: NUL or invalid UTF-8.")
	case min > 0 && strings.TrimSpace(text) == "":
		return BadField(field, "required", "Must not be empty.")
	case n < min:
		return BadField(field, "too_short", fmt.Sprintf("Must have at least %d characters.", min))
	case n > max:
		return BadField(field, "too_long", fmt.Sprintf("Must have at most %d characters; this has %d.", max, n))
	}
	return nil
}

// CheckName checks a name of a person, group or organization: one line, 1 to 200
// characters after trimming. It answers the trimmed name.
func CheckName(field, name string) (string, *Error) {
	name = strings.TrimSpace(name)
	if err := CheckText(field, name, 1, MaxName); err != nil {
		return "", err
	}
	if strings.ContainsFunc(name, unicode.IsControl) {
		return "", BadField(field, "characters", "Must be one line without control characters.")
	}
	return name, nil
}

// CheckEmail checks the shape of an e-mail address and answers it trimmed and in lower
// case: letter case does not tell two accounts apart. Whether mail arrives is not known.
func CheckEmail(field, email string) (string, *Error) {
	valid := utf8.ValidString(email)
	email = strings.ToLower(strings.TrimSpace(email)) // which mends what is not valid
	local, domain, found := strings.Cut(email, "@")
	bad := !found || local == "" || domain == "" || strings.Contains(domain, "@") ||
		strings.HasPrefix(domain, ".") || strings.HasSuffix(domain, ".") ||
		len(email) > MaxEmail || !valid ||
		strings.ContainsFunc(email, func(r rune) bool {
			return unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(`<>()[]\,;:"`, r)
		})
	if bad {
		return "", BadField(field, "email", "Must be an e-mail address such as name@example.org.")
	}
	return email, nil
}

// CheckPassword checks the length of a new password.
func CheckPassword(field, password string) *Error {
	return CheckText(field, password, MinPassword, MaxPassword)
}

// Cell gives a text as a cell of a file for spreadsheets, which would take some beginnings
// for formulas (OWASP: CSV injection).
func Cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
