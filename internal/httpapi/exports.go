package httpapi

import (
	"context"
	"mime"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"hearth/internal/care"
	"hearth/internal/transcript"
	"hearth/internal/wire"
)

// ExportPath names an export. It is exported to be embedded.
type ExportPath struct {
	ID transcript.ID `path:"id"`
}

type newExport struct {
	ID          transcript.ID     `json:"id,omitempty" doc:"Makes the call safe to repeat"`
	Format      transcript.Format `json:"format" enum:"pdf,html,json"`
	Attachments bool              `json:"attachments,omitempty" doc:"A ZIP of the document and the attachments"`
	TimeZone    string            `json:"time_zone,omitempty" maxLength:"64" doc:"Of the IANA database; the organization's unless given"`
}

func (a *api) exports() {
	asking := post("/conversations/{id}/exports", "export-conversation", "Make a file of a conversation; staff need export_records")
	asking.Description = "It holds what its requester may read. It is made in the background: ask for it until state is ready, and fetch its file within a day. " +
		"At most three of a person are made at a time."
	asking.DefaultStatus = http.StatusAccepted
	route(a, asking, anyone, a.beginExport)
	route(a, get("/exports", "list-exports", "One's own exports, the newest first"), anyone,
		func(ctx context.Context, actor care.Actor, in *PageQuery) (*ok[wire.Page[wire.Export]], error) {
			list, next, err := a.Transcript.List(ctx, actor, in.Cursor, in.Limit)
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(list, wire.ExportOf), next)), nil
		})
	route(a, get("/exports/{id}", "get-export", "How far one of one's exports is"), anyone,
		func(ctx context.Context, actor care.Actor, in *ExportPath) (*ok[wire.Export], error) {
			return shown(wire.ExportOf)(a.Transcript.Get(ctx, actor, in.ID))
		})
	fetching := get("/exports/{id}/file", "get-export-file", "The file of an export that is ready")
	fetching.Responses = map[string]*huma.Response{"200": {
		Description: "The file, to be saved; with ranges",
		Content:     map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}},
	}}
	route(a, fetching, anyone, a.fetchExport)
	route(a, del("/exports/{id}", "remove-export", "Take an export away, also one that is being made"), anyone,
		func(ctx context.Context, actor care.Actor, in *ExportPath) (*none, error) {
			return nil, a.Transcript.Remove(ctx, actor, in.ID)
		})
}

func (a *api) beginExport(ctx context.Context, actor care.Actor, in *struct {
	ConversationPath
	Body newExport
}) (*made[wire.Export], error) {
	e, existed, err := a.Transcript.Ask(ctx, actor, in.ID, transcript.Request{
		ID: in.Body.ID, Format: in.Body.Format, Attachments: in.Body.Attachments, TimeZone: in.Body.TimeZone,
	})
	if err != nil {
		return nil, err
	}
	status := http.StatusAccepted
	if existed {
		status = http.StatusOK
	}
	return &made[wire.Export]{Status: status, Body: wire.ExportOf(e)}, nil
}

func (a *api) fetchExport(ctx context.Context, actor care.Actor, in *ExportPath) (*huma.StreamResponse, error) {
	file, err := a.Transcript.Fetch(ctx, actor, in.ID)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(out huma.Context) {
		defer file.Close()
		r, w := humago.Unwrap(out)
		h := w.Header()
		h.Set("Content-Type", file.MediaType)
		h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": file.Name}))
		h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
		h.Set("Cache-Control", "private, no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("ETag", `"`+in.ID.String()+`"`)
		http.ServeContent(w, r, "", time.Time{}, &leaving{file.File, http.NewResponseController(w), a.now})
	}}, nil
}
