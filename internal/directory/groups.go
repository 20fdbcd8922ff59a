package directory

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// Group is a named set of clients.
type Group struct {
	ID        care.GroupID
	Name      string
	Direct    care.Setting
	Community care.Setting
	Clients   int // how many clients are in it, active and archived
	Version   int64
}

const selectGroup = `
	SELECT g.id, g.name, g.direct, g.community, g.version,
		(SELECT COUNT(*) FROM clients c WHERE c.group_id = g.id)
	FROM client_groups g `

func scanGroup(row db.Scanner) (g Group, err error) {
	var direct, community *bool
	err = row.Scan(&g.ID, &g.Name, &direct, &community, &g.Version, &g.Clients)
	g.Direct, g.Community = setting(direct), setting(community)
	return g, err
}

func loadGroup(ctx context.Context, tx *db.Tx, org care.OrgID, id care.GroupID) (Group, error) {
	g, found, err := db.One(ctx, tx, scanGroup, selectGroup+`WHERE g.id = $1 AND g.org_id = $2`, id, org)
	if err == nil && !found {
		err = care.Missing("group")
	}
	return g, err
}

// Groups gives the groups of the organization by name. A practice has few, so a page is
// cut from all of them.
func (s *Service) Groups(ctx context.Context, actor care.Actor, page Page) ([]Group, string, error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return nil, "", refusal
	}
	var groups []Group
	err := s.db.Read(ctx, func(tx *db.Tx) (err error) {
		groups, err = db.Many(ctx, tx, scanGroup, selectGroup+`WHERE g.org_id = $1`, actor.Org)
		return err
	})
	if err != nil {
		return nil, "", err
	}
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(cmp.Compare(SortName(a.Name), SortName(b.Name)), bytes.Compare(a.ID[:], b.ID[:]))
	})
	groups, err = afterCursor(groups, page.Cursor)
	groups, next := cut(groups, page.Limit, func(g Group) care.GroupID { return g.ID })
	return groups, next, err
}

func afterCursor(groups []Group, cursor string) ([]Group, error) {
	if cursor == "" {
		return groups, nil
	}
	id, err := parseCursor[care.GroupID](cursor)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(groups, func(g Group) bool { return g.ID == id })
	if at < 0 {
		return nil, badCursor()
	}
	return groups[at+1:], nil
}

// CreateGroup adds a group; a zero id is made. existed is true when the same request
// came before.
func (s *Service) CreateGroup(ctx context.Context, tx *db.Tx, actor care.Actor, id care.GroupID, name string) (g Group, existed bool, err error) {
	if refusal := access.ManageClients(actor); refusal != nil {
		return g, false, refusal
	}
	name, failure := care.CheckName("name", name)
	if failure != nil {
		return g, false, failure
	}
	now := s.clock()
	if id.IsZero() {
		id = care.NewID[care.GroupID](now)
	}
	asked := requestHash("group", name)
	n, err := tx.Exec(ctx, `
		INSERT INTO client_groups (id, org_id, name, version, request_hash, created_at)
		VALUES ($1, $2, $3, 1, $4, $5) ON CONFLICT DO NOTHING`, id, actor.Org, name, asked, db.Millis(now))
	switch {
	case err != nil:
		return g, false, err
	case n == 0:
		g, err = sameGroup(ctx, tx, actor.Org, id, asked)
		return g, true, err
	}
	err = audit.Append(ctx, tx, actor.Org, actor.Person(), now, audit.Act("group.created", audit.About("group", id), nil))
	return Group{ID: id, Name: name, Direct: care.Unset, Community: care.Unset, Version: 1}, false, err
}

// sameGroup gives the group that the same request made before.
func sameGroup(ctx context.Context, tx *db.Tx, org care.OrgID, id care.GroupID, asked []byte) (Group, error) {
	var owner care.OrgID
	var hash []byte
	err := tx.QueryRow(ctx, `SELECT org_id, request_hash FROM client_groups WHERE id = $1`, id).Scan(&owner, &hash)
	if err != nil {
		return Group{}, err
	}
	if owner != org || !bytes.Equal(hash, asked) {
		return Group{}, idReused()
	}
	return loadGroup(ctx, tx, org, id)
}

// RenameGroup gives a group another name.
func (s *Service) RenameGroup(ctx context.Context, tx *db.Tx, actor care.Actor, id care.GroupID, name *string) (Group, error) {
	g, err := s.lockGroup(ctx, tx, actor, id)
	if err != nil {
		return g, err
	}
	before := g.Name
	set(&g.Name, name)
	var c checks
	if c.name("name", &g.Name); c.failure != nil {
		return g, c.failure
	}
	details := changes{}
	if !private(details, "name", before, g.Name) {
		return g, nil
	}
	g.Version++
	if _, err = tx.Exec(ctx, `UPDATE client_groups SET name = $1, version = $2 WHERE id = $3`, g.Name, g.Version, id); err != nil {
		return g, err
	}
	entry := audit.Act("group.changed", audit.About("group", id), details)
	return g, audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), entry)
}

// lockGroup decides whether the actor may change the group, and holds it.
func (s *Service) lockGroup(ctx context.Context, tx *db.Tx, actor care.Actor, id care.GroupID) (Group, error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return Group{}, refusal
	}
	_, _, err := db.One(ctx, tx, scanText,
		`SELECT name FROM client_groups WHERE id = $1 AND org_id = $2`+tx.ForUpdate(), id, actor.Org)
	if err != nil {
		return Group{}, err
	}
	g, err := loadGroup(ctx, tx, actor.Org, id)
	if err != nil {
		return g, err
	}
	if refusal := access.ManageClients(actor); refusal != nil {
		return g, refusal
	}
	return g, nil
}

// DeleteGroup removes a group. Its clients move to another one; with the zero id they
// are in no group any more.
func (s *Service) DeleteGroup(ctx context.Context, tx *db.Tx, actor care.Actor, id, moveTo care.GroupID) error {
	g, err := s.lockGroup(ctx, tx, actor, id)
	if err != nil {
		return err
	}
	if err := checkMoveTo(ctx, tx, actor.Org, id, moveTo); err != nil {
		return err
	}
	moved, err := tx.Exec(ctx, `UPDATE clients SET group_id = $1, version = version + 1 WHERE group_id = $2`, moveTo, id)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM client_groups WHERE id = $1`, g.ID); err != nil {
		return err
	}
	details := map[string]any{"clients": moved}
	if !moveTo.IsZero() {
		details["moved_to"] = moveTo
	}
	entry := audit.Act("group.deleted", audit.About("group", id), details)
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), entry)
}

// GroupMembers gives the clients of a group of the actor's organization, archived ones
// too, in the order of their ids.
func (s *Service) GroupMembers(ctx context.Context, tx *db.Tx, actor care.Actor, id care.GroupID) ([]care.UserID, error) {
	return db.Many(ctx, tx, scanUser, `SELECT user_id FROM clients WHERE group_id = $1 AND org_id = $2 ORDER BY user_id`, id, actor.Org)
}

func checkMoveTo(ctx context.Context, tx *db.Tx, org care.OrgID, from, to care.GroupID) error {
	if to.IsZero() {
		return nil
	}
	if to == from {
		return care.BadField("move_to", "same", "Must be another group than the one to delete.")
	}
	return holdGroup(ctx, tx, org, to, "move_to")
}

// holdGroup makes sure that a group named in a request exists and stays until the commit.
func holdGroup(ctx context.Context, tx *db.Tx, org care.OrgID, id care.GroupID, field string) error {
	_, found, err := db.One(ctx, tx, scanText,
		`SELECT name FROM client_groups WHERE id = $1 AND org_id = $2`+tx.ForShare(), id, org)
	if err == nil && !found {
		err = care.BadField(field, "not_found", "Must be a group of this organization.")
	}
	return err
}
