package httpapi

import (
	"context"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/care"
)

// access says who may make a call. It is checked before the body is read.
type access int

const (
	public    access = iota // nobody needs to be signed in; the actor is zero
	anyone                  // somebody who is signed in
	staffOnly               // a client gets 403
)

// handler does one call. actor is the zero Actor in public calls.
type handler[I, O any] func(ctx context.Context, actor care.Actor, in *I) (*O, error)

// ok answers 200 with a body.
type ok[T any] struct{ Body T }

func answer[T any](body T) *ok[T] { return &ok[T]{Body: body} }

// made answers 201 with what was made, or 200 when the same request had made it before.
type made[T any] struct {
	Status int
	Body   T
}

func created[T any](body T, existed bool) *made[T] {
	if existed {
		return &made[T]{Status: http.StatusOK, Body: body}
	}
	return &made[T]{Status: http.StatusCreated, Body: body}
}

func (made[T]) defaultStatus() int { return http.StatusCreated }

// none answers 204.
type none struct{}

// op describes a call. id becomes its operationId, so that it is part of the contract.
func op(method, path, id, summary string) huma.Operation {
	return huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary}
}

func get(path, id, summary string) huma.Operation   { return op(http.MethodGet, path, id, summary) }
func post(path, id, summary string) huma.Operation  { return op(http.MethodPost, path, id, summary) }
func put(path, id, summary string) huma.Operation   { return op(http.MethodPut, path, id, summary) }
func patch(path, id, summary string) huma.Operation { return op(http.MethodPatch, path, id, summary) }
func del(path, id, summary string) huma.Operation   { return op(http.MethodDelete, path, id, summary) }

// route registers a call. path is below /api/v1.
func route[I, O any](a *api, o huma.Operation, who access, do handler[I, O]) {
	if d, is := any(*new(O)).(interface{ defaultStatus() int }); is && o.DefaultStatus == 0 {
		o.DefaultStatus = d.defaultStatus()
	}
	mustSeeEmbedded(reflect.TypeFor[I]())
	o.Path = basePath + o.Path
	o.Metadata = map[string]any{accessKey: who, boundKey: bound(o)}
	o.SkipValidateBody = true // body.go has read it within its bounds and checked it
	o.MaxBodyBytes, o.BodyReadTimeout = -1, -1
	if who != public {
		o.Security = []map[string][]string{{"session": {}}, {"bearer": {}}}
	}
	huma.Register(a.huma, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, tripOf(ctx).actor, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// bound is how many bytes of JSON a call takes: those of its MaxBodyBytes where it needs
// more than others.
func bound(o huma.Operation) int64 { return max(o.MaxBodyBytes, maxBody) }

// mustSeeEmbedded panics at start when an input embeds a type that is not exported: huma
// would pass over its fields in silence.
func mustSeeEmbedded(input reflect.Type) {
	for i := range input.NumField() {
		if f := input.Field(i); f.Anonymous && !f.IsExported() {
			panic("the input of a call embeds " + f.Type.String() + ", which must be exported")
		}
	}
}
