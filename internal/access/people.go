package access

import "hearth/internal/care"

// NeedStaff decides about calls that are for staff only.
func NeedStaff(actor care.Actor) *care.Error {
	if !actor.IsStaff() {
		return care.Refused("Only staff can do this.")
	}
	return nil
}

// SeeClient decides whether the actor may know of a client: staff with the permission to
// view all clients or on the client's care team, and the client. To everybody else the
// client does not exist.
func SeeClient(actor care.Actor, client care.UserID, sameOrganization, onCareTeam bool) *care.Error {
	self := actor.IsClient() && actor.User == client
	staff := actor.IsStaff() && (onCareTeam || actor.Can(care.ViewAllClients))
	if !sameOrganization || (!self && !staff) {
		return care.Missing("client")
	}
	return nil
}

// ManageClient decides whether the actor may change a client.
func ManageClient(actor care.Actor, client care.UserID, sameOrganization, onCareTeam bool) *care.Error {
	if refusal := NeedStaff(actor); refusal != nil {
		return refusal
	}
	if refusal := SeeClient(actor, client, sameOrganization, onCareTeam); refusal != nil {
		return refusal
	}
	return ManageClients(actor)
}

// ManageClients decides whether the actor may add clients and keep groups.
func ManageClients(actor care.Actor) *care.Error {
	if !actor.Can(care.ManageClients) {
		return care.Refused("This needs the permission “manage clients”.")
	}
	return nil
}

// ManageTeam decides whether the actor may add members of staff at all.
func ManageTeam(actor care.Actor) *care.Error {
	if !actor.Can(care.ManageTeam) {
		return care.Refused("This needs the permission “manage team”.")
	}
	return nil
}

// ManageSettings decides whether the actor may change the organization's settings.
func ManageSettings(actor care.Actor) *care.Error {
	if !actor.Can(care.ManageSettings) {
		return care.Refused("This needs the permission “manage settings”.")
	}
	return nil
}

// SeeStaff decides whether the actor may know of a member of staff: colleagues always,
// a client those of their care team and of conversations they share.
func SeeStaff(actor care.Actor, sameOrganization, onCareTeam, shareConversation bool) *care.Error {
	known := actor.IsStaff() || (actor.IsClient() && (onCareTeam || shareConversation))
	if !sameOrganization || !known {
		return care.Missing("member of staff")
	}
	return nil
}

// Staff is what a decision about a member of staff needs to know of them.
type Staff struct {
	ID          care.UserID
	Role        care.Role
	Permissions care.Permissions // as they work: chosen, else those of the role
	Active      bool
}

// StaffChange is what somebody asks to change about a member of staff.
type StaffChange struct {
	// After is the state that is asked for; as before where only name, title or "clients
	// may start" change, which everybody may change about themselves.
	After Staff
	// Email is true where another address is asked for.
	Email bool
	// OtherOwner is true while another active owner stays.
	OtherOwner bool
}

// CreateStaff decides whether the actor may add a member of staff. Nobody grants
// permissions they lack, and only an owner makes an owner.
func CreateStaff(actor care.Actor, added Staff) *care.Error {
	if refusal := ManageTeam(actor); refusal != nil {
		return refusal
	}
	return grant(actor, Staff{}, added)
}

// ChangeStaff decides whether the actor may change a member of staff. Without the
// permission to manage the team, people change only what is theirs. Only an owner
// changes an owner, nobody grants permissions they lack, not even to themselves, and the
// last active owner stays.
func ChangeStaff(actor care.Actor, before Staff, change StaffChange) *care.Error {
	if actor.User == before.ID && actor.IsStaff() && change.After == before && !change.Email {
		return nil
	}
	if refusal := ManageTeam(actor); refusal != nil {
		return refusal
	}
	if before.Role == care.RoleOwner && actor.Role != care.RoleOwner {
		return care.Refused("Only an owner can change an owner.")
	}
	if change.Email {
		if refusal := HandOver(actor, before); refusal != nil {
			return refusal
		}
	}
	if refusal := grant(actor, before, change.After); refusal != nil {
		return refusal
	}
	return keepOwner(before, change)
}

// HandOver decides whether the actor may bring about that somebody else chooses the
// password of a member of staff, by another address or by a link: with it goes everything
// that person may do.
func HandOver(actor care.Actor, to Staff) *care.Error {
	if actor.IsStaff() && actor.User == to.ID {
		return nil
	}
	if refusal := ManageTeam(actor); refusal != nil {
		return refusal
	}
	switch {
	case to.Role == care.RoleOwner && actor.Role != care.RoleOwner:
		return care.Refused("Only an owner can do this for an owner.")
	case to.Permissions&^actor.Permissions != 0:
		return care.Refused("This person has permissions that you do not have.")
	}
	return nil
}

// InviteStaff decides whether the actor may make a link with which a member of staff
// chooses a password. For themselves people change it with the one they have: a session
// left open somewhere must not be enough.
func InviteStaff(actor care.Actor, to Staff) *care.Error {
	if actor.IsStaff() && actor.User == to.ID {
		return care.Refused("Change your own password in your account, with the one you have.")
	}
	return HandOver(actor, to)
}

// grant refuses what would give somebody more than the actor has. Who was not active had
// nothing, so bringing them back gives them all they have.
func grant(actor care.Actor, before, after Staff) *care.Error {
	if after.Role == care.RoleOwner && actor.Role != care.RoleOwner && before.Role != care.RoleOwner {
		return care.Refused("Only an owner can make an owner.")
	}
	given := after.Permissions &^ before.Permissions
	if after.Active && !before.Active {
		given = after.Permissions
	}
	if given&^actor.Permissions != 0 {
		return care.Refused("You can only give permissions that you have yourself.")
	}
	return nil
}

func keepOwner(before Staff, change StaffChange) *care.Error {
	was := before.Role == care.RoleOwner && before.Active
	switch {
	case !was || change.OtherOwner:
		return nil
	case change.After.Role != care.RoleOwner:
		return care.BadField("role", "last_owner", "The organization needs an active owner. Make somebody else an owner first.")
	case !change.After.Active:
		return care.BadField("active", "last_owner", "The organization needs an active owner. Make somebody else an owner first.")
	}
	return nil
}
