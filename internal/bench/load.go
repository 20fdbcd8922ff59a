package bench

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// result is one round of a cell.
type result struct {
	sends       int
	took        time.Duration
	latencies   []time.Duration // sorted
	server      time.Duration   // CPU time of the server process
	database    time.Duration   // CPU time of the database's processes
	hasDatabase bool
}

// client sends messages of one person over one connection, one after the other.
type client interface {
	// send returns when the message was acknowledged.
	send() error
	close()
}

var transports = []struct {
	name string
	dial func(address string, as sender) (client, error)
}{
	{"HTTP", dialHTTP},
	{"WebSocket", dialLive},
}

// load lets the senders write for a while.
func (s *server) load(ctx context.Context, transport string, as []sender, length time.Duration, at place) (result, error) {
	clients, err := s.dial(transport, as)
	defer func() {
		for _, c := range clients {
			c.close()
		}
	}()
	if err != nil {
		return result{}, err
	}
	return s.metered(ctx, at, clients, length)
}

// metered runs clients for a while and counts what the server spent.
func (s *server) metered(ctx context.Context, at place, clients []client, length time.Duration) (result, error) {
	before, err := s.meter(ctx, at)
	if err != nil {
		return result{}, err
	}
	one, err := sendFor(ctx, clients, length)
	if err != nil {
		return one, err
	}
	after, err := s.meter(ctx, at)
	one.server, one.database = after.server-before.server, after.since(before)
	one.hasDatabase = len(after.database) > 0
	return one, err
}

func (s *server) dial(transport string, as []sender) ([]client, error) {
	var clients []client
	for _, t := range transports {
		if t.name != transport {
			continue
		}
		for _, one := range as {
			c, err := t.dial(s.address, one)
			if err != nil {
				return clients, err
			}
			clients = append(clients, c)
		}
	}
	return clients, nil
}

// sendFor runs every client until the time is over or one fails.
func sendFor(ctx context.Context, clients []client, length time.Duration) (result, error) {
	var stop atomic.Bool
	timer := time.AfterFunc(length, func() { stop.Store(true) })
	defer timer.Stop()
	defer context.AfterFunc(ctx, func() { stop.Store(true) })()
	times := make([][]time.Duration, len(clients))
	failures := make([]error, len(clients))
	var all sync.WaitGroup
	began := time.Now()
	for i, c := range clients {
		all.Go(func() {
			for last := time.Now(); !stop.Load(); {
				if failures[i] = c.send(); failures[i] != nil {
					stop.Store(true)
					return
				}
				now := time.Now()
				times[i] = append(times[i], now.Sub(last))
				last = now
			}
		})
	}
	all.Wait()
	r := result{took: time.Since(began), latencies: slices.Concat(times...)}
	r.sends = len(r.latencies)
	slices.Sort(r.latencies)
	return r, errors.Join(append(failures, ctx.Err())...)
}
