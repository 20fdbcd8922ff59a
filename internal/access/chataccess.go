package access

import "hearth/internal/care"

// ChangeChatAccess decides whether the actor may change the switches of a client
// (SEMANTICS 28). A provider's permission reaches the clients of their care team; a
// client never can.
func ChangeChatAccess(actor care.Actor, client care.UserID, sameOrganization, onCareTeam bool) *care.Error {
	if refusal := SeeClient(actor, client, sameOrganization, onCareTeam); refusal != nil {
		return refusal
	}
	if !actor.Can(care.ManageChatAccess) {
		return care.Refused("This needs the permission “manage chat access”.")
	}
	if actor.Role == care.RoleProvider && !onCareTeam {
		return care.Refused("You can change chat access for clients of your own care team.")
	}
	return nil
}

// ChangeGroupAccess decides whether the actor may change the switches of a client group:
// they reach clients whom the actor may not otherwise see.
func ChangeGroupAccess(actor care.Actor) *care.Error {
	if !actor.Can(care.ManageChatAccess) || !actor.Can(care.ViewAllClients) {
		return care.Refused("This needs the permissions “manage chat access” and “view all clients”.")
	}
	return nil
}

// ChangeStaffDefaults decides whether the actor may change what the new clients of a
// provider may do: their own, or with the permission to manage settings.
func ChangeStaffDefaults(actor care.Actor, provider care.UserID, sameOrganization bool) *care.Error {
	if refusal := SeeStaff(actor, sameOrganization, false, false); refusal != nil {
		return refusal
	}
	if actor.User == provider {
		return nil
	}
	return ManageSettings(actor)
}
