package identity

import (
	"context"
	"sync"
	"time"
)

// queued is how many attempts may wait for one account.
const queued = 20

// turns lets the attempts of one account come one after the other, so that passwords
// cannot be tried faster than they are counted.
type turns struct {
	mu      sync.Mutex
	waiting map[string]*turn
}

type turn struct {
	free  chan struct{} // holds a token while nobody's turn it is
	users int
}

func newTurns() *turns { return &turns{waiting: map[string]*turn{}} }

// take waits for the turn of key and gives the function that ends it.
func (t *turns) take(ctx context.Context, key string) (end func(), err error) {
	t.mu.Lock()
	mine := t.waiting[key]
	if mine == nil {
		mine = &turn{free: make(chan struct{}, 1)}
		mine.free <- struct{}{}
		t.waiting[key] = mine
	}
	if mine.users > queued {
		t.mu.Unlock()
		return nil, tooMany(time.Second)
	}
	mine.users++
	t.mu.Unlock()
	select {
	case <-mine.free:
		return func() { mine.free <- struct{}{}; t.drop(key, mine) }, nil
	case <-ctx.Done():
		t.drop(key, mine)
		return nil, ctx.Err()
	}
}

func (t *turns) drop(key string, mine *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if mine.users--; mine.users == 0 {
		delete(t.waiting, key)
	}
}
