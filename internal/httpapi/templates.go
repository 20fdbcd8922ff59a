package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/templates"
	"hearth/internal/wire"
)

// TemplatePath names a template.
type TemplatePath struct {
	ID templates.ID `path:"id"`
}

type newTemplate struct {
	ID    templates.ID `json:"id,omitempty" doc:"Makes the call safe to repeat"`
	Scope string       `json:"scope" enum:"mine,organization"`
	Title string       `json:"title" minLength:"1" maxLength:"100"`
	Body  string       `json:"body" minLength:"1" maxLength:"10000" doc:"With fields: {{first_name}}, {{provider}}, {{practice}}, {{next_step}}"`
}

type templateChange struct {
	Version int64              `json:"version"`
	Title   wire.Maybe[string] `json:"title,omitempty" minLength:"1" maxLength:"100"`
	Body    wire.Maybe[string] `json:"body,omitempty" minLength:"1" maxLength:"10000"`
}

func (a *api) templates() {
	route(a, get("/templates", "list-templates", "One's own templates and the organization's, by title"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			PageQuery
			Scope string `query:"scope" enum:"mine,organization"`
		}) (*ok[wire.Page[wire.Template]], error) {
			list, next, err := a.Templates.List(ctx, actor, templates.Scope(in.Scope), in.Cursor, in.Limit)
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(list, wire.TemplateOf), next)), nil
		})
	route(a, post("/templates", "add-template", "Add a template; the organization's need manage_settings"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body newTemplate }) (*made[wire.Template], error) {
			t, existed, err := a.Templates.Create(ctx, actor, templates.New{
				ID: in.Body.ID, Scope: templates.Scope(in.Body.Scope), Title: in.Body.Title, Body: in.Body.Body,
			})
			if err != nil {
				return nil, err
			}
			return created(wire.TemplateOf(t), existed), nil
		})
	route(a, patch("/templates/{id}", "change-template", "Change a template"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			TemplatePath
			Body templateChange
		}) (*ok[wire.Template], error) {
			change := templates.Change{Version: in.Body.Version, Title: in.Body.Title.Pointer(), Body: in.Body.Body.Pointer()}
			return shown(wire.TemplateOf)(a.Templates.Edit(ctx, actor, in.ID, change))
		})
	route(a, del("/templates/{id}", "delete-template", "Take a template away"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *TemplatePath) (*none, error) {
			return nil, a.Templates.Delete(ctx, actor, in.ID)
		})
	route(a, get("/templates/{id}/text", "get-template-text", "What a template says in a conversation"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			TemplatePath
			Conversation care.ConversationID `query:"conversation_id" required:"true"`
		}) (*ok[wire.TemplateText], error) {
			body, missing, err := a.Templates.Text(ctx, actor, in.ID, in.Conversation)
			if err != nil {
				return nil, err
			}
			return answer(wire.TemplateTextOf(body, missing)), nil
		})
	a.nextSteps()
}

type nextStepEdit struct {
	Version int64  `json:"version" minimum:"0"`
	Text    string `json:"text" maxLength:"500" doc:"Empty removes it"`
}

func (e nextStepEdit) asked() templates.Step {
	return templates.Step{Version: e.Version, Text: e.Text}
}

func (a *api) nextSteps() {
	type ClientPath struct {
		ID care.UserID `path:"id"`
	}
	route(a, get("/clients/{id}/next-step", "get-client-next-step", "A client's own next step, a field of templates"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ClientPath) (*ok[wire.NextStep], error) {
			return shown(wire.NextStepOf)(a.Templates.ClientNextStep(ctx, actor, in.ID))
		})
	route(a, put("/clients/{id}/next-step", "set-client-next-step", "Change a client's own next step"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ClientPath
			Body nextStepEdit
		}) (*ok[wire.NextStep], error) {
			return shown(wire.NextStepOf)(a.Templates.SetClientNextStep(ctx, actor, in.ID, in.Body.asked()))
		})
	route(a, get("/organization/next-step", "get-organization-next-step", "The next step of clients without one of their own"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.NextStep], error) {
			return shown(wire.NextStepOf)(a.Templates.OrganizationNextStep(ctx, actor))
		})
	route(a, put("/organization/next-step", "set-organization-next-step", "Change it"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body nextStepEdit }) (*ok[wire.NextStep], error) {
			return shown(wire.NextStepOf)(a.Templates.SetOrganizationNextStep(ctx, actor, in.Body.asked()))
		})
}
