package wire

import (
	"hearth/internal/care"
	"hearth/internal/chat"
)

// Found is a message that a search found.
type Found struct {
	Message      Message    `json:"message"`
	Conversation FoundIn    `json:"conversation"`
	Snippet      []Fragment `json:"snippet" doc:"The place in the text where the words are; plain text, joined it reads as one"`
}

// FoundIn is the conversation of a message that was found.
type FoundIn struct {
	ID       care.ConversationID   `json:"id"`
	Kind     care.ConversationKind `json:"kind" enum:"direct,community,internal"`
	Title    string                `json:"title" doc:"The subject, or who else is in it"`
	ClientID *care.UserID          `json:"client_id" doc:"The one client of a direct conversation"`
}

// Fragment is a piece of a snippet.
type Fragment struct {
	Text string `json:"text"`
	Hit  bool   `json:"hit" doc:"Whether this is what was looked for"`
}

// FoundOf shows a result.
func FoundOf(f chat.Found) Found {
	return Found{
		Message: MessageOf(f.Message),
		Conversation: FoundIn{
			ID: f.Where.ID, Kind: f.Where.Kind, Title: f.Where.Title, ClientID: IDOrNull(f.Where.ClientID),
		},
		Snippet: Map(f.Snippet, func(p chat.Fragment) Fragment { return Fragment{Text: p.Text, Hit: p.Hit} }),
	}
}
