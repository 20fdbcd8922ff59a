package access

import "hearth/internal/care"

// Invitee is somebody whom the actor wants in a conversation.
type Invitee struct {
	ID   care.UserID
	Kind care.PersonKind
	// Visible is whether the actor may see them (see [SeeClient], [SeeStaff]).
	Visible bool
	// Client is set for clients.
	Client Client
	// For staff: whether they still work here, and whether they accept conversations
	// that clients start.
	Active          bool
	ClientsMayStart bool
	// OnCareTeam is whether this member of staff is on the care team of the client who acts.
	OnCareTeam bool
}

// Start decides whether the actor may open a conversation of a kind with the invitees
// (the actor left out). The kind is decided by who is in it: one that its people
// contradict is refused. For community chats only the right is decided here; whom it
// leaves out is decided by [Reachable].
func Start(actor care.Actor, kind care.ConversationKind, words Words, self Client, invitees []Invitee) *care.Error {
	for _, p := range invitees {
		if !p.Visible || (p.Kind == care.KindStaff && !p.Active) {
			return care.Missing("person")
		}
	}
	if actor.IsClient() {
		return startAsClient(actor, kind, words, self, invitees)
	}
	if !actor.IsStaff() {
		return care.Refused("Only people can start conversations.")
	}
	return startAsStaff(actor, kind, words, invitees)
}

// startAsClient applies statement 31: direct conversations only, only with staff of the
// care team who accept them, only with D on and not archived (19).
func startAsClient(actor care.Actor, kind care.ConversationKind, words Words, self Client, invitees []Invitee) *care.Error {
	if kind != care.Direct {
		return care.Refused("Clients can start direct conversations only.")
	}
	for _, p := range invitees {
		if p.Kind != care.KindStaff {
			return care.Missing("person")
		}
		if !p.OnCareTeam || !p.ClientsMayStart {
			return care.Refused("You can start conversations with members of your care team who accept them.")
		}
	}
	if len(invitees) == 0 {
		return care.BadField("member_ids", "required", "Name at least one member of your care team.")
	}
	if !self.Direct.On() {
		return Unavailable(actor, words.Direct(), "direct", self)
	}
	if self.Archived() {
		return care.Fail(care.Conflict, care.CodeClientArchived,
			"Your care here has ended, so you cannot start new conversations.")
	}
	return nil
}

func startAsStaff(actor care.Actor, kind care.ConversationKind, words Words, invitees []Invitee) *care.Error {
	var clients []Client
	for _, p := range invitees {
		if p.Kind == care.KindClient {
			clients = append(clients, p.Client)
		}
	}
	switch kind {
	case care.Internal:
		return startInternal(clients, invitees)
	case care.Direct:
		return startDirect(actor, words, clients)
	case care.Community:
		return startCommunity(actor, clients)
	default:
		return care.BadField("kind", "unknown", "Must be direct, community or internal.")
	}
}

func startInternal(clients []Client, invitees []Invitee) *care.Error {
	if len(clients) > 0 {
		return care.BadField("member_ids", "client", "An internal conversation is for staff only. Start a direct conversation instead.")
	}
	if len(invitees) == 0 {
		return care.BadField("member_ids", "required", "Name at least one colleague.")
	}
	return nil
}

func startDirect(actor care.Actor, words Words, clients []Client) *care.Error {
	if len(clients) != 1 {
		return care.BadField("member_ids", "one_client", "A direct conversation has exactly one client. For more, start a community chat.")
	}
	if !clients[0].Direct.On() {
		return Unavailable(actor, words.Direct(), "direct", clients[0])
	}
	if clients[0].Archived() {
		return Archived(actor, clients[0].Name)
	}
	return nil
}

func startCommunity(actor care.Actor, clients []Client) *care.Error {
	if !actor.Can(care.StartCommunityChats) {
		return care.Refused("Starting community chats needs the permission “start community chats”.")
	}
	if len(clients) < 2 {
		return care.BadField("member_ids", "two_clients", "A community chat has two or more clients. For one, start a direct conversation.")
	}
	return nil
}

// Why a client is left out of a community chat.
const (
	WhyArchived     = "archived"
	WhyCommunityOff = "community_off"
)

// Reachable decides whether a client can be put in a community chat (SEMANTICS 15, 19)
// and says why not: archived first.
func Reachable(c Client) (why string, ok bool) {
	switch {
	case c.Archived():
		return WhyArchived, false
	case !c.Community.On():
		return WhyCommunityOff, false
	default:
		return "", true
	}
}

// AddMember decides whether somebody may be put in an existing conversation by staff
// who take part in it.
func AddMember(actor care.Actor, c Conversation, p Invitee) *care.Error {
	if _, refusal := Read(actor, c); refusal != nil {
		return refusal
	}
	if !actor.IsStaff() {
		return care.Refused("Only staff can change who is in a conversation.")
	}
	if !p.Visible || (p.Kind == care.KindStaff && !p.Active) {
		return care.Missing("person")
	}
	if p.Kind == care.KindClient {
		if refusal := addClient(actor, c, p.Client); refusal != nil {
			return refusal
		}
	}
	if c.Closed {
		return care.Fail(care.Conflict, care.CodeConversationClosed, "This conversation was closed. Reopen it to change who is in it.")
	}
	return nil
}

func addClient(actor care.Actor, c Conversation, client Client) *care.Error {
	switch c.Kind {
	case care.Direct:
		return care.BadField("user_id", "one_client", "A direct conversation has exactly one client. Start a community chat instead.")
	case care.Internal:
		return care.BadField("user_id", "client", "An internal conversation is for staff only.")
	}
	if !actor.Can(care.StartCommunityChats) {
		return care.Refused("Adding clients to a community chat needs the permission “start community chats”.")
	}
	if !client.Community.On() {
		return Unavailable(actor, care.Notice{}, "community", client)
	}
	if client.Archived() {
		return Archived(actor, client.Name)
	}
	return nil
}

// RemoveMember decides whether somebody may be taken out of a conversation: by staff, or
// by oneself where one is staff. The client of a direct conversation stays, and so does
// the last member of staff.
func RemoveMember(actor care.Actor, c Conversation, who care.UserID, isLastStaff bool) *care.Error {
	if _, refusal := Read(actor, c); refusal != nil {
		return refusal
	}
	switch {
	case !actor.IsStaff():
		return care.Refused("Only staff can change who is in a conversation.")
	case c.Kind == care.Direct && who == c.Client.ID:
		return care.BadField("user_id", "client", "The client of a direct conversation cannot be removed. Close the conversation instead.")
	case c.Kind == care.Community && who != actor.User && !actor.Can(care.StartCommunityChats):
		return care.Refused("Removing people from a community chat needs the permission “start community chats”.")
	case isLastStaff:
		return care.BadField("user_id", "last_staff", "Somebody of the staff must stay. Add a colleague first, or close the conversation.")
	}
	return nil
}
