package access

import "hearth/internal/care"

// Conversation is what a decision about a conversation needs to know: what it is,
// whether it was closed, and how the actor stands to it.
type Conversation struct {
	Kind   care.ConversationKind
	Closed bool
	// Locked is true for a community chat in which only staff post.
	Locked bool
	// SameOrganization is false for what belongs to another practice: it does not exist
	// for the actor, whoever they are.
	SameOrganization bool
	// Member is true while the actor takes part.
	Member bool
	// Client is the one client of a direct conversation.
	Client Client
	// Self is the actor's own facts where the actor is a client.
	Self Client
	// Words is what a client is told where their chat is off.
	Words Words
}

// Read decides whether the actor may read a conversation. Staff with the permission
// organization inbox read every conversation that has clients in it (SEMANTICS 32);
// outsider is then true where they are not a member.
func Read(actor care.Actor, c Conversation) (outsider bool, refusal *care.Error) {
	switch {
	case !c.SameOrganization:
		return false, care.Missing("conversation")
	case c.Member:
		return false, nil
	case c.Kind != care.Internal && actor.Can(care.OrganizationInbox):
		return true, nil
	default:
		return false, care.Missing("conversation")
	}
}

// Send decides whether the actor may write in a conversation now: text, edits, and
// everything else that SEMANTICS calls sending. Both switches of the client and the
// archived state are judged here and nowhere else.
func Send(actor care.Actor, c Conversation) *care.Error {
	if _, refusal := Read(actor, c); refusal != nil {
		return refusal
	}
	if refusal := chatOff(actor, c); refusal != nil {
		return refusal
	}
	if c.Kind == care.Community && actor.IsClient() && c.Self.Archived() {
		return Archived(actor, c.Self.Name)
	}
	if c.Locked && actor.IsClient() {
		return Locked()
	}
	if c.Closed {
		return care.Fail(care.Conflict, care.CodeConversationClosed,
			"This conversation was closed. Start a new one to write again.")
	}
	return nil
}

// chatOff applies statements 1, 2, 6 and 10: D decides in direct conversations for both
// sides, C in community chats for the client; internal conversations know no switch.
func chatOff(actor care.Actor, c Conversation) *care.Error {
	switch {
	case c.Kind == care.Direct && !c.Client.Direct.On():
		return Unavailable(actor, c.Words.Direct(), "direct", c.Client)
	case c.Kind == care.Community && actor.IsClient() && !c.Self.Community.On():
		return Unavailable(actor, c.Words.Community(c.Self.Direct.On()), "community", c.Self)
	}
	return nil
}

// Unavailable is the refusal because chat is off: staff are told for whom, the client
// reads the notice and nothing about who turned it off or why (SEMANTICS 28).
func Unavailable(actor care.Actor, notice care.Notice, kind string, clients ...Client) *care.Error {
	refusal := care.Fail(care.Forbidden, care.CodeChatUnavailable, notice.Title)
	if actor.IsClient() {
		refusal.Notice = &notice
		return refusal
	}
	refusal.Message = "Chat is unavailable for " + names(clients)
	for _, c := range clients {
		refusal.Unavailable = append(refusal.Unavailable,
			care.UnavailableClient{ClientID: c.ID, Name: c.Name, Kind: kind})
	}
	return refusal
}

// Archived is the refusal because a client is not in care now.
func Archived(actor care.Actor, name string) *care.Error {
	message := name + " is archived. Restore the client to write to them."
	if actor.IsClient() {
		message = "Your care here has ended, so you cannot write in community chats."
	}
	return care.Fail(care.Conflict, care.CodeClientArchived, message)
}

func names(clients []Client) string {
	text := ""
	for i, c := range clients {
		switch {
		case i == 0:
		case i == len(clients)-1:
			text += " and "
		default:
			text += ", "
		}
		text += c.Name
	}
	return text
}

// Behalf decides for whom an answer is given. Staff who answer in a thread they are not
// part of do so for a colleague in it; the fallback is that colleague. Naming somebody
// wants the permission organization inbox and a member of staff of this conversation.
func Behalf(actor care.Actor, member bool, wanted, fallback care.UserID, isStaffMember bool) (care.UserID, *care.Error) {
	switch {
	case wanted.IsZero() && member, wanted == actor.User:
		return care.UserID{}, nil
	case wanted.IsZero():
		return fallback, nil
	case !actor.Can(care.OrganizationInbox):
		return care.UserID{}, care.Refused("Answering on behalf of others needs the permission “organization inbox”.")
	case !isStaffMember:
		return care.UserID{}, care.BadField("on_behalf_of", "not_a_member", "Must be a member of staff of this conversation.")
	}
	return wanted, nil
}

// Close decides whether the actor may close a conversation for everyone, or open it
// again: staff who may write in it.
func Close(actor care.Actor, c Conversation) *care.Error {
	if _, refusal := Read(actor, c); refusal != nil {
		return refusal
	}
	if !actor.IsStaff() {
		return care.Refused("Only staff can close or reopen a conversation.")
	}
	return nil
}

// ChangeMessage decides whether the actor may change the text of a message: their own,
// while it stands, where they may write (SEMANTICS: an edit is sending). How long after
// sending is the organization's choice and not judged here.
func ChangeMessage(actor care.Actor, m care.Message, c Conversation) *care.Error {
	if refusal := Send(actor, c); refusal != nil {
		return refusal
	}
	if m.Author.ID != actor.User || m.Kind != care.TextMessage {
		return care.Refused("Only the author can change a message.")
	}
	if !m.DeletedAt.IsZero() {
		return care.Refused("This message was deleted.")
	}
	return nil
}

// DeleteMessage decides whether the actor may take a message away: their own always,
// also where they cannot write now, because deleting is not sending; staff who may start
// community chats another's post in one they are in.
func DeleteMessage(actor care.Actor, m care.Message, c Conversation) *care.Error {
	if _, refusal := Read(actor, c); refusal != nil {
		return refusal
	}
	switch {
	case m.Kind == care.SystemMessage:
		return care.Refused("A notice of the program cannot be deleted.")
	case m.Author.ID == actor.User:
		return nil
	case c.Kind == care.Community && c.Member && actor.Can(care.StartCommunityChats):
		return nil
	default:
		return care.Refused("Only the author can delete a message.")
	}
}
