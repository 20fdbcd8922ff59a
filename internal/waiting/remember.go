package waiting

import (
	"context"
	"database/sql"
	"errors"
	"sync"

	"hearth/internal/care"
	"hearth/internal/db"
)

const (
	// openMost is up to how many open questions of a practice are remembered, some 100 bytes
	// each.
	openMost = 1000
	// orgsMost bounds the practices of which they are.
	orgsMost = 32
)

// remembered keeps the open questions of practices, for pages of inboxes. Nothing depends on
// being told of changes: what it gives was read at the epoch that whoever asks has read
// (ADR 0016). The maps are not changed once they are kept.
type remembered struct {
	mu    sync.Mutex
	byOrg map[care.OrgID]openAt
}

type openAt struct {
	epoch int64
	all   map[care.ConversationID]asked // more than openMost: it is not all
}

// at gives what was read at an epoch, nil when it was not.
func (r *remembered) at(org care.OrgID, epoch int64) map[care.ConversationID]asked {
	r.mu.Lock()
	defer r.mu.Unlock()
	if known := r.byOrg[org]; known.epoch == epoch {
		return known.all
	}
	return nil
}

func (r *remembered) keep(org care.OrgID, epoch int64, all map[care.ConversationID]asked) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.byOrg == nil || len(r.byOrg) >= orgsMost {
		r.byOrg = map[care.OrgID]openAt{}
	}
	r.byOrg[org] = openAt{epoch, all}
}

// epochOf gives how often questions of a practice were written. Read it before them: then
// they are at least as new.
func epochOf(ctx context.Context, tx *db.Tx, org care.OrgID) (n int64, err error) {
	err = tx.QueryRow(ctx, `SELECT n FROM waiting_epochs WHERE org_id = $1`, org).Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil
	}
	return n, err
}

// count moves the epochs of the practices of questions, in the transaction that writes them.
func count(ctx context.Context, tx *db.Tx, list []*question) error {
	var rows []any
	counted := map[care.OrgID]bool{}
	for _, q := range list {
		if !counted[q.org] {
			counted[q.org], rows = true, append(rows, q.org, 1)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO waiting_epochs (org_id, n) VALUES `+db.Rows(1, len(counted), 2)+`
		ON CONFLICT (org_id) DO UPDATE SET n = waiting_epochs.n + 1`, rows...)
	return err
}
