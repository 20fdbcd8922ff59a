package wire

import (
	"hearth/internal/care"
	"hearth/internal/notify"
	"hearth/internal/preference"
)

// BellNotice is what somebody was told in the app: one for a conversation, until they read it.
type BellNotice struct {
	ID             care.NoticeID       `json:"id"`
	Kind           string              `json:"kind" enum:"direct,community,team,mention,reminder"`
	ConversationID care.ConversationID `json:"conversation_id"`
	Title          string              `json:"title" doc:"The conversation's subject, or who is in it, as its reader sees it"`
	Seq            *int64              `json:"seq" doc:"Of the message that it tells of, to open the conversation at; null where that is deleted or the caller may not read it"`
	Count          int64               `json:"count" doc:"Messages that are unread there now"`
	At             Time                `json:"at"`
	Read           bool                `json:"read"`
}

// BellNoticeOf shows a notice.
func BellNoticeOf(n notify.Notice) BellNotice {
	out := BellNotice{ID: n.ID, Kind: n.Kind, ConversationID: n.Conversation, Title: n.Title, Count: n.Count, At: TimeOf(n.At), Read: n.Read}
	if n.Seq > 0 {
		out.Seq = &n.Seq
	}
	return out
}

// BellNotices is a page of notices.
type BellNotices struct {
	Items   []BellNotice `json:"items"`
	Unread  int          `json:"unread" doc:"Of all, not only of this page"`
	HasMore bool         `json:"has_more"`
}

// NoticeCreated is the data of notice.created.
type NoticeCreated struct {
	Notice BellNotice `json:"notice"`
	Unread int        `json:"unread" doc:"Of all, with this one"`
	Sound  bool       `json:"sound" doc:"Whether it may ring: not in quiet hours, nor where no sound was chosen"`
}

// NoticeRead is the data of notice.read, and the answer to putting notices away.
type NoticeRead struct {
	IDs    []care.NoticeID `json:"ids"`
	Unread int             `json:"unread"`
}

// PushDevice is a device that gets pushes.
type PushDevice struct {
	ID         care.SubscriptionID `json:"id"`
	Device     string              `json:"device" doc:"What its person calls it"`
	CreatedAt  Time                `json:"created_at"`
	LastSentAt *Time               `json:"last_sent_at"`
}

// PushDeviceOf shows a device.
func PushDeviceOf(s notify.Subscription) PushDevice {
	return PushDevice{ID: s.ID, Device: s.Device, CreatedAt: TimeOf(s.CreatedAt), LastSentAt: TimeOrNull(s.LastSentAt)}
}

// PushHere is which device a browser is.
type PushHere struct {
	Device *PushDevice `json:"device" doc:"null where it is none of the caller's: what the browser has is to be taken back"`
}

// PushHereOf shows it.
func PushHereOf(s notify.Subscription, found bool) PushHere {
	if !found {
		return PushHere{}
	}
	device := PushDeviceOf(s)
	return PushHere{&device}
}

// Push is what a browser needs to subscribe, and the devices that have.
type Push struct {
	PublicKey     string       `json:"public_key" doc:"The applicationServerKey; empty where push is not set up"`
	Subscriptions []PushDevice `json:"subscriptions"`
}

// PushTest is what became of a test.
type PushTest struct {
	Devices int `json:"devices"`
	Taken   int `json:"taken" doc:"By how many of their push services"`
}

// NotificationDelivery is a line of somebody's history: never what was told, or of whom.
type NotificationDelivery struct {
	ID        care.DeliveryID    `json:"id"`
	At        Time               `json:"at"`
	Kind      string             `json:"kind" enum:"direct,community,team,mention,reminder"`
	Channel   preference.Channel `json:"channel" enum:"email,push,in_app"`
	State     notify.State       `json:"state" enum:"waiting,sent,failed,bounced,dropped"`
	Why       *notify.Why        `json:"why" doc:"Why it was not sent, or not yet"`
	SettledAt *Time              `json:"settled_at"`
}

// NotificationDeliveryOf shows a line of the history.
func NotificationDeliveryOf(d notify.Delivery) NotificationDelivery {
	out := NotificationDelivery{ID: d.ID, At: TimeOf(d.At), Kind: d.Kind, Channel: d.Channel, State: d.State, SettledAt: TimeOrNull(d.SettledAt)}
	if d.Why != "" {
		out.Why = &d.Why
	}
	return out
}

// NotificationHistory is a page of it.
type NotificationHistory struct {
	Items   []NotificationDelivery `json:"items"`
	HasMore bool                   `json:"has_more"`
}
