package httpapi

import (
	"context"

	"hearth/internal/care"
	"hearth/internal/identity"
	"hearth/internal/onboard"
	"hearth/internal/wire"
)

type firstPractice struct {
	SetupCode    string `json:"setup_code" maxLength:"100" doc:"What follows # in the link that the program printed at its start"`
	Organization string `json:"organization" minLength:"1" maxLength:"200"`
	OwnerName    string `json:"owner_name" minLength:"1" maxLength:"200"`
	OwnerEmail   string `json:"owner_email" maxLength:"254"`
	Password     string `json:"password" minLength:"10" maxLength:"200"`
}

func (a *api) installation() {
	route(a, get("/installation", "get-installation", "What the sign-in page needs to know"), public,
		func(ctx context.Context, _ care.Actor, _ *struct{}) (*ok[wire.Installation], error) {
			set, err := a.Identity.HasPractice(ctx)
			if err != nil {
				return nil, err
			}
			facts := wire.Installation{SetupNeeded: !set, Demo: a.Demo, Mail: a.Identity.CanMail(), SignIns: []wire.SignIn{}}
			if a.Demo {
				facts.SignIns = append(facts.SignIns, a.SignIns...)
			}
			return answer(facts), nil
		})
	route(a, post("/installation", "set-up-installation", "Make the first organization; not found once there is one"), public,
		func(ctx context.Context, _ care.Actor, in *struct{ Body firstPractice }) (*signedIn, error) {
			session, err := a.setUp(ctx, in.Body)
			if err != nil {
				return nil, err
			}
			return a.signedIn(ctx, session, false), nil
		})
}

// setUp makes the first organization and signs its owner in. Whether it exists already
// comes before the code, so that an old code tells nothing.
func (a *api) setUp(ctx context.Context, in firstPractice) (identity.Session, error) {
	set, err := a.Identity.HasPractice(ctx)
	if err != nil {
		return identity.Session{}, err
	}
	if set || a.SetupCode == nil {
		return identity.Session{}, care.Missing("page: this installation is set up already")
	}
	if err := a.Identity.CheckCode(ctx, remoteIP(ctx), a.SetupCode.Matches(in.SetupCode)); err != nil {
		return identity.Session{}, err
	}
	hash, err := a.Identity.HashPassword(in.Password)
	if err != nil {
		return identity.Session{}, err
	}
	_, err = a.Onboard.SetUp(ctx, onboard.NewPractice{
		Organization: in.Organization, OwnerName: in.OwnerName, OwnerEmail: in.OwnerEmail, PasswordHash: hash, FirstOnly: true,
	})
	if err != nil {
		return identity.Session{}, err
	}
	return a.Identity.SignIn(ctx, identity.SignIn{Email: in.OwnerEmail, Password: in.Password, RemoteIP: remoteIP(ctx)})
}
