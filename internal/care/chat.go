package care

// ConversationKind is what a conversation is. It is decided when the conversation is
// made, by who is in it, and never changes.
type ConversationKind string

// The kinds of conversations: one client with staff, clients with staff, staff only.
const (
	Direct    ConversationKind = "direct"
	Community ConversationKind = "community"
	Internal  ConversationKind = "internal"
)

// Valid reports whether the kind is one of the three.
func (k ConversationKind) Valid() bool { return k == Direct || k == Community || k == Internal }
