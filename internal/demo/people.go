package demo

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"

	"hearth/internal/care"

	"golang.org/x/text/unicode/norm"
)

// founded is how many workdays ago the practice began with Hearth.
const founded = 64

// domain of everybody's mail; names below .example belong to nobody.
const domain = "@hearth.example"

// seesEverybody are the permissions of a provider who also meets the clients of others, in
// community chats for instance. Dr. Brandt has those of his role and sees his own clients.
var seesEverybody = care.DefaultPermissions(care.RoleProvider) | care.PermissionsOf(care.ViewAllClients)

var staff = []Staff{
	{Key: "marguerite", Name: "Marguerite Fairweather", Title: "Practice owner", Role: care.RoleOwner},
	{Key: "theo", Name: "Theo Lindgren-Osei", Title: "Practice manager", Role: care.RoleAdmin},
	{Key: "noor", Name: "Noor Haddad", Title: "Dietitian", Role: care.RoleProvider, ClientsMayStart: true, Permissions: seesEverybody},
	{Key: "elias", Name: "Dr. Elias Brandt", Title: "Physician", Role: care.RoleProvider},
	{Key: "priya", Name: "Priya Raghunathan", Title: "Therapist", Role: care.RoleProvider, ClientsMayStart: true, Permissions: seesEverybody},
	{Key: "tomas", Name: "Tomás Ibarra-Quinn", Title: "Dietitian", Role: care.RoleProvider, ClientsMayStart: true, Permissions: seesEverybody},
	{Key: "sam", Name: "Sam Whitehorse", Title: "Care coordinator", Role: care.RoleSupport},
	{Key: "june", Name: "June Castellanos", Title: "Front desk", Role: care.RoleSupport},
}

var groupNames = []string{"Concierge", "Diabetes Prevention", "New Parents", "Maintenance", "Waitlist"}

// buildStaff adds the staff, who all came when the practice began, a few minutes apart.
func (b *builder) buildStaff() error {
	for i, s := range staff {
		s.AddedAt = b.calendar.at(founded, 9, 7*i)
		s.ID = newID[care.UserID](s.AddedAt, "staff "+s.Key)
		s.Email = s.Key + domain
		b.practice.Staff = append(b.practice.Staff, s)
		if err := b.register(s.Key, s.ID, s.AddedAt); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) buildGroups() {
	for i, name := range groupNames {
		at := b.calendar.at(founded, 10, 2*i)
		b.practice.Groups = append(b.practice.Groups, Group{ID: newID[care.GroupID](at, "group "+name), Name: name})
	}
}

// buildClients reads the list of clients: key | name | group | care team | workdays since
// they were added | archived or invited.
func (b *builder) buildClients(text string) error {
	for row := range strings.SplitSeq(text, "\n") {
		if row == "" || strings.HasPrefix(row, "#") {
			continue
		}
		client, err := b.client(row)
		if err != nil {
			return fmt.Errorf("client %q: %w", row, err)
		}
		b.practice.Clients = append(b.practice.Clients, client)
	}
	return nil
}

func (b *builder) client(row string) (client Client, err error) {
	cells := append(strings.Split(row, "|"), "", "")
	for i := range cells {
		cells[i] = strings.TrimSpace(cells[i])
	}
	client = Client{Key: cells[0], Name: cells[1], Email: address(cells[1])}
	if client.AddedAt, err = b.joined(cells[4]); err != nil {
		return client, err
	}
	if client.Group, err = b.group(cells[2]); err != nil {
		return client, err
	}
	if client.CareTeam, err = b.ids(strings.Split(cells[3], ", ")); err != nil {
		return client, err
	}
	switch minute := len(b.practice.Clients) % 60; cells[5] {
	case "archived":
		client.ArchivedAt = b.calendar.at(21, 16, minute)
	case "invited":
		client.InvitedAt = b.calendar.at(2, 14, minute)
	}
	client.ID = newID[care.UserID](client.AddedAt, "client "+client.Key)
	return client, b.register(client.Key, client.ID, client.AddedAt)
}

// joined says when a client was added: so many workdays ago in the early morning, or, where
// the list does not say, one after the other in the weeks before the first conversation.
func (b *builder) joined(days string) (time.Time, error) {
	i := len(b.practice.Clients)
	if days == "" {
		return b.calendar.at(founded-1-i%20, 11, 9*(i/20)), nil
	}
	n, err := strconv.Atoi(days)
	return b.calendar.at(n, 7, 30+i%20), err
}

func (b *builder) group(name string) (care.GroupID, error) {
	for _, g := range b.practice.Groups {
		if g.Name == name {
			return g.ID, nil
		}
	}
	if name != "" {
		return care.GroupID{}, fmt.Errorf("no group %q", name)
	}
	return care.GroupID{}, nil
}

// letters that no decomposition turns into plain ones.
var plain = strings.NewReplacer("ø", "o", "ł", "l", "ð", "d", "þ", "th", "ı", "i", "ß", "ss", "æ", "ae", "đ", "d")

// address makes an e-mail address that can be typed on any keyboard from a name: the first
// and the last word of it, in plain letters.
func address(name string) string {
	words := strings.Fields(plain.Replace(strings.ToLower(name)))
	local := words[0]
	if len(words) > 1 {
		local += "." + words[len(words)-1]
	}
	return strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || (r < unicode.MaxASCII && unicode.IsLetter(r)) {
			return r
		}
		return -1
	}, norm.NFD.String(local)) + domain
}
