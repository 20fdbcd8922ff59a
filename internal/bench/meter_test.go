package bench

import (
	"os"
	"testing"
	"time"
)

func TestProcessTimeGrowsWithWork(t *testing.T) {
	before, err := processTime(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(10 * time.Second); ; {
		after, err := processTime(os.Getpid())
		if err != nil {
			t.Fatal(err)
		}
		if after >= before+5*tick {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("after ten seconds of work: %v more", after-before)
		}
	}
}

func TestProcessTimeOfNobody(t *testing.T) {
	if _, err := processTime(1 << 30); err == nil {
		t.Error("a process that does not exist has used time")
	}
}

func TestDatabaseTime(t *testing.T) {
	before := usage{database: map[int]time.Duration{1: time.Second, 2: time.Minute}}
	after := usage{database: map[int]time.Duration{1: 3 * time.Second, 3: time.Second}}
	if got := after.since(before); got != 3*time.Second {
		t.Errorf("spent %v, want what grew and what came", got)
	}
}
