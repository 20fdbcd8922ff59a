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

// MarkAnswered decides whether the actor may say that a conversation needs no answer, or does
// after all: staff who may read it, also where nobody can write in it now. Only in direct
// conversations does a client wait.
func MarkAnswered(actor care.Actor, c Conversation) *care.Error {
	if _, refusal := Read(actor, c); refusal != nil {
		return refusal
	}
	if !actor.IsStaff() {
		return care.Refused("This is for staff only.")
	}
	if c.Kind != care.Direct {
		return care.BadField("kind", "direct_only", "Only in direct conversations does a client wait for an answer.")
	}
	return nil
}
