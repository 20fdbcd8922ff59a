package care

import "strings"

// A body names people by tokens, `<@` uuid `>`: who reads it sees the name that they may
// see, which differs between staff and fellow clients, and follows when a name changes.

const (
	mentionOpen   = "<@"
	mentionLength = len(mentionOpen) + 36 + len(">")
)

// Mention gives the token that names somebody in a body.
func Mention(user UserID) string { return mentionOpen + user.String() + ">" }

// MentionsIn gives whom the tokens of a body name, each once, in the order of the text.
// What only looks like a token is text.
func MentionsIn(body string) []UserID {
	var all []UserID
	seen := map[UserID]bool{}
	eachMention(body, func(_ string, user UserID) {
		if !user.IsZero() && !seen[user] {
			seen[user] = true
			all = append(all, user)
		}
	})
	return all
}

// PlainMentions writes a body with "@" and the name in the place of each token, for mail,
// print and plain text; name gives "" where somebody is not known.
func PlainMentions(body string, name func(UserID) string) string {
	var b strings.Builder
	eachMention(body, func(text string, user UserID) {
		b.WriteString(text)
		if user.IsZero() {
			return
		}
		if known := name(user); known != "" {
			b.WriteString("@" + known)
		} else {
			b.WriteString("@someone")
		}
	})
	return b.String()
}

// eachMention walks a body: each call has the text before a token and the token's person;
// the last one has the rest and nobody.
func eachMention(body string, visit func(text string, user UserID)) {
	start := 0
	for at := 0; ; {
		next := strings.Index(body[at:], mentionOpen)
		if next < 0 {
			visit(body[start:], UserID{})
			return
		}
		at += next
		user, found := mentionAt(body[at:])
		if !found {
			at += len(mentionOpen)
			continue
		}
		visit(body[start:at], user)
		at += mentionLength
		start = at
	}
}

func mentionAt(text string) (user UserID, found bool) {
	if len(text) < mentionLength || text[mentionLength-1] != '>' {
		return user, false
	}
	err := user.UnmarshalText([]byte(text[len(mentionOpen) : mentionLength-1]))
	return user, err == nil && !user.IsZero()
}
