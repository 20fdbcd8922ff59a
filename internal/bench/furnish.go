package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/identity"
	"hearth/internal/onboard"
)

const (
	crowd       = 500    // clients of the reader, each with a conversation; all in one community chat
	longHistory = 10_000 // messages of the long conversation
)

// reader is a provider with many conversations and a long one; a colleague has a community
// chat of many.
type reader struct {
	token, long       string
	poster, community string   // who writes in the community chat, and which it is
	members           []string // tokens of the clients of the community chat
}

// furnishReading writes what is read, through the use cases and before the program
// serves it: by its API it would take minutes to make so many accounts.
func furnishReading(ctx context.Context, at place) (r reader, err error) {
	d, err := db.Open(ctx, at.data)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	b := newBuilder(d)
	defer b.close()
	return b.build(ctx)
}

// builder holds the use cases with cheap passwords, which make accounts quickly.
type builder struct {
	bus      *bus.Local
	chat     *chat.Service
	accounts *identity.Service
	onboard  *onboard.Service
	owner    care.Actor
}

func newBuilder(d *db.DB) *builder {
	b := &builder{bus: bus.New()}
	b.chat = chat.New(d, time.Now, b.bus)
	b.accounts = identity.New(d, time.Now, identity.Config{
		Bus: b.bus, Unlimited: true, Hash: identity.HashParams{Passes: 1, MemoryKiB: 8, Threads: 1},
	})
	b.onboard = onboard.New(d, time.Now, directory.New(d, time.Now), b.accounts, b.chat, b.bus)
	return b
}

func (b *builder) close() {
	b.chat.Close()
	b.accounts.Close()
}

func (b *builder) signIn(ctx context.Context, email, password string) (identity.Session, error) {
	return b.accounts.SignIn(ctx, identity.SignIn{Email: email, Password: password, Bearer: true})
}

func (b *builder) build(ctx context.Context) (r reader, err error) {
	session, err := b.signIn(ctx, ownerEmail, password)
	if err != nil {
		return r, err
	}
	b.owner, r.token = session.Actor, session.Token
	clients := make([]care.UserID, crowd)
	for i := range clients {
		var conversation care.ConversationID
		var token string
		if clients[i], conversation, token, err = b.client(ctx, i); err != nil {
			return r, err
		}
		r.members = append(r.members, token)
		if err := b.say(ctx, conversation, 1); err != nil {
			return r, err
		}
		if i == 0 {
			r.long = conversation.String()
			err = b.say(ctx, conversation, longHistory)
		}
		if err != nil {
			return r, err
		}
	}
	return r, b.gather(ctx, &r, clients)
}

// gather puts the clients in a community chat.
func (b *builder) gather(ctx context.Context, r *reader, clients []care.UserID) error {
	const email = "poster@bench.example"
	_, err := b.onboard.AddStaff(ctx, b.owner, onboard.NewStaff{
		NewStaff: directory.NewStaff{Name: "Pat Poster", Email: email, Role: care.RoleAdmin}, Password: password,
	})
	if err != nil {
		return err
	}
	session, err := b.signIn(ctx, email, password)
	if err != nil {
		return err
	}
	opened, err := b.chat.Open(ctx, session.Actor, chat.Opening{Kind: care.Community, Members: clients, Subject: "Everybody"})
	r.poster, r.community = session.Token, opened.Conversation.ID.String()
	return err
}

func (b *builder) client(ctx context.Context, i int) (id care.UserID, in care.ConversationID, token string, err error) {
	email := fmt.Sprintf("member%d@bench.example", i)
	added, err := b.onboard.AddClient(ctx, b.owner, onboard.NewClient{
		NewClient: directory.NewClient{Name: fmt.Sprintf("Member Number%d", i), Email: email, Provider: b.owner.User},
		Password:  password,
	})
	if err != nil {
		return id, in, "", err
	}
	session, err := b.signIn(ctx, email, password)
	return added.ID, added.DirectConversation, session.Token, err
}

// say writes messages to a conversation, many at a time.
func (b *builder) say(ctx context.Context, in care.ConversationID, messages int) error {
	const atOnce = 64
	failures := make([]error, atOnce)
	var all sync.WaitGroup
	for i := range min(atOnce, messages) {
		all.Go(func() {
			for n := i; n < messages && failures[i] == nil; n += atOnce {
				_, _, failures[i] = b.chat.Send(ctx, b.owner, chat.Draft{Conversation: in, Body: body})
			}
		})
	}
	all.Wait()
	return errors.Join(failures...)
}
