package httpapi

import (
	"context"
	"net/http"

	"hearth/internal/care"
	"hearth/internal/preference"
	"hearth/internal/wire"
)

// underway answers 202: it is on record and will be done.
type underway[T any] struct{ Body T }

func (underway[T]) defaultStatus() int { return http.StatusAccepted }

// preferencesBulk are the changes of many clients.
func (a *api) preferencesBulk() {
	type ChangePath struct {
		ID preference.ChangeID `path:"id"`
	}
	route(a, post("/notifications/changes/preview", "preview-notifications-change", "What a change of the notifications of many clients would do"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			Body wire.NotificationsChangeRequest
		}) (*ok[wire.NotificationsPreview], error) {
			return shown(wire.NotificationsPreviewOf)(a.Preferences.Preview(ctx, actor, in.Body.Request()))
		})
	route(a, post("/notifications/changes", "apply-notifications-change", "Do what a preview showed; it is on record at once, and the call for one change tells how far it is"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			Body struct {
				Token string `json:"token" maxLength:"200" doc:"Of the preview; it can be used once"`
			}
		}) (*underway[wire.NotificationsChange], error) {
			return begun(a.Preferences.Apply(ctx, actor, in.Body.Token))
		})
	route(a, get("/notifications/changes", "list-notifications-changes", "The changes of the notifications of many clients, newest first"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *PageQuery) (*ok[wire.Page[wire.NotificationsChange]], error) {
			list, next, err := a.Preferences.Changes(ctx, actor, preference.Page{Cursor: in.Cursor, Limit: in.Limit})
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(list, wire.NotificationsChangeOf), next)), nil
		})
	route(a, get("/notifications/changes/{id}", "get-notifications-change", "How far a change of many is"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ChangePath) (*ok[wire.NotificationsChange], error) {
			return shown(wire.NotificationsChangeOf)(a.Preferences.Change(ctx, actor, in.ID))
		})
	route(a, post("/notifications/changes/{id}/undo", "undo-notifications-change", "Give the clients of a change what they had before, within 24 hours; whom somebody changed since stays"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ChangePath) (*underway[wire.NotificationsChange], error) {
			return begun(a.Preferences.Undo(ctx, actor, in.ID))
		})
}

func begun(c preference.BulkChange, err error) (*underway[wire.NotificationsChange], error) {
	if err != nil {
		return nil, err
	}
	return &underway[wire.NotificationsChange]{Body: wire.NotificationsChangeOf(c)}, nil
}
