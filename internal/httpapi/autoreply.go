package httpapi

import (
	"context"

	"hearth/internal/autoreply"
	"hearth/internal/care"
	"hearth/internal/opening"
	"hearth/internal/wire"
)

type weeklyEdit struct {
	Enabled  wire.Maybe[bool]             `json:"enabled,omitempty"`
	TimeZone wire.Maybe[string]           `json:"time_zone,omitempty" maxLength:"100"`
	Hours    wire.Maybe[[]wire.AwayHours] `json:"hours,omitempty" maxItems:"50"`
	Holidays wire.Maybe[[]string]         `json:"holidays,omitempty" maxItems:"400"`
	Text     wire.Maybe[string]           `json:"text,omitempty" maxLength:"2000"`
}

type awayEdit struct {
	Version int64                   `json:"version" minimum:"0"`
	Once    wire.Opt[wire.AwayOnce] `json:"once,omitempty" doc:"null ends it"`
	Weekly  wire.Maybe[weeklyEdit]  `json:"weekly,omitempty" doc:"What it leaves out stays"`
}

func (e awayEdit) asked() autoreply.Edit {
	w := e.Weekly.Value
	edit := autoreply.Edit{
		Version: e.Version, ClearOnce: e.Once.Set && e.Once.Null,
		Enabled: w.Enabled.Pointer(), TimeZone: w.TimeZone.Pointer(), Holidays: w.Holidays.Pointer(), Text: w.Text.Pointer(),
	}
	if once := e.Once.Pointer(); once != nil {
		edit.Once = &autoreply.Once{From: once.From.Time, Until: once.Until.Time, Text: once.Text}
	}
	if w.Hours.Set {
		hours := wire.Map(w.Hours.Value, func(h wire.AwayHours) opening.Hours { return opening.Hours(h) })
		edit.Hours = &hours
	}
	return edit
}

type welcomeEdit struct {
	Version int64              `json:"version" minimum:"0"`
	Enabled wire.Maybe[bool]   `json:"enabled,omitempty"`
	Text    wire.Maybe[string] `json:"text,omitempty" maxLength:"2000"`
}

func (a *api) autoreplies() {
	route(a, get("/staff/{id}/away", "get-staff-away", "When a member of staff is away; one's own, or with manage_settings"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *StaffPath) (*ok[wire.Away], error) {
			return shown(wire.AwayOf)(a.AutoReply.Staff(ctx, actor, in.ID))
		})
	route(a, put("/staff/{id}/away", "set-staff-away", "Change when a member of staff is away, and what clients are answered then"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			StaffPath
			Body awayEdit
		}) (*ok[wire.Away], error) {
			return shown(wire.AwayOf)(a.AutoReply.SetStaff(ctx, actor, in.ID, in.Body.asked()))
		})
	route(a, get("/organization/away", "get-organization-away", "When the practice is away"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.Away], error) {
			return shown(wire.AwayOf)(a.AutoReply.Organization(ctx, actor))
		})
	route(a, put("/organization/away", "set-organization-away", "Change when the practice is away, and what clients are answered then"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body awayEdit }) (*ok[wire.Away], error) {
			return shown(wire.AwayOf)(a.AutoReply.SetOrganization(ctx, actor, in.Body.asked()))
		})
	route(a, get("/organization/welcome", "get-welcome", "What new clients are greeted with"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.Welcome], error) {
			return shown(wire.WelcomeOf)(a.AutoReply.Welcome(ctx, actor))
		})
	route(a, put("/organization/welcome", "set-welcome", "Change what new clients are greeted with"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body welcomeEdit }) (*ok[wire.Welcome], error) {
			return shown(wire.WelcomeOf)(a.AutoReply.SetWelcome(ctx, actor, autoreply.WelcomeEdit{
				Version: in.Body.Version, Enabled: in.Body.Enabled.Pointer(), Text: in.Body.Text.Pointer(),
			}))
		})
}
