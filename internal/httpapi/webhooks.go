package httpapi

import (
	"context"
	"net/http"

	"hearth/internal/care"
	"hearth/internal/webhook"
	"hearth/internal/wire"
)

// WebhookPath names a webhook.
type WebhookPath struct {
	ID care.WebhookID `path:"id"`
}

type newWebhook struct {
	URL         string          `json:"url" minLength:"1" maxLength:"2048" doc:"Begins with https://; without TLS, and in private networks, only what the operator allows"`
	Description string          `json:"description,omitempty" maxLength:"200"`
	Events      []webhook.Event `json:"events" minItems:"1" maxItems:"20" enum:"message.created,conversation.created,conversation.closed,chat_access.changed,blast.finished"`
}

type webhookChange struct {
	Version     int64                       `json:"version"`
	URL         wire.Maybe[string]          `json:"url,omitempty" minLength:"1" maxLength:"2048"`
	Description wire.Maybe[string]          `json:"description,omitempty" maxLength:"200"`
	Events      wire.Maybe[[]webhook.Event] `json:"events,omitempty" minItems:"1" maxItems:"20"`
	Active      wire.Maybe[bool]            `json:"active,omitempty" doc:"Switched on again, it gets what waits"`
}

func (c webhookChange) asked() webhook.Change {
	return webhook.Change{
		Version: c.Version, URL: c.URL.Pointer(), Description: c.Description.Pointer(), Active: c.Active.Pointer(), Events: c.Events.Value,
	}
}

func (a *api) webhooks() {
	route(a, get("/webhooks", "list-webhooks", "Where other programs are told what happens; needs manage_settings"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.Page[wire.Webhook]], error) {
			list, err := a.Webhooks.List(ctx, actor)
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(list, wire.WebhookOf), "")), nil
		})
	route(a, post("/webhooks", "add-webhook", "Tell another program what happens; the answer has the secret, which is not shown again"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body newWebhook }) (*made[wire.WebhookSecret], error) {
			e, secret, err := a.Webhooks.Create(ctx, actor, webhook.NewEndpoint(in.Body))
			if err != nil {
				return nil, err
			}
			return created(wire.WebhookSecretOf(e, secret), false), nil
		})
	route(a, patch("/webhooks/{id}", "change-webhook", "Change a webhook, or switch it off and on"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			WebhookPath
			Body webhookChange
		}) (*ok[wire.Webhook], error) {
			return shown(wire.WebhookOf)(a.Webhooks.Edit(ctx, actor, in.ID, in.Body.asked()))
		})
	route(a, del("/webhooks/{id}", "delete-webhook", "Take a webhook away"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *WebhookPath) (*none, error) {
			return nil, a.Webhooks.Delete(ctx, actor, in.ID)
		})
	route(a, post("/webhooks/{id}/secret", "change-webhook-secret", "Make a new secret; for 24 hours the one before signs too"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *WebhookPath) (*ok[wire.WebhookSecret], error) {
			e, secret, err := a.Webhooks.Rotate(ctx, actor, in.ID)
			if err != nil {
				return nil, err
			}
			return answer(wire.WebhookSecretOf(e, secret)), nil
		})
	route(a, post("/webhooks/{id}/test", "test-webhook", "Call a webhook now and tell how it answered, after 15 seconds at most"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *WebhookPath) (*ok[wire.WebhookDelivery], error) {
			return shown(wire.WebhookDeliveryOf)(a.Webhooks.Test(ctx, actor, in.ID))
		})
	a.webhookDeliveries()
}

func (a *api) webhookDeliveries() {
	route(a, get("/webhooks/{id}/deliveries", "list-webhook-deliveries", "What was and is to be sent to a webhook, newest first, of 14 days"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			WebhookPath
			Before care.DeliveryID `query:"before" doc:"The id of the last one of the page before"`
			State  string          `query:"state" enum:"waiting,delivered,failed" doc:"What is being sent counts as waiting"`
			Limit  int             `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many at most"`
		}) (*ok[wire.WebhookDeliveries], error) {
			list, more, err := a.Webhooks.Deliveries(ctx, actor, in.ID, webhook.Filter{State: webhook.State(in.State), Before: in.Before, Limit: in.Limit})
			if err != nil {
				return nil, err
			}
			return answer(wire.WebhookDeliveries{Items: wire.Map(list, wire.WebhookDeliveryOf), HasMore: more}), nil
		})
	replay := post("/webhooks/{id}/deliveries/{delivery_id}/replay", "replay-webhook-delivery", "Send a delivery again, with the same id")
	replay.DefaultStatus = http.StatusAccepted
	route(a, replay, staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			WebhookPath
			Delivery care.DeliveryID `path:"delivery_id"`
		}) (*ok[wire.WebhookDelivery], error) {
			return shown(wire.WebhookDeliveryOf)(a.Webhooks.Replay(ctx, actor, in.ID, in.Delivery))
		})
}
