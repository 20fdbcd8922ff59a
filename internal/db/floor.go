package db

import (
	"context"
	"slices"
	"time"
)

// CommitFloor measures the median time of n commits that change next to nothing: what
// the disk asks for one durable commit, however little is in it. For benchmarks.
func (d *DB) CommitFloor(ctx context.Context, n int) (time.Duration, error) {
	times := make([]time.Duration, max(n, 1))
	for i := range times {
		began := time.Now()
		if err := d.engine.floor(ctx, i+1); err != nil {
			return 0, err
		}
		times[i] = time.Since(began)
	}
	slices.Sort(times)
	return times[len(times)/2], nil
}
