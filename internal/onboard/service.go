package onboard

import (
	"context"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/chataccess"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/identity"
	"hearth/internal/preference"
)

// Service is the package's door. It is safe for concurrent use.
type Service struct {
	db        *db.DB
	clock     care.Clock
	directory *directory.Service
	identity  *identity.Service
	chat      *chat.Service
	access    *chataccess.Service
	events    chat.Publisher
	greet     Greeter // nil where nobody is greeted
}

// Greeter is told of every new client with their first conversation, in the transaction
// that makes the two.
type Greeter func(ctx context.Context, tx *db.Tx, org care.OrgID, in care.ConversationID) error

// GreetBy gives the service its greeter, before the first client is added.
func (s *Service) GreetBy(g Greeter) { s.greet = g }

// New makes the service.
func New(d *db.DB, clock care.Clock, people *directory.Service, accounts *identity.Service, chats *chat.Service, events chat.Publisher) *Service {
	return &Service{
		db: d, clock: clock, directory: people, identity: accounts, chat: chats, events: events,
		access: chataccess.New(d, clock, chats, events),
	}
}

// NewClient is a client to add. Without Password, one who has an address is invited.
type NewClient struct {
	directory.NewClient
	Password string
}

// AddedClient is a client who was added. Existed is true when the same request came
// before; nobody is invited again then.
type AddedClient struct {
	directory.Client
	Invitation *identity.Invitation
	Existed    bool
}

// AddClient adds a client with an account and the direct conversation with the primary
// provider.
func (s *Service) AddClient(ctx context.Context, actor care.Actor, n NewClient) (added AddedClient, err error) {
	if refusal := access.ManageClients(actor); refusal != nil {
		return AddedClient{}, refusal
	}
	hash, err := s.hash(n.Password)
	if err != nil {
		return AddedClient{}, err
	}
	err = s.write(ctx, func(tx *db.Tx) (events []care.Event, err error) {
		added = AddedClient{}
		added.Client, added.Existed, err = s.directory.CreateClient(ctx, tx, actor, n.NewClient)
		if err != nil || added.Existed {
			return nil, err
		}
		if err := s.access.Created(ctx, tx, actor, added.ID); err != nil {
			return nil, err
		}
		if err := preference.Added(ctx, tx, actor.Org, added.ID); err != nil {
			return nil, err
		}
		added.DirectConversation, events, err = s.chat.EnsureDirect(ctx, tx, actor, added.ID, added.Provider)
		if err != nil {
			return nil, err
		}
		if s.greet != nil {
			if err := s.greet(ctx, tx, actor.Org, added.DirectConversation); err != nil {
				return nil, err
			}
		}
		if err := s.chat.FollowGroups(ctx, tx, []care.UserID{added.ID}); err != nil {
			return nil, err
		}
		added.Invitation, added.Invited, err = s.account(ctx, tx, actor, added.ID, added.Email, hash)
		return events, err
	})
	return added, err
}

// NewStaff is a member of staff to add. Without Password they are invited.
type NewStaff struct {
	directory.NewStaff
	Password string
}

// AddedStaff is a member of staff who was added. Existed is true when the same request
// came before; nobody is invited again then.
type AddedStaff struct {
	directory.Staff
	Invitation *identity.Invitation
	Existed    bool
}

// AddStaff adds a member of staff with an account. One who is not active is not invited.
func (s *Service) AddStaff(ctx context.Context, actor care.Actor, n NewStaff) (added AddedStaff, err error) {
	if refusal := access.ManageTeam(actor); refusal != nil {
		return AddedStaff{}, refusal
	}
	hash, err := s.hash(n.Password)
	if err != nil {
		return AddedStaff{}, err
	}
	err = s.write(ctx, func(tx *db.Tx) (_ []care.Event, err error) {
		added = AddedStaff{}
		added.Staff, added.Existed, err = s.directory.CreateStaff(ctx, tx, actor, n.NewStaff)
		if err != nil || added.Existed || (hash == "" && !added.Active) {
			return nil, err
		}
		added.Invitation, added.Invited, err = s.account(ctx, tx, actor, added.ID, added.Email, hash)
		return nil, err
	})
	return added, err
}

// hash gives "" for no password.
func (s *Service) hash(password string) (string, error) {
	if password == "" {
		return "", nil
	}
	return s.identity.HashPassword(password)
}

// account gives somebody the password that was chosen for them, or else invites them by
// their address; who has neither is left without an account.
func (s *Service) account(ctx context.Context, tx *db.Tx, actor care.Actor, user care.UserID, email, hash string) (*identity.Invitation, care.InvitedState, error) {
	switch {
	case hash != "":
		return nil, care.InvitedJoined, s.identity.SetPassword(ctx, tx, user, hash)
	case email == "":
		return nil, care.InvitedNever, nil
	}
	invitation, err := s.identity.Invite(ctx, tx, actor, user)
	return &invitation, care.InvitedPending, err
}

// write runs a transaction; after its commit it publishes the events and wakes the jobs.
func (s *Service) write(ctx context.Context, act func(tx *db.Tx) ([]care.Event, error)) error {
	var events []care.Event
	err := s.db.Write(ctx, func(tx *db.Tx) (err error) {
		events, err = act(tx)
		return err
	})
	if err != nil {
		return err
	}
	s.identity.Wake()
	if len(events) > 0 {
		s.events.Publish(events...)
	}
	return nil
}
