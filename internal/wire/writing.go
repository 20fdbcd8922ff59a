package wire

import (
	"encoding/json"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/autoreply"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/fields"
	"hearth/internal/opening"
	"hearth/internal/templates"
)

// Scheduled is a message that is sent later. It has no seq; the message that comes of it
// has the same id.
type Scheduled struct {
	ID             care.MessageID      `json:"id" doc:"The message will have it too"`
	ConversationID care.ConversationID `json:"conversation_id"`
	State          chat.ScheduleState  `json:"state" enum:"scheduled,sent,skipped,cancelled"`
	Why            *care.Code          `json:"why" doc:"Why it was skipped, as the code that a send would have been refused with"`
	SendAt         Time                `json:"send_at"`
	Body           string              `json:"body"`
	Attachments    []Attachment        `json:"attachments"`
	ReplyTo        *care.MessageID     `json:"reply_to"`
	OnBehalfOf     *care.UserID        `json:"on_behalf_of"`
	Version        int64               `json:"version" doc:"Counts the changes"`
	CreatedAt      Time                `json:"created_at"`
	SettledAt      *Time               `json:"settled_at" doc:"When it was sent, skipped or cancelled"`
}

// ScheduledOf shows a scheduled message.
func ScheduledOf(s chat.Scheduled) Scheduled {
	out := Scheduled{
		ID: s.ID, ConversationID: s.Conversation, State: s.State, SendAt: TimeOf(s.SendAt), Body: s.Body,
		Attachments: Map(s.Attachments, AttachmentOf),
		ReplyTo:     IDOrNull(s.ReplyTo), OnBehalfOf: IDOrNull(s.OnBehalfOf), Version: s.Version,
		CreatedAt: TimeOf(s.CreatedAt), SettledAt: TimeOrNull(s.SettledAt),
	}
	if s.Why != "" {
		out.Why = &s.Why
	}
	return out
}

// Posted is the answer to a message that was posted: what was stored, or with send_at what
// is scheduled.
type Posted struct {
	Message   *Message
	Scheduled *Scheduled
}

// MarshalJSON writes the one or the other.
func (p Posted) MarshalJSON() ([]byte, error) {
	if p.Scheduled != nil {
		return json.Marshal(p.Scheduled)
	}
	return json.Marshal(p.Message)
}

// Schema describes the type in the OpenAPI document.
func (Posted) Schema(r huma.Registry) *huma.Schema {
	return &huma.Schema{AnyOf: []*huma.Schema{
		r.Schema(reflect.TypeFor[Message](), true, ""), r.Schema(reflect.TypeFor[Scheduled](), true, ""),
	}}
}

// Template is a text to write with.
type Template struct {
	ID      templates.ID    `json:"id"`
	Scope   templates.Scope `json:"scope" enum:"mine,organization"`
	Title   string          `json:"title"`
	Body    string          `json:"body" doc:"With fields: {{first_name}}, {{provider}}, {{practice}}, {{next_step}}"`
	Version int64           `json:"version" doc:"Give it back with a change"`
}

// TemplateOf shows a template.
func TemplateOf(t templates.Template) Template {
	return Template{ID: t.ID, Scope: t.Scope, Title: t.Title, Body: t.Body, Version: t.Version}
}

// TemplateText is what a template says in a conversation.
type TemplateText struct {
	Body    string         `json:"body"`
	Missing []fields.Field `json:"missing" enum:"first_name,provider,practice,next_step" doc:"Fields for which there is nothing; they stand in brackets in the body"`
}

// TemplateTextOf shows a template's text.
func TemplateTextOf(body string, missing []fields.Field) TemplateText {
	if missing == nil {
		missing = []fields.Field{}
	}
	return TemplateText{Body: body, Missing: missing}
}

// NextStep is what comes next for a client, or for clients without one of their own.
type NextStep struct {
	Text    string `json:"text" doc:"Empty for none"`
	Version int64  `json:"version" doc:"Give it back with a change; 0 while it was never set"`
}

// NextStepOf shows a next step.
func NextStepOf(s templates.Step) NextStep { return NextStep{Text: s.Text, Version: s.Version} }

// AwayOnce is being away for a range of time.
type AwayOnce struct {
	From  Time   `json:"from"`
	Until Time   `json:"until" doc:"The first moment of answering again"`
	Text  string `json:"text" minLength:"1" maxLength:"2000"`
}

// AwayHours is an interval of a day in which somebody answers.
type AwayHours struct {
	Day  string `json:"day" enum:"monday,tuesday,wednesday,thursday,friday,saturday,sunday"`
	From string `json:"from" maxLength:"5" doc:"Such as 09:00"`
	To   string `json:"to" maxLength:"5" doc:"Such as 17:30; 24:00 is the end of the day"`
}

// AwayWeekly is the hours of every week; outside of them one is away.
type AwayWeekly struct {
	Enabled  bool        `json:"enabled"`
	TimeZone string      `json:"time_zone"`
	Hours    []AwayHours `json:"hours"`
	Holidays []string    `json:"holidays" doc:"Dates on which nobody answers, such as 2026-12-25"`
	Text     string      `json:"text"`
}

// Away is when somebody is answered automatically.
type Away struct {
	Version int64      `json:"version" doc:"Give it back with a change; 0 while it was never set"`
	Once    *AwayOnce  `json:"once"`
	Weekly  AwayWeekly `json:"weekly"`
	AwayNow bool       `json:"away_now" doc:"Whether these rules say away at this moment"`
}

// AwayOf shows rules.
func AwayOf(s autoreply.Settings) Away {
	out := Away{Version: s.Version, AwayNow: s.Away, Weekly: AwayWeekly{
		Enabled: s.Weekly.Enabled, TimeZone: s.Weekly.TimeZone, Text: s.Weekly.Text,
		Hours:    Map(s.Weekly.Hours, func(h opening.Hours) AwayHours { return AwayHours(h) }),
		Holidays: append([]string{}, s.Weekly.Holidays...),
	}}
	if s.Once != nil {
		out.Once = &AwayOnce{From: TimeOf(s.Once.From), Until: TimeOf(s.Once.Until), Text: s.Once.Text}
	}
	return out
}

// Welcome is what new clients are greeted with.
type Welcome struct {
	Version int64  `json:"version" doc:"Give it back with a change; 0 while it was never set"`
	Enabled bool   `json:"enabled"`
	Text    string `json:"text"`
}

// WelcomeOf shows a welcome.
func WelcomeOf(w autoreply.Welcome) Welcome {
	return Welcome{Version: w.Version, Enabled: w.Enabled, Text: w.Text}
}
