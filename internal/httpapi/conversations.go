package httpapi

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/wire"
)

// ConversationPath names the conversation of a call. It is exported to be embedded.
type ConversationPath struct {
	ID care.ConversationID `path:"id"`
}

type conversationQuery struct {
	PageQuery
	Kind   string `query:"kind" enum:"direct,community,internal"`
	State  string `query:"state" enum:"active,archived,closed" default:"active" doc:"archived is one's own putting away, closed is ended for everyone"`
	Unread bool   `query:"unread" doc:"Only those with something unread"`
	Pinned bool   `query:"pinned" doc:"Only those one has pinned"`
	Waits  bool   `query:"unanswered" doc:"Only those with a client's message that nobody has answered; staff only"`
	Query  string `query:"q" maxLength:"200" doc:"Looked for in subjects and members' names"`
	Inbox  string `query:"inbox" enum:"own,organization" default:"own" doc:"organization needs the permission organization_inbox"`
	Queue  string `query:"queue" enum:"unassigned,mine,all" default:"all" doc:"Of the shared queue, staff only: what nobody looks after and is open, what one looks after oneself, or everything"`
}

type newConversation struct {
	ID        care.ConversationID   `json:"id,omitempty" doc:"Makes the call safe to repeat"`
	Kind      care.ConversationKind `json:"kind" enum:"direct,community,internal"`
	MemberIDs []care.UserID         `json:"member_ids" maxItems:"10000" doc:"Oneself need not be named"`
	GroupIDs  []care.GroupID        `json:"group_ids,omitempty" maxItems:"100" doc:"Community: their active clients"`
	Subject   string                `json:"subject,omitempty" maxLength:"200"`
	Separate  bool                  `json:"separate,omitempty" doc:"A new one even where one with exactly these people is open"`
	History   string                `json:"history,omitempty" enum:"joining,all" doc:"Community: what those who join later read"`
	InStep    bool                  `json:"keep_in_step,omitempty" doc:"Community: who joins or leaves the groups later comes and goes too"`
}

func (n newConversation) opening() chat.Opening {
	return chat.Opening{
		ID: n.ID, Kind: n.Kind, Members: n.MemberIDs, Groups: n.GroupIDs, Subject: n.Subject,
		Separate: n.Separate, HistoryAll: n.History == "all", KeepInStep: n.InStep,
	}
}

// closing says why a conversation ends.
type closing struct {
	Reason string `json:"reason,omitempty" maxLength:"200" doc:"Everybody in the conversation reads it"`
}

// ownView is what a person changes of how they see a conversation, and staff of how a
// community chat works.
type ownView struct {
	Subject    wire.Maybe[string]  `json:"subject,omitempty" doc:"For everyone; staff only. At most 200 characters"`
	Archived   wire.Maybe[bool]    `json:"archived,omitempty"`
	MutedUntil wire.Opt[wire.Time] `json:"muted_until,omitempty" doc:"null ends muting"`
	Pinned     wire.Maybe[bool]    `json:"pinned,omitempty"`
	CommunityEdit
}

func (v ownView) change() chat.OwnView {
	change := chat.OwnView{
		Subject: v.Subject.Pointer(), Archived: v.Archived.Pointer(), Pinned: v.Pinned.Pointer(), Community: v.CommunityEdit.change(),
	}
	if v.MutedUntil.Set {
		until := time.Time{}
		if at := v.MutedUntil.Pointer(); at != nil {
			until = at.Time
		}
		change.MutedUntil = &until
	}
	return change
}

func (a *api) conversations() {
	route(a, get("/conversations", "list-conversations", "One's conversations, newest activity first"), anyone,
		func(ctx context.Context, actor care.Actor, in *conversationQuery) (*ok[wire.Page[wire.Conversation]], error) {
			after, err := inboxCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			filter := chat.Filter{
				Kind: care.ConversationKind(in.Kind), State: in.State, Unread: in.Unread, Pinned: in.Pinned, Query: in.Query, Inbox: in.Inbox, Queue: in.Queue,
				Unanswered: in.Waits,
			}
			list, next, err := a.Chat.Inbox(ctx, actor, filter, after, in.Limit)
			if err != nil {
				return nil, err
			}
			waits, err := a.Waiting.Waits(ctx, actor, wire.Map(list, func(c *chat.Conversation) care.ConversationID { return c.ID }))
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOfConversations(list, waits, inboxCursorText(next))), nil
		})
	route(a, post("/conversations", "start-conversation", "Start a conversation"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct{ Body newConversation }) (*made[wire.Opened], error) {
			opened, err := a.Chat.Open(ctx, actor, in.Body.opening())
			if err != nil {
				return nil, err
			}
			waits, err := a.Waiting.Waits(ctx, actor, []care.ConversationID{opened.Conversation.ID})
			if err != nil {
				return nil, err
			}
			answered := wire.OpenedOf(opened)
			answered.Conversation = answered.Waits(waits[answered.ID])
			return created(answered, !opened.Created), nil
		})
	route(a, get("/conversations/counts", "count-conversations", "How many conversations have something unread"), anyone,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[unreadCounts], error) {
			counts, err := a.Chat.Counts(ctx, actor)
			if err != nil {
				return nil, err
			}
			return answer(countsOf(counts)), nil
		})
	route(a, get("/conversations/{id}", "get-conversation", "One conversation"), anyone,
		func(ctx context.Context, actor care.Actor, in *ConversationPath) (*ok[wire.Conversation], error) {
			return a.conversationTo(ctx, actor)(a.Chat.Conversation(ctx, actor, in.ID))
		})
	route(a, patch("/conversations/{id}", "change-conversation", "Change one's own view, the subject, or how a community chat works"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			Body ownView
		}) (*ok[wire.Conversation], error) {
			return a.conversationTo(ctx, actor)(a.Chat.Change(ctx, actor, in.ID, in.Body.change()))
		})
	route(a, post("/conversations/{id}/close", "close-conversation", "End a conversation for everyone"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			Body *closing
		}) (*ok[wire.Conversation], error) {
			if in.Body == nil {
				return a.conversationTo(ctx, actor)(a.Chat.SetClosed(ctx, actor, in.ID, true))
			}
			return a.conversationTo(ctx, actor)(a.Chat.CloseFor(ctx, actor, in.ID, in.Body.Reason))
		})
	route(a, post("/conversations/{id}/reopen", "reopen-conversation", "Open a closed conversation again"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ConversationPath) (*ok[wire.Conversation], error) {
			return a.conversationTo(ctx, actor)(a.Chat.SetClosed(ctx, actor, in.ID, false))
		})
	a.conversationMembers()
	a.conversationReading()
}

// conversationTo makes the answer of a call that gives a conversation.
func (a *api) conversationTo(ctx context.Context, actor care.Actor) func(chat.Conversation, error) (*ok[wire.Conversation], error) {
	return func(c chat.Conversation, err error) (*ok[wire.Conversation], error) {
		if err != nil {
			return nil, withCurrent(err, wire.ConversationOf)
		}
		waits, err := a.Waiting.Waits(ctx, actor, []care.ConversationID{c.ID})
		if err != nil {
			return nil, err
		}
		return answer(wire.ConversationOf(c).Waits(waits[c.ID])), nil
	}
}

func (a *api) conversationMembers() {
	type memberPath struct {
		ConversationPath
		UserID care.UserID `path:"user_id"`
	}
	route(a, put("/conversations/{id}/members/{user_id}", "add-member", "Put somebody in a conversation"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *memberPath) (*ok[wire.Conversation], error) {
			return a.conversationTo(ctx, actor)(a.Chat.AddMember(ctx, actor, in.ID, in.UserID))
		})
	route(a, del("/conversations/{id}/members/{user_id}", "remove-member", "Take somebody out of a conversation"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *memberPath) (*none, error) {
			return nil, a.Chat.RemoveMember(ctx, actor, in.ID, in.UserID)
		})
}

func (a *api) conversationReading() {
	route(a, put("/conversations/{id}/read", "mark-read", "Mark as read up to a message"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			Body struct {
				Seq int64 `json:"seq" minimum:"0" doc:"Moves forward only; past the end is capped"`
			}
		}) (*ok[wire.ReadState], error) {
			state, err := a.Chat.MarkRead(ctx, actor, in.ID, in.Body.Seq)
			if err != nil {
				return nil, err
			}
			return answer(wire.ReadStateOf(state)), nil
		})
	route(a, post("/conversations/{id}/unread", "mark-unread", "Mark as unread"), anyone,
		func(ctx context.Context, actor care.Actor, in *ConversationPath) (*none, error) {
			return nil, a.Chat.MarkUnread(ctx, actor, in.ID)
		})
	route(a, put("/conversations/{id}/draft", "save-draft", "Keep what one is writing"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			Body draftEdit
		}) (*none, error) {
			return nil, a.Chat.SaveDraft(ctx, actor, in.ID, in.Body.change())
		})
}

// draftEdit is a change of what somebody is writing.
type draftEdit struct {
	Body        wire.Maybe[string]              `json:"body,omitempty" maxLength:"20000" doc:"A draft with no text, no files and nothing to answer is removed"`
	ReplyTo     wire.Opt[care.MessageID]        `json:"reply_to,omitempty" doc:"The message it answers; null removes it"`
	Attachments wire.Maybe[[]care.AttachmentID] `json:"attachment_ids,omitempty" doc:"Files that one has sent, in this order; they are kept while the draft has them"`
}

func (d draftEdit) change() chat.DraftChange {
	change := chat.DraftChange{Body: d.Body.Pointer(), Files: d.Attachments.Pointer()}
	if d.ReplyTo.Set {
		change.ReplyTo = &d.ReplyTo.Value // zero for null
	}
	return change
}

// unreadCounts is how many active conversations have something unread.
type unreadCounts struct {
	UnreadConversations int64 `json:"unread_conversations"`
	UnreadByKind        struct {
		Direct    int64 `json:"direct"`
		Community int64 `json:"community"`
		Internal  int64 `json:"internal"`
	} `json:"unread_by_kind"`
	Queue *queueCounts `json:"queue" doc:"Of the shared queue; null without the permission organization_inbox"`
}

func countsOf(c chat.Counts) (out unreadCounts) {
	out.Queue = queueCountsOf(c.Queue)
	out.UnreadByKind.Direct = c.Unread[care.Direct]
	out.UnreadByKind.Community = c.Unread[care.Community]
	out.UnreadByKind.Internal = c.Unread[care.Internal]
	for _, n := range c.Unread {
		out.UnreadConversations += n
	}
	return out
}

// inboxCursor reads the opaque place behind which a page begins.
func inboxCursor(text string) (*chat.Cursor, error) {
	if text == "" {
		return nil, nil
	}
	var c chat.Cursor
	var id string
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		_, err = fmt.Sscanf(string(raw), "%d %36s", &c.Activity, &id)
	}
	if err == nil {
		err = c.ID.UnmarshalText([]byte(id))
	}
	if err != nil {
		return nil, badCursor()
	}
	return &c, nil
}

func inboxCursorText(c *chat.Cursor) string {
	if c == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", c.Activity, c.ID))
}
