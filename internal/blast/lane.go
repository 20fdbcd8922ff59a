package blast

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

const (
	// mostLanes is how many lanes a blast has where transactions write beside each other:
	// somewhat more than the workers of a node, so that none waits for another's.
	mostLanes = 6
	// laneWorth is how many recipients a lane should have at least.
	laneWorth = 1000
)

// lane is a part of a blast's recipients: those behind place up to upto. Whoever holds its
// row writes to them.
type lane struct {
	n           int64
	place, upto int64
	alone       bool // it is the blast's only one
}

const laneColumns = `lane, place, upto, (SELECT COUNT(*) FROM blast_lanes o WHERE o.blast_id = $1) = 1`

func scanLane(row db.Scanner) (l lane, err error) {
	return l, row.Scan(&l.n, &l.place, &l.upto, &l.alone)
}

// takeLane holds a lane of a blast on which there is something to do and nobody works.
func takeLane(ctx context.Context, tx *db.Tx, id care.BlastID) (l lane, found bool, err error) {
	return db.One(ctx, tx, scanLane, `SELECT `+laneColumns+` FROM blast_lanes
		WHERE blast_id = $1 AND place < upto ORDER BY lane LIMIT 1`+tx.SkipLocked(), id)
}

// holdLanes waits until nobody works on a blast, and keeps others from beginning. The row of
// the blast would not do: those who work share it, and one more could always join them.
func holdLanes(ctx context.Context, tx *db.Tx, id care.BlastID) error {
	_, err := db.Many(ctx, tx, scanLane, `SELECT `+laneColumns+` FROM blast_lanes WHERE blast_id = $1 ORDER BY lane`+tx.ForUpdate(), id)
	return err
}

// part holds a blast that has no lane with anything to do, and parts it into lanes if it
// has none: it begins then, or goes on after another version of the program. done tells that
// everybody was judged.
func (s *Service) part(ctx context.Context, tx *db.Tx, id care.BlastID) (done bool, err error) {
	b, found, err := db.One(ctx, tx, scanBlast, `SELECT `+columns+from+`WHERE b.id = $1`+tx.SkipLocked("b"), id)
	if err != nil {
		return false, err
	}
	if !found || b.State != Sending {
		return false, errBusy
	}
	var lanes, working int64
	err = tx.QueryRow(ctx, `SELECT COUNT(*), COUNT(CASE WHEN place < upto THEN 1 END) FROM blast_lanes WHERE blast_id = $1`, id).Scan(&lanes, &working)
	switch {
	case err != nil:
		return false, err
	case working > 0:
		return false, errBusy
	case lanes > 0 || b.place >= b.Total:
		return true, nil
	}
	return false, s.lay(ctx, tx, b)
}

// lay writes the lanes of a blast.
func (s *Service) lay(ctx context.Context, tx *db.Tx, b *Blast) error {
	rest := b.Total - b.place
	n := int64(1)
	if !s.db.OneWriter() {
		n = max(1, min(mostLanes, rest/s.laneWorth))
	}
	for i := range n {
		_, err := tx.Exec(ctx, `INSERT INTO blast_lanes (blast_id, lane, place, upto, judged, sent) VALUES ($1, $2, $3, $4, 0, 0)`,
			b.ID, i+1, b.place+rest*i/n, b.place+rest*(i+1)/n)
		if err != nil {
			return err
		}
	}
	return nil
}

// fold adds what the lanes of a blast have counted to its row, which the caller has locked,
// and takes them away. Each lane's transaction holds the blast's row too, so that none runs.
func fold(ctx context.Context, tx *db.Tx, id care.BlastID) error {
	_, err := tx.Exec(ctx, `UPDATE blasts SET place = place + l.judged, sent = blasts.sent + l.sent, skipped = skipped + l.judged - l.sent
		FROM (SELECT SUM(judged) AS judged, SUM(sent) AS sent FROM blast_lanes WHERE blast_id = $1) AS l
		WHERE blasts.id = $1 AND l.judged IS NOT NULL`, id)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM blast_lanes WHERE blast_id = $1`, id)
	return err
}
