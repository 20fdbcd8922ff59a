package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/identity"
	"hearth/internal/wire"
)

type newSession struct {
	Email    string `json:"email" maxLength:"254"`
	Password string `json:"password" maxLength:"200"`
	Code     string `json:"code,omitempty" maxLength:"20" doc:"The second factor, where one is due"`
	Bearer   bool   `json:"bearer,omitempty" doc:"Answer with a token instead of a cookie"`
}

// signedIn answers who is signed in from now on, with a cookie or a token.
type signedIn struct {
	SetCookie string `header:"Set-Cookie"`
	Body      signedInBody
}

type signedInBody struct {
	User  wire.User `json:"user"`
	Token string    `json:"token,omitempty" doc:"With bearer: true; send it as Authorization: Bearer. It is told this once"`
}

func (signedIn) defaultStatus() int { return 201 }

func (a *api) signedIn(ctx context.Context, s identity.Session, bearer bool) *signedIn {
	out := &signedIn{Body: signedInBody{User: wire.UserOf(s.Actor, s.Email)}}
	if bearer {
		out.Body.Token = s.Token
	} else {
		a.leaveBehind(ctx, s.Actor)
		out.SetCookie = a.cookie(ctx, s.Token, s.ExpiresAt)
	}
	return out
}

// signedOut answers 204 and takes the cookie away.
type signedOut struct {
	SetCookie string `header:"Set-Cookie"`
}

// leaveBehind signs out whoever else was signed in in the browser until now: their cookie is
// replaced, so nobody else could, and their pushes must not come to this browser any more.
// That it fails refuses nobody: the session ends by itself.
func (a *api) leaveBehind(ctx context.Context, now care.Actor) {
	token := tripOf(ctx).token
	if !token.Cookie {
		return
	}
	before, err := a.Authenticate(ctx, token.Value)
	if err != nil || before.User == now.User {
		return
	}
	if err := a.Identity.SignOut(ctx, before); err != nil {
		a.Logger.WarnContext(ctx, "the session that was replaced did not end", "error", err)
	}
}

func (a *api) sessions() {
	route(a, post("/sessions", "create-session", "Sign in"), public,
		func(ctx context.Context, _ care.Actor, in *struct{ Body newSession }) (*signedIn, error) {
			session, err := a.Identity.SignIn(ctx, identity.SignIn{
				Email: in.Body.Email, Password: in.Body.Password, Bearer: in.Body.Bearer, RemoteIP: remoteIP(ctx),
			})
			if err != nil {
				return nil, err
			}
			return a.signedIn(ctx, session, in.Body.Bearer), nil
		})
	route(a, del("/sessions/current", "end-session", "Sign out"), anyone,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*signedOut, error) {
			if err := a.Identity.SignOut(ctx, actor); err != nil {
				return nil, err
			}
			return &signedOut{SetCookie: a.noCookie(ctx)}, nil
		})
	route(a, get("/me", "get-me", "Who is signed in, and what they may do"), anyone,
		func(ctx context.Context, actor care.Actor, _ *struct{}) (*ok[wire.Me], error) {
			me, err := a.Identity.Me(ctx, actor)
			if err != nil {
				return nil, err
			}
			return answer(wire.MeOf(actor, me)), nil
		})
}
