package access

import (
	"testing"

	"hearth/internal/care"
)

func TestMarkAnswered(t *testing.T) {
	provider, support := staffActor(1, care.RoleProvider, 0), staffActor(2, care.RoleSupport, care.PermissionsOf(care.OrganizationInbox))
	client := care.Actor{User: person(9), Kind: care.KindClient}
	direct := func(change func(*Conversation)) Conversation {
		c := Conversation{Kind: care.Direct, SameOrganization: true, Member: true, Closed: true}
		change(&c)
		return c
	}
	for _, c := range []struct {
		name  string
		actor care.Actor
		in    Conversation
		want  care.Code
	}{
		{"staff of it, closed and with chat off", provider, direct(func(*Conversation) {}), ""},
		{"who sees the queue", support, direct(func(c *Conversation) { c.Member = false }), ""},
		{"other staff", provider, direct(func(c *Conversation) { c.Member = false }), care.CodeNotFound},
		{"another practice", support, direct(func(c *Conversation) { c.SameOrganization = false }), care.CodeNotFound},
		{"the client", client, direct(func(*Conversation) {}), care.CodeForbidden},
		{"a community chat", provider, direct(func(c *Conversation) { c.Kind = care.Community }), care.CodeInvalid},
		{"among staff", provider, direct(func(c *Conversation) { c.Kind = care.Internal }), care.CodeInvalid},
	} {
		got := care.Code("")
		if refusal := MarkAnswered(c.actor, c.in); refusal != nil {
			got = refusal.Code
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
