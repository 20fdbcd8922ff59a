package outbox_test

import (
	"bytes"
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

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// ear is a consumer that notes what it was given.
type ear struct {
	name  string
	heard []int64 // the Seq of each event that was committed
	fail  func(seq int64) error
	parts map[int64]int // how many more times an event is wanted
	after int
}

func (e *ear) Name() string { return e.name }

func (e *ear) Take(_ context.Context, _ *db.Tx, events []*outbox.Event) (func(), error) {
	var taken []int64
	for _, event := range events {
		if e.fail != nil {
			if err := e.fail(event.Seq); err != nil {
				return nil, err
			}
		}
		taken = append(taken, event.Seq)
		if left := e.parts[event.Seq]; left > 0 {
			e.parts[event.Seq]--
			event.Again(care.UserID{byte(left)})
		}
	}
	return func() { e.heard = append(e.heard, taken...); e.after++ }, nil
}

func each(t *testing.T, test func(t *testing.T, d *db.DB, clock *testkit.Clock)) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) { test(t, d, testkit.NewClock(start)) })
}

func write(t *testing.T, d *db.DB, at time.Time, seqs ...int64) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for i, seq := range seqs {
			e := outbox.Event{Org: care.OrgID{1}, Kind: outbox.MessageCreated, Subject: [16]byte{2}, Seq: seq, At: at.Add(time.Duration(i) * time.Millisecond)}
			if err := outbox.Append(t.Context(), tx, e); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func work(t *testing.T, o *outbox.Outbox) {
	t.Helper()
	for range 20 {
		if worked, err := o.Work(t.Context()); err != nil {
			t.Fatal(err)
		} else if !worked {
			return
		}
	}
	t.Fatal("there is always work")
}

func TestEveryConsumerHearsEverythingOnceInOrder(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		one, other := &ear{name: "one"}, &ear{name: "other"}
		o := outbox.New(d, clock.Now, one, other)
		var want []int64
		for seq := range int64(200) {
			want = append(want, seq)
		}
		write(t, d, start.Add(-time.Second), want...)
		work(t, o)
		work(t, o)
		if !slices.Equal(one.heard, want) || !slices.Equal(other.heard, want) {
			t.Errorf("one heard %v, other %v", one.heard, other.heard)
		}
	})
}

func TestWhatWasRolledBackIsNotTold(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		undone := errors.New("undone")
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			if err := outbox.Append(t.Context(), tx, outbox.Event{Kind: outbox.BlastFinished, Org: care.OrgID{1}, Subject: [16]byte{3}, At: start}); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		e := &ear{name: "one"}
		if worked, err := outbox.New(d, clock.Now, e).Work(t.Context()); worked || err != nil || len(e.heard) > 0 {
			t.Errorf("heard %v, %v, %v", e.heard, worked, err)
		}
	})
}

func TestOneThatCannotBeTakenKeepsNoOtherWaitingAndComesAgain(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		broken := true
		one, other := &ear{name: "one"}, &ear{name: "other"}
		other.fail = func(seq int64) error {
			if seq == 2 && broken {
				return errors.New("not now")
			}
			return nil
		}
		o := outbox.New(d, clock.Now, one, other)
		write(t, d, start.Add(-time.Second), 1, 2, 3)
		if _, err := o.Work(t.Context()); err == nil {
			t.Error("nobody is told that a consumer failed")
		}
		work(t, o)
		if want := []int64{1, 3}; !slices.Equal(one.heard, want) || !slices.Equal(other.heard, want) {
			t.Fatalf("beside the broken one: %v and %v", one.heard, other.heard)
		}
		broken = false
		clock.Advance(time.Minute)
		work(t, o)
		if want := []int64{1, 3, 2}; !slices.Equal(one.heard, want) || !slices.Equal(other.heard, want) {
			t.Errorf("afterwards: %v and %v", one.heard, other.heard)
		}
	})
}

func TestWhatCannotBeTakenForADayIsGivenUpAndSaid(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		e := &ear{name: "one", fail: func(int64) error { return errors.New("never") }}
		o := outbox.New(d, clock.Now, e)
		write(t, d, start.Add(-time.Second), 1)
		tries, last := 0, error(nil)
		for ; tries < 200; tries++ {
			_, err := o.Work(t.Context())
			if err == nil {
				break
			}
			last = err
			clock.Advance(time.Hour)
		}
		if tries < 20 || tries > 40 || !bytes.Contains([]byte(last.Error()), []byte("given up")) {
			t.Errorf("tried %d times, at last %v", tries, last)
		}
		if worked, err := o.Work(t.Context()); worked || err != nil {
			t.Errorf("something is left: %v %v", worked, err)
		}
	})
}

func TestAnEventOfManyPartsGoesOnWithTheOneThatWantsIt(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		one, other := &ear{name: "one"}, &ear{name: "other", parts: map[int64]int{2: 3}}
		o := outbox.New(d, clock.Now, one, other)
		write(t, d, start.Add(-time.Second), 1, 2, 3)
		work(t, o)
		if want := []int64{1, 2, 3}; !slices.Equal(one.heard, want) {
			t.Errorf("the one that was finished heard %v", one.heard)
		}
		if want := []int64{1, 2, 3, 2, 2, 2}; !slices.Equal(other.heard, want) {
			t.Errorf("the one that goes on heard %v", other.heard)
		}
	})
}

func TestAfterIsNotCalledWhereTheTransactionWasUndone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		one := &ear{name: "one"}
		fails := &ear{name: "two", fail: func(int64) error { return errors.New("no") }}
		o := outbox.New(d, clock.Now, one, fails)
		write(t, d, start.Add(-time.Second), 1)
		_, _ = o.Work(t.Context())
		if one.after != 0 {
			t.Error("told before anything was committed")
		}
	})
}

func TestTwoNodesTellEachEventOnce(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		ears := []*ear{{name: "one"}, {name: "one"}}
		var seqs []int64
		for seq := range int64(500) {
			seqs = append(seqs, seq)
		}
		write(t, d, start.Add(-time.Minute), seqs...)
		done := make(chan error, len(ears))
		for _, e := range ears {
			o := outbox.New(d, clock.Now, e)
			go func() {
				for range 100 {
					if _, err := o.Work(t.Context()); err != nil {
						done <- err
						return
					}
				}
				done <- nil
			}()
		}
		for range ears {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		all := slices.Concat(ears[0].heard, ears[1].heard)
		slices.Sort(all)
		if !slices.Equal(all, seqs) {
			t.Errorf("%d events were told, of %d", len(all), len(seqs))
		}
	})
}
