package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/wire"
)

type linkToken struct {
	Token string `json:"token" maxLength:"200" doc:"What follows # in the link"`
}

type acceptance struct {
	Token    string `json:"token" maxLength:"200" doc:"What follows # in the link"`
	Password string `json:"password" minLength:"10" maxLength:"200"`
	Bearer   bool   `json:"bearer,omitempty" doc:"Answer with a token instead of a cookie"`
}

func (a *api) invitations() {
	route(a, post("/invitations/lookup", "look-up-invitation", "What a link is for"), public,
		func(ctx context.Context, _ care.Actor, in *struct{ Body linkToken }) (*ok[wire.Offer], error) {
			offer, err := a.Identity.Lookup(ctx, in.Body.Token)
			if err != nil {
				return nil, err
			}
			return answer(wire.OfferOf(offer)), nil
		})
	route(a, post("/invitations/accept", "accept-invitation", "Choose a password with a link, and sign in"), public,
		func(ctx context.Context, _ care.Actor, in *struct{ Body acceptance }) (*signedIn, error) {
			session, err := a.Identity.Accept(ctx, in.Body.Token, in.Body.Password, in.Body.Bearer)
			if err != nil {
				return nil, err
			}
			return a.signedIn(ctx, session, in.Body.Bearer), nil
		})
}
