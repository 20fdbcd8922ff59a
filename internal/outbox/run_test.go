package outbox_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
	"hearth/internal/testkit"
)

// counter is a consumer that calls a function for each event.
type counter func(context.Context, *outbox.Event) error

func (counter) Name() string { return "counter" }

func (c counter) Take(ctx context.Context, _ *db.Tx, events []*outbox.Event) (func(), error) {
	for _, e := range events {
		if err := c(ctx, e); err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// TestRunGoesOnWhileThereIsSomething and does not wait to be woken for each transaction.
func TestRunGoesOnWhileThereIsSomething(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		const many = 40 * 64
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			return outbox.Append(t.Context(), tx, slices.Repeat([]outbox.Event{{Org: care.OrgID{1}, Kind: outbox.MessageCreated, Subject: [16]byte{2}, At: start.Add(-time.Second)}}, many)...)
		})
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithTimeout(t.Context(), 25*time.Second)
		defer stop()
		n := 0
		o := outbox.New(d, clock.Now, counter(func(context.Context, *outbox.Event) error { n++; return nil }), &last{at: many, stop: stop})
		o.Run(ctx, func(err error) { t.Error(err) })
		if n != many {
			t.Errorf("%d of %d were told", n, many)
		}
	})
}

// last stops behind the commit of the last event.
type last struct {
	n, at int
	stop  func()
}

func (l *last) Name() string { return "last" }

func (l *last) Take(_ context.Context, _ *db.Tx, events []*outbox.Event) (func(), error) {
	l.n += len(events)
	if l.n == l.at {
		return l.stop, nil
	}
	return nil, nil
}

// A failure is told; that the program ends in the middle of something is none.
func TestRunReportsFailuresButNotThatItEnds(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		broken := errors.New("broken")
		write(t, d, start.Add(-time.Second), 1)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		var reported []error
		o := outbox.New(d, clock.Now, counter(func(context.Context, *outbox.Event) error { return broken }))
		o.Run(ctx, func(err error) { reported = append(reported, err); stop() })
		if len(reported) != 1 || !errors.Is(reported[0], broken) {
			t.Errorf("reported %v", reported)
		}
		clock.Advance(time.Hour)
		ctx, stop = context.WithCancel(t.Context())
		defer stop()
		o = outbox.New(d, clock.Now, counter(func(context.Context, *outbox.Event) error { stop(); return broken }))
		o.Run(ctx, func(err error) { t.Errorf("that it ends is reported: %v", err) })
	})
}
