package waiting_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/outbox"
	"hearth/internal/testkit"
	"hearth/internal/waiting"
)

// oracle is what the package promises, for one conversation and in the simplest way: it
// keeps everything that was said, and reckons from the beginning.
type oracle struct {
	texts    []text
	closed   bool
	needless int64         // up to where somebody said that no answer is needed
	undo     *dismissed    // what can be taken back
	told     map[int64]int // by the number of the question: how many reminders there were
	on       bool
	since    time.Time // when it was switched on
	hours    int64
	queue    int64
	reminded []string
}

type text struct {
	seq     int64
	client  bool
	deleted bool
	at      time.Time
}

// dismissed is a question that needs no answer, and up to where none was needed before.
type dismissed struct{ seq, before int64 }

// question is the text that waits for an answer.
func (o *oracle) question() (q text, waits bool) {
	q, asked := o.asked()
	return q, asked && !o.closed
}

// asked is the text that would wait if the conversation were open.
func (o *oracle) asked() (q text, waits bool) {
	for _, one := range o.texts {
		switch {
		case !one.client:
			waits = false
		case !waits && !one.deleted && one.seq > o.needless:
			q, waits = one, true
		}
	}
	return q, waits
}

// pass says which reminders are due.
func (o *oracle) pass(id care.ConversationID, now time.Time) {
	q, waits := o.question()
	if !waits || !o.on {
		return
	}
	calendar, _ := office().Calendar()
	for stage, hours := range []int64{o.hours, o.hours + o.queue} {
		due, _ := calendar.After(q.at, time.Duration(hours)*time.Hour)
		if due.After(now) || !due.After(o.since) || o.told[q.seq] != stage {
			continue
		}
		o.told[q.seq]++
		o.reminded = append(o.reminded, []string{team(id, q.seq), queue(id, q.seq)}[stage])
	}
}

func TestModel(t *testing.T) {
	for _, engine := range []struct {
		name string
		db   func(testing.TB) *db.DB
	}{{"sqlite", testkit.SQLite}, {"postgres", testkit.Postgres}} {
		t.Run(engine.name, func(t *testing.T) {
			w := newWorld(t, engine.db(t))
			w.settle()
			rapid.Check(t, func(t *rapid.T) { w.story(t) })
		})
	}
}

// story tells one conversation from its beginning; the outbox and the reminders are looked
// after only now and then, in any order, by either of two nodes.
func (w *world) story(t *rapid.T) {
	id := w.open(care.Direct, w.noor, w.leila)
	o := &oracle{told: map[int64]int{}}
	o.choose(w, rapid.Bool().Draw(t, "on"), 4, 8)
	nodes := []*outbox.Outbox{w.outbox, outbox.New(w.db, w.clock.Now, waiting.New(w.db, w.clock.Now, w.events), w.told)}
	for range rapid.IntRange(1, 25).Draw(t, "steps") {
		switch rapid.SampledFrom([]string{"client", "client", "staff", "delete", "close", "needless", "recall", "settings", "wait", "wait", "hear"}).Draw(t, "step") {
		case "client":
			o.say(w, id, w.leila)
		case "staff":
			o.say(w, id, w.noor)
		case "delete":
			o.remove(t, w, id)
		case "close":
			o.closed = !o.closed
			w.close(id, o.closed)
		case "needless":
			o.dismiss(t, w, id)
		case "recall":
			o.recall(w, id)
		case "settings":
			o.choose(w, rapid.Bool().Draw(t, "on"), rapid.Int64Range(1, 12).Draw(t, "hours"), rapid.Int64Range(1, 12).Draw(t, "queue"))
		case "wait":
			w.pass(o, id)
			w.clock.Advance(time.Duration(rapid.IntRange(1, 20*60).Draw(t, "minutes")) * time.Minute)
		case "hear":
			if _, err := nodes[rapid.IntRange(0, 1).Draw(t, "node")].Work(ctx); err != nil {
				t.Fatal(err)
			}
		}
		o.compare(t, w, id)
	}
	w.close(id, true)
	w.settle()
	w.reminded()
}

func (w *world) pass(o *oracle, id care.ConversationID) {
	w.settle()
	o.pass(id, w.clock.Now())
}

func (o *oracle) say(w *world, id care.ConversationID, who care.Actor) {
	if o.closed {
		return
	}
	m := w.say(who, id)
	if who.IsClient() {
		o.undo = nil // it asks again
	}
	o.texts = append(o.texts, text{seq: m.Seq, client: who.IsClient(), at: m.CreatedAt})
}

// remove deletes a text of the client. What was told of a question counts for the one that
// takes its place.
func (o *oracle) remove(t *rapid.T, w *world, id care.ConversationID) {
	if len(o.texts) == 0 {
		return
	}
	one := &o.texts[rapid.IntRange(0, len(o.texts)-1).Draw(t, "which")]
	if !one.client || one.deleted {
		return
	}
	w.pass(o, id)
	before, waited := o.asked()
	messages, _, err := w.chat.Messages(ctx, w.leila, id, chat.Page{Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range messages {
		if m.Seq == one.seq {
			if err := w.chat.Delete(ctx, w.leila, id, m.ID); err != nil {
				t.Fatal(err)
			}
		}
	}
	one.deleted = true
	if after, waits := o.asked(); waited && waits && after.seq != before.seq {
		o.told[after.seq] = o.told[before.seq]
	}
	w.settle()
}

// dismiss says that no answer is needed, up to some text or to the end.
func (o *oracle) dismiss(t *rapid.T, w *world, id care.ConversationID) {
	w.pass(o, id)
	upTo, last := int64(0), int64(0)
	if n := len(o.texts); n > 0 {
		last = o.texts[n-1].seq
		if rapid.Bool().Draw(t, "up to") {
			upTo = o.texts[rapid.IntRange(0, n-1).Draw(t, "which")].seq
		}
	}
	w.needless(w.noor, id, upTo)
	q, waits := o.question()
	if upTo == 0 {
		upTo = last
	}
	if !waits || q.seq > upTo {
		return
	}
	o.undo, o.needless = &dismissed{q.seq, o.needless}, upTo
	if _, again := o.asked(); again {
		o.undo = nil
	}
}

// recall takes that back, unless the client has asked again. What was told of the question
// counts for the one that takes its place.
func (o *oracle) recall(w *world, id care.ConversationID) {
	w.pass(o, id)
	w.recall(id)
	if o.undo == nil {
		return
	}
	o.needless = o.undo.before
	if q, waits := o.asked(); waits && q.seq != o.undo.seq {
		o.told[q.seq] = o.told[o.undo.seq]
	}
	o.undo = nil
}

func (o *oracle) choose(w *world, on bool, hours, queueAfter int64) {
	now, err := w.waiting.Settings(ctx, w.olga)
	if err != nil {
		w.t.Fatal(err)
	}
	_, err = w.waiting.SetSettings(ctx, w.olga, waiting.Edit{Version: now.Version, On: &on, Hours: &hours, QueueAfter: &queueAfter})
	if err != nil {
		w.t.Fatal(err)
	}
	if on && !o.on {
		o.since = w.clock.Now()
	}
	o.on, o.hours, o.queue = on, hours, queueAfter
}

// compare settles, and asks both what waits and who was reminded.
func (o *oracle) compare(t *rapid.T, w *world, id care.ConversationID) {
	if rapid.IntRange(0, 2).Draw(t, "look") > 0 {
		return
	}
	w.pass(o, id)
	want := ""
	if q, waits := o.question(); waits {
		want = q.at.Format("15:04")
		calendar, _ := office().Calendar()
		if due, _ := calendar.After(q.at, time.Duration(o.hours)*time.Hour); o.on && !due.After(w.clock.Now()) {
			want += " overdue"
		}
	}
	if got := w.wait(id); got != want {
		t.Fatalf("it waits %q, want %q: %+v", got, want, o)
	}
	got := w.reminded()
	slices.Sort(o.reminded)
	if !slices.Equal(got, o.reminded) {
		t.Fatalf("reminded %q, want %q: %+v", got, o.reminded, o)
	}
	o.reminded = nil
}

func (t text) String() string {
	return fmt.Sprintf("%d %v %v %s", t.seq, t.client, t.deleted, t.at.Format("Mon 15:04"))
}
