package demo

import (
	"testing"
	"time"

	"hearth/internal/attach"
	"hearth/internal/blast"
	"hearth/internal/chat"
	"hearth/internal/testkit"
)

// The message blasts of the practice show what there is: all who were reached and not and
// why, who read and answered, one that was stopped, and some that are still to be sent.
func TestSeededBlasts(t *testing.T) {
	eachSeeded(t, func(w *world) {
		clock := testkit.NewClock(seedAt).Now
		service := blast.New(w.db, clock, w.chat, attach.New(w.db, clock, files(t), attach.Limits{}), nobody{})
		noor := w.signIn("noor@hearth.example")
		list, _, err := service.List(t.Context(), noor, blast.Filter{}, nil, 50)
		if err != nil || len(list) != len(announcements) {
			t.Fatalf("%d blasts, %v", len(list), err)
		}
		byTitle := map[string]*blast.Blast{}
		for _, b := range list {
			byTitle[b.Title] = b
		}
		replies := 0
		for _, a := range announcements {
			b := byTitle[a.title]
			if b == nil {
				t.Fatalf("there is no %q", a.title)
			}
			checkAnnouncement(t, a, b)
			replies += len(a.replies)
		}
		if why := byTitle["Lab results have a new look"].SkippedWhy; why["archived"] == 0 || why["direct_off"] == 0 {
			t.Errorf("of the groups %v are skipped, want some as archived and some whose chat is off", why)
		}
		if why := byTitle["Blood pressure day is Saturday"].SkippedWhy; why["direct_off"] == 0 {
			t.Errorf("of all %v are skipped, and nobody whose chat is off", why)
		}
		answered := 0
		for _, c := range w.inbox(noor, chat.Filter{}) {
			if !c.Blast.IsZero() {
				answered++
			}
		}
		if answered != replies {
			t.Errorf("the sender's inbox has %d conversations of blasts, want the %d in which somebody answered", answered, replies)
		}
		if worked, err := service.Work(t.Context()); worked || err != nil {
			t.Errorf("something is still being sent at the start (%v)", err)
		}
	})
}

func checkAnnouncement(t *testing.T, a announcement, b *blast.Blast) {
	t.Helper()
	switch {
	case !a.sendAt.zero():
		if b.State != blast.Scheduled || !b.May.Edit || b.Total == 0 || b.SendAt.Before(seedAt.Add(24*time.Hour)) || len(b.Staff) != len(a.staff) {
			t.Errorf("%q is %s for %s, with %d recipients", a.title, b.State, b.SendAt, b.Total)
		}
	case a.stopped:
		if b.State != blast.Cancelled || b.StoppedBy == nil || b.Sent == 0 || b.SkippedWhy["cancelled"] == 0 {
			t.Errorf("%q is %s after %d, %v", a.title, b.State, b.Sent, b.SkippedWhy)
		}
	default:
		if b.State != blast.Sent || b.Skipped == 0 || b.Read*100 < b.Sent*40 || b.Read == b.Sent || b.Replied != int64(len(a.replies)) {
			t.Errorf("%q is %s: %d sent, %d skipped, %d read, %d replied", a.title, b.State, b.Sent, b.Skipped, b.Read, b.Replied)
		}
	}
}
