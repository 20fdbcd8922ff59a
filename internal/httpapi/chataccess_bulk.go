package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/care"
	"hearth/internal/chataccess"
	"hearth/internal/wire"
)

// AccessQuery narrows the list of who may chat. It is exported to be embedded.
type AccessQuery struct {
	Query      string       `query:"q" maxLength:"200" doc:"How words of the name or address begin, in any order"`
	GroupID    care.GroupID `query:"group_id"`
	ProviderID care.UserID  `query:"provider_id" doc:"The primary provider"`
	Direct     string       `query:"direct" enum:"on,off" doc:"Whether direct messaging is on for the client"`
	Community  string       `query:"community" enum:"on,off" doc:"Whether community chats are on for the client"`
	Source     string       `query:"source" enum:"client,group,default" doc:"Where one of the two switches comes from"`
	Ending     bool         `query:"ending" doc:"With an own setting that ends within a week"`
	State      string       `query:"state" enum:"active,archived" default:"active"`
}

func (q AccessQuery) filter() chataccess.Filter {
	return chataccess.Filter{
		Query: q.Query, Group: q.GroupID, Provider: q.ProviderID, Direct: care.Setting(q.Direct), Community: care.Setting(q.Community),
		Source: care.Place(q.Source), Ending: q.Ending, State: care.ClientState(q.State),
	}
}

func (q PageQuery) accessPage() chataccess.Page {
	return chataccess.Page{Cursor: q.Cursor, Limit: q.Limit}
}

// maxImport bounds the body of an import: a file of 5 MB as a text in JSON.
const maxImport = chataccess.MaxFile * 3 / 2

func (a *api) chatAccessBulk() {
	a.accessList()
	a.accessChanges()
	a.accessFiles()
}

func (a *api) accessList() {
	route(a, get("/chat-access/clients", "list-chat-access", "Who may chat: the clients one may see, with both switches, by name"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			PageQuery
			AccessQuery
		}) (*ok[wire.AccessPage], error) {
			list, next, total, err := a.ChatAccess.List(ctx, actor, in.filter(), in.accessPage())
			if err != nil {
				return nil, err
			}
			return answer(wire.AccessPageOf(list, next, total)), nil
		})
	route(a, get("/chat-access/counts", "count-chat-access", "How many active clients are in the parts of that list"), staffOnly,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.AccessCounts], error) {
			return shown(wire.AccessCountsOf)(a.ChatAccess.Counts(ctx, actor))
		})
}

func (a *api) accessChanges() {
	type ChangePath struct {
		ID chataccess.ChangeID `path:"id"`
	}
	route(a, post("/chat-access/changes/preview", "preview-chat-access-change", "What a change of many clients would do"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body wire.AccessChangeRequest }) (*ok[wire.AccessPreview], error) {
			return shown(wire.AccessPreviewOf)(a.ChatAccess.Preview(ctx, actor, in.Body.Request()))
		})
	route(a, post("/chat-access/changes", "apply-chat-access-change", "Do what a preview showed, for all of its clients at once"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			Body struct {
				Token  string           `json:"token" maxLength:"200" doc:"Of the preview; it can be used once"`
				Reason wire.Opt[string] `json:"reason,omitempty" doc:"For staff; at most 500 characters"`
			}
		}) (*made[wire.AccessApplied], error) {
			applied, err := a.ChatAccess.Apply(ctx, actor, in.Body.Token, in.Body.Reason.Value)
			if err != nil {
				return nil, err
			}
			return created(wire.AccessAppliedOf(applied), false), nil
		})
	route(a, get("/chat-access/changes", "list-chat-access-changes", "The changes of many clients that were made, newest first"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *PageQuery) (*ok[wire.Page[wire.AccessChange]], error) {
			list, next, err := a.ChatAccess.Changes(ctx, actor, in.accessPage())
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(list, wire.AccessChangeOf), next)), nil
		})
	route(a, post("/chat-access/changes/{id}/undo", "undo-chat-access-change", "Give the clients of a change what they had before, within 24 hours"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ChangePath) (*ok[wire.AccessUndone], error) {
			return shown(wire.AccessUndoneOf)(a.ChatAccess.Undo(ctx, actor, in.ID))
		})
}

func (a *api) accessFiles() {
	exporting := get("/chat-access/export", "export-chat-access", "That list as a file, which an import takes; needs manage_chat_access and is recorded")
	exporting.Responses = map[string]*huma.Response{"200": {
		Description: "The clients by name, with a first line of column names. direct and community are their own settings (on, off, unset), which an import writes; direct_effective, direct_source, direct_until and those of community are to be read only",
		Content:     map[string]*huma.MediaType{"text/csv": {Schema: &huma.Schema{Type: huma.TypeString}}},
	}}
	route(a, exporting, staffOnly, a.exportAccess)
	importing := post("/chat-access/import/preview", "preview-chat-access-import", "What a file of own settings would do; apply it like any other preview")
	importing.MaxBodyBytes = maxImport
	route(a, importing, staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			Body struct {
				CSV         string `json:"csv" doc:"Columns: client_id or email; direct and community, each on, off, unset or empty; reason. A switch that is set so already stays as it is, with its end. Others, such as direct_effective of an export, are passed over. At most 5 MB"`
				SkipBadLine bool   `json:"skip_bad_lines,omitempty" doc:"Otherwise one bad line stops it all"`
			}
		}) (*ok[wire.AccessImport], error) {
			return shown(wire.AccessImportOf)(a.ChatAccess.PreviewImport(ctx, actor, in.Body.CSV, in.Body.SkipBadLine))
		})
}

// exportAccess sends the list while it is read. A failure on the way ends the connection,
// so that nobody takes a part for the whole.
func (a *api) exportAccess(ctx context.Context, actor care.Actor, in *AccessQuery) (*huma.StreamResponse, error) {
	write, err := a.ChatAccess.Export(ctx, actor, in.filter())
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		out.SetHeader("Content-Type", "text/csv; charset=utf-8")
		out.SetHeader("Content-Disposition", `attachment; filename="chat-access.csv"`)
		if err := write(ctx, out.BodyWriter()); err != nil {
			panic(http.ErrAbortHandler)
		}
	}}, nil
}
