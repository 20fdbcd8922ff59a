package demo

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
)

// people adds the organization, its staff, groups and clients to the history.
func (s *seeder) people() {
	p := &s.practice
	s.history.then(p.Organization.CreatedAt, s.inTx(s.found))
	for i, person := range p.Staff {
		s.actors[person.ID] = person.actor()
		s.history.then(person.AddedAt, s.inTx(func(ctx context.Context, tx *db.Tx) error { return s.addStaff(ctx, tx, person, i == 0) }))
	}
	groups := p.Staff[len(p.Staff)-1].AddedAt
	for i, g := range p.Groups {
		s.history.then(groups.Add(time.Duration(i+1)*time.Minute), s.inTx(func(ctx context.Context, tx *db.Tx) error {
			_, _, err := s.directory.CreateGroup(ctx, tx, s.registrar(), g.ID, g.Name)
			return err
		}))
	}
	for _, c := range p.Clients {
		s.actors[c.ID] = care.Actor{User: c.ID, Kind: care.KindClient, Name: c.Name}
		s.client(c)
	}
}

// actor is the member of staff at work, but for the organization.
func (p Staff) actor() care.Actor {
	permissions := p.Permissions
	if permissions == 0 {
		permissions = care.DefaultPermissions(p.Role)
	}
	return care.Actor{User: p.ID, Kind: care.KindStaff, Name: p.Name, Role: p.Role, Permissions: permissions}
}

// owner makes what only the practice itself makes.
func (s *seeder) owner() care.Actor { return s.actor(s.practice.Staff[0].ID) }

// registrar is the last of the staff, the front desk, who adds groups and clients.
func (s *seeder) registrar() care.Actor { return s.actor(s.practice.Staff[len(s.practice.Staff)-1].ID) }

func (s *seeder) found(ctx context.Context, tx *db.Tx) error {
	o := s.practice.Organization
	made, err := s.directory.CreateOrganization(ctx, tx, directory.NewOrganization{Name: o.Name, TimeZone: o.TimeZone})
	if err != nil {
		return err
	}
	s.org = made.ID
	return s.record(ctx, tx, begun)
}

func (s *seeder) addStaff(ctx context.Context, tx *db.Tx, p Staff, first bool) error {
	wanted := directory.NewStaff{
		ID: p.ID, Name: p.Name, Email: p.Email, Title: p.Title, Role: p.Role, ClientsMayStart: &p.ClientsMayStart,
	}
	if p.Permissions != 0 {
		wanted.Permissions = &p.Permissions
	}
	var err error
	if first {
		_, err = s.directory.CreateOwner(ctx, tx, s.org, wanted)
	} else {
		_, _, err = s.directory.CreateStaff(ctx, tx, s.owner(), wanted)
	}
	if err != nil {
		return err
	}
	return s.identity.SetPassword(ctx, tx, p.ID, s.hash)
}

// client adds what happened to a client before they wrote.
func (s *seeder) client(c Client) {
	s.history.then(c.AddedAt, s.inTx(func(ctx context.Context, tx *db.Tx) error { return s.addClient(ctx, tx, c) }))
	if !c.ArchivedAt.IsZero() {
		s.history.then(c.ArchivedAt, s.inTx(func(ctx context.Context, tx *db.Tx) error {
			archived := care.ClientArchived
			_, _, err := s.directory.ChangeClient(ctx, tx, s.registrar(), c.ID, directory.ClientChange{State: &archived})
			return err
		}))
	}
	if !c.InvitedAt.IsZero() {
		s.history.then(c.InvitedAt, s.inTx(func(ctx context.Context, tx *db.Tx) error {
			_, err := s.identity.Invite(ctx, tx, s.registrar(), c.ID)
			return err
		}))
	}
}

// addClient adds a client with their care team, their way in and the conversation that
// everybody has with their primary provider.
func (s *seeder) addClient(ctx context.Context, tx *db.Tx, c Client) error {
	_, _, err := s.directory.CreateClient(ctx, tx, s.registrar(), directory.NewClient{
		ID: c.ID, Name: c.Name, Email: c.Email, Group: c.Group, Provider: c.CareTeam[0],
	})
	if err == nil {
		err = s.switches.Created(ctx, tx, s.registrar(), c.ID)
	}
	if err == nil && len(c.CareTeam) > 1 {
		_, _, err = s.directory.ChangeClient(ctx, tx, s.registrar(), c.ID, directory.ClientChange{CareTeam: &c.CareTeam})
	}
	if err == nil && c.InvitedAt.IsZero() {
		err = s.identity.SetPassword(ctx, tx, c.ID, s.hash)
	}
	if err == nil {
		_, _, err = s.chat.EnsureDirect(ctx, tx, s.registrar(), c.ID, c.CareTeam[0])
	}
	return err
}
