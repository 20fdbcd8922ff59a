package wire

import (
	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/webhook"
)

// Webhook is where another program is told what happens.
type Webhook struct {
	ID             care.WebhookID  `json:"id"`
	URL            string          `json:"url"`
	Description    string          `json:"description"`
	Events         []webhook.Event `json:"events" enum:"message.created,conversation.created,conversation.closed,chat_access.changed,blast.finished"`
	Active         bool            `json:"active"`
	DisabledWhy    *string         `json:"disabled_why" enum:"gone,failing" doc:"Why the program switched it off: it answered 410, or nothing but failures for five days"`
	FailingSince   *Time           `json:"failing_since" doc:"When the failures began, if there was nothing else for a day or longer"`
	OldSecretUntil *Time           `json:"old_secret_until" doc:"Until when the secret before signs too"`
	Last           *WebhookLast    `json:"last" doc:"How the last call ended"`
	Version        int64           `json:"version"`
	CreatedAt      Time            `json:"created_at"`
}

// WebhookLast is how the last call of a webhook ended.
type WebhookLast struct {
	State webhook.State `json:"state" enum:"delivered,failed"`
	At    Time          `json:"at"`
}

// WebhookOf shows a webhook.
func WebhookOf(e *webhook.Endpoint) Webhook {
	w := Webhook{
		ID: e.ID, URL: e.URL, Description: e.Description, Events: e.Events, Active: e.Active, DisabledWhy: StringOrNull(e.DisabledWhy),
		FailingSince: TimeOrNull(e.FailingSince), OldSecretUntil: TimeOrNull(e.OldSecretUntil), Version: e.Version, CreatedAt: TimeOf(e.CreatedAt),
	}
	if e.LastState != "" {
		w.Last = &WebhookLast{State: e.LastState, At: TimeOf(e.LastAt)}
	}
	return w
}

// WebhookSecret is a webhook with its secret, which is shown when it is made and never again.
type WebhookSecret struct {
	Webhook Webhook `json:"webhook"`
	Secret  string  `json:"secret" doc:"Signs the calls, as Standard Webhooks says; begins with whsec_"`
}

// WebhookSecretOf shows a webhook with its secret.
func WebhookSecretOf(e *webhook.Endpoint, secret webhook.Secret) WebhookSecret {
	return WebhookSecret{Webhook: WebhookOf(e), Secret: secret.Reveal()}
}

// WebhookData is what an event is about.
type WebhookData struct {
	ConversationID *care.ConversationID `json:"conversation_id,omitempty"`
	Seq            int64                `json:"seq,omitempty" doc:"The message's place in its conversation"`
	ClientID       *care.UserID         `json:"client_id,omitempty" doc:"Whose chat access was changed"`
	GroupID        *care.GroupID        `json:"group_id,omitempty" doc:"Whose members follow the change of chat access"`
	ChangeID       *chataccess.ChangeID `json:"change_id,omitempty" doc:"The change of chat access of many clients"`
	BlastID        *care.BlastID        `json:"blast_id,omitempty"`
	WebhookID      *care.WebhookID      `json:"webhook_id,omitempty" doc:"In a test"`
}

// WebhookDelivery is one event for one webhook.
type WebhookDelivery struct {
	ID       care.DeliveryID `json:"id" doc:"The webhook-id of its calls"`
	Type     webhook.Event   `json:"type" enum:"message.created,conversation.created,conversation.closed,chat_access.changed,blast.finished,webhook.test"`
	Data     WebhookData     `json:"data"`
	At       Time            `json:"at" doc:"When it happened"`
	State    webhook.State   `json:"state" enum:"waiting,sending,delivered,failed"`
	DueAt    *Time           `json:"due_at" doc:"When it is sent (again)"`
	Attempts int             `json:"attempts" doc:"How many calls were made since it happened or was last sent again by hand"`
	Status   *int            `json:"status" doc:"The HTTP status that was answered last; null without an answer"`
	Why      *string         `json:"why" enum:"status,redirect,private,plain,name,connect,tls,timeout,answer,off" doc:"Why the last call was no success"`
	TriedAt  *Time           `json:"tried_at" doc:"When the last call ended"`
}

// WebhookDeliveryOf shows a delivery.
func WebhookDeliveryOf(d *webhook.Delivery) WebhookDelivery {
	out := WebhookDelivery{
		ID: d.ID, Type: d.Event, At: TimeOf(d.At), State: d.State, DueAt: TimeOrNull(d.DueAt), Attempts: d.Attempts,
		Why: StringOrNull(d.Why), TriedAt: TimeOrNull(d.TriedAt),
		Data: WebhookData{
			ConversationID: IDOrNull(d.Data.Conversation), Seq: d.Data.Seq, ClientID: IDOrNull(d.Data.Client), GroupID: IDOrNull(d.Data.Group),
			ChangeID: IDOrNull(d.Data.Change), BlastID: IDOrNull(d.Data.Blast), WebhookID: IDOrNull(d.Data.Webhook),
		},
	}
	if d.Status != 0 {
		out.Status = &d.Status
	}
	return out
}

// WebhookDeliveries is a page of deliveries, newest first.
type WebhookDeliveries struct {
	Items   []WebhookDelivery `json:"items"`
	HasMore bool              `json:"has_more" doc:"Give the id of the last one as before to get older ones"`
}
