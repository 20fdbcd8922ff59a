package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/wire"
)

// GroupPath names the group of a call. It is exported to be embedded.
type GroupPath struct {
	ID care.GroupID `path:"id"`
}

type newGroup struct {
	ID   care.GroupID `json:"id,omitempty" doc:"Makes the call safe to repeat"`
	Name string       `json:"name" maxLength:"200"`
}

type groupChange struct {
	Name wire.Maybe[string] `json:"name,omitempty" maxLength:"200"`
}

func (a *api) groups() {
	route(a, get("/groups", "list-groups", "The client groups, by name"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *PageQuery) (*ok[wire.Page[wire.Group]], error) {
			list, next, err := a.Directory.Groups(ctx, actor, in.page())
			if err != nil {
				return nil, err
			}
			return answer(wire.PageOf(wire.Map(list, wire.GroupOf), next)), nil
		})
	route(a, post("/groups", "add-group", "Add a client group"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body newGroup }) (*made[wire.Group], error) {
			var group directory.Group
			var existed bool
			err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
				group, existed, err = a.Directory.CreateGroup(ctx, tx, actor, in.Body.ID, in.Body.Name)
				return err
			})
			if err != nil {
				return nil, err
			}
			return created(wire.GroupOf(group), existed), nil
		})
	route(a, patch("/groups/{id}", "change-group", "Rename a client group"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			GroupPath
			Body groupChange
		}) (*ok[wire.Group], error) {
			var group directory.Group
			err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
				group, err = a.Directory.RenameGroup(ctx, tx, actor, in.ID, in.Body.Name.Pointer())
				return err
			})
			if err != nil {
				return nil, err
			}
			return answer(wire.GroupOf(group)), nil
		})
	route(a, del("/groups/{id}", "delete-group", "Delete a client group"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			GroupPath
			MoveTo care.GroupID `query:"move_to" doc:"Where its clients go; without it they are in no group"`
		}) (*none, error) {
			return nil, a.Onboard.DeleteGroup(ctx, actor, in.ID, in.MoveTo)
		})
}
