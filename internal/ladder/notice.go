package ladder

import (
	"context"
	"database/sql"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// noticeColumns are the parts of a notice, of a table's alias.
func noticeColumns(alias string) string {
	return alias + `.notice_title, ` + alias + `.notice_body, ` + alias + `.notice_phone, ` +
		alias + `.notice_hours, ` + alias + `.notice_emergency`
}

type noticeScan [5]sql.NullString

func (n *noticeScan) targets() []any { return []any{&n[0], &n[1], &n[2], &n[3], &n[4]} }

func (n *noticeScan) notice() care.Notice {
	return care.Notice{Title: n[0].String, Body: n[1].String, Phone: n[2].String, Hours: n[3].String, Emergency: n[4].String}
}

// Words gives what a client (zero for none) is told where they cannot write: their
// group's words where it has any, and for the parts that are empty the organization's.
func Words(ctx context.Context, tx *db.Tx, org care.OrgID, client care.UserID) (access.Words, error) {
	var w access.Words
	var ofOrg, ofGroup noticeScan
	into := append(append([]any{&w.Organization}, ofOrg.targets()...), ofGroup.targets()...)
	query := `SELECT o.name, ` + noticeColumns("o") + `, ` + noticeColumns("g") + `
		FROM organizations o LEFT JOIN clients c ON c.user_id = $2 AND c.org_id = o.id
		LEFT JOIN client_groups g ON g.id = c.group_id WHERE o.id = $1`
	if client.IsZero() { // stored as NULL, whose type PostgreSQL would have to guess
		client = care.UserID(care.Installation)
	}
	err := tx.QueryRow(ctx, query, org, client).Scan(into...)
	w.Own = ofGroup.notice().Or(ofOrg.notice())
	return w, err
}

// GroupNotice gives a group's own words; what is empty uses the organization's.
func GroupNotice(ctx context.Context, tx *db.Tx, group care.GroupID) (care.Notice, error) {
	var own noticeScan
	err := tx.QueryRow(ctx, `SELECT `+noticeColumns("g")+` FROM client_groups g WHERE g.id = $1`, group).Scan(own.targets()...)
	return own.notice(), err
}

// OrganizationNotice gives the organization's own words, and the defaults for what is
// empty.
func OrganizationNotice(ctx context.Context, tx *db.Tx, org care.OrgID) (own, defaults care.Notice, err error) {
	var name string
	var words noticeScan
	err = tx.QueryRow(ctx, `SELECT o.name, `+noticeColumns("o")+` FROM organizations o WHERE o.id = $1`, org).
		Scan(append([]any{&name}, words.targets()...)...)
	own = words.notice()
	short := care.Notice{Phone: own.Phone, Hours: own.Hours, Emergency: own.Emergency}
	return own, access.Words{Organization: name, Own: short}.Direct(), err
}
