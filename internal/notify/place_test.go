package notify

import (
	"testing"

	"hearth/internal/care"
)

// seqOf gives where the only notice of somebody leads, in the list and by its id alone.
func (w *world) seqOf(who care.Actor) int64 {
	w.t.Helper()
	list, _ := w.bell(who)
	if len(list) != 1 {
		w.t.Fatalf("the bell shows %+v", list)
	}
	one, err := w.notify.Get(w.ctx(), who, list[0].ID)
	if w.must(err); one.Seq != list[0].Seq {
		w.t.Errorf("in the list %d, alone %d", list[0].Seq, one.Seq)
	}
	return one.Seq
}

func TestANoticeLeadsToItsMessage(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Direct, w.noor, w.maya)
		w.say(w.noor, in, "Read before")
		w.hear()
		w.read(w.maya, in)
		opened := w.say(w.noor, in, "This one")
		w.hear()
		w.say(w.noor, in, "And more")
		w.hear()
		if got := w.seqOf(w.maya); got != opened.Seq {
			w.t.Errorf("it leads to %d, not to %d", got, opened.Seq)
		}
		w.must(w.chat.Delete(w.ctx(), w.noor, in, opened.ID))
		if got := w.seqOf(w.maya); got != 0 {
			w.t.Errorf("after its message was deleted it leads to %d", got)
		}
	})
}

func TestANoticeLeadsNowhereThatItsPersonMayNotRead(t *testing.T) {
	engines(t, func(w *world) {
		in := w.open(care.Community, w.noor, w.maya, w.leilani)
		said := w.say(w.noor, in, "For all")
		w.hear()
		if got := w.seqOf(w.maya); got != said.Seq {
			w.t.Fatalf("it leads to %d, not to %d", got, said.Seq)
		}
		// The chat stops before it for Maya, who has no part in it for a while.
		w.exec(`UPDATE conversation_members SET withheld_after_seq = $2, withheld_countable = 0, withheld_activity_at = 0 WHERE conversation_id = $1 AND user_id = $3`, in, said.Seq-1, w.maya.User)
		if got := w.seqOf(w.maya); got != 0 {
			w.t.Errorf("withheld, and it leads to %d", got)
		}
		// She comes back later and reads from then on.
		w.exec(`UPDATE conversation_members SET withheld_after_seq = NULL, withheld_countable = NULL, withheld_activity_at = NULL, joined_seq = $2 WHERE conversation_id = $1 AND user_id = $3`, in, said.Seq, w.maya.User)
		if got := w.seqOf(w.maya); got != 0 {
			w.t.Errorf("before she joined, and it leads to %d", got)
		}
		if got := w.seqOf(w.leilani); got != said.Seq {
			w.t.Errorf("to another it leads to %d", got)
		}
	})
}
