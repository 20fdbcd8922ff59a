package identity

import (
	"crypto/sha256"
	"sync"
	"time"

	"hearth/internal/care"
)

const (
	cacheLife = 2 * time.Second
	cacheSize = 50_000 // sessions; beyond it the cache begins anew
)

type tokenKey = [sha256.Size]byte

// cache remembers who tokens belong to, for moments. A load that began before something
// was forgotten is not put in afterwards: era counts the forgettings.
type cache struct {
	mu      sync.RWMutex
	entries map[tokenKey]live
	users   map[care.UserID][]tokenKey
	era     uint64
}

func newCache() *cache {
	c := &cache{}
	c.reset()
	return c
}

func (c *cache) reset() {
	c.entries, c.users = map[tokenKey]live{}, map[care.UserID][]tokenKey{}
}

// get gives what is remembered, and the era in which a load begins.
func (c *cache) get(key tokenKey, now time.Time) (l live, era uint64, ok bool) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	l, ok = c.entries[key]
	age := now.Sub(l.loaded)
	return l, c.era, ok && age >= 0 && age < cacheLife
}

func (c *cache) put(key tokenKey, l live, era uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if era != c.era {
		return
	}
	if len(c.entries) >= cacheSize {
		c.reset()
	}
	if _, known := c.entries[key]; !known {
		c.users[l.actor.User] = append(c.users[l.actor.User], key)
	}
	c.entries[key] = l
}

func (c *cache) forget(user care.UserID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.era++
	for _, key := range c.users[user] {
		delete(c.entries, key)
	}
	delete(c.users, user)
}

func (c *cache) clear() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.era++
	c.reset()
}

// Forget drops what this node remembers about a person: call it after the commit of a
// change of their name, role, permissions or state.
func (s *Service) Forget(user care.UserID) { s.cache.forget(user) }
