package httpapi

import (
	"context"
	"net/http"

	"hearth/internal/care"
	"hearth/internal/notify"
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
	Device   string `json:"device,omitempty" maxLength:"60" doc:"What it is called until its person renames it; a number is added where another of their devices is called so"`
	Replaces string `json:"replaces,omitempty" maxLength:"1000" doc:"The endpoint of one's own that this browser had until now: it stays the same device"`
}

func (d newDevice) device() notify.NewDevice {
	keys := push.Subscription{Endpoint: d.Endpoint, P256dh: d.Keys.P256dh, Auth: d.Keys.Auth}
	return notify.NewDevice{Subscription: keys, Name: d.Device, Replaces: d.Replaces}
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
			one, existed, err := a.Notify.Subscribe(ctx, actor, in.Body.device())
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
	route(a, patch("/me/push/{id}", "rename-push-device", "Call a device of one's own something else"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			SubscriptionPath
			Body struct {
				Device string `json:"device" minLength:"1" maxLength:"60" doc:"No other device of one's own is called so"`
			}
		}) (*ok[wire.PushDevice], error) {
			return shown(wire.PushDeviceOf)(a.Notify.Rename(ctx, actor, in.ID, in.Body.Device))
		})
	a.pushHere()
	a.pushTests()
}

// pushHere is asked by every browser that has a subscription, when somebody opens the app:
// whoever used it before may never have signed out.
func (a *api) pushHere() {
	here := post("/me/push/here", "get-push-here", "Which device of one's own this browser is; somebody else's at its endpoint gets no pushes any more")
	here.DefaultStatus = http.StatusOK
	route(a, here, anyone,
		func(ctx context.Context, actor care.Actor, in *struct {
			Body struct {
				Endpoint string `json:"endpoint" minLength:"1" maxLength:"1000"`
			}
		}) (*ok[wire.PushHere], error) {
			one, found, err := a.Notify.Here(ctx, actor, in.Body.Endpoint)
			if err != nil {
				return nil, err
			}
			return answer(wire.PushHereOf(one, found)), nil
		})
}

func (a *api) pushTests() {
	test := func(ctx context.Context, actor care.Actor, only care.SubscriptionID) (*ok[wire.PushTest], error) {
		devices, took, err := a.Notify.TestPush(ctx, actor, only)
		if err != nil {
			return nil, err
		}
		return answer(wire.PushTest{Devices: devices, Taken: took}), nil
	}
	all := post("/me/push/test", "test-push", "A push to each of one's devices, at once")
	all.DefaultStatus = http.StatusOK
	route(a, all, anyone, func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.PushTest], error) {
		return test(ctx, actor, care.SubscriptionID{})
	})
	one := post("/me/push/{id}/test", "test-push-device", "A push to one of them")
	one.DefaultStatus = http.StatusOK
	route(a, one, anyone, func(ctx context.Context, actor care.Actor, in *SubscriptionPath) (*ok[wire.PushTest], error) {
		return test(ctx, actor, in.ID)
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
