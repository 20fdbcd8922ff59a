package directory

import (
	"context"
	"fmt"
	"slices"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// maxCareTeam bounds a care team.
const maxCareTeam = 100

// NewClient is what a client is made from. ID is made unless given; Email "" and the zero
// Group are none.
type NewClient struct {
	ID       care.UserID
	Name     string
	Email    string
	Group    care.GroupID
	Provider care.UserID
}

// ClientChange names what is to change; nil leaves it. Alias and Email "" and the zero Group
// remove.
// The primary provider stays on the care team, whether CareTeam names them or not.
type ClientChange struct {
	Name     *string
	Alias    *string
	Email    *string
	Group    *care.GroupID
	Provider *care.UserID
	CareTeam *[]care.UserID
	State    *care.ClientState
}

// ClientEffect says what a change means elsewhere.
type ClientEffect struct {
	ProviderAssigned bool
	EmailChanged     bool
}

// CreateClient adds a client with a care team of the primary provider. Both switches get
// their default when added from the provider where one is set there, else from the
// organization (SEMANTICS, "Where a switch's value comes from"). existed is true when the
// same request came before; nothing is written then.
func (s *Service) CreateClient(ctx context.Context, tx *db.Tx, actor care.Actor, n NewClient) (c Client, existed bool, err error) {
	if refusal := access.ManageClients(actor); refusal != nil {
		return Client{}, false, refusal
	}
	if err := n.check(); err != nil {
		return Client{}, false, err
	}
	now := s.clock()
	if n.ID.IsZero() {
		n.ID = care.NewID[care.UserID](now)
	}
	asked := requestHash("client", n.Name, n.Email, n.Group.String(), n.Provider.String())
	p := person{n.ID, actor.Org, care.KindClient, n.Name, n.Email, asked, now}
	if existed, err = repeated(ctx, tx, p); err == nil && !existed {
		existed, err = s.addClient(ctx, tx, actor, p, n)
	}
	if err != nil {
		return Client{}, false, err
	}
	c, err = loadClient(ctx, tx, actor.Org, n.ID)
	return c, existed, err
}

func (n *NewClient) check() error {
	var c checks
	c.name("name", &n.Name)
	if n.Email != "" {
		c.email("email", &n.Email)
	}
	if n.Provider.IsZero() {
		c.add(care.BadField("primary_provider_id", "required", "Must name a member of staff."))
	}
	return c.result()
}

func (s *Service) addClient(ctx context.Context, tx *db.Tx, actor care.Actor, p person, n NewClient) (existed bool, err error) {
	if err := holdOrganization(ctx, tx, actor.Org); err != nil {
		return false, err
	}
	defaults, err := holdProvider(ctx, tx, actor.Org, n.Provider)
	if err != nil {
		return false, err
	}
	if !n.Group.IsZero() {
		if err := holdGroup(ctx, tx, actor.Org, n.Group, "group_id"); err != nil {
			return false, err
		}
	}
	if existed, err = insertPerson(ctx, tx, p); err != nil || existed {
		return existed, err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO clients (user_id, org_id, state, group_id, primary_provider_id, default_direct, default_community, version)
		VALUES ($1, $2, $3, $4, $5, $6, $7, 1)`,
		n.ID, actor.Org, string(care.ClientActive), n.Group, n.Provider, defaults.direct, defaults.community)
	if err != nil {
		return false, err
	}
	if err := indexClient(ctx, tx, actor.Org, n.ID, n.Name, n.Email); err != nil {
		return false, err
	}
	if err := setCareTeam(ctx, tx, n.ID, nil, []care.UserID{n.Provider}); err != nil {
		return false, err
	}
	return false, audit.Append(ctx, tx, actor.Org, actor.Person(), p.at, audit.Act("client.created", audit.About("client", n.ID), createdDetails(n)))
}

func createdDetails(n NewClient) map[string]any {
	details := map[string]any{"primary_provider_id": n.Provider}
	if !n.Group.IsZero() {
		details["group_id"] = n.Group
	}
	return details
}

// defaults are the two switches of a client when added.
type defaults struct{ direct, community bool }

// holdProvider makes sure that the primary provider works here until the commit, and
// gives the defaults for their new clients.
func holdProvider(ctx context.Context, tx *db.Tx, org care.OrgID, id care.UserID) (d defaults, err error) {
	active, found, err := db.One(ctx, tx, func(row db.Scanner) (active bool, err error) {
		err = row.Scan(&active, &d.direct, &d.community)
		return active, err
	}, `
		SELECT s.active, COALESCE(s.default_direct, o.default_direct), COALESCE(s.default_community, o.default_community)
		FROM staff s JOIN organizations o ON o.id = s.org_id
		WHERE s.user_id = $1 AND s.org_id = $2`+tx.ForShare("s"), id, org)
	switch {
	case err != nil:
		return d, err
	case !found:
		return d, care.BadField("primary_provider_id", "not_found", "Must be a member of staff of this organization.")
	case !active:
		return d, care.BadField("primary_provider_id", "inactive", "Must be somebody who still works here.")
	}
	return d, nil
}

// ChangeClient changes a client. A change that changes nothing writes nothing.
func (s *Service) ChangeClient(ctx context.Context, tx *db.Tx, actor care.Actor, id care.UserID, change ClientChange) (Client, ClientEffect, error) {
	before, err := lockClient(ctx, tx, actor, id)
	if err != nil {
		return Client{}, ClientEffect{}, err
	}
	after, err := change.applied(before)
	if err == nil {
		err = holdReferences(ctx, tx, actor.Org, before, after)
	}
	if err != nil {
		return Client{}, ClientEffect{}, err
	}
	entries := clientEntries(before, after)
	if len(entries) == 0 {
		return before, ClientEffect{}, nil
	}
	if err := writeClient(ctx, tx, actor.Org, before, after); err != nil {
		return Client{}, ClientEffect{}, err
	}
	if err := audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), entries...); err != nil {
		return Client{}, ClientEffect{}, err
	}
	effect := ClientEffect{ProviderAssigned: before.Provider != after.Provider, EmailChanged: before.Email != after.Email}
	after, err = loadClient(ctx, tx, actor.Org, id)
	return after, effect, err
}

// lockClient decides whether the actor may change the client, and holds the row.
func lockClient(ctx context.Context, tx *db.Tx, actor care.Actor, id care.UserID) (Client, error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return Client{}, refusal
	}
	if err := holdOrganization(ctx, tx, actor.Org); err != nil {
		return Client{}, err
	}
	_, _, err := db.One(ctx, tx, scanText,
		`SELECT state FROM clients WHERE user_id = $1 AND org_id = $2`+tx.ForUpdate(), id, actor.Org)
	if err != nil {
		return Client{}, err
	}
	client, err := loadClient(ctx, tx, actor.Org, id)
	if err != nil {
		return Client{}, err
	}
	if refusal := access.ManageClient(actor, id, true, client.cares(actor.User)); refusal != nil {
		return Client{}, refusal
	}
	return client, nil
}

func (ch ClientChange) applied(before Client) (Client, error) {
	after := before
	var c checks
	if ch.Name != nil {
		after.Name = *ch.Name
		c.name("name", &after.Name)
	}
	if ch.Alias != nil {
		if after.Alias = *ch.Alias; after.Alias != "" {
			c.name("alias", &after.Alias)
		}
	}
	if ch.Email != nil {
		if after.Email = *ch.Email; after.Email != "" {
			c.email("email", &after.Email)
		}
	}
	if ch.State != nil {
		if after.State = *ch.State; after.State != care.ClientActive && after.State != care.ClientArchived {
			c.add(care.BadField("state", "unknown", "Must be active or archived."))
		}
	}
	set(&after.Group, ch.Group)
	set(&after.Provider, ch.Provider)
	set(&after.CareTeam, ch.CareTeam)
	if len(after.CareTeam) > maxCareTeam {
		c.add(care.BadField("care_team_ids", "too_many", fmt.Sprintf("Must name at most %d members of staff.", maxCareTeam)))
	}
	after.CareTeam = team(after.CareTeam, after.Provider)
	return after, c.result()
}

// team puts the ids in order, each once, the provider among them.
func team(ids []care.UserID, provider care.UserID) []care.UserID {
	all := append(slices.Clone(ids), provider)
	slices.SortFunc(all, func(a, b care.UserID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(all)
}

// holdReferences checks whom and what a change newly names.
func holdReferences(ctx context.Context, tx *db.Tx, org care.OrgID, before, after Client) error {
	if after.Provider != before.Provider {
		if _, err := holdProvider(ctx, tx, org, after.Provider); err != nil {
			return err
		}
	}
	if added := without(after.CareTeam, before.CareTeam); len(added) > 0 {
		var n int
		err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM staff WHERE org_id = $1 AND user_id IN (`+tx.In(2, len(added))+`)`,
			args([]any{org}, added)...).Scan(&n)
		if err != nil {
			return err
		}
		if n < len(added) {
			return care.BadField("care_team_ids", "not_found", "Must be members of staff of this organization.")
		}
	}
	if after.Group != before.Group && !after.Group.IsZero() {
		return holdGroup(ctx, tx, org, after.Group, "group_id")
	}
	return nil
}

// without gives the ids of list that are not in the other.
func without(list, other []care.UserID) []care.UserID {
	var rest []care.UserID
	for _, id := range list {
		if !slices.Contains(other, id) {
			rest = append(rest, id)
		}
	}
	return rest
}

func writeClient(ctx context.Context, tx *db.Tx, org care.OrgID, before, after Client) error {
	if before.Name != after.Name || before.Email != after.Email {
		if err := updatePerson(ctx, tx, after.ID, after.Name, after.Email); err != nil {
			return err
		}
		if err := indexClient(ctx, tx, org, after.ID, after.Name, after.Email); err != nil {
			return err
		}
	}
	if before.Alias != after.Alias {
		if _, err := tx.Exec(ctx, `UPDATE people SET alias = $1 WHERE id = $2`, db.TextOrNull(after.Alias), after.ID); err != nil {
			return err
		}
	}
	if before.State != after.State || before.Group != after.Group || before.Provider != after.Provider {
		_, err := tx.Exec(ctx, `
			UPDATE clients SET state = $1, group_id = $2, primary_provider_id = $3, version = version + 1 WHERE user_id = $4`,
			string(after.State), after.Group, after.Provider, after.ID)
		if err != nil {
			return err
		}
	}
	return setCareTeam(ctx, tx, after.ID, before.CareTeam, after.CareTeam)
}

func setCareTeam(ctx context.Context, tx *db.Tx, client care.UserID, before, after []care.UserID) error {
	if gone := without(before, after); len(gone) > 0 {
		_, err := tx.Exec(ctx, `DELETE FROM care_team WHERE client_id = $1 AND staff_id IN (`+tx.In(2, len(gone))+`)`,
			args([]any{client}, gone)...)
		if err != nil {
			return err
		}
	}
	for _, staff := range without(after, before) {
		if _, err := tx.Exec(ctx, `INSERT INTO care_team (client_id, staff_id) VALUES ($1, $2)`, client, staff); err != nil {
			return err
		}
	}
	return nil
}

// clientEntries gives the audit rows of a change: archiving and restoring have their own.
func clientEntries(before, after Client) []audit.Entry {
	about := audit.About("client", after.ID)
	var entries []audit.Entry
	c := changes{}
	private(c, "name", before.Name, after.Name)
	private(c, "alias", before.Alias, after.Alias)
	private(c, "email", before.Email, after.Email)
	change(c, "group_id", idText(before.Group), idText(after.Group))
	change(c, "primary_provider_id", before.Provider, after.Provider)
	if !slices.Equal(before.CareTeam, after.CareTeam) {
		c.field("care_team_ids")
		c["care_team_ids"] = map[string]any{"added": without(after.CareTeam, before.CareTeam), "removed": without(before.CareTeam, after.CareTeam)}
	}
	if len(c) > 0 {
		entries = append(entries, audit.Act("client.changed", about, c))
	}
	switch {
	case before.State == after.State:
	case after.State == care.ClientArchived:
		entries = append(entries, audit.Act("client.archived", about, nil))
	default:
		entries = append(entries, audit.Act("client.restored", about, nil))
	}
	return entries
}

// idText gives "" for the zero id.
func idText[K any](id care.ID[K]) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}
