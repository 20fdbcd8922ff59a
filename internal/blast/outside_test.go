package blast

import (
	"maps"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/outbox"
)

// outside takes what is noted for other programs, counted; all of a blast must be about b.
func (w *world) outside(b *Blast) map[outbox.Kind]int {
	w.t.Helper()
	told := map[outbox.Kind]int{}
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		told = map[outbox.Kind]int{}
		kinds, err := db.Many(ctx, tx, func(row db.Scanner) (k outbox.Kind, err error) {
			var subject care.BlastID
			if err = row.Scan(&k, &subject); k == outbox.BlastFinished && subject != b.ID {
				w.t.Error("it is about another blast")
			}
			return k, err
		}, `SELECT kind, subject_id FROM outbox`)
		for _, k := range kinds {
			told[k]++
		}
		if err == nil {
			_, err = tx.Exec(ctx, `DELETE FROM outbox`)
		}
		return err
	})
	w.must(err)
	return told
}

func (w *world) wantOutside(what string, b *Blast, want map[outbox.Kind]int) {
	w.t.Helper()
	if told := w.outside(b); !maps.Equal(told, want) {
		w.t.Errorf("%s: other programs are told %v, want %v", what, told, want)
	}
}

func TestOtherProgramsAreToldOnceThatABlastIsFinished(t *testing.T) {
	engines(t, func(w *world) {
		b := w.blast(w.noor, Request{Body: "Hello", Recipients: Recipients{Clients: w.clients(6, w.noor)}})
		w.step(b, 4)
		w.wantOutside("half", b, map[outbox.Kind]int{outbox.ConversationCreated: 4, outbox.MessageCreated: 4})
		w.work()
		w.work()
		w.wantOutside("the rest", b, map[outbox.Kind]int{outbox.ConversationCreated: 2, outbox.MessageCreated: 2, outbox.BlastFinished: 1})

		b = w.blast(w.noor, Request{Body: "Stop", Recipients: Recipients{Clients: w.clients(6, w.noor)}})
		w.step(b, 2)
		w.outside(b)
		for range 2 {
			_, err := w.blasts.Cancel(ctx, w.noor, b.ID)
			w.must(err)
		}
		w.wantOutside("stopped on the way", b, map[outbox.Kind]int{outbox.BlastFinished: 1})

		b = w.blast(w.noor, Request{Body: "Later", Recipients: named(w.leilani), SendAt: w.clock.Now().Add(time.Hour)})
		_, err := w.blasts.Cancel(ctx, w.noor, b.ID)
		w.must(err)
		w.wantOutside("taken back before it began", b, map[outbox.Kind]int{})
	})
}
