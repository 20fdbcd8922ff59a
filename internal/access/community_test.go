package access

import (
	"fmt"
	"testing"
	"time"

	"hearth/internal/care"
)

// A lock takes writing from clients and from nobody else, and stands between archived and
// closed in the order of refusals.
func TestLockedInEverySituation(t *testing.T) {
	everySituation(func(s situation) {
		open, locked := s.conversation(), s.conversation()
		locked.Locked = true
		before, got := codeOf(Send(s.actor(), open)), codeOf(Send(s.actor(), locked))
		want := before
		if !s.staff && (before == "" || before == care.CodeConversationClosed) {
			want = care.CodeConversationLocked
		}
		if got != want {
			t.Errorf("%+v: locked %q, open %q, want %q", s, got, before, want)
		}
	})
}

func TestChangeCommunity(t *testing.T) {
	moderator := staffWith(care.RoleProvider, care.StartCommunityChats)
	in := Conversation{Kind: care.Community, SameOrganization: true, Member: true}
	with := func(change func(*Conversation)) Conversation { c := in; change(&c); return c }
	for _, one := range []struct {
		name  string
		actor care.Actor
		c     Conversation
		want  care.Code
	}{
		{"a moderator", moderator, in, ""},
		{"closed", moderator, with(func(c *Conversation) { c.Closed = true }), ""},
		{"without the permission", staffWith(care.RoleSupport), in, care.CodeForbidden},
		{"a client", care.Actor{Kind: care.KindClient}, in, care.CodeForbidden},
		{"from outside", moderator, with(func(c *Conversation) { c.Member = false }), care.CodeNotFound},
		{"from the organization inbox", staffWith(care.RoleOwner, care.StartCommunityChats, care.OrganizationInbox), with(func(c *Conversation) { c.Member = false }), ""},
		{"another practice", moderator, with(func(c *Conversation) { c.SameOrganization = false }), care.CodeNotFound},
		{"direct", moderator, with(func(c *Conversation) { c.Kind = care.Direct }), care.CodeInvalid},
		{"internal", moderator, with(func(c *Conversation) { c.Kind = care.Internal }), care.CodeInvalid},
	} {
		if got := codeOf(ChangeCommunity(one.actor, one.c)); got != one.want {
			t.Errorf("%s: %q, want %q", one.name, got, one.want)
		}
	}
}

func TestKeepInStep(t *testing.T) {
	for permissions, want := range map[care.Permissions]care.Code{
		care.PermissionsOf(care.StartCommunityChats, care.ViewAllClients): "",
		care.PermissionsOf(care.StartCommunityChats):                      care.CodeForbidden,
		care.PermissionsOf(care.ViewAllClients):                           care.CodeForbidden,
	} {
		if got := codeOf(KeepInStep(care.Actor{Kind: care.KindStaff, Permissions: permissions})); got != want {
			t.Errorf("%v: %q, want %q", permissions, got, want)
		}
	}
}

func TestPostRate(t *testing.T) {
	client, staff := care.Actor{Kind: care.KindClient}, care.Actor{Kind: care.KindStaff}
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	for _, one := range []struct {
		actor           care.Actor
		perHour, posted int64
		age             time.Duration
		want            string
	}{
		{client, 0, 5000, time.Minute, " 0"},
		{client, 2, 1, time.Minute, " 0"},
		{client, 2, 2, 10 * time.Minute, "rate_limited 3000"},
		{client, 2, 3, 10 * time.Minute, "rate_limited 3000"},
		{client, 1, 1, time.Hour - time.Millisecond, "rate_limited 1"},
		{client, 1, 1, 59*time.Minute + 30*time.Second + time.Millisecond, "rate_limited 30"},
		{staff, 1, 9, time.Minute, " 0"},
	} {
		refusal := PostRate(one.actor, one.perHour, one.posted, now.Add(-one.age), now)
		after := 0
		if refusal != nil {
			after = refusal.RetryAfter
		}
		if got := fmt.Sprint(codeOf(refusal), " ", after); got != one.want {
			t.Errorf("%+v: %s", one, got)
		}
	}
	for perHour, want := range map[int64]string{
		1: "Each member can post once an hour here. Try again in 50 minutes.",
		3: "Each member can post 3 times an hour here. Try again in 50 minutes.",
	} {
		if got := PostRate(client, perHour, perHour, now.Add(-10*time.Minute), now).Message; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestFull(t *testing.T) {
	for _, one := range []struct {
		kind                 care.ConversationKind
		members, more, limit int
		want                 care.Code
	}{
		{care.Community, 9, 1, 10, ""},
		{care.Community, 10, 1, 10, care.CodeConversationFull},
		{care.Community, 10, 0, 10, ""},
		{care.Internal, 10, 1, 10, ""},
		{care.Direct, 10, 1, 10, ""},
	} {
		if got := codeOf(Full(one.kind, one.members, one.more, one.limit)); got != one.want {
			t.Errorf("%+v: %q", one, got)
		}
	}
}

func TestMention(t *testing.T) {
	client, staff := care.Actor{User: care.UserID{1}, Kind: care.KindClient}, care.Actor{User: care.UserID{2}, Kind: care.KindStaff}
	for _, one := range []struct {
		name   string
		actor  care.Actor
		hidden bool
		who    care.UserID
		kind   care.PersonKind
		want   bool
	}{
		{"a fellow client", client, false, care.UserID{3}, care.KindClient, true},
		{"a fellow client, hidden", client, true, care.UserID{3}, care.KindClient, false},
		{"oneself, hidden", client, true, client.User, care.KindClient, true},
		{"staff, hidden", client, true, staff.User, care.KindStaff, true},
		{"staff name a client, hidden", staff, true, client.User, care.KindClient, true},
	} {
		if got := Mention(one.actor, one.hidden, one.who, one.kind); got != one.want {
			t.Errorf("%s: %v", one.name, got)
		}
	}
}

func TestReportAndModerate(t *testing.T) {
	client := care.Actor{User: care.UserID{1}, Kind: care.KindClient}
	post := care.Message{Author: care.Person{ID: care.UserID{2}}, Kind: care.TextMessage}
	in := Conversation{Kind: care.Community, SameOrganization: true, Member: true, Locked: true, Closed: true, Self: Client{Community: never}}
	outside, direct := in, in
	outside.Member, direct.Kind = false, care.Direct
	own, notice, gone := post, post, post
	own.Author.ID, notice.Kind, gone.DeletedAt = client.User, care.SystemMessage, time.Unix(1, 0)
	for _, one := range []struct {
		name string
		got  *care.Error
		want care.Code
	}{
		{"another's, where one cannot write", Report(client, post, in), ""},
		{"one's own", Report(client, own, in), care.CodeForbidden},
		{"a notice", Report(client, notice, in), care.CodeForbidden},
		{"a removed one", Report(client, gone, in), care.CodeForbidden},
		{"from outside", Report(client, post, outside), care.CodeNotFound},
		{"in a direct conversation", Report(client, post, direct), care.CodeForbidden},
		{"moderator", Moderate(staffWith(care.RoleProvider, care.StartCommunityChats)), ""},
		{"other staff", Moderate(staffWith(care.RoleSupport, care.OrganizationInbox)), care.CodeForbidden},
		{"client", Moderate(client), care.CodeForbidden},
	} {
		if codeOf(one.got) != one.want {
			t.Errorf("%s: %q, want %q", one.name, codeOf(one.got), one.want)
		}
	}
}
