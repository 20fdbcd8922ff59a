package care

// EventType names what happened, as the live connection says it.
type EventType string

// The live events.
const (
	EventMessageCreated      EventType = "message.created"
	EventMessageUpdated      EventType = "message.updated"
	EventMessageDeleted      EventType = "message.deleted"
	EventConversationCreated EventType = "conversation.created"
	EventConversationUpdated EventType = "conversation.updated"
	EventReadUpdated         EventType = "read.updated"
	EventTyping              EventType = "typing"
	EventDraftUpdated        EventType = "draft.updated"
	EventScheduledUpdated    EventType = "scheduled.updated"
	EventSessionEnded        EventType = "session.ended"
	EventChatAccessChanged   EventType = "chat_access.changed"
	EventReportsChanged      EventType = "reports.changed"
	EventQueueUpdated        EventType = "queue.updated"
	EventPresence            EventType = "presence"
	EventNoteCreated         EventType = "note.created"
	EventNoteUpdated         EventType = "note.updated"
	EventNoteDeleted         EventType = "note.deleted"
	EventBlastProgress       EventType = "blast.progress"
	EventNoticeCreated       EventType = "notice.created"
	EventNoticeRead          EventType = "notice.read"
	EventWaitingUpdated      EventType = "waiting.updated"
	EventPreferencesChanged  EventType = "preferences.changed"
)

// Event tells connected devices that something happened. It is a hint: it is sent after
// the commit, may be lost, and whoever sees a gap reads the database.
type Event struct {
	Type EventType
	Org  OrgID
	// To lists the people who are told. The same event goes to every device of each.
	To []UserID
	// Conversation and Seq say what it is about, where that is a conversation.
	Conversation ConversationID
	Seq          int64
	// Session, when set, narrows a session.ended to one session of the one person in To.
	Session SessionID
	// Message is set with message.* events, so that it is encoded once for everybody. A
	// node that heard of the event from another node reads it from the database.
	Message *Message
	// Scheduled is the message with scheduled.updated, which its author alone is told of.
	Scheduled MessageID
	// Names is how clients see the names of fellow clients in the message; empty where
	// everybody sees whole names.
	Names NameStyle
	// Client, Direct and Community are whose chat access changed and what is effective now.
	Client    UserID
	Direct    bool
	Community bool
	// Person is who typed or who read.
	Person Person
	// Queue is true for news of a conversation with clients: staff with the permission
	// organization inbox are told that there is something new, whoever is in To.
	Queue bool
	// Note is the staff note with note.*.
	Note NoteID
	// Blast is the message blast with blast.progress.
	Blast BlastID
	// Notice is what somebody was told with notice.*.
	Notice NoticeID
	// Text is the draft with draft.updated, the reason with session.ended, and with presence
	// one of the words here, typing and gone.
	Text string
	// Origin is the live connection that caused the event and needs no telling; 0 none.
	Origin uint64
}
