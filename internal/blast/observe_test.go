package blast

import (
	"context"
	"maps"
	"testing"
	"time"

	"hearth/internal/care"
)

// What operators see: each recipient is counted once, by what became of them, and a blast
// that is due and does not go on is seen to wait.
func TestOperatorsSeeWhatIsSentAndWhatWaits(t *testing.T) {
	engines(t, func(w *world) {
		counts := map[string]int{}
		w.blasts.CountBy(func(why string, n int) { counts[why] += n })
		behind := func(want time.Duration) {
			t.Helper()
			if got, err := w.blasts.Behind(context.Background()); err != nil || got != want {
				t.Errorf("behind %s (%v), want %s", got, err, want)
			}
		}
		w.set(w.maya, "own_direct", false)
		w.set(w.arjun, "state", string(care.ClientArchived))
		behind(0)
		later := w.blast(w.olga, Request{Body: "Hello", Recipients: named(w.leilani, w.maya, w.arjun), SendAt: w.clock.Now().Add(time.Minute)})
		behind(0)
		w.clock.Advance(90 * time.Second)
		behind(30 * time.Second)
		w.work()
		behind(0)
		if want := map[string]int{"": 1, "direct_off": 1, "archived": 1}; !maps.Equal(counts, want) {
			t.Errorf("counted %v, want %v", counts, want)
		}
		if got := w.get(w.olga, later); got.State != Sent {
			t.Errorf("the blast is %s", got.State)
		}
	})
}
