package care

import "strings"

// CheckColour checks a colour written as #rrggbb and answers it trimmed and in lower case.
func CheckColour(field, colour string) (string, *Error) {
	colour = strings.ToLower(strings.TrimSpace(colour))
	digits, found := strings.CutPrefix(colour, "#")
	if !found || len(digits) != 6 || strings.Trim(digits, "0123456789abcdef") != "" {
		return "", BadField(field, "colour", "Must be a colour such as #1d5f4b: # and six digits, 0 to 9 and a to f.")
	}
	return colour, nil
}
