package identity

import (
	"context"
	"maps"
	"slices"

	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// Me is what somebody who is signed in is told about themselves.
type Me struct {
	Email        string
	Organization Practice
	Chat         *Chat // clients only
}

// Practice is the organization as its people see it.
type Practice struct {
	ID       care.OrgID
	Name     string
	TimeZone string
}

// Chat is whether a client may chat, with what they read where they may not.
type Chat struct {
	Direct    bool
	Community bool
	// Notice is read where direct messaging is off, CommunityNotice in community chats.
	Notice          care.Notice
	CommunityNotice care.Notice
}

// Me tells the actor about themselves.
func (s *Service) Me(ctx context.Context, actor care.Actor) (me Me, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		a, found, err := accountByID(ctx, tx, actor.User)
		if err != nil || !found {
			return orError(err, errUnauthenticated())
		}
		me = Me{Email: a.email}
		if me.Organization, err = practice(ctx, tx, actor.Org); err != nil || !actor.IsClient() {
			return err
		}
		me.Chat, err = chatOf(ctx, tx, actor.Org, actor.User)
		return err
	})
	return me, err
}

func practice(ctx context.Context, tx *db.Tx, org care.OrgID) (p Practice, err error) {
	err = tx.QueryRow(ctx, `SELECT id, name, time_zone FROM organizations WHERE id = $1`, org).Scan(&p.ID, &p.Name, &p.TimeZone)
	return p, err
}

// chatOf resolves the client's two switches and what they read where one is off.
func chatOf(ctx context.Context, tx *db.Tx, org care.OrgID, client care.UserID) (*Chat, error) {
	var switches ladder.Switches
	err := tx.QueryRow(ctx, `SELECT `+ladder.Columns+` FROM clients c`+ladder.Joins+` WHERE c.user_id = $1`, client).
		Scan(switches.Targets()...)
	if err != nil {
		return nil, err
	}
	words, err := ladder.Words(ctx, tx, org, client)
	direct, community := switches.Direct().On(), switches.Community().On()
	return &Chat{Direct: direct, Community: community, Notice: words.Direct(), CommunityNotice: words.Community(direct)}, err
}

// sortedOrgs gives the keys in the order in which chains of the audit log are locked.
func sortedOrgs[V any](m map[care.OrgID]V) []care.OrgID {
	return slices.SortedFunc(maps.Keys(m), func(a, b care.OrgID) int { return slices.Compare(a[:], b[:]) })
}

// HasPractice reports whether there is any organization: whether setting up is done.
func (s *Service) HasPractice(ctx context.Context) (has bool, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, `SELECT EXISTS (SELECT 1 FROM organizations)`).Scan(&has)
	})
	return has, err
}
