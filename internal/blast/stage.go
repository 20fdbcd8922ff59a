package blast

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"hearth/internal/attach"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// begin writes the blast where nobody sees it, takes its files, and gives the number of the
// list of recipients that this request writes.
func (s *Service) begin(ctx context.Context, actor care.Actor, n Request, hash []byte, chosen string) (list int64, err error) {
	request, err := json.Marshal(n.Recipients)
	if err != nil {
		return 0, err
	}
	staff, err := json.Marshal(append([]care.UserID{}, n.Staff...))
	if err != nil {
		return 0, err
	}
	act := func(tx *db.Tx) error {
		if _, err := sameRequest(ctx, tx, n.ID, hash); err != nil {
			return err
		}
		now, title := s.clock(), titleOf(n.Title, n.Body)
		again, err := nextList(ctx, tx, n.ID)
		if list = again; err != nil || list > 0 {
			return errors.Join(err, keepStaging(ctx, tx, n.ID, now))
		}
		list = 1
		if err := freeHolder(ctx, tx, n.ID); err != nil {
			return err
		}
		behalf := n.OnBehalfOf
		if behalf == actor.User {
			behalf = care.UserID{}
		}
		_, err = tx.Exec(ctx, `INSERT INTO blasts (id, org_id, sender_id, on_behalf_of, state, title, sort_title, body, files, staff,
				request, chosen, content_hash, version, list, lists, place, total, sent, skipped, created_at, due_at, counts_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, 1, 1, 0, 0, 0, 0, $14, $15, $14)`,
			n.ID, actor.Org, actor.User, behalf, string(staging), title, strings.ToLower(title), n.Body, len(n.Files), string(staff),
			string(request), chosen, hash, db.Millis(now), db.Millis(now.Add(abandoned)))
		if err != nil {
			return err
		}
		return takeFiles(ctx, tx, actor, now, n.ID, n.Files)
	}
	err = s.db.Write(ctx, act)
	if db.IsUnique(err) { // the same request at the same moment
		err = s.db.Write(ctx, act)
	}
	return list, err
}

// keepStaging gives a request that comes again the time of a new one, before what it writes
// is swept away.
func keepStaging(ctx context.Context, tx *db.Tx, id care.BlastID, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE blasts SET due_at = $2 WHERE id = $1 AND state = 'staging'`, id, db.Millis(now.Add(abandoned)))
	return err
}

// freeHolder refuses the id of a message that has files, which would be the blast's then.
func freeHolder(ctx context.Context, tx *db.Tx, id care.BlastID) error {
	held, err := attach.Of(ctx, tx, []care.MessageID{holder(id)})
	if err == nil && len(held) > 0 {
		return idReused()
	}
	return err
}

// takeFiles joins files to a blast.
func takeFiles(ctx context.Context, tx *db.Tx, actor care.Actor, now time.Time, id care.BlastID, ids []care.AttachmentID) error {
	found, err := attach.Load(ctx, tx, ids)
	if err != nil {
		return err
	}
	if refusal := found.Check(actor, holder(id), ids); refusal != nil {
		return refusal
	}
	return attach.Claim(ctx, tx, now, holder(id), ids)
}

// nextList gives a number for another list of recipients of a blast; 0 when there is no
// such blast.
func nextList(ctx context.Context, tx *db.Tx, id care.BlastID) (int64, error) {
	list, _, err := db.One(ctx, tx, func(row db.Scanner) (n int64, err error) { return n, row.Scan(&n) },
		`UPDATE blasts SET lists = lists + 1 WHERE id = $1 RETURNING lists`, id)
	return list, err
}

// stageSize is how many recipients are written in one transaction, which takes some
// milliseconds.
const stageSize = 500

// stage writes a list of recipients, which counts for nobody until a blast names it.
func (s *Service) stage(ctx context.Context, id care.BlastID, list int64, who *resolved) error {
	place := 0
	for part := range slices.Chunk(who.targets, stageSize) {
		err := s.db.Write(ctx, func(tx *db.Tx) error {
			at := place
			for rows := range slices.Chunk(part, 100) {
				values := make([]any, 0, 5*len(rows))
				for _, t := range rows {
					at++
					values = append(values, id, list, at, t.id, "pending")
				}
				_, err := tx.Exec(ctx, `INSERT INTO blast_recipients (blast_id, list, place, client_id, state) VALUES `+db.Rows(1, len(rows), 5), values...)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		place += len(part)
		if err := s.db.Relieve(ctx); err != nil {
			return err
		}
	}
	return nil
}

// release lets a blast count. It reports whether another request with the same content was
// there first.
func (s *Service) release(ctx context.Context, actor care.Actor, n Request, list int64, who *resolved) (existed bool, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if err := holdSender(ctx, tx, actor.User); err != nil {
			return err
		}
		state, _, err := db.One(ctx, tx, scanText, `SELECT state FROM blasts WHERE id = $1`+tx.ForUpdate(), n.ID)
		if existed = state != string(staging); err != nil || existed {
			return err
		}
		now := s.clock()
		due, held, started, begins := n.begins(now), time.Time{}, now, Sending
		if n.Grace > 0 {
			held = now.Add(n.Grace)
		}
		if due.After(now) {
			begins, started = Scheduled, time.Time{}
		}
		if err := s.allow(ctx, tx, actor, due, int64(len(who.targets)), 0); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE blasts SET state = $2, list = $3, total = $4, due_at = $5, counts_at = $5, send_at = $6, held_until = $7,
			started_at = $8, created_at = $9 WHERE id = $1`,
			n.ID, string(begins), list, len(who.targets), db.Millis(due), db.MillisOrNull(n.SendAt), db.MillisOrNull(held), db.MillisOrNull(started), db.Millis(now))
		if err != nil {
			return err
		}
		return s.record(ctx, tx, actor.Org, actor.Person(), n.ID, "blast.created", map[string]any{
			"recipients": len(who.targets), "reachable": who.reachable, "send_at": due.UTC().Format(time.RFC3339),
		})
	})
	return existed, err
}

// holdSender keeps two blasts of one person from passing the limit of the day together.
func holdSender(ctx context.Context, tx *db.Tx, id care.UserID) error {
	_, _, err := db.One(ctx, tx, scanText, `SELECT role FROM staff WHERE user_id = $1`+tx.ForUpdate(), id)
	return err
}

func (s *Service) record(ctx context.Context, tx *db.Tx, org care.OrgID, who care.Person, id care.BlastID, action string, details map[string]any) error {
	return audit.Append(ctx, tx, org, who, s.clock(), audit.Act(action, audit.About("blast", id), details))
}
