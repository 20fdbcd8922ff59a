package identity

import (
	"testing"
	"time"

	"hearth/internal/care"
)

// A load that began before a change and ends after it must not bring the old state back.
func TestForgettingWinsOverALoadThatIsUnderway(t *testing.T) {
	now, key := time.Now(), tokenKey{1}
	user, other := care.UserID{1}, care.UserID{2}
	old := live{actor: care.Actor{User: user}, loaded: now}
	for name, forget := range map[string]func(c *cache){
		"the person": func(c *cache) { c.forget(user) },
		"another":    func(c *cache) { c.forget(other) }, // not needed, but simple: the next load is kept
		"all":        (*cache).clear,
	} {
		c := newCache()
		_, era, _ := c.get(key, now)
		forget(c)
		c.put(key, old, era)
		if _, _, known := c.get(key, now); known {
			t.Errorf("%s: the load from before is remembered", name)
		}
		_, era, _ = c.get(key, now)
		c.put(key, old, era)
		if _, _, known := c.get(key, now); !known {
			t.Errorf("%s: the load from after is not remembered", name)
		}
	}
}

func TestTheCacheIsBounded(t *testing.T) {
	c, now := newCache(), time.Now()
	keyOf := func(i int) tokenKey { return tokenKey{byte(i), byte(i >> 8), byte(i >> 16)} }
	for i := range cacheSize + 10 {
		c.put(keyOf(i), live{actor: care.Actor{User: care.UserID{byte(i)}}, loaded: now}, 0)
		if len(c.entries) > cacheSize {
			t.Fatalf("%d entries", len(c.entries))
		}
	}
	newest := keyOf(cacheSize + 9)
	if _, _, known := c.get(newest, now); !known {
		t.Error("the newest is gone")
	}
	if _, _, known := c.get(newest, now.Add(-time.Second)); known {
		t.Error("remembered from the future: the clock was set back")
	}
}
