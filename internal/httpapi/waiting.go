package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/care"
	"hearth/internal/opening"
	"hearth/internal/waiting"
	"hearth/internal/wire"
)

type openingEdit struct {
	TimeZone wire.Maybe[string]           `json:"time_zone,omitempty" maxLength:"100"`
	Weekly   wire.Maybe[[]wire.AwayHours] `json:"weekly,omitempty" maxItems:"50"`
	Holidays wire.Maybe[[]string]         `json:"holidays,omitempty" maxItems:"400"`
}

type unansweredEdit struct {
	Version    int64                   `json:"version" minimum:"0"`
	On         wire.Maybe[bool]        `json:"on,omitempty"`
	Hours      wire.Maybe[int64]       `json:"hours,omitempty" minimum:"1" maximum:"240" doc:"Of opening time, after which the client's care team is told"`
	QueueAfter wire.Maybe[int64]       `json:"queue_after_hours,omitempty" minimum:"1" maximum:"240" doc:"Of opening time, how much later everybody who sees the queue is told"`
	Opening    wire.Maybe[openingEdit] `json:"opening,omitempty" doc:"What it leaves out stays"`
}

func (e unansweredEdit) asked() waiting.Edit {
	o := e.Opening.Value
	edit := waiting.Edit{
		Version: e.Version, On: e.On.Pointer(), Hours: e.Hours.Pointer(), QueueAfter: e.QueueAfter.Pointer(),
		TimeZone: o.TimeZone.Pointer(), Holidays: o.Holidays.Pointer(),
	}
	if o.Weekly.Set {
		hours := wire.Map(o.Weekly.Value, func(h wire.AwayHours) opening.Hours { return opening.Hours(h) })
		edit.Weekly = &hours
	}
	return edit
}

// ResponseQuery says which report is wanted. It is exported to be embedded.
type ResponseQuery struct {
	Weeks      int         `query:"weeks" minimum:"1" maximum:"53" default:"12" doc:"This week and those before it"`
	ProviderID care.UserID `query:"provider_id" doc:"Only of clients whose primary provider they were then"`
}

func (q ResponseQuery) asked() waiting.Asked {
	return waiting.Asked{Weeks: q.Weeks, Provider: q.ProviderID}
}

func (a *api) waiting() {
	route(a, get("/organization/unanswered", "get-unanswered", "When staff are reminded of what nobody has answered"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.Unanswered], error) {
			return shown(wire.UnansweredOf)(a.Waiting.Settings(ctx, actor))
		})
	route(a, put("/organization/unanswered", "set-unanswered", "Change when staff are reminded of what nobody has answered; needs manage_settings"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body unansweredEdit }) (*ok[wire.Unanswered], error) {
			return shown(wire.UnansweredOf)(a.Waiting.SetSettings(ctx, actor, in.Body.asked()))
		})
	route(a, get("/organization/opening", "get-opening", "When the practice is open around now; waiting is counted in this time"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.OpenTimes], error) {
			return shown(wire.OpenTimesOf)(a.Waiting.Open(ctx, actor))
		})
	a.needlessAnswers()
	a.responseReport()
}

// dismissal says up to where somebody has seen that no answer is needed.
type dismissal struct {
	Seq int64 `json:"seq,omitempty" minimum:"1" doc:"The last message that one has seen: what the client wrote behind it waits for an answer all the same. Left away, all there is"`
}

func (a *api) needlessAnswers() {
	marked := func(ctx context.Context, actor care.Actor, id care.ConversationID, err error) (*ok[wire.Conversation], error) {
		if err != nil {
			return nil, err
		}
		return a.conversationTo(ctx, actor)(a.Chat.Conversation(ctx, actor, id))
	}
	route(a, post("/conversations/{id}/needs-no-answer", "needs-no-answer", "Say that a client's message needs no answer; their next one does again"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ConversationPath
			Body *dismissal
		}) (*ok[wire.Conversation], error) {
			seen := int64(0)
			if in.Body != nil {
				seen = in.Body.Seq
			}
			return marked(ctx, actor, in.ID, a.Waiting.NeedsNoAnswer(ctx, actor, in.ID, seen))
		})
	route(a, post("/conversations/{id}/needs-answer", "needs-answer", "Take back that a client's message needs no answer"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ConversationPath) (*ok[wire.Conversation], error) {
			return marked(ctx, actor, in.ID, a.Waiting.NeedsAnswer(ctx, actor, in.ID))
		})
}

func (a *api) responseReport() {
	route(a, get("/reports/first-response", "report-first-response", "How long clients waited for first answers, by week; needs organization_inbox, but for one's own clients"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ResponseQuery) (*ok[wire.FirstResponse], error) {
			return shown(wire.FirstResponseOf)(a.Waiting.FirstResponse(ctx, actor, in.asked()))
		})
	table := get("/reports/first-response.csv", "export-first-response", "The same as a table")
	table.Responses = map[string]*huma.Response{"200": {
		Description: "Text with one line for each week, separated by commas",
		Content:     map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	route(a, table, staffOnly, a.exportResponses)
}

func (a *api) exportResponses(ctx context.Context, actor care.Actor, in *ResponseQuery) (*huma.StreamResponse, error) {
	report, err := a.Waiting.FirstResponse(ctx, actor, in.asked())
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		out.SetHeader("Content-Type", "text/csv; charset=utf-8")
		out.SetHeader("Content-Disposition", `attachment; filename="first-response.csv"`)
		if err := report.WriteCSV(out.BodyWriter()); err != nil {
			panic(http.ErrAbortHandler)
		}
	}}, nil
}
