package access

import "hearth/internal/care"

// Queue decides whether the actor may use the shared queue of the organization's
// conversations with clients: those with the permission organization inbox. Clients learn
// nothing of who looks after what.
func Queue(actor care.Actor) *care.Error {
	if !actor.Can(care.OrganizationInbox) {
		return care.Refused("The shared queue needs the permission “organization inbox”.")
	}
	return nil
}

// Assign decides whether the actor may say who of staff looks after a conversation:
// those with the permission organization inbox, and whoever looks after it now.
func Assign(actor care.Actor, c Conversation, current care.UserID) *care.Error {
	if refusal := StaffOf(actor, c); refusal != nil {
		return refusal
	}
	if !actor.Can(care.OrganizationInbox) && current != actor.User {
		return care.Refused("Assigning a conversation needs the permission “organization inbox”.")
	}
	return nil
}

// Assignee decides whether a conversation can be given to somebody: staff who are active
// and may read it. found is false for who is no member of staff of the organization.
func Assignee(found, active, member, inbox bool) *care.Error {
	switch {
	case !found:
		return care.BadField("user_id", "unknown", "Must be a member of staff.")
	case !active:
		return care.BadField("user_id", "inactive", "Must be somebody who is active.")
	case !member && !inbox:
		return care.BadField("user_id", "cannot_read", "Must be somebody who can read this conversation.")
	}
	return nil
}

// StaffOf decides whether the actor is staff who may read a conversation with clients:
// what staff keep beside it, assignments and notes, is theirs whether or not anybody can
// write in it now.
func StaffOf(actor care.Actor, c Conversation) *care.Error {
	if _, refusal := Read(actor, c); refusal != nil {
		return refusal
	}
	if !actor.IsStaff() {
		return care.Refused("This is for staff only.")
	}
	if c.Kind == care.Internal {
		return care.BadField("kind", "clients_only", "Only conversations with clients are assigned and noted on.")
	}
	return nil
}

// ChangeNote decides whether the actor may change what a note says: its author, while it
// stands.
func ChangeNote(actor care.Actor, author care.UserID, deleted bool) *care.Error {
	if actor.User != author {
		return care.Refused("Only the author can change a note.")
	}
	if deleted {
		return care.Refused("This note was deleted.")
	}
	return nil
}

// DeleteNote decides whether the actor may take a note away: its author, and those who
// manage the team.
func DeleteNote(actor care.Actor, author care.UserID) *care.Error {
	if actor.User != author && !actor.Can(care.ManageTeam) {
		return care.Refused("Only the author can delete a note.")
	}
	return nil
}
