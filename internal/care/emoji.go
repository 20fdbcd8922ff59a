package care

import (
	"unicode"
	"unicode/utf8"
)

// maxEmoji bounds one emoji: the longest in use, families and flags of regions, have
// fewer than 36 bytes.
const maxEmoji = 48

// IsEmoji reports whether s is one emoji as people see it: a sign, with its variation
// selector, skin tone, tags, or further signs joined to it (Unicode TR 51). It does not
// know which combinations a font can draw.
func IsEmoji(s string) bool {
	if s == "" || len(s) > maxEmoji || !utf8.ValidString(s) {
		return false
	}
	var signs, flags, digits int
	var keycap, joined bool
	for _, r := range s {
		switch {
		case r >= 0x1F1E6 && r <= 0x1F1FF: // letters of flags come in pairs
			flags++
		case r == 0x200D:
			joined = true
			continue
		case r == 0xFE0F, r >= 0x1F3FB && r <= 0x1F3FF && signs > 0, r >= 0xE0020 && r <= 0xE007F:
		case r == 0x20E3:
			keycap = true
		case r == '#', r == '*', r >= '0' && r <= '9':
			digits++
		case isSign(r):
			if !joined {
				signs++
			}
		default:
			return false
		}
		joined = false
	}
	switch {
	case joined:
		return false
	case digits > 0 || keycap:
		return digits == 1 && keycap && signs == 0 && flags == 0
	case flags > 0:
		return flags == 2 && signs == 0
	default:
		return signs == 1
	}
}

// isSign reports whether a character can be an emoji by itself.
func isSign(r rune) bool {
	switch r {
	case 0x00A9, 0x00AE, 0x203C, 0x2049, 0x3030, 0x303D, 0x3297, 0x3299:
		return true
	}
	return r >= 0x2100 && unicode.In(r, unicode.So, unicode.Sm, unicode.Sk)
}
