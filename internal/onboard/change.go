package onboard

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/identity"
)

// ChangeClient changes a client. A primary provider who is assigned gets the direct
// conversation with the client; links that were mailed to an earlier address stop working.
func (s *Service) ChangeClient(ctx context.Context, actor care.Actor, id care.UserID, change directory.ClientChange) (client directory.Client, err error) {
	err = s.write(ctx, func(tx *db.Tx) (events []care.Event, err error) {
		var effect directory.ClientEffect
		act := func() error {
			client, effect, err = s.directory.ChangeClient(ctx, tx, actor, id, change)
			return err
		}
		if change.Group != nil {
			events, err = s.moving(ctx, tx, actor, id, act)
		} else {
			err = act()
		}
		if err == nil && (change.Group != nil || change.State != nil) {
			err = s.chat.FollowGroups(ctx, tx, []care.UserID{id})
		}
		if err == nil && effect.ProviderAssigned {
			var opened []care.Event
			client.DirectConversation, opened, err = s.chat.EnsureDirect(ctx, tx, actor, id, client.Provider)
			events = append(events, opened...)
		}
		if err == nil && effect.EmailChanged {
			err = s.identity.Withdraw(ctx, tx, id)
		}
		return events, err
	})
	return client, err
}

// moving changes a client's group with what that does to their chat access.
func (s *Service) moving(ctx context.Context, tx *db.Tx, actor care.Actor, id care.UserID, act func() error) ([]care.Event, error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return nil, refusal
	}
	if _, err := s.directory.ClientIn(ctx, tx, actor, id); err != nil {
		return nil, err
	}
	return s.access.Moving(ctx, tx, actor, []care.UserID{id}, act)
}

// DeleteGroup deletes a client group. Its clients move to another, or leave all groups
// where that is zero, and their chat access follows.
func (s *Service) DeleteGroup(ctx context.Context, actor care.Actor, id, moveTo care.GroupID) error {
	if refusal := access.ManageClients(actor); refusal != nil {
		return refusal
	}
	return s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		members, err := s.directory.GroupMembers(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		events, err := s.access.Moving(ctx, tx, actor, members, func() error {
			if err := s.chat.GroupDeleted(ctx, tx, id, moveTo); err != nil {
				return err
			}
			return s.directory.DeleteGroup(ctx, tx, actor, id, moveTo)
		})
		if err != nil {
			return nil, err
		}
		return events, s.chat.FollowGroups(ctx, tx, members)
	})
}

// ChangeStaff changes a member of staff. Who is deactivated loses every session at once;
// what somebody may do newly counts from their next request on.
func (s *Service) ChangeStaff(ctx context.Context, actor care.Actor, id care.UserID, change directory.StaffChange) (staff directory.Staff, err error) {
	var effect directory.StaffEffect
	err = s.write(ctx, func(tx *db.Tx) (events []care.Event, err error) {
		if change.Active != nil || change.Role != nil || change.Permissions != nil {
			if err := s.chat.HoldAssigned(ctx, tx, actor.Org, id); err != nil {
				return nil, err
			}
		}
		staff, effect, err = s.directory.ChangeStaff(ctx, tx, actor, id, change)
		if err == nil && effect.EmailChanged {
			err = s.identity.Withdraw(ctx, tx, id)
		}
		if err == nil && effect.Deactivated {
			events, err = s.identity.EndSessions(ctx, tx, id, care.SessionID{})
		}
		if err == nil && effect.Rights {
			var back []care.Event
			back, err = s.chat.Unassign(ctx, tx, actor, id)
			events = append(events, back...)
		}
		return events, err
	})
	if err == nil && effect.Rights {
		s.identity.Forget(id)
	}
	return staff, err
}

// InviteClient makes a new link with which a client chooses a password, the first or
// another one.
func (s *Service) InviteClient(ctx context.Context, actor care.Actor, id care.UserID) (invitation identity.Invitation, err error) {
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		if refusal := access.NeedStaff(actor); refusal != nil {
			return nil, refusal
		}
		if _, err := s.directory.ClientIn(ctx, tx, actor, id); err != nil {
			return nil, err
		}
		if refusal := access.ManageClients(actor); refusal != nil {
			return nil, refusal
		}
		invitation, err = s.identity.Invite(ctx, tx, actor, id)
		return nil, err
	})
	return invitation, err
}

// InviteStaff makes a new link with which a member of staff chooses a password.
func (s *Service) InviteStaff(ctx context.Context, actor care.Actor, id care.UserID) (invitation identity.Invitation, err error) {
	err = s.write(ctx, func(tx *db.Tx) ([]care.Event, error) {
		if refusal := access.NeedStaff(actor); refusal != nil {
			return nil, refusal
		}
		staff, err := s.directory.StaffIn(ctx, tx, actor, id)
		if err != nil {
			return nil, err
		}
		if refusal := access.InviteStaff(actor, staff.Facts()); refusal != nil {
			return nil, refusal
		}
		invitation, err = s.identity.Invite(ctx, tx, actor, id)
		return nil, err
	})
	return invitation, err
}
