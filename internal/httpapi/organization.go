package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/wire"
)

type organizationChange struct {
	Name       wire.Maybe[string] `json:"name,omitempty" maxLength:"200"`
	TimeZone   wire.Maybe[string] `json:"time_zone,omitempty" maxLength:"100"`
	NameInMail wire.Opt[string]   `json:"name_in_mail,omitempty" maxLength:"200" doc:"null: the name"`
	Colour     wire.Opt[string]   `json:"colour,omitempty" maxLength:"200" doc:"Of the practice in mails that carry its name: #rrggbb; null: Hearth's own"`
}

func (c organizationChange) asked() directory.OrganizationChange {
	return directory.OrganizationChange{
		Name: c.Name.Pointer(), TimeZone: c.TimeZone.Pointer(), NameInMail: cleared(c.NameInMail), Colour: cleared(c.Colour),
	}
}

func (a *api) organization() {
	route(a, get("/organization", "get-organization", "One's own practice"), anyone,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.Organization], error) {
			return organizationAnswer(a.Directory.Organization(ctx, actor))
		})
	route(a, patch("/organization", "change-organization", "Change the practice's settings"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body organizationChange }) (*ok[wire.Organization], error) {
			var o directory.Organization
			err := a.DB.Write(ctx, func(tx *db.Tx) (err error) {
				o, err = a.Directory.ChangeOrganization(ctx, tx, actor, in.Body.asked())
				return err
			})
			return organizationAnswer(o, err)
		})
}

func organizationAnswer(o directory.Organization, err error) (*ok[wire.Organization], error) {
	if err != nil {
		return nil, err
	}
	return answer(wire.OrganizationOf(o)), nil
}
