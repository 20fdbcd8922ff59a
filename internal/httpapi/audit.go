package httpapi

import (
	"context"
	"time"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/wire"
)

type auditQuery struct {
	PageQuery
	ActorID   care.UserID `query:"actor_id" doc:"Who acted"`
	SubjectID care.UserID `query:"subject_id" doc:"What it was about: a person, a conversation, a group"`
	Action    string      `query:"action" maxLength:"100" doc:"Such as client.changed"`
	Before    wire.Time   `query:"before"`
	After     wire.Time   `query:"after"`
}

func (q auditQuery) filter() audit.Filter {
	f := audit.Filter{
		Actor: q.ActorID, Subject: q.SubjectID, Action: q.Action,
		Until: q.Before.Time, Cursor: q.Cursor, Limit: q.Limit,
	}
	if !q.After.IsZero() {
		f.From = q.After.Add(time.Millisecond)
	}
	return f
}

func (a *api) audit() {
	route(a, get("/audit", "list-audit", "What was done, newest first; needs read_audit_log"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *auditQuery) (*ok[wire.Page[wire.AuditRow]], error) {
			rows, next, err := audit.List(ctx, a.DB, actor, in.filter())
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(rows, wire.AuditRowOf), next)), nil
		})
}
