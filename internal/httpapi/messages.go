package httpapi

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/wire"
)

// newMessage is a message that somebody sends.
type newMessage struct {
	ID          care.MessageID      `json:"id,omitempty" doc:"Makes the call safe to repeat"`
	Body        string              `json:"body,omitempty" maxLength:"20000" doc:"May be empty beside files"`
	Attachments []care.AttachmentID `json:"attachment_ids,omitempty" maxItems:"100" doc:"Files that one has sent, in this order; 10 unless the server says otherwise"`
	ReplyTo     care.MessageID      `json:"reply_to,omitempty"`
	OnBehalfOf  care.UserID         `json:"on_behalf_of,omitempty" doc:"The colleague for whom staff answer; needs organization_inbox"`
	// SendAt keeps the message for later; the answer is a scheduled message then.
	SendAt wire.Opt[wire.Time] `json:"send_at,omitempty" doc:"Keep it until then, within a year; the answer is a scheduled message, without seq"`
}

// history is a part of a conversation, ascending by seq.
type history struct {
	Items   []wire.Message `json:"items"`
	HasMore bool           `json:"has_more" doc:"Whether there is more in the direction asked for: later with after_seq, else earlier"`

	messages []care.Message // what Items is written from
}

// AppendJSON writes the page.
func (h history) AppendJSON(b []byte) []byte {
	b = slices.Grow(b, 64+768*len(h.messages))
	b = wire.AppendItems(append(b, `{"items":`...), h.messages, wire.AppendMessage)
	return append(strconv.AppendBool(append(b, `,"has_more":`...), h.HasMore), '}')
}

// MessagePath names a message in a conversation.
type MessagePath struct {
	ConversationPath
	MessageID care.MessageID `path:"message_id"`
}

func (a *api) messages() {
	route(a, get("/conversations/{id}/messages", "list-messages", "A part of a conversation; without bounds the newest"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			BeforeSeq optional[int64]     `query:"before_seq" minimum:"0"`
			AfterSeq  optional[int64]     `query:"after_seq" minimum:"0"`
			Around    optional[int64]     `query:"around_seq" minimum:"0" doc:"The page in whose middle this message is"`
			At        optional[wire.Time] `query:"at" doc:"The page around the first message of this moment or later"`
			Limit     int                 `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (*ok[history], error) {
			page := chat.Page{
				Before: in.BeforeSeq.pointer(), After: in.AfterSeq.pointer(), Around: in.Around.pointer(), Limit: in.Limit,
			}
			if at := in.At.pointer(); at != nil {
				page.At = at.Time
			}
			list, more, err := a.Chat.Messages(ctx, actor, in.ID, page)
			if err != nil {
				return nil, err
			}
			return answer(history{messages: list, HasMore: more}), nil
		})
	route(a, post("/conversations/{id}/messages", "send-message", "Send a message; 201 means that it is durable"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			Body newMessage
		}) (*made[wire.Posted], error) {
			draft := chat.Draft{
				ID: in.Body.ID, Conversation: in.ID, Body: in.Body.Body, Attachments: in.Body.Attachments,
				ReplyTo: in.Body.ReplyTo, OnBehalfOf: in.Body.OnBehalfOf,
			}
			if at := in.Body.SendAt.Pointer(); at != nil {
				return a.schedule(ctx, actor, draft, *at)
			}
			message, isNew, err := a.Chat.Send(ctx, actor, draft)
			if err != nil {
				return nil, err
			}
			shown := wire.MessageOf(message)
			return created(wire.Posted{Message: &shown}, !isNew), nil
		})
	a.oneMessage()
	a.scheduled()
	a.messageReading()
	a.chatSettings()
}

func messageAnswer(m care.Message, err error) (*ok[wire.Message], error) {
	if err != nil {
		return nil, err
	}
	return answer(wire.MessageOf(m)), nil
}

func (a *api) oneMessage() {
	const path = "/conversations/{id}/messages/{message_id}"
	route(a, get(path, "get-message", "One message"), anyone,
		func(ctx context.Context, actor care.Actor, in *MessagePath) (*ok[wire.Message], error) {
			return messageAnswer(a.Chat.Message(ctx, actor, in.ID, in.MessageID))
		})
	route(a, patch(path, "edit-message", "Change one's message while the organization's window is open"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			MessagePath
			Body struct {
				Body string `json:"body" maxLength:"20000" doc:"May be empty where the message has files"`
			}
		}) (*ok[wire.Message], error) {
			return messageAnswer(a.Chat.Edit(ctx, actor, in.ID, in.MessageID, in.Body.Body))
		})
	route(a, del(path, "delete-message", "Take a message away; a tombstone stays"), anyone,
		func(ctx context.Context, actor care.Actor, in *MessagePath) (*none, error) {
			return nil, a.Chat.Delete(ctx, actor, in.ID, in.MessageID)
		})
	route(a, get(path+"/versions", "list-message-versions", "What a message said before, for staff who may read the audit log"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *MessagePath) (*ok[wire.Page[wire.Version]], error) {
			list, err := a.Chat.Versions(ctx, actor, in.ID, in.MessageID)
			if err != nil {
				return nil, err
			}
			return answer(wire.Page[wire.Version]{Items: wire.Map(list, wire.VersionOf)}), nil
		})
	type reactionPath struct {
		MessagePath
		Emoji string `path:"emoji" maxLength:"48"`
	}
	for _, one := range []struct {
		call huma.Operation
		on   bool
	}{
		{put(path+"/reactions/{emoji}", "add-reaction", "Put a sign on a message"), true},
		{del(path+"/reactions/{emoji}", "remove-reaction", "Take one's sign away"), false},
	} {
		route(a, one.call, anyone, func(ctx context.Context, actor care.Actor, in *reactionPath) (*ok[wire.Message], error) {
			return messageAnswer(a.Chat.React(ctx, actor, in.ID, in.MessageID, in.Emoji, one.on))
		})
	}
}

func (a *api) messageReading() {
	route(a, get("/conversations/{id}/read-by", "count-readers", "How many of the others have read up to a message"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			Seq int64 `query:"seq" minimum:"0" required:"true"`
		}) (*ok[wire.ReadBy], error) {
			by, err := a.Chat.ReadBy(ctx, actor, in.ID, in.Seq)
			if err != nil {
				return nil, err
			}
			return answer(wire.ReadBy{Read: by.Read, Members: by.Members}), nil
		})
}

// settingsEdit is a change of how an organization chats.
type settingsEdit struct {
	Version           int64                      `json:"version"`
	EditWindowSeconds wire.Maybe[int64]          `json:"edit_window_seconds,omitempty" doc:"0 to 2592000"`
	ClientNames       wire.Maybe[care.NameStyle] `json:"client_names,omitempty" doc:"full, initial or alias"`
}

func (e settingsEdit) change() chat.SettingsChange {
	change := chat.SettingsChange{Version: e.Version, ClientNames: e.ClientNames.Pointer()}
	if seconds := e.EditWindowSeconds.Pointer(); seconds != nil {
		window := time.Duration(min(max(*seconds, -1), int64(chat.MaxEditWindow/time.Second)+1)) * time.Second
		change.EditWindow = &window
	}
	return change
}

func (a *api) chatSettings() {
	route(a, get("/organization/chat-settings", "get-chat-settings", "How the organization chats"), anyone,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.ChatSettings], error) {
			return shown(wire.ChatSettingsOf)(a.Chat.Settings(ctx, actor))
		})
	route(a, put("/organization/chat-settings", "set-chat-settings", "Change how the organization chats"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body settingsEdit }) (*ok[wire.ChatSettings], error) {
			return shown(wire.ChatSettingsOf)(a.Chat.ChangeSettings(ctx, actor, in.Body.change()))
		})
}
