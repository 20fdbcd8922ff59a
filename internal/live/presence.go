package live

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"hearth/internal/care"
	"hearth/internal/wire"
)

// Who of staff is looking at a conversation or writing in it is told to the staff who look
// at it too, and to nobody else. What clients look at is told to nobody: it is known so that
// nobody is notified of what they see (see [Hub.Looking]). A device says what it looks at and
// says it again from time to time; what is not said again is over, also where a node has gone
// silent.
const (
	lookingFor = 75 * time.Second
	typingFor  = 6 * time.Second
)

// Words of a presence event.
const (
	here   = "here"
	typing = "typing"
	gone   = "gone"
)

// presence is who looks at what, as this node has heard.
type presence struct {
	mu    sync.Mutex
	rooms map[care.ConversationID]*room
}

// room is one conversation that somebody looks at.
type room struct {
	org     care.OrgID
	people  map[care.UserID]*looking
	devices map[*conn]struct{} // of this node
	last    []byte             // what they were told last
}

// looking is one person in a room.
type looking struct {
	person care.Person // without a name until it was looked up
	until  map[uint64]time.Time
	typing time.Time // until when
}

type presenceData struct {
	Conversation care.ConversationID `json:"conversation_id"`
	Viewers      []wire.Person       `json:"viewers"`
	Typing       []wire.Person       `json:"typing"`
}

// look serves a frame that says what the person looks at. Each frame is decided anew, so
// that whoever may not read a conversation any more is told nothing of it soon.
func (c *conn) look(in inbound) error {
	c.looks++
	n, what := c.looks, here
	if in.Typing != nil && *in.Typing {
		what = typing
	}
	if in.Conversation == nil {
		c.hub.leave(c, n)
		return nil
	}
	id, err := in.conversation()
	if err != nil {
		return err
	}
	c.meanwhile(in, func(ctx context.Context, actor care.Actor) error {
		if _, err := c.hub.Chat.Members(ctx, actor, id); err != nil {
			c.hub.leave(c, n)
			return err
		}
		c.hub.enter(c, n, id, what)
		return nil
	})
	return nil
}

// enter notes what a device looks at, unless it said something newer meanwhile.
func (h *Hub) enter(c *conn, n uint64, id care.ConversationID, what string) {
	h.presence.mu.Lock()
	if n < c.looked {
		h.presence.mu.Unlock()
		return
	}
	c.looked = n
	before := c.at
	if before != id {
		h.presence.takeOut(c)
		r := h.presence.room(id, c.actor.Load().Org)
		if c.at = id; c.actor.Load().IsStaff() {
			r.devices[c], r.last = struct{}{}, nil
		}
	}
	h.presence.mu.Unlock()
	if before != id && !before.IsZero() {
		h.tellPresence(c, before, gone)
	}
	h.tellPresence(c, id, what)
}

// leave ends what a device looks at, unless it said something newer meanwhile.
func (h *Hub) leave(c *conn, n uint64) {
	h.presence.mu.Lock()
	before := c.at
	if n >= c.looked {
		c.looked = n
		h.presence.takeOut(c)
	}
	left := before != c.at
	h.presence.mu.Unlock()
	if left {
		h.tellPresence(c, before, gone)
	}
}

// leaveForGood is the end of a device: nothing it said before counts any more.
func (h *Hub) leaveForGood(c *conn) { h.leave(c, ^uint64(0)) }

func (h *Hub) tellPresence(c *conn, id care.ConversationID, what string) {
	actor := c.actor.Load()
	h.Bus.Publish(care.Event{
		Type: care.EventPresence, Org: actor.Org, Conversation: id, Person: actor.Person(), Text: what, Origin: c.id,
	})
}

// typingHere tells those who look at a conversation that somebody who looks at it too is
// writing in it.
func (h *Hub) typingHere(c *conn, id care.ConversationID) {
	h.presence.mu.Lock()
	at := c.at
	h.presence.mu.Unlock()
	if at == id && c.actor.Load().IsStaff() {
		h.tellPresence(c, id, typing)
	}
}

// room gives a room and makes it where there is none. The lock is held, as in the methods
// below.
func (p *presence) room(id care.ConversationID, org care.OrgID) *room {
	if p.rooms == nil {
		p.rooms = map[care.ConversationID]*room{}
	}
	r := p.rooms[id]
	if r == nil {
		r = &room{org: org, people: map[care.UserID]*looking{}, devices: map[*conn]struct{}{}}
		p.rooms[id] = r
	}
	return r
}

func (p *presence) takeOut(c *conn) {
	if r := p.rooms[c.at]; r != nil {
		delete(r.devices, c)
	}
	c.at = care.ConversationID{}
}

// hear takes what a device of this node or of another said. Devices of other nodes cannot
// be told apart and count as one.
func (p *presence) hear(e care.Event, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	r := p.room(e.Conversation, e.Org)
	who := r.people[e.Person.ID]
	if who == nil {
		who = &looking{until: map[uint64]time.Time{}}
		r.people[e.Person.ID] = who
	}
	if e.Person.Name != "" || who.person.ID.IsZero() {
		who.person = e.Person
	}
	who.typing = time.Time{}
	switch e.Text {
	case gone:
		delete(who.until, e.Origin)
	case typing:
		who.typing = now.Add(typingFor)
		fallthrough
	case here:
		who.until[e.Origin] = now.Add(lookingFor)
	}
}

// expire forgets what was not said again and gives the rooms that are different now.
func (p *presence) expire(now time.Time) (changed []care.ConversationID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, r := range p.rooms {
		if r.expire(now) {
			changed = append(changed, id)
		}
		if len(r.people) == 0 && len(r.devices) == 0 {
			delete(p.rooms, id)
		}
	}
	return changed
}

func (r *room) expire(now time.Time) (changed bool) {
	for user, who := range r.people {
		for key, until := range who.until {
			if now.After(until) {
				delete(who.until, key)
				r.put(key)
			}
		}
		if !who.typing.IsZero() && now.After(who.typing) {
			who.typing, changed = time.Time{}, true
		}
		if len(who.until) == 0 {
			delete(r.people, user)
			changed = true
		}
	}
	return changed
}

// put takes a device out that has not said for long that it still looks.
func (r *room) put(key uint64) {
	for c := range r.devices {
		if c.id == key {
			delete(r.devices, c)
			c.at = care.ConversationID{}
		}
	}
}

// sweepPresence tells where somebody has silently gone.
func (h *Hub) sweepPresence() {
	for _, id := range h.presence.expire(h.Clock()) {
		if err := h.renderPresence(id); err != nil {
			h.problem(err)
		}
	}
}

// renderPresence tells the devices in a room who is there, when that is different from
// what they were told last.
func (h *Hub) renderPresence(id care.ConversationID) error {
	if err := h.nameThose(id); err != nil {
		return err
	}
	h.presence.mu.Lock()
	defer h.presence.mu.Unlock()
	r := h.presence.rooms[id]
	if r == nil || len(r.devices) == 0 {
		return nil
	}
	frame := event(care.EventPresence, r.shown(id, h.Clock()))
	if bytes.Equal(frame, r.last) {
		return nil
	}
	r.last = frame
	for c := range r.devices {
		c.send(frame) // which never blocks
	}
	return nil
}

// shown is who is in a room.
func (r *room) shown(id care.ConversationID, now time.Time) presenceData {
	data := presenceData{Conversation: id, Viewers: []wire.Person{}, Typing: []wire.Person{}}
	for _, who := range r.people {
		if len(who.until) == 0 || who.person.Name == "" || who.person.Kind != care.KindStaff {
			continue
		}
		data.Viewers = append(data.Viewers, wire.PersonOf(who.person))
		if now.Before(who.typing) {
			data.Typing = append(data.Typing, wire.PersonOf(who.person))
		}
	}
	byName := func(a, b wire.Person) int { return cmp.Compare(a.Name, b.Name) }
	slices.SortFunc(data.Viewers, byName)
	slices.SortFunc(data.Typing, byName)
	return data
}

// nameThose looks up the names of people of whom another node has told: names do not
// travel.
func (h *Hub) nameThose(id care.ConversationID) error {
	h.presence.mu.Lock()
	var unknown []care.UserID
	var org care.OrgID
	if r := h.presence.rooms[id]; r != nil && len(r.devices) > 0 {
		org = r.org
		for user, who := range r.people {
			if who.person.Name == "" && who.person.Kind != care.KindClient {
				unknown = append(unknown, user)
			}
		}
	}
	h.presence.mu.Unlock()
	var errs []error
	for _, user := range unknown {
		ctx, cancel := context.WithTimeout(h.running, actTimeout)
		person, err := h.Chat.Person(ctx, org, user)
		cancel()
		errs = append(errs, err)
		h.presence.name(id, user, person)
	}
	return errors.Join(errs...)
}

func (p *presence) name(id care.ConversationID, user care.UserID, person care.Person) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if r := p.rooms[id]; r != nil && r.people[user] != nil && person.Kind == care.KindStaff {
		r.people[user].person = person
	}
}

// Looking reports whether somebody looks at a conversation now, on any device at any node
// that this one has heard of.
func (h *Hub) Looking(id care.ConversationID, user care.UserID) bool {
	now := h.Clock()
	h.presence.mu.Lock()
	defer h.presence.mu.Unlock()
	r := h.presence.rooms[id]
	if r == nil || r.people[user] == nil {
		return false
	}
	for _, until := range r.people[user].until {
		if now.Before(until) {
			return true
		}
	}
	return false
}

// lookers are the devices of staff who look at a conversation.
func (h *Hub) lookers(id care.ConversationID) []*conn {
	h.presence.mu.Lock()
	defer h.presence.mu.Unlock()
	var list []*conn
	if r := h.presence.rooms[id]; r != nil {
		for c := range r.devices {
			list = append(list, c)
		}
	}
	return list
}
