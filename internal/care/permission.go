package care

import "strings"

// Permission is something a member of staff may be allowed to do.
type Permission string

// The permissions of staff.
const (
	ViewAllClients      Permission = "view_all_clients"
	ManageClients       Permission = "manage_clients"
	ManageChatAccess    Permission = "manage_chat_access"
	StartCommunityChats Permission = "start_community_chats"
	SendBlasts          Permission = "send_blasts"
	OrganizationInbox   Permission = "organization_inbox"
	ManageTeam          Permission = "manage_team"
	ManageSettings      Permission = "manage_settings"
	ReadAuditLog        Permission = "read_audit_log"
	ExportRecords       Permission = "export_records"
)

// AllPermissions lists every permission in the order they are shown.
var AllPermissions = []Permission{
	ViewAllClients, ManageClients, ManageChatAccess, StartCommunityChats, SendBlasts,
	OrganizationInbox, ManageTeam, ManageSettings, ReadAuditLog, ExportRecords,
}

// Permissions is a set of permissions; the zero value is none.
type Permissions uint16

// PermissionsOf makes a set.
func PermissionsOf(list ...Permission) Permissions {
	var set Permissions
	for _, p := range list {
		set |= bit(p)
	}
	return set
}

// ParsePermissions reads words; an unknown one is refused by its place in the list.
func ParsePermissions(words []string) (set Permissions, unknown int, ok bool) {
	for i, w := range words {
		b := bit(Permission(w))
		if b == 0 {
			return 0, i, false
		}
		set |= b
	}
	return set, 0, true
}

// Has reports whether the set holds the permission.
func (s Permissions) Has(p Permission) bool { return s&bit(p) != 0 }

// List gives the permissions in the order of [AllPermissions], never nil.
func (s Permissions) List() []Permission {
	list := []Permission{}
	for _, p := range AllPermissions {
		if s.Has(p) {
			list = append(list, p)
		}
	}
	return list
}

// Text is the stored form: the words with commas between.
func (s Permissions) Text() string {
	words := make([]string, 0, len(AllPermissions))
	for _, p := range s.List() {
		words = append(words, string(p))
	}
	return strings.Join(words, ",")
}

// PermissionsFromText reads the stored form and leaves out words it does not know, so
// that a permission a later release adds is no permission here.
func PermissionsFromText(text string) Permissions {
	var set Permissions
	for word := range strings.SplitSeq(text, ",") {
		set |= bit(Permission(word))
	}
	return set
}

// StoredPermissions gives what a member of staff of a role may do: what was chosen for them
// and stored by [Permissions.Text], or the role's defaults where nothing was (nil).
func StoredPermissions(role Role, chosen *string) Permissions {
	if chosen == nil {
		return DefaultPermissions(role)
	}
	return PermissionsFromText(*chosen)
}

// DefaultPermissions are those of a role for whom none were chosen. A provider's
// manage_chat_access reaches the clients of their care team only.
func DefaultPermissions(r Role) Permissions {
	switch r {
	case RoleOwner, RoleAdmin:
		return PermissionsOf(AllPermissions...)
	case RoleProvider:
		return PermissionsOf(StartCommunityChats, SendBlasts, ManageChatAccess)
	case RoleSupport:
		return PermissionsOf(ViewAllClients, ManageClients, OrganizationInbox)
	default:
		return 0
	}
}

func bit(p Permission) Permissions {
	for i, known := range AllPermissions {
		if p == known {
			return 1 << i
		}
	}
	return 0
}
