package onboard

import (
	"context"
	"errors"

	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
)

// NewPractice is an organization to set up, with its owner. PasswordHash comes from
// [identity.Service.HashPassword].
type NewPractice struct {
	Organization string
	TimeZone     string // UTC unless given
	SecondFactor string // optional unless given
	OwnerName    string
	OwnerEmail   string
	OwnerTitle   string
	PasswordHash string
	// FirstOnly refuses, as care.NotFound, when there is an organization already.
	FirstOnly bool
}

// Practice is what was set up.
type Practice struct {
	Organization directory.Organization
	Owner        directory.Staff
}

// SetUp makes an organization with its owner. The program itself does it: whoever may
// call this may do everything.
func (s *Service) SetUp(ctx context.Context, n NewPractice) (practice Practice, err error) {
	err = s.write(ctx, func(tx *db.Tx) (_ []care.Event, err error) {
		if n.FirstOnly {
			if err := s.first(ctx, tx); err != nil {
				return nil, err
			}
		}
		practice.Organization, err = s.directory.CreateOrganization(ctx, tx, directory.NewOrganization{
			Name: n.Organization, TimeZone: n.TimeZone, SecondFactor: n.SecondFactor,
		})
		if err != nil {
			return nil, err
		}
		practice.Owner, err = s.directory.CreateOwner(ctx, tx, practice.Organization.ID, directory.NewStaff{
			Name: n.OwnerName, Email: n.OwnerEmail, Title: n.OwnerTitle,
		})
		if err != nil {
			return nil, renamed(err)
		}
		practice.Owner.Invited = care.InvitedJoined
		return nil, s.identity.SetPassword(ctx, tx, practice.Owner.ID, n.PasswordHash)
	})
	return practice, err
}

// first makes sure that this is the first organization. Two requests at once are kept
// apart by the chain of the installation, which the row locks.
func (s *Service) first(ctx context.Context, tx *db.Tx) error {
	err := audit.Append(ctx, tx, care.Installation, care.System, s.clock(), audit.Entry{Action: "installation.set_up", SubjectKind: "installation"})
	if err != nil {
		return err
	}
	exists, err := s.directory.HasOrganization(ctx, tx)
	if err == nil && exists {
		err = care.Missing("page: this installation is set up already")
	}
	return err
}

// renamed gives errors the names of the fields that the setting up has.
func renamed(err error) error {
	var failure *care.Error
	if !errors.As(err, &failure) {
		return err
	}
	for i, f := range failure.Fields {
		switch f.Field {
		case "name", "email", "title":
			failure.Fields[i].Field = "owner_" + f.Field
		}
	}
	return failure
}
