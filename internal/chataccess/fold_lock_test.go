package chataccess_test

import (
	"context"
	"testing"
	"time"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/testkit"
)

// TestWritersOfKindsWaitInOneOrder begins to write a bulk change beside somebody who
// changes clients the other way. Both count the same kinds of clients; neither may have to
// be run again because the two waited for each other.
func TestWritersOfKindsWaitInOneOrder(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		changed := p.client("ann", p.provider, care.GroupID{})
		waits := p.client("bea", p.provider, care.GroupID{})
		p.svc.Close() // so that only SettleClient writes it
		p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off()})
		if err := p.svc.SettleClient(t.Context(), p.owner.Org, changed); err != nil {
			t.Fatal(err)
		}
		before := d.Stats().Retries
		written := make(chan error, 1)
		p.write(func(ctx context.Context, tx *db.Tx) error {
			count := func(switches string) error { // as the change of a client does, kind by kind
				_, err := tx.Exec(ctx, `UPDATE client_kinds SET n = n WHERE org_id = $1 AND own_direct IS `+switches, p.owner.Org)
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE organizations SET access_epoch = access_epoch + 1 WHERE id = $1`, p.owner.Org); err != nil {
				return err
			}
			if err := count("NOT NULL"); err != nil {
				return err
			}
			go func() { written <- p.svc.SettleClient(context.WithoutCancel(ctx), p.owner.Org, waits) }()
			awaitLock(t, d)
			return count("NULL")
		})
		if err := <-written; err != nil {
			t.Fatal(err)
		}
		if again := d.Stats().Retries - before; again > 0 {
			t.Errorf("%d transactions were run again", again)
		}
	})
}

// awaitLock returns when somebody waits for a row. SQLite has one writer, and no rows to
// wait for.
func awaitLock(t *testing.T, d *db.DB) {
	t.Helper()
	for until := time.Now().Add(time.Minute); d.Engine() == db.Postgres; time.Sleep(time.Millisecond) {
		n := (&practice{t: t, d: d}).number(`SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)
		if n > 0 {
			return
		}
		if time.Now().After(until) {
			t.Fatal("nobody waits")
		}
	}
}

// TestListOfAChangeThatIsNotWritten asks by each thing that a bulk change sets.
func TestListOfAChangeThatIsNotWritten(t *testing.T) {
	testkit.Engines(t, func(t *testing.T, d *db.DB) {
		p := newPractice(t, d, "Fernleigh")
		p.client("ann", p.provider, care.GroupID{})
		p.svc.Close()
		p.apply(p.owner, chataccess.BulkRequest{Filter: everyone(), Place: "own", Direct: off(), Community: off(), Until: p.clock.Now().Add(time.Hour)})
		for _, f := range []chataccess.Filter{{Direct: care.Off}, {Community: care.Off}, {Source: care.PlaceClient}, {Ending: true}} {
			if _, _, total, err := p.svc.List(t.Context(), p.owner, f, chataccess.Page{Limit: 5}); err != nil || total.Count != 1 {
				t.Errorf("%+v: %+v, %v", f, total, err)
			}
		}
	})
}
