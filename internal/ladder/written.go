package ladder

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// BeingWritten reports whether a bulk change counts whose values are not written to every
// client, so that what is stored of clients is not what they are. What follows the change of
// a group holds no values.
func BeingWritten(ctx context.Context, tx *db.Tx, org care.OrgID) (bool, error) {
	_, found, err := db.One(ctx, tx, func(r db.Scanner) (id care.AuditID, err error) { return id, r.Scan(&id) },
		`SELECT x.id FROM organizations o JOIN chat_access_changes x ON x.id = o.active_change WHERE o.id = $1 AND x.place <> 'group'`, org)
	return found, err
}
