package demo

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
)

// Who may not chat in the invented practice, and why. A switch is turned off after the
// last words that it would have refused.
var ownSwitches = []struct {
	client, by string
	direct     bool // which switch; false is the community's
	reason     string
	until      time.Duration // from now; 0 is until somebody changes it
}{
	{"maya", "elias", true, "Moved to weekly calls at her request", 9 * 24 * time.Hour},
	{"rosa", "noor", false, "Asked for a quiet month", 0},
}

// access adds the settings of chat access to the history: the notice, a group whose
// clients are not written with yet, and single clients.
func (s *seeder) access(now time.Time) {
	s.history.then(s.practice.Organization.CreatedAt.Add(time.Hour), s.notice)
	for _, g := range s.practice.Groups {
		if g.Name == "Waitlist" {
			s.history.then(s.quietGroup(g.ID).Add(time.Hour), func(ctx context.Context) error { return s.waitlist(ctx, g.ID) })
		}
	}
	for _, one := range ownSwitches {
		client, found := s.clientNamed(one.client)
		if at := s.quiet(client).Add(2 * time.Hour); found && at.Before(now) {
			s.history.then(at, func(ctx context.Context) error {
				return s.turnOff(ctx, client, one.by, one.direct, one.reason, until(now, one.until))
			})
		}
	}
}

func until(now time.Time, in time.Duration) *time.Time {
	if in == 0 {
		return nil
	}
	at := now.Add(in).Truncate(time.Hour)
	return &at
}

func (s *seeder) notice(ctx context.Context) error {
	o, err := s.switches.Organization(ctx, s.owner())
	if err != nil {
		return err
	}
	phone, hours := s.practice.Organization.Phone, "Monday–Friday, 8 AM–6 PM"
	_, err = s.switches.SetOrganization(ctx, s.owner(), chataccess.Edit{Version: o.Version}, &chataccess.NoticeEdit{Phone: &phone, Hours: &hours})
	return err
}

func (s *seeder) waitlist(ctx context.Context, group care.GroupID) error {
	g, err := s.switches.Group(ctx, s.owner(), group)
	if err != nil {
		return err
	}
	off, reason := care.Off, "Chat begins with the first visit"
	_, err = s.switches.SetGroup(ctx, s.owner(), group,
		chataccess.Edit{Version: g.Version, Direct: &off, Community: &off, Reason: &reason}, nil)
	return err
}

func (s *seeder) turnOff(ctx context.Context, client care.UserID, by string, direct bool, reason string, until *time.Time) error {
	actor := s.owner()
	for _, p := range s.practice.Staff {
		if p.Key == by {
			actor = s.actor(p.ID)
		}
	}
	a, err := s.switches.Client(ctx, actor, client)
	if err != nil {
		return err
	}
	off := care.Off
	edit := chataccess.Edit{Version: a.Version, Reason: &reason, Until: until}
	if direct {
		edit.Direct = &off
	} else {
		edit.Community = &off
	}
	_, err = s.switches.SetClient(ctx, actor, client, edit)
	return err
}

func (s *seeder) clientNamed(key string) (care.UserID, bool) {
	for _, c := range s.practice.Clients {
		if c.Key == key {
			return c.ID, true
		}
	}
	return care.UserID{}, false
}

// quiet gives the moment of the last words in which a client had a part.
func (s *seeder) quiet(client care.UserID) (last time.Time) {
	for _, c := range s.practice.Clients {
		if c.ID == client {
			last = c.AddedAt
		}
	}
	for _, c := range s.practice.Conversations {
		for _, m := range c.Messages {
			concerns := m.Author == client || (c.Kind == care.Direct && c.has(client))
			if concerns && m.At.After(last) {
				last = m.At
			}
		}
	}
	return last
}

func (s *seeder) quietGroup(group care.GroupID) (last time.Time) {
	for _, c := range s.practice.Clients {
		if c.Group == group && s.quiet(c.ID).After(last) {
			last = s.quiet(c.ID)
		}
	}
	return last
}
