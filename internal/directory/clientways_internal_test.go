package directory

import "testing"

// TestWaysOfAList holds which way is taken: all of them find the same clients, so that
// only the time would tell.
func TestWaysOfAList(t *testing.T) {
	r := Reading{Few: 10, Many: 100, Kinds: 3}
	for _, c := range []struct {
		kinds, clients int
		want           way
	}{{3, 1000, merged}, {4, 10, gathered}, {4, 11, walked}} {
		if got := r.ofKinds(c.kinds, c.clients); got != c.want {
			t.Errorf("%d kinds with %d clients: %d, want %d", c.kinds, c.clients, got, c.want)
		}
	}
	for _, c := range []struct {
		clients int
		of      part
		want    way
		onward  way
	}{
		{10, part{size: 1, word: true}, gathered, blocks},
		{11, part{size: 10, word: true}, lookedUp, blocks},
		{11, part{size: 11, word: true}, walked, blocks},
		{101, part{size: 100, word: true}, walked, blocks},
		{101, part{size: 101, word: true}, walked, walked},
		{101, part{size: 11}, walked, walked},
	} {
		if got := r.ofParts(c.clients, c.of); got != c.want {
			t.Errorf("%d clients narrowed to %+v: %d, want %d", c.clients, c.of, got, c.want)
		}
		if got := r.onward(c.of); got != c.onward {
			t.Errorf("onward with %+v: %d, want %d", c.of, got, c.onward)
		}
	}
}
