package mail

import (
	"bytes"
	"embed"
	"fmt"
	htmltemplate "html/template"
	"strings"
	"text/template"
	"time"
	"unicode"
)

// Message is one mail to one person.
type Message struct {
	To         string // the bare address
	SenderName string // what the reader sees as the sender: the practice's name in mail
	Subject    string
	Text       string
	HTML       string

	// ID is the left side of the Message-ID, the same each time the same mail is tried; made
	// up when empty.
	ID string
	// Unsubscribe is the address at which a POST ends mails of this kind (RFC 8058); none
	// when empty.
	Unsubscribe string
	// Bounces is the address to which mail servers report that it did not arrive: the sender
	// on the envelope. Empty is the address that mail comes from.
	Bounces string
}

// check refuses what could add a header or a recipient.
func (m Message) check() error {
	if _, err := bareAddress(m.To); err != nil {
		return err
	}
	if m.Bounces != "" {
		if _, err := bareAddress(m.Bounces); err != nil {
			return err
		}
	}
	if strings.ContainsFunc(m.SenderName+m.Subject, unicode.IsControl) {
		return errHeader
	}
	if strings.ContainsFunc(m.ID+m.Unsubscribe, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }) {
		return errHeader
	}
	return nil
}

// Letter is what the mails about an account are made from.
type Letter struct {
	To string
	// Practice is the name that the practice uses in mail.
	Practice string
	// Colour is the practice's, as #rrggbb; Hearth's own when empty.
	Colour string
	// Link is the address of the page, with its secret in the fragment.
	Link string
	// Valid is how long the link can be used, at least an hour.
	Valid time.Duration
}

//go:embed letters
var letters embed.FS

var (
	plain  = template.Must(template.ParseFS(letters, "letters/*.txt"))
	marked = htmltemplate.Must(htmltemplate.ParseFS(letters, "letters/*.html"))
)

// words are what differs between the letters. The page and the plain text share them.
type words struct {
	Letter
	paint
	Title, Why, Button, Otherwise, Lasts string
}

// Invitation is the mail that asks somebody to choose their password and come in.
func Invitation(l Letter) (Message, error) {
	return write("Your invitation", words{
		Letter: l, Title: "You are invited",
		Why:       l.Practice + " has made an account for you, to write to each other in private. Choose a password to open it.",
		Button:    "Open my account",
		Otherwise: "If you did not expect this, you can ignore it: without the link nobody can use the account.",
	})
}

// Reset is the mail with which somebody chooses a new password.
func Reset(l Letter) (Message, error) {
	return write("Choose a new password", words{
		Letter: l, Title: "Choose a new password",
		Why:       "A new password was asked for, for your account with " + l.Practice + ".",
		Button:    "Choose a new password",
		Otherwise: "If you did not ask for this, you can ignore it: your password stays as it is.",
	})
}

func write(subject string, w words) (Message, error) {
	w.Practice = oneLine(w.Practice)
	w.paint = painted(w.Practice, w.Colour)
	w.Lasts = lasts(w.Valid)
	var text, page bytes.Buffer
	if err := plain.ExecuteTemplate(&text, "account.txt", w); err != nil {
		return Message{}, err
	}
	if err := marked.ExecuteTemplate(&page, "account.html", w); err != nil {
		return Message{}, err
	}
	return Message{
		To: w.To, SenderName: w.Practice, Subject: subject,
		Text: text.String(), HTML: page.String(),
	}, nil
}

// oneLine keeps a name that was stored before names were checked from breaking a header.
func oneLine(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, name)
}

// lasts says a time in whole days or hours, rounded down.
func lasts(d time.Duration) string {
	n, unit := int(d/time.Hour), "hour"
	if d >= 48*time.Hour {
		n, unit = int(d/(24*time.Hour)), "day"
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", max(n, 1), unit)
}
