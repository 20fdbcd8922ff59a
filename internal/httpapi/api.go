package httpapi

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"hearth/internal/wire"
)

const (
	basePath  = "/api/v1"
	accessKey = "access"
	boundKey  = "bound"

	// maxBody bounds a JSON body in bytes. The largest honest one is a message of 20,000
	// characters, six bytes each when escaped.
	maxBody = 1 << 20
)

// api holds what the handlers need; each resource file adds methods to it.
type api struct {
	Deps
	huma     huma.API
	mux      *http.ServeMux
	registry *registry
	gate     *Gate
	limits   *limits
}

// New makes the handler of everything below /api.
func New(deps Deps) (http.Handler, error) {
	return build(deps, (*api).routes).handler()
}

// Document is the OpenAPI 3.1 document, indented, with a final newline. It needs no
// database and is the same at every call.
func Document(version string) ([]byte, error) {
	a := build(Deps{Version: version}, (*api).routes)
	a.live()
	return a.document()
}

// build makes an api with the calls that register adds.
func build(deps Deps, register func(*api)) *api {
	a := &api{Deps: deps, mux: http.NewServeMux(), registry: newRegistry(), gate: NewGate(deps.PublicURL, deps.TrustedProxies)}
	a.limits = newLimits(deps.RateLimits)
	a.huma = huma.NewAPI(a.config(), &adapter{a})
	register(a)
	return a
}

func (a *api) config() huma.Config {
	cfg := huma.DefaultConfig("Hearth", a.Version)
	cfg.Info.Description = "Secure chat between care providers and their clients."
	cfg.Components.Schemas = a.registry
	cfg.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"session": {Type: "apiKey", In: "cookie", Name: cookieName, Description: "What signing in sets in a browser. Over HTTPS its name starts with __Host-."},
		"bearer":  {Type: "http", Scheme: "bearer", Description: "A session token from POST /sessions with bearer: true."},
	}
	cfg.CreateHooks = nil // no $schema keys, no Link headers
	cfg.OpenAPIPath, cfg.DocsPath, cfg.SchemasPath = "", "", ""
	cfg.Formats = map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat}
	return cfg
}

var jsonFormat = huma.Format{
	Marshal: func(w io.Writer, v any) error {
		if self, is := v.(wire.Appender); is {
			if text := self.AppendJSON(nil); text != nil {
				_, err := w.Write(append(text, '\n'))
				return err
			}
		}
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		return encoder.Encode(v)
	},
	Unmarshal: func(data []byte, v any) error {
		err := json.Unmarshal(data, v)
		var wrong *json.UnmarshalTypeError
		if errors.As(err, &wrong) {
			return errors.New(typeAt + wrong.Field) // the error itself repeats the value
		}
		return err
	},
}

// typeAt begins the message about a value that fits its schema but not its Go type, such
// as an integer beyond 64 bits.
const typeAt = "type at "

// adapter puts our own checks between the mux and huma.
type adapter struct{ a *api }

// Handle is called by huma for every call that is registered.
func (ad *adapter) Handle(op *huma.Operation, next func(huma.Context)) {
	call := ad.a.newCall(op)
	ad.a.mux.HandleFunc(op.Method+" "+op.Path, func(w http.ResponseWriter, r *http.Request) {
		if err := call.admit(r); err != nil {
			ad.a.refuse(w, r, err)
			return
		}
		next(humago.NewContext(op, r, w))
	})
}

// ServeHTTP is part of huma's interface; requests come through handler.
func (ad *adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { ad.a.mux.ServeHTTP(w, r) }
