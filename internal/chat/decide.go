package chat

import (
	"bytes"

	"hearth/internal/access"
	"hearth/internal/care"
)

// subject gives what access needs to judge an actor in a thread.
func (f *facts) subject(t *thread, actor care.Actor) access.Conversation {
	_, member := t.has(actor.User)
	return access.Conversation{
		Kind: t.kind, Closed: t.closed, Locked: t.rules.locked, Member: member,
		SameOrganization: t.org == actor.Org,
		Client:           f.clients[t.client],
		Self:             f.clients[actor.User],
		Words:            f.words[actor.User],
	}
}

// decide judges one send. It reports whether the message is to be stored; otherwise the
// refusal or the message that exists is set.
func (f *facts) decide(p *pending) bool {
	t := f.threads[p.draft.Conversation]
	if t == nil {
		p.refusal = care.Missing("conversation")
		return false
	}
	subject := f.subject(t, p.actor)
	if _, p.refusal = access.Read(p.actor, subject); p.refusal != nil {
		return false
	}
	if hidesNames(p.actor, t.kind) {
		p.names = f.styles[t.org]
	}
	if old, repeated := f.used[p.draft.ID]; repeated {
		p.message, p.refusal = old.message, sameContent(old, p)
		return false
	}
	if p.refusal = access.Send(p.actor, subject); p.refusal != nil {
		return false
	}
	if in, known := f.replies[p.draft.ReplyTo]; !p.draft.ReplyTo.IsZero() && (!known || in != t.id) {
		p.refusal = care.BadField("reply_to", "unknown", "Must be a message of this conversation.")
		return false
	}
	if p.refusal = t.mayMention(p.actor, p.draft.Body); p.refusal != nil {
		return false
	}
	if p.refusal = f.files.Check(p.actor, p.draft.ID, p.draft.Attachments); p.refusal != nil {
		return false
	}
	// Files are kept under the id, and a message that is none yet, such as a blast, may
	// have some there of somebody else.
	if of, held := f.uploaders[p.draft.ID]; held && of != p.actor.User {
		p.refusal = reused()
		return false
	}
	wanted, staff := p.draft.OnBehalfOf, false
	if m, ok := t.has(wanted); ok {
		staff = m.kind == care.KindStaff
	}
	if p.onBehalfOf, p.refusal = access.Behalf(p.actor, subject.Member, wanted, t.fallback(), staff); p.refusal == nil {
		p.refusal = f.posts.take(t, p.actor)
	}
	return p.refusal == nil
}

func sameContent(old stored, p *pending) *care.Error {
	if bytes.Equal(old.hash, p.hash[:]) {
		return nil
	}
	return reused()
}

func reused() *care.Error {
	return care.Fail(care.Conflict, care.CodeIDReused,
		"This id was used for something else before. Send it again with a new id.")
}

// events tells the members of what was stored, and the author's other devices.
func (f *facts) events(sent []*pending) []care.Event {
	events := make([]care.Event, 0, len(sent))
	for _, p := range sent {
		t := f.threads[p.draft.Conversation]
		event := f.messageEvent(t, &p.message)
		event.Origin = p.draft.Origin
		if _, member := t.has(p.actor.User); !member {
			event.To = append(event.To, p.actor.User)
		}
		events = append(events, event)
	}
	return events
}

// messageEvent tells the members of a message. In a community chat it says how clients
// see the names in it.
func (f *facts) messageEvent(t *thread, m *care.Message) care.Event {
	event := care.Event{
		Type: care.EventMessageCreated, Org: t.org, To: t.audience(),
		Conversation: t.id, Seq: m.Seq, Message: m, Queue: t.kind != care.Internal,
	}
	if t.kind == care.Community {
		event.Names = f.styles[t.org]
	}
	return event
}
