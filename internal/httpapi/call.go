package httpapi

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"hearth/internal/care"
	"hearth/internal/wire"
)

// call is what is known about one call of the API before a request comes.
type call struct {
	api     *api
	access  access
	route   string
	unsafe  bool         // it is no GET
	changes bool         // it is a PATCH or PUT, where null removes
	hasBody bool         // of any media type
	body    *huma.Schema // of the JSON it takes; nil when it takes none
	needed  bool         // without a body it makes no sense
	bound   int64        // of the body, in bytes
}

func (a *api) newCall(op *huma.Operation) *call {
	c := &call{api: a, route: op.Method + " " + op.Path}
	c.access, _ = op.Metadata[accessKey].(access)
	c.bound, _ = op.Metadata[boundKey].(int64)
	c.unsafe = op.Method != http.MethodGet && op.Method != http.MethodHead
	c.changes = op.Method == http.MethodPatch || op.Method == http.MethodPut
	if op.RequestBody != nil {
		c.hasBody, c.needed = true, op.RequestBody.Required
		if media := op.RequestBody.Content[jsonType]; media != nil {
			if whole := media.Schema.AnyOf; len(whole) > 0 { // a body that may be left away is not null
				media.Schema = whole[0]
			}
			c.body = media.Schema
		}
	}
	return c
}

// admit decides whether the request may reach its handler, cheapest checks first: where
// it comes from, who sends it, how often, then the body. It notes the actor in the trip
// and leaves a body that was read and checked.
func (c *call) admit(r *http.Request) error {
	trip := tripOf(r.Context())
	trip.route = c.route
	token := c.api.gate.Token(r)
	trip.token = token
	if c.unsafe {
		if err := c.api.gate.checkOrigin(r, token); err != nil {
			return err
		}
	}
	actor, err := c.actor(r.Context(), token)
	if err != nil {
		return err
	}
	trip.actor = actor
	if err := c.api.limits.user(actor.User, c.api.now()); err != nil {
		return err
	}
	if c.access == staffOnly && !actor.IsStaff() {
		return care.Refused("Only staff may do this.")
	}
	if err := checkQuery(r); err != nil || !c.unsafe {
		return err
	}
	return c.readBody(r)
}

func (c *call) actor(ctx context.Context, token Token) (care.Actor, error) {
	if c.access == public {
		return care.Actor{}, nil
	}
	if token.Value == "" {
		return care.Actor{}, unauthenticated()
	}
	return c.api.Authenticate(ctx, token.Value)
}

func unauthenticated() *wire.Problem {
	return wire.NewProblem(care.CodeUnauthenticated, "Sign in, or send a token as Authorization: Bearer.").
		With("WWW-Authenticate", `Bearer realm="hearth"`)
}
