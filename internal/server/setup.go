package server

import (
	"context"

	"hearth/internal/bus"
	"hearth/internal/care"
	"hearth/internal/chat"
	"hearth/internal/db"
	"hearth/internal/directory"
	"hearth/internal/identity"
	"hearth/internal/onboard"
)

// SetUp makes an organization and its owner in an open store, which another process may
// be serving. n.PasswordHash is made here from password.
func SetUp(ctx context.Context, d *db.DB, clock care.Clock, n onboard.NewPractice, password string) (onboard.Practice, error) {
	events := bus.New()
	people := directory.New(d, clock)
	accounts := identity.New(d, clock, identity.Config{Bus: events})
	defer accounts.Close()
	chats := chat.New(d, clock, events)
	defer chats.Close()
	hash, err := accounts.HashPassword(password)
	if err != nil {
		return onboard.Practice{}, err
	}
	n.PasswordHash = hash
	return onboard.New(d, clock, people, accounts, chats, events).SetUp(ctx, n)
}
