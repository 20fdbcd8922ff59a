package transcript

import (
	"context"
	"errors"
	"io"
	"runtime"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/jobs"
	"hearth/internal/testkit"
)

func TestWhoMayExport(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		internal := w.open(care.Internal, w.sam)
		w.say(w.noor, internal, "canary")
		for _, c := range []struct {
			who  care.Actor
			in   care.ConversationID
			code care.Code
		}{
			{w.sam, in, care.CodeForbidden},          // reads it, without the permission
			{w.maya, in, care.CodeNotFound},          // another client
			{w.mallory, in, care.CodeNotFound},       // another practice
			{w.leilani, internal, care.CodeNotFound}, // not hers
			{w.noor, care.ConversationID{1}, care.CodeNotFound},
		} {
			_, _, err := w.made.Ask(ctx, c.who, c.in, Request{Format: PDF})
			w.refused(err, c.code)
		}
		for _, r := range []Request{{Format: "docx"}, {Format: PDF, TimeZone: "Europe/Nowhere"}, {Format: PDF, TimeZone: "../../etc/passwd"}, {Format: PDF, TimeZone: "Local"}} {
			_, _, err := w.made.Ask(ctx, w.noor, in, r)
			w.refused(err, care.CodeInvalid)
		}
		if n := w.count(`SELECT COUNT(*) FROM exports`); n != 0 {
			w.Errorf("%d rows of what was refused", n)
		}
	})
}

func TestExportsAreTheirRequestersAlone(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		w.say(w.leilani, in, "hello")
		e := w.ask(w.leilani, in, Request{Format: JSON})
		w.work()
		for _, who := range []care.Actor{w.noor, w.maya, w.mallory} {
			_, err := w.made.Get(ctx, who, e.ID)
			w.refused(err, care.CodeNotFound)
			_, err = w.made.Fetch(ctx, who, e.ID)
			w.refused(err, care.CodeNotFound)
			w.refused(w.made.Remove(ctx, who, e.ID), care.CodeNotFound)
			if list, _, err := w.made.List(ctx, who, "", 10); err != nil || len(list) != 0 {
				w.Errorf("%v %v", list, err)
			}
		}
		if list, next, err := w.made.List(ctx, w.leilani, "", 10); err != nil || len(list) != 1 || list[0].ID != e.ID || next != "" {
			w.Errorf("%v %q %v", list, next, err)
		}
	})
}

func TestPagesOfTheList(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		var want []ID
		for range 5 {
			want = append([]ID{w.ask(w.noor, in, Request{Format: JSON}).ID}, want...)
			w.work()
			w.pass(time.Second)
		}
		var got []ID
		for cursor := ""; ; {
			list, next, err := w.made.List(ctx, w.noor, cursor, 2)
			if err != nil {
				w.Fatal(err)
			}
			for _, e := range list {
				got = append(got, e.ID)
			}
			if cursor = next; next == "" {
				break
			}
		}
		for i := range want {
			if i >= len(got) || got[i] != want[i] {
				w.Fatalf("got %v, want %v", got, want)
			}
		}
		_, _, err := w.made.List(ctx, w.noor, "x.y", 2)
		w.refused(err, care.CodeInvalid)
	})
}

func TestAccessIsJudgedAgain(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Community, w.leilani, w.maya)
		w.say(w.maya, in, "hello all")
		e, late := w.ask(w.maya, in, Request{Format: JSON}), w.ask(w.noor, in, Request{Format: JSON})
		w.work()
		w.fetch(w.maya, e.ID)
		waiting := w.ask(w.maya, in, Request{Format: PDF})
		if err := w.chat.RemoveMember(ctx, w.noor, in, w.maya.User); err != nil {
			w.Fatal(err)
		}
		w.work()
		for _, id := range []ID{e.ID, waiting.ID} {
			_, err := w.made.Get(ctx, w.maya, id)
			w.refused(err, care.CodeNotFound)
			_, err = w.made.Fetch(ctx, w.maya, id)
			w.refused(err, care.CodeNotFound)
		}
		if n := w.count(`SELECT COUNT(*) FROM exports WHERE id = $1 AND state = 'failed' AND why = 'not_found'`, waiting.ID); n != 1 {
			w.Error("the export that waited was made")
		}
		// Put back, they read from the new joining on, and the old file says more.
		w.pass(time.Minute)
		if _, err := w.chat.AddMember(ctx, w.noor, in, w.maya.User); err != nil {
			w.Fatal(err)
		}
		_, err := w.made.Fetch(ctx, w.maya, e.ID)
		w.refused(err, care.CodeNotFound)
		// The permission goes.
		w.noor.Permissions = care.PermissionsOf(care.OrganizationInbox)
		_, err = w.made.Fetch(ctx, w.noor, late.ID)
		w.refused(err, care.CodeForbidden)
	})
}

func TestThePermissionIsJudgedWhenItIsMade(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		e := w.ask(w.noor, in, Request{Format: JSON})
		w.exec(`UPDATE staff SET permissions = 'organization_inbox' WHERE user_id = $1`, w.noor.User)
		w.work()
		if got := w.get(w.noor, e.ID); got.State != Failed || got.Why != care.CodeForbidden || w.stored() != 0 {
			w.Errorf("%+v", got)
		}
		gone := w.ask(w.noor, in, Request{Format: JSON})
		w.exec(`UPDATE staff SET active = FALSE WHERE user_id = $1`, w.noor.User)
		w.work()
		if got := w.get(w.noor, gone.ID); got.State != Failed || got.Why != care.CodeNotFound {
			w.Errorf("%+v", got)
		}
	})
}

func TestARepeatedRequestIsOneExport(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		r := Request{ID: care.NewID[ID](w.now), Format: JSON, TimeZone: "UTC"}
		if _, existed, err := w.made.Ask(ctx, w.noor, in, r); existed || err != nil {
			w.Fatal(existed, err)
		}
		if e, existed, err := w.made.Ask(ctx, w.noor, in, r); !existed || err != nil || e.ID != r.ID {
			w.Errorf("%+v %v %v", e, existed, err)
		}
		r.Format = PDF
		_, _, err := w.made.Ask(ctx, w.noor, in, r)
		w.refused(err, care.CodeIDReused)
		r.Format = JSON
		_, _, err = w.made.Ask(ctx, w.leilani, in, r)
		w.refused(err, care.CodeIDReused)
	})
}

func TestThreeAtATime(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		var wait sync.WaitGroup
		var mu sync.Mutex
		begun := 0
		for range 8 {
			wait.Go(func() {
				_, _, err := w.made.Ask(ctx, w.noor, in, Request{Format: JSON})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					begun++
				} else {
					w.refused(err, care.CodeRateLimited)
				}
			})
		}
		wait.Wait()
		if begun != maxRunning {
			w.Errorf("%d begun", begun)
		}
		w.ask(w.leilani, in, Request{Format: JSON}) // another person's count
		w.work()
		for w.count(`SELECT COUNT(*) FROM exports WHERE state <> 'ready'`) > 0 { // a third waited for a place
			w.pass(again)
			w.work()
		}
		w.ask(w.noor, in, Request{Format: JSON})
	})
}

func TestAskingAndFetchingAreRecorded(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		w.say(w.leilani, in, "canary")
		e := w.ask(w.noor, in, Request{Format: JSON})
		w.work()
		w.fetch(w.noor, e.ID)
		w.fetch(w.noor, e.ID)
		for action, want := range map[string]int{"conversation.export_requested": 1, "conversation.export_downloaded": 2} {
			got := w.count(`SELECT COUNT(*) FROM audit_log WHERE action = $1 AND actor_id = $2 AND subject_id = $3`, action, w.noor.User, in)
			if got != want {
				w.Errorf("%s stands there %d times, want %d", action, got, want)
			}
		}
		if n := w.count(`SELECT COUNT(*) FROM audit_log WHERE details LIKE '%canary%' OR details LIKE '%Kahale%'`); n != 0 {
			w.Error("the log tells what was exported")
		}
		f, err := w.made.Fetch(ctx, w.noor, e.ID)
		if err != nil || f.Name != "conversation-export-2026-03-02.json" || f.MediaType != "application/json" {
			w.Errorf("%+v %v", f, err)
		}
		f.Close()
	})
}

func TestFilesGoAfterADay(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		e := w.ask(w.noor, in, Request{Format: PDF})
		w.work()
		w.pass(Kept)
		_, err := w.made.Fetch(ctx, w.noor, e.ID)
		w.refused(err, care.CodeNotFound)
		w.work()
		if got := w.get(w.noor, e.ID); got.State != Expired || w.stored() != 0 {
			w.Errorf("%+v, %d files", got, w.stored())
		}
		w.pass(remembered + time.Hour)
		w.work()
		if n := w.count(`SELECT COUNT(*) FROM exports`); n != 0 {
			w.Errorf("%d rows", n)
		}
	})
}

func TestRemoving(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		done := w.ask(w.noor, in, Request{Format: PDF})
		w.work()
		waiting := w.ask(w.noor, in, Request{Format: PDF})
		for _, id := range []ID{done.ID, waiting.ID} {
			if err := w.made.Remove(ctx, w.noor, id); err != nil {
				w.Error(err)
			}
			_, err := w.made.Get(ctx, w.noor, id)
			w.refused(err, care.CodeNotFound)
		}
		w.work()
		if w.stored() != 0 || w.count(`SELECT COUNT(*) FROM exports`) != 0 {
			w.Errorf("%d files are left", w.stored())
		}
	})
}

// claims runs the jobs by hand, so that a test can stop in the middle of one.
func (w *world) interrupted(at int, how func(cancel context.CancelFunc)) {
	w.Helper()
	r := jobs.New(w.db, w.clock, jobs.Config{})
	r.Handle(makeJob, func(ctx context.Context, c *jobs.Claim) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		var a args
		if err := c.Bind(&a); err != nil {
			return err
		}
		e, _, err := w.made.start(ctx, a.ID)
		if err != nil {
			return err
		}
		work := &work{service: w.made, claim: c, export: e}
		size, err := w.made.store(ctx, e.ID, func(out io.Writer) error {
			return work.write(ctx, &stopper{out, at, func() { how(cancel) }})
		})
		return w.made.settle(ctx, c, work, size, err)
	})
	if _, err := r.Work(ctx); err != nil {
		w.Fatal(err)
	}
}

// stopper calls stop once so many bytes were written.
type stopper struct {
	io.Writer
	left int
	stop func()
}

func (s *stopper) Write(p []byte) (int, error) {
	if s.left > 0 {
		if s.left -= len(p); s.left <= 0 {
			s.stop()
		}
	}
	return s.Writer.Write(p)
}

// many fills a conversation with more than fits into the buffers of a file.
func (w *world) many(n, words int) care.ConversationID {
	in := w.open(care.Direct, w.leilani)
	for range n {
		w.say(w.leilani, in, strings.Repeat("many words ", words))
	}
	return in
}

func TestTheProcessEndsInTheMiddle(t *testing.T) {
	engines(t, func(w *world) {
		in := w.many(40, 600)
		e := w.ask(w.noor, in, Request{Format: HTML})
		w.interrupted(70_000, func(cancel context.CancelFunc) { cancel() })
		if got := w.get(w.noor, e.ID); got.State != Running || w.stored() != 0 {
			w.Fatalf("%+v, %d files", got, w.stored())
		}
		w.made = New(w.db, w.clock, w.chat, w.made.people, w.attach, w.files, nil)
		w.runner = w.newRunner() // the program starts again
		w.pass(2 * time.Minute)
		w.work()
		if got := w.get(w.noor, e.ID); got.State != Ready || w.stored() != 1 {
			w.Fatalf("%+v, %d files", got, w.stored())
		}
		if page := string(w.fetch(w.noor, e.ID)); strings.Count(page, "<article") != 40 || !strings.HasSuffix(page, "</html>\n") {
			w.Error("the file is not whole")
		}
	})
}

func TestItIsTakenAwayInTheMiddle(t *testing.T) {
	engines(t, func(w *world) {
		in := w.many(40, 600)
		e := w.ask(w.noor, in, Request{Format: HTML})
		w.interrupted(70_000, func(context.CancelFunc) {
			if err := w.made.Remove(ctx, w.noor, e.ID); err != nil {
				w.Error(err)
			}
		})
		if w.stored() != 0 || w.count(`SELECT COUNT(*) FROM exports`) != 0 || w.count(`SELECT COUNT(*) FROM jobs WHERE kind = 'transcript.make' AND state = 'ready'`) != 0 {
			w.Errorf("%d files", w.stored())
		}
	})
}

func TestAccessGoesInTheMiddle(t *testing.T) {
	engines(t, func(w *world) {
		in := w.many(pageSize+20, 60)
		e := w.ask(w.noor, in, Request{Format: HTML})
		w.interrupted(70_000, func(context.CancelFunc) {
			w.exec(`UPDATE staff SET permissions = '' WHERE user_id = $1`, w.noor.User)
		})
		if got := w.get(w.noor, e.ID); got.State != Failed || got.Why != care.CodeForbidden || w.stored() != 0 {
			w.Errorf("%+v, %d files", got, w.stored())
		}
	})
}

func TestWhatMakesNoStepIsGivenUp(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.leilani)
		e := w.ask(w.noor, in, Request{Format: HTML})
		w.exec(`DELETE FROM jobs WHERE kind = 'transcript.make'`)
		w.exec(`UPDATE exports SET state = 'running'`)
		w.pass(stuck + time.Minute)
		w.work()
		if got := w.get(w.noor, e.ID); got.State != Failed || got.Why != care.CodeUnavailable {
			w.Errorf("%+v", got)
		}
	})
}

func TestAFailureKeepsNoFile(t *testing.T) {
	engines(t, func(w *world) {
		broken := errors.New("broken")
		_, err := w.made.store(ctx, care.NewID[ID](w.now), func(out io.Writer) error {
			_, err := io.Copy(out, io.MultiReader(strings.NewReader(strings.Repeat("x", 100_000)), iotest.ErrReader(broken)))
			return err
		})
		if !errors.Is(err, broken) || w.stored() != 0 {
			w.Errorf("%v, %d files", err, w.stored())
		}
	})
}

// BenchmarkExport exports a conversation of 50,000 messages as PDF, which takes the most,
// and tells the most memory that was held meanwhile.
func BenchmarkExport(b *testing.B) {
	w := benchWorld(b)
	in := w.open(care.Direct, w.leilani)
	var sends sync.WaitGroup
	for range 250 {
		sends.Go(func() {
			for range 200 {
				_, _, err := w.chat.Send(ctx, w.leilani, chat.Draft{Conversation: in, Body: "**Breakfast:** oats, berries and a cup of tea.\n- walked for half an hour\n- slept well"})
				if err != nil {
					b.Error(err)
				}
			}
		})
	}
	sends.Wait()
	for _, f := range []Format{PDF, HTML, JSON} {
		b.Run(string(f), func(b *testing.B) {
			for b.Loop() {
				e := w.ask(w.noor, in, Request{Format: f})
				stop, most := make(chan struct{}), make(chan uint64)
				go watch(stop, most)
				w.work()
				close(stop)
				b.ReportMetric(float64(<-most)/(1<<20), "MB-held")
				b.ReportMetric(float64(w.get(w.noor, e.ID).Size)/(1<<20), "MB-file")
			}
		})
	}
}

func watch(stop chan struct{}, most chan uint64) {
	var top uint64
	for {
		select {
		case <-stop:
			most <- top
			return
		case <-time.After(100 * time.Millisecond):
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			top = max(top, m.HeapInuse)
		}
	}
}

func benchWorld(b *testing.B) *world {
	var w *world
	d := testkit.SQLite(b)
	w = newWorld(b, d)
	return w
}
