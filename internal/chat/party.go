package chat

import (
	"context"
	"database/sql"
	"slices"

	"hearth/internal/access"
	"hearth/internal/care"
	"hearth/internal/db"
	"hearth/internal/ladder"
)

// party is everybody an opening names, with the facts that decide about them.
type party struct {
	words    access.Words
	self     access.Client
	invitees []access.Invitee
}

// chosen is who is put in a new conversation.
type chosen struct {
	ids       []care.UserID
	kinds     []care.PersonKind
	client    care.UserID // the one client of a direct conversation
	anyClient bool
}

// maxTimesNamed is how many times as many people as a community chat holds can be named
// for one: those who cannot take part are left out of it.
const maxTimesNamed = 3

// loadParty loads the named people and the clients of the named groups.
func loadParty(ctx context.Context, tx *db.Tx, actor care.Actor, o Opening, limit int) (party, error) {
	var p party
	var err error
	if p.words, err = ladder.Words(ctx, tx, actor.Org, actor.User); err != nil {
		return p, err
	}
	named := sorted(o.Members)
	fromGroups, err := groupClients(ctx, tx, actor, o.Groups)
	if err != nil {
		return p, err
	}
	named = sorted(append(named, fromGroups...))
	// Nobody looks through so many to find out who of them can take part.
	if refusal := access.Full(o.Kind, 0, len(named), maxTimesNamed*limit); refusal != nil {
		return p, access.Full(o.Kind, 0, len(named), limit)
	}
	if err := lockNamed(ctx, tx, actor, named); err != nil {
		return p, err
	}
	if p.invitees, err = loadInvitees(ctx, tx, actor, named); err != nil {
		return p, err
	}
	if actor.IsClient() {
		clients, err := readClients(ctx, tx, []care.UserID{actor.User})
		if err != nil {
			return p, err
		}
		p.self = clients[actor.User]
	}
	return p, nil
}

// lockNamed keeps the switches of the named clients, and of a client who acts, from
// changing meanwhile.
func lockNamed(ctx context.Context, tx *db.Tx, actor care.Actor, named []care.UserID) error {
	if actor.IsClient() {
		named = append(slices.Clone(named), actor.User)
	}
	return lockSwitches(ctx, tx, named, []care.OrgID{actor.Org})
}

// groupClients gives the clients of groups. A group of another organization does not
// exist.
func groupClients(ctx context.Context, tx *db.Tx, actor care.Actor, groups []care.GroupID) ([]care.UserID, error) {
	var all []care.UserID
	for _, g := range sorted(groups) {
		_, found, err := db.One(ctx, tx, scanID[care.GroupID],
			`SELECT id FROM client_groups WHERE id = $1 AND org_id = $2`, g, actor.Org)
		if err != nil {
			return nil, err
		}
		if !found || !actor.IsStaff() {
			return nil, care.Missing("group")
		}
		ids, err := db.Many(ctx, tx, scanID[care.UserID], `
			SELECT c.user_id FROM clients c WHERE c.group_id = $1 AND ($2 OR EXISTS (
				SELECT 1 FROM care_team t WHERE t.client_id = c.user_id AND t.staff_id = $3))`,
			g, actor.Can(care.ViewAllClients), actor.User)
		if err != nil {
			return nil, err
		}
		all = append(all, ids...)
	}
	return all, nil
}

// loadInvitees reads the named people of the actor's organization. Who is not found is
// not visible. Clients see the staff of their care team and of conversations they share;
// staff see clients by permission or by care team, and all colleagues.
func loadInvitees(ctx context.Context, tx *db.Tx, actor care.Actor, named []care.UserID) ([]access.Invitee, error) {
	found := make(map[care.UserID]access.Invitee, len(named))
	if len(named) > 0 {
		list, err := db.Many(ctx, tx, inviteeScan(actor), `
			SELECT p.kind, s.active, s.clients_may_start, t.staff_id, `+ladder.ClientColumns+`, p.id
			FROM people p
			LEFT JOIN staff s ON s.user_id = p.id
			LEFT JOIN clients c ON c.user_id = p.id
			`+ladder.Joins+`
			LEFT JOIN care_team t ON (t.client_id = p.id AND t.staff_id = $1) OR (t.client_id = $1 AND t.staff_id = p.id)
			WHERE p.org_id = $2 AND p.id IN (`+tx.In(3, len(named))+`)`, args(named, actor.User, actor.Org)...)
		if err != nil {
			return nil, err
		}
		for _, one := range list {
			found[one.ID] = one
		}
	}
	var all []access.Invitee
	for _, id := range named {
		if id == actor.User {
			continue
		}
		one, known := found[id]
		if !known {
			one.ID = id
		}
		all = append(all, one)
	}
	return all, nil
}

func inviteeScan(actor care.Actor) func(db.Scanner) (access.Invitee, error) {
	return func(row db.Scanner) (access.Invitee, error) {
		var p access.Invitee
		var active, mayStart sql.NullBool
		var onTeam care.UserID
		var client ladder.ClientScan
		into := append([]any{&p.Kind, &active, &mayStart, &onTeam}, client.Targets()...)
		if err := row.Scan(append(into, &p.ID)...); err != nil {
			return p, err
		}
		p.Active, p.ClientsMayStart, p.OnCareTeam = active.Bool, mayStart.Bool, !onTeam.IsZero()
		p.Client = client.Client()
		switch {
		case p.Kind == care.KindStaff:
			p.Visible = actor.IsStaff() || p.OnCareTeam
		default:
			p.Visible = actor.IsStaff() && (p.OnCareTeam || actor.Can(care.ViewAllClients))
		}
		return p, nil
	}
}

// choose picks who is put in the conversation. A community chat leaves out the clients
// who cannot take part and names them.
func (p party) choose(actor care.Actor, kind care.ConversationKind) (chosen, []LeftOut) {
	var out chosen
	var left []LeftOut
	add := func(id care.UserID, kind care.PersonKind) {
		out.ids, out.kinds = append(out.ids, id), append(out.kinds, kind)
	}
	add(actor.User, actor.Kind)
	if actor.IsClient() {
		out.client, out.anyClient = actor.User, true
	}
	for _, one := range p.invitees {
		if one.Kind == care.KindClient && kind == care.Community {
			if why, ok := access.Reachable(one.Client); !ok {
				left = append(left, LeftOut{ClientID: one.ID, Name: one.Client.Name, Why: why})
				continue
			}
		}
		if one.Kind == care.KindClient {
			out.anyClient = true
			if kind == care.Direct {
				out.client = one.ID
			}
		}
		add(one.ID, one.Kind)
	}
	return out, left
}
