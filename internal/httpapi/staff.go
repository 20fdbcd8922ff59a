package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/directory"
	"hearth/internal/identity"
	"hearth/internal/onboard"
	"hearth/internal/wire"
)

// StaffPath names the member of staff of a call. It is exported to be embedded.
type StaffPath struct {
	ID care.UserID `path:"id"`
}

type newStaff struct {
	ID              care.UserID          `json:"id,omitempty" doc:"Makes the call safe to repeat"`
	Name            string               `json:"name" maxLength:"200"`
	Email           string               `json:"email" maxLength:"254"`
	Role            string               `json:"role" enum:"owner,admin,provider,support"`
	Title           wire.Opt[string]     `json:"title,omitempty" maxLength:"200"`
	Permissions     wire.Maybe[[]string] `json:"permissions,omitempty" maxItems:"10" enum:"view_all_clients,manage_clients,manage_chat_access,start_community_chats,send_blasts,organization_inbox,manage_team,manage_settings,read_audit_log,export_records" doc:"Left out: those of the role; [] is none"`
	ClientsMayStart wire.Maybe[bool]     `json:"clients_may_start,omitempty"`
	Active          wire.Maybe[bool]     `json:"active,omitempty"`
	Password        string               `json:"password,omitempty" minLength:"10" maxLength:"200" doc:"Without it they are invited"`
}

func (n newStaff) asked() (onboard.NewStaff, error) {
	asked := onboard.NewStaff{Password: n.Password, NewStaff: directory.NewStaff{
		ID: n.ID, Name: n.Name, Email: n.Email, Title: n.Title.Value, Role: care.Role(n.Role),
		ClientsMayStart: n.ClientsMayStart.Pointer(), Active: n.Active.Pointer(),
	}}
	if !n.Permissions.Set || n.Permissions.Value == nil {
		return asked, nil
	}
	set, err := permissions(n.Permissions.Value)
	asked.Permissions = &set
	return asked, err
}

type staffChange struct {
	Name            wire.Maybe[string] `json:"name,omitempty" maxLength:"200"`
	Email           wire.Maybe[string] `json:"email,omitempty" maxLength:"254"`
	Role            wire.Maybe[string] `json:"role,omitempty" enum:"owner,admin,provider,support"`
	Title           wire.Opt[string]   `json:"title,omitempty" maxLength:"200" doc:"null removes it"`
	Permissions     wire.Opt[[]string] `json:"permissions,omitempty" maxItems:"10" enum:"view_all_clients,manage_clients,manage_chat_access,start_community_chats,send_blasts,organization_inbox,manage_team,manage_settings,read_audit_log,export_records" doc:"null: those of the role; [] is none"`
	ClientsMayStart wire.Maybe[bool]   `json:"clients_may_start,omitempty"`
	Active          wire.Maybe[bool]   `json:"active,omitempty"`
}

func (c staffChange) asked() (directory.StaffChange, error) {
	choice, err := chosen(c.Permissions)
	return directory.StaffChange{
		Name: c.Name.Pointer(), Email: c.Email.Pointer(), Role: (*care.Role)(c.Role.Pointer()), Title: cleared(c.Title),
		Permissions: choice, ClientsMayStart: c.ClientsMayStart.Pointer(), Active: c.Active.Pointer(),
	}, err
}

// chosen reads permissions: absent is nil, null is the choice to follow the role.
func chosen(words wire.Opt[[]string]) (*directory.Choice, error) {
	switch {
	case !words.Set:
		return nil, nil
	case words.Null:
		return &directory.Choice{}, nil
	}
	set, err := permissions(words.Value)
	return &directory.Choice{Permissions: &set}, err
}

func permissions(words []string) (care.Permissions, error) {
	set, _, known := care.ParsePermissions(words)
	if !known {
		return 0, care.BadField("permissions", "one_of", "Must name permissions that the API document lists.")
	}
	return set, nil
}

func (a *api) staff() {
	route(a, get("/staff", "list-staff", "Colleagues by name; for a client, whom they know"), anyone,
		func(ctx context.Context, actor care.Actor, in *PageQuery) (*ok[wire.Page[wire.Staff]], error) {
			list, next, err := a.Directory.StaffList(ctx, actor, in.page())
			if err != nil {
				return nil, err
			}
			show := func(s directory.Staff) wire.Staff { return wire.StaffOf(actor, s) }
			return answer(wire.PageOf(wire.Map(list, show), next)), nil
		})
	route(a, post("/staff", "add-staff", "Add a member of staff, with an invitation or a password"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct{ Body newStaff }) (*made[wire.StaffCreated], error) {
			asked, err := in.Body.asked()
			if err != nil {
				return nil, err
			}
			added, err := a.Onboard.AddStaff(ctx, actor, asked)
			if err != nil {
				return nil, err
			}
			return created(wire.StaffCreatedOf(actor, added), added.Existed), nil
		})
	route(a, patch("/staff/{id}", "change-staff", "Change a member of staff, or what is one's own"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *struct {
			StaffPath
			Body staffChange
		}) (*ok[wire.Staff], error) {
			asked, err := in.Body.asked()
			if err != nil {
				return nil, err
			}
			staff, err := a.Onboard.ChangeStaff(ctx, actor, in.ID, asked)
			if err != nil {
				return nil, err
			}
			return answer(wire.StaffOf(actor, staff)), nil
		})
	route(a, post("/staff/{id}/invitation", "invite-staff", "Make a new link for choosing a password"), staffOnly,
		func(ctx context.Context, actor care.Actor, in *StaffPath) (*made[wire.Invitation], error) {
			return invitationAnswer(a.Onboard.InviteStaff(ctx, actor, in.ID))
		})
}

func invitationAnswer(i identity.Invitation, err error) (*made[wire.Invitation], error) {
	if err != nil {
		return nil, err
	}
	return created(wire.InvitationOf(i), false), nil
}
