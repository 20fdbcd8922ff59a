package blast

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"hearth/internal/access"
	"hearth/internal/attach"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Change changes those parts of a blast that are set, before it starts; Version is the one
// that was seen.
type Change struct {
	Version    int64
	Title      *string
	Body       *string
	Recipients *Recipients
	Files      *[]care.AttachmentID
	OnBehalfOf *care.UserID // zero for oneself
	Staff      *[]care.UserID
	SendAt     *time.Time // zero for at once
}

// over gives the whole blast as it is after the change, to be checked as a new one is.
func (c Change) over(b *Blast) Request {
	n := Request{
		ID: b.ID, Title: b.Title, Body: b.Body, Recipients: b.Recipients, OnBehalfOf: b.behalf, Staff: b.staff, SendAt: b.SendAt,
	}
	for _, f := range b.Files {
		n.Files = append(n.Files, f.ID)
	}
	set(&n.Title, c.Title)
	set(&n.Body, c.Body)
	set(&n.Recipients, c.Recipients)
	set(&n.Files, c.Files)
	set(&n.OnBehalfOf, c.OnBehalfOf)
	if n.OnBehalfOf == b.Sender.ID {
		n.OnBehalfOf = care.UserID{}
	}
	set(&n.Staff, c.Staff)
	set(&n.SendAt, c.SendAt)
	return n
}

func set[T any](to, value *T) {
	if value != nil {
		*to = *value
	}
}

// Edit changes a blast that has not begun, by its sender. Refusals: those of
// [Service.Create], and version_conflict with the blast as it is where it has begun or
// somebody changed it since.
func (s *Service) Edit(ctx context.Context, actor care.Actor, id care.BlastID, change Change) (*Blast, error) {
	if refusal := access.SendBlasts(actor); refusal != nil {
		return nil, refusal
	}
	b, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	if actor.User != b.Sender.ID {
		return nil, care.Refused("Only its sender can change a message blast. You can stop it.")
	}
	if b.State != Scheduled || b.Version != change.Version {
		return nil, changedSince(b)
	}
	n := change.over(b)
	if change.SendAt == nil && !n.SendAt.IsZero() && !n.SendAt.After(s.clock()) {
		return nil, changedSince(b) // it begins at this moment
	}
	if refusal := n.check(s); refusal != nil {
		return nil, refusal
	}
	if refusal := checkTime(s.clock(), n.SendAt); refusal != nil {
		return nil, refusal
	}
	who, chosen, err := s.resurvey(ctx, actor, &n, change, b)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	list := b.list
	if change.Recipients != nil {
		if list, err = s.relist(ctx, id, who); err != nil {
			return nil, err
		}
	}
	err = s.save(ctx, actor, change, n, who, chosen, list)
	for _, one := range []int64{b.list, list} { // whichever counts no longer
		if list != b.list {
			err = errors.Join(err, s.dropList(ctx, id, one))
		}
	}
	if err != nil {
		return nil, err
	}
	s.Wake()
	return s.Get(ctx, actor, id)
}

func changedSince(b *Blast) *care.Error {
	if b.State != Scheduled {
		return conflict("This message blast has begun, so it cannot be changed any more.", b)
	}
	return conflict("Somebody changed this a moment ago. Review that change before you save.", b)
}

// resurvey is survey for a blast that exists and counts for the limit of its day already.
// Recipients who are not changed are not looked for again: they are judged when it is sent.
func (s *Service) resurvey(ctx context.Context, actor care.Actor, n *Request, change Change, b *Blast) (who *resolved, chosen string, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if err := s.checkStaff(ctx, tx, actor, n.OnBehalfOf, n.Staff); err != nil {
			return err
		}
		if chosen = b.Chosen; change.Recipients == nil {
			return nil
		}
		if who, err = resolve(ctx, tx, actor, n.Recipients); err != nil {
			return err
		}
		if who.reachable == 0 {
			return nobody(who)
		}
		chosen, err = inWords(ctx, tx, actor, n.Recipients, who)
		return err
	})
	return who, chosen, err
}

// relist writes another list of recipients for a blast.
func (s *Service) relist(ctx context.Context, id care.BlastID, who *resolved) (list int64, err error) {
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		list, err = nextList(ctx, tx, id)
		return err
	})
	if err != nil {
		return 0, err
	}
	return list, s.stage(ctx, id, list, who)
}

// save lets the change count, unless the blast began or was changed meanwhile.
func (s *Service) save(ctx context.Context, actor care.Actor, change Change, n Request, who *resolved, chosen string, list int64) error {
	request, err := json.Marshal(n.Recipients)
	if err != nil {
		return err
	}
	staff, err := json.Marshal(append([]care.UserID{}, n.Staff...))
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		if err := holdSender(ctx, tx, actor.User); err != nil {
			return err
		}
		b, err := find(ctx, tx, actor, n.ID, tx.ForUpdate("b"))
		if err != nil {
			return err
		}
		if b.State != Scheduled || b.Version != change.Version {
			if err := s.complete(ctx, tx, actor, []*Blast{b}); err != nil {
				return err
			}
			return changedSince(b)
		}
		total, now := b.Total, s.clock()
		if change.Recipients != nil {
			total = int64(len(who.targets))
		}
		due := n.begins(now)
		switch {
		case change.SendAt == nil:
			due = db.FromMillis(b.due)
		case due.Before(b.HeldUntil):
			due = b.HeldUntil
		}
		if change.Recipients != nil || change.SendAt != nil {
			if err := s.allowAgain(ctx, tx, actor, due, total, b); err != nil {
				return err
			}
		}
		if change.Files != nil {
			if err := s.changeFiles(ctx, tx, actor, n.ID, n.Files); err != nil {
				return err
			}
		}
		title := titleOf(n.Title, n.Body)
		_, err = tx.Exec(ctx, `UPDATE blasts SET title = $2, sort_title = $3, body = $4, files = $5, staff = $6, request = $7, chosen = $8,
				on_behalf_of = $9, send_at = $10, due_at = $11, counts_at = $11, total = $12, list = $13, version = version + 1 WHERE id = $1`,
			n.ID, title, strings.ToLower(title), n.Body, len(n.Files), string(staff), string(request), chosen,
			n.OnBehalfOf, db.MillisOrNull(n.SendAt), db.Millis(due), total, list)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, b.org, actor.Person(), b.ID, "blast.changed", map[string]any{
			"recipients": total, "send_at": due.UTC().Format(time.RFC3339),
		})
	})
}

// allowAgain is allow for a blast that counts on a day already.
func (s *Service) allowAgain(ctx context.Context, tx *db.Tx, actor care.Actor, due time.Time, total int64, b *Blast) error {
	begin, end, err := day(ctx, tx, actor.Org, due)
	if err != nil {
		return err
	}
	before := int64(0)
	if old := db.FromMillis(b.due); !old.Before(begin) && old.Before(end) {
		before = b.Total
	}
	return s.allow(ctx, tx, actor, due, total, before)
}

// changeFiles gives a blast other files; those that it no longer has are let go of.
func (s *Service) changeFiles(ctx context.Context, tx *db.Tx, actor care.Actor, id care.BlastID, ids []care.AttachmentID) error {
	before, err := attach.Of(ctx, tx, []care.MessageID{holder(id)})
	if err != nil {
		return err
	}
	found, err := attach.Load(ctx, tx, sortedIDs(ids))
	if err != nil {
		return err
	}
	if refusal := found.Check(actor, holder(id), ids); refusal != nil {
		return refusal
	}
	gone := slices.ContainsFunc(before[holder(id)], func(f care.Attachment) bool { return !slices.Contains(ids, f.ID) })
	if gone {
		if err := attach.Keep(ctx, tx, s.clock(), holder(id), ids); err != nil {
			return err
		}
	}
	return attach.Claim(ctx, tx, s.clock(), holder(id), ids)
}

func sortedIDs(ids []care.AttachmentID) []care.AttachmentID {
	out := slices.Clone(ids)
	slices.SortFunc(out, func(a, b care.AttachmentID) int { return slices.Compare(a[:], b[:]) })
	return out
}

// dropOthers takes away the lists up to one that count for nothing: of the same request,
// cut off before or made at the same moment.
func (s *Service) dropOthers(ctx context.Context, id care.BlastID, list int64) (err error) {
	for other := int64(1); other <= list && list > 1 && err == nil; other++ {
		err = s.dropList(ctx, id, other)
	}
	return err
}

// dropList takes away a list of recipients that counts no longer, in short transactions.
func (s *Service) dropList(ctx context.Context, id care.BlastID, list int64) error {
	for n := int64(1); n > 0; {
		err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
			n, err = dropPart(ctx, tx, id, list, ` AND list <> (SELECT list FROM blasts WHERE id = $1)`)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// dropPart takes away the first recipients of a list where a condition holds, and tells how
// many. The places bound it: told as LIMIT of a subquery, PostgreSQL may go through the
// list once for each recipient where its statistics are old.
func dropPart(ctx context.Context, tx *db.Tx, id care.BlastID, list int64, where string) (n int64, err error) {
	first, found, err := db.One(ctx, tx, func(row db.Scanner) (place int64, err error) { return place, row.Scan(&place) },
		`SELECT place FROM blast_recipients WHERE blast_id = $1 AND list = $2 ORDER BY place LIMIT 1`, id, list)
	if err != nil || !found {
		return 0, err
	}
	return tx.Exec(ctx, `DELETE FROM blast_recipients WHERE blast_id = $1 AND list = $2 AND place >= $3 AND place < $4`+where,
		id, list, first, first+stageSize)
}
