package live

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/notify"
)

// toldStub is a person with some notices that are unread.
type toldStub struct {
	unread  atomic.Int64
	fails   atomic.Bool
	counted func()
}

func (s *toldStub) Get(_ context.Context, _ care.Actor, id care.NoticeID) (notify.Notice, error) {
	return notify.Notice{ID: id, Kind: "direct", Conversation: thread, Title: "Maya Lindqvist", Seq: 7, Count: 1, At: time.Unix(0, 0)}, nil
}

func (s *toldStub) Unread(context.Context, care.UserID) (int, error) {
	if s.fails.Load() {
		return 0, errors.New("the database is away")
	}
	n := int(s.unread.Load())
	if s.counted != nil {
		s.counted()
	}
	return n, nil
}

func (s *toldStub) Rings(context.Context, care.Actor) (bool, error) { return true, nil }

// hello connects and gives the first frame.
func (r *rig) hello(token string) (*device, map[string]any) {
	r.t.Helper()
	d, _, err := r.dial(token)
	if err != nil {
		r.t.Fatal(err)
	}
	return d, d.next()
}

func TestTheHelloCountsNotices(t *testing.T) {
	t.Parallel()
	told := &toldStub{}
	r := newRig(t, func(c *Config) { c.Told = told })
	r.person("noor")
	for _, n := range []int64{0, 3} {
		told.unread.Store(n)
		if _, f := r.hello("noor"); f["type"] != "hello" || f["notices_unread"] != float64(n) {
			t.Errorf("with %d unread: %v", n, f)
		}
	}
	// Where it cannot be counted it is left out, and the connection stands all the same.
	told.fails.Store(true)
	d, f := r.hello("noor")
	if _, there := f["notices_unread"]; f["type"] != "hello" || there {
		t.Errorf("without a count: %v", f)
	}
	d.write(`{"type":"nothing"}`)
	if f := d.next(); f["type"] != "error" {
		t.Errorf("then came %v", f)
	}
}

func TestNobodyCountsWhereNobodyIsTold(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.person("noor")
	if _, f := r.hello("noor"); len(f) != 3 {
		t.Errorf("the hello is %v", f)
	}
}

// What is told while it is counted comes behind the hello: nothing falls between the two.
func TestANoticeDuringTheHelloIsNotMissed(t *testing.T) {
	t.Parallel()
	told := &toldStub{}
	r := newRig(t, func(c *Config) { c.Told = told })
	noor := r.person("noor")
	id := care.NewID[care.NoticeID](time.Now())
	var once atomic.Bool
	told.counted = func() {
		if once.CompareAndSwap(false, true) {
			told.unread.Store(1)
			r.bus.Publish(care.Event{Type: care.EventNoticeCreated, Org: practice, To: []care.UserID{noor.User}, Notice: id, Conversation: thread})
		}
	}
	d, f := r.hello("noor")
	if f["type"] != "hello" || f["notices_unread"] != float64(0) {
		t.Fatalf("first %v", f)
	}
	if f := d.next(); f["type"] != "notice.created" || at(f, "data.unread") != "1" || at(f, "data.notice.id") != id.String() || at(f, "data.notice.seq") != "7" {
		t.Errorf("then %v", f)
	}
}

func TestPreferencesAreToldToTheirPersonAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	noor, sam := r.person("noor"), r.person("sam")
	first, second, other := r.connect("noor"), r.connect("noor"), r.connect("sam")
	r.bus.Publish(care.Event{Type: care.EventPreferencesChanged, Org: practice, To: []care.UserID{noor.User}})
	r.bus.Publish(care.Event{Type: care.EventReportsChanged, Org: practice, To: []care.UserID{noor.User, sam.User}})
	for _, d := range []*device{first, second} {
		if f := d.next(); f["type"] != "preferences.changed" || len(f["data"].(map[string]any)) != 0 {
			t.Errorf("her device got %v", f)
		}
	}
	if f := other.next(); f["type"] != "reports.changed" {
		t.Errorf("a colleague got %v", f)
	}
}
