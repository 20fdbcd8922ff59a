package httpapi

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"hearth/internal/care"
	"hearth/internal/wire"
)

// handler is everything below /api: the calls, the document, and an answer in the same
// form for what is neither.
func (a *api) handler() (http.Handler, error) {
	a.live()
	if err := a.serveDocument(); err != nil {
		return nil, err
	}
	a.mux.HandleFunc("/api/", a.unknown)
	return compressed(http.HandlerFunc(a.serve)), nil
}

func (a *api) serve(w http.ResponseWriter, r *http.Request) {
	w.Header()["Cache-Control"] = noStore
	if tripOf(r.Context()).id == "" { // without an Edge around it
		r = withTrip(r, &trip{id: "none", remote: a.gate.Remote(r), secure: a.gate.Secure(r)})
	}
	switch err := a.limits.address(tripOf(r.Context()).remote, a.now()); {
	case err != nil:
		a.refuse(w, r, err)
	case path.Clean(r.URL.Path) != strings.TrimSuffix(r.URL.Path, "/"):
		a.notFound(w) // the mux would answer with a redirect in HTML
	default:
		a.mux.ServeHTTP(w, r)
	}
}

var methods = []string{
	http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete,
}

// unknown answers for paths without a call, and for calls of another method.
func (a *api) unknown(w http.ResponseWriter, r *http.Request) {
	allowed := slices.DeleteFunc(slices.Clone(methods), func(method string) bool { return !a.serves(method, r) })
	if len(allowed) == 0 {
		a.notFound(w)
		return
	}
	list := strings.Join(allowed, ", ")
	writeProblem(w, wire.NewProblem(care.CodeMethodNotAllowed, "This address takes "+list+".").With("Allow", list))
}

func (a *api) notFound(w http.ResponseWriter) {
	writeProblem(w, wire.NewProblem(care.CodeNotFound, "There is nothing at this address."))
}

func (a *api) serves(method string, r *http.Request) bool {
	_, pattern := a.mux.Handler(&http.Request{Method: method, URL: r.URL, Host: r.Host})
	return pattern != "" && pattern != "/api/"
}
