package access

import "hearth/internal/care"

// Why a client gets no message of a blast, in the order in which they are told: the first
// that fits.
const (
	WhyDirectOff = "direct_off" // after WhyArchived
	WhyNoAccount = "no_account" // no address, and never invited
	// WhyForbidden is that the sender may not write to them any more when it is their turn.
	WhyForbidden = "forbidden"
	// WhyCancelled is that the blast was stopped before it was their turn.
	WhyCancelled = "cancelled"
	// WhyFailed is that storing the message failed again and again.
	WhyFailed = "failed"
)

// BlastReaches decides whether a client gets a message of a blast (SEMANTICS 11, 14, 19),
// and says why not. account is whether they have a way to read it: an address, or an
// invitation that was handed to them.
func BlastReaches(c Client, account bool) (why string, ok bool) {
	switch {
	case c.Archived():
		return WhyArchived, false
	case !c.Direct.On():
		return WhyDirectOff, false
	case !account:
		return WhyNoAccount, false
	default:
		return "", true
	}
}

// SendBlasts decides whether the actor may send one text to many.
func SendBlasts(actor care.Actor) *care.Error {
	if refusal := NeedStaff(actor); refusal != nil {
		return refusal
	}
	if !actor.Can(care.SendBlasts) {
		return care.Refused("Sending message blasts needs the permission “send blasts”.")
	}
	return nil
}

// BlastEverybody decides whether the actor may choose all clients of the organization.
func BlastEverybody(actor care.Actor) *care.Error {
	if !actor.Can(care.ViewAllClients) {
		return care.Refused("Writing to all clients of the organization needs the permission “view all clients”.")
	}
	return nil
}

// Blast is what decisions about one need to know.
type Blast struct {
	SameOrganization bool
	Sender           care.UserID
}

// SeeBlast decides whether the actor may see a blast and what became of it: its sender,
// and staff who read every conversation with clients anyway.
func SeeBlast(actor care.Actor, b Blast) *care.Error {
	if !b.SameOrganization || !actor.IsStaff() || (actor.User != b.Sender && !actor.Can(care.OrganizationInbox)) {
		return care.Missing("message blast")
	}
	return nil
}

// SteerBlast decides whether the actor may change, pause or stop a blast: its sender, and
// of those who see it whoever manages settings.
func SteerBlast(actor care.Actor, b Blast) *care.Error {
	if refusal := SeeBlast(actor, b); refusal != nil {
		return refusal
	}
	if actor.User != b.Sender && !actor.Can(care.ManageSettings) {
		return care.Refused("Only its sender, or somebody who manages settings, can change a message blast.")
	}
	return nil
}
