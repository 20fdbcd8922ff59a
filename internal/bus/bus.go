package bus

import (
	"slices"
	"sync"
	"sync/atomic"

	"hearth/internal/care"
)

// EventMissed tells a subscriber that events may have been lost on the way, of any
// organization and person. It comes from the bus itself and carries nothing else.
const EventMissed care.EventType = "bus.missed"

// Bus carries events to everyone who subscribed, on all nodes. Both methods may be called
// from any goroutine.
type Bus interface {
	// Publish sends the events, which belong to committed changes. It never waits for
	// the network.
	Publish(events ...care.Event)
	// Subscribe calls f for every event from now on, until cancel is called. Calls come
	// from the publishers' goroutines, so f may run several times at once, must not
	// block and must not publish.
	Subscribe(f func(care.Event)) (cancel func())
}

// Local is the bus of a single process.
type Local struct {
	mu          sync.Mutex // guards changes; Publish reads the pointer alone
	subscribers atomic.Pointer[[]*func(care.Event)]
}

// New makes the bus of a single process.
func New() *Local { return &Local{} }

// Publish calls every subscriber for every event, in the caller's goroutine.
func (b *Local) Publish(events ...care.Event) {
	list := b.subscribers.Load()
	if list == nil {
		return
	}
	for _, e := range events {
		for _, f := range *list {
			(*f)(e)
		}
	}
}

// Subscribe adds f until cancel is called. A Publish that runs at the moment of the
// cancelling may still call f.
func (b *Local) Subscribe(f func(care.Event)) (cancel func()) {
	b.change(func(list []*func(care.Event)) []*func(care.Event) { return append(list, &f) })
	return func() {
		b.change(func(list []*func(care.Event)) []*func(care.Event) {
			return slices.DeleteFunc(list, func(p *func(care.Event)) bool { return p == &f })
		})
	}
}

func (b *Local) change(edit func([]*func(care.Event)) []*func(care.Event)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var list []*func(care.Event)
	if old := b.subscribers.Load(); old != nil {
		list = slices.Clone(*old)
	}
	list = edit(list)
	b.subscribers.Store(&list)
}
