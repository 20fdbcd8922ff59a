package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/wire"
)

func (a *api) preferences() {
	a.clientPreferences()
	a.placePreferences()
	route(a, get("/me/notifications", "get-my-notifications", "Which notifications one gets oneself, and when"), anyone,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.MyNotifications], error) {
			return shown(wire.MyNotificationsOf)(a.Preferences.Mine(ctx, actor))
		})
	route(a, put("/me/notifications", "set-my-notifications", "Narrow which notifications one gets oneself, and when"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct{ Body wire.MyNotificationsEdit }) (*ok[wire.MyNotifications], error) {
			return shown(wire.MyNotificationsOf)(a.Preferences.SetMine(ctx, actor, in.Body.Edit()))
		})
}

func (a *api) clientPreferences() {
	type ClientPath struct {
		ID care.UserID `path:"id"`
	}
	route(a, get("/clients/{id}/notifications", "get-client-notifications", "Which notifications a client gets, with the source of each"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ClientPath) (*ok[wire.ClientNotifications], error) {
			return shown(wire.ClientNotificationsOf)(a.Preferences.Client(ctx, actor, in.ID))
		})
	route(a, put("/clients/{id}/notifications", "set-client-notifications", "Change a client's own settings of notifications; needs manage_chat_access"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ClientPath
			Body wire.ClientNotificationsEdit
		}) (*ok[wire.ClientNotifications], error) {
			return shown(wire.ClientNotificationsOf)(a.Preferences.SetClient(ctx, actor, in.ID, in.Body.Edit()))
		})
}

func (a *api) placePreferences() {
	type GroupPath struct {
		ID care.GroupID `path:"id"`
	}
	route(a, get("/groups/{id}/notifications", "get-group-notifications", "A client group's settings of notifications"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *GroupPath) (*ok[wire.GroupNotifications], error) {
			return shown(wire.GroupNotificationsOf)(a.Preferences.Group(ctx, actor, in.ID))
		})
	route(a, put("/groups/{id}/notifications", "set-group-notifications", "Change a client group's settings of notifications; members without an own setting follow at once"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			GroupPath
			Body wire.GroupNotificationsEdit
		}) (*ok[wire.GroupNotifications], error) {
			return shown(wire.GroupNotificationsOf)(a.Preferences.SetGroup(ctx, actor, in.ID, in.Body.Edit()))
		})
	route(a, get("/organization/notifications", "get-organization-notifications", "Which notifications new clients get, and what notifications may name"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.OrganizationNotifications], error) {
			return shown(wire.OrganizationNotificationsOf)(a.Preferences.Organization(ctx, actor))
		})
	route(a, put("/organization/notifications", "set-organization-notifications", "Change which notifications new clients get, and what notifications may name; needs manage_settings"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			Body wire.OrganizationNotificationsEdit
		}) (*ok[wire.OrganizationNotifications], error) {
			return shown(wire.OrganizationNotificationsOf)(a.Preferences.SetOrganization(ctx, actor, in.Body.Edit()))
		})
}
