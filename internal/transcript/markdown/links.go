package markdown

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is more than any address people write; it keeps looking for one cheap.
const longest = 2048

var hostName = regexp.MustCompile(`^(?:[\p{L}\p{M}\p{N}._-]+|\[[0-9a-fA-F:.]+\])(?::[0-9]{1,5})?$`)

// safeHref gives an address as a link may carry it, or "": only the web, mail and calls,
// and nothing that hides its host.
func safeHref(address string) string {
	hidden := func(c rune) bool {
		return unicode.IsSpace(c) || unicode.In(c, unicode.Cc, unicode.Cf) || strings.ContainsRune(`<>"\`, c)
	}
	if len(address) > longest || strings.ContainsFunc(address, hidden) {
		return ""
	}
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	switch u.Scheme {
	case "mailto", "tel":
		return address
	case "http", "https":
		if u.User != nil || !hostName.MatchString(u.Host) {
			return ""
		}
		u.Host = strings.ToLower(u.Host)
		if u.Path == "" {
			u.Path = "/"
		}
		return u.String()
	}
	return ""
}

var (
	hostShown = regexp.MustCompile(`(?i)^\s*(?:https?://|www\.)?([\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+)`)
	hostNamed = regexp.MustCompile(`(?i)^\s*(?:https?://|www\.)`)
	hostEnds  = regexp.MustCompile(`(?i)\.[a-z]{2,}$`)
)

// misleads reports whether a label claims to be another address than the one it leads to.
func misleads(label, href string) bool {
	shown := hostShown.FindStringSubmatch(label)
	if shown == nil || !strings.HasPrefix(href, "http") {
		return false
	}
	if !hostNamed.MatchString(label) && !hostEnds.MatchString(shown[1]) {
		return false // "v1.2" or "e.g." names no host
	}
	u, err := url.Parse(href)
	bare := func(host string) string { return strings.TrimPrefix(strings.ToLower(host), "www.") }
	return err != nil || bare(shown[1]) != bare(u.Hostname())
}

var (
	webStart    = regexp.MustCompile(`(?i)^(?:https?://|www\.)`)
	schemeStart = regexp.MustCompile(`(?i)^(?:mailto:|tel:)`)
	mailAddress = regexp.MustCompile(`(?i)^[a-z0-9._%+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,8}`)
)

// addressAt gives the address that a text begins with, and where it leads; "" where none.
// word is the text up to where no address goes on.
func addressAt(text, word string) (shown, href string) {
	if webStart.MatchString(text) {
		return kept(word, func(a string) string {
			if len(a) >= 4 && strings.EqualFold(a[:4], "www.") {
				return "https://" + a
			}
			return a
		})
	}
	if schemeStart.MatchString(text) {
		return kept(word, func(a string) string { return a })
	}
	return kept(mailAddress.FindString(text), func(a string) string { return "mailto:" + a })
}

func noAddress(c rune) bool { return unicode.IsSpace(c) || strings.ContainsRune("<>\"`", c) }

// goodEnd reports whether an address ends as one does, with a letter, a number or a slash.
func goodEnd(address string) bool {
	c, _ := utf8.DecodeLastRuneInString(strings.TrimRight(address, "#&=)_~-"))
	return c == '/' || unicode.IsLetter(c) || unicode.IsNumber(c)
}

func kept(hit string, address func(string) string) (shown, href string) {
	shown = withoutEnd(hit)
	if shown == "" || !goodEnd(shown) {
		return "", ""
	}
	if href = safeHref(address(shown)); href == "" {
		return "", ""
	}
	return shown, href
}

// withoutEnd leaves off the signs that end a sentence, and a bracket that was opened
// before the address.
func withoutEnd(address string) string {
	open := strings.Count(address, "(") - strings.Count(address, ")")
	for end := len(address); end > 0; end-- {
		switch last := address[end-1]; {
		case last == ')' && open < 0:
			open++
		case strings.IndexByte(`.,;:!?'"*_]}`, last) < 0:
			return address[:end]
		}
	}
	return ""
}

// linkEnd reads the address after a label, "](address)", with its length; "" where none.
func linkEnd(text string) (href string, length int) {
	if len(text) < 2 || text[1] != '(' {
		return "", 0
	}
	depth := 1
	text = text[:min(len(text), longest+12)]
	if strings.IndexByte(text, ')') < 0 {
		return "", 0
	}
	for i := 2; i < len(text); i++ {
		switch text[i] {
		case ' ', '\n':
			return "", 0
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return safeHref(text[2:i]), i + 1
			}
		}
	}
	return "", 0
}
