package chat

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// In a community chat clients see fellow clients as the organization chose (see
// [care.NameStyle]). Everything that tells a client somebody's name goes through this
// file: messages, members, quotes and mentions when they are read, [Service.NameStyle]
// for what is told live.

// hidesNames reports whether names here are shown to the actor in another form.
func hidesNames(actor care.Actor, kind care.ConversationKind) bool {
	return kind == care.Community && actor.IsClient()
}

// NameStyle gives how clients of an organization see fellow clients.
func (s *Service) NameStyle(ctx context.Context, org care.OrgID) (style care.NameStyle, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		style, err = nameStyle(ctx, tx, org)
		return err
	})
	return style, err
}

func nameStyle(ctx context.Context, tx *db.Tx, org care.OrgID) (care.NameStyle, error) {
	settings, err := readSettings(ctx, tx, org)
	return settings.ClientNames, err
}

// hideNames gives members and last messages of community chats the names that a client
// may see.
func hideNames(ctx context.Context, tx *db.Tx, actor care.Actor, list []*Conversation) error {
	var style care.NameStyle
	for _, c := range list {
		if !hidesNames(actor, c.Kind) {
			continue
		}
		if style == "" {
			var err error
			if style, err = nameStyle(ctx, tx, actor.Org); err != nil {
				return err
			}
		}
		c.Community.ShownAs = shownAs(c.Members, actor.User, style)
		for i := range c.Members {
			c.Members[i].Person = c.Members[i].Person.ShownTo(actor.User, style)
		}
		if c.LastMessage != nil {
			shown := c.LastMessage.ShownTo(actor.User, style)
			c.rules.maskNotice(actor, &shown)
			c.LastMessage = &shown
		}
	}
	return nil
}

// peopleNamed reads people of an organization by their ids.
func peopleNamed(ctx context.Context, tx *db.Tx, org care.OrgID, ids []care.UserID) (map[care.UserID]care.Person, error) {
	people := make(map[care.UserID]care.Person, len(ids))
	err := eachPart(ids, func(part []care.UserID) error {
		found, err := db.Many(ctx, tx, scanPerson, `SELECT id, name, kind, COALESCE(alias, '') FROM people
			WHERE org_id = $1 AND id IN (`+tx.In(2, len(part))+`)`, args(part, org)...)
		for _, p := range found {
			people[p.ID] = p
		}
		return err
	})
	return people, err
}

func scanPerson(row db.Scanner) (p care.Person, err error) {
	return p, row.Scan(&p.ID, &p.Name, &p.Kind, &p.Alias)
}

// loadStyles gives how clients see fellow clients in each of these organizations.
func loadStyles(ctx context.Context, tx *db.Tx, orgs []care.OrgID) (map[care.OrgID]care.NameStyle, error) {
	styles := make(map[care.OrgID]care.NameStyle, len(orgs))
	for _, org := range orgs {
		style, err := nameStyle(ctx, tx, org)
		if err != nil {
			return nil, err
		}
		styles[org] = style
	}
	return styles, nil
}
