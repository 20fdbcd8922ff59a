package demo

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/templates"
)

// The texts that the invented practice does not type twice; by is whose it is, "" the
// practice's.
var texts = []struct{ by, title, body string }{
	{"", "After a visit", "Hi {{first_name}}, thank you for coming in. Next: {{next_step}} Write to me here if anything is unclear. {{provider}}"},
	{"", "Lab results are in", "Hi {{first_name}}, your lab results are in. Nothing in them can’t wait for our next visit; we’ll go through them together."},
	{"", "When we read messages", "We read messages Monday–Friday, 8 AM–6 PM. For anything that can’t wait, please call {{practice}}. In an emergency, call 911."},
	{"noor", "Food diary", "Hi {{first_name}}, could you keep the food diary for three days, one of them on a weekend? Rough amounts are fine."},
}

const nextStep = "Book a follow-up in four weeks."

// writing adds what helps writing to the history.
func (s *seeder) writing() {
	s.history.then(s.practice.Organization.CreatedAt.Add(2*time.Hour), s.templates)
}

func (s *seeder) templates(ctx context.Context) error {
	service := templates.NewService(s.db, s.history.clock.now, s.chat, s.directory)
	for _, t := range texts {
		actor, scope := s.owner(), templates.Organization
		if t.by != "" {
			actor, scope = s.staffNamed(t.by), templates.Mine
		}
		if _, _, err := service.Create(ctx, actor, templates.New{Scope: scope, Title: t.title, Body: t.body}); err != nil {
			return err
		}
	}
	_, err := service.SetOrganizationNextStep(ctx, s.owner(), templates.Step{Text: nextStep})
	return err
}

// staffNamed is a member of staff by the name in the scripts.
func (s *seeder) staffNamed(key string) care.Actor {
	for _, one := range s.practice.Staff {
		if one.Key == key {
			return s.actor(one.ID)
		}
	}
	return care.Actor{}
}
