package chat

import (
	"context"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
)

// switchOffs are the ways in which a client's D goes off: their own setting, their
// group's, that of a large group, and a bulk change that begins to count.
var switchOffs = []struct {
	name string
	off  func(w *world, ctx context.Context, tx *db.Tx) error
}{
	{"own", func(w *world, ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE clients SET own_direct = FALSE WHERE user_id = $1`, w.leilani.User)
		return err
	}},
	{"group", func(w *world, ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE client_groups SET direct = FALSE WHERE id = $1`, w.group)
		return err
	}},
	{"large group", func(w *world, ctx context.Context, tx *db.Tx) error {
		change := care.NewID[care.AuditID](w.now)
		_, err := tx.Exec(ctx, `INSERT INTO chat_access_change_rows (change_id, client_id, place, sets_direct, new_direct, sets_community, folded)
			VALUES ($1, $2, 'group', TRUE, FALSE, FALSE, FALSE)`, change, w.leilani.User)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE organizations SET active_change = $2 WHERE id = $1`, w.org, change); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE client_groups SET direct = FALSE WHERE id = $1`, w.group)
		return err
	}},
	{"bulk", func(w *world, ctx context.Context, tx *db.Tx) error {
		change := care.NewID[care.AuditID](w.now)
		_, err := tx.Exec(ctx, `INSERT INTO chat_access_change_rows (change_id, client_id, place, sets_direct, new_direct, sets_community, folded)
			VALUES ($1, $2, 'own', TRUE, FALSE, FALSE, FALSE)`, change, w.leilani.User)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE organizations SET active_change = $2 WHERE id = $1`, w.org, change)
		return err
	}},
}

// a while is how long something that must wait is watched.
const aWhile = 150 * time.Millisecond

// Statement 30, scripted: the switch-off has begun and holds its rows, a send comes. The
// send waits and is refused; nothing is stored.
func TestSwitchOffThenSend(t *testing.T) {
	for _, one := range switchOffs {
		t.Run(one.name, func(t *testing.T) {
			engines(t, func(w *world) {
				c := w.open(w.noor, care.Direct, w.leilani)
				began, finish, done := make(chan struct{}), make(chan struct{}), make(chan error, 1)
				go func() {
					done <- w.db.Write(ctx, func(tx *db.Tx) error {
						err := one.off(w, ctx, tx)
						close(began)
						<-finish
						return err
					})
				}()
				<-began
				sent := w.chat.Submit(ctx, w.leilani, Draft{Conversation: c.ID, Body: "Too late"})
				select {
				case answer := <-sent:
					w.t.Errorf("the send did not wait: %+v", answer)
				case <-time.After(aWhile):
				}
				close(finish)
				if err := <-done; err != nil {
					w.t.Fatal(err)
				}
				w.refused((<-sent).Err, care.CodeChatUnavailable)
				if n := w.count(`SELECT COUNT(*) FROM messages`); n != 0 {
					w.t.Errorf("%d messages stored after the switch-off", n)
				}
			})
		})
	}
}

// The other order: a send has been judged and is not committed, the switch-off comes. It
// is acknowledged only after the message is stored.
func TestSendThenSwitchOff(t *testing.T) {
	for _, one := range switchOffs {
		t.Run(one.name, func(t *testing.T) {
			engines(t, func(w *world) {
				c := w.open(w.noor, care.Direct, w.leilani)
				d := Draft{ID: care.NewID[care.MessageID](w.now), Conversation: c.ID, Body: "Just in time"}
				judged, finish, sent := make(chan bool, 1), make(chan struct{}), make(chan error, 1)
				go func() {
					sent <- w.db.Write(ctx, func(tx *db.Tx) error {
						batch := []*pending{{ctx: ctx, actor: w.leilani, draft: d, hash: d.contentHash(w.leilani.User)}}
						facts, err := loadFacts(ctx, tx, batch)
						if err != nil {
							judged <- false
							return err
						}
						judged <- facts.decide(batch[0])
						<-finish
						return appendSends(ctx, tx, w.now, facts, batch)
					})
				}()
				if !<-judged {
					w.t.Fatal("the send was refused")
				}
				off := make(chan error, 1)
				go func() {
					off <- w.db.Write(ctx, func(tx *db.Tx) error { return one.off(w, ctx, tx) })
				}()
				select {
				case err := <-off:
					w.t.Errorf("the switch-off was acknowledged before a message that was judged under the old value was stored: %v", err)
				case <-time.After(aWhile):
				}
				close(finish)
				if err := <-sent; err != nil {
					w.t.Fatal(err)
				}
				if err := <-off; err != nil {
					w.t.Fatal(err)
				}
				_, _, err := w.trySay(w.leilani, c, "Too late")
				w.refused(err, care.CodeChatUnavailable)
				if n := w.count(`SELECT COUNT(*) FROM messages`); n != 1 {
					w.t.Errorf("%d messages stored, want 1", n)
				}
			})
		})
	}
}
