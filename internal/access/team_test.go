package access_test

import (
	"fmt"
	"testing"

	"hearth/internal/access"
	"hearth/internal/care"
)

// told is what a refusal says to a program: its code, the field it is about and what is
// wrong with that; "" where there is none.
func told(refusal *care.Error) string {
	switch {
	case refusal == nil:
		return ""
	case len(refusal.Fields) > 0:
		return fmt.Sprint(refusal.Fields[0].Field, " ", refusal.Fields[0].Code)
	default:
		return string(refusal.Code)
	}
}

// Work of the team, over each actor, kind and relation.
func TestTeamWork(t *testing.T) {
	inbox := care.Actor{User: care.UserID{1}, Kind: care.KindStaff, Permissions: care.PermissionsOf(care.OrganizationInbox)}
	member := care.Actor{User: care.UserID{2}, Kind: care.KindStaff}
	client := care.Actor{User: care.UserID{3}, Kind: care.KindClient}
	manager := care.Actor{User: care.UserID{4}, Kind: care.KindStaff, Permissions: care.PermissionsOf(care.ManageTeam)}
	other := care.UserID{9}
	in := func(kind care.ConversationKind, here bool) access.Conversation {
		return access.Conversation{Kind: kind, SameOrganization: true, Member: here}
	}
	for _, c := range []struct {
		what string
		got  *care.Error
		want string
	}{
		{"the queue, with the inbox", access.Queue(inbox), ""},
		{"the queue, without", access.Queue(member), "forbidden"},
		{"the queue, a client", access.Queue(client), "forbidden"},

		{"assign, with the inbox", access.Assign(inbox, in(care.Direct, false), other), ""},
		{"assign, whoever looks after it", access.Assign(member, in(care.Direct, true), member.User), ""},
		{"assign, a member", access.Assign(member, in(care.Direct, true), other), "forbidden"},
		{"assign, nobody's", access.Assign(member, in(care.Direct, true), care.UserID{}), "forbidden"},
		{"assign, who does not see it", access.Assign(member, in(care.Direct, false), member.User), "not_found"},
		{"assign, among staff", access.Assign(inbox, in(care.Internal, true), inbox.User), "kind clients_only"},
		{"assign, a client", access.Assign(client, in(care.Direct, true), client.User), "forbidden"},

		{"assignee, nobody", access.Assignee(false, true, true, true), "user_id unknown"},
		{"assignee, who left", access.Assignee(true, false, true, true), "user_id inactive"},
		{"assignee, who cannot read", access.Assignee(true, true, false, false), "user_id cannot_read"},
		{"assignee, a member", access.Assignee(true, true, true, false), ""},
		{"assignee, with the inbox", access.Assignee(true, true, false, true), ""},

		{"staff of a direct one", access.StaffOf(member, in(care.Direct, true)), ""},
		{"staff of a community chat", access.StaffOf(inbox, in(care.Community, false)), ""},
		{"staff of one among staff", access.StaffOf(member, in(care.Internal, true)), "kind clients_only"},
		{"staff of one they do not see", access.StaffOf(member, in(care.Community, false)), "not_found"},
		{"its client", access.StaffOf(client, in(care.Direct, true)), "forbidden"},

		{"change one's note", access.ChangeNote(member, member.User, false), ""},
		{"change one's note that was deleted", access.ChangeNote(member, member.User, true), "forbidden"},
		{"change another's note", access.ChangeNote(manager, other, false), "forbidden"},
		{"delete one's note", access.DeleteNote(member, member.User), ""},
		{"delete another's note", access.DeleteNote(member, other), "forbidden"},
		{"delete another's note, managing the team", access.DeleteNote(manager, other), ""},
	} {
		if got := told(c.got); got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}
