package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/directory"
	"hearth/internal/onboard"
	"hearth/internal/wire"
)

// ClientPath names the client of a call. It is exported to be embedded.
type ClientPath struct {
	ID care.UserID `path:"id"`
}

type clientQuery struct {
	PageQuery
	Query      string       `query:"q" maxLength:"200" doc:"How words of the name or address begin, in any order"`
	GroupID    care.GroupID `query:"group_id"`
	ProviderID care.UserID  `query:"provider_id" doc:"The primary provider"`
	Direct     string       `query:"direct" enum:"on,off" doc:"Whether direct messaging is on for the client"`
	Community  string       `query:"community" enum:"on,off" doc:"Whether community chats are on for the client"`
	State      string       `query:"state" enum:"active,archived" default:"active"`
}

func (q clientQuery) filter() directory.ClientFilter {
	return directory.ClientFilter{
		Query: q.Query, Group: q.GroupID, Provider: q.ProviderID, State: care.ClientState(q.State),
		Direct: care.Setting(q.Direct), Community: care.Setting(q.Community),
	}
}

func (q PageQuery) page() directory.Page { return directory.Page{Cursor: q.Cursor, Limit: q.Limit} }

type newClient struct {
	ID                care.UserID            `json:"id,omitempty" doc:"Makes the call safe to repeat"`
	Name              string                 `json:"name" maxLength:"200"`
	Email             wire.Opt[string]       `json:"email,omitempty" maxLength:"254"`
	GroupID           wire.Opt[care.GroupID] `json:"group_id,omitempty"`
	PrimaryProviderID care.UserID            `json:"primary_provider_id"`
	Password          string                 `json:"password,omitempty" minLength:"10" maxLength:"200" doc:"Without it, a client with an address is invited"`
}

func (n newClient) asked() onboard.NewClient {
	return onboard.NewClient{Password: n.Password, NewClient: directory.NewClient{
		ID: n.ID, Name: n.Name, Email: n.Email.Value, Group: n.GroupID.Value, Provider: n.PrimaryProviderID,
	}}
}

type clientChange struct {
	Name              wire.Maybe[string]        `json:"name,omitempty" maxLength:"200"`
	Alias             wire.Opt[string]          `json:"alias,omitempty" maxLength:"200" doc:"null removes it"`
	Email             wire.Opt[string]          `json:"email,omitempty" maxLength:"254" doc:"null removes it"`
	GroupID           wire.Opt[care.GroupID]    `json:"group_id,omitempty" doc:"null: in no group"`
	PrimaryProviderID wire.Maybe[care.UserID]   `json:"primary_provider_id,omitempty"`
	CareTeamIDs       wire.Maybe[[]care.UserID] `json:"care_team_ids,omitempty" maxItems:"100" doc:"The primary provider stays among them"`
	State             wire.Maybe[string]        `json:"state,omitempty" enum:"active,archived"`
}

func (c clientChange) asked() directory.ClientChange {
	return directory.ClientChange{
		Name: c.Name.Pointer(), Alias: cleared(c.Alias), Email: cleared(c.Email), Group: cleared(c.GroupID), Provider: c.PrimaryProviderID.Pointer(),
		CareTeam: c.CareTeamIDs.Pointer(), State: (*care.ClientState)(c.State.Pointer()),
	}
}

// cleared gives the zero value for null, which removes, and nil for a key that is absent.
func cleared[T any](o wire.Opt[T]) *T {
	if !o.Set {
		return nil
	}
	value := o.Value
	return &value
}

func (a *api) clients() {
	route(a, get("/clients", "list-clients", "The clients one may see, by name"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *clientQuery) (*ok[wire.ClientPage], error) {
			list, next, total, err := a.Directory.Clients(ctx, actor, in.filter(), in.page())
			if err != nil {
				return nil, err
			}
			return answer(wire.ClientPageOf(list, next, total)), nil
		})
	route(a, post("/clients", "add-client", "Add a client, with an invitation or a password"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body newClient }) (*made[wire.ClientCreated], error) {
			added, err := a.Onboard.AddClient(ctx, actor, in.Body.asked())
			if err != nil {
				return nil, err
			}
			return created(wire.ClientCreatedOf(added), added.Existed), nil
		})
	route(a, get("/clients/{id}", "get-client", "One client"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ClientPath) (*ok[wire.Client], error) {
			return clientAnswer(a.Directory.Client(ctx, actor, in.ID))
		})
	route(a, patch("/clients/{id}", "change-client", "Change a client"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			ClientPath
			Body clientChange
		}) (*ok[wire.Client], error) {
			return clientAnswer(a.Onboard.ChangeClient(ctx, actor, in.ID, in.Body.asked()))
		})
	route(a, post("/clients/{id}/invitation", "invite-client", "Make a new link for choosing a password"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *ClientPath) (*made[wire.Invitation], error) {
			return invitationAnswer(a.Onboard.InviteClient(ctx, actor, in.ID))
		})
}

func clientAnswer(c directory.Client, err error) (*ok[wire.Client], error) {
	if err != nil {
		return nil, err
	}
	return answer(wire.ClientOf(c)), nil
}
