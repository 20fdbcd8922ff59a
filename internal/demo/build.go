package demo

import (
	"fmt"
	"time"

	"hearth/internal/care"
)

// Password is what everybody in the practice signs in with. It is no secret: the sheet
// with it is shown to whoever opens the demonstration.
const Password = "alder-row-demo"

// Build gives the practice as it is at the moment now, with its newest messages minutes old
// and its oldest eight weeks. The same moment, to the second, gives the same practice.
func Build(now time.Time) Practice {
	b := builder{
		calendar: newCalendar(now),
		people:   map[string]care.UserID{},
		added:    map[care.UserID]time.Time{},
	}
	if err := b.build(); err != nil {
		panic("demo: " + err.Error()) // the scripts are part of the program, and the tests build them
	}
	return b.practice
}

// builder gathers a practice: first the people, then what they wrote.
type builder struct {
	calendar calendar
	practice Practice
	people   map[string]care.UserID // by their names in the scripts
	added    map[care.UserID]time.Time
}

func (b *builder) build() error {
	at := b.calendar.at(founded, 8, 45)
	b.practice.Organization = Organization{
		ID: newID[care.OrgID](at, "organization"), Name: "Alder Row Clinic",
		Phone: "(503) 555-0142", TimeZone: timeZone, CreatedAt: at,
	}
	if err := b.buildStaff(); err != nil {
		return err
	}
	b.buildGroups()
	if err := b.buildClients(script("clients.txt")); err != nil {
		return err
	}
	if err := b.buildConversations(); err != nil {
		return err
	}
	return b.buildSignIns()
}

// register makes somebody known to the scripts.
func (b *builder) register(key string, id care.UserID, added time.Time) error {
	if _, taken := b.people[key]; taken {
		return fmt.Errorf("two people are called %q", key)
	}
	b.people[key], b.added[id] = id, added
	return nil
}

// person finds somebody by their name in the scripts.
func (b *builder) person(key string) (care.UserID, error) {
	id, ok := b.people[key]
	if !ok {
		return id, fmt.Errorf("nobody is called %q", key)
	}
	return id, nil
}

func (b *builder) ids(keys []string) ([]care.UserID, error) {
	ids := make([]care.UserID, len(keys))
	for i, key := range keys {
		id, err := b.person(key)
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}
