package httpapi

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// live puts the WebSocket among the calls. It is no call of huma: the hub speaks for
// itself, but its refusals before the upgrade are the same problems.
func (a *api) live() {
	const path = basePath + "/live"
	a.huma.OpenAPI().AddOperation(&huma.Operation{
		Method: http.MethodGet, Path: path, OperationID: "live", Summary: "The WebSocket of live updates",
		Description: "Upgrades to a WebSocket that speaks hearth.v1. A browser's cookie signs in; programs offer the sub-protocols hearth.v1 and bearer.<token>.",
		Metadata:    map[string]any{accessKey: anyone},
		Security:    []map[string][]string{{"session": {}}, {"bearer": {}}},
		Responses: map[string]*huma.Response{
			"101": {Description: "The connection is a WebSocket now"},
			"default": {Description: "Error", Content: map[string]*huma.MediaType{
				"application/problem+json": {Schema: &huma.Schema{Ref: schemaPrefix + "Problem"}},
			}},
		},
	})
	if a.Live == nil {
		return
	}
	a.mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		tripOf(r.Context()).route = "GET " + path
		a.Live.ServeHTTP(w, r)
	})
}
