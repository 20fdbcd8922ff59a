package waiting_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/outbox"
	"hearth/internal/testkit"
	"hearth/internal/waiting"
)

// Two nodes hear, reckon and remind at once while people write: in the end every
// conversation waits as its texts say, and nobody was reminded twice.
func TestTwoNodesRemindOnce(t *testing.T) {
	engines(t, func(w *world) {
		w.remind(1, 1)
		var ids []care.ConversationID
		for range 30 {
			ids = append(ids, w.open(care.Direct, w.noor, w.leila))
		}
		for _, id := range ids {
			w.say(w.leila, id)
		}
		w.clock.Advance(90 * time.Minute)
		var nodes sync.WaitGroup
		for range 2 {
			s := waiting.New(w.db, w.clock.Now, w.events)
			o := outbox.New(w.db, w.clock.Now, s, w.told)
			nodes.Go(func() {
				for range 20 {
					if _, err := o.Work(ctx); err != nil {
						t.Error(err)
					}
					if _, err := s.Work(ctx); err != nil {
						t.Error(err)
					}
				}
			})
		}
		for i, id := range ids {
			if i%3 == 0 {
				w.say(w.noor, id)
			}
		}
		nodes.Wait()
		w.settle()
		seen := map[string]bool{}
		for _, one := range w.reminded() {
			if seen[one] {
				t.Errorf("told twice: %s", one)
			}
			seen[one] = true
		}
		for i, id := range ids {
			switch waits := w.wait(id) != ""; {
			case waits == (i%3 == 0):
				t.Errorf("conversation %d waits: %v", i, waits)
			case waits && !seen[team(id, 1)]:
				t.Errorf("nobody was told of conversation %d", i)
			}
		}
	})
}

// many writes so many conversations that wait, each with a question that is due later than
// the one before.
func (w *world) many(n int) {
	w.t.Helper()
	const part = 500
	for start := 0; start < n; start += part {
		err := w.db.Write(ctx, func(tx *db.Tx) error {
			rows := make([]any, 0, 9*part)
			for i := range part {
				at := db.Millis(monday) + int64(start+i)*1000
				rows = append(rows, care.NewID[care.ConversationID](monday), 1, w.org, w.leila.User, w.noor.User, at, "open", at+3600_000, at+3600_000)
			}
			_, err := tx.Exec(ctx, `INSERT INTO waiting_questions (conversation_id, seq, org_id, client_id, provider_id, asked_at, state, overdue_at, due_at, stage, reckoned)
				SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9, 0, 1
				FROM (VALUES `+tx.Values(part, "id", "int", "id", "id", "id", "int", "text", "int", "int")+`) AS v`, rows...)
			return err
		})
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// Looking for what has fallen due, which happens every few seconds, takes its index, and so
// do the badges of a page and the reckoning with changed settings.
func TestWhatIsAskedOftenIsLookedUp(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		explain := "EXPLAIN "
		if strings.HasSuffix(t.Name(), "sqlite") {
			explain = "EXPLAIN QUERY PLAN "
		}
		w.remind(1, 1)
		w.many(2000)
		for name, c := range map[string]struct {
			query, index string
			args         []any
		}{
			"due":    {`SELECT conversation_id FROM waiting_questions WHERE due_at <= $1 ORDER BY due_at, conversation_id LIMIT 64`, "waiting_due", []any{db.Millis(monday)}},
			"badges": {`SELECT asked_at FROM waiting_questions WHERE state = 'open' AND conversation_id IN ($1, $2)`, "waiting_open", []any{care.ConversationID{1}, care.ConversationID{2}}},
			"few": {`SELECT conversation_id, asked_at, overdue_at FROM waiting_questions WHERE state = 'open' AND org_id = $1
				ORDER BY reckoned, conversation_id LIMIT 25`, "waiting_open_by_version", []any{w.org}},
			"stale": {`SELECT conversation_id FROM waiting_questions
				WHERE state = 'open' AND org_id = $1 AND reckoned < $2 ORDER BY reckoned, conversation_id LIMIT 1`, "waiting_open_by_version", []any{w.org, 1}},
		} {
			if plan := w.plan(explain+c.query, c.args...); !strings.Contains(plan, c.index) {
				t.Errorf("%s: not by %s: %s", name, c.index, plan)
			}
		}
	})
}

// plan gives how an engine would answer a query.
func (w *world) plan(query string, args ...any) string {
	w.t.Helper()
	w.exec(`ANALYZE`)
	var steps []string
	err := w.db.Read(ctx, func(tx *db.Tx) (err error) {
		steps, err = db.Many(ctx, tx, func(row db.Scanner) (step string, err error) {
			var a, b, c any
			if err = row.Scan(&a, &b, &c, &step); err != nil { // the other engine gives one column
				err = row.Scan(&step)
			}
			return step, err
		}, query, args...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return strings.Join(steps, "; ")
}

// With 100,000 conversations that wait, the look for what has fallen due, what a page of an
// inbox asks, and a reminder of 64.
func BenchmarkDue(b *testing.B) {
	for name, d := range map[string]*db.DB{"sqlite": testkit.SQLite(b), "postgres": testkit.Postgres(b)} {
		b.Run(name, func(b *testing.B) {
			w := newWorld(b, d)
			w.settle()
			w.remind(1, 1)
			w.many(100_000)
			b.Run("nothing", func(b *testing.B) {
				for b.Loop() {
					if worked, err := w.waiting.Work(ctx); worked || err != nil {
						b.Fatal(worked, err)
					}
				}
			})
			ids := make([]care.ConversationID, 50)
			for i := range ids {
				ids[i] = care.NewID[care.ConversationID](monday)
			}
			b.Run("badges", func(b *testing.B) {
				for b.Loop() {
					if _, err := w.waiting.Waits(ctx, w.noor, ids); err != nil {
						b.Fatal(err)
					}
				}
			})
			other := w.noor
			other.Org = care.NewID[care.OrgID](monday)
			b.Run("badges of a quiet practice", func(b *testing.B) {
				for b.Loop() {
					if _, err := w.waiting.Waits(ctx, other, ids); err != nil {
						b.Fatal(err)
					}
				}
			})
			b.Run("report", func(b *testing.B) {
				for b.Loop() {
					if _, err := w.waiting.FirstResponse(ctx, w.olga, waiting.Asked{Weeks: 12}); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// The filter of an inbox gives the same conversations as the badges.
func TestTheInboxFiltersWhatWaits(t *testing.T) {
	engines(t, func(w *world) {
		waits, answered := w.open(care.Direct, w.noor, w.leila), w.open(care.Direct, w.noor, w.maya)
		w.say(w.leila, waits)
		w.say(w.maya, answered)
		w.say(w.noor, answered)
		w.settle()
		for _, c := range []struct {
			actor care.Actor
			inbox string
			want  int
		}{{w.noor, chat.InboxOwn, 1}, {w.elias, chat.InboxOwn, 0}, {w.sam, chat.InboxOrganization, 1}} {
			list, _, err := w.chat.Inbox(ctx, c.actor, chat.Filter{Inbox: c.inbox, Unanswered: true}, nil, 50)
			if err != nil || len(list) != c.want || (c.want > 0 && list[0].ID != waits) {
				t.Errorf("%s of %s: %d conversations, %v", c.inbox, c.actor.Name, len(list), err)
			}
		}
		_, _, err := w.chat.Inbox(ctx, w.leila, chat.Filter{Unanswered: true}, nil, 50)
		w.code(err, care.CodeForbidden)
		found, err := w.waiting.Waits(ctx, w.leila, []care.ConversationID{waits})
		if err != nil || len(found) > 0 {
			t.Errorf("a client is told of waiting: %v %v", found, err)
		}
	})
}
