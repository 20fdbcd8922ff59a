package preference

import (
	"cmp"
	"context"
	"database/sql"

	"hearth/internal/access"
	"hearth/internal/audit"
	"hearth/internal/care"
	"hearth/internal/db"
)

// ClientSettings is which notifications a client gets, and from which place that comes.
type ClientSettings struct {
	Client    care.UserID
	Name      string
	Version   int64
	GroupID   care.GroupID // zero is none
	GroupName string
	Ladder    Ladder
	// Narrowed are the cells that the client has turned off themselves.
	Narrowed  Mask
	CanChange bool
}

// Edit is a change of the settings of one place by somebody who saw a version of it.
type Edit struct {
	Version int64
	Change
}

// Client gives a client's settings to staff who may see the client. Refusals: not_found,
// forbidden.
func (s *Service) Client(ctx context.Context, actor care.Actor, client care.UserID) (c ClientSettings, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return c, refusal
	}
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		c, err = readClient(ctx, tx, actor, client)
		return err
	})
	return c, err
}

// readClient loads one client and decides that the actor may see them.
func readClient(ctx context.Context, tx *db.Tx, actor care.Actor, client care.UserID) (ClientSettings, error) {
	found, exists, err := db.One(ctx, tx, scanClient, `SELECT p.id, p.name, c.group_id, g.name, t.staff_id IS NOT NULL,
			nc.version, np.off, nc.own_set, nc.own_on, nc.default_on, ng.is_set, ng.is_on
		FROM clients c JOIN people p ON p.id = c.user_id
		LEFT JOIN client_groups g ON g.id = c.group_id
		LEFT JOIN notification_groups ng ON ng.group_id = c.group_id
		LEFT JOIN notification_clients nc ON nc.client_id = c.user_id
		LEFT JOIN notification_people np ON np.user_id = c.user_id
		LEFT JOIN care_team t ON t.client_id = c.user_id AND t.staff_id = $3
		WHERE c.user_id = $1 AND c.org_id = $2`, client, actor.Org, actor.User)
	if err != nil {
		return found.ClientSettings, err
	}
	if refusal := access.SeeClient(actor, client, exists, found.onTeam); refusal != nil {
		return ClientSettings{}, refusal
	}
	found.CanChange = access.ChangeChatAccess(actor, client, true, found.onTeam) == nil
	return found.ClientSettings, nil
}

// foundClient is a client as one actor finds them.
type foundClient struct {
	ClientSettings
	onTeam bool
}

func scanClient(row db.Scanner) (c foundClient, err error) {
	var group sql.NullString
	var version, off sql.NullInt64
	var rungs ladderScan
	into := append([]any{&c.Client, &c.Name, &c.GroupID, &group, &c.onTeam, &version, &off}, rungs.targets()...)
	err = row.Scan(into...)
	c.GroupName, c.Version = group.String, cmp.Or(version.Int64, 1)
	c.Narrowed, c.Ladder = Mask(off.Int64)&ClientCells, rungs.ladder()
	return c, err
}

// SetClient changes a client's own settings, tells the client's devices, and gives what holds
// then. An edit that asks for
// what is so already changes nothing. Refusals: not_found, forbidden, invalid,
// version_conflict with the current state.
func (s *Service) SetClient(ctx context.Context, actor care.Actor, client care.UserID, e Edit) (c ClientSettings, err error) {
	if refusal := access.NeedStaff(actor); refusal != nil {
		return c, refusal
	}
	err = s.db.Write(ctx, func(tx *db.Tx) error {
		if c, err = readClient(ctx, tx, actor, client); err != nil {
			return err
		}
		if !c.CanChange {
			return access.ChangeChatAccess(actor, client, true, false)
		}
		return s.setClient(ctx, tx, actor, e, &c)
	})
	if err == nil && c.Version != e.Version {
		s.tell(actor.Org, client)
	}
	return c, err
}

func (s *Service) setClient(ctx context.Context, tx *db.Tx, actor care.Actor, e Edit, c *ClientSettings) error {
	if err := cmp.Or(seen(e.Version), e.check("own", ClientCells)); err != nil {
		return err
	}
	if e.Version != c.Version {
		return conflict(*c)
	}
	after := e.apply(c.Ladder.Own)
	if after == c.Ladder.Own {
		return nil
	}
	n, err := tx.Exec(ctx, `INSERT INTO notification_clients (client_id, org_id, own_set, own_on, default_on, version)
		VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (client_id) DO UPDATE
		SET own_set = excluded.own_set, own_on = excluded.own_on, version = excluded.version
		WHERE notification_clients.version = excluded.version - 1`,
		c.Client, actor.Org, int64(after.Set), int64(after.On), int64(c.Ladder.Default), c.Version+1)
	if err != nil {
		return err
	}
	if n == 0 { // somebody else came between the look and this
		current, err := readClient(ctx, tx, actor, c.Client)
		if err != nil {
			return err
		}
		return conflict(current)
	}
	entry := changed(audit.About("client", c.Client), care.PlaceClient, how(actor, HowProfile), c.Ladder.Own, after)
	c.Ladder.Own, c.Version = after, c.Version+1
	return audit.Append(ctx, tx, actor.Org, actor.Person(), s.clock(), entry)
}

// Added gives a client who is being added the default of this moment, in the transaction that
// adds them. A later change of the default is not theirs.
func Added(ctx context.Context, tx *db.Tx, org care.OrgID, client care.UserID) error {
	d, err := readDefaults(ctx, tx, org)
	if err != nil || d.On == ClientCells {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO notification_clients (client_id, org_id, own_set, own_on, default_on, version)
		VALUES ($1, $2, 0, 0, $3, 1) ON CONFLICT DO NOTHING`, client, org, int64(d.On))
	return err
}
