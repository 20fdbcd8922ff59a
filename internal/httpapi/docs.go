package httpapi

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/wire"
)

// document writes the OpenAPI document as it stands.
func (a *api) document() ([]byte, error) {
	raw, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// serveDocument adds the document and its page, which are made once.
func (a *api) serveDocument() error {
	document, err := a.document()
	if err != nil {
		return err
	}
	page, err := a.docsPage()
	if err != nil {
		return err
	}
	a.mux.Handle("GET "+basePath+"/openapi.json", still("application/json", document))
	a.mux.Handle("GET /api/docs", still("text/html; charset=utf-8", page))
	return nil
}

func still(mediaType string, body []byte) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.Header().Set("Cache-Control", "no-cache")
		if strings.HasPrefix(mediaType, "text/html") {
			w.Header().Set("Content-Security-Policy",
				"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
		}
		_, _ = w.Write(body)
	})
}

//go:embed docs.html
var docsHTML string

var docsTemplate = template.Must(template.New("docs").Parse(docsHTML))

type docsCall struct {
	ID, Method, Path, Summary, Who string
	Params                         []*huma.Param
	Request, Response, Status      string
}

type docsType struct {
	Name, JSON string
}

// docsPage is the page for people: calls, codes and types in plain HTML without scripts.
func (a *api) docsPage() ([]byte, error) {
	var page bytes.Buffer
	err := docsTemplate.Execute(&page, map[string]any{
		"Version": a.Version, "Calls": a.docsCalls(), "Codes": wire.Codes(), "Types": a.docsTypes(), "Base": basePath,
	})
	return page.Bytes(), err
}

func (a *api) docsCalls() []docsCall {
	var list []docsCall
	paths := a.huma.OpenAPI().Paths
	for path, item := range paths {
		for _, o := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if o != nil {
				list = append(list, a.docsCall(path, o))
			}
		}
	}
	slices.SortFunc(list, func(x, y docsCall) int {
		return strings.Compare(x.Path+" "+x.Method, y.Path+" "+y.Method)
	})
	return list
}

func (a *api) docsCall(path string, o *huma.Operation) docsCall {
	c := docsCall{ID: o.OperationID, Method: o.Method, Path: path, Summary: o.Summary, Params: o.Parameters}
	who, _ := o.Metadata[accessKey].(access)
	c.Who = [...]string{public: "anybody", anyone: "who is signed in", staffOnly: "staff"}[who]
	if o.RequestBody != nil && o.RequestBody.Content[jsonType] != nil {
		c.Request = typeText(o.RequestBody.Content[jsonType].Schema)
	}
	for status, response := range o.Responses {
		if status[0] == '2' {
			c.Status = status
			if media := response.Content[jsonType]; media != nil {
				c.Response = typeText(media.Schema)
			}
		}
	}
	return c
}

func typeText(s *huma.Schema) string {
	if s == nil {
		return ""
	}
	return strings.TrimPrefix(s.Ref, schemaPrefix)
}

func (a *api) docsTypes() []docsType {
	var list []docsType
	for name, schema := range a.registry.Map() {
		text, err := json.MarshalIndent(schema, "", "  ")
		if err == nil {
			list = append(list, docsType{Name: name, JSON: string(text)})
		}
	}
	slices.SortFunc(list, func(x, y docsType) int { return strings.Compare(x.Name, y.Name) })
	return list
}
