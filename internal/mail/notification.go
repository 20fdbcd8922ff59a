package mail

import (
	"bytes"
)

// Note is what a mail that tells of a message is made from. It says nothing of who wrote,
// what, or to whom.
type Note struct {
	To string
	ID string // see Message
	// Practice is the practice's name; empty where the organization does not let mails name it.
	Practice string
	// Colour is the practice's, as #rrggbb. It shows only where Practice is named.
	Colour string
	// From says of mails to staff, where the organization lets them, what is new: a client
	// wrote, a colleague wrote. Empty says nothing.
	From string
	// Several says that there is more than one.
	Several bool
	// Waiting says that messages of clients wait for an answer longer than the practice wants.
	Waiting bool
	Link    string // where the app is
	// Unsubscribe is the address that ends mails of this kind, Settings where people choose.
	Unsubscribe, Settings string
	Bounces               string // see Message
}

// neutralSender is what readers see as the sender where the practice is not named.
const neutralSender = "Secure messages"

// noteWords are what the page and the plain text share.
type noteWords struct {
	Note
	paint
	Title, Why, Button string
}

// Notification is the mail that tells somebody of messages.
func Notification(n Note) (Message, error) {
	n.Practice = oneLine(n.Practice)
	w := noteWords{Note: n, paint: painted(n.Practice, n.Colour), Title: "You have a new message", Button: "Read it", Why: "It is kept where only you can read it, after signing in."}
	switch {
	case n.Waiting:
		w.Title, w.Button, w.Why = "A message is waiting for an answer", "Open the inbox", "You can read and answer it after signing in."
	case n.Several:
		w.Title, w.Button, w.Why = "You have new messages", "Read them", "They are kept where only you can read them, after signing in."
	}
	if n.From != "" {
		w.Why = n.From + " " + w.Why
	}
	var text, page bytes.Buffer
	if err := plain.ExecuteTemplate(&text, "notification.txt", w); err != nil {
		return Message{}, err
	}
	if err := marked.ExecuteTemplate(&page, "notification.html", w); err != nil {
		return Message{}, err
	}
	sender := n.Practice
	if sender == "" {
		sender = neutralSender
	}
	return Message{
		To: n.To, SenderName: sender, Subject: w.Title, Text: text.String(), HTML: page.String(), ID: n.ID, Unsubscribe: n.Unsubscribe, Bounces: n.Bounces,
	}, nil
}

// Page is a page of a few words that stands for itself, such as the one behind the link that
// ends mails. Button is empty for a page without a form.
type Page struct{ Title, Words, Button string }

// HTML writes the page; its form posts to its own address.
func (p Page) HTML() ([]byte, error) {
	var page bytes.Buffer
	err := marked.ExecuteTemplate(&page, "page.html", p)
	return page.Bytes(), err
}
