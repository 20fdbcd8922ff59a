package demo

import (
	"fmt"
	"strings"
	"text/tabwriter"

	"hearth/internal/care"
)

// shown are the people on the sign-in sheet, in the order in which they are worth trying.
var shown = []struct{ key, role, note string }{
	{"noor", "Dietitian", "The fullest inbox: unread messages, community chats, handovers"},
	{"leilani", "Client", "In the middle of a conversation with Noor; good on a phone"},
	{"elias", "Physician", "Concierge clients, medication questions, a thread of 400 messages"},
	{"sam", "Care coordinator", "Answers for colleagues through the organization inbox"},
	{"marguerite", "Owner", "May do everything: team, settings, audit log"},
	{"theo", "Practice manager", "Administrator; invites staff and clients"},
	{"walter", "Client", "Eight weeks of daily log: scroll as far as you like"},
	{"saoirse", "Client", "New this week, in two community chats that began before"},
}

func (b *builder) buildSignIns() error {
	for _, s := range shown {
		id, err := b.person(s.key)
		if err != nil {
			return err
		}
		entry := SignIn{Password: Password, Role: s.role, Note: s.note}
		entry.Name, entry.Email = b.practice.nameOf(id)
		b.practice.SignIns = append(b.practice.SignIns, entry)
	}
	return nil
}

// nameOf gives somebody's name and address.
func (p Practice) nameOf(id care.UserID) (name, email string) {
	for _, s := range p.Staff {
		if s.ID == id {
			return s.Name, s.Email
		}
	}
	for _, c := range p.Clients {
		if c.ID == id {
			return c.Name, c.Email
		}
	}
	return "", ""
}

// Sheet is the text that `hearth demo` prints: who may sign in at url, and what there is to
// see. It ends with a new line.
func (p Practice) Sheet(url string) string {
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	fmt.Fprintf(&text, "%s, an invented practice: %d staff, %d clients, %d conversations.\n",
		p.Organization.Name, len(p.Staff), len(p.Clients), len(p.Conversations))
	fmt.Fprintf(&text, "Sign in at %s with the password %s as\n\n", url, Password)
	for _, s := range p.SignIns {
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", s.Email, s.Name, s.Role, s.Note)
	}
	_ = table.Flush() // a strings.Builder takes everything
	return text.String()
}
