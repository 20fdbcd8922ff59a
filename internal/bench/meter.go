package bench

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"time"
)

// usage is CPU time spent so far.
type usage struct {
	server   time.Duration
	database map[int]time.Duration // by process
}

// since is what the database's processes spent after before. One that came in between
// counts whole, one that ended is lost.
func (u usage) since(before usage) (spent time.Duration) {
	for pid, now := range u.database {
		spent += now - before.database[pid]
	}
	return spent
}

func (s *server) meter(ctx context.Context, at place) (usage, error) {
	u := usage{database: map[int]time.Duration{}}
	pids, err := at.processes(ctx)
	if err != nil {
		return u, err
	}
	for _, pid := range pids {
		if spent, err := processTime(pid); err == nil { // it may have ended meanwhile
			u.database[pid] = spent
		}
	}
	u.server, err = processTime(s.pid)
	return u, err
}

// settleTime bounds the wait for what the server still does with what was sent to it.
const settleTime = 2 * time.Minute

// settle waits until the server rests: the words of what was sent are indexed for search
// when nobody sends, and that is not what reading costs.
func (s *server) settle(ctx context.Context, at place) error {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	const look, quiet = 500 * time.Millisecond, 12 // times in a row
	for rested := 0; rested < quiet; {
		before, err := s.meter(ctx, at)
		if err != nil {
			return err
		}
		select {
		case <-time.After(look):
		case <-ctx.Done():
			return fmt.Errorf("the server does not come to rest: %w", ctx.Err())
		}
		after, err := s.meter(ctx, at)
		if err != nil {
			return err
		}
		if rested++; after.server-before.server > look/20 {
			rested = 0
		}
	}
	return nil
}

// Linux counts CPU time in hundredths of a second, whatever the kernel's own clock.
const tick = 10 * time.Millisecond

// processTime reads the user and system time of all threads of a process.
func processTime(pid int) (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("the CPU time of the server is read from /proc, which only Linux has: %w", err)
	}
	// The name, in parentheses, may hold anything.
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	const utime, stime = 11, 12
	if len(fields) <= stime {
		return 0, fmt.Errorf("/proc/%d/stat has another form than expected", pid)
	}
	user, errUser := strconv.ParseInt(string(fields[utime]), 10, 64)
	system, errSystem := strconv.ParseInt(string(fields[stime]), 10, 64)
	if errUser != nil || errSystem != nil {
		return 0, fmt.Errorf("/proc/%d/stat has another form than expected", pid)
	}
	return time.Duration(user+system) * tick, nil
}
