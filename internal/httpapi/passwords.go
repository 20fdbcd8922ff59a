package httpapi

import (
	"context"

	"hearth/internal/care"
)

type newPassword struct {
	Current  string `json:"current_password" maxLength:"200"`
	Password string `json:"password" minLength:"10" maxLength:"200"`
}

type resetRequest struct {
	Email string `json:"email" maxLength:"254"`
}

type chosenPassword struct {
	Token    string `json:"token" maxLength:"200" doc:"What follows # in the link"`
	Password string `json:"password" minLength:"10" maxLength:"200"`
}

// accepted answers 202 and tells nothing.
type accepted struct{ Body struct{} }

func (accepted) defaultStatus() int { return 202 }

func (a *api) passwords() {
	route(a, post("/me/password", "change-password", "Choose another password; ends one's other sessions"), anyone,
		func(ctx context.Context, actor care.Actor, in *struct{ Body newPassword }) (*none, error) {
			return nil, a.Identity.ChangePassword(ctx, actor, in.Body.Current, in.Body.Password, remoteIP(ctx))
		})
	route(a, post("/password-resets", "request-password-reset", "Ask for a link by mail; answers alike whether or not somebody has the address"), public,
		func(ctx context.Context, _ care.Actor, in *struct{ Body resetRequest }) (*accepted, error) {
			if err := a.Identity.RequestReset(ctx, in.Body.Email, remoteIP(ctx)); err != nil {
				return nil, err
			}
			return &accepted{}, nil
		})
	route(a, post("/password-resets/confirm", "confirm-password-reset", "Choose a new password with the link"), public,
		func(ctx context.Context, _ care.Actor, in *struct{ Body chosenPassword }) (*none, error) {
			return nil, a.Identity.ConfirmReset(ctx, in.Body.Token, in.Body.Password)
		})
}
