package access

import "hearth/internal/care"

// FirstResponse decides whether the actor may see how long clients wait for first answers:
// of everybody's with the permission organization inbox, else of those clients whose
// primary provider they are themselves.
func FirstResponse(actor care.Actor, provider care.UserID) *care.Error {
	if refusal := NeedStaff(actor); refusal != nil {
		return refusal
	}
	if !actor.Can(care.OrganizationInbox) && provider != actor.User {
		return care.Refused("Seeing how long everybody’s clients wait needs the permission “organization inbox”.")
	}
	return nil
}
