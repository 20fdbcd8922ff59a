package chataccess

import (
	"context"
	"time"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
)

// Total is how many clients a list has on all pages together. With More it has at least
// Count: to count them all would take longer than the page.
type Total = directory.Total

// listReading is how much lists look at; the zero value but for tests.
var listReading directory.Reading

// find gives the ids of a page and how many clients there are. While a bulk change is
// written, what is stored of clients is not what they are, and each is looked at.
func (s *Service) find(ctx context.Context, tx *db.Tx, actor care.Actor, f Filter, cursor care.UserID, limit int) (found []care.UserID, total Total, err error) {
	stored := f.stored(s.clock())
	known, err := directory.ByWhatIsStored(ctx, tx, actor.Org, stored)
	if err != nil {
		return nil, total, err
	}
	if known {
		return directory.FindClients(ctx, tx, actor, stored, cursor, limit, listReading)
	}
	after, err := position(ctx, tx, actor.Org, cursor)
	if err != nil {
		return nil, total, err
	}
	return s.lookAtEach(ctx, tx, actor, f, after, limit)
}

// stored is what the filter asks of what is stored of clients.
func (f Filter) stored(now time.Time) directory.ClientFilter {
	stored := directory.ClientFilter{
		Query: f.Query, Group: f.Group, Provider: f.Provider,
		Direct: f.Direct, Community: f.Community, Source: f.Source, State: f.State,
	}
	if f.Ending {
		stored.EndingBefore = now.Add(endingWithin)
	}
	return stored
}

// lookAtEach finds by what clients are now, also those of a bulk change that is being
// written.
func (s *Service) lookAtEach(ctx context.Context, tx *db.Tx, actor care.Actor, f Filter, after named, limit int) (found []care.UserID, total Total, err error) {
	q := listed(actor, f, s.clock())
	if err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM `+q.tables(), q.args...).Scan(&total.Count); err != nil {
		return nil, total, err
	}
	found, err = q.page(ctx, tx, after, limit)
	return found, total, err
}
