package directory

import (
	"context"
	"time"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// Client is somebody who receives care.
type Client struct {
	ID           care.UserID
	Name         string
	Alias        string // what fellow clients see where the organization chose aliases; "" is none
	Email        string // "" is none
	State        care.ClientState
	Group        care.GroupID // zero is none
	GroupName    string
	Provider     care.UserID // the primary provider, always on the care team
	ProviderName string
	CareTeam     []care.UserID // in the order of their ids
	Direct       access.Ladder
	Community    access.Ladder
	Invited      care.InvitedState
	// DirectConversation is the open one with the primary provider, zero while none.
	DirectConversation care.ConversationID
	CreatedAt          time.Time
	LastSeenAt         time.Time // zero while never
	Version            int64
}

// Person gives the client as others see them.
func (c Client) Person() care.Person {
	return care.Person{ID: c.ID, Name: c.Name, Kind: care.KindClient, Alias: c.Alias}
}

const clientColumns = `
	p.id, p.name, p.alias, p.email, p.created_at, p.last_seen_at, c.state, c.group_id, g.name,
	c.primary_provider_id, d.name, c.version, ` + ladder.Columns

const selectClient = `SELECT ` + clientColumns + `
	FROM clients c JOIN people p ON p.id = c.user_id
	JOIN people d ON d.id = c.primary_provider_id` + ladder.Joins + ` `

func scanClient(row db.Scanner) (c Client, err error) {
	var alias, email, group *string
	var created int64
	var seen *int64
	var switches ladder.Switches
	into := []any{&c.ID, &c.Name, &alias, &email, &created, &seen, &c.State, &c.Group, &group, &c.Provider, &c.ProviderName, &c.Version}
	err = row.Scan(append(into, switches.Targets()...)...)
	c.Alias, c.Email, c.GroupName = text(alias), text(email), text(group)
	c.CreatedAt, c.LastSeenAt = db.FromMillis(created), timeOf(seen)
	c.Direct, c.Community = switches.Direct(), switches.Community()
	return c, err
}

// Client gives one client to staff who may see them.
func (s *Service) Client(ctx context.Context, actor care.Actor, id care.UserID) (Client, error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return Client{}, refusal
	}
	var found Client
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		found, err = s.ClientIn(ctx, tx, actor, id)
		return err
	})
	return found, err
}

// ClientIn gives a client whom the actor may see, within the caller's transaction.
func (s *Service) ClientIn(ctx context.Context, tx *db.Tx, actor care.Actor, id care.UserID) (Client, error) {
	client, err := loadClient(ctx, tx, actor.Org, id)
	if err != nil {
		return Client{}, err
	}
	if refusal := access.SeeClient(actor, id, true, client.cares(actor.User)); refusal != nil {
		return Client{}, refusal
	}
	return client, nil
}

// cares reports whether the member of staff is on the care team.
func (c Client) cares(staff care.UserID) bool {
	for _, id := range c.CareTeam {
		if id == staff {
			return true
		}
	}
	return false
}

func loadClient(ctx context.Context, tx *db.Tx, org care.OrgID, id care.UserID) (Client, error) {
	client, found, err := db.One(ctx, tx, scanClient, selectClient+`WHERE c.user_id = $1 AND c.org_id = $2`, id, org)
	if err != nil {
		return client, err
	}
	if !found {
		return client, care.Missing("client")
	}
	return client, complete(ctx, tx, []*Client{&client})
}

// complete fills in what belongs to clients in other tables: one query each, however
// many clients there are.
func complete(ctx context.Context, tx *db.Tx, clients []*Client) error {
	if len(clients) == 0 {
		return nil
	}
	byID := make(map[care.UserID]*Client, len(clients))
	ids := make([]care.UserID, len(clients))
	for i, c := range clients {
		byID[c.ID], ids[i] = c, c.ID
	}
	if err := careTeams(ctx, tx, byID, ids); err != nil {
		return err
	}
	if err := inviteStates(ctx, tx, clients, func(c *Client) (care.UserID, *care.InvitedState) { return c.ID, &c.Invited }); err != nil {
		return err
	}
	return directConversations(ctx, tx, byID, ids)
}

func careTeams(ctx context.Context, tx *db.Tx, clients map[care.UserID]*Client, ids []care.UserID) error {
	type seat struct{ client, staff care.UserID }
	seats, err := db.Many(ctx, tx, func(row db.Scanner) (s seat, err error) {
		err = row.Scan(&s.client, &s.staff)
		return s, err
	}, `SELECT client_id, staff_id FROM care_team WHERE client_id IN (`+tx.In(1, len(ids))+`)
		ORDER BY client_id, staff_id`, args(nil, ids)...)
	for _, s := range seats {
		clients[s.client].CareTeam = append(clients[s.client].CareTeam, s.staff)
	}
	return err
}
