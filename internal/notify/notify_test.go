package notify

import (
	"slices"
	"testing"
	"time"

	"hearth/internal/care"
)

func TestAMessageIsToldOnceUntilItIsRead(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.device(w.maya, "phone")
		for range 3 {
			w.say(w.noor, in, "Hello")
			w.hear()
		}
		if list, unread := w.bell(w.maya); len(list) != 1 || unread != 1 || list[0].Count != 3 || list[0].Read || list[0].Kind != "direct" || list[0].Title != "Noor Haddad" {
			w.t.Errorf("the bell shows %+v, %d unread", list, unread)
		}
		if n := len(w.takeLive(care.EventNoticeCreated)); n != 1 {
			w.t.Errorf("%d notices were shown live", n)
		}
		if w.work(); len(w.radio.take()) != 0 {
			w.t.Error("a push went out at once")
		}
		w.pass(2*time.Second, time.Second)
		if n := len(w.radio.take()); n != 1 {
			w.t.Errorf("%d pushes", n)
		}
		w.pass(3*time.Minute, 10*time.Second)
		if n := len(w.post.take()); n != 1 {
			w.t.Errorf("%d mails", n)
		}
		w.say(w.noor, in, "Still there?")
		w.hear()
		w.pass(10*time.Minute, time.Minute)
		if len(w.post.take())+len(w.radio.take()) != 0 {
			w.t.Error("told again before it was read")
		}
		w.read(w.maya, in)
		w.must(w.notify.CloseRead(w.ctx()))
		if n := len(w.takeLive(care.EventNoticeRead)); n != 1 {
			w.t.Errorf("%d notices went away live", n)
		}
		if list, unread := w.bell(w.maya); len(list) != 1 || unread != 0 || !list[0].Read {
			w.t.Errorf("after reading the bell shows %+v, %d unread", list, unread)
		}
		w.say(w.noor, in, "One more")
		w.hear()
		w.pass(4*time.Minute, time.Second)
		if pushes, mails := len(w.radio.take()), len(w.post.take()); pushes != 1 || mails != 1 {
			w.t.Errorf("after reading %d pushes and %d mails", pushes, mails)
		}
		if list, _ := w.bell(w.noor); len(list) != 0 {
			w.t.Errorf("the author was told %+v", list)
		}
		want := []string{"email sent", "email sent", "in_app sent", "in_app sent", "push sent", "push sent"}
		if got := w.history(w.maya); !slices.Equal(got, want) {
			w.t.Errorf("history %q", got)
		}
	})
}
