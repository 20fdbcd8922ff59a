package chat

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// OwnView is a change of how the actor sees a conversation; nil leaves a part as it is.
type OwnView struct {
	Subject    *string    // for everyone, by staff who may write
	Archived   *bool      // out of the actor's own list
	MutedUntil *time.Time // the zero time ends muting
	Pinned     *bool
	Community  CommunityChange // for everyone, by staff who keep community chats
}

// Change changes the actor's own view of a conversation, or its subject, and answers the
// conversation as it is then.
func (s *Service) Change(ctx context.Context, actor care.Actor, id care.ConversationID, change OwnView) (c Conversation, err error) {
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		before, err := lookIn(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		if before.Outsider && (change.Archived != nil || change.MutedUntil != nil || change.Pinned != nil) {
			return nil, care.Refused("Only members of a conversation can archive, mute or pin it.")
		}
		events, err := s.changeCommunity(ctx, tx, actor, id, change.Community)
		if err != nil {
			return nil, err
		}
		if err := changeOwn(ctx, tx, actor, id, change); err != nil {
			return nil, err
		}
		events = append(events, ownEvent(actor, id)...)
		if change.Subject != nil {
			renamed, err := s.rename(ctx, tx, actor, before, *change.Subject)
			if err != nil {
				return nil, err
			}
			events = append(events, renamed...)
		}
		c, err = view(ctx, tx, actor, id)
		return events, err
	})
	return c, err
}

func changeOwn(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID, change OwnView) error {
	if err := glance(ctx, tx, id); err != nil {
		return err
	}
	set := func(column string, value any) error {
		_, err := tx.Exec(ctx, `UPDATE conversation_members SET `+column+` = $3
			WHERE conversation_id = $1 AND user_id = $2 AND left_at IS NULL`, id, actor.User, value)
		return err
	}
	if change.Archived != nil {
		if err := set("archived", *change.Archived); err != nil {
			return err
		}
	}
	if change.Pinned != nil {
		if err := set("pinned", *change.Pinned); err != nil {
			return err
		}
	}
	if change.MutedUntil != nil {
		return set("muted_until", db.MillisOrNull(*change.MutedUntil))
	}
	return nil
}

func (s *Service) rename(ctx context.Context, tx *db.Tx, actor care.Actor, c Conversation, subject string) ([]care.Event, error) {
	subject = strings.TrimSpace(subject)
	if err := care.CheckText("subject", subject, 0, care.MaxSubject); err != nil {
		return nil, err
	}
	if refusal := access.Close(actor, c.subject(actor, access.Words{})); refusal != nil {
		return nil, refusal
	}
	if _, err := tx.Exec(ctx, `UPDATE conversations SET subject = $2 WHERE id = $1`, c.ID, subject); err != nil {
		return nil, err
	}
	return s.recorded(ctx, tx, actor, c.ID, "conversation.renamed", nil)
}

// recorded writes an act about a conversation into the audit log and tells its members.
func (s *Service) recorded(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ConversationID, action string, details map[string]any) ([]care.Event, error) {
	err := audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), audit.Act(action, audit.About("conversation", id), details))
	if err != nil {
		return nil, err
	}
	t, err := toldOf(ctx, tx, id)
	return []care.Event{{
		Type: care.EventConversationUpdated, Org: actor.Org, To: t.audience(), Conversation: id, Queue: t.kind != care.Internal,
	}}, err
}

// SetClosed closes a conversation for everyone, or opens it again. A notice of it takes a
// place in the conversation. Doing what is so already changes nothing.
func (s *Service) SetClosed(ctx context.Context, actor care.Actor, id care.ConversationID, closed bool) (c Conversation, err error) {
	return s.end(ctx, actor, id, closed, "")
}

// MaxReason bounds the words that say why a conversation was closed, in characters.
const MaxReason = 200

// CloseFor closes a conversation for everyone, like [Service.SetClosed], and says why; the
// reason stands in the notice, so everybody in the conversation reads it.
func (s *Service) CloseFor(ctx context.Context, actor care.Actor, id care.ConversationID, reason string) (Conversation, error) {
	reason = strings.Join(strings.Fields(reason), " ")
	if !utf8.ValidString(reason) || utf8.RuneCountInString(reason) > MaxReason {
		return Conversation{}, care.BadField("reason", "too_long", "Has at most 200 characters.")
	}
	return s.end(ctx, actor, id, true, reason)
}

func (s *Service) end(ctx context.Context, actor care.Actor, id care.ConversationID, closed bool, reason string) (c Conversation, err error) {
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		threads, err := loadThreads(ctx, tx, []care.ConversationID{id})
		if err != nil {
			return nil, err
		}
		before, err := lookIn(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		if refusal := access.Close(actor, before.subject(actor, access.Words{})); refusal != nil {
			return nil, refusal
		}
		var events []care.Event
		if t := threads[id]; t.closed != closed {
			if events, err = s.setClosed(ctx, tx, actor, t, closed, reason); err != nil {
				return nil, err
			}
		}
		c, err = view(ctx, tx, actor, id)
		return events, err
	})
	return c, err
}

func (s *Service) setClosed(ctx context.Context, tx *db.Tx, actor care.Actor, t *thread, closed bool, reason string) ([]care.Event, error) {
	now, at := s.clock(), time.Time{}
	kind, action, words := outbox.ConversationReopened, "conversation.reopened", actor.Name+" reopened this conversation."
	if closed {
		kind, action, words, at = outbox.ConversationClosed, "conversation.closed", actor.Name+" closed this conversation.", now
		if reason != "" {
			words += " Reason: " + reason
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE conversations SET closed_at = $2 WHERE id = $1`, t.id, db.MillisOrNull(at)); err != nil {
		return nil, err
	}
	if err := tellOf(ctx, tx, kind, t.org, t.id, now); err != nil {
		return nil, err
	}
	if !closed && t.kind == care.Community {
		if err := s.follow(ctx, tx, []care.ConversationID{t.id}); err != nil {
			return nil, err
		}
	}
	notice, err := s.appendNotice(ctx, tx, t, words)
	if err != nil {
		return nil, err
	}
	events, err := s.recorded(ctx, tx, actor, t.id, action, nil)
	return append(events, notice), err
}

// appendNotice puts a message of the program into a locked thread.
func (s *Service) appendNotice(ctx context.Context, tx *db.Tx, t *thread, words string) (care.Event, error) {
	now := s.clock()
	if err := t.readPending(ctx, tx); err != nil {
		return care.Event{}, err
	}
	floors, err := loadFloors(ctx, tx, []care.OrgID{t.org})
	if err != nil {
		return care.Event{}, err
	}
	m := care.Message{
		ID: care.NewID[care.MessageID](now), Author: care.System, Body: words,
		CreatedAt: t.moment(now, floors[t.org]), Kind: care.SystemMessage,
	}
	e := t.number(&m, [16]byte{})
	if err := appendEntries(ctx, tx, []*thread{t}, []entry{e}); err != nil {
		return care.Event{}, err
	}
	return noticeEvent(ctx, tx, t, &m)
}

func noticeEvent(ctx context.Context, tx *db.Tx, t *thread, m *care.Message) (care.Event, error) {
	if err := complete(ctx, tx, t.org, []*care.Message{m}); err != nil {
		return care.Event{}, err
	}
	styles, err := loadStyles(ctx, tx, []care.OrgID{t.org})
	return (&facts{styles: styles}).messageEvent(t, m), err
}
