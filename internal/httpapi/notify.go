package httpapi

import (
	"context"
	"net/http"

	"hearth/internal/care"
	"hearth/internal/push"
	"hearth/internal/wire"
)

// SubscriptionPath names a device.
type SubscriptionPath struct {
	ID care.SubscriptionID `path:"id"`
}

func (a *api) notices() {
	route(a, get("/me/notices", "list-notices", "What one was told in the app, the newest first"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			Before care.NoticeID `query:"before" doc:"The last notice of the page before"`
			Limit  int           `query:"limit" minimum:"1" maximum:"200" default:"50"`
		}) (*ok[wire.BellNotices], error) {
			list, unread, more, err := a.Notify.Notices(ctx, actor, in.Before, in.Limit)
			if err != nil {
				return nil, err
			}
			return answer(wire.BellNotices{Items: wire.Map(list, wire.BellNoticeOf), Unread: unread, HasMore: more}), nil
		})
	route(a, get("/me/notices/{id}", "get-notice", "One notice; a push names only its id"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			ID care.NoticeID `path:"id"`
		}) (*ok[wire.BellNotice], error) {
			return shown(wire.BellNoticeOf)(a.Notify.Get(ctx, actor, in.ID))
		})
	reading := post("/me/notices/read", "read-notices", "Put notices away without reading their conversations")
	reading.DefaultStatus = http.StatusOK
	route(a, reading, anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			Body struct {
				IDs []care.NoticeID `json:"ids,omitempty" maxItems:"200"`
				All bool            `json:"all,omitempty"`
			}
		}) (*ok[wire.NoticeRead], error) {
			unread, err := a.Notify.PutAway(ctx, actor, in.Body.IDs, in.Body.All)
			if err != nil {
				return nil, err
			}
			return answer(wire.NoticeRead{IDs: append([]care.NoticeID{}, in.Body.IDs...), Unread: unread}), nil
		})
}

type newDevice struct {
	Endpoint string `json:"endpoint" minLength:"1" maxLength:"1000"`
	Keys     struct {
		P256dh string `json:"p256dh" maxLength:"200"`
		Auth   string `json:"auth" maxLength:"100"`
	} `json:"keys"`
	Device string `json:"device,omitempty" maxLength:"100" doc:"What its person calls it"`
}

func (a *api) pushes() {
	route(a, get("/me/push", "get-push", "What a browser needs to subscribe to pushes, and one's devices"), anyone,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.Push], error) {
			list, err := a.Notify.Subscriptions(ctx, actor)
			if err != nil {
				return nil, err
			}
			return answer(wire.Push{PublicKey: a.Notify.PublicKey(), Subscriptions: wire.Map(list, wire.PushDeviceOf)}), nil
		})
	route(a, post("/me/push", "subscribe-push", "Have pushes on this device until one signs out here; the same endpoint again is 200"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct{ Body newDevice }) (*made[wire.PushDevice], error) {
			d := push.Subscription{Endpoint: in.Body.Endpoint, P256dh: in.Body.Keys.P256dh, Auth: in.Body.Keys.Auth}
			one, existed, err := a.Notify.Subscribe(ctx, actor, d, in.Body.Device)
			if err != nil {
				return nil, err
			}
			return created(wire.PushDeviceOf(one), existed), nil
		})
	route(a, del("/me/push/{id}", "unsubscribe-push", "No more pushes on a device of one's own"), anyone,
		func(ctx context.Context, actor care.Actor, in *SubscriptionPath) (*none, error) {
			return nil, a.Notify.Unsubscribed(ctx, actor, in.ID)
		})
	route(a, del("/me/push", "unsubscribe-push-endpoint", "The same for a browser that knows its endpoint only"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			Endpoint string `query:"endpoint" required:"true" minLength:"1" maxLength:"1000"`
		}) (*none, error) {
			return nil, a.Notify.UnsubscribedAt(ctx, actor, in.Endpoint)
		})
	testing := post("/me/push/test", "test-push", "A push to each of one's devices, at once")
	testing.DefaultStatus = http.StatusOK
	route(a, testing, anyone,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.PushTest], error) {
			devices, took, err := a.Notify.TestPush(ctx, actor)
			if err != nil {
				return nil, err
			}
			return answer(wire.PushTest{Devices: devices, Taken: took}), nil
		})
}

// HistoryQuery is where a page of a history begins.
type HistoryQuery struct {
	Before care.DeliveryID `query:"before" doc:"The last line of the page before"`
	Limit  int             `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (a *api) notificationHistory() {
	route(a, get("/me/notification-history", "list-own-notifications", "Which notifications one was sent, the newest first, over 90 days"), anyone,
		func(ctx context.Context, actor care.Actor, in *HistoryQuery) (*ok[wire.NotificationHistory], error) {
			return a.historyOf(ctx, actor, actor.User, *in)
		})
	route(a, get("/clients/{id}/notification-history", "list-client-notifications", "The same of a client: when, over which channel and whether it went out, never what"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ID care.UserID `path:"id"`
			HistoryQuery
		}) (*ok[wire.NotificationHistory], error) {
			return a.historyOf(ctx, actor, in.ID, in.HistoryQuery)
		})
}

func (a *api) historyOf(ctx context.Context, actor care.Actor, user care.UserID, q HistoryQuery) (*ok[wire.NotificationHistory], error) {
	list, more, err := a.Notify.History(ctx, actor, user, q.Before, q.Limit)
	if err != nil {
		return nil, err
	}
	return answer(wire.NotificationHistory{Items: wire.Map(list, wire.NotificationDeliveryOf), HasMore: more}), nil
}
