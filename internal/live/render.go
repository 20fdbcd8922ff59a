package live

import (
	"context"
	"errors"

	"hearth/internal/care"
	"hearth/internal/wire"
)

// render makes the frames of an event and sends them. One frame serves everybody, except
// where people see different things.
func (h *Hub) render(e care.Event, list []*conn) error {
	ctx, cancel := context.WithTimeout(h.running, actTimeout)
	defer cancel()
	switch e.Type {
	case care.EventMessageCreated, care.EventMessageUpdated, care.EventMessageDeleted:
		return h.renderMessage(ctx, e, list)
	case care.EventConversationCreated, care.EventConversationUpdated:
		return h.renderConversation(ctx, e, list)
	case care.EventReadUpdated:
		return h.renderRead(ctx, e, list)
	case care.EventTyping:
		return h.renderTyping(ctx, e, list)
	case care.EventDraftUpdated:
		return h.renderDraft(ctx, e, list)
	case care.EventScheduledUpdated:
		return h.renderScheduled(ctx, e, list)
	case care.EventChatAccessChanged:
		return h.renderAccess(ctx, e, list)
	case care.EventPresence:
		return h.renderPresence(e.Conversation)
	case care.EventNoteCreated, care.EventNoteUpdated, care.EventNoteDeleted:
		return h.renderNote(ctx, e, list)
	case care.EventBlastProgress:
		return h.renderBlast(ctx, e, list)
	case care.EventWaitingUpdated:
		return h.renderWaiting(ctx, e, list)
	case care.EventNoticeCreated, care.EventNoticeRead:
		return h.renderNotice(ctx, e, list)
	case care.EventPreferencesChanged:
		h.sendAll(list, event(e.Type, struct{}{}))
		return nil
	case care.EventReportsChanged:
		h.sendAll(list, event(e.Type, reportsData{Conversation: e.Conversation}))
		return nil
	default:
		return nil // of a later release, on another node
	}
}

// renderMessage reads the message when the event came from another node. In a community
// chat clients get a frame of their own, with the names that they may see, and of a blast
// one without a sign of it.
func (h *Hub) renderMessage(ctx context.Context, e care.Event, list []*conn) error {
	if e.Message == nil {
		m, found, err := h.Chat.MessageAt(ctx, e.Org, e.Conversation, e.Seq)
		if err != nil || !found {
			return err
		}
		e.Message = &m
	}
	staff, clients := sides(list)
	if len(clients) == 0 || e.Names == "" && e.Message.Blast.IsZero() {
		h.sendAll(list, messageFrame(e.Type, e.Message))
		return nil
	}
	if len(staff) > 0 {
		h.sendAll(staff, messageFrame(e.Type, e.Message))
	}
	shown := e.Message.ForClient()
	if e.Names != "" {
		shown = shown.ShownTo(care.UserID{}, e.Names)
	}
	h.sendAll(clients, messageFrame(e.Type, &shown))
	return nil
}

// perPerson renders what each sees of the conversation. Who may not see it any more is
// passed over.
func (h *Hub) perPerson(
	ctx context.Context, e care.Event, list []*conn, frame func(wire.Conversation) []byte,
) error {
	return eachPerson(list, func(mine []*conn) error {
		c, err := h.Chat.Conversation(ctx, *mine[0].actor.Load(), e.Conversation)
		if errors.Is(err, care.NotFound) || errors.Is(err, care.Forbidden) {
			return nil
		}
		if err != nil {
			return err
		}
		shown, err := h.withWaiting(ctx, e, wire.ConversationOf(c), mine[0])
		if err == nil {
			h.sendAll(mine, frame(shown))
		}
		return err
	})
}

func (h *Hub) renderConversation(ctx context.Context, e care.Event, list []*conn) error {
	return h.perPerson(ctx, e, list, func(c wire.Conversation) []byte { return event(e.Type, c) })
}

func (h *Hub) renderRead(ctx context.Context, e care.Event, list []*conn) error {
	own, others := split(list, e.Person.ID)
	data := readData{Conversation: e.Conversation, User: e.Person.ID, Seq: e.Seq}
	if len(others) > 0 {
		h.sendAll(others, event(e.Type, data))
	}
	return h.perPerson(ctx, e, own, func(c wire.Conversation) []byte {
		data.Unread = &c.Unread
		return event(e.Type, data)
	})
}

// renderTyping finds the name of who types when the event came from another node.
func (h *Hub) renderTyping(ctx context.Context, e care.Event, list []*conn) error {
	if e.Person.Name == "" {
		c, err := h.Chat.Conversation(ctx, *list[0].actor.Load(), e.Conversation)
		if err != nil {
			return err
		}
		for _, m := range c.Members {
			if m.Person.ID == e.Person.ID {
				e.Person = m.Person
			}
		}
	}
	frame := func(who care.Person) []byte {
		return event(e.Type, typingData{Conversation: e.Conversation, User: wire.PersonOf(who)})
	}
	staff, clients := sides(list)
	if e.Person.Kind != care.KindClient || len(clients) == 0 {
		h.sendAll(list, frame(e.Person))
		return nil
	}
	style, err := h.Chat.NameStyle(ctx, e.Org)
	if err != nil {
		return err
	}
	h.sendAll(staff, frame(e.Person))
	h.sendAll(clients, frame(e.Person.ShownTo(care.UserID{}, style)))
	return nil
}

// renderDraft reads the draft where the event has none: when it came from another node,
// when more than a text goes with it, and when it was removed, which costs a look for nothing.
func (h *Hub) renderDraft(ctx context.Context, e care.Event, list []*conn) error {
	if e.Text != "" {
		h.sendAll(list, event(e.Type, draftData{Conversation: e.Conversation, Body: e.Text, Attachments: []wire.Attachment{}}))
		return nil
	}
	return h.perPerson(ctx, e, list, func(c wire.Conversation) []byte {
		return event(e.Type, draftData{
			Conversation: e.Conversation, Body: c.Draft, ReplyTo: c.DraftReplyTo, Attachments: c.DraftAttachments,
		})
	})
}

// renderAccess tells staff what is effective now, and the client that with the notice:
// not who changed it, where or why (SEMANTICS 28).
func (h *Hub) renderAccess(ctx context.Context, e care.Event, list []*conn) error {
	own, others := split(list, e.Client)
	data := accessData{Client: e.Client, Direct: e.Direct, Community: e.Community}
	if len(others) > 0 {
		h.sendAll(others, event(e.Type, data))
	}
	if len(own) == 0 {
		return nil
	}
	direct, community, err := h.Notices(ctx, e.Org, e.Client)
	if err != nil {
		return err
	}
	data.Notice, data.CommunityNotice = &direct, &community
	h.sendAll(own, event(e.Type, data))
	return nil
}

// renderScheduled tells the author what became of a message that they scheduled, as it is
// now.
func (h *Hub) renderScheduled(ctx context.Context, e care.Event, list []*conn) error {
	return eachPerson(list, func(mine []*conn) error {
		m, err := h.Chat.ScheduledMessage(ctx, *mine[0].actor.Load(), e.Scheduled)
		if errors.Is(err, care.NotFound) {
			return nil
		}
		if err == nil {
			h.sendAll(mine, event(e.Type, wire.ScheduledOf(m)))
		}
		return err
	})
}
