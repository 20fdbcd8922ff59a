package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/wire"
)

// CommunityEdit is a change of how a community chat works. It is exported to be embedded.
type CommunityEdit struct {
	Locked       wire.Maybe[bool]           `json:"locked,omitempty" doc:"Community, for everyone: only staff post. Needs start_community_chats, as the next three"`
	PostsPerHour wire.Opt[int64]            `json:"posts_per_hour,omitempty" doc:"How often each client may post, 1 to 1000; null without limit"`
	RosterHidden wire.Maybe[bool]           `json:"roster_hidden,omitempty" doc:"Clients see staff and themselves as members"`
	InStep       wire.Maybe[[]care.GroupID] `json:"in_step_group_ids,omitempty" maxItems:"100" doc:"The groups to keep it in step with, which needs view_all_clients; empty ends that and everybody stays"`
}

func (e CommunityEdit) change() chat.CommunityChange {
	change := chat.CommunityChange{
		Locked: e.Locked.Pointer(), RosterHidden: e.RosterHidden.Pointer(), InStep: e.InStep.Pointer(),
	}
	if e.PostsPerHour.Set {
		perHour := int64(0)
		if n := e.PostsPerHour.Pointer(); n != nil {
			if perHour = *n; perHour == 0 {
				perHour = -1 // null is no limit; nobody posts zero times
			}
		}
		change.PostsPerHour = &perHour
	}
	return change
}

// ReportPath names the report of a call. It is exported to be embedded.
type ReportPath struct {
	ID care.ReportID `path:"id"`
}

type reportQuery struct {
	PageQuery
	State string `query:"state" enum:"open,closed" default:"open"`
}

func (a *api) reports() {
	route(a, post("/conversations/{id}/messages/{message_id}/report", "report-message", "Report a post of a community chat to staff"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			MessagePath
			Body struct {
				Reason string `json:"reason,omitempty" maxLength:"1000"`
			}
		}) (*none, error) {
			return nil, a.Chat.ReportMessage(ctx, actor, in.ID, in.MessageID, in.Body.Reason)
		})
	route(a, get("/reports", "list-reports", "Reported posts, the newest first, for staff who keep community chats"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *reportQuery) (*ok[wire.Page[wire.Report]], error) {
			before, err := reportCursor(in.Cursor)
			if err != nil {
				return nil, err
			}
			list, next, err := a.Chat.Reports(ctx, actor, in.State == "open", before, in.Limit)
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(list, wire.ReportOf), reportCursorText(next))), nil
		})
	route(a, get("/reports/count", "count-reports", "How many reports are open"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[openReports], error) {
			n, err := a.Chat.OpenReports(ctx, actor)
			if err != nil {
				return nil, err
			}
			return answer(openReports{Open: n}), nil
		})
	route(a, post("/reports/{id}/resolve", "resolve-report", "Settle a report, and with it every open report of the same post"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ReportPath
			Body struct {
				Outcome string `json:"outcome" enum:"removed,kept"`
				Note    string `json:"note,omitempty" maxLength:"1000" doc:"For staff"`
			}
		}) (*ok[wire.Report], error) {
			return shown(wire.ReportOf)(a.Chat.Resolve(ctx, actor, in.ID, in.Body.Outcome, in.Body.Note))
		})
}

// openReports is how many reports wait for staff.
type openReports struct {
	Open int64 `json:"open"`
}

func reportCursor(text string) (id care.ReportID, err error) {
	if text != "" && id.UnmarshalText([]byte(text)) != nil {
		return id, badCursor()
	}
	return id, nil
}

func reportCursorText(id care.ReportID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}
