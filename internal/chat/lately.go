package chat

import (
	"container/list"
	"sync"
)

// lately keeps what was used last, up to a bound of what it costs. A value is never
// changed, only replaced. It is safe for concurrent use.
type lately[K comparable, V any] struct {
	cost func(V) int // in bytes, roughly
	max  int

	mu    sync.Mutex
	byKey map[K]*list.Element
	order *list.List // of kept[K, V], the most recently used first
	size  int
}

type kept[K comparable, V any] struct {
	key   K
	value V
}

func newLately[K comparable, V any](bytes int, cost func(V) int) *lately[K, V] {
	return &lately[K, V]{cost: cost, max: bytes, byKey: map[K]*list.Element{}, order: list.New()}
}

// get gives a value, and whether there is one.
func (r *lately[K, V]) get(key K) (value V, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	e, found := r.byKey[key]
	if found {
		r.order.MoveToFront(e)
		value = e.Value.(kept[K, V]).value
	}
	return value, found
}

// put keeps a value; where there is one already choose says which of the two, or what
// takes the place of both.
func (r *lately[K, V]) put(key K, value V, choose func(old, fresh V) V) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, found := r.byKey[key]; found {
		value = choose(e.Value.(kept[K, V]).value, value)
		r.forget(e)
	}
	r.byKey[key] = r.order.PushFront(kept[K, V]{key, value})
	r.size += r.cost(value)
	for r.size > r.max && r.order.Len() > 1 {
		r.forget(r.order.Back())
	}
}

func (r *lately[K, V]) forget(e *list.Element) {
	k := r.order.Remove(e).(kept[K, V])
	delete(r.byKey, k.key)
	r.size -= r.cost(k.value)
}
