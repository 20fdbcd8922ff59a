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
		for _, statement := range []string{moveThreads(tx, 5), moveReadMarks(tx, 5)} {
			plan, err := db.Many(ctx, tx, func(row db.Scanner) (step string, err error) {
				var id, parent, unused int
				return step, row.Scan(&id, &parent, &unused, &step)
			}, "EXPLAIN QUERY PLAN "+statement, make([]any, 20)...)
			if err != nil {
				return err
			}
			if steps := strings.Join(plan, "\n"); !strings.Contains(steps, "SCAN v\nSEARCH conversation") {
				t.Errorf("%s\nis done by\n%s", statement, steps)
			}
		}
		return nil
	}))
}
