package chat

import (
	"strings"
	"testing"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// A send looks its rows up by their keys, whatever the planner was told of the tables when
// they were small: it must not walk through every conversation there is.
func TestSendsLookTheirRowsUp(t *testing.T) {
	w := newWorld(t, testkit.SQLite(t))
	for range 300 {
		w.open(w.noor, care.Direct, w.client(w.org, "Client", w.noor))
	}
	w.exec("ANALYZE")
	w.must(w.db.Write(ctx, func(tx *db.Tx) error {
		for _, one := range []struct {
			statement string
			args      int
			want      string
		}{
			{moveThreads(tx, 5), 20, "SCAN v\nSEARCH conversation"},
			{moveReadMarks(tx, 5), 20, "SCAN v\nSEARCH conversation"},
			{recentQuery(Filter{}), 4, "USING COVERING INDEX conversations_by_activity (org_id=? AND last_activity_at>?)\nSEARCH m USING PRIMARY KEY"},
			{withheldMembers(tx, 5), 5, "USING INDEX conversation_members_withheld"},
		} {
			if steps := w.plan(tx, one.statement, one.args); !strings.Contains(steps, one.want) {
				t.Errorf("%s\nis done by\n%s", one.statement, steps)
			}
		}
		return nil
	}))
}

// plan is how SQLite does a statement of so many arguments.
func (w *world) plan(tx *db.Tx, statement string, args int) string {
	w.t.Helper()
	steps, err := db.Many(ctx, tx, func(row db.Scanner) (step string, err error) {
		var id, parent, unused int
		return step, row.Scan(&id, &parent, &unused, &step)
	}, "EXPLAIN QUERY PLAN "+statement, make([]any, args)...)
	w.must(err)
	return strings.Join(steps, "\n")
}
