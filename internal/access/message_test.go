package access

import (
	"testing"

	"hearth/internal/care"
)

// Who may change and delete a message: every author, place and state.
func TestChangeAndDeleteMessage(t *testing.T) {
	org := care.OrgID{1}
	author := care.Actor{Org: org, User: care.UserID{2}, Kind: care.KindClient}
	staff := care.Actor{Org: org, User: care.UserID{3}, Kind: care.KindStaff, Permissions: care.DefaultPermissions(care.RoleProvider)}
	support := care.Actor{Org: org, User: care.UserID{4}, Kind: care.KindStaff}
	system := care.Message{Author: care.System, Kind: care.SystemMessage}
	on := Client{ID: author.User, Direct: Ladder{Own: care.On}, Community: Ladder{Own: care.On}}
	off := Client{ID: author.User, Direct: Ladder{Own: care.Off}, Community: Ladder{Own: care.Off}}
	own := care.Message{Author: care.Person{ID: author.User}, Kind: care.TextMessage}
	room := func(kind care.ConversationKind, client Client, member bool) Conversation {
		return Conversation{Kind: kind, SameOrganization: true, Member: member, Client: client, Self: client}
	}
	for name, c := range map[string]struct {
		actor          care.Actor
		message        care.Message
		in             Conversation
		change, delete care.Code
	}{
		"own":                          {author, own, room(care.Direct, on, true), "", ""},
		"own, chat off":                {author, own, room(care.Direct, off, true), care.CodeChatUnavailable, ""},
		"own, community off":           {author, own, room(care.Community, off, true), care.CodeChatUnavailable, ""},
		"own, not a member":            {author, own, room(care.Direct, on, false), care.CodeNotFound, care.CodeNotFound},
		"another's direct":             {staff, own, room(care.Direct, on, true), care.CodeForbidden, care.CodeForbidden},
		"another's post":               {staff, own, room(care.Community, on, true), care.CodeForbidden, ""},
		"another's post, from outside": {staff, own, room(care.Community, on, false), care.CodeNotFound, care.CodeNotFound},
		"another's, no permission":     {support, own, room(care.Community, on, true), care.CodeForbidden, care.CodeForbidden},
		"a notice":                     {staff, system, room(care.Community, on, true), care.CodeForbidden, care.CodeForbidden},
	} {
		if got := codeOf(ChangeMessage(c.actor, c.message, c.in)); got != c.change {
			t.Errorf("%s: changing gives %q, want %q", name, got, c.change)
		}
		if got := codeOf(DeleteMessage(c.actor, c.message, c.in)); got != c.delete {
			t.Errorf("%s: deleting gives %q, want %q", name, got, c.delete)
		}
	}
	closed := room(care.Direct, on, true)
	closed.Closed = true
	if ChangeMessage(author, own, closed) == nil || DeleteMessage(author, own, closed) != nil {
		t.Error("in a closed conversation one's own can be deleted and not changed")
	}
}
