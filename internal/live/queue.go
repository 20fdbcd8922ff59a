package live

import (
	"sync"
	"time"

	"hearth/internal/care"
)

// Staff with the permission organization inbox are told of news in every conversation with
// clients: which conversation, and nothing of what is in it. Whom to tell is known from
// the connections, so that sending a message asks no database for them; what happens in a
// short while is told together, so that its cost does not grow with the messages.
const (
	newsPause = 250 * time.Millisecond
	// maxNews conversations are named one by one; of more it is said that everything is to
	// be looked at again.
	maxNews = 50
)

// queue collects the news of each organization that is told something soon.
type queue struct {
	mu   sync.Mutex
	news map[care.OrgID]*news
}

type news struct {
	in  map[care.ConversationID]struct{}
	all bool
}

type queueData struct {
	Conversation *care.ConversationID `json:"conversation_id"`
}

// collect takes an event that is news for the queue. It never blocks.
func (h *Hub) collect(e care.Event) {
	if !e.Queue || !h.anyStaff(e.Org) {
		return
	}
	h.queue.mu.Lock()
	defer h.queue.mu.Unlock()
	n := h.queue.news[e.Org]
	if n == nil {
		if h.queue.news == nil {
			h.queue.news = map[care.OrgID]*news{}
		}
		n = &news{in: map[care.ConversationID]struct{}{}}
		h.queue.news[e.Org] = n
		time.AfterFunc(newsPause, func() { h.tellQueue(e.Org) })
	}
	if n.in[e.Conversation] = struct{}{}; e.Conversation.IsZero() || len(n.in) > maxNews {
		n.all, n.in = true, map[care.ConversationID]struct{}{}
	}
}

// anyStaff reports whether staff of an organization are connected here.
func (h *Hub) anyStaff(org care.OrgID) bool {
	h.mu.RLock()
	defer h.mu.RUnlock()
	return len(h.staff[org]) > 0
}

// tellQueue tells what was collected to those who may see the queue at this moment.
func (h *Hub) tellQueue(org care.OrgID) {
	h.queue.mu.Lock()
	n := h.queue.news[org]
	delete(h.queue.news, org)
	h.queue.mu.Unlock()
	list := h.watchers(org)
	if n.all {
		h.sendAll(list, event(care.EventQueueUpdated, queueData{}))
		return
	}
	for id := range n.in {
		h.sendAll(list, event(care.EventQueueUpdated, queueData{Conversation: &id}))
	}
}

// watchers are the connections of staff who may see every conversation with clients.
func (h *Hub) watchers(org care.OrgID) []*conn {
	h.mu.RLock()
	defer h.mu.RUnlock()
	var list []*conn
	for c := range h.staff[org] {
		if c.actor.Load().Can(care.OrganizationInbox) {
			list = append(list, c)
		}
	}
	return list
}

// enlist and strike keep who of staff is connected. The hub's lock is held.
func (h *Hub) enlist(c *conn) {
	actor := c.actor.Load()
	if !actor.IsStaff() {
		return
	}
	if h.staff[actor.Org] == nil {
		h.staff[actor.Org] = map[*conn]struct{}{}
	}
	h.staff[actor.Org][c] = struct{}{}
}

func (h *Hub) strike(c *conn) {
	org := c.actor.Load().Org
	if delete(h.staff[org], c); len(h.staff[org]) == 0 {
		delete(h.staff, org)
	}
}
