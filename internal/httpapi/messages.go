package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/wire"
)

// newMessage is a message that somebody sends.
type newMessage struct {
	ID         care.MessageID `json:"id,omitempty" doc:"Makes the call safe to repeat"`
	Body       string         `json:"body" minLength:"1" maxLength:"20000"`
	ReplyTo    care.MessageID `json:"reply_to,omitempty"`
	OnBehalfOf care.UserID    `json:"on_behalf_of,omitempty" doc:"The colleague for whom staff answer; needs organization_inbox"`
}

// history is a part of a conversation, ascending by seq.
type history struct {
	Items   []wire.Message `json:"items"`
	HasMore bool           `json:"has_more" doc:"Whether there is more in the direction asked for"`
}

func (a *api) messages() {
	route(a, get("/conversations/{id}/messages", "list-messages", "A part of a conversation; without bounds the newest"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			BeforeSeq optional[int64] `query:"before_seq" minimum:"0"`
			AfterSeq  optional[int64] `query:"after_seq" minimum:"0"`
			Limit     int             `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (*ok[history], error) {
			page := chat.Page{Before: in.BeforeSeq.pointer(), After: in.AfterSeq.pointer(), Limit: in.Limit}
			list, more, err := a.Chat.Messages(ctx, actor, in.ID, page)
			if err != nil {
				return nil, err
			}
			return answer(history{Items: wire.Map(list, wire.MessageOf), HasMore: more}), nil
		})
	route(a, post("/conversations/{id}/messages", "send-message", "Send a message; 201 means that it is durable"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			Body newMessage
		}) (*made[wire.Message], error) {
			message, isNew, err := a.Chat.Send(ctx, actor, chat.Draft{
				ID: in.Body.ID, Conversation: in.ID, Body: in.Body.Body,
				ReplyTo: in.Body.ReplyTo, OnBehalfOf: in.Body.OnBehalfOf,
			})
			if err != nil {
				return nil, err
			}
			return created(wire.MessageOf(message), !isNew), nil
		})
}
