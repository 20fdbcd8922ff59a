package live

import (
	"slices"
	"sync"

	"hearth/internal/bus"
	"hearth/internal/care"
)

const (
	// lanes deliver at the same time; the events of one conversation share a lane, which
	// keeps their order.
	lanes = 8
	// maxLane bounds the events that wait for a database which does not answer.
	maxLane = 4096
)

// lane delivers events one after the other, in a goroutine that runs while there are any.
type lane struct {
	hub     *Hub
	mu      sync.Mutex
	events  []care.Event
	running bool
}

// receive takes an event from the bus. It only looks whether anybody is concerned, so it
// does not block the publisher.
func (h *Hub) receive(e care.Event) {
	if e.Type == bus.EventMissed {
		go h.catchUp(h.all())
		return
	}
	h.collect(e)
	if e.Type == care.EventPresence {
		h.presence.hear(e, h.Clock())
	} else if !h.concerns(e) {
		return
	}
	if e.Type == care.EventSessionEnded {
		for _, c := range h.receivers(e) {
			c.endSession(e.Text)
		}
		return
	}
	l := &h.lanes[e.Conversation[len(e.Conversation)-1]%lanes]
	if !l.put(e) {
		go h.catchUp(h.receivers(e))
	}
}

// catchUp closes connections that may have missed something, so that they come again and
// read it.
func (h *Hub) catchUp(list []*conn) {
	for _, c := range list {
		c.end(closing{codeTooSlow, "events may have been missed: connect again and read what came meanwhile"})
	}
}

// concerns reports whether anybody here gets the event.
func (h *Hub) concerns(e care.Event) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	if !e.Note.IsZero() && len(h.lookers(e.Conversation)) > 0 || len(h.overseers(e)) > 0 {
		return true
	}
	for _, user := range e.To {
		for _, c := range h.people[user] {
			if c.gets(e) {
				return true
			}
		}
	}
	return false
}

// receivers are the connections that get an event, those of one person side by side.
func (h *Hub) receivers(e care.Event) []*conn {
	h.mu.RLock()
	defer h.mu.RUnlock()
	var list []*conn
	for _, user := range e.To {
		for _, c := range h.people[user] {
			if c.gets(e) {
				list = append(list, c)
			}
		}
	}
	return append(list, h.overseers(e)...)
}

// overseers are who is told of a colleague's message blast because they see it: staff with
// the permission organization inbox. The hub's lock is held.
func (h *Hub) overseers(e care.Event) (list []*conn) {
	if e.Type != care.EventBlastProgress {
		return nil
	}
	for c := range h.staff[e.Org] {
		if c.actor.Load().Can(care.OrganizationInbox) && !slices.Contains(e.To, c.user) {
			list = append(list, c)
		}
	}
	return list
}

func (c *conn) gets(e care.Event) bool {
	if e.Type == care.EventSessionEnded && !e.Session.IsZero() {
		return c.actor.Load().Session == e.Session
	}
	return e.Origin == 0 || e.Origin != c.id
}

func (l *lane) put(e care.Event) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.events) >= maxLane {
		return false
	}
	l.events = append(l.events, e)
	if !l.running {
		l.running = true
		go l.run()
	}
	return true
}

func (l *lane) run() {
	for {
		l.mu.Lock()
		events := l.events
		l.events = nil
		l.running = len(events) > 0
		l.mu.Unlock()
		if len(events) == 0 {
			return
		}
		for i, e := range events {
			if more := i < len(events)-1; more {
				l.hub.deliverHurried(e)
			} else {
				l.hub.deliver(e)
			}
		}
	}
}

// deliverHurried delivers an event behind which others wait.
func (h *Hub) deliverHurried(e care.Event) {
	h.hurried.Add(1)
	defer h.hurried.Add(-1)
	h.deliver(e)
}

// deliver gives an event to the connections that get it. What cannot be read is not
// delivered and logged once: it was a hint.
func (h *Hub) deliver(e care.Event) {
	list := h.receivers(e)
	if len(list) == 0 && e.Note.IsZero() && e.Type != care.EventPresence {
		return
	}
	if err := h.render(e, list); err != nil {
		h.problem(err)
	}
}

// eachPerson calls f for every run of connections of the same person.
func eachPerson(list []*conn, f func(mine []*conn) error) error {
	for len(list) > 0 {
		n := 1
		for n < len(list) && list[n].user == list[0].user {
			n++
		}
		if err := f(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// sendAll writes a text to connections, as one frame for all. Where many events come at
// once each connection's writer gathers what waits for it; a single one is written here.
func (h *Hub) sendAll(list []*conn, text []byte) {
	if text == nil {
		return
	}
	frame := framed(text)
	for _, c := range list {
		if h.hurried.Load() > 0 {
			c.queueFrame(frame)
		} else {
			c.sendAtOnce(frame)
		}
	}
}

// sides parts the connections of staff from those of clients.
func sides(list []*conn) (staff, clients []*conn) {
	isClient := func(c *conn) bool { return c.actor.Load().IsClient() }
	if !slices.ContainsFunc(list, isClient) {
		return list, nil
	}
	for _, c := range list {
		if isClient(c) {
			clients = append(clients, c)
		} else {
			staff = append(staff, c)
		}
	}
	return staff, clients
}

// split parts the connections of one person from the others.
func split(list []*conn, user care.UserID) (own, others []*conn) {
	others = slices.DeleteFunc(slices.Clone(list), func(c *conn) bool { return c.user == user })
	own = slices.DeleteFunc(slices.Clone(list), func(c *conn) bool { return c.user != user })
	return own, others
}
