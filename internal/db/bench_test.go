package db_test

import (
	"context"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// posts is the shape of the messages' table: a counter per thread and rows clustered by
// thread and number.
var posts = fstest.MapFS{"0001_posts.sql": {Data: []byte(`-- +goose Up
CREATE TABLE threads (
    id       {{id}} NOT NULL PRIMARY KEY,
    last_seq {{int}} NOT NULL
){{strict}};
CREATE TABLE posts (
    thread_id {{id}} NOT NULL,
    seq       {{int}} NOT NULL,
    id        {{id}} NOT NULL,
    author_id {{id}},
    body      {{text}} NOT NULL,
    posted_at {{int}} NOT NULL,
    PRIMARY KEY (thread_id, seq)
){{clustered}};
CREATE UNIQUE INDEX posts_by_id ON posts (id);
`)}}

const batch = 64

// bench runs a benchmark on both engines with durable commits and a thread for each
// message of a batch.
func bench(b *testing.B, run func(b *testing.B, d *db.DB, threads []care.ConversationID)) {
	for name, cfg := range map[string]db.Config{
		"sqlite": {Dir: b.TempDir()}, "postgres": {URL: testkit.EmptyDurablePostgresURL(b)},
	} {
		b.Run(name, func(b *testing.B) {
			d := open(b, cfg, posts)
			threads := make([]care.ConversationID, batch)
			var args []any
			for i := range threads {
				threads[i] = care.NewID[care.ConversationID](time.Now())
				args = append(args, threads[i], 0)
			}
			exec(b, d, `DELETE FROM threads`)
			exec(b, d, `INSERT INTO threads (id, last_seq) VALUES `+db.Rows(1, batch, 2), args...)
			b.ReportAllocs()
			b.ResetTimer()
			run(b, d, threads)
		})
	}
}

// appendBatch stores one message in each thread.
func appendBatch(ctx context.Context, tx *db.Tx, threads []care.ConversationID, body string) error {
	args := make([]any, 0, 2*batch)
	for _, id := range threads {
		args = append(args, id, 1)
	}
	type head struct {
		id  care.ConversationID
		seq int64
	}
	heads, err := db.Many(ctx, tx, func(row db.Scanner) (h head, err error) { return h, row.Scan(&h.id, &h.seq) },
		`UPDATE threads SET last_seq = last_seq + v.column2 FROM (VALUES `+tx.Values(len(threads), "id", "int")+`) AS v
		WHERE threads.id = v.column1 RETURNING threads.id, last_seq`, args...)
	if err != nil {
		return err
	}
	args = make([]any, 0, 6*batch)
	now := time.Now()
	for _, h := range heads {
		args = append(args, h.id, h.seq, care.NewID[care.MessageID](now), id(1), body, db.Millis(now))
	}
	_, err = tx.Exec(ctx, `INSERT INTO posts (thread_id, seq, id, author_id, body, posted_at) VALUES `+db.Rows(1, len(heads), 6), args...)
	return err
}

// BenchmarkAppend64 is one durable commit of 64 messages in 64 threads; compare it with
// BenchmarkCommitFloor.
func BenchmarkAppend64(b *testing.B) {
	body := strings.Repeat("A quiet evening and a short walk. ", 3)
	bench(b, func(b *testing.B, d *db.DB, threads []care.ConversationID) {
		cpu := processTime()
		for range b.N {
			write(b, d, func(ctx context.Context, tx *db.Tx) error { return appendBatch(ctx, tx, threads, body) })
		}
		spent := processTime() - cpu // of this process, not of a server
		b.ReportMetric(float64(spent.Nanoseconds())/1000/float64(b.N), "cpu-µs/op")
	})
}

// BenchmarkCommitFloor is a commit that changes next to nothing.
func BenchmarkCommitFloor(b *testing.B) {
	bench(b, func(b *testing.B, d *db.DB, _ []care.ConversationID) {
		floor, err := d.CommitFloor(b.Context(), b.N)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(floor.Microseconds()), "median-µs")
	})
}

// BenchmarkPointRead finds one row by its key in a transaction of its own.
func BenchmarkPointRead(b *testing.B) {
	bench(b, func(b *testing.B, d *db.DB, threads []care.ConversationID) {
		b.RunParallel(func(pb *testing.PB) {
			for i := 0; pb.Next(); i++ {
				var seq int64
				err := d.Read(context.Background(), func(tx *db.Tx) error {
					return tx.QueryRow(context.Background(), `SELECT last_seq FROM threads WHERE id = $1`, threads[i%batch]).Scan(&seq)
				})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

// BenchmarkPage reads the newest 50 messages of a thread.
func BenchmarkPage(b *testing.B) {
	bench(b, func(b *testing.B, d *db.DB, threads []care.ConversationID) {
		for range 60 {
			write(b, d, func(ctx context.Context, tx *db.Tx) error { return appendBatch(ctx, tx, threads, "Good morning.") })
		}
		b.ResetTimer()
		type post struct {
			seq, at    int64
			id, author care.UserID
			body       string
		}
		for i := range b.N {
			read(b, d, func(ctx context.Context, tx *db.Tx) error {
				page, err := db.Many(ctx, tx, func(row db.Scanner) (p post, err error) {
					return p, row.Scan(&p.seq, &p.id, &p.author, &p.body, &p.at)
				}, `SELECT seq, id, author_id, body, posted_at FROM posts WHERE thread_id = $1 ORDER BY seq DESC LIMIT 50`, threads[i%batch])
				if len(page) != 50 {
					b.Fatalf("a page of %d", len(page))
				}
				return err
			})
		}
	})
}

func processTime() time.Duration {
	var usage syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
