package chat

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// BenchmarkBulkChange turns both switches off for 100,000 clients, of whom 20,000 are in
// community chats, while somebody else sends one message after the other. It measures the
// preview, the change until it counts, until it is written, the undo, and how long sends
// took meanwhile. What a busy machine adds shows where nothing else is done, and what a busy
// disk does in the longest sync of a small file that has nothing to do with the store.
func BenchmarkBulkChange(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkBulk(b, testkit.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchmarkBulk(b, testkit.DurablePostgres(b)) })
}

func benchmarkBulk(b *testing.B, d *db.DB) {
	w := benchWorld(b, d)
	owner := w.staff(w.org, "Olga", care.RoleOwner)
	bystander := w.client(w.org, "Bystander", w.noor)
	room := w.open(w.noor, care.Direct, bystander)
	w.exec(`UPDATE clients SET state = 'archived' WHERE user_id = $1`, bystander.User) // and so not changed
	w.crowd(100_000, 20_000)
	access := chataccess.New(d, time.Now, w.chat, discard{})
	b.Cleanup(access.Close)
	ctx := b.Context()
	off := care.Off
	took := map[string]time.Duration{}
	lap := func(what string, do func()) {
		stop, disk := w.keepSending(room), watchDisk(b)
		since := time.Now()
		do()
		took[what] += time.Since(since)
		sends := stop()
		took["longest sync elsewhere, "+what] = disk()
		took["longest send, "+what] = sends[len(sends)-1]
		took["99 of 100 sends, "+what] = sends[len(sends)*99/100]
	}
	for b.Loop() {
		lap("nothing else", func() { time.Sleep(10 * time.Second) })
		var p chataccess.Preview
		var a chataccess.Applied
		var err error
		lap("preview", func() {
			p, err = access.Preview(ctx, owner, chataccess.BulkRequest{Filter: chataccess.Filter{All: true}, Place: "own", Direct: &off, Community: &off, IncludeOwn: true})
		})
		if err != nil || p.Counts[chataccess.Changed] < 100_000 {
			b.Fatal(p.Counts, err)
		}
		lap("apply", func() { a, err = access.Apply(ctx, owner, p.Token, "") })
		if err != nil {
			b.Fatal(err)
		}
		lap("write", func() { w.untilWritten(a.ID) })
		lap("undo", func() { _, err = access.Undo(ctx, owner, a.ID) })
		if err != nil {
			b.Fatal(err)
		}
		lap("write back", func() { err = access.Resume(ctx) })
		if err != nil {
			b.Fatal(err)
		}
	}
	for what, d := range took {
		b.ReportMetric(float64(d.Milliseconds())/float64(b.N), "ms:"+strings.NewReplacer(" ", "-", ",", "").Replace(what))
	}
}

// BenchmarkGroupChange does the same by the setting of a group that 100,000 clients are in.
func BenchmarkGroupChange(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkGroup(b, testkit.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchmarkGroup(b, testkit.DurablePostgres(b)) })
}

func benchmarkGroup(b *testing.B, d *db.DB) {
	w := benchWorld(b, d)
	owner := w.staff(w.org, "Olga", care.RoleOwner)
	bystander := w.client(w.org, "Bystander", w.noor)
	room := w.open(w.noor, care.Direct, bystander)
	w.exec(`UPDATE clients SET state = 'archived' WHERE user_id = $1`, bystander.User)
	w.crowd(100_000, 20_000)
	group := care.NewID[care.GroupID](time.Now())
	w.exec(`INSERT INTO client_groups (id, org_id, name, version, created_at) VALUES ($1, $2, 'All', 1, 1)`, group, w.org)
	w.joinAll(group, 100_000)
	access := chataccess.New(d, time.Now, w.chat, discard{})
	b.Cleanup(access.Close)
	lap := func(what string, do func() error) {
		stop, disk := w.keepSending(room), watchDisk(b)
		since := time.Now()
		err := do()
		took := time.Since(since)
		sends := stop()
		b.ReportMetric(float64(disk().Milliseconds()), "ms:longest-sync-elsewhere-"+what)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(took.Milliseconds()), "ms:"+what)
		b.ReportMetric(float64(sends[len(sends)-1].Milliseconds()), "ms:longest-send-"+what)
		b.ReportMetric(float64(sends[len(sends)*99/100].Milliseconds()), "ms:99-of-100-sends-"+what)
	}
	set := func(version int64, to care.Setting) func() error {
		return func() error {
			_, err := access.SetGroup(b.Context(), owner, group, chataccess.Edit{Version: version, Direct: &to, Community: &to}, nil)
			return err
		}
	}
	for b.Loop() {
		lap("nothing-else", func() error { time.Sleep(10 * time.Second); return nil })
		lap("off", set(1, care.Off))
		lap("off-written", func() error { return access.Resume(b.Context()) })
		lap("on", set(2, care.On))
		lap("on-written", func() error { return access.Resume(b.Context()) })
	}
}

// keepSending sends one message after the other until stop is called, which gives how long
// they took, in order.
func (w *world) keepSending(room Conversation) (stop func() []time.Duration) {
	ctx, cancel := context.WithCancel(context.Background())
	var took []time.Duration
	var sending sync.WaitGroup
	sending.Go(func() {
		for len(took) == 0 || ctx.Err() == nil {
			since := time.Now()
			if _, _, err := w.chat.Send(context.Background(), w.noor, Draft{Conversation: room.ID, Body: "And now?"}); err != nil {
				w.t.Errorf("sending: %v", err)
				return
			}
			took = append(took, time.Since(since))
			time.Sleep(time.Millisecond)
		}
	})
	return func() []time.Duration {
		cancel()
		sending.Wait()
		slices.Sort(took)
		return took
	}
}

// watchDisk writes a page to a file of its own fifty times in a second and waits until it is on
// the disk, until stop is called, which gives how long that took at most.
func watchDisk(b *testing.B) (stop func() time.Duration) {
	b.Helper()
	file, err := os.Create(filepath.Join(b.TempDir(), "page"))
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	var longest time.Duration
	var watching sync.WaitGroup
	watching.Go(func() {
		for page := make([]byte, 4096); ctx.Err() == nil; time.Sleep(20 * time.Millisecond) {
			since := time.Now()
			if _, err := file.WriteAt(page, 0); err == nil {
				err = file.Sync()
			}
			if err != nil {
				b.Error(err)
				return
			}
			longest = max(longest, time.Since(since))
		}
	})
	return func() time.Duration {
		cancel()
		watching.Wait()
		_ = file.Close() // it was synced
		return longest
	}
}

func (w *world) untilWritten(id chataccess.ChangeID) {
	for written := false; !written; time.Sleep(5 * time.Millisecond) {
		err := w.db.Read(context.Background(), func(tx *db.Tx) error {
			return tx.QueryRow(context.Background(), `SELECT folded_at IS NOT NULL FROM chat_access_changes WHERE id = $1`, id).Scan(&written)
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// crowd adds clients, some of them in community chats of twenty.
func (w *world) crowd(n, inChats int) {
	const batch = 500
	for at := 0; at < n; at += batch {
		var people, clients, team, chats, members []any
		for i := at; i < at+batch; i++ {
			id := care.UserID{0: 1, 1: byte(i >> 16), 2: byte(i >> 8), 3: byte(i), 8: byte(i * 31)}
			name := fmt.Sprintf("Client %06d", i*7919%n)
			people = append(people, id, w.org, "client", name, name, 1)
			clients = append(clients, id, w.org, "active", w.noor.User, true, true, 1)
			team = append(team, id, w.noor.User)
			chat := care.ConversationID{0: 2, 1: byte(i / 20 >> 8), 2: byte(i / 20)}
			if i < inChats && i%20 == 0 {
				chats = append(chats, chat, w.org, "community", "", false, []byte{1}, 1, 0, 0, 1)
			}
			if i < inChats {
				members = append(members, chat, id, "client", 1, 0, 0, 0, false, false, false)
			}
		}
		w.insert(`people (id, org_id, kind, name, sort_name, created_at)`, 6, people)
		w.insert(`clients (user_id, org_id, state, primary_provider_id, default_direct, default_community, version)`, 7, clients)
		w.insert(`care_team (client_id, staff_id)`, 2, team)
		w.insert(`conversations (id, org_id, kind, subject, history_all, request_hash, created_at, last_seq, countable, last_activity_at)`, 10, chats)
		w.insert(`conversation_members (conversation_id, user_id, kind, joined_at, joined_seq, read_seq, read_countable, marked_unread, pinned, archived)`, 10, members)
	}
	w.exec(`ANALYZE`)
}

// joinAll moves the clients of a crowd into a group, some at a time: who is of one kind is
// counted in one row, and PostgreSQL keeps each count of a transaction until it ends.
func (w *world) joinAll(group any, n int) {
	for at := 0; at < n; at += 500 {
		from, to := care.UserID{0: 1, 1: byte(at >> 16), 2: byte(at >> 8), 3: byte(at)}, care.UserID{0: 1, 1: byte((at + 500) >> 16), 2: byte((at + 500) >> 8), 3: byte(at + 500)}
		w.exec(`UPDATE clients SET group_id = $1 WHERE user_id >= $2 AND user_id < $3`, group, from, to)
	}
}

func (w *world) insert(into string, columns int, values []any) {
	w.t.Helper()
	if len(values) > 0 {
		w.exec(`INSERT INTO `+into+` VALUES `+db.Rows(1, len(values)/columns, columns), values...)
	}
}
