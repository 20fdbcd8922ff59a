package httpapi

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"net/http"
	"regexp"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/blob"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/wire"
)

// huma makes its own errors through these two package variables and offers no other way.
// Its details carry the values that were sent, so only their places are used.
func init() {
	huma.NewError = func(status int, message string, details ...error) huma.StatusError {
		return problemOfHuma(status, details)
	}
	huma.NewErrorWithContext = func(_ huma.Context, status int, message string, details ...error) huma.StatusError {
		return problemOfHuma(status, details)
	}
	huma.DefaultArrayNullable = false
	huma.ValidateStrictCasing = true
}

// problem turns what a handler returned into what the caller gets. A fault of the
// program is logged here and nowhere else.
func (a *api) problem(ctx context.Context, err error) *wire.Problem {
	p, known := wire.ProblemOf(err)
	if known {
		return p
	}
	id := requestID(ctx)
	if blob.IsUnavailable(err) {
		p = wire.NewProblem(care.CodeUnavailable, "Hearth cannot reach or fill the place of its files at the moment. Try again.").With("Retry-After", "5")
	}
	if db.IsFull(err) || db.IsUnavailable(err) {
		p = wire.NewProblem(care.CodeUnavailable, "Hearth cannot reach or fill its database at the moment. Nothing was stored; try again.").
			With("Retry-After", "5")
	}
	p.RequestID = id
	a.Logger.LogAttrs(ctx, slog.LevelError, "a request failed",
		slog.String("request", id), slog.String("route", routeOf(ctx)), slog.String("error", withoutValues(err)))
	return p
}

var quoted = regexp.MustCompile("\"[^\"]*\"|'[^']*'|`[^`]*`")

// withoutValues gives an error for the log without what stands in quotes: databases and
// decoders put values there.
func withoutValues(err error) string {
	return quoted.ReplaceAllString(err.Error(), "…")
}

// refuse writes the problem of err.
func (a *api) refuse(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, a.problem(r.Context(), err))
}

func writeProblem(w http.ResponseWriter, p *wire.Problem) {
	body, err := json.Marshal(p)
	if err != nil { // only Current could fail, and it is optional
		short := *p
		short.Current = nil
		body, _ = json.Marshal(&short)
	}
	for name, values := range p.Headers {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n'))
}

// problemOfHuma is the problem for what huma itself refuses: parameters. A path that has
// no UUID where one belongs names nothing, so it is not found.
func problemOfHuma(status int, details []error) *wire.Problem {
	fields := make([]care.FieldError, 0, len(details))
	for _, detail := range details {
		var d *huma.ErrorDetail
		if !errors.As(detail, &d) {
			continue
		}
		place, name, _ := strings.Cut(d.Location, ".")
		if place == "path" {
			return wire.NewProblem(care.CodeNotFound, "There is no such thing.")
		}
		fields = append(fields, fieldError(name, d.Message))
	}
	if len(fields) == 0 || status >= http.StatusInternalServerError {
		return wire.NewProblem(codeOfStatus(status), "")
	}
	p := wire.NewProblem(care.CodeInvalid, "Some of what was sent cannot be used.")
	p.Errors = fields
	return p
}

// codeOfStatus is the code that stands for a status when nothing more is known.
func codeOfStatus(status int) care.Code {
	switch status {
	case http.StatusBadRequest:
		return care.CodeMalformed
	case http.StatusRequestTimeout, http.StatusServiceUnavailable:
		return care.CodeUnavailable
	case http.StatusRequestEntityTooLarge:
		return care.CodeTooLarge
	case http.StatusUnsupportedMediaType:
		return care.CodeUnsupportedMediaType
	case http.StatusUnprocessableEntity:
		return care.CodeInvalid
	default:
		return wire.CodeInternal
	}
}
