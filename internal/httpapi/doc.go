// Package httpapi is the HTTP API below /api/v1: routes, problems, OpenAPI.
//
// # Writing a resource
//
// A resource is one file with one method on *api that registers its calls; routes.go
// lists the methods. A call reads like a line of the contract:
//
//	func (a *api) groups() {
//		route(a, get("/groups", "list-groups", "Every group"), staffOnly,
//			func(ctx context.Context, actor care.Actor, in *struct{ PageQuery }) (*ok[wire.Page[wire.Group]], error) {
//				groups, next, err := a.Directory.Groups(ctx, actor, in.Cursor, in.Limit)
//				if err != nil {
//					return nil, err
//				}
//				return answer(wire.PageOf(wire.Map(groups, wire.GroupOf), next)), nil
//			})
//		route(a, post("/groups", "create-group", "Make a group"), staffOnly,
//			func(ctx context.Context, actor care.Actor, in *struct{ Body newGroup }) (*made[wire.Group], error) {
//				group, existed, err := a.Directory.CreateGroup(ctx, actor, in.Body.domain())
//				if err != nil {
//					return nil, err
//				}
//				return created(wire.GroupOf(group), existed), nil
//			})
//		route(a, del("/groups/{id}", "delete-group", "Delete a group"), staffOnly,
//			func(ctx context.Context, actor care.Actor, in *struct {
//				ID     care.GroupID `path:"id"`
//				MoveTo care.GroupID `query:"move_to" doc:"Where its clients go"`
//			}) (*none, error) {
//				return nil, a.Directory.DeleteGroup(ctx, actor, in.ID, in.MoveTo)
//			})
//	}
//
// The answer types are [ok] (200), [made] (201, or 200 when it existed), [none] (204),
// or a struct of one's own with Body, header fields and Status as huma knows them. Every
// dependency a handler needs is a field of [Deps]; add the field where it is declared.
//
// The input is a struct with `path`, `query` and `header` fields and a Body. Fields of the
// body are required unless their tag has omitempty. Bounds are tags (minLength, maxLength
// in characters, minimum, maximum, enum, maxItems); a struct that is embedded must be
// exported; what a tag cannot say the domain checks
// with care.BadField. Use wire.Maybe and wire.Opt for keys of PATCH and PUT. Ids are the
// typed ids of care everywhere: in a path anything but a UUID is 404 not_found, in a query
// or body it is 422 with the field.
//
// Who may call is the second argument: public (the actor is zero), anyone (a person who is
// signed in), staffOnly (a client gets 403). It is checked before the body is read.
// Permissions beyond that are the domain's.
//
// Handlers return any error as it comes: *care.Error becomes its problem, everything else
// is a 500 that is logged once with the request id and never shown. They log nothing.
//
// # What holds for every call
//
// Every failure is application/problem+json, also an unknown path, a wrong method (405 with
// Allow), a wrong media type, a body that is too large (413; the rest is read and thrown
// away, so that the answer arrives), or a panic. Problems never repeat what was sent, apart
// from the names of unknown keys. Bodies are strict: UTF-8, no NUL, no duplicate keys, at
// most 32 levels, no key that is not in the document. Nothing of what people wrote is logged.
package httpapi
