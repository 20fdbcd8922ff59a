package chat

import (
	"context"
	"database/sql"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Reports gives the reports that the actor settles, the newest first, at most limit of
// those before the one named (zero begins); next is zero on the last page. It is for staff
// with the permission start_community_chats, of conversations that they may read.
func (s *Service) Reports(ctx context.Context, actor care.Actor, open bool, before care.ReportID, limit int) (list []Report, next care.ReportID, err error) {
	if refusal := access.Moderate(actor); refusal != nil {
		return nil, next, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		if list, err = reportsWhere(ctx, tx, actor, open, before, limit+1); err != nil {
			return err
		}
		next = care.ReportID{}
		if len(list) > limit {
			list = list[:limit]
			next = list[limit-1].ID
		}
		return completeReports(ctx, tx, actor, list)
	})
	return list, next, err
}

// OpenReports counts what waits for the actor.
func (s *Service) OpenReports(ctx context.Context, actor care.Actor) (n int64, err error) {
	if refusal := access.Moderate(actor); refusal != nil {
		return 0, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT COUNT(*) FROM message_reports r`+reportJoins+`
			WHERE `+reportSeen+` AND r.resolved_at IS NULL`,
			actor.User, actor.Org, actor.Can(care.OrganizationInbox)).Scan(&n)
	})
	return n, err
}

const (
	reportColumns = `r.id, r.conversation_id, c.subject, c.closed_at IS NOT NULL, m.user_id IS NOT NULL, r.message_id,
		p.id, p.name, p.kind, r.reason, r.created_at, r.resolved_at, b.id, b.name, b.kind, r.outcome, r.note`
	reportJoins = ` JOIN conversations c ON c.id = r.conversation_id
		JOIN people p ON p.id = r.reporter_id LEFT JOIN people b ON b.id = r.resolved_by
		LEFT JOIN conversation_members m ON m.conversation_id = r.conversation_id AND m.user_id = $1 AND m.left_at IS NULL`
	reportSeen = `r.org_id = $2 AND (m.user_id IS NOT NULL OR $3)`
)

func scanReport(row db.Scanner) (r Report, err error) {
	var created int64
	var resolved sql.NullInt64
	var byName, byKind sql.NullString
	err = row.Scan(&r.ID, &r.Conversation, &r.Subject, &r.closed, &r.member, &r.message,
		&r.Reporter.ID, &r.Reporter.Name, &r.Reporter.Kind, &r.Reason, &created, &resolved,
		&r.ResolvedBy.ID, &byName, &byKind, &r.Outcome, &r.Note)
	r.CreatedAt, r.ResolvedAt = db.FromMillis(created), db.TimeOf(resolved)
	r.ResolvedBy.Name, r.ResolvedBy.Kind = byName.String, care.PersonKind(byKind.String)
	return r, err
}

func reportsWhere(ctx context.Context, tx *db.Tx, actor care.Actor, open bool, before care.ReportID, limit int) ([]Report, error) {
	state := ` AND r.resolved_at IS NULL`
	if !open {
		state = ` AND r.resolved_at IS NOT NULL`
	}
	values := []any{actor.User, actor.Org, actor.Can(care.OrganizationInbox), limit}
	if !before.IsZero() {
		state += ` AND r.id < $5`
		values = append(values, before)
	}
	return db.Many(ctx, tx, scanReport, `SELECT `+reportColumns+` FROM message_reports r`+reportJoins+`
		WHERE `+reportSeen+state+` ORDER BY r.id DESC LIMIT $4`, values...)
}

// oneReport gives a report that the actor settles; to everybody else it does not exist.
func oneReport(ctx context.Context, tx *db.Tx, actor care.Actor, id care.ReportID) (Report, error) {
	if refusal := access.Moderate(actor); refusal != nil {
		return Report{}, refusal
	}
	r, found, err := db.One(ctx, tx, scanReport, `SELECT `+reportColumns+` FROM message_reports r`+reportJoins+`
		WHERE `+reportSeen+` AND r.id = $4`, actor.User, actor.Org, actor.Can(care.OrganizationInbox), id)
	if err != nil {
		return Report{}, err
	}
	if !found {
		return Report{}, care.Missing("report")
	}
	list := []Report{r}
	err = completeReports(ctx, tx, actor, list)
	return list[0], err
}

// completeReports adds the posts to reports, and whether the actor may take them away.
func completeReports(ctx context.Context, tx *db.Tx, actor care.Actor, list []Report) error {
	var ids []care.MessageID
	for _, r := range list {
		ids = append(ids, r.message)
	}
	found, err := readReported(ctx, tx, sorted(ids))
	if err != nil {
		return err
	}
	if err := complete(ctx, tx, actor.Org, pointers(found)); err != nil {
		return err
	}
	posts := make(map[care.MessageID]care.Message, len(found))
	for _, m := range found {
		posts[m.ID] = m
	}
	for i := range list {
		r := &list[i]
		r.Message = posts[r.message]
		r.CanRemove = r.Message.DeletedAt.IsZero() && access.DeleteMessage(actor, r.Message, access.Conversation{
			Kind: care.Community, SameOrganization: true, Member: r.member, Closed: r.closed,
		}) == nil
	}
	return nil
}

// readReported reads posts that were reported. They are shown to staff who keep their
// conversations, and to nobody else.
func readReported(ctx context.Context, tx *db.Tx, ids []care.MessageID) (all []care.Message, err error) {
	err = eachPart(ids, func(part []care.MessageID) error {
		found, err := db.Many(ctx, tx, scanMessage, `SELECT `+messageColumns+`
			FROM messages m`+messageJoins+` WHERE m.id IN (`+tx.In(1, len(part))+`)`, args(part)...)
		all = append(all, found...)
		return err
	})
	return all, err
}
