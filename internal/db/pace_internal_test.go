package db

import (
	"testing"
	"time"
)

// Pace comes to what fits into its goal, from either side, and stays within its bounds.
func TestPace(t *testing.T) {
	for _, c := range []struct {
		each        time.Duration // what one client takes
		least, most int           // what it comes to
	}{
		{time.Microsecond, paceMost, paceMost},
		{100 * time.Microsecond, 80, 112},
		{400 * time.Microsecond, paceStep, paceStep},
		{10 * time.Millisecond, paceStep, paceStep},
	} {
		var p Pace
		for range 40 {
			n := p.Next()
			p.took(n, time.Duration(n)*c.each)
		}
		if n := p.Next(); n < c.least || n > c.most {
			t.Errorf("%v for each client: %d at a time, want %d to %d", c.each, n, c.least, c.most)
		}
	}
	p := Pace{n: 4 * paceStep}
	p.took(p.n, 2*PaceGoal)
	if n := p.Next(); n != 2*paceStep {
		t.Errorf("after twice too long: %d", n)
	}
	p.took(1, time.Microsecond)
	if n := p.Next(); n != 2*paceStep {
		t.Errorf("one client says nothing of many: %d", n)
	}
}
