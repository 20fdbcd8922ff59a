package audit

import (
	"bytes"
	"context"
	"errors"
	"math"

	"hearth/internal/care"
	"hearth/internal/db"
)

// Report is what [Verify] found in the chain of one organization.
type Report struct {
	Org  care.OrgID
	Rows int64  // how long the chain says it is
	Head []byte // the hash of its last row
	// Problem says in words what is wrong; "" is nothing.
	Problem string
	// FirstBad is the n of the first row that is not as it was written.
	FirstBad int64
}

// OK reports whether the chain is whole.
func (r Report) OK() bool { return r.Problem == "" }

const verifyPage = 1000

// Verify checks the chain of one organization, in one snapshot. A chain that was never
// begun is whole and has no rows.
func Verify(ctx context.Context, d *db.DB, org care.OrgID) (Report, error) {
	var report Report
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		report, err = verify(ctx, tx, org)
		return err
	})
	return report, err
}

// VerifyAll checks the chain of every organization and the one of the installation.
func VerifyAll(ctx context.Context, d *db.DB) ([]Report, error) {
	var orgs []care.OrgID
	err := d.Read(ctx, func(tx *db.Tx) (err error) {
		orgs, err = db.Many(ctx, tx, scanOrg, `
			SELECT org_id FROM audit_heads UNION SELECT org_id FROM audit_log ORDER BY 1`)
		return err
	})
	if err != nil {
		return nil, err
	}
	reports := make([]Report, 0, len(orgs))
	for _, org := range orgs {
		report, err := Verify(ctx, d, org)
		if err != nil {
			return nil, err
		}
		reports = append(reports, report)
	}
	return reports, nil
}

func scanOrg(row db.Scanner) (org care.OrgID, err error) {
	err = row.Scan(&org)
	return org, err
}

func verify(ctx context.Context, tx *db.Tx, org care.OrgID) (Report, error) {
	report := Report{Org: org, Head: start()}
	err := tx.QueryRow(ctx, `SELECT n, hash FROM audit_heads WHERE org_id = $1`, org).Scan(&report.Rows, &report.Head)
	if err != nil && !errors.Is(err, db.ErrNoRows) {
		return report, err
	}
	walk := walker{org: org, hash: start()}
	after := int64(math.MinInt64) // a row may have been put before the first one
	for walk.problem == "" {
		rows, err := db.Many(ctx, tx, scanRecord, `
			SELECT n, id, at, actor_id, actor_kind, action, subject_kind, subject_id, details, hash
			FROM audit_log WHERE org_id = $1 AND n > $2 ORDER BY n LIMIT $3`, org, after, verifyPage)
		if err != nil {
			return report, err
		}
		walk.check(rows)
		if len(rows) < verifyPage {
			break
		}
		after = walk.last
	}
	walk.end(report.Rows, report.Head)
	report.FirstBad, report.Problem = walk.bad, walk.problem
	return report, nil
}

func scanRecord(row db.Scanner) (r record, err error) {
	err = row.Scan(&r.N, &r.ID, &r.At, &r.Actor, &r.Kind, &r.Action, &r.Subject.Kind, &r.Subject.ID, &r.Details, &r.Hash)
	return r, err
}

// walker follows a chain row by row and stops at the first that does not fit.
type walker struct {
	org     care.OrgID
	last    int64
	hash    []byte
	bad     int64
	problem string
}

func (w *walker) check(rows []record) {
	for _, r := range rows {
		switch {
		case r.N < 1:
			w.stop(r.N, "a row stands before the first")
		case r.N != w.last+1:
			w.stop(w.last+1, "the row is missing")
		case !bytes.Equal(r.sum(w.org, w.hash), r.Hash):
			w.stop(r.N, "the row does not fit its hash and the row before")
		}
		if w.problem != "" {
			return
		}
		w.last, w.hash = r.N, r.Hash
	}
}

// end compares the last row with what the head says.
func (w *walker) end(rows int64, head []byte) {
	switch {
	case w.problem != "":
	case w.last < rows:
		w.stop(w.last+1, "the end of the chain is cut off")
	case w.last > rows:
		w.stop(rows+1, "the row was put after the end of the chain")
	case !bytes.Equal(w.hash, head):
		w.stop(w.last, "the row is not the one that ended the chain")
	}
}

func (w *walker) stop(n int64, problem string) { w.bad, w.problem = n, problem }
