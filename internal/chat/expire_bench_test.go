package chat

import (
	"sync/atomic"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// BenchmarkBulkExpiry lets own settings of 100,000 clients end at one moment, and then the
// setting of a group that all of them are in, of whom 20,000 are in community chats, while
// somebody else sends one message after the other.
func BenchmarkBulkExpiry(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkExpiry(b, testkit.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchmarkExpiry(b, testkit.DurablePostgres(b)) })
}

func benchmarkExpiry(b *testing.B, d *db.DB) {
	w := benchWorld(b, d)
	owner := w.staff(w.org, "Olga", care.RoleOwner)
	bystander := w.client(w.org, "Bystander", w.noor)
	room := w.open(w.noor, care.Direct, bystander)
	w.exec(`UPDATE clients SET state = 'archived' WHERE user_id = $1`, bystander.User) // and so not changed
	w.crowd(100_000, 20_000)
	var ahead atomic.Int64
	clock := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	access := chataccess.New(d, clock, w.chat, discard{})
	b.Cleanup(access.Close)
	group := care.NewID[care.GroupID](time.Now())
	w.exec(`INSERT INTO client_groups (id, org_id, name, version, created_at) VALUES ($1, $2, 'All', 1, 1)`, group, w.org)
	lap := func(what string, do func() (int, error)) {
		stop := w.keepSending(room)
		since := time.Now()
		n, err := do()
		took := time.Since(since)
		sends := stop()
		if err != nil || n == 0 {
			b.Fatal(n, err)
		}
		b.ReportMetric(float64(took.Milliseconds()), "ms:"+what)
		b.ReportMetric(float64(sends[len(sends)-1].Milliseconds()), "ms:longest-send-"+what)
		b.ReportMetric(float64(sends[len(sends)*99/100].Milliseconds()), "ms:99-of-100-sends-"+what)
	}
	off := care.Off
	for b.Loop() {
		lap("nothing-else", func() (int, error) { time.Sleep(10 * time.Second); return 1, nil })
		p, err := access.Preview(b.Context(), owner, chataccess.BulkRequest{
			Filter: chataccess.Filter{All: true}, Place: "own", Direct: &off, Community: &off, Until: clock().Add(time.Hour),
		})
		if err != nil {
			b.Fatal(err)
		}
		a, err := access.Apply(b.Context(), owner, p.Token, "")
		if err != nil {
			b.Fatal(err)
		}
		w.untilWritten(a.ID)
		ahead.Add(int64(2 * time.Hour))
		lap("own", func() (int, error) { return access.Expire(b.Context()) })
		w.joinAll(group, 100_000)
		w.exec(`UPDATE client_groups SET direct = FALSE, direct_until = 1, community = FALSE, community_until = 1 WHERE id = $1`, group)
		w.exec(`UPDATE conversation_members SET withheld_after_seq = 0, withheld_countable = 0, withheld_activity_at = 1 WHERE user_id IN (SELECT user_id FROM clients WHERE group_id = $1)`, group)
		lap("group", func() (int, error) { return access.Expire(b.Context()) })
		lap("group-written", func() (int, error) { return 1, access.Resume(b.Context()) })
		w.joinAll(nil, 100_000)
	}
}
