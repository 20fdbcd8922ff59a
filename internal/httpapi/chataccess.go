package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/wire"
)

// groupEdit is a change of a group's settings; a null notice removes its own words.
type groupEdit struct {
	wire.TimedAccessEdit
	Notice wire.Opt[wire.NoticeEdit] `json:"notice,omitempty"`
}

func (e groupEdit) notice() *chataccess.NoticeEdit {
	switch {
	case !e.Notice.Set:
		return nil
	case e.Notice.Null:
		return &chataccess.NoticeEdit{Clear: true}
	default:
		return e.Notice.Value.Edit()
	}
}

// organizationEdit is a change of the defaults for new clients, and of the notice.
type organizationEdit struct {
	wire.AccessEdit
	Notice wire.Maybe[wire.NoticeEdit] `json:"notice,omitempty"`
}

func (e organizationEdit) notice() *chataccess.NoticeEdit {
	if !e.Notice.Set {
		return nil
	}
	return e.Notice.Value.Edit()
}

func (a *api) chatAccess() {
	a.clientAccess()
	a.groupAccess()
	a.organizationAccess()
	a.staffAccess()
}

func (a *api) clientAccess() {
	type ClientPath struct {
		ID care.UserID `path:"id"`
	}
	route(a, get("/clients/{id}/chat-access", "get-client-access", "A client's chat access, with the source of each switch"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ClientPath) (*ok[wire.ClientAccess], error) {
			return shown(wire.ClientAccessOf)(a.ChatAccess.Client(ctx, actor, in.ID))
		})
	route(a, put("/clients/{id}/chat-access", "set-client-access", "Change a client's own settings"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ClientPath
			Body wire.ClientAccessEdit
		}) (*ok[wire.ClientAccess], error) {
			return shown(wire.ClientAccessOf)(a.ChatAccess.SetClient(ctx, actor, in.ID, in.Body.Edit()))
		})
	route(a, get("/clients/{id}/chat-access/history", "list-client-access-history", "Every change of a client's chat access, newest first"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ClientPath
			PageQuery
		}) (*ok[wire.Page[wire.AccessHistoryRow]], error) {
			var after care.AuditID
			if in.Cursor != "" && after.UnmarshalText([]byte(in.Cursor)) != nil {
				return nil, badCursor()
			}
			list, next, err := a.ChatAccess.History(ctx, actor, in.ID, after, in.Limit)
			if err != nil {
				return nil, err
			}
			cursor := ""
			if !next.IsZero() {
				cursor = next.String()
			}
			return answer(wire.PageOf(wire.Map(list, wire.AccessHistoryRowOf), cursor)), nil
		})
}

func (a *api) groupAccess() {
	type GroupPath struct {
		ID care.GroupID `path:"id"`
	}
	route(a, get("/groups/{id}/chat-access", "get-group-access", "A client group's settings"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *GroupPath) (*ok[wire.GroupAccess], error) {
			return shown(wire.GroupAccessOf)(a.ChatAccess.Group(ctx, actor, in.ID))
		})
	route(a, put("/groups/{id}/chat-access", "set-group-access", "Change a client group's settings; members without an own setting follow at once"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			GroupPath
			Body groupEdit
		}) (*ok[wire.GroupAccess], error) {
			return shown(wire.GroupAccessOf)(a.ChatAccess.SetGroup(ctx, actor, in.ID, in.Body.Edit(), in.Body.notice()))
		})
}

func (a *api) organizationAccess() {
	route(a, get("/organization/chat-access", "get-organization-access", "The defaults for new clients, and the notice"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.OrganizationAccess], error) {
			return shown(wire.OrganizationAccessOf)(a.ChatAccess.Organization(ctx, actor))
		})
	route(a, put("/organization/chat-access", "set-organization-access", "Change the defaults for new clients, and the notice"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body organizationEdit }) (*ok[wire.OrganizationAccess], error) {
			return shown(wire.OrganizationAccessOf)(a.ChatAccess.SetOrganization(ctx, actor, in.Body.Edit(), in.Body.notice()))
		})
}

func (a *api) staffAccess() {
	type StaffPath struct {
		ID care.UserID `path:"id"`
	}
	route(a, get("/staff/{id}/chat-access", "get-staff-access", "A provider's defaults for their new clients"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *StaffPath) (*ok[wire.StaffAccess], error) {
			return shown(wire.StaffAccessOf)(a.ChatAccess.Staff(ctx, actor, in.ID))
		})
	route(a, put("/staff/{id}/chat-access", "set-staff-access", "Change a provider's defaults for their new clients"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			StaffPath
			Body wire.AccessEdit
		}) (*ok[wire.StaffAccess], error) {
			return shown(wire.StaffAccessOf)(a.ChatAccess.SetStaff(ctx, actor, in.ID, in.Body.Edit()))
		})
}

// shown makes the answer to a call from what the domain gives. A conflict carries the
// state as it is, in the same shape.
func shown[T, W any](show func(T) W) func(T, error) (*ok[W], error) {
	return func(value T, err error) (*ok[W], error) {
		if err == nil {
			return answer(show(value)), nil
		}
		return nil, withCurrent(err, show)
	}
}
