package access

import (
	"testing"

	"hearth/internal/care"
)

func codeOf(refusal *care.Error) care.Code {
	if refusal == nil {
		return ""
	}
	return refusal.Code
}

func staffWith(role care.Role, permissions ...care.Permission) care.Actor {
	return care.Actor{User: care.UserID{1}, Kind: care.KindStaff, Role: role, Permissions: care.PermissionsOf(permissions...)}
}

// Statement 28, for one client, a group and a provider's defaults.
func TestWhoMayChangeChatAccess(t *testing.T) {
	client := care.UserID{9}
	other := care.UserID{5}
	for _, one := range []struct {
		name string
		got  *care.Error
		want care.Code
	}{
		{"support with the permission", ChangeChatAccess(staffWith(care.RoleSupport, care.ViewAllClients, care.ManageChatAccess), client, true, false), ""},
		{"without the permission", ChangeChatAccess(staffWith(care.RoleSupport, care.ViewAllClients), client, true, false), care.CodeForbidden},
		{"a provider for their care team", ChangeChatAccess(staffWith(care.RoleProvider, care.ManageChatAccess), client, true, true), ""},
		{"a provider beyond it", ChangeChatAccess(staffWith(care.RoleProvider, care.ViewAllClients, care.ManageChatAccess), client, true, false), care.CodeForbidden},
		{"who may not see them", ChangeChatAccess(staffWith(care.RoleSupport, care.ManageChatAccess), client, true, false), care.CodeNotFound},
		{"another organization", ChangeChatAccess(staffWith(care.RoleOwner, care.AllPermissions...), client, false, false), care.CodeNotFound},
		{"the client", ChangeChatAccess(care.Actor{User: client, Kind: care.KindClient}, client, true, false), care.CodeForbidden},
		{"group", ChangeGroupAccess(staffWith(care.RoleAdmin, care.ManageChatAccess, care.ViewAllClients)), ""},
		{"group without one", ChangeGroupAccess(staffWith(care.RoleAdmin, care.ManageChatAccess)), care.CodeForbidden},
		{"group without the other", ChangeGroupAccess(staffWith(care.RoleAdmin, care.ViewAllClients)), care.CodeForbidden},
		{"one's own defaults", ChangeStaffDefaults(staffWith(care.RoleProvider), care.UserID{1}, true), ""},
		{"another's defaults", ChangeStaffDefaults(staffWith(care.RoleProvider), other, true), care.CodeForbidden},
		{"another's with the permission", ChangeStaffDefaults(staffWith(care.RoleAdmin, care.ManageSettings), other, true), ""},
		{"of another organization", ChangeStaffDefaults(staffWith(care.RoleAdmin, care.ManageSettings), other, false), care.CodeNotFound},
		{"hand over by a client", HandOver(care.Actor{User: other, Kind: care.KindClient}, Staff{ID: other}), care.CodeForbidden},
		{"settings", ManageSettings(staffWith(care.RoleAdmin, care.ManageSettings)), ""},
		{"settings without the permission", ManageSettings(staffWith(care.RoleAdmin)), care.CodeForbidden},
	} {
		if codeOf(one.got) != one.want {
			t.Errorf("%s: %q, want %q", one.name, codeOf(one.got), one.want)
		}
	}
}

// Names in a refusal read as a sentence, and a client reads about themselves.
func TestWordsOfRefusals(t *testing.T) {
	a, b, c := Client{Name: "Ana"}, Client{Name: "Ben"}, Client{Name: "Cleo"}
	staff, client := care.Actor{Kind: care.KindStaff}, care.Actor{Kind: care.KindClient}
	for _, one := range []struct{ got, want string }{
		{Unavailable(staff, care.Notice{}, "direct", a).Message, "Chat is unavailable for Ana"},
		{Unavailable(staff, care.Notice{}, "direct", a, b).Message, "Chat is unavailable for Ana and Ben"},
		{Unavailable(staff, care.Notice{}, "direct", a, b, c).Message, "Chat is unavailable for Ana, Ben and Cleo"},
		{Archived(staff, "Ana").Message, "Ana is archived. Restore the client to write to them."},
		{Archived(client, "Ana").Message, "Your care here has ended, so you cannot write in community chats."},
	} {
		if one.got != one.want {
			t.Errorf("%q, want %q", one.got, one.want)
		}
	}
}
