package chataccess

import (
	"cmp"
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
)

// stageChunk is how many rows one transaction prepares.
const stageChunk = 1024

// stager writes the rows of clients for whom the same is to be done.
type stager func(ctx context.Context, tx *db.Tx, kind stepKind, clients []care.UserID) error

// stage writes the rows of a change that does not count yet, so that nobody sees them, in
// short transactions.
func (s *Service) stage(ctx context.Context, steps []step, write stager) error {
	err := chunked(steps, stageChunk, func(part []step) error {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			for kind, clients := range byKind(part) {
				if err := write(ctx, tx, kind, clients); err != nil {
					return err
				}
			}
			return nil
		})
		return cmp.Or(err, s.db.Relieve(ctx))
	})
	if err != nil {
		return err
	}
	return s.measure(ctx, len(steps))
}

// measure lets the database see that a table grew by many rows at once, before every send
// looks into it: a plan that was made for an empty table reads all of it.
func (s *Service) measure(ctx context.Context, rows int) error {
	if rows < stageChunk {
		return nil
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `ANALYZE chat_access_change_rows`)
		return err
	})
}

func chunked[T any](list []T, size int, visit func(part []T) error) error {
	for start := 0; start < len(list); start += size {
		if err := visit(list[start:min(start+size, len(list))]); err != nil {
			return err
		}
	}
	return nil
}

func byKind(steps []step) map[stepKind][]care.UserID {
	kinds := map[stepKind][]care.UserID{}
	for _, st := range steps {
		kinds[st.kind] = append(kinds[st.kind], st.client)
	}
	return kinds
}

const rowColumns = `change_id, client_id, place, counted, folded,
	sets_direct, old_direct, new_direct, old_direct_until, new_direct_until,
	sets_community, old_community, new_community, old_community_until, new_community_until`

// stageRows prepares the rows of clients for whom the same is to be done. No change waits
// to be written then, so that the columns of the clients are what counts.
func stageRows(ctx context.Context, tx *db.Tx, id ChangeID, r BulkRequest, kind stepKind, clients []care.UserID) error {
	values := []any{id, r.Place, kind.counted}
	for i, sets := range []bool{kind.direct, kind.community} {
		var value, until any
		if wanted := r.wanted(switches[i]); sets && *wanted != care.Unset {
			value, until = *wanted == care.On, millis(r.Until)
		}
		values = append(values, sets, value, until)
	}
	casts := []string{"id", "text", "bool", "bool", "bool", "int", "bool", "bool", "int"}
	_, err := tx.Exec(ctx, `INSERT INTO chat_access_change_rows (`+rowColumns+`)
		SELECT v.column1, c.user_id, v.column2, v.column3, FALSE,
			v.column4, `+replaced(Direct, r.Place, "v.column4", "v.column5")+`, v.column6,
			v.column7, `+replaced(Community, r.Place, "v.column7", "v.column8")+`, v.column9
		FROM (VALUES `+tx.Values(1, casts...)+`) AS v CROSS JOIN clients c
		WHERE c.user_id IN (`+tx.In(len(casts)+1, len(clients))+`)`, ids(clients, values...)...)
	return err
}

// replaced gives, as SQL, the value that is replaced, the new one and the time limit that
// is replaced, where the switch is set.
func replaced(of Switch, place, sets, value string) string {
	column := "c." + place + "_" + string(of)
	until := column + "_until"
	if place == PlaceDefault {
		until = "CAST(NULL AS BIGINT)"
	}
	return `CASE WHEN ` + sets + ` THEN ` + column + ` END, ` + value + `, CASE WHEN ` + sets + ` THEN ` + until + ` END`
}
